"""Writing a repository whole or not at all.

A new target is written beside its place and renamed into it. In an existing one, everything new is staged and
everything old is set aside first; a journal then says that the change is decided. Whatever stops the program after that
moment is mended by the next run, which finishes the change; whatever stops it before leaves only a folder to remove.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scaffold.files import File
from scaffold.workspace.manifest import manifest_file
from scaffold.workspace.plan import Change, Plan, TargetError

_PENDING = ".scaffold/pending"
_JOURNAL = "journal.json"


def publish(target: Path, plan: Plan, version: str) -> None:
    """Make a target what its plan says, with a new manifest.

    Args:
        target: the folder.
        plan: what to do, as `scaffold.workspace.plan.plan` found for this target and moment.
        version: the version of scaffold, for the manifest.

    Raises:
        TargetError: the target cannot be written; it is then as it was.
    """
    # A file that was edited and is no longer rendered leaves the manifest: it is now the user's own.
    contents = (*plan.contents, manifest_file(plan.contents, version))
    try:
        if target.exists():
            with _locked(target):
                _publish_into(target, contents, [file.path for file in plan.files if file.status is Change.REMOVED])
        else:
            _publish_new(target, contents)
    except OSError as error:
        raise TargetError(
            f"{error.filename or target} cannot be written: {error.strerror}. {target} is as it was."
        ) from None


def recover(target: Path) -> str:
    """Finish or discard what an interrupted run left in a target; return what was done, or an empty text.

    Raises:
        TargetError: the target cannot be written, or another run is at work in it.
    """
    pending = target / _PENDING
    if pending.is_symlink() or not pending.is_dir():
        return ""
    try:
        with _locked(target):
            if not (pending / _JOURNAL).is_file():
                shutil.rmtree(pending)
                return f"An earlier run stopped before it changed {target}; what it had prepared is removed."
            journal = json.loads((pending / _JOURNAL).read_text(encoding="utf-8"))
            _apply(target, journal["write"], journal["remove"])
            shutil.rmtree(pending)
            return f"An earlier run stopped while it changed {target}; the change is now complete."
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TargetError(f"{pending}: an earlier run left a change that cannot be finished: {error}.") from None


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    # The lock is on the folder itself, so that it leaves no file and goes with the process.
    handle = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TargetError(f"Another run is at work in {target}; wait for it to end.") from None
        yield
    finally:
        os.close(handle)


def _publish_new(target: Path, contents: Sequence[File]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        staging.chmod(0o755)
        _write_all(staging, contents)
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _publish_into(target: Path, contents: Sequence[File], remove: Sequence[str]) -> None:
    pending = target / _PENDING
    made_folder = not pending.parent.exists()
    write = [file for file in contents if not _is_already(target / file.path, file)]
    try:
        _write_all(pending / "new", write)
        for path in (*(file.path for file in write), *remove):
            if (target / path).is_file():
                _set_aside(target / path, pending / "old" / path)
        paths = [file.path for file in write]
        _write_journal(pending, paths, list(remove))
        try:
            _apply(target, paths, remove)
        except BaseException:
            _undo(target, pending, paths, remove)
            raise
    finally:
        shutil.rmtree(pending, ignore_errors=True)
        if made_folder and not any(pending.parent.iterdir() if pending.parent.exists() else ()):
            shutil.rmtree(pending.parent, ignore_errors=True)


def _is_already(path: Path, file: File) -> bool:
    if not path.is_file() or path.read_bytes() != file.text.encode():
        return False
    return bool(path.stat().st_mode & 0o100) == file.executable


def _write_all(folder: Path, files: Sequence[File]) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode())
        path.chmod(0o755 if file.executable else 0o644)


def _set_aside(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, copy)


def _write_journal(pending: Path, write: list[str], remove: list[str]) -> None:
    draft = pending / f"{_JOURNAL}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"write": write, "remove": remove}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(pending / _JOURNAL)


def _apply(target: Path, write: Sequence[str], remove: Sequence[str]) -> None:
    """Move everything staged into place; what is no longer staged has been moved before."""
    staged = target / _PENDING / "new"
    for path in write:
        if (staged / path).exists():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).replace(target / path)
    for path in remove:
        (target / path).unlink(missing_ok=True)
        _remove_empty_parents(target, target / path)


def _undo(target: Path, pending: Path, write: Sequence[str], remove: Sequence[str]) -> None:
    (pending / _JOURNAL).unlink(missing_ok=True)
    for path in (*write, *remove):
        old = pending / "old" / path
        if old.exists():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            old.replace(target / path)
        elif not (pending / "new" / path).exists():
            (target / path).unlink(missing_ok=True)
            _remove_empty_parents(target, target / path)


def _remove_empty_parents(target: Path, path: Path) -> None:
    for parent in path.parents:
        if parent == target or not parent.is_dir() or any(parent.iterdir()):
            return
        parent.rmdir()
