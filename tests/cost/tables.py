"""Pricing answers and looking at the lines, for tests."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from scaffold.answers.sources import Source, from_settings
from scaffold.cost.line import CostLine
from scaffold.cost.lines import EnvironmentCost, cost_of
from scaffold.cost.prices import load_prices
from scaffold.cost.sides import answered
from tests.support.rendering import LEAST

_NUMBER = re.compile(r"\$?(\d+(?:\.\d+)?)(?:/(\d+))?(%?)")


def sources(*settings: str, answers: Mapping[str, object] | None = None) -> list[Source]:
    """Return the least answers, others over them, and `--set` flags over those."""
    return [Source(LEAST, "test"), Source(answers or {}, "test"), from_settings(settings)]


def costs(*settings: str, answers: Mapping[str, object] | None = None) -> dict[str, EnvironmentCost]:
    """Return what each environment of some answers costs."""
    sides = answered(sources(*settings, answers=answers))
    return {each.inventory.environment: cost_of(each.inventory, each.usage, load_prices()) for each in sides}


def value_of(formula: str) -> Decimal:
    """Return what a formula such as `3 x $0.045/h x 720 h x 15% - 2 x $1.00` comes to."""
    total, sign = Decimal(0), 1
    for part in re.split(r" ([+-]) ", formula):
        if part in ("+", "-"):
            sign = 1 if part == "+" else -1
            continue
        result = Decimal(1)
        for factor in part.split(" x "):
            match = _NUMBER.match(factor)
            assert match, factor
            result *= Decimal(match[1]) / Decimal(match[2] or 1) / (100 if match[3] else 1)
        total += sign * result
    return total


def line(cost: EnvironmentCost | Iterable[CostLine], id_: str) -> CostLine:
    """Return the one line of an id."""
    lines = cost.lines if isinstance(cost, EnvironmentCost) else cost
    (found,) = [each for each in lines if each.id == id_]
    return found


def ids(cost: EnvironmentCost) -> set[str]:
    """Return the ids of all lines."""
    return {each.id for each in cost.lines}
