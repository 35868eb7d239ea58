"""Folders for what is only needed while a command runs; those of one that was killed are removed by the next."""

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType

from scaffold.interrupts import held

_PREFIX, _SUFFIX = "tfscaffold-", ".scratch"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}{re.escape(_SUFFIX)}")


class Scratch:
    """A private folder that goes with its process.

    A lock on the folder tells that its process lives. Where there are no locks, what a killed process left stays.

    Attributes:
        path: the folder, absolute and without links.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Make the folder, and remove what killed processes left beside it.

        Args:
            parent: where, if not where the system has temporary files.

        Raises:
            OSError: it cannot be made.
        """
        where = (parent or Path(tempfile.gettempdir())).resolve()
        sweep(where)
        with held():
            while True:
                self._folder = tempfile.TemporaryDirectory(
                    prefix=_PREFIX, suffix=_SUFFIX, dir=where, ignore_cleanup_errors=True
                )
                self.path = Path(self._folder.name)
                handle = _lock(self.path, wait=True)
                if handle is not None and _is_still(self.path, handle):
                    self._handle = handle
                    break
                self._folder.cleanup()  # another process has taken it for a dead one's before it was locked

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        with held():
            self._folder.cleanup()
            if self._handle >= 0:
                os.close(self._handle)
                self._handle = -1

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@cache
def sweep(where: Path) -> None:
    """Remove from a folder what killed processes left there, once for each process."""
    with suppress(OSError):
        for path in sorted(where.iterdir()):
            if _NAME.fullmatch(path.name) and path.lstat().st_uid == os.geteuid():
                handle = _lock(path, wait=False)
                if handle is not None and handle >= 0:
                    shutil.rmtree(path, ignore_errors=True)
                    os.close(handle)


def _lock(path: Path, *, wait: bool) -> int | None:
    """Return a handle that holds a folder's lock, -1 where there are no locks, None where it is gone or taken."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        os.close(handle)
        return None if isinstance(error, BlockingIOError) else -1
    return handle


def _is_still(path: Path, handle: int) -> bool:
    if handle < 0:
        return True
    try:
        return path.lstat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False
