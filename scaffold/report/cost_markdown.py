"""Tables of costs as Markdown, for the comment of a pull request. What comes from outside is shown as it is."""

from collections.abc import Iterator

from scaffold.report.cost_text import bases, compared_rows, cost_title, money, signed
from scaffold.report.documents.cost import CostDocument, EnvironmentCostEntry
from scaffold.report.markdown import escape


def cost_markdown(document: CostDocument) -> str:
    """Return what environments cost, with what else would bear the load."""
    return "\n".join(_lines(document))


def _lines(document: CostDocument) -> Iterator[str]:
    comparison = document.comparison
    if comparison is None:
        for cost in document.environments:
            yield from _table(cost)
        if len(document.environments) > 1:
            yield f"**In total ${money(document.usd)} a month.**\n"
    else:
        for name, rows, total in compared_rows(document, comparison):
            yield f"#### {escape(name)}\n"
            yield f"| USD a month | as answered | with {escape(comparison.label)} | difference |"
            yield "|---|---:|---:|---:|"
            for row in (*rows, total):
                yield f"| {' | '.join(escape(cell) for cell in row)} |"
            yield ""
        yield f"**In total {escape(signed(comparison.difference))} USD a month.**\n"
        for basis in bases(document, comparison):
            yield f"- {escape(basis)}"
        yield ""
        for cost in (*document.environments, *comparison.environments):
            yield from _unpriced(cost)
    for alternative in document.alternatives:
        yield f"#### {escape(alternative.environment)}: {escape(alternative.title)}\n"
        if alternative.usd is None or alternative.difference is None:
            yield f"{escape(alternative.advice)}\n"
        else:
            usd, difference = money(alternative.usd), escape(signed(alternative.difference))
            yield f"${usd} a month in total, {difference}. {escape(alternative.advice)}\n"


def _table(cost: EnvironmentCostEntry) -> Iterator[str]:
    yield f"#### {escape(cost_title(cost))}\n"
    yield "| | USD a month | |"
    yield "|---|---:|---|"
    for line in cost.lines:
        yield f"| {escape(line.item)} | {money(line.usd)} | {escape(line.formula)} |"
    yield f"| **total** | **{money(cost.usd)}** | {escape(cost.basis)} |\n"
    yield from _unpriced(cost)


def _unpriced(cost: EnvironmentCostEntry) -> Iterator[str]:
    for each in cost.unpriced:
        yield f"- not priced: {escape(each.what)}: {escape(each.reason)}"
    if cost.unpriced:
        yield ""
