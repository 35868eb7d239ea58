"""Printing: results to standard output, talk to standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from rich.console import Console

    from scaffold.report.documents.every import Document


def console(stderr: bool = False) -> "Console":
    """Return a console that respects NO_COLOR, and wraps words only for a terminal."""
    from scaffold.report.printing import PlainConsole

    in_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return PlainConsole(stderr=stderr, soft_wrap=not in_terminal, width=None if in_terminal else 200)


def has_terminal() -> bool:
    """Return whether somebody can be asked: whether standard input and standard error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_json(document: "Document") -> None:
    """Print a document as JSON."""
    from scaffold.report.json_output import to_json

    sys.stdout.write(to_json(document) + "\n")


def path_in_checkout(directory: Path) -> str:
    """Return what leads from this folder, where CI has its checkout, to the repository: `infra/`, or empty."""
    here, there = Path.cwd().resolve(), directory.resolve()
    return f"{there.relative_to(here).as_posix()}/" if there != here and there.is_relative_to(here) else ""


def show_error(error: ScaffoldError) -> None:
    """Print to standard error why a command could not do its work."""
    from rich.text import Text

    from scaffold.answers.problems import AnswersError
    from scaffold.report.documents.problems import ProblemEntry
    from scaffold.report.text import show_problems
    from scaffold.report.wording import visible_lines

    talk = console(stderr=True)
    if isinstance(error, AnswersError):
        show_problems(talk, [ProblemEntry.of(problem) for problem in error.problems], "[red]error[/]")
    else:
        talk.print(Text.assemble(("error", "red"), f" {visible_lines(str(error))}"))


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is going on: a moving line in a terminal, a line for each step elsewhere."""
    from rich.text import Text

    talk = console(stderr=True)
    if not talk.is_terminal:
        yield lambda line: talk.print(Text(line))
        return
    with talk.status(Text(what)) as status:
        yield lambda line: status.update(Text(line))
