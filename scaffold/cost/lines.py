"""What an environment costs a month, line by line: what is fixed, and what grows with its use."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.functions import functions, functions_unpriced
from scaffold.cost.inventory import Inventory, Unpriced
from scaffold.cost.line import CostLine, Factor, hourly, hours, line, number, ratio, usd
from scaffold.cost.machines import fargate, instances, smallest_fleets
from scaffold.cost.prices import Prices, PriceTable

GB_PER_TB = number(1000, "GB")

DIRECTIONS = number(2, "directions")
"""A gigabyte that crosses AZs is paid for where it leaves and where it arrives."""


@dataclass(frozen=True, slots=True)
class EnvironmentCost:
    """What one environment costs a month.

    Attributes:
        environment: its name.
        region: its region; empty where it is not known.
        lines: what it is made of; fixed ones first.
        unpriced: what is in no line, and why.
    """

    environment: str
    region: str
    lines: tuple[CostLine, ...]
    unpriced: tuple[Unpriced, ...] = ()

    @property
    def usd(self) -> Decimal:
        """USD per month in total, not rounded."""
        return sum((each.usd for each in self.lines), Decimal(0))

    @property
    def basis(self) -> str:
        """Whose list prices these are and of when, in words; with those that are another region's."""
        if not self.lines:
            return "nothing that has a price"
        others = [each for each in self.lines if each.price_of != self.region]
        dates = sorted({each.price_date for each in self.lines if each.price_date})
        read = " to ".join(dict.fromkeys([*dates[:1], *dates[-1:]]))
        text = f"list prices of {read}" if dates else "your own prices, undated"
        if not others:
            return f"{text}, {self.region}"
        if not self.region:
            return f"{text}, {others[0].price_of}; which region it is in is not known"
        if len(others) == len(self.lines):
            return f"{text}, {others[0].price_of}; there are none for {self.region}"
        return f"{text}, {self.region}; {others[0].price_of} for {', '.join(each.item for each in others)}"


def cost_of(inventory: Inventory, usage: UsageAnswers, prices: Prices) -> EnvironmentCost:
    """Return what an environment costs a month.

    Args:
        inventory: what it has.
        usage: what it is used for.
        prices: the list prices.
    """
    table = prices.of(inventory.region)
    priced = lines(inventory, usage, prices)
    return EnvironmentCost(
        inventory.environment,
        inventory.region,
        priced,
        (*inventory.unpriced, *_unpriced(inventory, usage, table)),
    )


def lines(inventory: Inventory, usage: UsageAnswers, prices: Prices) -> tuple[CostLine, ...]:
    """Return each line of an environment's monthly cost, the fixed ones first; without usage, those alone."""
    table = prices.of(inventory.region)
    return (
        *_network(inventory, table),
        *_cluster(inventory, table),
        *smallest_fleets(inventory, usage, table),
        *fargate(inventory, table),
        *_keys_and_alarms(inventory, table),
        *_traffic(inventory, usage, table),
        *instances(inventory, usage, table),
        *functions(inventory, usage, table),
        *_others(inventory, usage, table),
    )


def _network(inventory: Inventory, table: PriceTable) -> Iterator[CostLine]:
    if inventory.nat_gateways:
        yield hourly("nat", f"NAT ({inventory.nat})", inventory.nat_gateways, "nat_gateway_hour", table)
    if inventory.public_ipv4:
        yield hourly("public-ipv4", "Public IPv4 addresses", inventory.public_ipv4, "public_ipv4_hour", table)
    if inventory.interface_endpoints:
        yield _endpoints(inventory.interface_endpoints, table)


def _endpoints(endpoints: tuple[tuple[str, int], ...], table: PriceTable) -> CostLine:
    price, zones = table["interface_endpoint_hour"], {count for _, count in endpoints}
    if len(zones) == 1:
        (azs,) = zones
        factors = [number(len(endpoints)), number(azs, "AZs")]
        item = f"Interface endpoints ({len(endpoints)} in {azs} AZs)"
    else:
        factors = [number(sum(count for _, count in endpoints))]
        item = f"Interface endpoints ({len(endpoints)} in {min(zones)} to {max(zones)} AZs)"
    return line("interface-endpoints", item, "fixed", price, *factors, usd(price, "h"), hours(table))


def _cluster(inventory: Inventory, table: PriceTable) -> Iterator[CostLine]:
    if inventory.clusters:
        name = "EKS cluster" if inventory.clusters == 1 else "EKS clusters"
        yield hourly("eks-cluster", name, inventory.clusters, "eks_cluster_hour", table)
    for capability, count in sorted(Counter(inventory.capabilities).items()):
        price = f"eks_capability_{capability}_hour"
        yield hourly(f"eks-capability-{capability}", f"EKS capability {capability}", count, price, table)
    if inventory.load_balancers:
        name = "Load balancer" if inventory.load_balancers == 1 else "Load balancers"
        yield hourly("load-balancer", name, inventory.load_balancers, "alb_hour", table)


