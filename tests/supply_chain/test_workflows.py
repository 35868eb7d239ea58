"""Workflows, ours and rendered ones: what they use is pinned, what they may do is the least, nothing is injected."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
OURS = sorted((ROOT / ".github/workflows").glob("*.yml"))
RENDERED = sorted((ROOT / "examples").glob("*/.github/workflows/*.yml"))
WORKFLOWS = [*OURS, *RENDERED]
ACTION = ROOT / "action.yml"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.yml.j2") if "uses:" in path.read_text())

WRITES = {
    ("release.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
    ("release.yml", "release"): {"contents": "write"},
    # A role of the environment, by OIDC, for the plan that tells of drift.
    ("terraform.yml", "drift"): {"contents": "read", "id-token": "write"},
}
"""The jobs that may do more than read the repository, and all that they may."""


def workflow(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return {"on" if key is True else key: value for key, value in found.items()}


def jobs(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from workflow(path)["jobs"].items()


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for _, job in jobs(path):
        yield from job.get("steps", ())


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_workflows_to_look_at() -> None:
    assert {path.name for path in OURS} == {"ci.yml", "release.yml"}
    assert len(RENDERED) == 11
    assert len(TEMPLATES) == 4


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION, *TEMPLATES], ids=names)
def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    used = [line.strip() for line in path.read_text().splitlines() if re.match(r"\s*(?:- )?uses:", line)]
    assert used
    for line in used:
        local = line == "uses: ./.github/workflows/ci.yml"
        assert local or re.fullmatch(r"(?:- )?uses: [\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_an_action_has_one_commit_wherever_it_is_used() -> None:
    texts = "\n".join(path.read_text() for path in (*WORKFLOWS, ACTION, *TEMPLATES))
    pins: dict[str, set[tuple[str, str]]] = {}
    for action, commit, version in re.findall(r"uses: ([\w/-]+)@(\w{40}) # (\S+)", texts):
        pins.setdefault(action, set()).add((commit, version))
    assert len(pins) >= 10
    assert [action for action, found in pins.items() if len(found) > 1] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=names)
def test_every_job_may_do_the_least(path: Path) -> None:
    assert workflow(path)["permissions"] in ({}, {"contents": "read"})
    for name, job in jobs(path):
        allowed = WRITES.get((path.name, name), {"contents": "read"})
        assert job.get("permissions", workflow(path)["permissions"]) == allowed
        assert job.get("secrets") is None
    assert "secrets." not in path.read_text()


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=names)
def test_nothing_is_put_into_a_script(path: Path) -> None:
    runs = workflow(path)["runs"]["steps"] if path == ACTION else list(steps(path))
    scripts = [step["run"] for step in runs if "run" in step]
    assert scripts
    # A matrix is written in the file itself; everything else comes from outside.
    assert not [text for text in scripts if re.search(r"\$\{\{(?!\s*matrix\.\w+\s*\}\})", text)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=names)
def test_no_workflow_runs_a_strangers_code_with_the_repositorys_rights(path: Path) -> None:
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(workflow(path)["on"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=names)
def test_no_checkout_leaves_a_token_behind_and_every_job_ends(path: Path) -> None:
    for step in steps(path):
        if "checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
    for _, job in jobs(path):
        assert "uses" in job or job["timeout-minutes"] <= 60
        assert "uses" in job or re.fullmatch(r"(?:ubuntu|macos)-\d+(?:\.\d+)?|\$\{\{ matrix\.os \}\}", job["runs-on"])


def test_ci_runs_the_tests_on_every_system_and_python_that_is_promised() -> None:
    job = dict(jobs(ROOT / ".github/workflows/ci.yml"))["test"]
    assert {"run": ".ci/run"} in job["steps"]
    assert {each.partition("-")[0] for each in job["strategy"]["matrix"]["os"]} == {"ubuntu", "macos"}
    pythons = job["strategy"]["matrix"]["python"]
    assert pythons[0] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].strip(">=")
    assert pythons == [f"3.{minor}" for minor in range(11, 11 + len(pythons))]
    assert len(pythons) == 4


def test_a_release_is_tested_built_attested_and_published_in_this_order_by_separate_jobs() -> None:
    path = ROOT / ".github/workflows/release.yml"
    found = dict(jobs(path))
    order = ["test", "build", "attest", "publish", "release"]
    assert list(found) == order
    assert [found[name].get("needs") for name in order] == [None, *order[:-1]]
    assert workflow(path)["on"] == {"push": {"tags": ["v[0-9]*"]}}
    # What may write runs nothing of the repository: it has no checkout.
    for name in ("attest", "publish", "release"):
        assert not [step for step in found[name]["steps"] if "checkout@" in step.get("uses", "")]
    assert found["publish"]["environment"]["name"] == "pypi"
    (publish,) = [step for step in found["publish"]["steps"] if "pypi-publish@" in step.get("uses", "")]
    assert "with" not in publish
