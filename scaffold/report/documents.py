"""The documents that `--output json` prints, one for each `kind`; their JSON Schemas are in docs/schemas/."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from scaffold.workspace.plan import Change

if TYPE_CHECKING:
    from scaffold.answers.problems import Problem
    from scaffold.compare.difference import AttributeDifference, ResourceDifference
    from scaffold.compare.files import FileComparison
    from scaffold.cost.line import CostLine
    from scaffold.cost.lines import EnvironmentCost
    from scaffold.opinions.opinion import Judgement, Opinion
    from scaffold.verify.verdict import Finding, Verdict
    from scaffold.workspace.merge import UpdatedFile
    from scaffold.workspace.plan import PlannedFile


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    """One problem or warning about an answer."""

    path: str
    rule: str
    message: str
    mend: str
    source: str

    @classmethod
    def of(cls, problem: "Problem") -> "ProblemEntry":
        """Return a problem's entry."""
        return cls(problem.path, problem.rule, problem.message, problem.mend, problem.source)


def exact(usd: Decimal) -> str:
    """Return an amount in USD as a decimal number in text, with no exponent and at least two places."""
    text = f"{usd:f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


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


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One thing that a verifier found wrong."""

    rule: str
    message: str
    file: str | None
    line: int | None
    mend: str | None

    @classmethod
    def of(cls, finding: "Finding") -> "FindingEntry":
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
    def of(cls, verdict: "Verdict") -> "VerificationEntry":
        """Return a verdict's entry."""
        findings = [FindingEntry.of(finding) for finding in verdict.findings]
        return cls(verdict.verifier, verdict.status.value, verdict.reason, verdict.seconds, findings)


@dataclass(frozen=True, slots=True)
class CostEntry:
    """One line of an environment's cost, in USD per month as a decimal number in text.

    `id` is what it is known by in other sets of answers; `kind`, whether it is paid whatever the load; `source`, the
    address of the price; `price_of`, the region whose list price was used.
    """

    id: str
    item: str
    usd: str
    formula: str
    kind: Literal["fixed", "usage"]
    source: str
    price_of: str

    @classmethod
    def of(cls, line: "CostLine") -> "CostEntry":
        """Return a line's entry."""
        return cls(line.id, line.item, exact(line.usd), line.formula, line.kind, line.source, line.price_of)


@dataclass(frozen=True, slots=True)
class UnpricedEntry:
    """Something that costs money, or may, and is in no line; `reason` goes on from `what`."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnvironmentCostEntry:
    """What an environment costs in USD per month, with the usage that its answers say.

    `region` is empty where it is not known; `basis` says whose list prices these are and of when.
    """

    environment: str
    region: str
    basis: str
    usd: str
    lines: list[CostEntry]
    unpriced: list[UnpricedEntry]

    @classmethod
    def of(cls, cost: "EnvironmentCost") -> "EnvironmentCostEntry":
        """Return an environment's cost as an entry."""
        lines = [CostEntry.of(line) for line in cost.lines]
        unpriced = [UnpricedEntry(each.what, each.reason) for each in cost.unpriced]
        return cls(cost.environment, cost.region, cost.basis, exact(cost.usd), lines, unpriced)


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


@dataclass(frozen=True, slots=True)
class FileComparisonEntry:
    """One file and how it stands to the one that is rendered; `note` says what is to be said besides, or is empty."""

    path: str
    status: str
    note: str

    @classmethod
    def of(cls, file: "FileComparison") -> "FileComparisonEntry":
        """Return a comparison's entry."""
        return cls(file.path, str(file.status), file.note)


