"""What of a rendering's files is there, byte by byte, and who changed what is not the same."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from scaffold.compare.untracked import ignored_by_git
from scaffold.files import SKIPPED_FOLDERS, File, walk
from scaffold.workspace.bumps import is_bump
from scaffold.workspace.ignore import Ignore, Section
from scaffold.workspace.manifest import Manifest
from scaffold.workspace.reading import LARGEST_FILE

_MACHINES_OWN = (".terraform.lock.hcl", "*.tfstate", "*.tfstate.*", "*.tfplan", "tfplan", "crash.log", ".DS_Store")
"""The names of files that Terraform or a desktop leaves behind, as patterns; they are no part of what is rendered."""


class FileStatus(StrEnum):
    """How a file that is there stands to the one that is rendered.

    Edited, outdated and both are told apart by the hash in the manifest; where it has none, the file is just different.
    """

    UNCHANGED = "unchanged"
    MISSING = "missing"
    EXTRA = "extra"
    EDITED = "edited"
    OUTDATED = "outdated"
    BOTH = "edited and outdated"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class FileComparison:
    """One file.

    Attributes:
        path: where it is, relative to the repository's root.
        status: how it stands.
        note: what is to be said of it besides, without a full stop; empty where nothing is.
        rendered: the text that is rendered, where one is.
        there: the text that is there, where a UTF-8 text is.
    """

    path: str
    status: FileStatus
    note: str = ""
    rendered: str | None = None
    there: str | None = None


@dataclass(frozen=True, slots=True)
class FileComparisons:
    """Every file that counts, and those that do not.

    Attributes:
        files: every file that is rendered or there, in path order.
        ignored: the paths that `.scaffold/ignore` or git ignores, or that Terraform leaves behind.
    """

    files: tuple[FileComparison, ...]
    ignored: frozenset[str]

    @property
    def bumped(self) -> Mapping[str, str]:
        """The text as it is rendered of each file that differs from it in nothing but versions."""
        return {each.path: each.rendered for each in self.files if each.note == _BUMPED and each.rendered is not None}


_BUMPED = "versions bumped"


def compare_files(root: Path, rendered: Iterable[File], manifest: Manifest | None, ignore: Ignore) -> FileComparisons:
    """Compare what is rendered with what is there; links are not followed.

    Args:
        root: the repository that is there.
        rendered: the files that would be rendered.
        manifest: what scaffold wrote there, if it did.
        ignore: what the repository keeps out of comparisons.
    """
    ignored: set[str] = set()
    found: list[FileComparison] = []
    wanted = {file.path: file for file in rendered}
    for path, file in wanted.items():
        if ignore.ignored(path, Section.DIFF):
            ignored.add(path)
        else:
            found.append(_compare(root, file, manifest))
    extra = [path for path in _paths(root) if path not in wanted]
    ignored |= {path for path in extra if ignore.ignored(path, Section.DIFF) or _is_machines_own(path)}
    ignored |= ignored_by_git(root, [path for path in extra if path not in ignored])
    found += (_extra(root, path, manifest) for path in extra if path not in ignored)
    return FileComparisons(tuple(sorted(found, key=lambda each: each.path)), frozenset(ignored))


def _paths(root: Path) -> Iterator[str]:
    """Yield the path of every file and link; caches and nested repositories are passed over."""
    for here, folders, names in walk(root):
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS and not (here / name / ".git").exists()]
        yield from ((here / name).relative_to(root).as_posix() for name in (*names, *links) if name != ".git")


def _is_machines_own(path: str) -> bool:
    name = PurePosixPath(path)
    return any(name.match(pattern) for pattern in _MACHINES_OWN)


def _extra(root: Path, path: str, manifest: Manifest | None) -> FileComparison:
    written = manifest.hashes.get(path) if manifest else None
    if written is None:
        return FileComparison(path, FileStatus.EXTRA)
    edited = "" if _Content.of(root / path).hash == written else ", and edited since"
    return FileComparison(path, FileStatus.EXTRA, f"written by scaffold, no longer rendered{edited}")


def _compare(root: Path, file: File, manifest: Manifest | None) -> FileComparison:
    written = manifest.hashes.get(file.path) if manifest else None
    place = root / file.path
    if any(parent.is_symlink() for parent in place.parents if parent != root and root in parent.parents):
        return FileComparison(file.path, FileStatus.MISSING, "its folder is a link, which is not followed", file.text)
    if not os.path.lexists(place):
        return FileComparison(file.path, FileStatus.MISSING, _why_missing(manifest, written), file.text)
    there = _Content.of(place)
    data = file.text.encode()
    if there.hash == _hash(data):
        if there.executable == file.executable:
            return FileComparison(file.path, FileStatus.UNCHANGED, "", file.text, there.text)
        status = FileStatus.EDITED if written == there.hash else FileStatus.DIFFERENT
        return FileComparison(file.path, status, _mode(file.executable, there.executable), file.text, there.text)
    if there.text is not None and written != there.hash and _only_bumps(file.text, there.text):
        return FileComparison(file.path, FileStatus.UNCHANGED, _BUMPED, file.text, there.text)
    notes = [there.note or _line_ends(file.text, there.text)]
    status = _status(written, rendered=_hash(data), there=there.hash)
    if there.hash and there.executable != file.executable:
        notes.append(_mode(file.executable, there.executable))
        status = FileStatus.BOTH if status is FileStatus.OUTDATED else status
    return FileComparison(file.path, status, "; ".join(filter(None, notes)), file.text, there.text)


def _status(written: str | None, rendered: str, there: str) -> FileStatus:
    if written is None:
        return FileStatus.DIFFERENT
    if there == written:
        return FileStatus.OUTDATED
    return FileStatus.EDITED if rendered == written else FileStatus.BOTH


def _why_missing(manifest: Manifest | None, written: str | None) -> str:
    if manifest is None:
        return ""
    return "deleted since scaffold wrote it" if written else "new: the templates or the answers changed"


def _mode(rendered: bool, there: bool) -> str:
    return "executable as rendered, not there" if rendered and not there else "executable there, not as rendered"


def _line_ends(rendered: str, there: str | None) -> str:
    """Return what of line ends and byte order marks differs, and whether anything else does."""
    if there is None:
        return ""
    kinds = [
        kind
        for kind, differs in (
            ("line ends differ", ("\r\n" in there) != ("\r\n" in rendered)),
            ("there begins with a byte order mark", there.startswith("\ufeff") and not rendered.startswith("\ufeff")),
        )
        if differs
    ]
    only = "only: " if kinds and plain_lines(rendered) == plain_lines(there) else ""
    return only + ", ".join(kinds)


def plain_lines(text: str) -> list[str]:
    """Return a text's lines as they read: without a byte order mark, and whatever ends them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _only_bumps(rendered: str, there: str) -> bool:
    one, other = plain_lines(rendered), plain_lines(there)
    if len(one) != len(other) or ("\r\n" in there) != ("\r\n" in rendered):
        return False
    changed = [(old, new) for old, new in zip(one, other, strict=True) if old != new]
    return bool(changed) and all(is_bump(old, new) for old, new in changed)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class _Content:
    """What is at a path: the hash of its bytes, empty where they cannot be had, and its text, or why there is none."""

    hash: str
    text: str | None
    executable: bool
    note: str

    @classmethod
    def of(cls, place: Path) -> "_Content":
        if place.is_symlink():
            return cls("", None, False, "is a link, which is not followed")
        if not place.is_file():
            return cls("", None, False, "is a folder" if place.is_dir() else "is no regular file")
        try:
            status = place.stat()
            executable = bool(status.st_mode & 0o100)
            if status.st_size > LARGEST_FILE:
                with place.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
                return cls(found, None, executable, f"larger than {LARGEST_FILE:,} bytes")
            data = place.read_bytes()
        except OSError as error:
            return cls("", None, False, f"cannot be read ({error.strerror})")
        text = _text(data)
        return cls(_hash(data), text, executable, "" if text is not None else "binary, or not UTF-8")


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
