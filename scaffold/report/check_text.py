"""What a check found, as text for a person."""

from rich.console import Console
from rich.text import Text

from scaffold.report.documents.check import CheckDocument
from scaffold.report.text import show_verification
from scaffold.report.wording import place_of, visible


def show_check(console: Console, document: CheckDocument) -> None:
    """Print what a check found: verdicts with their findings, what opinions do not know, and what the baseline says."""
    show_verification(console, document.verification)
    for status in ("unknown", "skipped"):
        for opinion in (each for each in document.opinions if each.status == status):
            _print(console, status, "yellow", opinion.id, f"{opinion.file}:{opinion.line}", opinion.message)
    for known in document.known:
        _print(console, "known", "dim", known.rule, place_of(known.file, known.line), known.message)
    for fixed in document.fixed:
        _print(console, "fixed", "green", fixed.rule, place_of(fixed.file, None), fixed.message)


def _print(console: Console, mark: str, style: str, rule: str, place: str, message: str) -> None:
    text = Text.assemble(
        (f"{mark:<7}", style), f" {visible(rule):<4} ", (visible(place), "bold"), f" {visible(message)}"
    )
    console.print(text)
