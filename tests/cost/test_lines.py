"""The monthly cost: what is in it, that its formulas give its figures, and whose prices they are."""

import re
from decimal import Decimal

import pytest

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.inventory import FargateTasks, Inventory
from scaffold.cost.lines import EnvironmentCost, cost_of
from scaffold.cost.prices import load_prices
from scaffold.presets import load_presets
from scaffold.render import render
from tests.cost.tables import costs, ids, line, value_of
from tests.support.rendering import preset, project, text_of

PRESETS = [each.name for each in load_presets()]
USAGE = (
    "usage.east_west_tb=10",
    "usage.aws_service_tb=2",
    "usage.internet_tb=0.5",
    "usage.requests_millions=3",
    "usage.logs_gb=12.5",
    "usage.load_balancer_lcus=2",
    "usage.instances=[{type: m7g.large, count: 2}]",
)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("usage", [(), USAGE], ids=["fixed", "used"])
def test_every_formula_gives_its_figure_and_the_lines_give_the_total(name, usage):
    for cost in preset(name, *usage).blueprint.costs:
        assert cost.lines
        for each in cost.lines:
            assert isinstance(each.usd, Decimal)
            assert abs(value_of(each.formula) - each.usd) < Decimal("1e-18"), each
            assert each.source.startswith("https://aws.amazon.com/")
        assert len(ids(cost)) == len(cost.lines)
        assert cost.usd == sum(each.usd for each in cost.lines)


@pytest.mark.parametrize(
    ("name", "environment", "usd"),
    [
        ("network-only", "dev", "38.00"),
        ("network-only", "prod", "197.40"),
        ("eks-auto-dev", "dev", "148.80"),
        ("eks-auto-prod", "prod", "286.60"),
    ],
)
def test_the_totals_of_presets_are_these(name, environment, usd):
    (cost,) = [each for each in preset(name).blueprint.costs if each.environment == environment]
    assert cost.usd == Decimal(usd)


def test_nat_gateways_cost_what_aws_lists():
    assert line(costs("network.nat=per-az")["prod"], "nat").usd == Decimal("97.20")
    assert line(costs("network.nat=single")["prod"], "nat").usd == Decimal("32.40")
    # Billed in each zone it has spread to.
    assert line(costs("network.nat=regional")["prod"], "nat").usd == Decimal("97.20")
    assert ids(costs("network.nat=none")["prod"]).isdisjoint({"nat", "public-ipv4"})


def test_four_endpoints_in_three_zones_cost_86_dollars():
    found = line(costs("network.endpoints=standard")["dev"], "interface-endpoints")
    assert found.usd == Decimal("86.40")
    assert found.formula == "4 x 3 AZs x $0.01/h x 720 h"


def test_a_cluster_costs_72_dollars_and_its_load_balancer_16():
    cost = costs("capacity=[eks-auto-mode]")["dev"]
    assert line(cost, "eks-cluster").usd == Decimal("72.00")
    assert line(cost, "load-balancer").usd == Decimal("16.20")


def test_each_capability_has_a_line():
    cost = costs("capacity=[eks-auto-mode]", "eks.capabilities=[kro, ack]")["dev"]
    assert line(cost, "eks-capability-ack").usd == line(cost, "eks-capability-kro").usd == Decimal("0.004757") * 720


LMI = ("capacity=[lambda-managed-instances]", "lmi.max_vcpu_count=64")


def test_the_smallest_fleet_of_lambda_is_three_instances_and_a_fee_of_15_percent():
    cost = costs(*LMI)["dev"]
    fleet, fee = line(cost, "lmi-fleet-arm64"), line(cost, "lmi-fleet-fee-arm64")
    assert "m7g.large" in fleet.item
    assert fee.usd == fleet.usd * Decimal("0.15")
    assert "m7i.large" in line(costs(*LMI, "arch=x86_64")["dev"], "lmi-fleet-x86_64").item


def test_instances_that_are_said_to_run_take_the_place_of_the_smallest_fleet():
    cost = costs(*LMI, "usage.instances=[{type: m7g.xlarge, count: 4, hours: 100}]")["dev"]
    assert not [each for each in cost.lines if each.id.startswith("lmi-fleet")]
    assert line(cost, "instances-0").formula == "4 x $0.1632/h x 100 h"
    assert line(cost, "instances-0-fee").usd == line(cost, "instances-0").usd * Decimal("0.15")


