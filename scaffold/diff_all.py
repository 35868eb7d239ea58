"""Every repository of a folder compared, on all cores."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE, SKIPPED_FOLDERS, TERRAGRUNT, walk
from scaffold.interrupts import result_of
from scaffold.report.documents.diff import DiffAllDocument, DiffDocument, RepositoryEntry
from scaffold.workspace.plan import TargetError

Compare = Callable[[Path], DiffDocument]
"""Compares one repository; it is sent to other processes."""


def diff_all(folder: Path, compare: Compare, jobs: int | None, progress: Callable[[str], None]) -> DiffAllDocument:
    """Compare every repository in a folder; one that fails does not stop the others.

    Args:
        folder: the folder; each of its own folders that holds `scaffold.yaml`, Terraform or Terragrunt is a repository.
        compare: compares one.
        jobs: how many to compare at a time; by default one for each core.
        progress: told in one line which is done.

    Raises:
        TargetError: there is no repository in it.
    """
    found = repositories(folder)
    # A new process for each worker rather than a copy of this one, which has threads.
    pool = ProcessPoolExecutor(min(jobs or os.cpu_count() or 1, len(found)), get_context("spawn"), _begin)
    entries = []
    try:
        waiting = [(path.name, pool.submit(_entry, compare, path)) for path in found]
        for number, (name, future) in enumerate(waiting, 1):
            entries.append(_result(name, future))
            progress(f"{number} of {len(found)}: {name}")
    finally:
        pool.shutdown(cancel_futures=True)
    return DiffAllDocument(target=str(folder), repositories=entries)


def repositories(folder: Path) -> list[Path]:
    """Return the folders in a folder that hold `scaffold.yaml`, or Terraform or Terragrunt at any depth, by name.

    Raises:
        TargetError: there is none.
    """
    if not folder.is_dir():
        raise TargetError(f"{folder} is not a folder.")
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and _is_one(path))
    if not found:
        raise TargetError(f"{folder}: none of its folders holds {ANSWERS_FILE} or Terraform files.")
    return found


def _is_one(path: Path) -> bool:
    if path.name in SKIPPED_FOLDERS:
        return False
    if (path / ANSWERS_FILE).is_file():
        return True
    for _, folders, names in walk(path):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        if any(name.endswith((".tf", ".tf.json")) or name == TERRAGRUNT for name in names):
            return True
    return False


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal; what to do about it is for the one that started the others.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # The queue that a worker waits at is never closed by a parent that is killed, since the workers hold it too.
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _entry(compare: Compare, path: Path) -> RepositoryEntry:
    try:
        return RepositoryEntry(path.name, compare(path), None)
    except (ScaffoldError, OSError) as error:
        return RepositoryEntry(path.name, None, " ".join(str(error).split()))
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return RepositoryEntry(path.name, None, f"Internal error, please report it: {what}")


def _result(name: str, future: Future[RepositoryEntry]) -> RepositoryEntry:
    try:
        return result_of(future)
    except BrokenProcessPool:
        return RepositoryEntry(name, None, "The process that compared it was stopped; is there enough memory?")
