"""What an update makes of one file: three sides in, the outcome out."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scaffold.files import File
from scaffold.workspace.three_way import Merged, is_unresolved, like, plain


class Outcome(StrEnum):
    """What an update does to a file."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    MERGED = "merged"
    KEPT = "kept as you edited it"
    CONFLICT = "conflict"
    UNRESOLVED = "unresolved conflict"
    REMOVED = "removed"
    LEFT = "no longer rendered, kept because it was edited"
    DELETED = "deleted by you"
    IGNORED = "ignored"


CONFLICTS = frozenset({Outcome.CONFLICT, Outcome.UNRESOLVED})

_TAKE_OVER = "Compare it with what `scaffold render` writes into an empty folder, and take over what you need."


@dataclass(frozen=True, slots=True)
class There:
    """A file that is there; `text` is None where it is not text."""

    text: str | None
    executable: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """A file's three sides, each None where it is not there.

    Attributes:
        known: whether scaffold once rendered it; `base` may still be None, if its text is not known any more.
    """

    base: File | None
    there: There | None
    new: File | None
    known: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of a file: with `text`, the text that is to be there."""

    status: Outcome
    text: str | None = None
    executable: bool = False
    note: str = ""


def decide(sides: Sides, settled: Merged | None, merge: Callable[[str, str, str], Merged]) -> Result | None:
    """Return what becomes of a file; None where there is nothing to say.

    Args:
        sides: its three sides.
        settled: its text, where it is merged already.
        merge: merges a base, yours and theirs.
    """
    there, new, base = sides.there, sides.new, sides.base
    if there and there.text is not None and is_unresolved(there.text):
        return Result(Outcome.UNRESOLVED, note="Conflict markers of an earlier update are in it; resolve them.")
    if new is None:
        return _no_longer_rendered(base, there)
    if there is None:
        return _missing(sides, new)
    same = base is not None and base.text == new.text
    if there.text is None:
        note = f"It is not UTF-8 text, so nothing is merged into it. {_TAKE_OVER}"
        return Result(Outcome.KEPT) if same else Result(Outcome.CONFLICT, note=note)
    if settled is not None:
        merged, edited = settled, True
    elif plain(there.text) == new.text or same:
        merged, edited = Merged(there.text, 0), False
    elif base is not None and plain(there.text) == base.text:
        merged, edited = Merged(like(new.text, there.text), 0), False
    else:
        edited = True
        merged = merge(base.text if base else "", there.text, new.text)
    executable = new.executable if base and there.executable == base.executable else there.executable
    if merged.text == there.text and executable == there.executable:
        unchanged = there.text == new.text and executable == new.executable
        return Result(Outcome.UNCHANGED if unchanged else Outcome.KEPT)
    if merged.conflicts:
        note = f"{merged.conflicts} marked in it; resolve what is between <<<<<<< and >>>>>>>."
        return Result(Outcome.CONFLICT, merged.text, executable, note)
    return Result(Outcome.MERGED if edited else Outcome.UPDATED, merged.text, executable)


def _no_longer_rendered(base: File | None, there: There | None) -> Result | None:
    if there is None:
        return None
    unedited = base is not None and there.text is not None and plain(there.text) == base.text
    return Result(Outcome.REMOVED if unedited else Outcome.LEFT)


def _missing(sides: Sides, new: File) -> Result:
    if not sides.known:
        return Result(Outcome.NEW, new.text, new.executable)
    if sides.base is not None and sides.base.text == new.text:
        return Result(Outcome.DELETED)
    note = f"You deleted it, and what is rendered has changed; it stays deleted. {_TAKE_OVER}"
    return Result(Outcome.CONFLICT, note=note)
