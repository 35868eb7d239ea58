"""What `scaffold adopt` inferred, as text for a person."""

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaffold.files import ANSWERS_FILE
from scaffold.report.documents.adopt import AdoptDocument

_LONGEST_VALUE = 60


def show_adoption(console: Console, document: AdoptDocument) -> None:
    """Print each answer with its value and origin, then what is missing and what no answer can say."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("answer", "value", "from"):
        table.add_column(heading, header_style="bold", overflow="fold")
    for answer in document.answers:
        value = (
            yaml.safe_dump(answer.value, default_flow_style=True, width=10**9).removesuffix("\n").removesuffix("\n...")
        )
        shown = value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"
        origin = f"{answer.file}:{answer.line} {answer.how}".rstrip()
        table.add_row(Text(_printable(answer.path)), Text(_printable(shown)), Text(_printable(origin), "dim"))
    console.print(table)
    for gap in sorted(document.gaps, key=lambda gap: not gap.required):
        label = ("required", "red") if gap.required else ("not known", "yellow")
        _print(console, label, " ", (_printable(gap.path), "bold"), f": {_printable(gap.reason)}")
    for thing in document.not_expressible:
        place = f"{_printable(thing.file)}:{thing.line}"
        _print(console, ("no answer", "yellow"), " ", (place, "bold"), f" {_printable(thing.what)}")
    missing = sum(gap.required for gap in document.gaps)
    rest = f"; fill in the {missing} required before rendering" if missing else ""
    if document.written:
        _print(
            console,
            ("Written to", "green"),
            f" {document.target}/{ANSWERS_FILE}: {len(document.answers)} answers{rest}.",
        )
    else:
        _print(console, f"Nothing is written: --dry-run. {len(document.answers)} answers{rest}.")


def _printable(text: str) -> str:
    # A repository's own text is not to move a terminal's cursor.
    return "".join(each if each.isprintable() else " " for each in text)


def _print(console: Console, *parts: str | tuple[str, str]) -> None:
    console.print(Text.assemble(*parts))
