"""What speaks for and against options, what they cost, and what is asked of the facts."""

from decimal import Decimal
from pathlib import Path

import pytest

from scaffold.advise.advice import Advice, Judged, advise
from scaffold.advise.workload import workload_from
from scaffold.answers.problems import AnswersError
from scaffold.answers.sources import from_settings, merge
from scaffold.cost.prices import load_prices

BASE = ("traffic=steady", "requests_per_second=10", "run_seconds=0.2", "memory_mb=512", "protocol=request")


def advised(*settings: str, prices: Path | None = None) -> Advice:
    return advise(workload_from(merge([from_settings((*BASE, *settings))])), load_prices(prices))


def option(id_: str, *settings: str) -> Judged:
    return next(each for each in advised(*settings).options if each.option.id == id_)


def formulas(id_: str, *settings: str) -> dict[str, str]:
    estimate = option(id_, *settings).estimate
    assert estimate is not None
    assert estimate.cost is not None
    return {line.id: line.formula for line in estimate.cost.lines}


def reasons(judged: Judged) -> set[tuple[str, str]]:
    return {(reason.effect, reason.by) for reason in judged.reasons}


@pytest.mark.parametrize(
    ("id_", "settings", "expected"),
    [
        ("lambda", ["run_seconds=901"], ("no", "limit")),
        ("lambda-managed-instances", ["traffic=spiky"], ("no", "L8")),
        ("lambda-managed-instances", ["gpu=true"], ("no", "L13")),
        ("lambda-managed-instances", ["region=il-central-1"], ("no", "L2")),
        ("lambda-managed-instances", ["memory_mb=32769"], ("no", "L6")),
        ("lambda", ["memory_mb=10241"], ("no", "limit")),
        ("lambda", ["payload_mb=6.1"], ("no", "limit")),
        ("lambda", ["payload_mb=6.1", "protocol=event"], ("against", "limit")),
        ("lambda-durable", ["state=workflow", "run_seconds=31622401"], ("no", "limit")),
        ("lambda-durable", ["state=workflow", "run_seconds=31622400"], ("for", "D1")),
        ("ecs/fargate", ["memory_mb=122881"], ("no", "limit")),
        ("ecs/fargate", ["gpu=true"], ("no", "limit")),
        ("ecs/managed-instances", ["kubernetes=true"], ("no", "fit")),
        ("eks-auto-mode", [], ("against", "E18")),
        ("eks-auto-mode", ["state=disk"], ("for", "E11")),
        ("ecs/fargate-spot", [], ("against", "C2")),
        ("ecs/fargate-spot", ["protocol=batch"], ("no", "C2")),
        ("ecs/fargate-spot", ["protocol=event"], ("for", "C2")),
        ("ecs/fargate", ["protocol=batch"], ("for", "C17")),
        ("ecs/managed-instances", ["memory_mb=122881"], ("against", "C4")),
    ],
)
def test_a_limit_or_an_opinion_is_said_where_it_applies(id_: str, settings: list[str], expected: tuple[str, str]):
    assert expected in reasons(option(id_, *settings))


@pytest.mark.parametrize(
    ("id_", "settings"),
    [
        ("lambda", ["run_seconds=900"]),
        ("lambda", ["memory_mb=10240"]),
        ("lambda", ["payload_mb=6"]),
        ("lambda-managed-instances", ["memory_mb=32768"]),
        ("ecs/fargate", ["memory_mb=122880"]),
    ],
)
def test_what_is_just_within_a_limit_is_possible(id_: str, settings: list[str]):
    assert option(id_, *settings).possible


def test_functions_are_priced_by_requests_and_gb_seconds():
    assert formulas("lambda") == {
        "lambda-requests": "25.92 million x $0.20/million",
        "lambda-duration": "2592000 GB-s x $0.0000133334/GB-s",
    }


def test_a_durable_execution_pays_for_its_code_and_not_for_its_waits():
    week = ("state=workflow", "run_seconds=604800", "requests_per_second=0.1", "memory_mb=1024")
    assert formulas("lambda-durable", *week)["lambda-duration"].startswith("15552000 GB-s")
    assert formulas("lambda-durable", *week, "busy_seconds=6")["lambda-duration"].startswith("1555200 GB-s")


def test_containers_are_sized_by_what_the_load_keeps_busy():
    # 500 x 0.2 s x 0.3 vCPU / 60 % = 50 vCPUs.
    found = formulas("ecs/fargate", "requests_per_second=500", "vcpus=0.3")
    assert found["fargate-arm64-512-1024-vcpu"] == "100 tasks x 0.5 vCPU x $0.03238/h x 720 h"
    spot = formulas("ecs/fargate-spot", "requests_per_second=500", "vcpus=0.3")
    assert spot["fargate-arm64-512-1024-vcpu"].startswith("22 tasks")
    assert spot["fargate-spot-arm64-512-1024-vcpu"].startswith("78 tasks")


