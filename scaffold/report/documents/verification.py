"""What verifiers and opinions say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scaffold.report.documents.cost import exact

if TYPE_CHECKING:
    from scaffold.cost.line import CostLine
    from scaffold.opinions.opinion import Judgement, Opinion
    from scaffold.verify.verdict import Finding, Verdict


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
