"""What each exit code means. docs/exit-codes.md is this page for people."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    CLEAN = 0
    """Done; nothing is wrong and nothing differs."""

    ERROR = 1
    """Not done: wrong usage, wrong answers, a target that cannot be written."""

    DIFFERENCES = 2
    """Done; what is there differs from what would be rendered (`diff`, and `render`, `module` and `update` with
    `--dry-run`), or an update left conflicts."""

    FINDINGS = 3
    """A verifier found something wrong, with `check` too; nothing was published, but for what `update` merged."""

    INTERRUPTED = 130
    """Ctrl-C, SIGTERM or SIGHUP; nothing was changed, unless standard error says that all of it was."""
