"""Talking with a program, with a limit to how long it takes and how much it says."""

import os
import select
import selectors
import subprocess
import time
from contextlib import suppress

MOST_OUTPUT = 64_000_000
"""Bytes of standard output and error together beyond which a program is taken to print without end."""

_GLANCE = 0.2
"""Seconds after which a program that says nothing is looked at, whether it has ended."""


class EndlessOutputError(Exception):
    """A program printed more than `MOST_OUTPUT`."""


def communicate(process: subprocess.Popen[bytes], said: bytes, seconds: float) -> tuple[bytes, bytes]:
    """Write to a program's standard input, and read its output until it has ended.

    What it leaves running with its output open is not waited for.

    Args:
        process: the program, with a pipe for each standard stream.
        said: what it reads.
        seconds: how long it may take, by a clock that nobody sets.

    Returns:
        Its standard output and standard error.

    Raises:
        TimeoutExpired: it has not ended in time.
        EndlessOutputError: it has printed too much.
    """
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError("a standard stream is no pipe")
    until = time.monotonic() + seconds
    outputs = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    rest = memoryview(said)
    with selectors.DefaultSelector() as selector:
        for descriptor in outputs:
            selector.register(descriptor, selectors.EVENT_READ)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        ended = False
        while any(descriptor in selector.get_map() for descriptor in outputs):
            left = until - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(process.args, seconds)
            ready = selector.select(0 if ended else min(left, _GLANCE))
            if not ready:
                if ended:
                    break
                # It may have said something and ended since nothing was heard: that is listened for once more.
                ended = process.poll() is not None
            for key, _ in ready:
                if key.fd in outputs:
                    chunk = os.read(key.fd, 1 << 16)
                    outputs[key.fd] += chunk
                    if not chunk:
                        selector.unregister(key.fd)
                else:
                    sent = len(rest)
                    with suppress(BrokenPipeError):
                        sent = os.write(key.fd, rest[: select.PIPE_BUF]) if rest else 0
                    rest = rest[sent:]
                    if not rest:
                        selector.unregister(key.fileobj)
                        process.stdin.close()
            if sum(map(len, outputs.values())) > MOST_OUTPUT:
                raise EndlessOutputError
    process.wait(max(0.0, until - time.monotonic()))
    stdout, stderr = outputs.values()
    return bytes(stdout), bytes(stderr)
