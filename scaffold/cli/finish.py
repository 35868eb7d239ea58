"""How commands that render end: the result printed, and its exit code."""

from scaffold.cli.exit_codes import Exit
from scaffold.cli.options import Output
from scaffold.cli.output import console, print_json
from scaffold.report.documents import RenderDocument, VerificationEntry
from scaffold.report.text import show_render
from scaffold.workspace.plan import NO_DIFFERENCE


def finish(document: RenderDocument, output: Output) -> Exit:
    """Print what a rendering did and return the exit code that says it."""
    if output is Output.JSON:
        print_json(document)
    else:
        show_render(console(), document)
    if has_failed(document.verification):
        return Exit.FINDINGS
    differs = any(file.status not in NO_DIFFERENCE for file in document.files)
    return Exit.DIFFERENCES if document.dry_run and differs else Exit.CLEAN


def has_failed(verification: list[VerificationEntry]) -> bool:
    """Return whether any verifier found something wrong."""
    return any(entry.status == "failed" for entry in verification)
