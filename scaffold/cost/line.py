"""A line of a table of costs: what is paid for, and the formula that gives the figure."""

from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Literal

from scaffold.cost.prices import Price, PriceTable

Kind = Literal["fixed", "usage"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a formula: its value, and how it is written."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the table.

    Attributes:
        id: what the line is known by among those of its environment, and in another set of answers.
        item: what is paid for.
        usd: USD per month, not rounded.
        formula: how the figure comes about.
        kind: whether it is paid whatever the load, or grows with it.
        source: the address of the price's page.
        price_of: the region whose list price was used.
        price_date: when it was read; empty for a price of the user's own without a date.
    """

    id: str
    item: str
    usd: Decimal
    formula: str
    kind: Kind
    source: str
    price_of: str
    price_date: str


def line(id_: str, item: str, kind: Kind, price: Price, *factors: Factor) -> CostLine:
    """Return a line whose figure is the product of its factors.

    Args:
        id_: what it is known by.
        item: what is paid for.
        kind: fixed or usage.
        price: the price among the factors, for its source.
        factors: what is multiplied, in the order of the formula.
    """
    usd = prod((factor.value for factor in factors), start=Decimal(1))
    formula = " x ".join(factor.text for factor in factors)
    return CostLine(id_, item, usd, formula, kind, price.source, price.region, price.date)


def number(value: int | Decimal, unit: str = "") -> Factor:
    """Return a plain number, with its unit: `3 AZs`, `0.5`."""
    return Factor(Decimal(value), f"{Decimal(value):f} {unit}".strip())


def usd(price: Price, per: str = "") -> Factor:
    """Return a price in USD per unit: `$0.045/h`."""
    return Factor(price.usd, f"${price.usd:f}/{per}" if per else f"${price.usd:f}")


def share(price: Price) -> Factor:
    """Return a share of the price before it: `12%`."""
    return Factor(price.usd, f"{(price.usd * 100).normalize():f}%")


def ratio(above: int, below: int) -> Factor:
    """Return one number over another: `2/3`."""
    return Factor(Decimal(above) / Decimal(below), f"{above}/{below}")


def hours(table: PriceTable) -> Factor:
    """Return the hours of a month: `720 h`."""
    return number(table.hours_per_month, "h")


def hourly(id_: str, item: str, count: int, price: str, table: PriceTable) -> CostLine:
    """Return the line of things that are paid for by the hour, all month.

    Args:
        id_: what it is known by.
        item: what is paid for.
        count: how many.
        price: the name of the price of one for an hour.
        table: the prices.
    """
    return line(id_, item, "fixed", table[price], number(count), usd(table[price], "h"), hours(table))