def _keys_and_alarms(inventory: Inventory, table: PriceTable) -> Iterator[CostLine]:
    for id_, item, count, price in (
        ("kms-keys", "KMS keys", inventory.kms_keys, table["kms_key_month"]),
        ("alarms", "Alarms", inventory.alarms, table["alarm_month"]),
    ):
        if count:
            yield line(id_, f"{item} ({count})", "fixed", price, number(count), usd(price))


def _traffic(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[CostLine]:
    crossing = crossing_share(inventory, usage)
    if usage.east_west_tb and crossing is not None:
        price = table["cross_az_gb"]
        crossed = _terabytes(usage.east_west_tb), GB_PER_TB, crossing, usd(price, "GB"), DIRECTIONS
        yield line("east-west", "Traffic across AZs", "usage", price, *crossed)
    through_nat = nat_terabytes(inventory, usage)
    for id_, name, amount in through_nat:
        price = table["nat_gateway_gb"]
        factors = _terabytes(amount), GB_PER_TB, usd(price, "GB")
        yield line(f"nat-processing-{id_}", f"NAT processing ({name})", "usage", price, *factors)
    total = sum((amount for _, _, amount in through_nat), Decimal(0))
    if total and inventory.nat == "single" and inventory.azs > 1:
        yield to_the_single_nat(total, inventory.azs, table)
    if usage.aws_service_tb and inventory.interface_endpoints:
        price = table["interface_endpoint_gb"]
        factors = _terabytes(usage.aws_service_tb), GB_PER_TB, usd(price, "GB")
        yield line("endpoint-processing", "Endpoint processing (AWS services)", "usage", price, *factors)


def to_the_single_nat(terabytes: Decimal, azs: int, table: PriceTable) -> CostLine:
    """Return what the traffic of all AZs but one pays to reach the only NAT gateway (N1)."""
    price = table["cross_az_gb"]
    factors = ratio(azs - 1, azs), _terabytes(terabytes), GB_PER_TB, usd(price, "GB")
    return line("single-nat", "Traffic of other AZs to the single NAT", "usage", price, *factors)


def crossing_share(inventory: Inventory, usage: UsageAnswers) -> Factor | None:
    """Return the share of east-west traffic that crosses AZs; None where the number of AZs is not known."""
    if usage.crossing_share is not None:
        return number(usage.crossing_share)
    return ratio(inventory.azs - 1, inventory.azs) if inventory.azs else None


def nat_terabytes(inventory: Inventory, usage: UsageAnswers) -> tuple[tuple[str, str, Decimal], ...]:
    """Return the TB that the NAT processes: an id, a name for people, and how many; nothing where there is no NAT."""
    if not inventory.nat_gateways:
        return ()
    services = Decimal(0) if inventory.interface_endpoints else usage.aws_service_tb
    s3 = Decimal(0) if inventory.s3_endpoint else usage.s3_tb
    amounts = ("services", "AWS services", services), ("s3", "S3", s3), ("internet", "internet", usage.internet_tb)
    return tuple(each for each in amounts if each[2])


def _others(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[CostLine]:
    if usage.load_balancer_lcus and inventory.load_balancers:
        price = table["alb_lcu_hour"]
        factors = number(usage.load_balancer_lcus), usd(price, "h"), hours(table)
        yield line("load-balancer-lcus", "Load balancer capacity units", "usage", price, *factors)
    if usage.logs_gb:
        price = table["logs_gb"]
        item = f"Logs to {inventory.log_groups} log groups" if inventory.log_groups else "Logs"
        yield line("logs", item, "usage", price, number(usage.logs_gb, "GB"), usd(price, "GB"))


def _unpriced(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[Unpriced]:
    """Yield the usage that no line stands for."""
    if usage.east_west_tb and crossing_share(inventory, usage) is None:
        yield Unpriced("usage.east_west_tb", "how much of it crosses AZs: their number is not known")
    no_way = "no NAT to pay for it is known of here"
    if usage.internet_tb and not inventory.nat_gateways:
        yield Unpriced("usage.internet_tb", no_way)
    if usage.aws_service_tb and not inventory.nat_gateways and not inventory.interface_endpoints:
        yield Unpriced("usage.aws_service_tb", f"no endpoint and {no_way}")
    if usage.s3_tb and not inventory.s3_endpoint and not inventory.nat_gateways:
        yield Unpriced("usage.s3_tb", no_way)
    if usage.load_balancer_lcus and not inventory.load_balancers:
        yield Unpriced("usage.load_balancer_lcus", "no load balancer is known of here")
    yield from functions_unpriced(inventory, usage)
    for kind in dict.fromkeys(each.type for each in usage.instances if table.instance(each.type) is None):
        yield Unpriced(f"usage.instances {kind}", "there is no price for it; give one with --prices")


def _terabytes(amount: Decimal) -> Factor:
    return number(amount, "TB")
