"""What must not grow, counted and not timed: modules imported at start, processes, files parsed, templates compiled."""

import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from tree_sitter import Parser, Tree

from scaffold.cli import run
from scaffold.hcl import grammar, parse_cached
from scaffold.hcl.syntax import syntax
from scaffold.render import render
from scaffold.render.engine import engine_of
from scaffold.verify import checkov
from scaffold.verify.checkov_environment import checkov_python
from scaffold.verify.process import find_program
from scaffold.workspace.reading import read_tree
from tests.support.rendering import project

MODULES_AT_START = 48
"""How many modules of Typer and of scaffold `--version` and `--help` may import."""

PRESET = ("--preset", "platform")

NOTED = """
import json, sys
noted = []
def note(event, arguments):
    if event in ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.system"):
        noted.append(str(arguments[0]) if arguments else event)
sys.addaudithook(note)
from scaffold.cli import run
code = run(sys.argv[1:])
print(json.dumps({"code": code, "processes": noted, "modules": sorted(sys.modules)}), file=sys.stderr)
"""
"""Runs a command in a process of its own, which notes every process that it starts."""


def noted(*arguments: str, **variables: str) -> dict[str, Any]:
    """Return what a command started and imported."""
    command = [sys.executable, "-c", NOTED, *arguments]
    ran = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_few_modules_are_imported_at_start(option: str) -> None:
    modules = [
        name
        for name in noted(option)["modules"]
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "__main__"}
    ]
    ours = [name for name in modules if name.startswith(("scaffold", "typer"))]
    assert len(ours) <= MODULES_AT_START, ours


def test_rendering_with_fast_verification_starts_no_process(tmp_path: Path) -> None:
    found = noted("render", str(tmp_path / "out"), *PRESET, "--verify", "fast")
    assert (found["code"], found["processes"]) == (0, [])


def test_comparing_and_checking_fast_start_no_process(tmp_path: Path) -> None:
    target = str(tmp_path / "out")
    assert run(["render", target, *PRESET, "--verify", "none"]) == 0
    for command in (["diff", target], ["check", target, "--verify", "fast"]):
        found = noted(*command)
        assert (found["code"], found["processes"]) == (0, [])


@pytest.fixture
def terraform_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `terraform` first on PATH that finds nothing wrong, and return the file in which it notes its calls."""
    calls = tmp_path / "calls"
    calls.touch()
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    answer = '{"valid": true, "terraform_version": "1.11.4", "provider_selections": {}, "diagnostics": []}'
    program.write_text(f"#!/bin/sh\necho \"$1\" >> '{calls}'\n[ \"$1\" = fmt ] || echo '{answer}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert find_program("terraform") == program
    return calls


def test_full_verification_starts_each_tool_as_often_as_it_must(tmp_path: Path, terraform_calls: Path) -> None:
    checkov_python()
    target = str(tmp_path / "out")
    # An owner of its own, so that no result of an earlier run is remembered.
    owner = f"--set=owner=team-{uuid.uuid4()}"
    found = noted("render", target, *PRESET, owner, "--verify", "full")
    assert found["code"] == 0
    folders = {file.parent for file in Path(target).rglob("*.tf")}
    called = Counter(terraform_calls.read_text().split())
    assert called.keys() <= {"version", "fmt", "init", "validate"}
    assert (called["version"], called["fmt"]) in {(0, 1), (1, 1)}
    assert called["init"] == called["validate"] <= len(folders)
    # checkov is started by its environment's Python, which nothing else is; the environment itself is in the cache.
    # One shell watches over all of them, in case this process is killed.
    others = [Path(program).name for program in found["processes"] if Path(program).name != "terraform"]
    assert sorted(others) == ["python", "sh"]


def test_checkov_is_started_once_for_several_trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = [tmp_path / name for name in ("dev", "prod", "shared")]
    for number, tree in enumerate(trees):
        tree.mkdir()
        queues = "".join(f'resource "aws_sqs_queue" "q{each}" {{}}\n' for each in range(number + 1))
        (tree / "main.tf").write_text(f"# {uuid.uuid4()}\n{queues}")
    checkov_python()
    started: list[object] = []

    class Counting(subprocess.Popen):  # type: ignore[type-arg] # of text or bytes, as it is asked
        def __init__(self, arguments: Any, *more: Any, **options: Any) -> None:
            started.append(arguments)
            super().__init__(arguments, *more, **options)

    monkeypatch.setattr(subprocess, "Popen", Counting)
    scans = checkov.scan(trees)
    assert [len(scan.blocks) for scan in scans] == [1, 2, 3]
    assert len(started) == 1


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count how often each text is parsed, from when nothing is remembered."""
    counted: Counter[str] = Counter()
    real = grammar.parser()

    class Counting:
        def parse(self, text: bytes) -> Tree:
            counted[text.decode()] += 1
            return real.parse(text)

    assert isinstance(real, Parser)
    monkeypatch.setattr(grammar, "parser", Counting)
    forget()
    yield counted
    forget()


