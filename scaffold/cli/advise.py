"""`scaffold advise`: what a workload should run on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scaffold.cli.options import Output, OutputOption

if TYPE_CHECKING:
    from scaffold.answers.sources import Source


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

    On a terminal it asks for what is missing; elsewhere, without facts, it says which there are.
    """
    from rich.text import Text

    from scaffold.advise.advice import advise as advise_on
    from scaffold.advise.workload import facts, lacks_facts, workload_from
    from scaffold.answers.sources import from_file, from_settings, merge
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, has_terminal, print_json
    from scaffold.cost.prices import load_prices
    from scaffold.report.advise_text import show_advice
    from scaffold.report.documents.advise import AdviseDocument

    known = list(facts())
    sources = [*map(from_file, workload or []), from_settings(settings or [])]
    given = merge(sources)
    if output is Output.TEXT and has_terminal() and lacks_facts(given):
        from scaffold.wizard.workload import ask_facts

        talk = console(stderr=True)
        asked = ask_facts(sources, talk)
        given = merge([asked, *sources])
        talk.print(Text(f"\nThe same without questions: {_command(workload or [], settings or [], asked)}\n", "dim"))
    if not given.data:
        document = AdviseDocument.asking(known)
    else:
        document = AdviseDocument.of(advise_on(workload_from(given), load_prices(prices)), known)
    if output is Output.JSON:
        print_json(document)
    else:
        show_advice(console(), document)
    return Exit.CLEAN


def _command(workload: list[Path], settings: list[str], asked: "Source") -> str:
    """Return the command that gives what was asked as flags."""
    import json
    import shlex

    answers = [f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in asked.data.items()]
    options = [("--workload", str(path)) for path in workload] + [("--set", each) for each in (*settings, *answers)]
    return shlex.join(["scaffold", "advise", *(word for option in options for word in option)])
