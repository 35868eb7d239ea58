"""Documents as text for a person.

What comes from outside is appended to a `Text`, never put into Rich's markup, so that it is printed as it is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaffold.report.cost_text import show_cost
from scaffold.report.documents.catalogue import AnswersDocument, PresetsDocument
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.render import FileEntry, RenderDocument
from scaffold.report.documents.verification import VerificationEntry
from scaffold.report.wording import place_of, shown, visible
from scaffold.workspace.plan import Change

STYLES = {"passed": "green", "failed": "red", "not run": "yellow"}
_ORDINARY = {Change.NEW, Change.UNCHANGED, Change.CHANGED, Change.REMOVED}


def show_render(console: Console, document: RenderDocument) -> None:
    """Print what a rendering did or would do: verdicts, files, cost."""
    show_verification(console, document.verification)
    show_files(console, document.files, listed=document.dry_run)
    show_cost(console, document.cost)
    if document.published:
        _print(console, ("Written to", "green"), f" {document.target}")
    elif document.dry_run:
        _print(console, "Nothing is written: --dry-run.")
        if document.refused:
            _print(console, ("Without --dry-run", "red"), " this would be refused, because --force is not given.")
    else:
        _print(console, ("Nothing is written:", "red"), f" {document.target} is as it was.")


def show_presets(console: Console, document: PresetsDocument) -> None:
    """Print the presets as a table."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for preset in document.presets:
        table.add_row(Text(preset.name, "bold"), preset.date, Text(preset.about))
    console.print(table)


def show_answers(console: Console, document: AnswersDocument) -> None:
    """Print every answer: its path and default, and below them what it is."""
    for answer in document.answers:
        _print(console, (answer.path, "bold"), "  ", (answer.default, "dim"))
        _print(console, f"  {answer.about}")


def show_problems(console: Console, problems: Sequence[ProblemEntry], label: str) -> None:
    """Print problems, one to a paragraph: the answer, where it came from, what is wrong and what to do.

    Args:
        console: where to.
        problems: what is wrong.
        label: what to begin each with, in Rich's markup.
    """
    for problem in problems:
        source = f" ({problem.source})" if problem.source else ""
        _print(console, Text.from_markup(label), " ", (problem.path, "bold"), f"{source}: {problem.message}")
        _print(console, f"  {problem.mend} [{problem.rule}]")


def show_verification(console: Console, verification: Sequence[VerificationEntry]) -> None:
    """Print each verifier's verdict on a line, and its findings below it."""
    for entry in verification:
        seconds = f"{entry.seconds:.1f} s" if entry.status != "not run" else ""
        mark = (f"{entry.status:<7}", STYLES[entry.status])
        _print(console, mark, f" {entry.verifier:<16}{seconds:>7}  {visible(entry.reason)}")
        for finding in entry.findings:
            place = place_of(finding.file, finding.line)
            _print(console, "  ", (visible(place), "bold"), f" {visible(finding.message)} [{finding.rule}]")
            if finding.mend:
                _print(console, f"    {visible(finding.mend)}")


def show_files(console: Console, files: Sequence[FileEntry], listed: bool) -> None:
    """Print how many files have which status, each whose user's text is concerned, and with `listed` every change."""
    for file in files:
        if file.status not in _ORDINARY or (listed and file.status != Change.UNCHANGED):
            _print(console, f"{file.status}: {file.path}")
    if any(file.status == Change.KEPT for file in files):
        _print(console, "What is kept was not verified and is yours from now on: delete it, or move it away.")
    _print(console, f"Files: {', '.join(_counts(files))}")


def _counts(files: Sequence[FileEntry]) -> Iterator[str]:
    for status, count in Counter(file.status for file in files).items():
        yield f"{count} {status}"


def _print(console: Console, *parts: str | tuple[str, str] | Text) -> None:
    console.print(Text.assemble(*map(shown, parts)))
