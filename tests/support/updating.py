"""Updating repositories in tests: with other answers, and with templates that a newer version would have."""

import shutil
import subprocess
from pathlib import Path

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_file, from_settings, merge
from scaffold.cli import run
from scaffold.files import ANSWERS_FILE
from scaffold.report.documents.update import UpdateDocument
from scaffold.resources import TEMPLATES
from scaffold.update import open_target, update
from scaffold.verify import Level

LEAST = [
    f"--set={answer}"
    for answer in ("name=shop", "region=us-east-1", "owner=a", "cost_center=b", "capacity=[]", "environments={dev: {}}")
]


def rendered(target: Path, *arguments: str) -> Path:
    """Render a small project into a folder and return it."""
    assert run(["render", str(target), "--verify", "none", *(arguments or LEAST)]) == 0
    return target


def newer(folder: Path) -> Path:
    """Return a copy of the templates, to be changed."""
    return shutil.copytree(TEMPLATES, folder / "templates")


def replaced(path: Path, old: str, new: str) -> None:
    """Replace a text that a file has by another."""
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new))


def updated(
    target: Path,
    *settings: str,
    templates: Path = TEMPLATES,
    dry_run: bool = False,
    level: Level = Level.NONE,
    force: bool = True,
) -> UpdateDocument:
    """Update a repository as the command does."""
    base, notes = open_target(target, dry_run=dry_run, force=force, progress=lambda line: None)
    project = resolve(merge([from_file(target / ANSWERS_FILE), from_settings(settings)]))
    return update(
        target,
        base,
        project,
        level=level,
        dry_run=dry_run,
        progress=lambda line: None,
        notes=notes,
        templates=templates,
    )


def outcomes(document: UpdateDocument) -> dict[str, str]:
    """Return what became of each file that is not as it was."""
    return {file.path: file.status for file in document.files if file.status != "unchanged"}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, with nobody's settings."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def committed(folder: Path) -> Path:
    """Make a folder a git repository with everything in it committed, and return it."""
    git(folder, "init", "--quiet", ".")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder
