"""The command line: one file for each command, and here the one place where errors become exit codes."""

import sys

from scaffold.cli.exit_codes import Exit


def main() -> None:
    """Run the command that the process's arguments name, and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error that a user can mend is printed, without a traceback."""
    from typer.exceptions import Abort, TyperException
    from typer.exceptions import Exit as TyperExit
    from typer.main import get_command

    from scaffold.cli.app import app
    from scaffold.errors import ScaffoldError

    try:
        code = get_command(app)(arguments, prog_name="scaffold", standalone_mode=False)
        return int(code or Exit.CLEAN)
    except TyperExit as error:
        return int(error.exit_code)
    except TyperException as error:
        show_usage_error(error)
        return Exit.ERROR
    except ScaffoldError as error:
        from scaffold.cli.output import show_error

        show_error(error, as_json=_wants_json(arguments))
        return Exit.ERROR
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.ERROR
    except (KeyboardInterrupt, EOFError, Abort):
        sys.stderr.write("\nInterrupted; nothing was changed.\n")
        return Exit.INTERRUPTED
    except Exception as error:
        sys.stderr.write(_bug_report(error))
        return Exit.ERROR


def _bug_report(error: Exception) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"Internal error, please report it: {type(error).__name__}: {error}{place}\n"


def show_usage_error(error: Exception) -> None:
    """Print what is wrong with a command's arguments, with its usage where the error knows it."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
    else:
        sys.stderr.write(f"Error: {error}\n")


def _wants_json(arguments: list[str]) -> bool:
    return any(text in " ".join(arguments) for text in ("--output json", "--output=json", "-o json"))
