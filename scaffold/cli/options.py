"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Output(StrEnum):
    """How a command prints its result to standard output."""

    TEXT = "text"
    JSON = "json"


class VerifyLevel(StrEnum):
    """How much is verified; the same words as `scaffold.verify.Level`, which is not imported at start-up."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


def folder(path: str) -> Path:
    """Return an argument as a folder's path.

    Raises:
        BadParameter: it is empty, which `Path` would take for the current folder.
    """
    if not path:
        raise typer.BadParameter("it is empty; name a folder, or . for this one.")
    return Path(path)


OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How to print the result.")]
VerifyOption = Annotated[
    VerifyLevel,
    typer.Option(
        "--verify",
        help="none; fast: syntax, format, provider schema, Kubernetes; full: Terraform and checkov as well.",
    ),
]
PresetOption = Annotated[
    str | None, typer.Option("--preset", help="Start from a preset; `scaffold presets` lists them.", metavar="NAME")
]
AnswersOption = Annotated[
    list[Path] | None,
    typer.Option("--answers", help="A YAML file of answers; repeatable, a later one wins.", metavar="FILE"),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="One answer, such as network.nat=single; the value is YAML.", metavar="A.B=VALUE"),
]
TemplatesOption = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        envvar="SCAFFOLD_TEMPLATES",
        help="A folder of more components; each is a value of capacity.",
        metavar="DIR",
        parser=folder,
    ),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Overwrite files that were edited or that scaffold did not write.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Do everything but write; exit with 2 if anything would change.")
]
