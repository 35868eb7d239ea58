"""What was rendered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scaffold.report.documents.cost import EnvironmentCostEntry
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.verification import VerificationEntry
from scaffold.workspace.plan import Change

if TYPE_CHECKING:
    from scaffold.workspace.plan import PlannedFile


_OVERWRITTEN = {Change.EDITED: "overwrote an edit", Change.FOREIGN: "overwrote a file scaffold did not write"}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file and what happened, or would happen, to it."""

    path: str
    status: str

    @classmethod
    def of(cls, file: "PlannedFile", published: bool) -> "FileEntry":
        """Return a planned file's entry, once it is published or before."""
        return cls(file.path, _OVERWRITTEN.get(file.status, str(file.status)) if published else str(file.status))


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderDocument:
    """What `scaffold render`, `new` and `module` did, or with `dry_run` would do.

    `differs` says whether the target was other than what is rendered; `refused`, whether the same without `dry_run`
    would be refused for want of `--force`.
    """

    kind: Literal["render"] = "render"
    target: str
    dry_run: bool
    published: bool
    differs: bool
    refused: bool
    files: list[FileEntry]
    warnings: list[ProblemEntry]
    verification: list[VerificationEntry]
    cost: list[EnvironmentCostEntry]
