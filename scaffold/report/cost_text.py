"""Tables of costs as text for a person. What comes from outside is never put into Rich's markup."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaffold.report.documents.cost import (
    AlternativeEntry,
    CostComparisonEntry,
    CostDocument,
    EnvironmentCostEntry,
    UnpricedEntry,
)

_Cells = tuple[str, ...]
_Rows = tuple[str, list[_Cells], _Cells]


def show_cost_document(console: Console, document: CostDocument) -> None:
    """Print what environments cost, beside other answers where they are compared, and what else would bear the load."""
    if not document.environments:
        console.print(Text("Nothing here has a price that is known."))
    if document.comparison is None:
        show_cost(console, document.environments)
        if len(document.environments) > 1:
            console.print(Text(f"in total {money(document.usd)} USD a month", "bold"))
    else:
        _show_comparison(console, document, document.comparison)
    for alternative in document.alternatives:
        _show_alternative(console, alternative)


def show_cost(console: Console, costs: Sequence[EnvironmentCostEntry]) -> None:
    """Print the monthly cost of each environment, line by line."""
    for cost in costs:
        rows = [(line.item, money(line.usd), line.formula) for line in cost.lines]
        _table(console, cost_title(cost), rows, ("total", money(cost.usd), cost.basis))
        _show_unpriced(console, cost.unpriced)


def show_cost_in_short(console: Console, costs: Sequence[EnvironmentCostEntry]) -> None:
    """Print the monthly cost of each environment as a paragraph, which fits a narrow terminal."""
    fixed = not any(line.kind == "usage" for cost in costs for line in cost.lines)
    console.print(Text("Fixed cost, USD a month" if fixed else "Cost, USD a month", "bold"))
    for cost in costs:
        lines = ", ".join(f"{line.item} {money(line.usd)}" for line in cost.lines)
        total = (f"{cost.environment} {money(cost.usd)}", "bold")
        console.print(Text.assemble(total, f" = {lines} ({cost.basis})"))
        _show_unpriced(console, cost.unpriced)


def cost_title(cost: EnvironmentCostEntry) -> str:
    """Return what stands above an environment's table."""
    fixed = not any(line.kind == "usage" for line in cost.lines)
    return f"{cost.environment}: {'fixed cost' if fixed else 'cost'}, USD a month"


def money(usd: str) -> str:
    """Return an amount to the cent; a difference of nothing has no sign."""
    text = f"{Decimal(usd):,.2f}"
    return "0.00" if text == "-0.00" else text


def signed(usd: str) -> str:
    """Return a difference to the cent, with its sign."""
    text = money(usd)
    return text if text.startswith("-") or Decimal(usd) == 0 else f"+{text}"


def compared_rows(document: CostDocument, comparison: CostComparisonEntry) -> Iterator[_Rows]:
    """Yield for each environment of either side its name, its rows and its total: item, both sides, difference."""
    sides = {cost.environment: Decimal(cost.usd) for cost in document.environments}
    others = {cost.environment: Decimal(cost.usd) for cost in comparison.environments}
    for name in dict.fromkeys([*sides, *others]):
        rows: list[_Cells] = [
            (line.item, money(line.usd), money(line.other_usd), signed(line.difference))
            for line in comparison.lines
            if line.environment == name
        ]
        usd, other = sides.get(name, Decimal(0)), others.get(name, Decimal(0))
        yield name, rows, ("total", money(str(usd)), money(str(other)), signed(str(other - usd)))


def bases(document: CostDocument, comparison: CostComparisonEntry) -> list[str]:
    """Return whose list prices the two sides have and of when, each wording once."""
    return list(dict.fromkeys(cost.basis for cost in (*document.environments, *comparison.environments)))


def _show_comparison(console: Console, document: CostDocument, comparison: CostComparisonEntry) -> None:
    for name, rows, total in compared_rows(document, comparison):
        title = f"{name}: USD a month as answered, with {comparison.label}, and the difference"
        _table(console, title, rows, total)
    for cost in document.environments:
        _show_unpriced(console, cost.unpriced)
    console.print(
        Text(f"in total {money(document.usd)} as answered, {money(comparison.usd)} with {comparison.label}: ", "bold")
        + Text(f"{signed(comparison.difference)} USD a month", "bold")
    )
    for basis in bases(document, comparison):
        console.print(Text(basis, "dim"))


def _show_alternative(console: Console, alternative: AlternativeEntry) -> None:
    title = f"{alternative.environment}: {alternative.title}"
    if alternative.usd is None or alternative.difference is None:
        console.print(Text(title, "bold"))
    else:
        rows = [(line.item, money(line.usd), line.formula) for line in alternative.lines]
        total = ("total then", money(alternative.usd), f"{signed(alternative.difference)} a month")
        _table(console, title, rows, total)
    console.print(Text(alternative.advice))


def _show_unpriced(console: Console, unpriced: Sequence[UnpricedEntry]) -> None:
    for each in unpriced:
        console.print(Text.assemble(("not priced", "yellow"), f" {each.what}: {each.reason}"))


def _table(console: Console, title: str, rows: Sequence[_Cells], total: _Cells) -> None:
    table = Table(
        title=Text(title),
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
        show_header=False,
    )
    table.add_column()
    for _ in total[1:-1]:
        table.add_column(justify="right")
    compared = len(total) > 3
    table.add_column(justify="right" if compared else "left", style="" if compared else "dim")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    *figures, last = total
    table.add_row(*(Text(cell, "bold") for cell in figures), Text(last, "bold" if compared else ""))
    console.print(table)
