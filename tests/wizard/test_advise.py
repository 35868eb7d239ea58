"""`scaffold advise` on a terminal asks for the facts that are not given."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.advise.workload import Workload, facts
from scaffold.wizard.workload import QUESTIONS as ABOUT_WORKLOADS
from tests.wizard.terminal import ABOUT_A_WORKLOAD, CTRL_C, DOWN, ENTER, Wizard, surroundings

TYPED = {"requests_per_second": "0.2" + ENTER, "run_seconds": "0.3" + ENTER, "memory_mb": "512" + ENTER}
"""What Enter does not answer."""


def asking(folder: Path, *arguments: str, stdout: str = "") -> Wizard:
    return Wizard(folder, *arguments, command="advise", stdout=stdout)


def test_what_is_required_is_asked_and_enter_takes_the_rest(tmp_path: Path) -> None:
    wizard = asking(tmp_path)
    for path in ABOUT_A_WORKLOAD:
        wizard.answer(path, TYPED.get(path, ENTER))
    assert wizard.end() == 0
    assert "Render it: scaffold new --set 'capacity=[lambda]'" in wizard.words()


def test_the_command_that_is_shown_says_the_same_without_questions(tmp_path: Path) -> None:
    wizard = asking(tmp_path, "--set", "region=eu-central-1", stdout="asked.txt")
    keys = {**TYPED, "protocol": DOWN + DOWN + ENTER, "traffic": DOWN + ENTER, "p95_ms": "300" + ENTER}
    for path in ABOUT_A_WORKLOAD:
        wizard.answer(path, keys.get(path, ENTER))
    assert wizard.end() == 0
    shown = wizard.words().partition("The same without questions: scaffold ")[2]
    assert shown.startswith("advise --set region=eu-central-1 --set protocol=stream --set traffic=spiky ")
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m scaffold {shown}"],
        cwd=tmp_path,
        env=surroundings(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    words = (tmp_path / "asked.txt").read_text().split()
    assert words
    assert words == ended.stdout.split()


@pytest.mark.parametrize(
    ("path", "keys", "says"),
    [
        ("requests_per_second", "many" + ENTER, "'many' is not a number"),
        ("requests_per_second", ENTER, "is required"),
        ("run_seconds", "0" + ENTER, "0 is not more than 0"),
        ("memory_mb", "9999999" + ENTER, "is more than 786432"),
    ],
)
def test_an_answer_that_cannot_be_is_asked_again(path: str, keys: str, says: str, tmp_path: Path) -> None:
    wizard = asking(tmp_path)
    for earlier in list(ABOUT_A_WORKLOAD)[: list(ABOUT_A_WORKLOAD).index(path)]:
        wizard.answer(earlier, TYPED.get(earlier, ENTER))
    wizard.answer(path, keys)
    wizard.expect(says)
    wizard.answer(path, CTRL_C)
    assert wizard.end() == 130


def test_what_is_given_is_not_asked(tmp_path: Path) -> None:
    given = [word for fact, keys in TYPED.items() for word in ("--set", f"{fact}={keys.strip()}")]
    wizard = asking(tmp_path, *given, "--set", "protocol=batch")
    for path in ("traffic", "p95_ms", "state", "gpu"):
        wizard.answer(path)
    assert wizard.end() == 0
    assert ABOUT_A_WORKLOAD["memory_mb"].prompt not in wizard.words()


def test_nothing_is_asked_where_every_required_fact_is_given(tmp_path: Path) -> None:
    given = [word for fact, keys in TYPED.items() for word in ("--set", f"{fact}={keys.strip()}")]
    wizard = asking(tmp_path, *given, "--set", "protocol=batch", "--set", "traffic=steady")
    assert wizard.end() == 0
    assert "?" not in wizard.words()


def test_a_fact_that_was_given_wrong_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    wizard = asking(tmp_path, "--set", "traffic=bumpy")
    assert wizard.end() == 1
    assert "bumpy is not one of steady or spiky" in wizard.words()
    assert "What arrives" not in wizard.words()


def test_a_fact_that_was_given_wrong_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "workload.yaml").write_text("traffic: steady\nfoo: 1\n")
    wizard = asking(tmp_path, "--workload", "workload.yaml")
    assert wizard.end() == 1
    assert "foo (workload.yaml line 2)" in wizard.words()


def test_an_answer_that_contradicts_what_was_given_is_asked_again(tmp_path: Path) -> None:
    wizard = asking(tmp_path, "--set", "peak_per_second=5")
    wizard.answer("protocol")
    wizard.answer("traffic")
    wizard.answer("requests_per_second", "20" + ENTER)
    wizard.expect("peak_per_second: 5 is less than the average, 20.")
    wizard.answer("requests_per_second", CTRL_C)
    assert wizard.end() == 130


def test_json_asks_nothing_and_lists_the_facts(tmp_path: Path) -> None:
    wizard = asking(tmp_path, "--output", "json", stdout="facts.json")
    assert wizard.end() == 0
    document = json.loads((tmp_path / "facts.json").read_text())
    assert [fact["name"] for fact in document["facts"]] == list(Workload.model_fields)


def test_every_required_fact_has_a_question_and_the_options_are_what_it_can_be() -> None:
    required = {name for name, field in Workload.model_fields.items() if field.is_required()}
    assert required <= set(ABOUT_A_WORKLOAD)
    choices = {fact.name: fact.choices for fact in facts()}
    for question, options in ABOUT_WORKLOADS:
        expected = (False, True) if question.path == "gpu" else choices[question.path]
        assert {option.value for option in options} == set(expected), question.path