@dataclass(frozen=True, slots=True)
class AttributeEntry:
    """An argument or nested block that differs: both sides as they are written, and where.

    What is null is not there. `known` is false where a side cannot be evaluated, so that the two may be the same.
    """

    path: str
    rendered: str | None
    there: str | None
    rendered_file: str | None
    rendered_line: int | None
    file: str | None
    line: int | None
    known: bool

    @classmethod
    def of(cls, attribute: "AttributeDifference") -> "AttributeEntry":
        """Return an attribute's entry."""
        rendered, there = attribute.rendered, attribute.there
        return cls(
            path=attribute.path,
            rendered=rendered.text if rendered else None,
            there=there.text if there else None,
            rendered_file=rendered.place.file if rendered else None,
            rendered_line=rendered.place.line if rendered else None,
            file=there.place.file if there else None,
            line=there.place.line if there else None,
            known=attribute.known,
        )


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """A resource, data source, module, variable, output, provider or Kubernetes object that differs.

    `file` and `line` are those there, or of one that is missing, those in the rendering. `rendered_address` is empty
    where both have the same address.
    """

    address: str
    status: str
    file: str
    line: int
    rendered_address: str
    attributes: list[AttributeEntry]

    @classmethod
    def of(cls, resource: "ResourceDifference") -> "ResourceEntry":
        """Return a resource's entry."""
        attributes = [AttributeEntry.of(attribute) for attribute in resource.attributes]
        place = resource.place
        return cls(
            resource.address, str(resource.status), place.file, place.line, resource.rendered_address, attributes
        )


@dataclass(frozen=True, slots=True)
class OpinionEntry:
    """What an opinion says of one thing; of one that is skipped, `message` ends with the reason given.

    `usd` is what breaking it costs a month, given what the answers say of use, and `formula` how that comes about: at
    the first place where it is broken, of opinions that have a price; below zero, mending it costs more than it saves.
    """

    id: str
    status: Literal["kept", "broken", "unknown", "skipped"]
    title: str
    message: str
    file: str
    line: int
    why: str
    mend: str
    source: str
    usd: str | None = None
    formula: str | None = None

    @classmethod
    def of(cls, opinion: "Opinion", judgement: "Judgement", price: "CostLine | None" = None) -> "OpinionEntry":
        """Return a judgement's entry, with what it costs a month where that is known."""
        return cls(
            id=opinion.id,
            status=judgement.status.value,
            title=opinion.title,
            message=judgement.message,
            file=judgement.place.file,
            line=judgement.place.line,
            why=opinion.why,
            mend=judgement.mend or opinion.mend,
            source=opinion.source,
            usd=exact(price.usd) if price else None,
            formula=price.formula if price else None,
        )


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A finding that the baseline has, and that does not count."""

    verifier: str
    rule: str
    message: str
    file: str | None
    line: int | None
    mend: str | None


@dataclass(frozen=True, slots=True)
class FixedEntry:
    """A finding that the baseline has, and that was looked for and not found."""

    verifier: str
    rule: str
    file: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDocument:
    """What `scaffold check` found.

    `verification` has the findings that count, broken opinions among them by their ids; `opinions` all that the
    opinions say, and `known` and `fixed` what the baseline says of it.
    """

    kind: Literal["check"] = "check"
    target: str
    verification: list[VerificationEntry]
    opinions: list[OpinionEntry]
    known: list[KnownEntry]
    fixed: list[FixedEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffDocument:
    """What `scaffold diff` found.

    `differs` says whether a file or a resource is other than what is rendered; opinions have no say in it.
    `compared_by` says how resources were matched: by address where scaffold wrote the repository, else by the role they
    play. `problems`
    are what could not be read, and lines `scaffold:skip` that skip nothing.
    """

    kind: Literal["diff"] = "diff"
    target: str
    differs: bool
    compared_by: Literal["address", "role"]
    files: list[FileComparisonEntry]
    resources: list[ResourceEntry]
    opinions: list[OpinionEntry]
    problems: list[FindingEntry]
    warnings: list[ProblemEntry]


@dataclass(frozen=True, slots=True)
class RepositoryEntry:
    """One repository of `scaffold diff --all`: its folder's name, and what was found or why nothing could be."""

    name: str
    diff: DiffDocument | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffAllDocument:
    """What `scaffold diff --all` found, in the order of the folders' names."""

    kind: Literal["diff-all"] = "diff-all"
    target: str
    repositories: list[RepositoryEntry]


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


