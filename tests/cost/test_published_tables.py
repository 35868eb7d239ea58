"""The published tables that the price file is to reproduce, row by row, and the rows they left out by name."""

from decimal import Decimal

from scaffold.cost.alternatives import alternatives
from scaffold.cost.comparison import compare_costs
from scaffold.cost.lines import cost_of
from scaffold.cost.prices import load_prices
from scaffold.cost.sides import answered
from tests.cost.tables import costs, ids, line, sources

CENT = Decimal("0.01")
PROD = "environments={prod: {}}"

SINGLE = (
    PROD,
    "network.nat=single",
    "network.endpoints=none",
    "network.query_logs=false",
    "usage.east_west_tb=10",
    "usage.crossing_share=0.5",
    "usage.aws_service_tb=2",
)
KEPT_IN_ZONE = ("network.nat=per-az", "network.endpoints=standard", "usage.crossing_share=0")


def test_traffic_across_azs_row_by_row():
    one, other = costs(*SINGLE)["prod"], costs(*SINGLE, *KEPT_IN_ZONE)["prod"]
    difference = {each.id: each.difference for each in compare_costs([one], [other])}
    rows = {
        "east-west": Decimal("-100"),
        "nat-processing-services": Decimal("-90"),
        "single-nat": Decimal("-13.33"),
        "interface-endpoints": Decimal("86.40"),
        "nat": Decimal("64.80"),
    }
    assert {id_: difference[id_].quantize(CENT) for id_ in rows} == rows
    # The article prints a saving of $84; its rows add up to this.
    assert sum(difference[id_] for id_ in rows).quantize(CENT) == Decimal("-52.13")
    # What the article left out.
    others = {id_: usd for id_, usd in difference.items() if id_ not in rows and usd}
    assert others == {"endpoint-processing": Decimal(20), "public-ipv4": Decimal("7.20")}


def test_the_formulas_of_the_traffic_are_those_of_the_article():
    cost = costs(*SINGLE)["prod"]
    assert line(cost, "east-west").formula == "10 TB x 1000 GB x 0.5 x $0.01/GB x 2 directions"
    assert line(cost, "nat-processing-services").formula == "2 TB x 1000 GB x $0.045/GB"
    assert line(cost, "single-nat").formula == "2/3 x 2 TB x 1000 GB x $0.01/GB"


AUTO_MODE = (
    PROD,
    "capacity=[eks-auto-mode]",
    "network.nat=single",
    "network.endpoints=none",
    "network.query_logs=false",
    "usage.instances=[{type: m6i.xlarge, count: 3, hours: 750}]",
    "usage.load_balancer_lcus=1",
)


def test_auto_mode_row_by_row_and_beside_self_managed_nodes():
    cost = costs(*AUTO_MODE)["prod"]
    balancer = line(cost, "load-balancer").usd + line(cost, "load-balancer-lcus").usd
    rows = {
        "cluster": (line(cost, "eks-cluster").usd, Decimal("72.00")),
        "instances": (line(cost, "instances-0").usd, Decimal("432.00")),
        "fee": (line(cost, "instances-0-fee").usd, Decimal("51.84")),
        "NAT": (line(cost, "nat").usd, Decimal("32.40")),
        "load balancer": (balancer, Decimal("21.96")),
    }
    for found, published in rows.values():
        assert found == published
    total = sum(found for found, _ in rows.values())
    assert total == Decimal("610.20")
    assert ids(cost) - {
        "eks-cluster",
        "instances-0",
        "instances-0-fee",
        "nat",
        "load-balancer",
        "load-balancer-lcus",
    } == {
        "public-ipv4",
        "kms-keys",
    }
    (side,) = answered(sources(*AUTO_MODE))
    (found,) = alternatives(side.inventory, side.usage, load_prices())
    assert found.difference is not None
    assert (total + found.difference).quantize(CENT) == Decimal("558.36")
    assert found.usd == cost.usd - Decimal("51.84")


MANAGED = (
    PROD,
    "capacity=[lambda-managed-instances]",
    "lmi.max_vcpu_count=64",
    "usage.instances=[{type: m7g.xlarge, count: 3}]",
    "usage.requests_millions=100",
    "usage.lambda_gb_seconds=50000000",
)


def test_managed_instances_row_by_row_and_beside_standard_lambda():
    cost = costs(*MANAGED)["prod"]
    assert line(cost, "instances-0").usd == 3 * Decimal("0.1632") * 720
    assert line(cost, "instances-0-fee").usd == line(cost, "instances-0").usd * Decimal("0.15")
    assert line(cost, "lambda-requests").usd == Decimal("20.00")
    (side,) = answered(sources(*MANAGED))
    (found,) = alternatives(side.inventory, side.usage, load_prices())
    assert found.instead_of == ("instances-0", "instances-0-fee")
    assert found.lines[0].usd == Decimal("666.67")
    assert found.usd == cost.usd - line(cost, "instances-0").usd * Decimal("1.15") + Decimal("666.67")
    assert "cost less above" in found.advice


def test_at_the_break_even_both_cost_the_same_and_below_it_standard_lambda_is_advised():
    (side,) = answered(sources(*MANAGED))
    (found,) = alternatives(side.inventory, side.usage, load_prices())
    even = found.break_even_gb_seconds
    assert even is not None
    at_even = side.usage.model_copy(update={"lambda_gb_seconds": even})
    (there,) = alternatives(side.inventory, at_even, load_prices())
    assert there.difference is not None
    assert abs(there.difference) < Decimal("1e-15")
    below = side.usage.model_copy(update={"lambda_gb_seconds": even / 2})
    (under,) = alternatives(side.inventory, below, load_prices())
    assert under.difference is not None
    assert under.difference < 0
    assert "Standard Lambda costs less below" in under.advice
    assert "Do not use Managed Instances for load that comes in spikes" in under.advice
    assert under.usd == cost_of(side.inventory, below, load_prices()).usd + under.difference


def test_without_gb_seconds_standard_lambda_has_the_break_even_and_no_cost():
    (side,) = answered(sources(*MANAGED[:-1]))
    (found,) = alternatives(side.inventory, side.usage, load_prices())
    assert (found.lines, found.usd, found.difference) == ((), None, None)
    assert found.break_even_gb_seconds is not None
    assert f"as much as {found.break_even_gb_seconds:,.0f} GB-seconds a month" in found.advice
