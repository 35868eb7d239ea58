"""Verdicts of other programs, kept by content."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.verify import Level, results, verify
from scaffold.verify.checkov_environment import checkov_python, environment_name
from scaffold.verify.results import remembered
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run
from tests.support.terraform_mirror import cli_configuration, provider_mirror, terraform_program

TREE = Tree((File("main.tf", 'resource "aws_sqs_queue" "this" {}\n'), File("run.sh", "#!/bin/sh\n", executable=True)))
FAILED = judged("example", [Finding("R1", "It is wrong “so”.", "main.tf", 3, "Mend it."), Finding("R2", "Too.")], "1.0")


@pytest.fixture(scope="session")
def installed_checkov() -> Path:
    """The folder of checkov's environment in the user's own cache."""
    return checkov_python().parent.parent


class Program:
    """A verifier that counts how often it is asked."""

    def __init__(self, verdict: Verdict = FAILED) -> None:
        self.verdict = verdict
        self.asked = 0

    def __call__(self) -> Verdict:
        self.asked += 1
        return self.verdict


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the entries, which is not there yet."""
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("SCAFFOLD_NO_CACHE")
    return tmp_path / "cache" / "results"


def entry(cache: Path) -> Path:
    (only,) = cache.iterdir()
    return only


@pytest.mark.parametrize("verdict", [FAILED, judged("example", [], "all of it")])
def test_the_same_bytes_are_asked_about_once_and_answered_alike(verdict: Verdict) -> None:
    program = Program(verdict)
    said: list[str] = []
    assert [remembered(TREE, ("example", "1.0"), program, said.append) for _ in range(3)] == [verdict] * 3
    assert program.asked == 1
    assert said == ["example: nothing changed since it was run; SCAFFOLD_NO_CACHE=1 runs it anew"] * 2


@pytest.mark.parametrize(
    "other",
    [
        replace(TREE, files=(File("main.tf", 'resource "aws_sqs_queue" "that" {}\n'), TREE.files[1])),
        replace(TREE, files=(TREE.files[0], File("run.sh", "#!/bin/sh\n"))),
        replace(TREE, files=(File("other.tf", TREE.files[0].text), TREE.files[1])),
        replace(TREE, files=TREE.files[:1]),
        replace(TREE, unread=(("more.tf", "is a link"),)),
    ],
    ids=["a byte", "a mode", "a name", "a file less", "a file unread"],
)
def test_a_tree_that_changed_is_asked_about_again(other: Tree) -> None:
    program = Program()
    remembered(TREE, ("example", "1.0"), program)
    remembered(other, ("example", "1.0"), program)
    assert program.asked == 2


@pytest.mark.parametrize(
    "settings", [("example", "1.1"), ("other", "1.0"), ("example", "1.0", "--strict"), ("example",)]
)
def test_another_program_version_or_setting_is_asked_again(settings: tuple[str, ...]) -> None:
    program = Program()
    remembered(TREE, ("example", "1.0"), program)
    remembered(TREE, settings, program)
    assert program.asked == 2


def test_another_version_of_this_tool_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    remembered(TREE, ("example",), program)
    monkeypatch.setattr(results, "__version__", "99")
    remembered(TREE, ("example",), program)
    assert program.asked == 2


@pytest.mark.parametrize("changed", ["checkov_checks/nat_gateway.yaml", "checkov.py"])
def test_a_changed_check_or_verifier_asks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    code = tmp_path / "verify"
    shutil.copytree(results.CODE, code)
    monkeypatch.setattr(results, "CODE", code)
    program = Program()
    remembered(TREE, ("example",), program)
    remembered(TREE, ("example",), program)
    assert program.asked == 1
    with (code / changed).open("a") as file:
        file.write("# changed\n")
    remembered(TREE, ("example",), program)
    assert program.asked == 2


@pytest.mark.parametrize("verdict", [not_run("example", "no network"), replace(FAILED, complete=False)])
def test_what_was_not_verified_whole_is_not_kept(cache: Path, verdict: Verdict) -> None:
    program = Program(verdict)
    assert [remembered(TREE, ("example",), program) for _ in range(2)] == [verdict] * 2
    assert program.asked == 2
    assert not cache.exists()


