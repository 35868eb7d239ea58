"""`scaffold cost`: what is priced, beside what, and how it is printed."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from tests.cli.commands import LEAST, QUICK, document, process
from tests.cost.test_published_tables import KEPT_IN_ZONE, SINGLE
from tests.cost.test_reading import NETWORK

Capture = pytest.CaptureFixture[str]
PRESET = ("cost", "--preset", "network-only")


def lines(found: dict[str, Any], environment: str = "prod") -> dict[str, Decimal]:
    """Return what each line of an environment comes to, by its id."""
    (cost,) = [each for each in found["environments"] if each["environment"] == environment]
    return {line["id"]: Decimal(line["usd"]) for line in cost["lines"]}


def differences(found: dict[str, Any]) -> dict[str, Decimal]:
    """Return the difference of each line that has one, by its id."""
    rows = {line["id"]: Decimal(line["difference"]) for line in found["comparison"]["lines"]}
    return {id_: usd for id_, usd in rows.items() if usd}


@pytest.fixture
def answers() -> Path:
    """The answers of the article on traffic across AZs, in a file."""
    path = Path("single.yaml")
    path.write_text(
        """\
name: shop
region: us-east-1
owner: team-shop
cost_center: "4711"
environments: {prod: {}}
network: {nat: single, endpoints: none, query_logs: false}
usage:
  east_west_tb: 10
  crossing_share: 0.5
  aws_service_tb: 2
