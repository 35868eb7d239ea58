"""N5: subnets are carved from the VPC's block by arithmetic, do not overlap, and have room for pods."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import pairwise

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.carving import Carving, Origin
from scaffold.facts.network import Network, Subnet
from scaffold.opinions.judging import broken, kept, once, unknown
from scaffold.opinions.networks import with_clients
from scaffold.opinions.opinion import Judgement, Opinion

SMALLEST_POD_SUBNET = 22
"""Private subnets smaller than this run out of addresses where every pod has one."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    if not facts.networks:
        return
    carving = Carving(facts.repository)
    for network in facts.networks:
        if not network.subnets:
            continue
        clusters = any(cluster.root is network.root for cluster in facts.clusters)
        found = [*_origins(network, carving), *once(_overlaps(network)), *once(_sizes(network) if clusters else ())]
        yield from found
        if not found:
            yield kept(
                f"The subnets of {network.vpc.address} are carved from its block by arithmetic.",
                _place(network.subnets[0]),
            )


def _place(subnet: Subnet) -> Place:
    return subnet.instance.place_of("cidr_block")


def _origins(network: Network, carving: Carving) -> Iterator[Judgement]:
    seen: set[Place] = set()
    for subnet in network.subnets:
        place = _place(subnet)
        if subnet.cidr is None or place in seen:
            continue
        seen.add(place)
        origin, typed = carving.origin(place, network.root)
        if origin is Origin.UNKNOWN and _block(subnet.cidr) is not None:
            # It could be evaluated, without arithmetic on the way: it is typed where nobody looked, in a .tfvars file.
            origin = Origin.TYPED
        if origin is Origin.TYPED:
            yield broken(f"The CIDR block of {subnet.instance.address} is typed by hand.", typed)
        elif origin is Origin.UNKNOWN:
            yield unknown(f"It cannot be evaluated where the CIDR block of {subnet.instance.address} is from.", place)


def _overlaps(network: Network) -> Iterator[Judgement]:
    """Judge neighbours in the order of their addresses: of blocks that overlap, one begins inside the one before."""
    blocks = sorted(
        ((block, subnet) for subnet in network.subnets if (block := _block(subnet.cidr)) is not None),
        key=lambda each: (each[0].network_address, each[0].prefixlen),
    )
    for (one, first), (other, second) in pairwise(blocks):
        if one.overlaps(other):
            yield broken(
                f"{second.instance.address} ({other}) overlaps {first.instance.address} ({one}).", _place(second)
            )
    whole = [_block(cidr) for cidr in network.cidrs]
    for block, subnet in blocks if None not in whole else ():
        if not any(each is not None and block.subnet_of(each) for each in whole):
            yield broken(
                f"{subnet.instance.address} ({block}) is outside the blocks of {network.vpc.address}.", _place(subnet)
            )


def _sizes(network: Network) -> Iterator[Judgement]:
    """Judge the room for pods, unless the VPC has a secondary block, which is for them."""
    if len(network.cidrs) > 1:
        return
    for subnet in with_clients(network):
        block = _block(subnet.cidr)
        if block is not None and block.prefixlen > SMALLEST_POD_SUBNET:
            yield broken(
                f"{subnet.instance.address} is a /{block.prefixlen}, and EKS gives every pod one of its "
                f"{block.num_addresses - 5} addresses.",
                _place(subnet),
                f"Use /{SMALLEST_POD_SUBNET} or larger, or a secondary block for pods, such as 100.64.0.0/16.",
            )


def _block(value: Value) -> IPv4Network | None:
    try:
        return IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count = 3

  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 3, count.index)
}
"""

OPINION = Opinion(
    id="N5",
    title="Subnets are carved from the VPC's block by arithmetic, without overlaps, with room for pods.",
    why="Typed blocks overlap or leave holes as soon as an AZ is added or the VPC's block changes, and a subnet's "
    "block cannot be changed under what runs in it. EKS gives every pod an address of its subnet.",
    mend="Carve each subnet with cidrsubnet() from the VPC's CIDR, a fixed number for each AZ.",
    source="https://developer.hashicorp.com/terraform/language/functions/cidrsubnet",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={
        "main.tf": _GOOD.replace(
            "cidrsubnet(aws_vpc.main.cidr_block, 3, count.index)", '"10.0.${count.index * 32}.0/19"'
        )
    },
)
