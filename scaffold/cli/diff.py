"""`scaffold diff`: what a repository differs in from what its answers would render."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scaffold.cli.options import AnswersOption, PresetOption, SetOption, TemplatesOption, folder

if TYPE_CHECKING:
    from scaffold.cli.inputs import Inputs
    from scaffold.report.documents.diff import DiffDocument


class DiffOutput(StrEnum):
    """How `diff` prints its result to standard output."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    MARKDOWN = "markdown"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the answers come from that a repository is compared with.

    Attributes:
        preset: a preset's name.
        answers: answers files, weakest first.
        settings: `--set` flags.
        templates: a folder of components beside ours.
    """

    preset: str | None
    answers: tuple[Path, ...]
    settings: tuple[str, ...]
    templates: Path | None


def diff(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The repository, or with --all a folder of them.", parser=folder)
    ],
    preset: PresetOption = None,
    answers: AnswersOption = None,
    settings: SetOption = None,
    templates: TemplatesOption = None,
    only: Annotated[str | None, typer.Option("--only", help="Judge by these opinions alone.", metavar="ID,ID")] = None,
    stat: Annotated[
        bool, typer.Option("--stat", help="Print which files differ and how much else does, not what.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Compare every repository in DIR; print a line for each.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, help="With --all: how many at a time; one for each core.", show_default=False),
    ] = None,
    output: Annotated[DiffOutput, typer.Option("--output", "-o", help="How to print the result.")] = DiffOutput.TEXT,
) -> int:
    """Compare what the answers would render with DIR, file by file and by meaning, and judge DIR by the opinions.

    Exit with 0 if nothing differs, with 2 if something does. Answers come from where `render` has them from.
    """
    ids = only.split(",") if only else []
    wanted = Wanted(preset, tuple(answers or ()), tuple(settings or ()), templates)
    if every:
        return _all(directory, wanted, ids, jobs, output)
    return _one(directory, wanted, ids, stat, output)


def _one(
    directory: Path,
    wanted: Wanted,
    only: Sequence[str],
    stat: bool,
    output: DiffOutput,
) -> int:
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, path_in_checkout, print_json, progress
    from scaffold.diff import diff as compare
    from scaffold.report.text import show_problems

    inputs = _inputs(directory, wanted)
    with progress("Comparing"):
        found = compare(directory, inputs.project, answers_text=inputs.answers_text, only=only)
    document = found.document
    if output is not DiffOutput.JSON:
        show_problems(console(stderr=True), document.warnings, "[yellow]warning[/]")
    if output is DiffOutput.JSON:
        print_json(document)
    elif output is DiffOutput.TEXT:
        from scaffold.report.diff_text import show_diff

        show_diff(console(), document, found.files, stat)
    else:
        typer.echo(_machine(document, output, path_in_checkout(directory)), nl=False)
    return Exit.DIFFERENCES if document.differs else Exit.CLEAN


def _all(
    directory: Path,
    wanted: Wanted,
    only: Sequence[str],
    jobs: int | None,
    output: DiffOutput,
) -> int:
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json, progress
    from scaffold.diff_all import diff_all
    from scaffold.errors import ScaffoldError

    if output not in (DiffOutput.TEXT, DiffOutput.JSON):
        raise ScaffoldError(f"--all prints text or json; for {output}, compare one repository at a time.")
    with progress("Comparing") as tell:
        compare = partial(compare_one, wanted=wanted, only=only)
        document = diff_all(directory, compare, jobs, tell)
    if output is DiffOutput.JSON:
        print_json(document)
    else:
        from scaffold.report.diff_text import show_diff_all

        show_diff_all(console(), document)
    if any(each.diff is None for each in document.repositories):
        return Exit.ERROR
    return Exit.DIFFERENCES if any(each.diff and each.diff.differs for each in document.repositories) else Exit.CLEAN


def compare_one(
    directory: Path,
    *,
    wanted: Wanted,
    only: Sequence[str],
) -> "DiffDocument":
    """Compare one repository of several: with its own answers if it has some, else with those given.

    Raises:
        ScaffoldError: the answers cannot be rendered, or it cannot be read.
    """
    from scaffold.diff import diff as compare
    from scaffold.files import ANSWERS_FILE

    own = (directory / ANSWERS_FILE).is_file()
    inputs = _inputs(directory, replace(wanted, preset=None, answers=()) if own else wanted)
    return compare(directory, inputs.project, answers_text=inputs.answers_text, only=only).document


def _inputs(directory: Path, wanted: Wanted) -> "Inputs":
    from scaffold.answers.sources import merge
    from scaffold.cli.inputs import gather, settle
    from scaffold.workspace.plan import TargetError

    if not directory.is_dir():
        raise TargetError(f"{directory} is not a folder.")
    given = gather(directory, wanted.preset, wanted.answers, wanted.settings, wanted.templates)
    if wanted.preset is None and not wanted.answers and given.own is None:
        raise TargetError(
            f"{directory} has no scaffold.yaml to say what it is to be compared with. Name a --preset or an --answers "
            f"file, or have the answers inferred: scaffold adopt {directory}"
        )
    return settle(given, merge(given.sources))


def _machine(document: "DiffDocument", output: DiffOutput, prefix: str) -> str:
    if output is DiffOutput.SARIF:
        from scaffold.report.sarif import to_sarif

        return to_sarif(document, prefix)
    if output is DiffOutput.MARKDOWN:
        from scaffold.report.markdown import to_markdown

        return to_markdown(document)
    from scaffold.report.github import to_annotations

    return to_annotations(document, prefix)
