"""From what is there and what it is used for to the document that `scaffold cost` prints."""

from collections.abc import Sequence
from decimal import Decimal

from scaffold.cost.alternatives import Alternative, alternatives
from scaffold.cost.comparison import ComparedLine, compare_costs
from scaffold.cost.lines import EnvironmentCost, cost_of
from scaffold.cost.prices import Prices
from scaffold.cost.sides import Used
from scaffold.report.documents.cost import (
    AlternativeEntry,
    ComparedLineEntry,
    CostComparisonEntry,
    CostDocument,
    CostEntry,
    EnvironmentCostEntry,
    exact,
)


def cost_document(
    environments: Sequence[Used],
    prices: Prices,
    *,
    target: str | None = None,
    others: Sequence[Used] = (),
    label: str = "",
) -> CostDocument:
    """Return what environments cost a month.

    Args:
        environments: the environments.
        prices: the list prices.
        target: the repository they were read from, if they were.
        others: those of other answers, to compare with.
        label: what to call these; without it nothing is compared.
    """
    costs = [cost_of(each.inventory, each.usage, prices) for each in environments]
    return CostDocument(
        target=target,
        environments=[EnvironmentCostEntry.of(cost) for cost in costs],
        usd=exact(_total(costs)),
        alternatives=[
            _alternative(found) for each in environments for found in alternatives(each.inventory, each.usage, prices)
        ],
        comparison=_comparison(costs, [cost_of(each.inventory, each.usage, prices) for each in others], label),
    )


def _total(costs: Sequence[EnvironmentCost]) -> Decimal:
    return sum((cost.usd for cost in costs), Decimal(0))


def _comparison(
    costs: Sequence[EnvironmentCost], others: Sequence[EnvironmentCost], label: str
) -> CostComparisonEntry | None:
    if not label:
        return None
    return CostComparisonEntry(
        label=label,
        environments=[EnvironmentCostEntry.of(cost) for cost in others],
        lines=[_compared(line) for line in compare_costs(costs, others)],
        usd=exact(_total(others)),
        difference=exact(_total(others) - _total(costs)),
    )


def _compared(line: ComparedLine) -> ComparedLineEntry:
    one, other = line.one, line.other
    return ComparedLineEntry(
        environment=line.environment,
        id=line.id,
        item=line.item,
        usd=exact(one.usd if one else Decimal(0)),
        other_usd=exact(other.usd if other else Decimal(0)),
        difference=exact(line.difference),
        formula=one.formula if one else "",
        other_formula=other.formula if other else "",
    )


def _alternative(found: Alternative) -> AlternativeEntry:
    even = found.break_even_gb_seconds
    return AlternativeEntry(
        environment=found.environment,
        title=found.title,
        instead_of=list(found.instead_of),
        lines=[CostEntry.of(line) for line in found.lines],
        usd=None if found.usd is None else exact(found.usd),
        difference=None if found.difference is None else exact(found.difference),
        break_even_gb_seconds=None if even is None else f"{even:f}",
        advice=found.advice,
    )
