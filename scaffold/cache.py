"""The folder in the user's cache for what is built, downloaded or found out once."""

import fcntl
import os
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


def prepare(directory: Path) -> None:
    """Make a folder of the cache if need be.

    Raises:
        CacheError: nothing can be written to it.
    """
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
        CacheError: nothing can be written to it.
    """
    prepare(directory)
    with directory.with_name(f"{directory.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
