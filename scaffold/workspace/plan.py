"""What publishing would do to a target, file by file, before it does anything."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE, File
from scaffold.workspace.base import RECORD_PATHS
from scaffold.workspace.manifest import Manifest, hash_of, read_manifest

# A target is as good as empty with a repository just initialised, the answers alone, or what a stopped run left.
_HARMLESS = {".git", ".scaffold", ANSWERS_FILE}


class Change(StrEnum):
    """What would happen to a file."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    REMOVED = "removed"
    EDITED = "would overwrite an edit"
    FOREIGN = "would overwrite a file scaffold did not write"
    KEPT = "no longer rendered, kept because it was edited"


REFUSED_WITHOUT_FORCE = frozenset({Change.EDITED, Change.FOREIGN})

NO_DIFFERENCE = frozenset({Change.UNCHANGED, Change.KEPT})
"""What leaves a file as it is."""


class TargetError(ScaffoldError):
    """The target cannot be written to; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """What would happen to one file."""

    path: str
    status: Change


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing would do.

    Attributes:
        files: every file concerned, in path order.
        contents: what is to be there afterwards; the records in `.scaffold/` are not among them.
    """

    files: tuple[PlannedFile, ...]
    contents: tuple[File, ...]

    @property
    def refused(self) -> tuple[PlannedFile, ...]:
        """The files that stand in the way without `--force`."""
        return tuple(file for file in self.files if file.status in REFUSED_WITHOUT_FORCE)

    @property
    def differs(self) -> bool:
        """Whether publishing would change anything."""
        return any(file.status not in NO_DIFFERENCE for file in self.files)


def plan(target: Path, contents: Sequence[File], force: bool = False) -> Plan:
    """Compare what is to be written with what is there; changes nothing.

    Raises:
        TargetError: the target is no folder of ours and not empty, or something in it stands in the way.
        ManifestError: its manifest cannot be trusted.
    """
    _refuse_unusable(target)
    manifest = read_manifest(target)
    if manifest is None:
        others = sorted(entry.name for entry in _entries(target) if entry.name not in _HARMLESS)
        if others and not force:
            shown = ", ".join([*others[:3], *(["…"] if len(others) > 3 else [])])
            raise TargetError(
                f"{target} is not empty ({shown}) and was not made by scaffold; name a new folder, or use --force to "
                "write beside what is there."
            )
        manifest = Manifest()
    rendered = {file.path for file in contents}
    if manifest.hashes and rendered and (ANSWERS_FILE in manifest.hashes) != (ANSWERS_FILE in rendered):
        kind = "project" if ANSWERS_FILE in manifest.hashes else "module"
        raise TargetError(f"{target} holds a {kind} of its own, which this would replace; name another folder.")
    refuse_obstacles(target, [*rendered, *RECORD_PATHS])

    planned = {file.path: _change(target, file, manifest) for file in contents}
    for path, written in manifest.hashes.items():
        if path not in planned and (content := content_of(target, path)) is not None:
            planned[path] = Change.REMOVED if hash_of(content) == written else Change.KEPT
    return Plan(tuple(PlannedFile(path, planned[path]) for path in sorted(planned)), tuple(contents))


def _refuse_unusable(target: Path) -> None:
    mend = "name a folder that is new, empty or made by scaffold."
    if target.is_symlink():
        raise TargetError(f"{target} is a link; {mend}")
    nearest = next(path for path in (target, *target.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise TargetError(f"{nearest} is not a folder; {mend}")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise TargetError(f"{nearest} is not writable; {mend}")


def _entries(target: Path) -> list[Path]:
    try:
        return list(target.iterdir()) if target.exists() else []
    except OSError as error:
        raise TargetError(f"{target} cannot be read: {error.strerror}.") from None


def _change(target: Path, file: File, manifest: Manifest) -> Change:
    content = content_of(target, file.path)
    if content is None:
        return Change.NEW
    if content == file.text.encode():
        return Change.UNCHANGED if is_executable(target / file.path) == file.executable else Change.CHANGED
    written = manifest.hashes.get(file.path)
    if written is None:
        return Change.EDITED if file.path == ANSWERS_FILE else Change.FOREIGN
    return Change.CHANGED if hash_of(content) == written else Change.EDITED


def content_of(target: Path, path: str) -> bytes | None:
    """Return a file's content, or None where there is no file or only one behind a link, which is not ours.

    Raises:
        TargetError: it cannot be read.
    """
    try:
        linked = any(part.is_symlink() for part in _parts(target, path))
        return None if linked or not (target / path).is_file() else (target / path).read_bytes()
    except OSError as error:
        raise TargetError(f"{target / path} cannot be read: {error.strerror}.") from None


def is_executable(path: Path) -> bool:
    """Return whether a file's owner may execute it."""
    return bool(path.stat().st_mode & 0o100)


def refuse_obstacles(target: Path, paths: Iterable[str]) -> None:
    """Refuse to write files where links, or folders in the place of files and the reverse, stand in the way.

    Raises:
        TargetError: with everything that does.
    """
    wanted = {part: "folder" for path in paths for part in _parts(target, path)[1:]}
    wanted |= {target / path: "file" for path in paths}
    if obstacles := sorted(filter(None, (_obstacle(part, kind) for part, kind in wanted.items()))):
        raise TargetError("\n".join([*obstacles, "Move them out of the way; links are not written through."]))


def _parts(target: Path, path: str) -> list[Path]:
    """Return a file's path and those of the folders around it, up to the target."""
    return [target / path, *(target / parent for parent in PurePosixPath(path).parents[:-1])]


def _obstacle(path: Path, wanted: str) -> str:
    if path.is_symlink():
        return f"{path} is a link where a {wanted} is to be written."
    there = path.exists()
    right = path.is_file() if wanted == "file" else path.is_dir()
    return f"{path} is not a {wanted}." if there and not right else ""
