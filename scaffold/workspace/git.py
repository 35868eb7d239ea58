"""Git, asked about a repository that nobody vouches for: what came with the repository is not run.

A repository's own configuration, attributes and hooks can name programs, and git starts them for as little as `status`:
a file system monitor, filters, hooks, and whatever fetches an object that is missing.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.verify.process import environment, find_program, run, trusted_path

_SECONDS = 60.0
_PLAIN = re.compile(r"[\w.-]+\Z", re.ASCII)
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
_OWN_SCOPES = ("local", "worktree")


class GitError(ScaffoldError):
    """Git cannot be asked without running what a repository names; the text says why and what to do."""


def git_command(repository: Path) -> list[str | Path] | None:
    """Return how every command of git begins that is asked about a repository; None where there is no git.

    A git that lies in the repository is not taken for one.
    """
    git = find_program("git", outside=[repository])
    if git is None:
        return None
    return [git, "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]


def git_environment(repository: Path) -> dict[str, str]:
    """Return the environment for such a command; the user's own configuration holds, and no variable of git's."""
    return environment(
        "XDG_CONFIG_HOME",
        PATH=trusted_path(repository),
        # Nothing is written, and no object is fetched that is missing: both would start programs.
        GIT_OPTIONAL_LOCKS="0",
        GIT_NO_LAZY_FETCH="1",
        GIT_ALLOW_PROTOCOL="none",
        GIT_TERMINAL_PROMPT="0",
    )


def without_filters(command: Sequence[str | Path], repository: Path) -> list[str | Path]:
    """Return a command's beginning with the filters switched off that the repository's own configuration names.

    Those of the user's configuration, such as Git LFS, stay.

    Raises:
        GitError: git does not say which these are, or one cannot be switched off.
        ProgramError: git does not end in time.
    """
    asked = [*command, "config", "--show-scope", "--null", "--name-only", "--get-regexp", _FILTERS]
    ended = run(asked, cwd=repository, environment=git_environment(repository), seconds=_SECONDS)
    if ended.code not in (0, 1):  # 1: there are none
        raise GitError(f"git config in {repository}: {ended.stderr.strip()}")
    words = ended.stdout.split("\0")
    own = dict.fromkeys(key for scope, key in zip(words[::2], words[1::2], strict=False) if scope in _OWN_SCOPES)
    for key in own:
        if not _PLAIN.match(key):
            raise GitError(
                f"{repository}: the repository's own git configuration has {key!r}, which cannot be switched off here, "
                "and its programs are not run. Rename the filter, or remove it."
            )
    return [*command, *(part for key in own for part in ("-c", f"{key}="))]
