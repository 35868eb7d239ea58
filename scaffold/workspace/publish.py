"""Writing a repository whole or not at all.

A new target is written beside its place and renamed into it. In an existing one, everything new is staged and
everything old is set aside first; a journal then says that the change is decided. What stops the program before that
moment leaves only a folder to remove. What stops it after is mended by the next run, which completes the change, or
completes its undoing where an error had already turned it back.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from scaffold.files import File, bytes_of
from scaffold.interrupts import held, set_outcome
from scaffold.workspace.base import records
from scaffold.workspace.manifest import hash_of, inside
from scaffold.workspace.plan import Change, Plan, TargetError, content_of, is_executable, refuse_obstacles
from scaffold.workspace.plan import plan as plan_again

_PENDING = ".scaffold/pending"
_LONGEST_NAME = 200
"""Bytes of a target's name that leave room for more; a file system's limit for a name is 255."""

_DONE = "{} was changed before that, and is whole."
"""What an interrupt says once there is nothing left of a change to be stopped."""

_FORWARD, _BACK = "journal.json", "undo.json"


@dataclass(frozen=True, slots=True)
class _Step:
    """One file's change; the hash of its content before and after, None where it is not there."""

    path: str
    old: str | None
    new: str | None


def publish(target: Path, plan: Plan, version: str, own: Sequence[File] | None = None) -> None:
    """Make a target what its plan says, with new records of what was rendered.

    Args:
        target: the folder.
        plan: what to do, as `scaffold.workspace.plan.plan` found for this target.
        version: the version of scaffold, for the records.
        own: what the records are to call scaffold's own, where the plan keeps a text of the user's instead: that one
            is then an edit, which later runs do not overwrite.

    Raises:
        TargetError: the target cannot be written, or has changed since it was planned for; it is then as it was.
    """
    # A file that was edited and is no longer rendered leaves the manifest: it is now the user's own.
    contents = (*plan.contents, *records(tuple(own or plan.contents), version))
    try:
        if target.exists():
            with held(), locked(target):
                if plan_again(target, plan.contents, force=True).files != plan.files:
                    raise TargetError(f"{target} has changed meanwhile; nothing is written. Run the command again.")
                _publish_into(target, contents, [file.path for file in plan.files if file.status is Change.REMOVED])
        else:
            with held():
                _publish_new(target, contents)
    except OSError as error:
        raise TargetError(f"{_reason(error, target)}. {target} is as it was.") from None


def publish_merged(
    target: Path, contents: Sequence[File], remove: Sequence[str], seen: Mapping[str, bytes | None]
) -> None:
    """Write and remove files of a target, all or none.

    Args:
        target: the folder.
        contents: what is to be there afterwards, the records too.
        remove: what is not to be there.
        seen: for every file that was read to decide this, its content, or None where there was no file.

    Raises:
        TargetError: the target cannot be written, or is not as it was seen; it is then as it was.
    """
    try:
        with held(), locked(target):
            if any(content_of(target, path) != content for path, content in seen.items()):
                raise TargetError(f"{target} has changed meanwhile; nothing is written. Run the command again.")
            refuse_obstacles(target, [file.path for file in contents])
            _publish_into(target, contents, remove)
    except OSError as error:
        raise TargetError(f"{_reason(error, target)}. {target} is as it was.") from None


def recover(target: Path) -> str:
    """Finish or discard what a stopped run left in or beside a target; return what was done, or an empty text.

    What was edited after that run stopped stays as it is.

    Raises:
        TargetError: the target cannot be written, or another run is at work in it.
    """
    staging, pending = _staging(target), target / _PENDING
    prepared = _is_folder(staging)
    if not prepared and (target.is_symlink() or not _is_folder(pending.parent) or not _is_folder(pending)):
        return ""
    try:
        if prepared:
            with held(), locked(staging):
                shutil.rmtree(staging)
            return f"An earlier run stopped before it wrote {target}; what it had prepared is removed."
        with held(), locked(target):
            return _recover_into(target, pending)
    except OSError as error:
        raise TargetError(f"{_reason(error, pending)}; an earlier run left it, and it has to go first.") from None


