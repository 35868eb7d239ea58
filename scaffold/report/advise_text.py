"""What a workload should run on, as text for a person. What comes from outside is never put into Rich's markup."""

import shlex

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaffold.report.cost_text import money
from scaffold.report.documents.advise import AdviseDocument, FactEntry, OptionEntry, RecommendationEntry

_STYLES = {"recommended": "green", "possible": "", "no": "dim", "for": "green", "against": "yellow"}


def show_advice(console: Console, document: AdviseDocument) -> None:
    """Print what is recommended and what else could do it; without a recommendation, which facts can be given."""
    if document.recommendation is None:
        _show_facts(console, document.facts)
        return
    _show_recommendation(console, document, document.recommendation)
    _show_table(console, document.options)
    for option in document.options:
        _show_option(console, option)
    bases = dict.fromkeys(option.basis for option in document.options if option.basis)
    for basis in bases:
        console.print(Text(f"USD a month: {basis}. Storage, logs, keys, alarms and queues come on top.", "dim"))


def _show_facts(console: Console, facts: list[FactEntry]) -> None:
    console.print(Text("Say what is to run, with --set FACT=VALUE or in a file with --workload FILE:", "bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for fact in facts:
        table.add_row(
            Text(fact.name, "bold"), Text(fact.default, "" if fact.default == "required" else "dim"), fact.about
        )
    console.print(table)


def _show_recommendation(console: Console, document: AdviseDocument, found: RecommendationEntry) -> None:
    (option,) = [each for each in document.options if each.id == found.option]
    opinions = f" ({', '.join(found.by)})" if found.by else ""
    console.print(Text.assemble((option.title, "bold green"), f": {found.why}{opinions}"))
    for note in document.notes:
        console.print(Text.assemble(("note", "yellow"), f" {note}"))
    console.print(Text.assemble("Render it: ", (shlex.join(found.command), "bold")))


def _show_table(console: Console, options: list[OptionEntry]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column()
    table.add_column(justify="right")
    for option in options:
        style = _STYLES[option.fit]
        usd = "-" if option.usd is None else f"{money(option.usd)} USD a month"
        table.add_row(Text(option.title, style), Text(option.fit, style), Text(usd, style))
    console.print()
    console.print(table)


def _show_option(console: Console, option: OptionEntry) -> None:
    console.print()
    console.print(Text(option.title, "bold"))
    for reason in option.reasons:
        console.print(
            Text.assemble(f"  [{reason.by}] ", (reason.effect, _STYLES.get(reason.effect, "")), f": {reason.text}")
        )
    for assumption in option.assumptions:
        console.print(Text(f"  {assumption}", "dim"))
    if option.lines:
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_column(style="dim")
        for line in option.lines:
            table.add_row(Text(line.item), Text(money(line.usd)), Text(line.formula))
        console.print(table)
