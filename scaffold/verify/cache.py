"""The folder in the user's cache for what verifiers build or download once."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

fcntl: Any = importlib.import_module("fcntl") if os.name == "posix" else None


def cache_directory() -> Path:
    """Return the folder: what the environment variable `SCAFFOLD_CACHE_DIR` names, or the platform's own place."""
    chosen = os.environ.get("SCAFFOLD_CACHE_DIR")
    return Path(chosen).absolute() if chosen else user_cache_path("tfscaffold")


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other processes that do the same out of a folder of the cache, and make it if need be.

    Where the platform has no `flock` (Windows) nothing is kept out.

    Args:
        directory: the folder; the lock is a file beside it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with directory.with_name(f"{directory.name}.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