"""
    )
    return path


def test_each_environment_and_their_total_are_priced(capsys: Capture) -> None:
    found = document(capsys, *PRESET)
    assert [each["environment"] for each in found["environments"]] == ["dev", "prod"]
    for each in found["environments"]:
        assert Decimal(each["usd"]) == sum(Decimal(line["usd"]) for line in each["lines"])
    assert Decimal(found["usd"]) == sum(Decimal(each["usd"]) for each in found["environments"])
    assert (found["target"], found["comparison"]) == (None, None)


def test_the_published_table_comes_out_of_a_file_and_settings_over_it(answers: Path, capsys: Capture) -> None:
    found = document(capsys, "cost", "--answers", str(answers), "--compare", ",".join(KEPT_IN_ZONE))
    rows = differences(found)
    article = ("east-west", "nat-processing-services", "single-nat", "interface-endpoints", "nat")
    assert round(sum(rows.pop(id_) for id_ in article), 2) == Decimal("-52.13")
    assert rows == {"endpoint-processing": Decimal(20), "public-ipv4": Decimal("7.20")}


def test_answers_compared_with_themselves_differ_in_nothing(answers: Path, capsys: Capture) -> None:
    found = document(capsys, "cost", "--answers", str(answers), "--compare", str(answers))
    assert differences(found) == {}
    assert found["comparison"]["difference"] == "0.00"


def test_a_file_to_compare_with_is_used_as_these_answers_are_where_it_says_nothing(
    answers: Path, capsys: Capture
) -> None:
    other = Path("other.yaml")
    other.write_text(answers.read_text().replace("nat: single", "nat: per-az").partition("usage:")[0])
    rows = differences(document(capsys, "cost", "--answers", str(answers), "--compare", str(other)))
    assert set(rows) == {"nat", "public-ipv4", "single-nat"}


def test_a_preset_is_compared_with_a_preset(capsys: Capture) -> None:
    found = document(capsys, *PRESET, "--compare", "eks-auto-prod", *LEAST[:4])
    assert "eks-cluster" in differences(found)


def test_a_list_in_a_setting_to_compare_with_is_one_value(capsys: Capture) -> None:
    other = "network.endpoints=none,network.extra_endpoints=[sqs, sns],azs=2"
    found = document(capsys, *PRESET, "--compare", other)
    assert "Interface endpoints (2 in 2 AZs)" in json.dumps(found["comparison"])


def test_what_is_in_a_repository_is_priced_with_the_usage_of_its_answers(capsys: Capture) -> None:
    usage = ["--set", "usage.logs_gb=10"]
    assert run(["render", "out", *LEAST, *QUICK, *usage, "--set", "network.endpoints=none"]) == Exit.CLEAN
    said = document(capsys, "cost", "--answers", "out/scaffold.yaml")
    there = document(capsys, "cost", "out")
    assert {**there, "target": None} == said
    Path("out/environments/prod/more.tf").write_text(
        'resource "aws_nat_gateway" "more" {\n  subnet_id = "subnet-1"\n}\n'
    )
    more = document(capsys, "cost", "out")
    assert lines(more)["nat"] == lines(said)["nat"] + Decimal("32.40")
    assert lines(more)["logs"] == Decimal(5)


def test_a_repository_compared_with_its_own_answers_differs_in_nothing(capsys: Capture) -> None:
    assert run(["render", "out", *LEAST, *QUICK]) == Exit.CLEAN
    assert differences(document(capsys, "cost", "out", "--compare", "azs=3")) == {}


def test_a_foreign_repository_is_priced_with_no_more_than_a_usage(capsys: Capture) -> None:
    Path("theirs").mkdir()
    Path("theirs/main.tf").write_text(NETWORK)
    Path("usage.yaml").write_text("usage: {internet_tb: 10}\n")
    found = document(capsys, "cost", "theirs", "--answers", "usage.yaml")
    assert found == document(capsys, "cost", "theirs", "--set", "usage.internet_tb=10")
    assert lines(found, ".")["single-nat"] == Decimal(50)
    assert found["environments"][0]["basis"].endswith("us-east-1; there are none for eu-west-1")


def test_what_cannot_be_told_is_printed(capsys: Capture) -> None:
    Path("theirs").mkdir()
    Path("theirs/main.tf").write_text(NETWORK + 'resource "aws_db_instance" "x" {}\n')
    for output in ("text", "markdown"):
        assert run(["cost", "theirs", "--output", output]) == Exit.CLEAN
        out = capsys.readouterr().out.replace("\\", "")
        assert "not priced" in out
        assert "aws_db_instance is not priced here" in out


def test_prices_of_ones_own_are_used(capsys: Capture) -> None:
    Path("prices.yaml").write_text("regions: {us-east-1: {kms_key_month: {usd: 3}}}")
    plain, own = document(capsys, *PRESET), document(capsys, *PRESET, "--prices", "prices.yaml")
    assert lines(own)["kms-keys"] == 3 * lines(plain)["kms-keys"]


def test_the_tables_are_printed_for_people_and_for_a_pull_request(answers: Path, capsys: Capture) -> None:
    assert run(["cost", "--answers", str(answers)]) == Exit.CLEAN
    text = capsys.readouterr().out
    assert "prod: cost, USD a month" in text
    assert "2/3 x 2 TB x 1000 GB x $0.01/GB" in text
    assert "list prices of 2026-11-20, us-east-1" in text
    assert run(["cost", "--answers", str(answers), "--compare", "network.nat=per-az"]) == Exit.CLEAN
    assert "NAT (single) / NAT (per-az)" in capsys.readouterr().out
    assert run(["cost", "--answers", str(answers), "--output", "markdown", "--compare", "network.nat=per-az"]) == 0
    markdown = capsys.readouterr().out
    assert "| USD a month | as answered | with network\\.nat\\=per\\-az" in markdown.replace("=", "\\=")


def test_alternatives_are_printed_with_the_break_even(capsys: Capture) -> None:
    lmi = ["cost", "--preset", "lmi-steady"]
    found = document(capsys, *lmi, "--set", "usage.lambda_gb_seconds=20000000")
    assert {each["title"] for each in found["alternatives"]} == {"standard Lambda for the same load"}
    assert all(Decimal(each["break_even_gb_seconds"]) > 0 for each in found["alternatives"])
    for output in ("text", "markdown"):
        assert run([*lmi, "--output", output]) == Exit.CLEAN
        assert "spikes or falls to zero" in capsys.readouterr().out


def test_standard_lambda_is_not_shown_as_free_where_its_load_is_not_said(capsys: Capture) -> None:
    lmi = ["cost", "--preset", "lmi-steady"]
    for each in document(capsys, *lmi)["alternatives"]:
        assert (each["lines"], each["usd"], each["difference"]) == ([], None, None)
        assert Decimal(each["break_even_gb_seconds"]) > 0
    for output in ("text", "markdown"):
        assert run([*lmi, "--output", output]) == Exit.CLEAN
        out = capsys.readouterr().out
        assert "standard Lambda for the same load" in out
        assert "The instances cost as much as" in out
        assert "total then" not in out
        assert "in total, " not in out
        assert "Standard Lambda's duration" not in out


@pytest.mark.parametrize("output", ["text", "markdown"])
def test_a_comparison_says_whose_prices_either_side_has(answers: Path, capsys: Capture, output: str) -> None:
    priced = "list prices of 2026-11-20, us-east-1"
    compared = ["cost", "--answers", str(answers), "--output", output, "--compare"]
    assert run([*compared, "region=eu-north-1"]) == Exit.CLEAN
    out = capsys.readouterr().out.replace("\\", "")
    assert f"{priced}; there are none for eu-north-1" in out
    assert out.count(priced) == 2
    assert run([*compared, "network.nat=per-az"]) == Exit.CLEAN
    assert capsys.readouterr().out.replace("\\", "").count(priced) == 1


ENDINGS: dict[str, tuple[list[str], str]] = {
    "nothing": ([], "there is nothing to price"),
    "no folder": (["nowhere"], "nowhere is not a folder."),
    "nothing in it": (["empty"], "empty holds no Terraform"),
    "no preset": (["--preset", "none"], "network-only"),
    "empty other": (
        ["--preset", "network-only", "--compare", ""],
        "--compare is empty; give settings, a preset or an answers file.",
    ),
    "no date": (["--preset", "network-only", "--prices", "empty"], "empty: is not a file. Name a YAML file of prices."),
    "no prices": (["--preset", "network-only", "--prices", "nowhere.yaml"], "nowhere.yaml"),
    "no other": (["--preset", "network-only", "--compare", "nowhere"], "there is no preset nowhere"),
    "no other file": (["--preset", "network-only", "--compare", "nowhere.yaml"], "nowhere.yaml"),
    "wrong other": (["--preset", "network-only", "--compare", "network.nat=many"], "network.nat"),
    "wrong usage": (
        ["--preset", "network-only", "--set", "usage.internet_tb=much"],
        "is not a number such as 2 or 0.5",
    ),
    "negative": (["--preset", "network-only", "--set", "usage.logs_gb=-1"], "is not a number such as 2 or 0.5"),
    "share": (["--preset", "network-only", "--set", "usage.crossing_share=1.5"], "is more than 1"),
    "unknown": (["--preset", "network-only", "--set", "usage.interne_tb=1"], "Did you mean internet_tb?"),
    "instances": (
        ["--preset", "network-only", "--set", "usage.instances=[{type: m7g.large, count: 1, fo: x}]"],
        "Did you mean for?",
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_error_is_said_with_its_exit_code(ending: str) -> None:
    arguments, says = ENDINGS[ending]
    Path("empty").mkdir()
    ran = process("cost", *arguments)
    assert (ran.returncode, ran.stdout) == (Exit.ERROR, "")
    assert says in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr


def test_settings_of_the_article_are_those_of_the_file(answers: Path, capsys: Capture) -> None:
    flags = [flag for setting in SINGLE for flag in ("--set", setting)]
    said = document(capsys, *PRESET, *flags, *LEAST[:4], "--set", "network.extra_endpoints=[]")
    assert lines(said) == lines(document(capsys, "cost", "--answers", str(answers)))
