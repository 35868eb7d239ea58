"""`scaffold check`: verify a repository that exists."""

from pathlib import Path
from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption, VerifyLevel, VerifyOption, folder


def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to verify.", parser=folder)],
    verify: VerifyOption = VerifyLevel.FULL,
    output: OutputOption = Output.TEXT,
) -> int:
    """Verify a repository that exists; nothing in it is changed."""
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json, progress
    from scaffold.report.documents import CheckDocument, VerificationEntry
    from scaffold.report.text import show_check
    from scaffold.verify import Level, failed
    from scaffold.verify import verify as run_verifiers
    from scaffold.verify.verdict import Status
    from scaffold.workspace.plan import TargetError
    from scaffold.workspace.reading import read_tree

    tree = read_tree(directory)
    try:
        with progress("Verifying") as tell:
            verdicts = run_verifiers(tree, Level(verify), tell, directory)
    finally:
        tree.close()
    if verify is not VerifyLevel.NONE and all(verdict.status is Status.NOT_RUN for verdict in verdicts):
        reasons = "; ".join(dict.fromkeys(verdict.reason for verdict in verdicts))
        raise TargetError(f"{directory}: nothing was verified: {reasons}.")
    document = CheckDocument(
        target=str(directory), verification=[VerificationEntry.of(verdict) for verdict in verdicts]
    )
    if output is Output.JSON:
        print_json(document)
    else:
        show_check(console(), document)
    return Exit.FINDINGS if failed(verdicts) else Exit.CLEAN
