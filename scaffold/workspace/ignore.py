"""Which paths a repository's owner keeps out of a comparison or an update: `.scaffold/ignore`.

    [diff]
    docs/
    *.md
    [update]
    # ours, whatever the templates say
    environments/prod/main.tf

Patterns are those of `.gitignore`: without a slash inside, a name at any depth; with one, a path from the root; a slash
at the end, a folder; `*`, `?`, `[a-z]` within a name, `**` for any folders; `!` takes back; the last that matches
decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.files import bytes_of

IGNORE_PATH = ".scaffold/ignore"


class Section(StrEnum):
    """For whom a path is ignored."""

    DIFF = "diff"
    UPDATE = "update"


class IgnoreError(ScaffoldError):
    """`.scaffold/ignore` cannot be read; the text names the line and the mend."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: its names from the root down, and whether it takes back what an earlier one ignores."""

    names: tuple[str, ...]
    folder: bool
    negated: bool

    def matches(self, names: Sequence[str], folder: bool) -> bool:
        """Return whether a path, as its names from the root down, is one that the pattern means."""
        return (folder or not self.folder) and _match(self.names, names)


@dataclass(frozen=True, slots=True)
class Ignore:
    """What is ignored, section by section."""

    patterns: Mapping[Section, tuple[Pattern, ...]] = field(default_factory=dict)

    def ignored(self, path: str, section: Section) -> bool:
        """Return whether a file's path, relative to the root with `/` between its names, is ignored."""
        patterns = self.patterns.get(section, ())
        names = path.split("/")
        # As git has it: what lies in an ignored folder is ignored, and cannot be taken back.
        return any(_decide(patterns, names[:end], end < len(names)) for end in range(1, len(names) + 1))


def read_ignore(root: Path) -> Ignore:
    """Read a repository's `.scaffold/ignore`; without one, nothing is ignored.

    Raises:
        IgnoreError: it is not UTF-8, a section is unknown, or a pattern stands before the first section.
    """
    path = root / IGNORE_PATH
    if path.is_symlink() or not path.is_file():
        return Ignore()
    try:
        return parse_ignore(bytes_of(path).decode("utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise IgnoreError(f"{path}: it is not UTF-8; save it as such.") from None


def parse_ignore(text: str, name: str = IGNORE_PATH) -> Ignore:
    """Return what a text of `.scaffold/ignore` ignores; `name` is what to call it in errors.

    Raises:
        IgnoreError: a section is unknown, or a pattern stands before the first section.
    """
    sections = ", ".join(f"[{section}]" for section in Section)
    patterns: dict[Section, list[Pattern]] = {}
    current: list[Pattern] | None = None
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]") and "/" not in line:
            if line[1:-1] not in set(Section):
                raise IgnoreError(f"{name} line {number}: there is no section {line}; there are {sections}.")
            current = patterns.setdefault(Section(line[1:-1]), [])
        elif current is None:
            raise IgnoreError(f"{name} line {number}: {line} stands in no section; put {sections} above it.")
        else:
            current.append(_pattern(line))
    return Ignore({section: tuple(found) for section, found in patterns.items()})


def ignoring_line(text: str, path: str) -> int:
    """Return the line of a `.gitignore` that decides that a file is ignored, or 0 where none does.

    Args:
        text: the file's.
        path: the file's path from the folder of the `.gitignore`.
    """
    written = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    patterns = [(number, _pattern(line)) for number, line in written if line and not line.startswith("#")]
    names = path.split("/")
    for end in range(1, len(names) + 1):
        last = next((each for each in reversed(patterns) if each[1].matches(names[:end], end < len(names))), None)
        if last is not None and not last[1].negated:
            return last[0]
    return 0


def _pattern(line: str) -> Pattern:
    negated, folder = line.startswith("!"), line.endswith("/")
    text = line.removeprefix("!").removeprefix("\\").rstrip("/")
    written = [name for name in text.split("/") if name]
    # `**` twice in a row means no more than once.
    names = tuple(name for name, before in zip(written, ["", *written], strict=False) if (name, before) != ("**", "**"))
    return Pattern(names if "/" in text else ("**", *names), folder, negated)


def _decide(patterns: Sequence[Pattern], names: Sequence[str], folder: bool) -> bool:
    last = next((pattern for pattern in reversed(patterns) if pattern.matches(names, folder)), None)
    return last is not None and not last.negated


def _match(pattern: Sequence[str], names: Sequence[str]) -> bool:
    # Row by row, so that many `**` take no longer than their number times that of the names.
    reached = [True] + [False] * len(names)
    for position, part in enumerate(pattern):
        if part == "**":
            first = next((at for at, here in enumerate(reached) if here), len(reached))
            last = position == len(pattern) - 1
            # At the end of a pattern `**` means what is inside, not the folder itself.
            reached = [at > first or (at == first and not last) for at in range(len(reached))]
        else:
            reached = [False, *(here and fnmatchcase(name, part) for here, name in zip(reached, names, strict=False))]
    return reached[-1]
