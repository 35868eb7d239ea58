"""A repository whose git configuration, attributes and hooks name programs: none of them runs, whatever asks git."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.compare.untracked import ignored_by_git
from scaffold.git import git_for
from scaffold.workspace.plan import TargetError
from scaffold.workspace.version_control import uncommitted
from tests.support.rendering import preset, write

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    own = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=own, check=True, capture_output=True)


def program(path: Path, mark: Path) -> Path:
    """Write a program that leaves a mark, and passes on what it reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\necho "$0" >> "{mark}"\ncat\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """Where a program that ran leaves its name."""
    return tmp_path / "ran"


@pytest.fixture
def repository(tmp_path: Path, mark: Path) -> Path:
    """A rendering that is committed, in a repository whose every setting that names a program names one of its own."""
    folder = tmp_path / "infra"
    assert run(["render", str(folder), "--preset", "network-only", "--verify", "none"]) == 0
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=a")
    evil = program(folder / ".git" / "evil", mark)
    settings = {
        "core.fsmonitor": evil,
        "core.sshCommand": evil,
        "core.pager": evil,
        "core.editor": evil,
        "core.askPass": evil,
        "diff.external": evil,
        "filter.evil.clean": evil,
        "filter.evil.smudge": evil,
        "filter.other.process": evil,
        "diff.evil.textconv": evil,
        "merge.evil.driver": evil,
        "filter.evil.required": "true",
    }
    (folder / ".git" / "info" / "attributes").write_text("*.tf filter=evil diff=evil merge=evil\n*.md filter=other\n")
    for hook in ("post-index-change", "pre-commit", "post-checkout", "post-merge", "reference-transaction"):
        program(folder / ".git" / "hooks" / hook, mark)
    # Another time than the index has makes git look into the files again, through their filters.
    for path in folder.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path, (2_000_000_000, 2_000_000_000))
    for name, value in settings.items():
        git(folder, "config", name, str(value))
    mark.unlink(missing_ok=True)  # git itself has run some of them by now
    return folder


def test_the_programs_do_run_where_git_is_asked_as_usual(repository: Path, mark: Path) -> None:
    subprocess.run(["git", "status", "--porcelain"], cwd=repository, capture_output=True, check=False)
    assert mark.exists()


@pytest.mark.parametrize(
    "command",
    [
        ["diff"],
        ["diff", "--output", "json"],
        ["update", "--verify", "none"],
        ["update", "--verify", "none", "--set", "azs=2"],
        ["check", "--verify", "fast"],
        ["adopt", "--dry-run"],
        ["cost"],
        ["render", "--verify", "none", "--set", "azs=2"],
    ],
    ids=" ".join,
)
def test_no_command_runs_what_the_repository_names(command: list[str], repository: Path, mark: Path) -> None:
    (repository / "extra.txt").write_text("asked about, since nobody rendered it")
    if command[0] == "update":
        (repository / "extra.txt").unlink()
    assert run([command[0], str(repository), *command[1:]]) in (0, 2, 3)
    assert not mark.exists(), mark.read_text()


def test_what_is_not_committed_is_still_seen(repository: Path, mark: Path) -> None:
    assert uncommitted(repository) == []
    (repository / "README.md").write_text("mine\n")
    assert uncommitted(repository) == [" M README.md"]
    assert not mark.exists()


@pytest.mark.parametrize("name", ["a=b", "a b", "\u00e4"])
def test_a_filter_is_switched_off_whatever_its_name(name: str, repository: Path, mark: Path) -> None:
    with (repository / ".git" / "config").open("a") as config:
        config.write(f'[filter "{name}"]\n\tclean = {repository}/.git/evil\n')
    (repository / ".git" / "info" / "attributes").write_text(f"*.tf filter={name}\n")
    assert uncommitted(repository) == []
    assert not mark.exists()


def test_a_filter_of_the_users_own_still_runs(
    repository: Path, mark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(tmp_path / "bin" / "own", mark)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f'[filter "own"]\n\tclean = {own}\n')
    (repository / ".git" / "info" / "attributes").write_text("*.tf filter=own\n*.md filter=evil\n")
    monkeypatch.setenv("HOME", str(home))
    assert uncommitted(repository) == []
    assert set(mark.read_text().split()) == {str(own)}


def test_an_object_that_is_missing_is_not_fetched_by_the_repositorys_own_means(repository: Path, mark: Path) -> None:
    evil = repository / ".git" / "evil"
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{evil} %S",
        "remote.origin.uploadpack": str(evil),
        "protocol.ext.allow": "always",
        "core.sparseCheckout": "true",
    }.items():
        git(repository, "config", name, value)
    git(repository, "-c", "core.fsmonitor=false", "update-index", "--skip-worktree", ".gitignore")
    (repository / ".gitignore").unlink()
    for path in (repository / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.unlink()
    mark.unlink(missing_ok=True)
    (repository / "extra.txt").write_text("")
    ignored_by_git(repository, ["extra.txt"])
    with suppress(TargetError):
        uncommitted(repository)
    assert not mark.exists(), mark.read_text()


@pytest.mark.parametrize(
    "variable", ["GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_EXEC_PATH", "GIT_SSH_COMMAND", "GIT_ASKPASS"]
)
def test_no_variable_of_gits_reaches_it(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "/nowhere")
    found = git_for(tmp_path)
    assert found is not None
    assert variable not in found.environment


def test_settings_in_the_environment_do_not_reach_git(
    repository: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(repository / ".git" / "evil"))
    (repository / "extra.txt").write_text("")
    assert ignored_by_git(repository, ["extra.txt"]) == frozenset()
    assert uncommitted(repository) == ["?? extra.txt"]
    assert not mark.exists()


@pytest.mark.parametrize("path", ["{target}/bin", ".", "", "bin"])
def test_a_git_that_came_with_the_repository_is_not_run(
    path: str, repository: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (repository, repository / "bin"):
        program(folder / "git", mark)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f"{path.format(target=repository)}{os.pathsep}{os.environ['PATH']}")
    assert run(["diff", "."]) == 2
    assert run(["update", ".", "--verify", "none"]) == 1  # for they are not committed
    assert not mark.exists()


def test_a_repository_around_the_scratch_folder_changes_no_merge(
    tmp_path: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scaffold.workspace.three_way import merge_texts

    git(tmp_path, "init", "--quiet")
    (tmp_path / ".git" / "config").write_text("[core\n")  # nobody could read it
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    merged = merge_texts("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "1.0", tmp_path / "infra")
    assert (merged.text, merged.conflicts) == ("A\nb\nC\n", 0)


def test_a_bare_repository_inside_the_target_is_no_way_in(tmp_path: Path, mark: Path) -> None:
    folder = write(preset("network-only").files, tmp_path / "infra")
    git(tmp_path, "init", "--quiet", "--bare", str(folder / "modules"))
    with (folder / "modules" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {program(tmp_path / 'evil', mark)}\n\tbare = false\n\tworktree = {folder}\n"
        )
    run(["diff", str(folder), "--preset", "network-only"])
    run(["diff", str(folder / "modules"), "--preset", "network-only"])
    assert not mark.exists()