def refuse_unfinished(target: Path, command: str = "render") -> None:
    """Refuse to look at a target that a stopped run left half changed; `command` is the one that mends it.

    Raises:
        TargetError: it did.
    """
    if any((target / _PENDING / journal).exists() for journal in (_FORWARD, _BACK)):
        raise TargetError(
            f"An earlier run stopped while it changed {target}; {command} without --dry-run to mend that."
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder.

    Raises:
        TargetError: another one is at work in it.
    """
    # The lock is on the folder itself, so that it leaves no file and goes with the process.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TargetError(f"Another run is at work in {folder}; wait for it to end.") from None
        yield
    finally:
        os.close(handle)


def _reason(error: OSError, path: Path) -> str:
    return f"{error.filename or path} cannot be written: {error.strerror or error}"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _staging(target: Path) -> Path:
    absolute = target.absolute()
    name = absolute.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = hash_of(os.fsencode(name))
    return absolute.parent / f".{name}.scaffold-pending"


def _publish_new(target: Path, contents: Sequence[File]) -> None:
    staging = _staging(target)
    missing = [parent for parent in staging.parents if not parent.exists()]
    mine = False
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        try:
            staging.mkdir()
        except FileExistsError:
            raise TargetError(f"Another run is at work on {target}; wait for it to end.") from None
        mine = True
        with locked(staging):
            _write_all(staging, contents)
            staging.rename(target)
        set_outcome(_DONE.format(target))
    except BaseException:
        if mine:
            shutil.rmtree(staging, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


def _publish_into(target: Path, contents: Sequence[File], remove: Sequence[str]) -> None:
    pending = target / _PENDING
    try:
        steps = _stage(target, pending, contents, remove)
    except BaseException:
        _discard(pending)
        raise
    if not steps:
        return
    try:
        _apply(target, pending, steps)
    except BaseException as reason:
        _turn_back(target, pending, steps, reason)
        raise
    set_outcome(_DONE.format(target))
    _discard(pending)


def _turn_back(target: Path, pending: Path, steps: Sequence[_Step], reason: BaseException) -> None:
    try:
        (pending / _FORWARD).replace(pending / _BACK)
        _undo(target, pending, steps)
    except OSError as error:
        raise TargetError(
            f"{target} is half changed: {reason}; then, undoing it: {error}. Once it can be written again, the next "
            "run mends it."
        ) from None
    _discard(pending)


def _recover_into(target: Path, pending: Path) -> str:
    for journal, finish in ((_BACK, _undo), (_FORWARD, _apply)):
        if (pending / journal).is_file():
            finish(target, pending, _read_journal(target, pending / journal))
            _discard(pending)
            done = "the change is now complete" if finish is _apply else "it is now as it was before that run"
            return f"An earlier run stopped while it changed {target}; {done}."
    shutil.rmtree(pending)
    _discard(pending)
    return f"An earlier run stopped before it changed {target}; what it had prepared is removed."


def _discard(pending: Path) -> None:
    shutil.rmtree(pending, ignore_errors=True)
    with suppress(OSError):
        pending.parent.rmdir()


def _stage(target: Path, pending: Path, contents: Sequence[File], remove: Sequence[str]) -> list[_Step]:
    """Write what is new, copy what is old, and then the journal that decides the change."""
    steps: list[_Step] = []
    for path, file in [*((path, None) for path in remove), *((file.path, file) for file in contents)]:
        old = content_of(target, path)
        new = file.text.encode() if file else None
        if file and old == new and is_executable(target / path) == file.executable:
            continue
        if file:
            _write(pending / "new", file)
        if old is not None:
            copy = pending / "old" / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target / path, copy)
        steps.append(_Step(path, *(None if each is None else hash_of(each) for each in (old, new))))
    if steps:
        _write_journal(pending, steps)
    return steps


def _write_all(folder: Path, files: Sequence[File]) -> None:
    for file in files:
        _write(folder, file)


def _write(folder: Path, file: File) -> None:
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.text.encode())
    if file.executable:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)  # executable for those who may read it


def _write_journal(pending: Path, steps: Sequence[_Step]) -> None:
    draft = pending / f"{_FORWARD}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump([asdict(step) for step in steps], file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(pending / _FORWARD)


def _read_journal(target: Path, journal: Path) -> list[_Step]:
    try:
        steps = [_Step(inside(step["path"]), step["old"], step["new"]) for step in json.loads(bytes_of(journal))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TargetError(
            f"{journal} is not a journal of scaffold's ({type(error).__name__}). Restore {target} from version control "
            f"and remove {journal.parent}."
        ) from None
    refuse_obstacles(target, [step.path for step in steps])
    return steps


def _apply(target: Path, pending: Path, steps: Sequence[_Step]) -> None:
    for step in steps:
        _turn(target, step.path, step.old, step.new, pending / "new")


def _undo(target: Path, pending: Path, steps: Sequence[_Step]) -> None:
    for step in reversed(steps):
        _turn(target, step.path, step.new, step.old, pending / "old")


def _turn(target: Path, path: str, before: str | None, after: str | None, source: Path) -> None:
    """Give a file its content after, if it still has the one before: neither done already nor edited meanwhile."""
    place, content = target / path, content_of(target, path)
    if (None if content is None else hash_of(content)) == before:
        if after is None:
            place.unlink(missing_ok=True)
        elif (source / path).exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            (source / path).replace(place)
    _remove_empty_parents(target, place)


def _remove_empty_parents(target: Path, path: Path) -> None:
    for parent in path.parents:
        if parent == target or (parent.exists() and any(parent.iterdir())):
            return
        if parent.exists():
            parent.rmdir()
