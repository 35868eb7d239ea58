"""What an update did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.verification import VerificationEntry

if TYPE_CHECKING:
    from scaffold.workspace.merge import UpdatedFile


@dataclass(frozen=True, slots=True)
class UpdatedFileEntry:
    """One file and what an update did, or would do, to it.

    `was` is the path it had before, or the one that is rendered, where it was renamed. `note` says for a conflict what
    to do.
    """

    path: str
    status: str
    was: str | None
    note: str | None

    @classmethod
    def of(cls, file: "UpdatedFile") -> "UpdatedFileEntry":
        """Return an updated file's entry."""
        return cls(file.path, file.status.value, file.was or None, file.note or None)


@dataclass(frozen=True, slots=True)
class MoveEntry:
    """A `moved` block of a file: what was at the address `source` is at `target`."""

    file: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class DestroyedEntry:
    """A resource or instance that is rendered no longer, and that the next apply of the root module `root` destroys."""

    root: str
    address: str


@dataclass(frozen=True, slots=True)
class ReplacedEntry:
    """A resource that the next apply of the root module `root` destroys and makes anew, because `argument` changes."""

    root: str
    address: str
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDocument:
    """What `scaffold update` did, or with `dry_run` would do.

    `from_version` is the version of scaffold that rendered last, `to_version` the one that does now. `differs` says
    whether anything was or would be written, and `conflicts`, how many files a person has to look at. `commands` move
    in the state what no `moved` block can. `verification` is of what is rendered, `merged_verification` of the merged
    tree: empty where that is the same or has conflicts.
    """

    kind: Literal["update"] = "update"
    target: str
    dry_run: bool
    published: bool
    differs: bool
    conflicts: int
    from_version: str
    to_version: str
    files: list[UpdatedFileEntry]
    moves: list[MoveEntry]
    commands: list[str]
    destroys: list[DestroyedEntry]
    replaces: list[ReplacedEntry]
    notes: list[str]
    warnings: list[ProblemEntry]
    verification: list[VerificationEntry]
    merged_verification: list[VerificationEntry]
