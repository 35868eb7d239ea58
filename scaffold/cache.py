"""The folder in the user's cache for what is built, downloaded or found out once."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from platformdirs import user_cache_path

from scaffold.interrupts import held, stopping

_DRAFT = "draft.new"


class CacheError(OSError):
    """The cache cannot be written; the text says why and what to do."""


def cache_directory() -> Path:
    """Return the folder: what the environment variable `SCAFFOLD_CACHE_DIR` names, or the platform's own place."""
    chosen = os.environ.get("SCAFFOLD_CACHE_DIR")
    if chosen:
        return Path(chosen).absolute()
    # Nothing can be written there, and a cache that cannot be written is done without.
    nowhere = Path(os.devnull, "no home")
    try:
        place = user_cache_path("tfscaffold")
    except RuntimeError:
        return nowhere
    # Older versions of platformdirs name a folder `~`, which would be made wherever the command runs.
    return place if place.is_absolute() else nowhere


def not_ours(directory: Path) -> str | None:
    """Return why others may have put something into the cache's folder, or None where they cannot or it is not there.

    Programs and compiled templates are run from it, so whoever writes to it runs code as its user. A group that may
    write is the owner's choice, as is root.
    """
    try:
        status = directory.stat()
    except OSError:
        return None
    if status.st_uid not in (0, os.geteuid()):
        reason = "belongs to another user"
    elif status.st_mode & stat.S_IWOTH:
        reason = "can be written to by every user"
    else:
        return None
    mend = "name a folder of your own with SCAFFOLD_CACHE_DIR, or change its owner or mode"
    return f"the cache {directory} {reason}, and what lies in it is run; {mend}"


def prepare(directory: Path) -> None:
    """Make a folder of the cache if need be; what is made is nobody else's to write, whatever the umask.

    Raises:
        CacheError: nothing can be written to it, or others can write to the cache.
    """
    if reason := not_ours(cache_directory()):
        raise CacheError(reason)
    try:
        missing = [folder for folder in directory.parents if not folder.exists()]
        for folder in (*reversed(missing), directory):
            folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        reason = f"the cache {directory} cannot be written ({error.strerror})"
        raise CacheError(f"{reason}; name another folder with SCAFFOLD_CACHE_DIR") from None


@contextmanager
def locked(directory: Path, tell: Callable[[str], None] | None = None) -> Iterator[None]:
    """Keep other processes that do the same out of a folder of the cache, and make it if need be.

    Args:
        directory: the folder; the lock is a file beside it.
        tell: told in one line that another process is waited for, if one is.

    Raises:
        CacheError: as of `prepare`.
        InterruptedError: the command was interrupted while it waited.
    """
    prepare(directory)
    with directory.with_name(f"{directory.name}.lock").open("w") as lock:
        if not _taken(lock) and tell is not None:
            tell(f"waiting for another run, which is at work in {directory}")
        while not _taken(lock):
            # A thread that waits in the system call would hold up the end of an interrupted command.
            if stopping.wait(0.05):
                raise InterruptedError("interrupted")
        yield


def keep(entry: Path, content: bytes) -> None:
    """Write a file of the cache, whole or not at all; what a killed process left half written is written over.

    Raises:
        OSError: it cannot be written.
    """
    with locked(entry.parent), held():
        draft = entry.parent / _DRAFT
        draft.write_bytes(content)
        draft.replace(entry)


def _taken(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
