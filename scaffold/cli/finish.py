"""How commands that render end: the result printed, and its exit code."""

from scaffold.cli.exit_codes import Exit
from scaffold.cli.options import Output
from scaffold.cli.output import console, print_json
from scaffold.report.documents.render import RenderDocument
from scaffold.report.text import show_problems, show_render
from scaffold.verify import failed


def finish(document: RenderDocument, output: Output) -> Exit:
    """Print what a rendering did and return the exit code that says it; with text, warnings go to standard error."""
    if output is Output.JSON:
        print_json(document)
    else:
        show_problems(console(stderr=True), document.warnings, "[yellow]warning[/]")
        show_render(console(), document)
    if failed(document.verification):
        return Exit.FINDINGS
    return Exit.DIFFERENCES if document.dry_run and document.differs else Exit.CLEAN
