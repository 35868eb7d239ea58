"""Merging a text three ways with `git merge-file`, conflicts marked inline."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.scratch import Scratch
from scaffold.verify.process import ProgramError, environment, find_program, run
from scaffold.workspace.bumps import higher, is_bump

_SECONDS = 60.0
_MOST_LINES = 5_000
"""Lines of a text beyond which no versions are looked for: finding which line is which takes time."""

_BYTE_ORDER_MARK = "\ufeff"
YOURS, THEIRS = "yours", "scaffold"
_START, _END = (re.compile(marker, re.MULTILINE) for marker in (rf"^<<<<<<< {YOURS}\r?$", rf"^>>>>>>> {THEIRS} "))


class MergeError(ScaffoldError):
    """Texts cannot be merged; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text, and how many conflicts are marked in it."""

    text: str
    conflicts: int


def merge_texts(base: str, yours: str, theirs: str, version: str, outside: Path) -> Merged:
    """Merge what two sides made of one text; line ends and byte order mark stay as yours has them.

    Where both sides changed nothing but the version that a line pins, the higher version is taken.

    Args:
        base: the text both began with; empty where that is not known.
        yours: the user's.
        theirs: scaffold's.
        version: of scaffold, for the markers: `<<<<<<< yours`, `=======`, `>>>>>>> scaffold 1.2`.
        outside: a folder from which no program is run.

    Raises:
        MergeError: git is not there, or fails.
    """
    texts = _with_bumps_settled(base, plain(yours), theirs)
    label = f"{THEIRS} {version}"
    git = find_program("git", outside=[outside])
    if git is None:
        raise MergeError("git is not on PATH; scaffold merges with `git merge-file`. Install git.")
    with Scratch() as folder:
        paths = [folder / side for side in ("yours", "base", "theirs")]
        for path, text in zip(paths, (texts[1], texts[0], texts[2]), strict=True):
            path.write_bytes(text.encode())
        labels = ["-L", YOURS, "-L", "base", "-L", label]
        command: list[str | Path] = [git, "-c", "merge.conflictStyle=merge", "merge-file", *labels, *paths]
        # Nobody's configuration: a merge is the same on every machine.
        # A folder's own name in the ceilings does not keep git from looking above it; that of the one around it does.
        own = environment(
            GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, GIT_CEILING_DIRECTORIES=str(folder.parent)
        )
        try:
            ended = run(command, cwd=folder, environment=own, seconds=_SECONDS)
        except ProgramError as error:
            raise MergeError(f"{error}.") from None
        if not 0 <= ended.code < 128:
            raise MergeError(f"git merge-file failed: {ended.stderr.strip()}")
        return Merged(like(paths[0].read_bytes().decode(), yours), ended.code)


def plain(text: str) -> str:
    """Return a text without byte order mark, and with line feeds where all its lines end as on Windows."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    return text.replace("\r\n", "\n") if _is_crlf(text) else text


def like(text: str, other: str) -> str:
    """Return a plain text with another's line ends and byte order mark."""
    mark = _BYTE_ORDER_MARK if other.startswith(_BYTE_ORDER_MARK) else ""
    return mark + (text.replace("\n", "\r\n") if _is_crlf(other) else text)


def is_unresolved(text: str) -> bool:
    """Return whether a text still has the markers of a conflict."""
    start = _START.search(text)
    return start is not None and _END.search(text, start.end()) is not None


def _is_crlf(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")


def _with_bumps_settled(base: str, yours: str, theirs: str) -> tuple[str, str, str]:
    """Return the three texts with the higher version in all where two sides only raised it."""
    lines = [text.split("\n") for text in (base, yours, theirs)]
    if max(map(len, lines)) <= _MOST_LINES:
        ours, others = (_bumps(lines[0], changed) for changed in lines[1:])
        for at in ours.keys() & others.keys():
            winner = higher(lines[1][ours[at]], lines[2][others[at]])
            lines[0][at] = lines[1][ours[at]] = lines[2][others[at]] = winner
    base, yours, theirs = ("\n".join(each) for each in lines)
    return base, yours, theirs


def _bumps(base: Sequence[str], changed: Sequence[str]) -> dict[int, int]:
    """Return for the number of each line whose version alone was changed its number afterwards."""
    found: dict[int, int] = {}
    for kind, start, end, first, last in SequenceMatcher(None, base, changed).get_opcodes():
        if kind == "replace" and end - start == last - first:
            pairs = zip(range(start, end), range(first, last), strict=True)
            found |= {at: to for at, to in pairs if is_bump(base[at], changed[to])}
    return found
