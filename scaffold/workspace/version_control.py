"""Whether a folder's every change could be taken back with git."""

from pathlib import Path

from scaffold.git import git_for
from scaffold.verify.process import ProgramError, run
from scaffold.workspace.plan import TargetError

_SECONDS = 60.0
_SHOWN = 3


def uncommitted(target: Path) -> list[str] | None:
    """Return what git says is not committed in a folder, a line for each file; None where git does not know the folder.

    Raises:
        TargetError: the folder is in a git repository of which git says nothing.
    """
    if not any((folder / ".git").exists() for folder in (target.resolve(), *target.resolve().parents)):
        return None
    try:
        git = git_for(target)
        if git is None:
            return None
        # A submodule is a repository of its own, with settings that git would follow inside it.
        command: list[str | Path] = [
            git.program,
            "status",
            "--porcelain",
            "--no-renames",
            "--ignore-submodules=dirty",
            "--",
            ".",
        ]
        ended = run(command, cwd=target, environment=git.environment, seconds=_SECONDS)
    except ProgramError as error:
        raise TargetError(f"{error}; git has to say whether everything in {target} is committed.") from None
    if ended.code:
        raise TargetError(f"git status in {target}: {ended.stderr.strip()}")
    return ended.stdout.splitlines()


def refuse_uncommitted(target: Path) -> str:
    """Refuse a folder with changes that are not committed; return a warning where nothing could be taken back.

    Raises:
        TargetError: it has such changes, or git says nothing.
    """
    changes = uncommitted(target)
    if changes is None:
        return f"{target} is not in a git repository; there is no way back from an update but your own copy."
    if changes:
        shown = "\n".join([*(f"  {line}" for line in changes[:_SHOWN]), *(["  …"] if len(changes) > _SHOWN else [])])
        raise TargetError(
            f"{target} has changes that are not committed:\n{shown}\n"
            "Commit or stash them, so that you can tell yours from the update's; or use --force."
        )
    return ""
