"""Standard streams that never stop a command: closed, full, or read by nobody, it ends with its own work done."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO


class _Patient(io.FileIO):
    """A file whose first failure to be written is kept instead of raised."""

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write bytes and return their number."""
        try:
            return super().write(data)
        except OSError as error:
            self.failure = self.failure or error
            return memoryview(data).nbytes


def open_streams() -> Callable[[], OSError | None]:
    """Replace the process's standard streams, once, when it starts.

    What an encoding lacks is written as backslashes and digits.

    Returns:
        What says why standard output could not be written, if so; that nobody reads on is not a failure.
    """
    # In this order, since what is opened takes the lowest number that is free, which is that of a closed stream.
    sys.stdin = sys.stdin or Path(os.devnull).open()  # noqa: SIM115 (it stays open)
    output, sys.stdout = _patient(sys.stdout, 1)
    _, sys.stderr = _patient(sys.stderr, 2)
    return lambda: None if isinstance(output.failure, BrokenPipeError) else output.failure


def _patient(stream: TextIO | None, number: int) -> tuple[_Patient, TextIO]:
    raw = _Patient(number if stream else os.devnull, "w", closefd=stream is None)
    encoding = stream.encoding if stream else "utf-8"
    lines = number == 2 or raw.isatty()
    text = io.TextIOWrapper(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=lines)
    return raw, text
