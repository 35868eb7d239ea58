"""`scaffold render`: from answers to a verified repository, without asking."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import (
    AnswersOption,
    DryRunOption,
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


def render(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.", parser=folder)],
    preset: PresetOption = None,
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    verify: VerifyOption = VerifyLevel.FULL,
    dry_run: DryRunOption = False,
    force: ForceOption = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Render answers into DIR, verified, whole or not at all.

    Answers come from --set, SCAFFOLD_A__B variables, --answers files, a --preset and defaults, the strongest first.
    With neither --answers nor --preset they come from DIR/scaffold.yaml.
    """
    from scaffold.cli.finish import finish
    from scaffold.cli.inputs import collect
    from scaffold.cli.output import progress
    from scaffold.pipeline import render_to
    from scaffold.verify import Level

    inputs = collect(directory, preset, answers or [], settings or [], templates=templates)
    with progress("Rendering and verifying") as tell:
        document = render_to(
            directory,
            inputs.project,
            level=Level(verify),
            dry_run=dry_run,
            force=force,
            progress=tell,
            answers_text=inputs.answers_text,
        )
    return finish(document, output)
