"""The command line: one file for each command, and here the one place where errors become exit codes."""

import gc
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import interrupts
from scaffold.cli.exit_codes import Exit
from scaffold.cli.streams import open_streams

if TYPE_CHECKING:
    from scaffold.answers.problems import Problem


def main() -> None:
    """Run the command that the process's arguments name, and exit with its code."""
    interrupts.listen()
    gc.disable()  # a command ends before looking for cycles would pay
    output = open_streams()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _interrupted()
    interrupts.ignore()
    if code == Exit.INTERRUPTED:
        output.close_quietly()  # its reader may be what was waited for
    # An interrupt that came while Python executed a text, as it does to make a dataclass, is remembered though it was
    # caught: `python -m` then ends by the signal instead of the code, unless another text is executed.
    exec("")  # noqa: S102 (no text at all)
    if error := output.loss:
        sys.stderr.write(f"error standard output: {error.strerror}\n")
        code = Exit.ERROR
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error that a user can mend is printed, without a traceback."""
    interrupts.set_outcome()
    from typer.exceptions import Abort, TyperException
    from typer.exceptions import Exit as TyperExit
    from typer.main import get_command

    from scaffold.cli.app import app
    from scaffold.errors import ScaffoldError

    try:
        code = int(get_command(app)(arguments, prog_name="scaffold", standalone_mode=False) or Exit.CLEAN)
        if code == Exit.INTERRUPTED:
            raise KeyboardInterrupt  # which Typer has made a code of
        return code
    except TyperExit as error:
        return int(error.exit_code)
    except TyperException as error:
        _show_usage_error(error)
        return _failed(arguments, error.format_message())
    except ScaffoldError as error:
        from scaffold.cli.output import show_error

        show_error(error)
        return _failed(arguments, str(error), getattr(error, "problems", ()))
    except OSError as error:
        from scaffold.cli.output import show_error

        text = f"{error.filename}: {error.strerror}" if error.filename else _surroundings(error)
        show_error(ScaffoldError(text))
        return _failed(arguments, text)
    except (KeyboardInterrupt, EOFError, Abort):
        return _interrupted()
    except Exception as error:
        from scaffold.report.wording import visible

        text = visible(_bug_report(error))
        sys.stderr.write(f"{text}\n")
        return _failed(arguments, text)


def _surroundings(error: OSError) -> str:
    """Return what to tell of an error that names no file."""
    try:
        Path.cwd()
    except OSError:
        return "the current folder is not there any more; change to one that is"
    return str(error)


def _interrupted() -> Exit:
    sys.stderr.write(f"\nInterrupted; {interrupts.outcome()}\n")
    return Exit.INTERRUPTED


def _failed(arguments: list[str], message: str, problems: Sequence["Problem"] = ()) -> Exit:
    """Print the document of an error where JSON is asked for, which the arguments may say without being right."""
    apart = any(option in ("--output", "-o") and value == "json" for option, value in pairwise(arguments))
    if apart or {"--output=json", "-ojson"} & set(arguments):
        from scaffold.cli.output import print_json
        from scaffold.report.documents.problems import ErrorDocument, ProblemEntry

        print_json(ErrorDocument(message=message, problems=[ProblemEntry.of(problem) for problem in problems]))
    return Exit.ERROR


def _bug_report(error: Exception) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"Internal error, please report it: {what}{place}"


def _show_usage_error(error: Exception) -> None:
    show = getattr(error, "show", None)
    if callable(show):
        show()
    else:
        sys.stderr.write(f"Error: {error}\n")
