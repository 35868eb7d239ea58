"""Which files a repository's `.gitignore` keeps out of it, by git's own word."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scaffold.git import git_for
from scaffold.verify.process import ProgramError

_SECONDS = 10


def ignored_by_git(root: Path, paths: Sequence[str]) -> frozenset[str]:
    """Return which paths git ignores; none where there is no git, or no repository of git's around the folder.

    Args:
        root: the folder that the paths are relative to.
        paths: the paths of files; those that are tracked are never ignored.
    """
    if not paths:
        return frozenset()
    # Behind `./`, a `:` is no sign to git.
    asked = b"".join(os.fsencode(f"./{path}") + b"\0" for path in paths)
    try:
        git = git_for(root)
        if git is None:
            return frozenset()
        command: list[str | Path] = [git.program, "check-ignore", "-z", "--stdin"]
        ran = subprocess.run(  # noqa: S603 (no shell, and paths on standard input alone)
            command, cwd=root, env=git.environment, input=asked, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError, ProgramError):
        return frozenset()
    answers = ran.stdout.split(b"\0") if ran.returncode == 0 else []
    return frozenset(os.fsdecode(answer).removeprefix("./") for answer in answers if answer)
