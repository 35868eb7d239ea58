"""Running a program: an explicit environment, limits of time and output, and nothing left running after it."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from scaffold.interrupts import SIGNALS, held, stopping
from scaffold.verify import guard
from scaffold.verify.output import MOST_OUTPUT, EndlessOutputError, communicate

PASSED_ON = (
    *("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA", "XDG_CACHE_HOME"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""The variables every program gets: where programs, scratch space, proxies and certificates are. No credentials."""


class ProgramError(Exception):
    """A program could not be started, was stopped, or did not end in time; the message says which, for people."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: killed by that signal) and what it printed."""

    code: int
    stdout: str
    stderr: str


def environment(*also: str, **settings: str) -> dict[str, str]:
    """Return the environment for a child process: what `PASSED_ON` and `also` name of ours, and `settings`."""
    return {name: os.environ[name] for name in (*PASSED_ON, *also) if name in os.environ} | settings


def find_program(*names: str, outside: Sequence[Path] = ()) -> Path | None:
    """Return the absolute path of the first of `names` that is on PATH, or None.

    A relative entry of PATH (`.`, or an empty one) and an entry inside one of the folders `outside` are passed over: a
    program that came with a repository is not the user's choice.
    """
    path = trusted_path(*outside)
    for name in names:
        found = shutil.which(name, path=path)
        if found is not None and Path(found).is_absolute():
            return Path(found)
    return None


def trusted_path(*outside: Path) -> str:
    """Return PATH without its relative entries and those inside one of some folders, for `find_program`'s reasons.

    A program that is run is to get it too, for it looks there for the ones that it starts.
    """
    entries = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    folders = [folder.resolve() for folder in outside]
    return os.pathsep.join(
        str(entry)
        for entry in entries
        if entry.is_absolute() and not any(entry.resolve().is_relative_to(folder) for folder in folders)
    )


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    seconds: float,
    stdin: str = "",
) -> Ended:
    """Run a program to its end and return how it ended, whatever its exit code.

    It runs in a process group of its own, so that what it has started (a provider, a package installer) dies with it
    when it ends, when the time is up, when the user interrupts, and when this process is killed.

    Args:
        command: the program, as an absolute path, and its arguments; no shell is involved.
        cwd: the folder it runs in.
        environment: its whole environment.
        seconds: how long it may take.
        stdin: what it reads.

    Raises:
        ProgramError: when it can't be started, doesn't end in time, prints without end, or `stopped_on_error` stopped
            it.
    """
    name = Path(command[0]).name
    with held(), _lock:
        if stopping.is_set():
            raise ProgramError(f"{name} was not started: interrupted")
        guard.begin()
        try:
            process = subprocess.Popen(  # noqa: S603 (an absolute path, and no shell)
                [str(part) for part in command],
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise ProgramError(f"{name} can't be started: {error.strerror or error}") from error
        guard.watch(process.pid)
        _running.add(process)
    try:
        stdout, stderr = communicate(process, stdin.encode(), seconds)
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{name} did not end within {seconds:g} s and was stopped") from None
    except EndlessOutputError:
        raise ProgramError(f"{name} printed more than {MOST_OUTPUT // 1_000_000} MB and was stopped") from None
    finally:
        with held(), _lock:
            _end(process)
            _running.discard(process)
            guard.leave(process.pid)
    if stopping.is_set():
        raise ProgramError(f"{name} was stopped: interrupted")
    return Ended(process.returncode, *(_text(output) for output in (stdout, stderr)))


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def stopped_on_error() -> Iterator[None]:
    """Stop every running program, in whatever thread, when the block ends by an exception such as Ctrl-C.

    Only the main thread sees Ctrl-C. Threads waiting for a program would hold the main one up until it ends, so
    this belongs around the wait for their results, inside whatever joins the threads. After such an end `run` starts
    nothing, until the next block begins.
    """
    stopping.clear()
    main = threading.current_thread() is threading.main_thread()
    # Python forgets a KeyboardInterrupt that arrives in a finalizer or a weak reference's callback, and imports have
    # many of those; so the signal itself stops the programs, and what was forgotten is raised again at the end.
    # Where a signal is ignored, as in a job in the background, it stays so.
    before = {number: signal.getsignal(number) for number in SIGNALS if main and callable(signal.getsignal(number))}

    def interrupted(number: int, frame: FrameType | None) -> None:
        _stop()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in before:
        signal.signal(number, interrupted)
    try:
        yield
        if stopping.is_set():
            raise KeyboardInterrupt
    except BaseException:
        _stop()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop() -> None:
    with _lock:
        stopping.set()
        for process in _running:
            _kill_group(process)


_lock = threading.RLock()
"""One that a signal's handler may take where the thread it interrupts has it."""
_running: set[subprocess.Popen[bytes]] = set()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process group, and reap the process."""
    _kill_group(process)
    with process:
        pass


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
