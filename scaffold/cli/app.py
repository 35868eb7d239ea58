"""The Typer application: which commands there are. What a command needs is imported when it runs."""

from typing import Annotated

import typer

from scaffold import __version__
from scaffold.cli import adopt, advise, answers, check, cost, diff, module, new, opinions, presets, render, update

app = typer.Typer(
    help="Opinionated Terraform for AWS: answers in, verified infrastructure code out.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"scaffold {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for name, command in (
    ("new", new.new),
    ("render", render.render),
    ("check", check.check),
    ("diff", diff.diff),
    ("update", update.update),
    ("adopt", adopt.adopt),
    ("cost", cost.cost),
    ("advise", advise.advise),
    ("module", module.module),
    ("presets", presets.presets),
    ("answers", answers.answers),
    ("opinions", opinions.opinions),
):
    app.command(name)(command)