def forget() -> None:
    """Forget every text that was parsed."""
    parse_cached.cache_clear()
    syntax.cache_clear()


def test_rendering_parses_each_file_once(tmp_path: Path, parsed: Counter[str]) -> None:
    target = tmp_path / "out"
    assert run(["render", str(target), *PRESET, "--verify", "fast"]) == 0
    assert_each_is_parsed_once(target, parsed)


@pytest.mark.parametrize("changes", [[], ["--set=name=other"]], ids=["the same", "other answers"])
def test_comparing_parses_each_file_once(tmp_path: Path, parsed: Counter[str], changes: list[str]) -> None:
    target = tmp_path / "out"
    assert run(["render", str(target), *PRESET, "--verify", "none"]) == 0
    forget()
    parsed.clear()
    assert run(["diff", str(target), *changes]) == (2 if changes else 0)
    assert_each_is_parsed_once(target, parsed)


def test_checking_parses_each_file_once(tmp_path: Path, parsed: Counter[str]) -> None:
    target = tmp_path / "out"
    assert run(["render", str(target), *PRESET, "--verify", "none"]) == 0
    forget()
    parsed.clear()
    assert run(["check", str(target), "--verify", "fast"]) == 0
    assert_each_is_parsed_once(target, parsed)


def test_each_of_very_many_files_is_parsed_once(tmp_path: Path, parsed: Counter[str]) -> None:
    for number in range(600):
        (tmp_path / f"q{number:03}.tf").write_text(f'resource "aws_sqs_queue" "q{number}" {{}}\n')
    assert run(["check", str(tmp_path), "--verify", "fast"]) in (0, 3)
    assert_each_is_parsed_once(tmp_path, parsed)


def assert_each_is_parsed_once(tree: Path, parsed: Counter[str]) -> None:
    """Assert that each Terraform file was parsed, and that none was twice."""
    texts = {file.text: file.path for file in read_tree(tree).files if file.path.endswith(".tf")}
    assert {path: parsed[text] for text, path in texts.items() if parsed[text] != 1} == {}


def test_each_template_is_compiled_once_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path))
    compiled: Counter[str | None] = Counter()
    real = Environment.compile

    def counting(environment: Environment, source: Any, name: str | None = None, *more: Any, **options: Any) -> Any:
        compiled[name] += 1
        return real(environment, source, name, *more, **options)

    monkeypatch.setattr(Environment, "compile", counting)
    engine_of.cache_clear()
    capacity = "capacity=[eks-auto-mode, lambda-managed-instances]"
    for name in ("one", "two", "three"):
        render(project(f"name={name}", capacity, "lmi.max_vcpu_count=16"))
    assert compiled
    assert {name: times for name, times in compiled.items() if times > 1} == {}
