"""`scaffold cost`: what environments cost a month."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import AnswersOption, PresetOption, SetOption, TemplatesOption, folder


class CostOutput(StrEnum):
    """How `cost` prints its result to standard output."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def cost(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="A repository: what is in it is priced.", parser=folder),
    ] = None,
    preset: PresetOption = None,
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", help="A YAML file of prices over the shipped ones.", metavar="FILE"),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare",
            help="Beside other answers: settings over these, such as network.nat=single,network.endpoints=none; a "
            "preset; or an answers file.",
            metavar="ANSWERS",
        ),
    ] = None,
    output: Annotated[CostOutput, typer.Option("--output", "-o", help="How to print the result.")] = CostOutput.TEXT,
) -> int:
    """Price what DIR has, or what answers would render, per month; with a usage in the answers, that too.

    Without DIR, answers come from where `render` has them from.
    """
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.inputs import gather
    from scaffold.cli.output import console, print_json
    from scaffold.cost.prices import load_prices
    from scaffold.cost.report import cost_document
    from scaffold.cost.sides import answered, other_answers, there
    from scaffold.errors import ScaffoldError
    from scaffold.workspace.plan import TargetError

    if directory is None and preset is None and not answers:
        raise ScaffoldError("there is nothing to price. Name a folder, a --preset or an --answers file.")
    if compare is not None and not compare.strip():
        raise ScaffoldError("--compare is empty; give settings, a preset or an answers file.")
    if directory is not None and not directory.is_dir():
        raise TargetError(f"{directory} is not a folder.")
    table = load_prices(prices)
    given = gather(directory, preset, answers or [], settings or [], templates)
    flags = [source for source in given.others if source.label in ("--set", "environment")]
    # Of a repository of somebody else's, the answers have to say no more than what it is used for.
    complete = given.own is not None
    document = cost_document(
        answered(given.sources, given.model)
        if directory is None
        else there(directory, given.sources, complete=complete, model=given.model),
        table,
        target=None if directory is None else str(directory),
        others=[] if compare is None else answered(other_answers(given.sources, flags, compare), given.model),
        label=compare or "",
    )
    if output is CostOutput.JSON:
        print_json(document)
    elif output is CostOutput.MARKDOWN:
        from scaffold.report.cost_markdown import cost_markdown

        typer.echo(cost_markdown(document), nl=False)
    else:
        from scaffold.report.cost_text import show_cost_document

        show_cost_document(console(), document)
    return Exit.CLEAN
