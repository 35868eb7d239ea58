"""E18: the Kubernetes version is named, and in standard support."""

from collections.abc import Iterator

from scaffold.answers.eks import CALENDAR, DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS
from scaffold.evaluate.values import known
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    version, place = cluster.version, cluster.cluster.place_of("version")
    if version is None:
        yield broken(
            f"{cluster.address} names no Kubernetes version: it gets the newest, and Terraform never upgrades it.",
            place,
        )
    elif not known(version):
        yield unknown(f"{cluster.address}: its Kubernetes version cannot be told: {shown(version)}.", place)
    elif shown(version) in KUBERNETES_VERSIONS:
        return
    elif _is_newer(shown(version)):
        yield unknown(
            f"{cluster.address}: Kubernetes {shown(version)} is newer than what is known here, as of "
            f"{CALENDAR['read_on']}.",
            place,
        )
    else:
        yield broken(
            f"{cluster.address}: Kubernetes {shown(version)} is not in standard support, as of {CALENDAR['read_on']}.",
            place,
        )


def _is_newer(version: str) -> bool:
    return _number(version) > _number(KUBERNETES_VERSIONS[-1])


def _number(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 10 for part in parts) else ()


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name    = "shop"
  version = "%s"
}
"""

OPINION = Opinion(
    id="E18",
    title="A Kubernetes version that is named and in standard support",
    why="Extended support is six times the price, and after it EKS upgrades the cluster at a time of its choosing. A "
    "cluster that names no version stays on the one it was born with.",
    mend=f"Set version to one of {', '.join(KUBERNETES_VERSIONS)}, one minor version at a time.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
    judge=for_each_cluster(
        _faults, lambda cluster: f"{cluster.address} runs Kubernetes {shown(cluster.version)}, in standard support."
    ),
    good={"main.tf": _EXAMPLE % DEFAULT_KUBERNETES_VERSION},
    bad={"main.tf": _EXAMPLE % "1.29"},
)
