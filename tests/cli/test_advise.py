"""`scaffold advise`: what is printed, from flags, from files, and from nothing."""

from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from tests.cli.commands import document

Capture = pytest.CaptureFixture[str]

WORKLOAD = "traffic: spiky\nrequests_per_second: 5\nrun_seconds: 0.2\nmemory_mb: 512\nprotocol: request\n"


@pytest.fixture
def workload(tmp_path: Path) -> str:
    path = tmp_path / "workload.yaml"
    path.write_text(WORKLOAD)
    return str(path)


def test_without_facts_it_says_which_there_are(capsys: Capture) -> None:
    found = document(capsys, "advise")
    assert (found["recommendation"], found["options"]) == (None, [])
    assert {fact["name"] for fact in found["facts"] if fact["default"] == "required"} == {
        "traffic",
        "requests_per_second",
        "run_seconds",
        "memory_mb",
        "protocol",
    }
    assert run(["advise"]) == Exit.CLEAN
    printed = capsys.readouterr().out
    assert all(fact["name"] in printed for fact in found["facts"])


def test_a_recommendation_stands_beside_its_alternatives(capsys: Capture, workload: str) -> None:
    found = document(capsys, "advise", "--workload", workload)
    assert found["recommendation"]["option"] == found["options"][0]["id"] == "lambda"
    assert found["recommendation"]["command"][:4] == ["scaffold", "new", "--set", "capacity=[lambda]"]
    fits = [option["fit"] for option in found["options"]]
    assert fits == ["recommended", *["possible"] * 5, "no"]
    costs = [float(option["usd"]) for option in found["options"] if option["fit"] == "possible"]
    assert costs == sorted(costs)
    assert found["options"][-1]["usd"] is None
    assert found["options"][-1]["reasons"][0]["by"] == "L8"
    assert {fact["name"]: fact["value"] for fact in found["facts"]}["run_seconds"] == "0.2"


def test_a_flag_is_stronger_than_a_file(capsys: Capture, workload: str) -> None:
    found = document(capsys, "advise", "--workload", workload, "--set", "kubernetes=true")
    assert found["recommendation"]["option"] == "eks-auto-mode"


def test_people_get_the_command_the_figures_and_the_formulas(capsys: Capture, workload: str) -> None:
    assert run(["advise", "--workload", workload]) == Exit.CLEAN
    printed = capsys.readouterr().out
    for text in (
        "Lambda functions: It fits a function",
        "scaffold new --set 'capacity=[lambda]'",
        "19.87 USD a month",
        "1296000 GB-s x $0.0000133334/GB-s",
        "[L8] no: Traffic that more than doubles",
        "list prices of 2026-11-20",
    ):
        assert text in printed


def test_facts_that_are_missing_are_all_named(capsys: Capture) -> None:
    error = document(capsys, "advise", "--set", "traffic=steady", code=Exit.ERROR)
    assert {problem["path"] for problem in error["problems"]} == {
        "requests_per_second",
        "run_seconds",
        "memory_mb",
        "protocol",
    }


def test_prices_may_be_ones_own(capsys: Capture, workload: str, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("regions: {us-east-1: {lambda_requests_million: {usd: 2}}}")
    plain = document(capsys, "advise", "--workload", workload)["options"][0]["usd"]
    dear = document(capsys, "advise", "--workload", workload, "--prices", str(prices))["options"][0]["usd"]
    assert round(float(dear) - float(plain), 2) == round(12.96 * 1.8, 2)
