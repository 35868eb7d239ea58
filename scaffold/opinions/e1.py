"""E1: Auto Mode is on as a whole."""

from collections.abc import Iterator

from scaffold.evaluate.values import Symbol, known
from scaffold.facts.cluster import AUTO_MODE_FLAGS, Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    if cluster.auto_mode is False:
        place = cluster.cluster.place_of(*AUTO_MODE_FLAGS[0])
        yield broken(
            f"{cluster.address} runs without Auto Mode.",
            place,
            "Turn Auto Mode on beside the node groups, move the workloads over, then remove the groups: "
            "https://docs.aws.amazon.com/eks/latest/userguide/auto-enable-existing.html",
        )
        return
    for path, flag in zip(AUTO_MODE_FLAGS, cluster.auto_mode_flags, strict=True):
        name = ".".join(path)
        if isinstance(flag, Symbol):
            yield unknown(
                f"{cluster.address}: whether {name} is true cannot be told: {flag.text}.",
                cluster.cluster.place_of(*path),
            )
        elif flag is not True and cluster.auto_mode:
            yield broken(
                f"{cluster.address}: {name} is {'not set' if flag is None else shown(flag)}, but Auto Mode is on "
                "elsewhere in the cluster.",
                cluster.cluster.place_of(*path),
                f"Set {name} = true.",
            )
    yield from _bootstrap(cluster)


def _bootstrap(cluster: Cluster) -> Iterator[Judgement]:
    bootstrap = cluster.flag("bootstrap_self_managed_addons", default=True)
    place = cluster.cluster.place_of("bootstrap_self_managed_addons")
    if not known(bootstrap):
        yield unknown(f"{cluster.address}: bootstrap_self_managed_addons cannot be told: {shown(bootstrap)}.", place)
    elif bootstrap is not False and cluster.auto_mode:
        yield broken(
            f"{cluster.address} installs its own CNI, kube-proxy and CoreDNS beside those of Auto Mode.",
            place,
            "Set bootstrap_self_managed_addons = false.",
        )


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name                          = "shop"
  bootstrap_self_managed_addons = false

  compute_config {
    enabled = true
  }

  kubernetes_network_config {
    elastic_load_balancing {
      enabled = true
    }
  }

  storage_config {
    block_storage {
      enabled = %s
    }
  }
}
"""

OPINION = Opinion(
    id="E1",
    title="Auto Mode is on for compute, block storage and load balancing together, without self-managed add-ons",
    why="EKS takes the three only together, and the provider says so no earlier than at plan. The CNI, kube-proxy and "
    "CoreDNS run on Auto Mode's nodes themselves.",
    mend="Set enabled = true in compute_config, storage_config.block_storage and "
    "kubernetes_network_config.elastic_load_balancing, and bootstrap_self_managed_addons = false.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-enable-existing.html",
    judge=for_each_cluster(_faults, lambda cluster: f"{cluster.address} runs in Auto Mode as a whole."),
    good={"main.tf": _EXAMPLE % "true"},
    bad={"main.tf": _EXAMPLE % "false"},
)
