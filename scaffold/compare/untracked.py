"""Which files a repository's `.gitignore` keeps out of it, by git's own word."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 10
_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git tells the hooks it runs, and would take for the repository that is meant."""


def ignored_by_git(root: Path, paths: Sequence[str]) -> frozenset[str]:
    """Return which paths git ignores; none where there is no git, or no repository of git's around the folder.

    Args:
        root: the folder that the paths are relative to.
        paths: the paths of files; those that are tracked are never ignored.
    """
    if not paths:
        return frozenset()
    # What a repository's own configuration names is not to be run. Behind `./`, a `:` is no sign to git.
    command = ["git", "-c", "core.fsmonitor=false", "check-ignore", "-z", "--stdin"]
    asked = b"".join(os.fsencode(f"./{path}") + b"\0" for path in paths)
    environment = {name: value for name, value in os.environ.items() if name not in _OTHERS}
    try:
        ran = subprocess.run(  # noqa: S603 (no shell, and paths on standard input alone)
            command, cwd=root, env=environment, input=asked, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    answers = ran.stdout.split(b"\0") if ran.returncode == 0 else []
    return frozenset(os.fsdecode(answer).removeprefix("./") for answer in answers if answer)
