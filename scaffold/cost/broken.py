"""What a repository's broken opinions cost a month, given what it is used for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.inventory import Inventory
from scaffold.cost.line import CostLine, line, number, usd
from scaffold.cost.lines import lines, nat_terabytes, to_the_single_nat
from scaffold.cost.prices import Prices, PriceTable
from scaffold.cost.reading import inventories_of
from scaffold.facts import Facts
from scaffold.facts.network import Network
from scaffold.opinions.engine import OpinionResult
from scaffold.opinions.opinion import Status

_FREE = ("s3", "dynamodb")
_NO_DISTRIBUTION = "has no trafficDistribution"


def price_of(
    results: Sequence[OpinionResult],
    facts: Facts,
    usage_of: Callable[[str], UsageAnswers],
    prices: Prices,
) -> Mapping[str, CostLine]:
    """Return what the broken opinions that have a price cost a month, by the opinion's id.

    Args:
        results: what the opinions say of the repository.
        facts: the repository's facts.
        usage_of: the usage of an environment, by the name its inventory has.
        prices: the list prices.

    Returns:
        A line for each opinion that is broken and has a price: N1, N2, N3 and E13; where several root modules break
        it, their sum. N1's is what the crossing costs less the further NAT gateways: below zero, mending it costs more
        than it saves.
    """
    broken = {result.opinion.id: result for result in results if result.status is Status.BROKEN}
    found: dict[str, CostLine] = {}
    for inventory in inventories_of(facts):
        usage, table = usage_of(inventory.environment), prices.of(inventory.region)
        for id_, part in _parts(broken, inventory, usage, prices, table):
            found[id_] = _sum(found[id_], part) if id_ in found else replace(part, id=id_)
    for network in facts.networks if "N3" in broken else ():
        region = network.root.region
        table = prices.of(region if isinstance(region, str) else "")
        for part in _wasted(network, table):
            found["N3"] = _sum(found["N3"], part) if "N3" in found else replace(part, id="N3")
    return found


def _sum(one: CostLine, other: CostLine) -> CostLine:
    return replace(one, usd=one.usd + other.usd, formula=f"{one.formula} + {other.formula}")


def _parts(
    broken: Mapping[str, OpinionResult],
    inventory: Inventory,
    usage: UsageAnswers,
    prices: Prices,
    table: PriceTable,
) -> Iterator[tuple[str, CostLine]]:
    if "N1" in broken and inventory.nat == "single" and inventory.production is not False and inventory.azs > 1:
        terabytes = sum((amount for _, _, amount in nat_terabytes(inventory, usage)), Decimal(0))
        if terabytes:
            yield "N1", _single_nat(terabytes, inventory.azs, table)
    priced = {each.id: each for each in lines(inventory, usage, prices)}
    if "N2" in broken and "nat-processing-s3" in priced:
        yield "N2", priced["nat-processing-s3"]
    if "E13" in broken and "east-west" in priced and inventory.clusters and _crosses(broken["E13"]):
        yield "E13", priced["east-west"]


def _crosses(result: OpinionResult) -> bool:
    """Return whether a Service spreads its traffic over AZs; what else breaks E13 has no price."""
    return any(each.status is Status.BROKEN and _NO_DISTRIBUTION in each.message for each in result.judgements)


def _single_nat(terabytes: Decimal, azs: int, table: PriceTable) -> CostLine:
    """Return what crossing to the only NAT gateway costs, less one more with its address in each other AZ."""
    crossing = to_the_single_nat(terabytes, azs, table)
    hours = number(table.hours_per_month, "h")
    more = [
        line("", "", "fixed", table[name], number(azs - 1), usd(table[name], "h"), hours)
        for name in ("nat_gateway_hour", "public_ipv4_hour")
    ]
    return replace(
        crossing,
        item="Traffic of other AZs to the single NAT, less a NAT in each",
        usd=crossing.usd - sum((each.usd for each in more), Decimal(0)),
        formula=" - ".join([crossing.formula, *(each.formula for each in more)]),
    )


def _wasted(network: Network, table: PriceTable) -> Iterator[CostLine]:
    """Yield the interface endpoints that buy nothing: a gateway endpoint does it for free, or another one already."""
    gateways = {each.service for each in network.endpoints if each.kind == "Gateway"}
    seen: set[str] = set()
    for each in network.endpoints:
        sure = each.instance.certain and not each.instance.many and not each.joins
        if each.kind != "Interface" or each.service is None or not sure:
            continue
        if (each.service in _FREE and each.service not in gateways) or each.service in seen:
            price = table["interface_endpoint_hour"]
            factors = number(len(set(each.subnets)), "AZs"), usd(price, "h"), number(table.hours_per_month, "h")
            yield line("N3", "Interface endpoints that buy nothing", "fixed", price, *factors)
        seen.add(each.service)
