"""What was inferred from a repository."""

from dataclasses import dataclass
from typing import Any, Literal


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
