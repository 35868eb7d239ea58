"""What an environment costs a month before it does anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scaffold.blueprint.prices import Prices

MINIMUM_LMI_INSTANCES = 3
"""Lambda Managed Instances starts three instances, for AZ resilience (Lambda developer guide)."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the table.

    Attributes:
        item: what is paid for.
        usd: USD per month, not rounded.
        formula: how the figure comes about.
    """

    item: str
    usd: Decimal
    formula: str


@dataclass(frozen=True, slots=True)
class EnvironmentCost:
    """The fixed cost of one environment.

    Attributes:
        environment: its name.
        lines: what it is made of.
        prices_of: the region whose list prices were used.
        region: the environment's region; where the two differ, there are no prices for it.
        date: when the prices were read.
    """

    environment: str
    lines: tuple[CostLine, ...]
    prices_of: str
    region: str
    date: str

    @property
    def usd(self) -> Decimal:
        """USD per month in total, not rounded."""
        return sum((line.usd for line in self.lines), Decimal(0))


def fixed_cost(environment: Mapping[str, Any], prices: Prices) -> EnvironmentCost:
    """Return the monthly cost of what an environment's facts make, whatever the load."""
    place = prices.region_for(environment["region"])
    table = prices.regions[place]
    lines = [
        *_network(environment, table, prices.hours_per_month),
        *_eks(environment, table, prices.hours_per_month),
        *_lmi(environment, table, prices.hours_per_month),
        *_keys(environment, table),
    ]
    return EnvironmentCost(environment["name"], tuple(lines), place, environment["region"], prices.date)


def _line(item: str, count: int, price: Decimal, hours: int) -> CostLine:
    return CostLine(item, count * price * hours, f"{count} x ${price}/h x {hours} h")


def _network(environment: Mapping[str, Any], table: Mapping[str, Decimal], hours: int) -> Iterator[CostLine]:
    network, azs = environment["network"], environment["azs"]["count"]
    # A regional NAT gateway is billed, and has an address, in every AZ it has spread to.
    gateways = azs if network["nat"] == "regional" else network["nat_gateways"]
    if gateways:
        yield _line(f"NAT ({network['nat']})", gateways, table["nat_gateway_hour"], hours)
        yield _line("Public IPv4 addresses of the NAT", gateways, table["public_ipv4_hour"], hours)
    endpoints = len(network["interface_endpoints"])
    if endpoints:
        name = f"Interface endpoints ({endpoints} in {azs} AZs)"
        yield _line(name, endpoints * azs, table["interface_endpoint_hour"], hours)


def _eks(environment: Mapping[str, Any], table: Mapping[str, Decimal], hours: int) -> Iterator[CostLine]:
    if "eks" in environment:
        yield _line("EKS cluster", 1, table["eks_cluster_hour"], hours)
        yield _line("Load balancer of the sample", 1, table["alb_hour"], hours)


def _lmi(environment: Mapping[str, Any], table: Mapping[str, Decimal], hours: int) -> Iterator[CostLine]:
    if "lmi" not in environment:
        return
    kind = "m7g" if environment["arch"] == "arm64" else "m7i"
    price, fee = table[f"{kind}_large_hour"], table["lmi_fee_share"]
    count = MINIMUM_LMI_INSTANCES
    yield _line(f"Lambda's smallest fleet ({count} x {kind}.large assumed)", count, price, hours)
    yield CostLine(
        f"Lambda's fee on it ({fee:.0%} of on demand)",
        count * price * hours * fee,
        f"{count} x ${price}/h x {hours} h x {fee:.0%}",
    )


def _keys(environment: Mapping[str, Any], table: Mapping[str, Decimal]) -> Iterator[CostLine]:
    # One for the state bucket, one for the flow logs, and one for each capacity.
    count = 2 + len(environment["capacity"])
    yield CostLine(f"KMS keys ({count})", count * table["kms_key_month"], f"{count} x ${table['kms_key_month']}")
