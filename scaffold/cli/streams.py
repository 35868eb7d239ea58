"""Standard streams that never stop a command: closed, full, or read by nobody, it ends with its own work done."""

import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO


class PatientFile(io.FileIO):
    """A file whose first failure to be written is kept instead of raised; what comes after it is dropped.

    Attributes:
        failure: that failure, if there was one.
    """

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write bytes and return their number."""
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes

    def close_quietly(self) -> None:
        """Drop what is still to be written, as if nobody read on."""
        self.failure = self.failure or BrokenPipeError()

    @property
    def loss(self) -> OSError | None:
        """What kept the file from being written; that nobody reads on is nothing of the kind."""
        return None if isinstance(self.failure, BrokenPipeError) else self.failure


def open_streams() -> PatientFile:
    """Replace the process's standard streams, once, when it starts, and return the file of standard output.

    What an encoding lacks is written as backslashes and digits.
    """
    # In this order, since what is opened takes the lowest number that is free, which is that of a closed stream.
    sys.stdin = sys.stdin or Path(os.devnull).open()  # noqa: SIM115 (it stays open)
    output, sys.stdout = _patient(sys.stdout, 1)
    _, sys.stderr = _patient(sys.stderr, 2)
    return output


def _patient(stream: TextIO | None, number: int) -> tuple[PatientFile, TextIO]:
    raw = PatientFile(number if stream else os.devnull, "w", closefd=stream is None)
    encoding = stream.encoding if stream else "utf-8"
    lines = number == 2 or raw.isatty()
    text = io.TextIOWrapper(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=lines)
    return raw, text
