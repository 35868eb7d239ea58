"""What others run in their own repositories: the pre-commit hooks and the GitHub action's script."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scaffold.cli.exit_codes import Exit

ROOT = Path(__file__).parent.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
SARIF = json.loads((Path(__file__).parent / "report/sarif-2.1.0.json").read_text())

BROKEN = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/20"
  availability_zone = "eu-central-1a"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""

GH = f"""\
#!{sys.executable}
import json, os, sys
data = sys.stdin.read() if "--input" in sys.argv else ""
with open(os.environ["GH_CALLS"], "a") as calls:
    calls.write(json.dumps([sys.argv[1:], data]) + "\\n")
if "GH_ERROR" in os.environ:
    sys.exit(os.environ["GH_ERROR"])
if "--jq" in sys.argv:
    sys.stdout.write(os.environ.get("GH_COMMENTS", ""))
"""
"""A `gh` that keeps what it is told to do."""


def git(*arguments: str, cwd: Path) -> None:
    names = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *names, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a repository that scaffold did not write, with a stack in `infra`."""
    origin = tmp_path / "origin"
    (origin / "infra").mkdir(parents=True)
    (origin / "infra/main.tf").write_text(BROKEN)
    git("init", "--quiet", cwd=origin)
    git("add", ".", cwd=origin)
    git("commit", "--quiet", "-m", "first", cwd=origin)
    git("clone", "--quiet", "origin", "clone", cwd=tmp_path)
    return tmp_path / "clone"


def unchanged(clone: Path) -> bool:
    return subprocess.check_output(["git", "status", "--porcelain"], cwd=clone) == b""


# --- pre-commit ---------------------------------------------------------------------------------------------------


def run_hook(name: str, clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a hook's entry as pre-commit does: at the root of the clone, with its own environment on the PATH."""
    hook = HOOKS[name]
    command = [*shlex.split(hook["entry"]), *(arguments or hook["args"])]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path}
    return subprocess.run(command, cwd=clone, env=variables, capture_output=True, text=True, timeout=120, check=False)


def test_the_check_hook_fails_a_commit_with_what_is_found(clone: Path) -> None:
    ended = run_hook("scaffold-check", clone)
    assert ended.returncode == Exit.FINDINGS, ended.stderr
    assert "infra/main.tf" in ended.stdout
    assert "[N2]" in ended.stdout
    assert unchanged(clone)


def test_the_check_hook_lets_a_commit_pass_whose_findings_are_known(clone: Path) -> None:
    baseline = ["--write-baseline", "known.json", "."]
    assert run_hook("scaffold-check", clone, *baseline).returncode == Exit.CLEAN
    assert run_hook("scaffold-check", clone, "--baseline", "known.json", ".").returncode == Exit.CLEAN


def test_the_diff_hook_wants_answers_and_then_compares(clone: Path) -> None:
    ended = run_hook("scaffold-diff", clone)
    assert ended.returncode == Exit.ERROR
    assert "scaffold.yaml" in ended.stderr
    ended = run_hook("scaffold-diff", clone, ".", "--preset", "network-only")
    assert ended.returncode == Exit.DIFFERENCES, ended.stderr


@pytest.mark.parametrize("name", ["main.tf", "prod.tfvars", "k8s/web.yaml", "k8s/web.yml"])
def test_the_hooks_run_for_what_they_read(name: str) -> None:
    for hook in HOOKS.values():
        assert re.search(hook["files"], name)
        assert not re.search(hook["files"], "handler.py")
        assert hook["pass_filenames"] is False
        assert hook["language"] == "python"


@pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed")
def test_pre_commit_itself_runs_the_hook(clone: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "scaffold-check", "--all-files"]
    ended = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert "exit code: 3" in ended.stdout


# --- the action ---------------------------------------------------------------------------------------------------


class Runner:
    """A GitHub runner, as far as the action's script sees one."""

    def __init__(self, folder: Path, clone: Path) -> None:
        self.folder, self.clone = folder, clone
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/gh").write_text(GH)
        (folder / "bin/gh").chmod(0o755)
        (folder / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the script as action.yml does, with inputs as `directory="infra"` and variables as `GH_ERROR="no"`."""
        defaults = {name.replace("-", "_"): str(each["default"]) for name, each in ACTION["inputs"].items()}
        given = defaults | {"directory": "infra"} | variables
        environment = {name if name.isupper() else f"INPUT_{name.upper()}": text for name, text in given.items()}
        github = {
            "GITHUB_EVENT_PATH": self.folder / "event.json",
            "GITHUB_OUTPUT": self.folder / "output",
            "GITHUB_STEP_SUMMARY": self.folder / "summary",
            "RUNNER_TEMP": self.folder,
            "GH_CALLS": self.folder / "calls",
        }
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-I", ROOT / "action/run.py"],
            cwd=self.clone,
            env=os.environ | environment | github | {"PATH": path, "GITHUB_REPOSITORY": "acme/shop"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def outputs(self) -> dict[str, str]:
        """The step's outputs."""
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def calls(self) -> list[tuple[list[str], str]]:
        """What `gh` was told."""
        path = self.folder / "calls"
        return [tuple(json.loads(line)) for line in path.read_text().splitlines()] if path.is_file() else []


@pytest.fixture
def runner(tmp_path: Path, clone: Path) -> Iterator[Runner]:
    """A runner whose checkout is a clone, which the action leaves as it is."""
    yield Runner(tmp_path / "runner", clone)
    assert unchanged(clone)


def test_the_action_fails_with_findings_and_leaves_what_they_are(runner: Runner) -> None:
    ended = runner.run()
    assert ended.returncode == Exit.FINDINGS, ended.stderr
    assert "[N2]" in ended.stdout
    assert runner.outputs["findings"] == "true"
    assert runner.outputs["differs"] == ""
    log = json.loads(Path(runner.outputs["sarif"]).read_text())
    jsonschema.Draft7Validator(SARIF).validate(log)
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    }
    assert uris == {"infra/main.tf"}
    assert "### scaffold check: `infra`" in (runner.folder / "summary").read_text()


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ("findings", Exit.FINDINGS),
        ("differences", Exit.DIFFERENCES),
        ("any", Exit.FINDINGS),
        ("never", Exit.CLEAN),
        ("sometimes", Exit.ERROR),
    ],
)
def test_fail_on_says_what_fails_the_step(runner: Runner, fail_on: str, code: int) -> None:
    ended = runner.run(fail_on=fail_on, preset="network-only", comment="false")
    assert ended.returncode == code, ended.stderr


