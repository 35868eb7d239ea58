"""Which files a repository's `.gitignore` keeps out of it, by git's own word."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scaffold.workspace.git import git_command, git_environment

_SECONDS = 10


def ignored_by_git(root: Path, paths: Sequence[str]) -> frozenset[str]:
    """Return which paths git ignores; none where there is no git, or no repository of git's around the folder.

    Args:
        root: the folder that the paths are relative to.
        paths: the paths of files; those that are tracked are never ignored.
    """
    git = git_command(root)
    if not paths or git is None:
        return frozenset()
    # Behind `./`, a `:` is no sign to git.
    command = [*git, "check-ignore", "-z", "--stdin"]
    asked = b"".join(os.fsencode(f"./{path}") + b"\0" for path in paths)
    try:
        ran = subprocess.run(  # noqa: S603 (no shell, and paths on standard input alone)
            command,
            cwd=root,
            env=git_environment(root),
            input=asked,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    answers = ran.stdout.split(b"\0") if ran.returncode == 0 else []
    return frozenset(os.fsdecode(answer).removeprefix("./") for answer in answers if answer)
