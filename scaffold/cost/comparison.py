"""Two sets of costs side by side, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scaffold.cost.line import CostLine
from scaffold.cost.lines import EnvironmentCost


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line on both sides.

    Attributes:
        environment: whose it is.
        one: the line on the one side, or None where there is none.
        other: the line on the other side, likewise.
    """

    environment: str
    one: CostLine | None
    other: CostLine | None

    @property
    def id(self) -> str:
        """What the line is known by."""
        return next(each.id for each in (self.one, self.other) if each is not None)

    @property
    def item(self) -> str:
        """What is paid for; where the sides differ in it, both: `NAT (single) / NAT (per-az)`."""
        return " / ".join(dict.fromkeys(each.item for each in (self.one, self.other) if each is not None))

    @property
    def difference(self) -> Decimal:
        """What the other side costs more, or less, in USD per month."""
        return (self.other.usd if self.other else Decimal(0)) - (self.one.usd if self.one else Decimal(0))


def compare_costs(one: Sequence[EnvironmentCost], other: Sequence[EnvironmentCost]) -> tuple[ComparedLine, ...]:
    """Return the lines of both sides, each environment beside the one of its name.

    Where an environment is on one side alone, so is each of its lines.
    """
    return tuple(_lines(one, other))


def _lines(one: Sequence[EnvironmentCost], other: Sequence[EnvironmentCost]) -> Iterator[ComparedLine]:
    left = {cost.environment: {line.id: line for line in cost.lines} for cost in one}
    right = {cost.environment: {line.id: line for line in cost.lines} for cost in other}
    for name in dict.fromkeys([*left, *right]):
        mine, theirs = left.get(name, {}), right.get(name, {})
        for id_ in dict.fromkeys([*mine, *theirs]):
            yield ComparedLine(name, mine.get(id_), theirs.get(id_))
