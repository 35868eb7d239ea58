"""Failing, or dying, at the nth operation that changes the file system.

An audit hook sees every such operation, whatever calls it, before it happens; what it raises stops the operation.
"""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

_armed: Callable[[], None] | None = None

survived = 0
"""How many pieces of work have been armed and have ended."""


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _armed is None:
        return
    if event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
        _armed()


sys.addaudithook(_hook)


@contextmanager
def armed(action: Callable[[int], None]) -> Iterator[list[int]]:
    """Call `action` with the number of each operation, from 1, before it happens; yield a list that holds the last."""
    global _armed, survived
    count = [0]

    def step() -> None:
        count[0] += 1
        action(count[0])

    _armed = step
    try:
        yield count
    finally:
        _armed = None
        survived += 1


def failing(first: int, last: int | None = None) -> Callable[[int], None]:
    """Return an action that says that the disk is full, from the first operation given to the last, or for good."""

    def action(number: int) -> None:
        if first <= number <= (sys.maxsize if last is None else last):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return action


def interrupting(at: int) -> Callable[[int], None]:
    """Return an action that is Ctrl-C at one operation."""

    def action(number: int) -> None:
        if number == at:
            raise KeyboardInterrupt

    return action


def dying(at: int, before: Callable[[int], None] = lambda number: None) -> Callable[[int], None]:
    """Return an action that kills the process at one operation, and until then does another."""

    def action(number: int) -> None:
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)
        before(number)

    return action


def dies(work: Callable[[], object], action: Callable[[int], None]) -> bool:
    """Run work in a process of its own, armed; return whether it was killed. What it raises ends it quietly."""
    global survived
    survived += 1
    child = os.fork()
    if child == 0:
        try:
            with armed(action):
                work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
