"""What publishing would do to a target, file by file, before it does anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.files import File
from scaffold.workspace.manifest import Manifest, hash_of, read_manifest

ANSWERS_FILE = "scaffold.yaml"

# A target is as good as empty with a repository just initialised, or with the answers alone.
_HARMLESS = {".git", ANSWERS_FILE}


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
        contents: what is to be there afterwards; the manifest is not among them.
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
        return any(file.status not in (Change.UNCHANGED, Change.KEPT) for file in self.files)


def plan(target: Path, contents: Sequence[File], force: bool = False) -> Plan:
    """Compare what is to be written with what is there; changes nothing.

    Raises:
        TargetError: the target is no folder of ours and not empty, or something in it stands in the way.
        ManifestError: its manifest cannot be trusted.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise TargetError(f"{target} is not a folder; name a folder that is new, empty or made by scaffold.")
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
    _refuse_obstacles(target, contents)

    planned = {file.path: _change(target, file, manifest) for file in contents}
    for path, written in manifest.hashes.items():
        if path not in planned and (content := _content(target / path)) is not None:
            planned[path] = Change.REMOVED if hash_of(content) == written else Change.KEPT
    return Plan(tuple(PlannedFile(path, planned[path]) for path in sorted(planned)), tuple(contents))


def _entries(target: Path) -> list[Path]:
    try:
        return list(target.iterdir()) if target.exists() else []
    except OSError as error:
        raise TargetError(f"{target} cannot be read: {error.strerror}.") from None


def _change(target: Path, file: File, manifest: Manifest) -> Change:
    path = target / file.path
    content = _content(path)
    if content is None:
        return Change.NEW
    if content == file.text.encode():
        same_mode = bool(path.stat().st_mode & 0o100) == file.executable
        return Change.UNCHANGED if same_mode else Change.CHANGED
    written = manifest.hashes.get(file.path)
    if written is None:
        return Change.EDITED if file.path == ANSWERS_FILE else Change.FOREIGN
    return Change.CHANGED if hash_of(content) == written else Change.EDITED


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}.") from None


def _refuse_obstacles(target: Path, contents: Sequence[File]) -> None:
    checked: dict[Path, str] = {}
    obstacles: set[str] = set()
    for file in contents:
        path = target / file.path
        for part in (path, *path.parents):
            if part == target:
                break
            if part not in checked:
                checked[part] = _obstacle(part, wanted="file" if part == path else "folder")
            if checked[part]:
                obstacles.add(checked[part])
    if obstacles:
        raise TargetError("\n".join([*sorted(obstacles), "Move them out of the way; links are not written through."]))


def _obstacle(path: Path, wanted: str) -> str:
    if path.is_symlink():
        return f"{path} is a link where a {wanted} is to be written."
    there = path.exists()
    right = path.is_file() if wanted == "file" else path.is_dir()
    return f"{path} is not a {wanted}." if there and not right else ""