def test_what_could_not_be_done_fails_the_step_whatever_it_is_to_fail_on(runner: Runner) -> None:
    assert runner.run(directory="nowhere", fail_on="never", preset="network-only").returncode == Exit.ERROR
    assert runner.outputs == {"findings": "", "differs": "", "sarif": ""}


@pytest.mark.parametrize("level", ["none", "fats"])
def test_a_level_at_which_nothing_would_be_checked_is_refused(runner: Runner, level: str) -> None:
    ended = runner.run(verify=level)
    assert ended.returncode == Exit.ERROR
    assert ended.stdout == f"::error title=scaffold::verify is {level}; it must be one of fast, full.\n"


def test_known_findings_do_not_fail_the_step(runner: Runner, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    command = [sys.executable, "-m", "scaffold", "check", "infra", "--verify=fast", f"--write-baseline={known}"]
    subprocess.run(command, cwd=runner.clone, check=True, capture_output=True)
    assert runner.run(baseline=str(known)).returncode == Exit.CLEAN
    assert runner.outputs["findings"] == "false"


def test_a_comparison_becomes_a_comment_on_the_pull_request(runner: Runner) -> None:
    runner.run(preset="network-only")
    assert runner.outputs["differs"] == "true"
    (_, (arguments, data)) = runner.calls
    assert arguments == ["api", "--method", "POST", "repos/acme/shop/issues/7/comments", "--input", "-"]
    assert json.loads(data)["body"].startswith("### scaffold diff: `infra` differs from what its answers render\n")
    assert "### scaffold diff: `infra`" in (runner.folder / "summary").read_text()


def test_the_comment_of_an_earlier_run_on_the_folder_is_written_over_and_no_other(runner: Runner) -> None:
    body = "### scaffold diff: `infra` is what its answers render"
    comments: list[dict[str, Any]] = [
        {"id": 1, "body": "### scaffold diff: `other` differs from", "by": "Bot"},
        {"id": 2, "body": body, "by": "Bot"},
        {"id": 3, "body": body, "by": "User"},
        {"id": 4, "body": "a\nb", "by": "Bot"},
    ]
    runner.run(preset="network-only", GH_COMMENTS="\n".join(map(json.dumps, comments)))
    assert runner.calls[1][0][:4] == ["api", "--method", "PATCH", "repos/acme/shop/issues/comments/2"]


def test_a_token_that_may_not_comment_is_a_warning(runner: Runner) -> None:
    ended = runner.run(fail_on="never", GH_ERROR="HTTP 403\nResource not accessible 100%")
    assert ended.returncode == Exit.CLEAN
    warning = "::warning title=scaffold::No comment was written: HTTP 403 Resource not accessible 100%25\n"
    assert warning in ended.stdout


def test_without_a_pull_request_there_is_no_comment(runner: Runner) -> None:
    (runner.folder / "event.json").write_text('{"ref": "refs/heads/main"}')
    runner.run()
    assert runner.calls == []


def test_nothing_of_the_checkout_is_imported(runner: Runner) -> None:
    for name in ("yaml.py", "scaffold.py", "json.py"):
        (runner.clone / name).write_text("raise SystemExit(99)\n")
    (runner.clone / ".git/info/exclude").write_text("*.py\n")
    assert runner.run().returncode == Exit.FINDINGS


def test_a_folder_that_looks_like_an_option_is_a_folder(runner: Runner) -> None:
    ended = runner.run(directory="--soft-fail")
    assert ended.returncode == Exit.ERROR
    assert "--soft-fail is not a folder." in ended.stderr


def test_no_script_of_the_action_has_anything_put_into_it() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    assert not [script for script in scripts if "${{" in script]


def test_every_action_it_uses_is_pinned_by_its_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert len(used) == 2
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", each) for each in used)


def test_the_script_gets_every_input_but_those_that_are_steps_of_their_own() -> None:
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "scaffold"]
    given = {name for name in step["env"] if name.startswith("INPUT_")}
    wanted = {f"INPUT_{name.upper().replace('-', '_')}" for name in ACTION["inputs"] if name != "sarif"}
    assert given == wanted
    assert given == {f"INPUT_{name}" for name in re.findall(r'_input\("(\w+)"', (ROOT / "action/run.py").read_text())}
