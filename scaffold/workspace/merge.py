"""What an update would do to a repository, file by file, before it does anything.

Each file is merged three ways: what was last rendered (the base), what is there (yours), what is rendered now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scaffold.files import File
from scaffold.workspace.base import RECORD_PATHS, Base, records
from scaffold.workspace.decision import CONFLICTS, Outcome, Result, Sides, There, decide
from scaffold.workspace.ignore import Ignore, Section
from scaffold.workspace.plan import TargetError, content_of, is_executable, refuse_obstacles
from scaffold.workspace.reading import LARGEST_FILE
from scaffold.workspace.renames import renamed
from scaffold.workspace.three_way import Merged, merge_texts, plain


@dataclass(frozen=True, slots=True)
class UpdatedFile:
    """What an update does to one file.

    Attributes:
        path: where it is afterwards.
        status: what is done.
        was: the path it had before, or that is rendered, where it was renamed.
        note: for a conflict, why it is one and what to do.
    """

    path: str
    status: Outcome
    was: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What an update would do.

    Attributes:
        files: every file concerned, in path order.
        contents: what is to be there afterwards, of the files that change.
        remove: the paths that are not to be there afterwards.
        seen: for every file that was read, its content, or None where there was none.
        bases: the files as they were last rendered, as far as that is known.
        records: what `.scaffold/` is to say afterwards.
    """

    files: tuple[UpdatedFile, ...]
    contents: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    seen: Mapping[str, bytes | None] = field(default_factory=dict)
    bases: Mapping[str, File] = field(default_factory=dict)
    records: tuple[File, ...] = ()

    @property
    def conflicts(self) -> tuple[UpdatedFile, ...]:
        """The files that a person has to look at."""
        return tuple(file for file in self.files if file.status in CONFLICTS)

    @property
    def unresolved(self) -> bool:
        """Whether conflicts of an earlier update are still marked, so that nothing can be merged on top of them."""
        return any(file.status is Outcome.UNRESOLVED for file in self.files)


def plan_update(
    target: Path,
    base: Base,
    rendered: Sequence[File],
    version: str,
    ignore: Ignore | None = None,
    settled: Mapping[str, Merged] | None = None,
) -> UpdatePlan:
    """Merge what is rendered into what is there; changes nothing.

    Args:
        target: the repository.
        base: what was last rendered into it.
        rendered: what is rendered now.
        version: the version of scaffold that rendered it.
        ignore: what is not to be touched.
        settled: texts of files that are merged already.

    Raises:
        TargetError: something stands in the way, or cannot be read.
        MergeError: git is not there, or fails.
    """
    return _Planning(target, base, rendered, version, ignore or Ignore(), settled or {}).plan()


class _Planning:
    def __init__(
        self,
        target: Path,
        base: Base,
        rendered: Sequence[File],
        version: str,
        ignore: Ignore,
        settled: Mapping[str, Merged],
    ) -> None:
        self._target, self._base, self._version, self._settled = target, base, version, settled
        self._ignore = ignore
        known = base.manifest.hashes
        self._ignored = {path for path in (*known, *(file.path for file in rendered)) if self._is_ignored(path)}
        self._new = {file.path: file for file in rendered if file.path not in self._ignored}
        refuse_obstacles(target, [*self._new, *RECORD_PATHS])
        self._old = [path for path in known if path not in self._ignored]
        self._seen: dict[str, bytes | None] = {}
        self._there = {path: found for path in {*self._old, *self._new} if (found := self._read(path))}
        self._bases = {path: file for path in known if (file := self._base_of(path))}

    def plan(self) -> UpdatePlan:
        yours, theirs = self._renamed_by_you(), self._renamed_by_us()
        files = [UpdatedFile(path, Outcome.IGNORED) for path in self._ignored]
        contents: list[File] = []
        remove: list[str] = []
        for path in sorted({*self._old, *self._new} - set(theirs.values())):
            place, rendered = yours.get(path, path), theirs.get(path, path)
            there, known = self._there.get(place), path in self._base.manifest.hashes
            sides = Sides(self._bases.get(path), there, self._new.get(rendered), known)
            result = decide(sides, self._settled.get(path), self._merge)
            if result is None:
                continue
            end = rendered if path in theirs else place
            if end != place and result.status is Outcome.KEPT and there:
                result = Result(Outcome.MERGED, there.text, there.executable)
            if result.text is not None:
                contents.append(File(end, result.text, result.executable))
            if result.status is Outcome.REMOVED or (end != place and result.text is not None):
                remove.append(place)
            was = path if place != path else place if end != place else ""
            files.append(UpdatedFile(end, result.status, was, result.note))
        files.sort(key=lambda file: file.path)
        if any(file.status is Outcome.UNRESOLVED for file in files):
            return UpdatePlan(tuple(file for file in files if file.status is Outcome.UNRESOLVED), seen=self._seen)
        # What is ignored keeps its base: once it is ignored no longer, it is merged from there.
        own = [*self._new.values(), *(self._bases[path] for path in self._ignored if path in self._bases)]
        return UpdatePlan(
            tuple(files), tuple(contents), tuple(remove), self._seen, self._bases, records(own, self._version)
        )

    def _is_ignored(self, path: str) -> bool:
        return self._ignore.ignored(path, Section.UPDATE)

    def _merge(self, base: str, yours: str, theirs: str) -> Merged:
        return merge_texts(base, yours, theirs, self._version, self._target)

    def _read(self, path: str) -> There | None:
        content = self._seen[path] = content_of(self._target, path)
        return None if content is None else There(_text(content), is_executable(self._target / path))

    def _base_of(self, path: str) -> File | None:
        there = self._there.get(path)
        candidate = File(path, there.text, there.executable) if there and there.text is not None else None
        return self._base.file(path, candidate, self._new.get(path))

    def _renamed_by_you(self) -> dict[str, str]:
        gone = {path: self._bases[path].text for path in self._old if path in self._bases and path not in self._there}
        extras: dict[str, str] = {}
        for folder in {PurePosixPath(path).parent for path in gone}:
            for path in _files_in(self._target, folder):
                known = path in self._base.manifest.hashes or path in self._new or path in RECORD_PATHS
                if not known and not self._is_ignored(path):
                    found = self._read(path)
                    if found and found.text is not None:
                        self._there[path] = found
                        extras[path] = plain(found.text)
        return renamed(gone, extras)

    def _renamed_by_us(self) -> dict[str, str]:
        """Return where edited files that are no longer rendered go; unedited ones are just removed, and added anew."""
        gone = {
            path: self._bases[path].text
            for path in self._old
            if path in self._bases
            and path not in self._new
            and (there := self._there.get(path))
            and there.text is not None
            and plain(there.text) != self._bases[path].text
        }
        fresh = {
            path: file.text
            for path, file in self._new.items()
            if path not in self._base.manifest.hashes and path not in self._there
        }
        return renamed(gone, fresh)


def _text(content: bytes) -> str | None:
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _files_in(target: Path, folder: PurePosixPath) -> Iterable[str]:
    path = target / folder
    try:
        if not path.is_dir():
            return []
        return sorted(
            (folder / entry.name).as_posix()
            for entry in path.iterdir()
            if not entry.is_symlink() and entry.is_file() and entry.stat().st_size <= LARGEST_FILE
        )
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}.") from None
