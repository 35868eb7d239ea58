"""`scaffold opinions`: what this tool holds, and why."""

from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption


def opinions(
    name: Annotated[str | None, typer.Argument(metavar="ID", help="Explain this opinion.")] = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """List the opinions that repositories are judged by, or explain one."""
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json
    from scaffold.opinions.catalogue import explained, listed
    from scaffold.report.opinions_text import show_opinion, show_opinions

    if name is not None:
        opinion = explained(name)
        if output is Output.JSON:
            print_json(opinion)
        else:
            show_opinion(console(), opinion)
        return Exit.CLEAN
    document = listed()
    if output is Output.JSON:
        print_json(document)
    else:
        show_opinions(console(), document)
    return Exit.CLEAN
