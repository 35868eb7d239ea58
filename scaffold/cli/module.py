"""`scaffold module`: one component as a publishable module."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import (
    AnswersOption,
    DryRunOption,
    ForceOption,
    Output,
    OutputOption,
    SetOption,
    TemplatesOption,
    VerifyLevel,
    VerifyOption,
    folder,
)


def module(
    component: Annotated[str, typer.Argument(help="The component: network, eks-auto-mode, …")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.", parser=folder)],
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    verify: VerifyOption = VerifyLevel.FULL,
    dry_run: DryRunOption = False,
    force: ForceOption = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Render one component as a module of its own: README with inputs and outputs, examples/, tests/.

    The module serves what the answers' environments ask for; without answers, the defaults of dev and prod.
    """
    from dataclasses import replace

    from scaffold.cli.finish import finish
    from scaffold.cli.inputs import collect, model_of
    from scaffold.cli.output import progress
    from scaffold.pipeline import deliver
    from scaffold.render.module import render_module
    from scaffold.verify import Level

    # What a module of its own does not depend on, but a project cannot do without.
    weakest: dict[str, object] = {
        "name": "example",
        "region": "us-east-1",
        "owner": "example",
        "cost_center": "example",
    }
    if found := model_of(templates).components.get(component):
        key, of_component = found
        weakest |= {"capacity": [component], key: dict(of_component.REQUIRED)}
    inputs = collect(directory, None, answers or [], settings or [], weakest, templates)
    with progress("Rendering and verifying") as tell:
        document = deliver(
            directory,
            replace(inputs.project, warnings=()),  # they are about environments, of which a module has none
            render_module(component, inputs.project),
            level=Level(verify),
            dry_run=dry_run,
            force=force,
            progress=tell,
        )
    return finish(document, output)
