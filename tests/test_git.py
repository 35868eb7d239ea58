"""A repository's own settings: whatever they name, asking git about it starts nothing and fetches nothing."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.compare.untracked import ignored_by_git
from scaffold.git import git_for
from scaffold.workspace.plan import TargetError
from scaffold.workspace.version_control import uncommitted

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on PATH")

Attack = Callable[[Path, str], None]


def git(*arguments: str, cwd: Path) -> str:
    names = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
    ran = subprocess.run(["git", *names, *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture(autouse=True)
def _nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository of somebody's with one commit, whose file looks changed to git until it is read."""
    root = tmp_path / "theirs"
    root.mkdir()
    git("init", "--quiet", cwd=root)
    (root / ".gitattributes").write_text("*.txt filter=a=b\n")
    (root / "a.txt").write_text("a\n")
    git("add", ".", cwd=root)
    git("commit", "--quiet", "-m", "first", cwd=root)
    os.utime(root / "a.txt", (0, 0))
    return root


def file_monitor(root: Path, program: str) -> None:
    git("config", "core.fsmonitor", program, cwd=root)


def hook(root: Path, program: str) -> None:
    (root / ".git/hooks").mkdir(exist_ok=True)
    shutil.copy(program, root / ".git/hooks/post-index-change")
    git("config", "core.hooksPath", ".git/hooks", cwd=root)


def filter_for_a_file(root: Path, program: str) -> None:
    # A name with an equals sign would be cut in two by `git -c`.
    git("config", "filter.a=b.clean", program, cwd=root)
    git("config", "filter.a=b.required", "true", cwd=root)


def filter_that_stays(root: Path, program: str) -> None:
    git("config", "filter.a=b.process", program, cwd=root)


def filter_of_an_included_file(root: Path, program: str) -> None:
    (root / ".git/more").write_text(f'[filter "a=b"]\n\tclean = {program}\n')
    git("config", "include.path", "more", cwd=root)


def filter_of_the_worktree(root: Path, program: str) -> None:
    git("config", "extensions.worktreeConfig", "true", cwd=root)
    git("config", "--worktree", "filter.a=b.clean", program, cwd=root)


def objects_from_elsewhere(root: Path, program: str) -> None:
    tree = git("rev-parse", "HEAD^{tree}", cwd=root)
    (root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "evil",
        "protocol.allow": "always",
        "remote.evil.url": str(root),
        "remote.evil.uploadpack": program,
        "remote.evil.promisor": "true",
    }.items():
        git("config", key, value, cwd=root)
    (root / ".git/index").unlink()


def submodule(root: Path, program: str) -> None:
    shutil.copytree(root, root.parent / "other")
    git("submodule", "--quiet", "add", str(root.parent / "other"), "sub", cwd=root)
    git("commit", "--quiet", "-m", "second", cwd=root)
    git("config", "filter.a=b.clean", program, cwd=root / "sub")
    os.utime(root / "sub/a.txt", (0, 0))


ATTACKS: list[Attack] = [
    file_monitor,
    hook,
    filter_for_a_file,
    filter_that_stays,
    filter_of_an_included_file,
    filter_of_the_worktree,
    objects_from_elsewhere,
    submodule,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_asking_git_starts_nothing_that_the_repository_names(theirs: Path, tmp_path: Path, attack: Attack) -> None:
    started, program = tmp_path / "started", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {started}\n[ $# -gt 0 ] || exec cat\n")
    program.chmod(0o755)
    attack(theirs, str(program))
    ignored_by_git(theirs, ["a.txt"])
    if attack is objects_from_elsewhere:
        # Without its own objects git can say nothing, and that is what is told.
        with pytest.raises(TargetError, match="bad tree object"):
            uncommitted(theirs)
    else:
        assert uncommitted(theirs) == []
    assert not started.exists()
    # The attack is one: git, asked as anybody asks it, starts the program.
    subprocess.run(["git", "status"], cwd=theirs, capture_output=True, check=False, timeout=60)
    assert started.exists()


def test_a_filter_of_the_users_own_is_kept(theirs: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    git("config", "--global", "filter.a=b.clean", f"touch {started}; cat", cwd=theirs)
    git("config", "filter.a=b.clean", "false", cwd=theirs)
    assert uncommitted(theirs) == []
    assert started.exists()


def test_a_git_that_the_repository_brings_is_not_run(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    (theirs / "git").write_text(f"#!/bin/sh\ntouch {started}\n")
    (theirs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{theirs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(theirs)
    assert git_for(theirs) is not None
    ignored_by_git(theirs, ["a.txt"])
    uncommitted(theirs)
    assert not started.exists()
