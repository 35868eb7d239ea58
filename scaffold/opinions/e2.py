"""E2: Auto Mode's built-in node pools are named as EKS knows them."""

from collections.abc import Iterator

from scaffold.evaluate.values import known
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

POOLS = ("general-purpose", "system")
"""The built-in node pools, https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html."""


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    place = cluster.cluster.place_of("compute_config", "node_pools")
    pools = cluster.node_pools
    if cluster.auto_mode is False or pools is None:
        return
    if not isinstance(pools, tuple):
        yield unknown(f"{cluster.address}: the built-in node pools cannot be told: {shown(pools)}.", place)
        return
    for pool in pools:
        if not known(pool):
            yield unknown(f"{cluster.address}: the name of a built-in node pool is not known: {shown(pool)}.", place)
        elif pool not in POOLS:
            yield broken(
                f"{cluster.address} asks for a built-in node pool {shown(pool)!r}, which does not exist.", place
            )


def _kept(cluster: Cluster) -> str | None:
    if cluster.auto_mode is False:
        return None
    pools = cluster.node_pools
    if not pools:
        return f"{cluster.address} enables no built-in node pool."
    return f"{cluster.address} enables the built-in node pools {shown(pools)}."


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name = "shop"

  compute_config {
    enabled    = true
    node_pools = ["%s", "system"]
  }
}
"""

OPINION = Opinion(
    id="E2",
    title="Built-in node pools are general-purpose and system, and nothing else",
    why="A misspelt pool is no pool: the cluster comes up without nodes, and pods wait for ever.",
    mend="Name only general-purpose and system in compute_config.node_pools; make other pools as NodePool objects.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html",
    judge=for_each_cluster(_faults, _kept),
    good={"main.tf": _EXAMPLE % "general-purpose"},
    bad={"main.tf": _EXAMPLE % "general_purpose"},
)
