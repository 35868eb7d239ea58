"""N1: one NAT gateway in each AZ, and each AZ's own routes to it."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.facts import Facts
from scaffold.facts.network import Nat, Network, Subnet
from scaffold.facts.routes import Route
from scaffold.facts.zones import same_zone
from scaffold.opinions.judging import broken, kept, once, unknown
from scaffold.opinions.opinion import Judgement, Opinion, Status


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        yield from _network(network)


def _network(network: Network) -> Iterator[Judgement]:
    """Judge a VPC: each route by the NAT gateway it leads to, or else the VPC by how many there are."""
    mode = network.nat_mode
    zonal = [nat for nat in network.nats if nat.kind == "zonal"]
    routes = once(_routes(network)) if len(zonal) > 1 else []
    faults = [each for each in routes if each.status is Status.BROKEN]
    if faults:
        yield from faults
        return
    if mode == "single":
        yield _single(network, zonal[0])
    elif mode == "mixed" and network.production is not False:
        yield broken(
            f"{network.vpc.address} has {len(zonal)} NAT gateways, and private subnets in more AZs than those.",
            zonal[0].instance.place,
        )
    elif routes and all(each.status is Status.KEPT for each in routes) and not _uncertain(network):
        yield kept(
            f"Every private subnet of {network.vpc.address} leaves by the NAT gateway of its own AZ.",
            network.vpc.place,
        )
    elif mode == "unknown" or routes:
        doubts = [each for each in routes if each.status is Status.UNKNOWN]
        yield doubts[0] if doubts else unknown(_why(network), _place(network))
    elif network.subnets or mode != "none":
        words = {"none": "has no NAT gateway", "regional": "has a regional NAT gateway"}
        found = words.get(mode, "has a NAT gateway in each AZ")
        yield kept(f"{network.vpc.address} {found}.", _place(network))


def _single(network: Network, nat: Nat) -> Judgement:
    private = network.private_subnets
    if (not private or any(subnet.instance.many for subnet in private)) and not nat.instance.origin:
        return unknown(f"It cannot be evaluated how many subnets {nat.instance.address} serves.", nat.instance.place)
    if network.production is False:
        return kept(
            f"{nat.instance.address} alone serves every AZ, which is for development alone: here it is.",
            nat.instance.place,
        )
    says = "" if network.production else ", and nothing says that this is not production"
    return broken(f"{nat.instance.address} alone serves every AZ{says}.", nat.instance.place)


def _routes(network: Network) -> Iterator[Judgement]:
    for subnet in network.subnets:
        for route in subnet.table.routes if subnet.table else ():
            nat = next((each for each in network.nats if each.instance is route.to), None)
            if nat is not None and nat.kind == "zonal":
                yield _route(route, subnet, nat)


def _route(route: Route, subnet: Subnet, nat: Nat) -> Judgement:
    same = same_zone(subnet.zone, nat.zone)
    if same is None or not route.certain:
        return unknown(
            f"It cannot be evaluated whether {route.where} leads {subnet.instance.address} to the NAT gateway of its "
            "own AZ.",
            route.place,
        )
    if same:
        return kept(f"{route.where} leads to the NAT gateway of the same AZ.", route.place)
    return broken(
        f"{route.where} leads {subnet.instance.address} to {nat.instance.address}, the NAT gateway of another AZ.",
        route.place,
        "Lead each AZ's private route table to the NAT gateway of its own AZ.",
    )


def _uncertain(network: Network) -> bool:
    return any(subnet.role == "unknown" for subnet in network.subnets)


def _why(network: Network) -> str:
    for nat in network.nats:
        if nat.kind == "unknown":
            return f"The kind of {nat.instance.address} cannot be evaluated."
    for subnet in network.subnets:
        for route in subnet.table.routes if subnet.table else ():
            if route.to is None and route.leads in ("nat", "unknown"):
                return f"It cannot be evaluated where {route.where} leads."
    doubt = network.doubt("aws_nat_gateway", "aws_subnet", "aws_route_table")
    reason = doubt or f"the AZs of the subnets of {network.vpc.address} cannot be compared"
    return f"{reason[:1].upper()}{reason[1:]}." if reason.startswith(("it ", "the ")) else f"{reason}."


def _place(network: Network) -> Place:
    return network.nats[0].instance.place if network.nats else network.vpc.place


_GOOD = """\
locals {
  azs = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"

  cidr            = "10.0.0.0/16"
  azs             = local.azs
  private_subnets = [for index, az in local.azs : cidrsubnet("10.0.0.0/16", 3, index)]
  public_subnets  = [for index, az in local.azs : cidrsubnet("10.0.0.0/16", 6, 48 + index)]

  enable_nat_gateway     = true
  one_nat_gateway_per_az = true
}
"""

_BAD = _GOOD.replace("gateway     = true\n  one_nat_gateway_per_az", "gateway = true\n  single_nat_gateway")

OPINION = Opinion(
    id="N1",
    title="One NAT gateway in each AZ in production, and each AZ's private subnets leave by their own.",
    why="Every byte that leaves through another AZ's NAT gateway pays $0.01/GB each way to cross, and when that AZ "
    "fails, all others lose the internet with it. Another NAT gateway is about $32 a month: it pays for itself at "
    "1.6 TB a month in its AZ.",
    mend="Make one NAT gateway in each AZ (`one_nat_gateway_per_az = true`), or a regional one, and lead each AZ's "
    "private route table to it.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
