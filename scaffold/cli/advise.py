"""`scaffold advise`: what a workload should run on."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption


def advise(
    workload: Annotated[
        list[Path] | None,
        typer.Option("--workload", help="A YAML file of facts; repeatable, a later one wins.", metavar="FILE"),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="One fact, such as traffic=spiky; the value is YAML.", metavar="FACT=VALUE"),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", help="A YAML file of prices over the shipped ones.", metavar="FILE"),
    ] = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """Say from a few facts of a workload what it should run on, why, and what that costs beside the alternatives.

    Without facts, it says which there are.
    """
    from scaffold.advise.advice import advise as advise_on
    from scaffold.advise.workload import facts, workload_from
    from scaffold.answers.sources import from_file, from_settings, merge
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json
    from scaffold.cost.prices import load_prices
    from scaffold.report.advise_text import show_advice
    from scaffold.report.documents.advise import AdviseDocument

    known = list(facts())
    if not workload and not settings:
        document = AdviseDocument.asking(known)
    else:
        given = merge([*map(from_file, workload or []), from_settings(settings or [])])
        document = AdviseDocument.of(advise_on(workload_from(given), load_prices(prices)), known)
    if output is Output.JSON:
        print_json(document)
    else:
        show_advice(console(), document)
    return Exit.CLEAN
