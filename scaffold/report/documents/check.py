"""What a check found."""

from dataclasses import dataclass
from typing import Literal

from scaffold.report.documents.verification import OpinionEntry, VerificationEntry


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
