"""Printing: results to standard output, talk to standard error."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from rich.console import Console

    from scaffold.report.documents import Document


def console(stderr: bool = False) -> "Console":
    """Return a console that respects NO_COLOR and does not wrap what is not read in a terminal."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    made = Console(stderr=stderr, no_color="NO_COLOR" in os.environ or None, soft_wrap=True)
    return made if stream.isatty() else Console(stderr=stderr, no_color=True, soft_wrap=True, width=200)


def print_json(document: "Document") -> None:
    """Print a document as JSON."""
    from scaffold.report.json_output import to_json

    sys.stdout.write(to_json(document) + "\n")


def show_error(error: ScaffoldError, as_json: bool) -> None:
    """Print why a command could not do its work: to standard error, and as a document too with `--output json`."""
    from scaffold.answers.problems import AnswersError
    from scaffold.report.documents import ErrorDocument, ProblemEntry
    from scaffold.report.text import show_problems

    problems = [ProblemEntry.of(problem) for problem in getattr(error, "problems", ())]
    talk = console(stderr=True)
    if isinstance(error, AnswersError):
        show_problems(talk, problems, "[red]error[/]")
    else:
        talk.print(f"[red]error[/] {_escaped(str(error))}", highlight=False)
    if as_json:
        print_json(ErrorDocument(message=str(error), problems=problems))


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is going on: a moving line in a terminal, a line for each step elsewhere."""
    talk = console(stderr=True)
    if not talk.is_terminal:
        yield lambda line: talk.print(_escaped(line), highlight=False)
        return
    with talk.status(_escaped(what)) as status:
        yield lambda line: status.update(_escaped(line))


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
