"""The folder in the user's cache for what is built, downloaded or found out once."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path


class CacheError(OSError):
    """The cache cannot be written; the text says why and what to do."""


def cache_directory() -> Path:
    """Return the folder: what the environment variable `SCAFFOLD_CACHE_DIR` names, or the platform's own place."""
    chosen = os.environ.get("SCAFFOLD_CACHE_DIR")
    return Path(chosen).absolute() if chosen else user_cache_path("tfscaffold")


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
    """Make a folder of the cache if need be.

    Raises:
        CacheError: nothing can be written to it, or others can write to the cache.
    """
    if reason := not_ours(cache_directory()):
        raise CacheError(reason)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        reason = f"the cache {directory} cannot be written ({error.strerror})"
        raise CacheError(f"{reason}; name another folder with SCAFFOLD_CACHE_DIR") from None


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other processes that do the same out of a folder of the cache, and make it if need be.

    Args:
        directory: the folder; the lock is a file beside it.

    Raises:
        CacheError: as of `prepare`.
    """
    prepare(directory)
    with directory.with_name(f"{directory.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