def test_the_fee_is_that_of_what_starts_the_instance():
    eks = ("capacity=[eks-auto-mode]",)
    automatic = costs(*eks, "usage.instances=[{type: m6i.large, count: 1}]")["dev"]
    assert "Auto Mode" in line(automatic, "instances-0-fee").item
    own = costs(*eks, "usage.instances=[{type: m6i.large, count: 1, for: self-managed}]")["dev"]
    assert "instances-0-fee" not in ids(own)
    assert "instances-0-fee" not in ids(costs("usage.instances=[{type: m6i.large, count: 1}]")["dev"])


def priced(usage: dict[str, object] | None = None, **counts: object) -> EnvironmentCost:
    """Return what an environment costs that has these things alone."""
    inventory = Inventory("prod", "us-east-1", production=True, **counts)  # type: ignore[arg-type]
    return cost_of(inventory, UsageAnswers.model_validate(usage or {}), load_prices())


def test_tasks_on_fargate_cost_their_vcpus_and_their_memory():
    cost = priced(fargate=(FargateTasks("arm64", 512, 1024, 2), FargateTasks("x86_64", 256, 512, 1)))
    vcpus, memory = line(cost, "fargate-arm64-512-1024-vcpu"), line(cost, "fargate-arm64-512-1024-memory")
    assert vcpus.formula == "2 tasks x 0.5 vCPU x $0.03238/h x 720 h"
    assert memory.formula == "2 tasks x 1 GB x $0.00356/h x 720 h"
    assert line(cost, "fargate-x86_64-256-512-vcpu").usd == Decimal("0.25") * Decimal("0.04048") * 720
    assert {each.kind for each in cost.lines} == {"fixed"}
    assert cost.basis == "list prices of 2026-11-27, us-east-1"


def test_what_spot_costs_is_an_assumed_share_and_says_so():
    dear, cheap = (priced(fargate=(FargateTasks("arm64", 512, 1024, 2, spot=spot),)) for spot in (False, True))
    assert cheap.usd == dear.usd / 2
    assert all("50% of the price assumed" in each.item and each.formula.endswith("x 50%") for each in cheap.lines)


def test_services_of_one_size_are_one_line():
    cost = priced(fargate=(FargateTasks("arm64", 512, 1024, 2), FargateTasks("arm64", 512, 1024, 3)))
    assert len(cost.lines) == 2
    assert line(cost, "fargate-arm64-512-1024-vcpu").formula.startswith("5 tasks")


def test_the_least_that_ecs_managed_instances_runs_has_a_fee_of_12_percent():
    cost = priced(ecs_instances=(("arm64", 2), ("x86_64", 0)))
    assert ids(cost) == {"ecs-fleet-arm64", "ecs-fleet-fee-arm64"}
    assert line(cost, "ecs-fleet-fee-arm64").usd == line(cost, "ecs-fleet-arm64").usd * Decimal("0.12")
    running = {"instances": [{"type": "m7g.xlarge", "count": 3}]}
    said = priced(running, ecs_instances=(("arm64", 2),))
    assert ids(said) == {"instances-0", "instances-0-fee"}
    assert "ECS" in line(said, "instances-0-fee").item


@pytest.mark.parametrize(
    ("kind", "purpose", "share"),
    [
        ("g6.xlarge", "ecs-managed-instances", "0.078"),
        ("g4dn.xlarge", "eks-auto-mode", "0.078"),
        ("m7g.large", "eks-auto-mode", "0.12"),
        ("m7g.large", "lambda-managed-instances", "0.15"),
    ],
)
def test_the_fee_on_gpu_instances_is_less(kind, purpose, share):
    cost = priced({"instances": [{"type": kind, "count": 1, "for": purpose}]})
    assert line(cost, "instances-0-fee").usd == line(cost, "instances-0").usd * Decimal(share)


def test_functions_cost_their_duration_on_their_own_architecture():
    usage = {"lambda_gb_seconds": 1000}
    assert line(priced(usage, functions=("arm64", "arm64")), "lambda-duration").usd == Decimal("0.0133334")
    # Which of them takes how much is not known: the dearer.
    assert line(priced(usage, functions=("arm64", "x86_64")), "lambda-duration").usd == Decimal("0.0166667")
    beside = priced(usage, functions=("arm64",), capacity_providers=("x86_64",))
    assert line(beside, "lambda-duration").usd == Decimal("0.0133334")
    assert priced(functions=("arm64",), durable_functions=1, http_apis=1, state_machines=1).lines == ()


DURABLE = {"durable_operations_millions": 4, "durable_gb_written": 104, "durable_gb_retained": "72.8"}
"""A million executions of four operations: AWS's own example of insurance claims, on its price page."""


