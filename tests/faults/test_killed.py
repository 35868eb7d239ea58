"""SIGKILL at any moment of a whole command: nothing is half written for good, and nothing is left."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold import scratch
from scaffold.cli import run
from scaffold.render.engine import engine_of
from scaffold.workspace.publish import recover
from tests.faults.moments import Sandbox, spread
from tests.support.updating import git
from tests.workspace.trees import snapshot

LEAST = [
    f"--set={answer}"
    for answer in ("name=shop", "region=us-east-1", "owner=a", "cost_center=b", "capacity=[]", "azs=2")
]
OTHER = [*LEAST, "--set=azs=3", "--set=environments={prod: {}}"]


class Command(NamedTuple):
    """A command, what has to be there before it, and at how many moments it is killed."""

    arguments: list[str]
    prepare: Callable[[Sandbox], object]
    moments: int


def nothing(sandbox: Sandbox) -> None:
    pass


def rendered(sandbox: Sandbox) -> None:
    assert sandbox.run("render", "out", *LEAST, "--verify", "none").returncode == 0


def edited(sandbox: Sandbox) -> None:
    rendered(sandbox)
    for path in sandbox.target.rglob("*.tf"):
        path.write_text(f"# Mine.\n{path.read_text()}")
    git(sandbox.target, "init", "--quiet", ".")
    git(sandbox.target, "add", "--all")
    git(sandbox.target, "commit", "--quiet", "--message", "all")


def foreign(sandbox: Sandbox) -> None:
    rendered(sandbox)
    (sandbox.target / "scaffold.yaml").unlink()
    shutil.rmtree(sandbox.target / ".scaffold")


COMMANDS = {
    "render into nothing": Command(["render", "out", *LEAST, "--verify", "full"], nothing, 50),
    "render over another": Command(["render", "out", *OTHER, "--verify", "full"], rendered, 50),
    "update": Command(["update", "out", "--set=azs=3", "--force", "--verify", "full"], edited, 60),
    "adopt": Command(["adopt", "out"], foreign, 40),
}
PARTS = 4


def files(folder: Path) -> dict[str, object]:
    """Return a folder's files, without git's own and without empty folders."""
    return {
        path: content
        for path, content in snapshot(folder).items()
        if content != "folder" and not path.startswith(".git/") and path != ".scaffold.yaml.new"
    }


Again = Callable[[Sandbox, list[str]], tuple[int, str]]


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Again:
    """What runs a command in this process, as its next run, and returns its exit code and what it says."""

    def again(sandbox: Sandbox, arguments: list[str]) -> tuple[int, str]:
        monkeypatch.delenv("SCAFFOLD_NO_CACHE", raising=False)
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(tempfile, "tempdir", None)
        monkeypatch.chdir(sandbox.target.parent)
        scratch.sweep.cache_clear()
        engine_of.cache_clear()  # which knows the templates that another run has compiled
        capsys.readouterr()
        return run(arguments), capsys.readouterr().err

    return again


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_any_moment_leaves_old_or_new_and_the_next_run_mends(
    name: str, part: int, tmp_path: Path, again: Again, record_property: Callable[[str, object], None]
) -> None:
    arguments, prepare, number = COMMANDS[name]
    origin = Sandbox(tmp_path / "origin")
    prepare(origin)
    old = files(origin.target)

    def copied(where: str) -> Sandbox:
        sandbox = Sandbox(tmp_path / where)
        if origin.target.exists():
            shutil.copytree(origin.target, sandbox.target, symlinks=True)
        if part and (origin.root / "cache/templates").exists():  # but for one part, templates are compiled already
            shutil.copytree(origin.root / "cache/templates", sandbox.root / "cache/templates")
        return sandbox

    if part and not (origin.root / "cache/templates").exists():
        assert origin.run("render", "other", *LEAST, "--verify", "none").returncode == 0
    measured = copied("measured")
    whole = measured.run(*arguments)
    assert whole.returncode == 0, whole.stderr
    new = files(measured.target)
    assert new != old
    total = int(whole.stderr.rpartition("counted ")[2])
    killed = 0
    for moment in list(spread(1, number, total))[part::PARTS]:
        sandbox = copied(f"at {moment}")
        stopped = sandbox.run(*arguments, action="SIGKILL", moments=(moment,))
        killed += stopped.returncode == -9
        sandbox.wait_for_programs()
        half = files(sandbox.target) not in (old, new)
        if sandbox.target.exists():
            copy = shutil.copytree(sandbox.target, tmp_path / f"copy of {moment}", symlinks=True)
            recover(copy)
            assert files(copy) in (old, new), moment
        code, said = again(sandbox, arguments)
        done = name == "adopt" and code == 1 and "is there already" in said
        assert code == 0 or done, (moment, said)
        assert not half or "An earlier run stopped" in said, (moment, said)
        assert files(sandbox.target) == new, moment
        if sandbox.left():  # a program that was still dying wrote into it; the run after that finds it alone
            sandbox.wait_for_programs()
            again(sandbox, arguments)
        assert sandbox.left() == set(), moment
        sandbox.wait_for_programs()
        shutil.rmtree(sandbox.root)
    record_property("commands killed", killed)
    assert killed > 0.8 * number / PARTS
