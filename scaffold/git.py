"""Asking git about a repository that nobody vouches for: nothing that it names is run, and nothing is fetched."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scaffold.verify.process import environment, find_program, run, trusted_path

_SECONDS = 60.0
_SETTINGS = {"core.fsmonitor": "false", "core.hooksPath": os.devnull}
"""What a repository may not choose: each would have git start a program of its choice."""

_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",
    # A repository may say that what it lacks is to be had elsewhere, and by which program.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
}
_OWN = ("local", "worktree")
"""The scopes of settings that come with a repository; the others are the user's."""


@dataclass(frozen=True, slots=True)
class Git:
    """The user's git, for one folder.

    Attributes:
        program: its absolute path, outside the folder.
        environment: what it gets, so that the repository's own settings start nothing.
    """

    program: Path
    environment: Mapping[str, str]


def git_for(folder: Path) -> Git | None:
    """Return the git to ask about a folder; None where there is none on PATH, or only one inside the folder.

    Filters, which git runs on a file to tell whether it changed, are the user's own alone: those that the repository
    sets are taken back.

    Raises:
        ProgramError: git does not end.
    """
    program = find_program("git", outside=[folder])
    if program is None:
        return None
    careful = environment("XDG_CONFIG_HOME", PATH=trusted_path(folder), **_VARIABLES)
    command: list[str | Path] = [program, "config", "--show-scope", "-z", "--get-regexp", r"^filter\."]
    listed = run(command, cwd=folder, environment=careful, seconds=_SECONDS)
    settings = _SETTINGS | _filters_taken_back(listed.stdout)
    # As variables, because with `-c` a name that holds `=` would be another's.
    careful["GIT_CONFIG_COUNT"] = str(len(settings))
    for index, (key, value) in enumerate(settings.items()):
        careful |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
    return Git(program, careful)


def _filters_taken_back(listed: str) -> dict[str, str]:
    """Return for each setting of a filter that a repository makes the user's own value, or what is like none."""
    theirs: dict[str, str] = {}
    users: dict[str, str] = {}
    for scope, key, value in _listed(listed):
        (theirs if scope in _OWN else users)[key] = value
    return {key: users.get(key, "false" if key.endswith(".required") else "") for key in theirs}


def _listed(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield scope, key and value of each setting that `git config --show-scope -z` lists."""
    words = text.split("\0")
    for scope, setting in zip(words[::2], words[1::2], strict=False):
        key, _, value = setting.partition("\n")
        yield scope, key, value
