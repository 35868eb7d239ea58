"""`scaffold adopt`: the answers of a repository that scaffold did not make."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption, folder


def adopt(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The repository to adopt.", parser=folder)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a scaffold.yaml that is there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Infer and print, but write nothing.")] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Infer the answers of a repository, and write them to DIR/scaffold.yaml; nothing else is touched.

    Each answer has a comment that says where it comes from, and each that is not known one that says why.
    """
    from scaffold.adopt import adopt as adopt_into
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json
    from scaffold.report.adopt_text import show_adoption

    document = adopt_into(directory, force=force, dry_run=dry_run)
    if output is Output.JSON:
        print_json(document)
    else:
        show_adoption(console(), document)
    return Exit.CLEAN
