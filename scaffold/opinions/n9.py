"""N9: availability zones are those of the region itself, and those that EKS takes.

EKS refuses one zone in each of three regions. Its ID is the same everywhere, its name differs between accounts.
"""

import re
from collections.abc import Iterator

from scaffold.answers.regions import REGIONS
from scaffold.evaluate.root import Instance, Place
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.cluster import Cluster
from scaffold.facts.network import Network, Subnet
from scaffold.opinions.judging import broken, kept, once, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_NAME = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-z]\Z")
_ZONES = re.compile(r"(?:module\.[\w-]+(?:\[[^\[\]]*\])?\.)*data\.aws_availability_zones\.[\w-]+(?:\[\d+\])?")
_BY_KIND = ("zone-type", "opt-in-status", "group-name", "zone-id", "zone-name")
"""The filters that leave local zones out, or name the zones that are wanted.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
"""


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        if not network.subnets:
            continue
        clusters = (cluster for cluster in facts.clusters if cluster.root is network.root)
        found = once([*_local_zones(network), *(each for of in clusters for each in _refused(network, of))])
        yield from found
        if not found:
            message = f"The availability zones of {network.vpc.address} are ones that its services take."
            yield kept(message, _place(network.subnets[0]))


def _place(subnet: Subnet) -> Place:
    by_name = subnet.instance.get("availability_zone") is not None
    return subnet.instance.place_of("availability_zone" if by_name else "availability_zone_id")


def _source(network: Network, zone: Value) -> Instance | None:
    """Return the data source that a zone is taken from."""
    match = _ZONES.search(zone.text) if isinstance(zone, Symbol) else None
    return network.root.by_address.get(match[0]) if match else None


def _local_zones(network: Network) -> Iterator[Judgement]:
    for subnet in network.subnets:
        source = _source(network, subnet.zone)
        if source is not None:
            yield from _filtered(source)
        elif isinstance(subnet.zone, Symbol | Joined):
            message = f"It cannot be evaluated in which availability zone {subnet.instance.address} is."
            yield unknown(message, _place(subnet))


def _filtered(source: Instance) -> Iterator[Judgement]:
    names = [each.get("name") for each in source.body.blocks.get("filter", ())]
    if any(name in _BY_KIND for name in names):
        return
    if "filter" in source.body.open or any(isinstance(name, Symbol | Joined) for name in names):
        yield unknown(f"It cannot be evaluated which zones {source.address} leaves out.", source.place)
        return
    yield broken(
        f"{source.address} takes local zones as well, where the account has opted in to any.",
        source.place,
        'Add a filter: name = "zone-type", values = ["availability-zone"].',
    )


def _refused(network: Network, cluster: Cluster) -> Iterator[Judgement]:
    region = cluster.root.region
    if isinstance(region, str) and not _refuses(region):
        return
    for value in several(cluster.subnet_ids):
        subnet = network.subnet(value)
        if subnet is not None:
            yield from _zone(network, cluster, subnet, region)
        # Others are of another VPC, or chosen by their zones' IDs, which only Terraform can look up.


def _refuses(region: Value) -> tuple[str, ...]:
    return REGIONS[region].eks_refuses if isinstance(region, str) and region in REGIONS else ()


def _zone(network: Network, cluster: Cluster, subnet: Subnet, region: Value) -> Iterator[Judgement]:
    zone, place = subnet.zone, _place(subnet)
    name = _NAME.match(zone) if isinstance(zone, str) else None
    source = _source(network, zone)
    if isinstance(zone, str) and name is None:
        if any(zone in each.eks_refuses for each in REGIONS.values()):
            yield broken(f"{subnet.instance.address} is in {zone}, where EKS puts no control plane.", place)
    elif name is not None:
        if refused := _refuses(name[1]):
            yield broken(
                f"{subnet.instance.address} is in {zone} by its name, which in some accounts is {refused[0]}, where "
                f"EKS puts no control plane of {cluster.address}.",
                place,
            )
    elif source is not None:
        yield from _excluded(cluster, source, region)
    else:
        message = f"It cannot be evaluated in which availability zone of {cluster.address} {shown(zone)} is."
        yield unknown(message, place)


def _excluded(cluster: Cluster, source: Instance, region: Value) -> Iterator[Judgement]:
    refused = _refuses(region)
    left_out = several(source.get("exclude_zone_ids"))
    wanted = [
        several(each.get("values")) for each in source.body.blocks.get("filter", ()) if each.get("name") == "zone-id"
    ]
    if any(all(isinstance(zone, str) for zone in zones) and not set(zones) & set(refused) for zones in wanted):
        return
    if refused and set(refused) <= {zone for zone in left_out if isinstance(zone, str)}:
        return
    if not refused:
        if not left_out:
            yield unknown(
                f"It cannot be evaluated in which region {cluster.address} is, so whether EKS refuses a zone of "
                f"{source.address} is not known.",
                source.place,
            )
    elif any(isinstance(zone, Symbol | Joined) for zones in (left_out, *wanted) for zone in zones):
        yield unknown(f"It cannot be evaluated whether {source.address} leaves {refused[0]} out.", source.place)
    else:
        yield broken(
            f"{source.address} does not leave out {refused[0]}, where EKS puts no control plane of {cluster.address}.",
            source.place,
            f'Set exclude_zone_ids = ["{refused[0]}"].',
        )


_GOOD = """\
data "aws_availability_zones" "this" {
  exclude_zone_ids = ["use1-az3"]

  filter {
    name   = "zone-type"
    values = ["availability-zone"]
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count = 3

  vpc_id            = aws_vpc.main.id
  availability_zone = data.aws_availability_zones.this.names[count.index]
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 3, count.index)
}

resource "aws_eks_cluster" "main" {
  name     = "shop"
  role_arn = "arn:aws:iam::111122223333:role/shop"

  vpc_config {
    subnet_ids = aws_subnet.private[*].id
  }
}
"""

OPINION = Opinion(
    id="N9",
    title="Availability zones are the region's own, without those that EKS refuses, by their IDs.",
    why="EKS puts no control plane into use1-az3, usw1-az2 and cac1-az3, and the name of such a zone differs between "
    "accounts: what works in one fails in the next. A local zone that somebody opts in to moves the subnets after it.",
    mend="Take the zones from aws_availability_zones with exclude_zone_ids and a filter for zone-type = "
    '"availability-zone".',
    source="https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace('  exclude_zone_ids = ["use1-az3"]\n\n', "")},
)
