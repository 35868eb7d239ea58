"""What an opinion is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scaffold.evaluate.root import Place
from scaffold.facts import Facts


class Status(StrEnum):
    """How a repository stands to an opinion. `UNKNOWN` is never to be read as kept."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an opinion says about one thing.

    Attributes:
        status: kept, broken or unknown; skipped comes from the engine alone.
        message: what was found, in one sentence that names the resource: `aws_route.private["b"] leads to the NAT
            gateway of another AZ.`
        place: where.
        mend: what to do about it, where something more fitting can be said than the opinion's own mend.
    """

    status: Status
    message: str
    place: Place
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion.

    Attributes:
        id: `N1`.
        title: what is to be, in one line.
        why: what happens otherwise, in one or two sentences.
        mend: what to do in general.
        source: where it comes from: an address of AWS's, Kubernetes' or the provider's documentation.
        judge: yields a judgement for each thing the opinion is about; nothing where there is no such thing.
        good: a tiny repository that keeps it, the text of each file by its path.
        bad: one that breaks it, likewise.
    """

    id: str
    title: str
    why: str
    mend: str
    source: str
    judge: Callable[[Facts], Iterator[Judgement]]
    good: Mapping[str, str] = field(default_factory=dict)
    bad: Mapping[str, str] = field(default_factory=dict)
