"""N6: role tags, by which Kubernetes finds the subnets for its load balancers.

Judged where there is a cluster: in the same root module, or in one that makes no VPC itself; and where any subnet has a
tag of Kubernetes's, since somebody then means it to be found. Of the subnets with one role, those of at least one block
must all have the tag: beside them there may be others, for databases or pods.
"""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.values import Key, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.network import Network, Subnet
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.networks import with_clients
from scaffold.opinions.opinion import Judgement, Opinion

PUBLIC, PRIVATE = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"

_ON = ("1", 1, "")
"""The values that count as set: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        if not _concerned(facts, network):
            continue
        public = [subnet for subnet in network.public_subnets if not _for_others(subnet)]
        private = [subnet for subnet in with_clients(network) if not _for_others(subnet)]
        yield from _role(network, public, PUBLIC, "public")
        yield from _role(network, private, PRIVATE, "private")
        doubtful = next((subnet for subnet in network.subnets if subnet.role == "unknown"), None)
        if doubtful is not None:
            yield unknown(
                f"It cannot be evaluated whether {doubtful.instance.address} is public or private.",
                doubtful.instance.place,
            )


def _concerned(facts: Facts, network: Network) -> bool:
    with_vpc = {id(each.root) for each in facts.networks}
    clusters = [id(cluster.root) for cluster in facts.clusters]
    if id(network.root) in clusters or any(each not in with_vpc for each in clusters):
        return True
    return any(
        isinstance(key, str) and key.startswith("kubernetes.io/")
        for subnet in network.subnets
        for key in _tags(network, subnet)
    )


def _for_others(subnet: Subnet) -> bool:
    """Return whether a subnet is one that a community module makes for something else than workloads."""
    return bool(subnet.instance.origin) and subnet.instance.name not in ("public", "private")


def _tags(network: Network, subnet: Subnet) -> Mapping[Key, Value]:
    tags = subnet.instance.get("tags")
    found: dict[Key, Value] = {**tags} if isinstance(tags, Mapping) else {}
    if tags is not None and not isinstance(tags, Mapping):
        found[Symbol("tags")] = tags
    for each in network.root.of("aws_ec2_tag"):
        of = network.refers.find(each.get("resource_id"))
        key = each.get("key")
        if of is subnet.instance or of is None:
            found[key if of is not None and isinstance(key, str) else Symbol(each.address)] = each.get("value")
    return found


def _role(network: Network, subnets: list[Subnet], tag: str, role: str) -> Iterator[Judgement]:
    blocks: dict[tuple[str, str], list[bool | None]] = {}
    first: dict[tuple[str, str], Subnet] = {}
    for subnet in subnets:
        block = (subnet.instance.module, subnet.instance.name)
        blocks.setdefault(block, []).append(_has(_tags(network, subnet), tag))
        first.setdefault(block, subnet)
    if not blocks:
        return
    whole = next((block for block, tagged in blocks.items() if all(tagged)), None)
    if whole is not None:
        place = first[whole].instance.place_of("tags")
        yield kept(f"The {role} subnets of {network.vpc.address} have the tag {tag}.", place)
        return
    doubtful = next((block for block, tagged in blocks.items() if None in tagged), None)
    subnet = first[doubtful or next(iter(blocks))]
    place = subnet.instance.place_of("tags")
    if doubtful is not None:
        yield unknown(f"It cannot be evaluated whether {subnet.instance.address} has the tag {tag}.", place)
        return
    yield broken(f"{subnet.instance.address} is {role} and has no tag {tag}.", place, f'Tag it "{tag}" = "1".')


def _has(tags: Mapping[Key, Value], tag: str) -> bool | None:
    if tag in tags:
        return None if isinstance(tags[tag], Symbol) else tags[tag] in _ON
    return None if any(not isinstance(key, str) for key in tags) else False


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 3, 0)

  tags = {
    "kubernetes.io/role/internal-elb" = "1"
  }
}
"""

OPINION = Opinion(
    id="N6",
    title="Role tags on the subnets: elb on public ones, internal-elb on private ones.",
    why="Without them load balancers find no subnet, or every one: an internal service may come up in a public subnet.",
    mend=f'Tag public subnets "{PUBLIC}" = "1" and private ones "{PRIVATE}" = "1" (`public_subnet_tags`, '
    "`private_subnet_tags`).",
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace("internal-elb", "elb")},
)