def test_a_million_durable_executions_cost_what_aws_says():
    cost = priced(DURABLE, durable_functions=1)
    found = {each.id: each.usd for each in cost.lines}
    assert found == {
        "durable-operations": Decimal(32),
        "durable-written": Decimal(26),
        "durable-retained": Decimal("10.92"),
    }


def test_apis_and_state_machines_are_paid_for_by_what_goes_through_them():
    usage = {"api_requests_millions": 3, "state_transitions_millions": "0.5"}
    cost = priced(usage, http_apis=1, state_machines=2)
    assert {each.id: each.usd for each in cost.lines} == {
        "api-requests": Decimal(3),
        "state-transitions": Decimal("12.5"),
    }


def test_usage_of_what_is_not_there_is_not_priced():
    cost = priced({**DURABLE, "api_requests_millions": 1, "state_transitions_millions": 1})
    assert cost.lines == ()
    assert {each.what: each.reason for each in cost.unpriced} == {
        **dict.fromkeys((f"usage.{name}" for name in DURABLE), "no durable function is known of here"),
        "usage.api_requests_millions": "no HTTP API is known of here",
        "usage.state_transitions_millions": "no state machine is known of here",
    }


def test_traffic_to_services_takes_the_endpoints_where_there_are_any():
    usage = "usage.aws_service_tb=2"
    through = costs(usage, "network.endpoints=minimal", "network.nat=single")["dev"]
    assert line(through, "endpoint-processing").usd == Decimal("20.00")
    assert ids(through).isdisjoint({"nat-processing-services", "single-nat"})
    around = costs(usage, "network.endpoints=none", "network.nat=single")["dev"]
    assert line(around, "nat-processing-services").usd == Decimal("90.00")
    assert "endpoint-processing" not in ids(around)


def test_traffic_to_s3_is_free_through_its_gateway_endpoint():
    assert costs("usage.s3_tb=5")["dev"].usd == costs()["dev"].usd


def test_the_share_that_crosses_is_that_of_chance_where_none_is_said():
    assert line(costs("usage.east_west_tb=1", "azs=2")["dev"], "east-west").usd == Decimal(10)
    found = line(costs("usage.east_west_tb=1", "azs=4")["dev"], "east-west")
    assert (found.usd, found.formula) == (Decimal(15), "1 TB x 1000 GB x 3/4 x $0.01/GB x 2 directions")


def test_usage_may_differ_between_environments():
    found = costs("usage.logs_gb=10", "environments={dev: {}, prod: {usage: {logs_gb: 100}}}")
    assert {name: line(cost, "logs").usd for name, cost in found.items()} == {"dev": Decimal(5), "prod": Decimal(50)}


def test_usage_that_nothing_can_bear_is_not_priced_and_says_why():
    usage = ["usage.internet_tb=1", "usage.load_balancer_lcus=1", "usage.instances=[{type: z9.huge, count: 1}]"]
    cost = costs("network.nat=none", *usage)["dev"]
    assert {each.what for each in cost.unpriced} == {
        "usage.internet_tb",
        "usage.load_balancer_lcus",
        "usage.instances z9.huge",
    }


def test_the_table_of_a_region_without_prices_says_whose_stand_in():
    (there, here) = (costs(f"region={region}")["dev"] for region in ("eu-central-1", "us-east-1"))
    assert there.basis == "list prices of 2026-11-20, us-east-1; there are none for eu-central-1"
    assert here.basis == "list prices of 2026-11-20, us-east-1"
    assert there.usd == here.usd


def test_the_readme_has_the_table_with_its_formulas_and_its_date():
    rendering = preset("network-only", *USAGE)
    readme = text_of(rendering, "README.md")
    for cost in rendering.blueprint.costs:
        assert f"{cost.usd:,.2f}" in readme
        assert cost.basis in readme
        assert all(each.formula in readme for each in cost.lines)
    assert "\n## Cost\n" in readme
    assert "\n## Fixed cost\n" in text_of(preset("network-only"), "README.md")


def test_the_readme_of_a_region_without_prices_says_so():
    readme = text_of(render(project("region=eu-central-1")), "README.md")
    assert re.search(r"us-east-1; there are none for eu-central-1", readme)


@pytest.mark.parametrize("name", PRESETS)
def test_usage_changes_the_answers_and_the_table_and_nothing_that_terraform_reads(name):
    plain, used = ({file.path: file.text for file in preset(name, *usage).files} for usage in ((), USAGE))
    assert plain.keys() == used.keys()
    assert {path for path in plain if plain[path] != used[path]} == {"README.md", "scaffold.yaml"}
