"""`scaffold update`: a rendered repository brought to the current templates and answers."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import (
    AnswersOption,
    DryRunOption,
    Output,
    OutputOption,
    SetOption,
    TemplatesOption,
    VerifyLevel,
    VerifyOption,
    folder,
)


def update(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The repository to update.", parser=folder)],
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    verify: VerifyOption = VerifyLevel.FULL,
    dry_run: DryRunOption = False,
    force: Annotated[bool, typer.Option("--force", help="Update although there are uncommitted changes.")] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Merge the current templates and answers into DIR, which keeps its edits.

    Each file is merged three ways: what was last rendered, what is there, what is rendered now. Conflicts are marked
    inline and listed, and end with exit code 2. DIR/scaffold.yaml has the answers; --answers files, SCAFFOLD_A__B
    variables and --set change them there.
    """
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.inputs import collect
    from scaffold.cli.output import console, print_json, progress
    from scaffold.files import ANSWERS_FILE
    from scaffold.report.text import show_problems
    from scaffold.report.update_text import show_update
    from scaffold.update import open_target
    from scaffold.update import update as update_to
    from scaffold.verify import Level, failed

    with progress("Rendering, merging and verifying") as tell:
        base, notes = open_target(directory, dry_run=dry_run, force=force, progress=tell)
        inputs = collect(
            directory, None, [directory / ANSWERS_FILE, *(answers or [])], settings or [], templates=templates
        )
        document = update_to(
            directory, base, inputs.project, level=Level(verify), dry_run=dry_run, progress=tell, notes=notes
        )
    if output is Output.JSON:
        print_json(document)
    else:
        show_problems(console(stderr=True), document.warnings, "[yellow]warning[/]")
        show_update(console(), document)
    if failed(document.verification):
        return Exit.FINDINGS
    if document.conflicts or (dry_run and document.differs):
        return Exit.DIFFERENCES
    return Exit.FINDINGS if failed(document.merged_verification) else Exit.CLEAN
