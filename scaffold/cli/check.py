"""`scaffold check`: any repository, verified and judged by the opinions."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scaffold.cli.options import VerifyLevel, VerifyOption, folder

if TYPE_CHECKING:
    from scaffold.report.documents.check import CheckDocument


class CheckOutput(StrEnum):
    """How `check` prints its result to standard output."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    GITHUB = "github"


def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The repository.", parser=folder)],
    verify: VerifyOption = VerifyLevel.FULL,
    only: Annotated[
        str | None,
        typer.Option("--only", help="Ask these opinions, verifiers and rules alone.", metavar="NAME,NAME"),
    ] = None,
    skip: Annotated[
        str | None, typer.Option("--skip", help="Leave out these opinions, verifiers and rules.", metavar="NAME,NAME")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Count only what this file does not have.", metavar="FILE")
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            "--write-baseline", help="Write what is found to this file, as known from now on.", metavar="FILE"
        ),
    ] = None,
    soft_fail: Annotated[bool, typer.Option("--soft-fail", help="Exit with 0 whatever is found.")] = False,
    output: Annotated[CheckOutput, typer.Option("--output", "-o", help="How to print the result.")] = CheckOutput.TEXT,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", help="Write the result to a file too; repeatable.", metavar="FORMAT=FILE"),
    ] = None,
) -> int:
    """Verify DIR, whoever wrote it, and judge it by the opinions; nothing in it is changed.

    Exit with 0 if nothing is found that counts, with 3 if something is, with 1 if nothing could be verified.
    """
    from scaffold.check import check as run_check
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, path_in_checkout, progress
    from scaffold.errors import ScaffoldError
    from scaffold.report.check_text import show_check
    from scaffold.verify import Level, failed
    from scaffold.verify.baseline import read_baseline
    from scaffold.verify.selection import selection_of

    reports = [_report(each) for each in report or []]
    if write_baseline and not baseline and (only is not None or skip is not None):
        raise ScaffoldError(
            "--write-baseline with --only or --skip would leave out what is not asked for; give --baseline too, to "
            "take that from it."
        )
    selection = selection_of(_names(only), _names(skip))
    known = read_baseline(baseline) if baseline else None
    with progress("Verifying") as tell:
        found = run_check(directory, level=Level(verify), selection=selection, baseline=known, progress=tell)
    prefix = path_in_checkout(directory)
    for kind, path in reports:
        path.write_text(_printed(found.document, kind, prefix), encoding="utf-8")
    if output is CheckOutput.TEXT:
        show_check(console(), found.document)
    else:
        typer.echo(_printed(found.document, output, prefix), nl=False)
    if write_baseline:
        write_baseline.write_text(found.baseline(), encoding="utf-8")
        known_now, carried = len(found.found) + len(found.carried), len(found.carried)
        told = f"{write_baseline} has {known_now} findings, which are known from now on"
        if carried:
            told += f"; {carried} of them from the old baseline, not looked for this time"
        typer.echo(f"{told}.", err=True)
    counts = failed(found.document.verification) and not soft_fail and not write_baseline
    return Exit.FINDINGS if counts else Exit.CLEAN


def _names(text: str | None) -> list[str]:
    return text.split(",") if text is not None else []


def _report(text: str) -> tuple[CheckOutput, Path]:
    from scaffold.errors import ScaffoldError

    kind, _, path = text.partition("=")
    formats = [each.value for each in CheckOutput if each is not CheckOutput.TEXT]
    if kind not in formats or not path:
        raise ScaffoldError(f"--report {text} is not FORMAT=FILE; formats are {', '.join(formats)}.")
    return CheckOutput(kind), Path(path)


def _printed(document: "CheckDocument", output: CheckOutput, prefix: str) -> str:
    if output is CheckOutput.JSON:
        from scaffold.report.json_output import to_json

        return to_json(document) + "\n"
    if output is CheckOutput.SARIF:
        from scaffold.report.sarif import to_sarif

        return to_sarif(document, prefix)
    if output is CheckOutput.JUNIT:
        from datetime import UTC, datetime

        from scaffold.report.junit import to_junit

        return to_junit(document, datetime.now(UTC))
    if output is CheckOutput.MARKDOWN:
        from scaffold.report.check_markdown import check_to_markdown

        return check_to_markdown(document)
    from scaffold.report.github import to_annotations

    return to_annotations(document, prefix)
