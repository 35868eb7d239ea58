"""Ctrl-C, SIGTERM and SIGHUP: one ends the command, further ones do not disturb how it ends."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Result = TypeVar("Result")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

NOTHING_CHANGED = "nothing was changed."

stopping = threading.Event()
"""Set while what runs in other threads has to end: only the main one sees a signal."""


_GLANCE = 0.1
"""Seconds after which who waits for a future looks for signals."""


class _State:
    """What is to be known of interrupts in this process.

    Attributes:
        holding: how many blocks hold interrupts back.
        came: whether one came meanwhile.
        outcome: what the command has done so far, for the message of an interrupt.
    """

    holding = 0
    came = False
    outcome = NOTHING_CHANGED


def listen() -> None:
    """Have signals end the command by `KeyboardInterrupt`; those that it was started to ignore stay ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore() -> None:
    """Ignore signals from here on; for when nothing is left to be stopped."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def set_outcome(text: str = NOTHING_CHANGED) -> None:
    """Note what an interrupt from here on has to say of what the command did."""
    _State.outcome = text


def outcome() -> str:
    """Return what the command has done so far, as half a sentence."""
    return _State.outcome


@contextmanager
def held() -> Iterator[None]:
    """Keep interrupts back while the block runs, which has to be short; one that came is raised at its end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal is handled here
        return
    _State.holding += 1
    try:
        yield
    finally:
        _State.holding -= 1
        if _State.came and not _State.holding:
            _State.came = False
            if not _is_ending():
                raise KeyboardInterrupt


def result_of(future: "Future[Result]") -> Result:
    """Return a future's result, or raise its exception; a signal is seen meanwhile.

    Python sees no signal that comes while its main thread is about to wait for another one, until that wait ends.
    """
    from concurrent.futures import wait  # only a command that has threads pays for it

    while not future.done():
        wait((future,), _GLANCE)
    return future.result()


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _State.holding:
        _State.came = True
    elif not _is_ending():
        raise KeyboardInterrupt


def _is_ending() -> bool:
    """Return whether an interrupt is being handled where this is called, or where a signal has called it."""
    error = sys.exception()
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False
