"""The opinions as text for a person."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaffold.report.documents.catalogue import OpinionDocument, OpinionsDocument


def show_opinions(console: Console, document: OpinionsDocument) -> None:
    """Print the opinions as a table."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for opinion in document.opinions:
        title = Text(opinion.title or "") if opinion.judged else Text(f"not judged: {opinion.reason}", "dim")
        table.add_row(Text(opinion.id, "bold"), title)
    console.print(table)


def show_opinion(console: Console, document: OpinionDocument) -> None:
    """Print what an opinion says, with what keeps it and what breaks it."""
    console.print(Text.assemble((f"{document.id}  {document.title}", "bold")))
    for label, text in (("Why", document.why), ("Mend", document.mend), ("Source", document.source)):
        console.print(Text.assemble((f"{label}: ", "bold"), text))
    _show_files(console, "Breaks it", "red", document.bad)
    _show_files(console, "Keeps it", "green", document.good)


def _show_files(console: Console, label: str, style: str, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        console.print(Text.assemble("\n", (label, style), ": ", (path, "bold")))
        for line in text.splitlines():
            console.print(Text(f"  {line}"))
