"""Documents as text for a person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scaffold.report.documents import (
    AnswersDocument,
    CheckDocument,
    EnvironmentCostEntry,
    FileEntry,
    PresetsDocument,
    ProblemEntry,
    RenderDocument,
    VerificationEntry,
)

MARKS = {
    "passed": "[green]passed [/]",
    "failed": "[red]failed [/]",
    "not run": "[yellow]not run[/]",
}
_UNREMARKABLE = {"unchanged"}


def show_render(console: Console, document: RenderDocument) -> None:
    """Print what a rendering did or would do: warnings, verdicts, files, cost."""
    show_problems(console, document.warnings, "[yellow]warning[/]")
    show_verification(console, document.verification)
    show_files(console, document.files, listed=document.dry_run)
    show_cost(console, document.fixed_cost)
    if document.published:
        console.print(f"[green]Written to[/] {escape(document.target)}")
    elif document.dry_run:
        console.print("Nothing is written: --dry-run.")
    else:
        console.print(f"[red]Nothing is written:[/] {escape(document.target)} is as it was.")


def show_check(console: Console, document: CheckDocument) -> None:
    """Print what a check found."""
    show_verification(console, document.verification)


def show_presets(console: Console, document: PresetsDocument) -> None:
    """Print the presets as a table."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for preset in document.presets:
        table.add_row(f"[bold]{escape(preset.name)}[/]", preset.date, escape(preset.about))
    console.print(table)


def show_answers(console: Console, document: AnswersDocument) -> None:
    """Print every answer: its path and default, and below them what it is."""
    for answer in document.answers:
        console.print(f"[bold]{escape(answer.path)}[/]  [dim]{escape(answer.default)}[/]", highlight=False)
        console.print(f"  {escape(answer.about)}", highlight=False)


def show_problems(console: Console, problems: Sequence[ProblemEntry], label: str) -> None:
    """Print problems, one to a paragraph: the answer, where it came from, what is wrong and what to do."""
    for problem in problems:
        source = f" ({escape(problem.source)})" if problem.source else ""
        console.print(f"{label} [bold]{escape(problem.path)}[/]{source}: {escape(problem.message)}", highlight=False)
        console.print(f"  {escape(problem.mend)} \\[{escape(problem.rule)}]", highlight=False)


def show_verification(console: Console, verification: Sequence[VerificationEntry]) -> None:
    """Print each verifier's verdict on a line, and its findings below it."""
    for entry in verification:
        seconds = f"{entry.seconds:.1f} s" if entry.status != "not run" else ""
        line = f"{MARKS[entry.status]} {entry.verifier:<16}{seconds:>7}  {escape(entry.reason)}"
        console.print(line, highlight=False)
        for finding in entry.findings:
            place = escape(":".join(str(part) for part in (finding.file, finding.line) if part))
            what = f"{escape(finding.message)} \\[{escape(finding.rule)}]"
            console.print(f"  [bold]{place or '-'}[/] {what}", highlight=False)
            if finding.mend:
                console.print(f"    {escape(finding.mend)}", highlight=False)


def show_files(console: Console, files: Sequence[FileEntry], listed: bool) -> None:
    """Print how many files have which status, and with `listed` each one that something happens to."""
    if listed:
        for file in files:
            if file.status not in _UNREMARKABLE:
                console.print(f"{escape(file.status)}: {escape(file.path)}", highlight=False)
    console.print(f"Files: {', '.join(_counts(files))}", highlight=False)


def _counts(files: Sequence[FileEntry]) -> Iterator[str]:
    for status, count in Counter(file.status for file in files).items():
        yield f"{count} {status}"


def show_cost(console: Console, costs: Sequence[EnvironmentCostEntry]) -> None:
    """Print the fixed monthly cost of each environment."""
    for cost in costs:
        table = Table(
            title=f"{escape(cost.environment)}: fixed cost, USD a month",
            title_justify="left",
            title_style="bold",
            box=None,
            padding=(0, 2, 0, 0),
            show_header=False,
        )
        table.add_column()
        table.add_column(justify="right")
        table.add_column(style="dim")
        for line in cost.lines:
            table.add_row(escape(line.item), f"{Decimal(line.usd):,.2f}", escape(line.formula))
        table.add_row("[bold]total[/]", f"[bold]{Decimal(cost.usd):,.2f}[/]", _basis(cost))
        console.print(table)


def _basis(cost: EnvironmentCostEntry) -> str:
    basis = f"list prices of {cost.prices_date}, {cost.prices_of}"
    return basis if cost.prices_of == cost.region else f"{basis}; there are none for {cost.region}"
