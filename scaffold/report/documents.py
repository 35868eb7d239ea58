"""The documents that `--output json` prints, one for each `kind`; their JSON Schemas are in docs/schemas/."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scaffold.answers.problems import Problem
from scaffold.blueprint.cost import EnvironmentCost
from scaffold.verify.verdict import Finding, Verdict
from scaffold.workspace.plan import Change, PlannedFile


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    """One problem or warning about an answer."""

    path: str
    rule: str
    message: str
    mend: str
    source: str

    @classmethod
    def of(cls, problem: Problem) -> "ProblemEntry":
        """Return a problem's entry."""
        return cls(problem.path, problem.rule, problem.message, problem.mend, problem.source)


_OVERWRITTEN = {Change.EDITED: "overwrote an edit", Change.FOREIGN: "overwrote a file scaffold did not write"}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file and what happened, or would happen, to it."""

    path: str
    status: str

    @classmethod
    def of(cls, file: PlannedFile, published: bool) -> "FileEntry":
        """Return a planned file's entry, once it is published or before."""
        return cls(file.path, _OVERWRITTEN.get(file.status, str(file.status)) if published else str(file.status))


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One thing that a verifier found wrong."""

    rule: str
    message: str
    file: str | None
    line: int | None
    mend: str | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingEntry":
        """Return a finding's entry."""
        return cls(finding.rule, finding.message, finding.file, finding.line, finding.mend)


@dataclass(frozen=True, slots=True)
class VerificationEntry:
    """One verifier's verdict; `seconds` is wall time."""

    verifier: str
    status: Literal["passed", "failed", "not run"]
    reason: str
    seconds: float
    findings: list[FindingEntry]

    @classmethod
    def of(cls, verdict: Verdict) -> "VerificationEntry":
        """Return a verdict's entry."""
        findings = [FindingEntry.of(finding) for finding in verdict.findings]
        return cls(verdict.verifier, verdict.status.value, verdict.reason, verdict.seconds, findings)


@dataclass(frozen=True, slots=True)
class CostEntry:
    """One line of an environment's fixed cost, in USD per month as a decimal number in text."""

    item: str
    usd: str
    formula: str


@dataclass(frozen=True, slots=True)
class EnvironmentCostEntry:
    """An environment's fixed cost in USD per month; `prices_of` is the region whose list prices were used."""

    environment: str
    region: str
    prices_of: str
    prices_date: str
    usd: str
    lines: list[CostEntry]

    @classmethod
    def of(cls, cost: EnvironmentCost) -> "EnvironmentCostEntry":
        """Return an environment's cost as an entry."""
        lines = [CostEntry(line.item, str(line.usd), line.formula) for line in cost.lines]
        return cls(cost.environment, cost.region, cost.prices_of, cost.date, str(cost.usd), lines)


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
    fixed_cost: list[EnvironmentCostEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDocument:
    """What `scaffold check` found."""

    kind: Literal["check"] = "check"
    target: str
    verification: list[VerificationEntry]


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """One preset."""

    name: str
    date: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetsDocument:
    """The presets that `scaffold presets` lists."""

    kind: Literal["presets"] = "presets"
    presets: list[PresetEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetDocument:
    """The preset that `scaffold presets NAME` prints; `answers` is nested as in an answers file."""

    kind: Literal["preset"] = "preset"
    name: str
    date: str
    about: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerDocumentEntry:
    """One answer: its path, its default as YAML (or `required`), and what it is."""

    path: str
    default: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersDocument:
    """Every answer that `scaffold answers` lists."""

    kind: Literal["answers"] = "answers"
    answers: list[AnswerDocumentEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDocument:
    """Why a command could not do its work; `problems` names answers where answers are the reason."""

    kind: Literal["error"] = "error"
    message: str
    problems: list[ProblemEntry]


Document = RenderDocument | CheckDocument | PresetsDocument | PresetDocument | AnswersDocument | ErrorDocument

DOCUMENTS: Sequence[type[Document]] = (
    RenderDocument,
    CheckDocument,
    PresetsDocument,
    PresetDocument,
    AnswersDocument,
    ErrorDocument,
)
