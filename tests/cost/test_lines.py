"""The fixed monthly cost: what is in it, that its formulas give its figures, and whose prices they are."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from scaffold.answers.document import read_document
from scaffold.blueprint import build
from scaffold.blueprint.cost import CostLine, EnvironmentCost
from scaffold.blueprint.prices import PricesError, load_prices
from scaffold.presets import load_presets
from scaffold.render import render
from scaffold.resources import DATA
from tests.support.rendering import preset, project, text_of

PRESETS = [each.name for each in load_presets()]


def costs(*settings: str) -> dict[str, EnvironmentCost]:
    return {cost.environment: cost for cost in build(project(*settings)).costs}


def value_of(formula: str) -> Decimal:
    """Return what a formula such as `3 x $0.045/h x 720 h x 15%` comes to."""
    result = Decimal(1)
    for factor in formula.split(" x "):
        number = Decimal(re.sub(r"^\$|(/h| h|%)$", "", factor))
        result *= number / 100 if factor.endswith("%") else number
    return result


def line(cost: EnvironmentCost, item: str) -> CostLine:
    (found,) = [each for each in cost.lines if each.item.startswith(item)]
    return found


@pytest.mark.parametrize("name", PRESETS)
def test_every_formula_gives_its_figure_and_the_lines_give_the_total(name):
    for cost in preset(name).blueprint.costs:
        assert cost.lines
        for each in cost.lines:
            assert isinstance(each.usd, Decimal)
            assert value_of(each.formula) == each.usd, each
        assert cost.usd == sum(each.usd for each in cost.lines)


@pytest.mark.parametrize(
    ("name", "environment", "usd"),
    [
        ("network-only", "dev", "38.00"),
        ("network-only", "prod", "196.40"),
        ("eks-auto-dev", "dev", "148.80"),
        ("eks-auto-prod", "prod", "285.60"),
    ],
)
def test_the_totals_of_presets_are_these(name, environment, usd):
    (cost,) = [each for each in preset(name).blueprint.costs if each.environment == environment]
    assert cost.usd == Decimal(usd)


def test_nat_gateways_cost_what_aws_lists():
    assert line(costs("network.nat=per-az")["prod"], "NAT").usd == Decimal("97.20")
    assert line(costs("network.nat=single")["prod"], "NAT").usd == Decimal("32.40")
    # Billed in each zone it has spread to.
    assert line(costs("network.nat=regional")["prod"], "NAT").usd == Decimal("97.20")
    assert not [each for each in costs("network.nat=none")["prod"].lines if "NAT" in each.item]


def test_four_endpoints_in_three_zones_cost_86_dollars():
    assert line(costs("network.endpoints=standard")["dev"], "Interface endpoints").usd == Decimal("86.40")


def test_a_cluster_costs_72_dollars_and_its_load_balancer_16():
    cost = costs("capacity=[eks-auto-mode]")["dev"]
    assert line(cost, "EKS cluster").usd == Decimal("72.00")
    assert line(cost, "Load balancer").usd == Decimal("16.20")


def test_the_smallest_fleet_of_lambda_is_three_instances_and_a_fee_of_15_percent():
    lmi = ("capacity=[lambda-managed-instances]", "lmi.max_vcpu_count=64")
    cost = costs(*lmi)["dev"]
    fleet, fee = line(cost, "Lambda's smallest fleet"), line(cost, "Lambda's fee")
    assert "m7g.large" in fleet.item
    assert fee.usd == fleet.usd * Decimal("0.15")
    assert "m7i.large" in line(costs(*lmi, "arch=x86_64")["dev"], "Lambda's smallest fleet").item


def test_a_region_without_prices_says_whose_stand_in():
    (there, here) = (costs(f"region={region}")["dev"] for region in ("eu-central-1", "us-east-1"))
    assert (there.region, there.prices_of) == ("eu-central-1", "us-east-1")
    assert (here.region, here.prices_of) == ("us-east-1", "us-east-1")
    assert there.usd == here.usd


def test_the_readme_has_the_table_with_its_formulas_and_its_date():
    rendering = preset("network-only")
    readme = text_of(rendering, "README.md")
    for cost in rendering.blueprint.costs:
        assert f"{cost.usd:,.2f}" in readme
        assert cost.date in readme
        assert all(each.formula in readme for each in cost.lines)


def test_the_readme_of_a_region_without_prices_says_so():
    readme = text_of(render(project("region=eu-central-1")), "README.md")
    assert re.search(r"us-east-1.*eu-central-1|eu-central-1.*us-east-1", readme)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "date: 2026-11-20\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: {eu-west-1: {}}\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: []\n",
        "date: 2026-11-20\nhours_per_month: many\nregions: {}\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: {us-east-1: {nat_gateway_hour: {usd: much}}}\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: {us-east-1: {nat_gateway_hour: 0.045}}\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: {us-east-1: {nat_gateway_hour: {usd: -1}}}\n",
        "date: 2026-11-20\nhours_per_month: 720\nregions: {us-east-1: {nat_gateway_hour: {usd: nan}}}\n",
    ],
)
def test_a_price_file_that_is_none_is_named(tmp_path: Path, text):
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(PricesError, match=r"prices\.yaml"):
        load_prices(path)


def test_every_price_has_its_source():
    regions = read_document((DATA / "prices.yaml").read_text(encoding="utf-8"), "prices.yaml").data["regions"]
    assert all(entry["source"].startswith("https://") for entries in regions.values() for entry in entries.values())
