"""What things cost a month."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scaffold.cost.line import CostLine
    from scaffold.cost.lines import EnvironmentCost


def exact(usd: Decimal) -> str:
    """Return an amount in USD as a decimal number in text, with no exponent and at least two places."""
    text = f"{usd:f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


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
