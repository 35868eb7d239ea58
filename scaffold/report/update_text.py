"""What an update did, as text for a person."""

from collections import Counter

from rich.console import Console
from rich.text import Text

from scaffold.report.documents.update import UpdateDocument
from scaffold.report.text import show_verification
from scaffold.report.wording import shown
from scaffold.verify import failed
from scaffold.workspace.decision import CONFLICTS, Outcome

_QUIET = {Outcome.UNCHANGED, Outcome.IGNORED}


def show_update(console: Console, document: UpdateDocument) -> None:
    """Print what an update did or would do: verdicts, files, moves, what is destroyed, and what is left to a person."""
    show_verification(console, document.verification)
    if document.merged_verification:
        _print(console, ("With what you edited:", "bold"))
        show_verification(console, document.merged_verification)
    for file in document.files:
        if file.status not in _QUIET:
            was = f" (was {file.was})" if file.was else ""
            style = "red" if file.status in CONFLICTS else ""
            _print(console, (file.status, style), f": {file.path}{was}")
            if file.note:
                _print(console, f"  {file.note}")
    counts = Counter(file.status for file in document.files)
    _print(console, f"Files: {', '.join(f'{count} {status}' for status, count in counts.items())}")
    for move in document.moves:
        _print(console, f"moved: {move.source} → {move.target} ({move.file})")
    if document.commands:
        _print(console, ("Before the next apply", "yellow"), ", move in the state what no moved block can:")
        for command in document.commands:
            _print(console, f"  {command}")
    for gone in document.destroys:
        _print(console, ("the next apply destroys", "red"), f" {gone.address} (in {gone.root})")
    for each in document.replaces:
        because = f" {each.address}, because {each.argument} changes (in {each.root})"
        _print(console, ("the next apply replaces", "red"), because)
    for note in document.notes:
        _print(console, ("note", "yellow"), f" {note}")
    _show_end(console, document)


def _show_end(console: Console, document: UpdateDocument) -> None:
    if failed(document.verification):
        _print(console, ("Nothing is written:", "red"), f" {document.target} is as it was.")
    elif document.dry_run:
        _print(console, "Nothing is written: --dry-run.")
    elif document.published:
        _print(console, ("Updated", "green"), f" {document.target}")
    elif document.conflicts:
        _print(console, ("Nothing is written:", "red"), " first resolve the conflicts that are marked.")
    else:
        _print(console, ("Nothing to do:", "green"), f" {document.target} is up to date.")
    if document.conflicts:
        files = "1 file is" if document.conflicts == 1 else f"{document.conflicts} files are"
        _print(console, (f"{files} in conflict", "red"), " and left to you; see above.")


def _print(console: Console, *parts: str | tuple[str, str]) -> None:
    console.print(Text.assemble(*map(shown, parts)))
