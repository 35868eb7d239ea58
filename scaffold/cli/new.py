"""`scaffold new`: the wizard, which asks and then does what `render` does."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import (
    AnswersOption,
    ForceOption,
    Output,
    OutputOption,
    PresetOption,
    SetOption,
    TemplatesOption,
    VerifyLevel,
    VerifyOption,
    folder,
)


def new(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="The folder to write; by default ./<name>.", show_default=False, parser=folder
        ),
    ] = None,
    preset: PresetOption = None,
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing; take every proposal.")] = False,
    verify: VerifyOption = VerifyLevel.FULL,
    force: ForceOption = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Ask for answers, show what they cost, and render them into DIR.

    What --set, SCAFFOLD_A__B variables, --answers files, a --preset or DIR/scaffold.yaml answer is not asked; of a
    preset, name, region, owner and cost center are proposals.
    """
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.finish import finish
    from scaffold.cli.inputs import gather, settle
    from scaffold.cli.output import console, progress
    from scaffold.pipeline import render_to
    from scaffold.verify import Level
    from scaffold.wizard.session import begin, complete, confirmed, obstacle, target_of
    from scaffold.workspace.plan import TargetError

    if not defaults:
        refuse_without_terminal()
    given = gather(directory, preset, answers or [], settings or [], templates)
    talk = None if defaults else console(stderr=True)
    draft = complete(begin(given.preset, given.others, directory, given.model), directory, force, talk)
    inputs = settle(given, draft.merged)
    target = target_of(draft, directory)
    if text := obstacle(target, force):
        raise TargetError(text)
    if talk and not confirmed(talk, inputs.project, target):
        typer.echo("Nothing is written.", err=True)
        return Exit.CLEAN
    with progress("Rendering and verifying") as tell:
        document = render_to(
            target,
            inputs.project,
            level=Level(verify),
            dry_run=False,
            force=force,
            progress=tell,
            answers_text=inputs.answers_text,
        )
    return finish(document, output)


def refuse_without_terminal() -> None:
    """Refuse to ask where nobody can answer.

    Raises:
        ScaffoldError: standard input or standard error is not a terminal.
    """
    from scaffold.cli.output import has_terminal
    from scaffold.errors import ScaffoldError

    if not has_terminal():
        raise ScaffoldError(
            "scaffold new asks questions, and there is no terminal to ask them in. Use --defaults to take every "
            "proposal, or scaffold render DIR with --answers, --set or --preset."
        )