@dataclass(frozen=True, slots=True)
class AdoptedAnswer:
    """An answer that was inferred: its path, its value as in an answers file, and where it comes from.

    `how` is what stands there, such as `module.vpc.single_nat_gateway`, or why an absence says it; or it is empty.
    """

    path: str
    value: Any
    file: str
    line: int
    how: str


@dataclass(frozen=True, slots=True)
class AdoptionGap:
    """An answer that is not known, and why; nothing is rendered without one that is `required`."""

    path: str
    required: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NotExpressibleEntry:
    """Something of a repository that no answer can say."""

    what: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptDocument:
    """What `scaffold adopt` inferred; `written` says whether it is in the target's `scaffold.yaml` now."""

    kind: Literal["adopt"] = "adopt"
    target: str
    written: bool
    answers: list[AdoptedAnswer]
    gaps: list[AdoptionGap]
    not_expressible: list[NotExpressibleEntry]


@dataclass(frozen=True, slots=True)
class ComparedLineEntry:
    """One line on both sides, in USD per month; a side where there is no such line is 0 and has an empty formula."""

    environment: str
    id: str
    item: str
    usd: str
    other_usd: str
    difference: str
    formula: str
    other_formula: str


@dataclass(frozen=True, slots=True)
class CostComparisonEntry:
    """The costs beside those of other answers: `label` names these; `difference` is what they cost more, or less."""

    label: str
    environments: list[EnvironmentCostEntry]
    lines: list[ComparedLineEntry]
    usd: str
    difference: str


@dataclass(frozen=True, slots=True)
class AlternativeEntry:
    """Another way to bear an environment's load: the lines that take the place of those of the ids `instead_of`.

    `usd` is what the environment then costs, `difference` what that is more, or less; of standard Lambda both are null,
    and `lines` is empty, where `usage.lambda_gb_seconds` is not given. `break_even_gb_seconds` is a month's GB-seconds
    at which both cost the same, of standard Lambda beside Managed Instances alone.
    """

    environment: str
    title: str
    instead_of: list[str]
    lines: list[CostEntry]
    usd: str | None
    difference: str | None
    break_even_gb_seconds: str | None
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDocument:
    """What environments cost a month in USD, each and in total. `target` is the repository priced, if one was."""

    kind: Literal["cost"] = "cost"
    target: str | None
    environments: list[EnvironmentCostEntry]
    usd: str
    alternatives: list[AlternativeEntry]
    comparison: CostComparisonEntry | None


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
class OpinionListEntry:
    """One opinion of the list: its title, or of one that cannot be judged, `reason` says why."""

    id: str
    judged: bool
    title: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionsDocument:
    """The opinions that `scaffold opinions` lists."""

    kind: Literal["opinions"] = "opinions"
    opinions: list[OpinionListEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDocument:
    """The opinion that `scaffold opinions ID` explains; `good` keeps it and `bad` breaks it, texts by their paths."""

    kind: Literal["opinion"] = "opinion"
    id: str
    title: str
    why: str
    mend: str
    source: str
    good: dict[str, str]
    bad: dict[str, str]


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


Document = (
    RenderDocument
    | CheckDocument
    | DiffDocument
    | DiffAllDocument
    | UpdateDocument
    | AdoptDocument
    | CostDocument
    | PresetsDocument
    | PresetDocument
    | OpinionsDocument
    | OpinionDocument
    | AnswersDocument
    | ErrorDocument
)

DOCUMENTS: Sequence[type[Document]] = (
    RenderDocument,
    CheckDocument,
    DiffDocument,
    DiffAllDocument,
    UpdateDocument,
    AdoptDocument,
    CostDocument,
    PresetsDocument,
    PresetDocument,
    OpinionsDocument,
    OpinionDocument,
    AnswersDocument,
    ErrorDocument,
)