def test_a_service_has_two_tasks_and_managed_instances_of_lambda_three_instances_at_least():
    assert formulas("ecs/fargate", "requests_per_second=0.1")["fargate-arm64-512-1024-vcpu"].startswith("2 tasks")
    assert formulas("lambda-managed-instances", "requests_per_second=0.1")["instances-0"].startswith("3 x")


def test_the_items_of_a_batch_are_paid_for_while_they_run():
    # Half an item a second, of 80 s: 40 at once.
    found = formulas("ecs/fargate", "protocol=batch", "requests_per_second=0.5", "run_seconds=80")
    assert found["fargate-arm64-512-1024-vcpu"] == "40 tasks x 0.5 vCPU x $0.03238/h x 720 h"
    assert found["state-transitions"] == "3.888 million x $25.00/million"
    assert not any(id_.startswith("load-balancer") for id_ in found)


def test_a_task_on_fargate_is_paid_for_a_minute_at_least():
    found = formulas("ecs/fargate", "protocol=batch", "requests_per_second=0.5", "run_seconds=1")
    assert found["fargate-arm64-512-1024-vcpu"] == "30 tasks x 0.5 vCPU x $0.03238/h x 720 h"


def test_payloads_that_decide_the_price_of_a_load_balancer_are_named():
    def assumed(*settings: str) -> str:
        estimate = option("ecs/fargate", *settings).estimate
        assert estimate is not None
        return " ".join(estimate.assumptions)

    assert "as large as the largest, 20 MB" in assumed("payload_mb=20")
    assert "as large as" not in assumed()


def test_a_gpu_is_x86_64_and_has_the_lower_fee():
    advice = advised("gpu=true", "memory_mb=8192")
    assert "arch=x86_64" in advice.settings
    estimate = advice.options[0].estimate
    assert estimate is not None
    assert estimate.cost is not None
    lines = {line.id: line for line in estimate.cost.lines}
    assert lines["instances-0"].item.endswith("x g6.xlarge")
    assert lines["instances-0-fee"].usd == lines["instances-0"].usd * Decimal("0.078")


def test_what_no_instance_here_holds_has_no_price_and_says_so():
    estimate = option("ecs/managed-instances", "memory_mb=200000").estimate
    assert estimate is not None
    assert estimate.cost is None
    assert "200000 MB" in estimate.assumptions[0]


def test_prices_of_ones_own_may_change_the_recommendation(tmp_path: Path):
    steady = ("packaging=container", "requests_per_second=1000")
    assert advised(*steady).recommended.id == "ecs/fargate"
    own = tmp_path / "prices.yaml"
    own.write_text("regions: {us-east-1: {instances: {c7g.2xlarge: {usd: 0.15}}}}")
    assert advised(*steady, prices=own).recommended.id == "ecs/managed-instances"


def test_a_target_that_the_work_itself_misses_is_said():
    assert "200 ms" not in "".join(advised("p95_ms=300").notes)
    assert "nothing here makes the work itself faster" in advised("p95_ms=100").notes[0]


def test_the_command_says_what_kind_of_thing_to_render():
    stream = advised("protocol=stream", "run_seconds=3600", "region=eu-central-1", "arch=x86_64")
    assert stream.settings == (
        "capacity=[ecs]",
        "arch=x86_64",
        "region=eu-central-1",
        "ecs.kind=mcp-server",
        "ecs.capacity_provider=fargate",
        "ecs.cpu=512",
        "ecs.memory=1024",
    )
    week = advised("state=workflow", "run_seconds=604800", "requests_per_second=0.1")
    assert week.settings == ("capacity=[lambda-durable]", "durable.execution_timeout=1209600")


@pytest.mark.parametrize(
    ("setting", "path", "says"),
    [
        ("traffic=bumpy", "traffic", "bumpy is not one of steady or spiky"),
        ("run_seconds=0", "run_seconds", "0 is not more than 0"),
        ("run_seconds=soon", "run_seconds", "'soon' is not a number"),
        ("memory_mb=0.5", "memory_mb", "is not a whole number"),
        ("gpu=maybe", "gpu", "is not true or false"),
        ("peak_per_second=1", "peak_per_second", "1 is less than the average, 10"),
        ("region=mars-1", "region", "is no region that is known"),
        ("memory=512", "memory", "is no fact of a workload"),
    ],
)
def test_a_fact_that_is_wrong_is_said_with_where_it_is_from(setting: str, path: str, says: str):
    with pytest.raises(AnswersError) as error:
        advised(setting)
    (problem,) = error.value.problems
    assert (problem.path, problem.source) == (path, f"--set {path}")
    assert says in problem.message
    assert problem.mend


def test_a_gpu_beside_arm64_is_refused():
    with pytest.raises(AnswersError, match="arm64 goes with no GPU"):
        advised("gpu=true", "arch=arm64")


def test_more_busy_than_it_runs_is_refused():
    with pytest.raises(AnswersError, match="is more than run_seconds"):
        advised("state=workflow", "busy_seconds=3")