def test_the_cache_is_left_alone_when_told_so(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCAFFOLD_NO_CACHE", "1")
    program = Program()
    remembered(TREE, ("example",), program)
    remembered(TREE, ("example",), program)
    assert program.asked == 2
    assert not cache.exists()


def damaged(text: str) -> Iterator[str]:
    yield ""
    yield "[]"
    yield text[: len(text) // 2]
    yield text.replace("Mend it.", "Leave it.")
    yield text.replace('"failed"', '"passed"')
    yield json.dumps({**json.loads(text), "made": "yesterday"})
    yield text.replace('"made"', '"mad"')


@pytest.mark.parametrize("number", range(7))
def test_a_damaged_entry_is_discarded_with_a_warning(
    cache: Path, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    program = Program()
    remembered(TREE, ("example",), program)
    path = entry(cache)
    path.write_text(list(damaged(path.read_text()))[number])
    assert remembered(TREE, ("example",), program) == FAILED
    assert program.asked == 2
    assert [(record.levelno, str(path) in record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, True)
    ]
    assert remembered(TREE, ("example",), program) == FAILED
    assert program.asked == 2


@pytest.mark.parametrize("days", [-1, 8])
def test_an_entry_that_is_too_old_or_from_the_future_counts_for_nothing(
    cache: Path, caplog: pytest.LogCaptureFixture, days: int
) -> None:
    program = Program()
    remembered(TREE, ("example",), program)
    said = json.loads(entry(cache).read_text())
    entry(cache).write_text(json.dumps({**said, "made": said["made"] - days * 86400}))
    remembered(TREE, ("example",), program)
    remembered(TREE, ("example",), program)
    assert program.asked == 2
    assert not caplog.records


def test_a_cache_that_cannot_be_written_is_done_without(cache: Path) -> None:
    cache.parent.write_text("no folder")
    program = Program()
    assert [remembered(TREE, ("example",), program) for _ in range(2)] == [FAILED] * 2
    assert program.asked == 2


def test_the_entries_unused_longest_make_room(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered(TREE, ("first",), Program())
    size = entry(cache).stat().st_size
    monkeypatch.setattr(results, "MEGABYTES", 2.5 * size / 1_000_000)
    os.utime(entry(cache), (1, 1))
    remembered(TREE, ("second",), Program())
    for path in cache.iterdir():  # else both uses may be in one tick of the file system's clock
        os.utime(path, (path.stat().st_mtime - 100,) * 2)
    remembered(TREE, ("first",), Program())  # used again
    for path in cache.iterdir():
        os.utime(path, (path.stat().st_mtime - 100,) * 2)
    used_again = max(cache.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    remembered(TREE, ("third",), Program())
    assert used_again in cache.iterdir()
    asked = {name: Program() for name in ("first", "third", "second")}
    for name, program in asked.items():
        remembered(TREE, (name,), program)
    assert {name: program.asked for name, program in asked.items()} == {"first": 0, "third": 0, "second": 1}


ASKING = """
from scaffold.verify.results import remembered
from tests.verify.test_results import FAILED, TREE
for number in range(200):
    assert remembered(TREE, (str(number % 5),), lambda: FAILED) == FAILED
"""


def test_processes_use_one_cache_at_the_same_time(cache: Path) -> None:
    command = [sys.executable, "-c", ASKING]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4
    assert len(list(cache.iterdir())) == 5


def test_terraform_and_checkov_say_of_the_same_tree_what_they_said(
    installed_checkov: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform_program()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(cli_configuration(provider_mirror(), tmp_path)))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / environment_name()).symlink_to(installed_checkov)

    def asked(text: str) -> tuple[list[Verdict], list[str]]:
        tree = Tree((File("main.tf", text),))
        told: list[str] = []
        try:
            verdicts = [replace(each, seconds=0) for each in verify(tree, Level.FULL, told.append)]
        finally:
            tree.close()
        return verdicts, sorted(line for line in told if "nothing changed" in line)

    wrong = 'resource "aws_sqs_queue" "this" {\n  nam = "x"\n}\n'
    first, nothing = asked(wrong)
    again, hits = asked(wrong)
    _, nothing_either = asked(wrong.replace("nam", "name"))
    assert [(each.verifier, each.status) for each in first[-2:]] == [("terraform", "failed"), ("checkov", "failed")]
    assert again == first
    assert [hit.partition(":")[0] for hit in hits] == ["checkov", "terraform"]
    assert nothing == nothing_either == []
