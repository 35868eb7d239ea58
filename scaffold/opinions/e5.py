"""E5: the API endpoint is reached from the VPC, and from the internet only by those who are listed."""

from collections.abc import Iterator

from scaffold.evaluate.values import known
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_PRIVATE = ("vpc_config", "endpoint_private_access")
_PUBLIC = ("vpc_config", "endpoint_public_access")
_CIDRS = ("vpc_config", "public_access_cidrs")

_EVERYWHERE = {"0.0.0.0/0", "::/0"}


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    private, place = cluster.private_access, cluster.cluster.place_of(*_PRIVATE)
    if not known(private):
        yield unknown(f"{cluster.address}: whether its endpoint is private cannot be told: {shown(private)}.", place)
    elif private is not True:
        default = " by default" if cluster.cluster.get(*_PRIVATE) is None else ""
        yield broken(
            f"{cluster.address}: nodes reach the API only over the internet, as its endpoint is not private{default}.",
            place,
            "Set vpc_config.endpoint_private_access = true.",
        )
    if cluster.production:
        yield from _public(cluster)


def _public(cluster: Cluster) -> Iterator[Judgement]:
    public, cidrs = cluster.public_access, cluster.public_cidrs
    if public is False or _listed(cidrs):
        return
    if not known(public):
        yield unknown(
            f"{cluster.address}: whether its endpoint is public cannot be told: {shown(public)}.",
            cluster.cluster.place_of(*_PUBLIC),
        )
        return
    listed = cluster.cluster.get(*_CIDRS) is not None and cluster.cluster.place_of(*_CIDRS) != cluster.cluster.place
    place = cluster.cluster.place_of(*(_CIDRS if listed else _PUBLIC))
    if _open(cidrs):
        default = " by default" if cluster.cluster.get(*_PUBLIC) is None else ""
        yield broken(f"{cluster.address}: the whole internet reaches its API endpoint{default}.", place)
    else:
        yield unknown(f"{cluster.address}: who reaches its API endpoint cannot be told: {shown(cidrs)}.", place)


def _open(cidrs: object) -> bool:
    return isinstance(cidrs, tuple) and any(each in _EVERYWHERE for each in cidrs if isinstance(each, str))


def _listed(cidrs: object) -> bool:
    return isinstance(cidrs, tuple) and all(isinstance(each, str) and each not in _EVERYWHERE for each in cidrs)


def _kept(cluster: Cluster) -> str:
    if cluster.public_access is False:
        return f"{cluster.address}: its API endpoint is private."
    if not cluster.production and not _listed(cluster.public_cidrs):
        return f"{cluster.address}: its API endpoint is private, and public too, which only development may be."
    return f"{cluster.address}: its API endpoint is private, and public only to listed CIDR blocks."


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name = "shop"

  vpc_config {
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = ["%s"]
    subnet_ids              = ["subnet-0a1b2c3d", "subnet-4e5f6a7b"]
  }
}
"""

OPINION = Opinion(
    id="E5",
    title="API endpoint private; in production public for listed CIDR blocks only, or not at all",
    why="An open endpoint leaves a leaked credential or a hole in the API server as all that is needed, from anywhere; "
    "without the private one, nodes talk to the control plane over NAT.",
    mend="Set vpc_config { endpoint_private_access = true, endpoint_public_access = false }, or list the CIDR blocks "
    "of your offices and pipelines in public_access_cidrs.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    judge=for_each_cluster(_faults, _kept),
    good={"main.tf": _EXAMPLE % "203.0.113.0/24"},
    bad={"main.tf": _EXAMPLE % "0.0.0.0/0"},
)
