"""E15: a production cluster is hard to delete, leaves an impaired AZ, and stays out of extended support."""

from collections.abc import Iterator

from scaffold.evaluate.values import Value, known
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    if not cluster.production:
        return
    yield from _expect(
        cluster, cluster.deletion_protection, True, ("deletion_protection",), "may be deleted by mistake"
    )
    yield from _expect(
        cluster,
        cluster.zonal_shift,
        True,
        ("zonal_shift_config", "enabled"),
        "keeps traffic in an AZ that is impaired",
    )
    yield from _expect(
        cluster,
        cluster.upgrade_policy,
        "STANDARD",
        ("upgrade_policy", "support_type"),
        "slides into extended support, at six times the price",
    )


def _expect(cluster: Cluster, value: Value, wanted: Value, path: tuple[str, ...], fault: str) -> Iterator[Judgement]:
    place, name = cluster.cluster.place_of(*path), ".".join(path)
    if not known(value):
        yield unknown(f"{cluster.address}: {name} cannot be told: {shown(value)}.", place)
    elif value != wanted:
        default = ", which is the default" if cluster.cluster.get(*path) is None else ""
        text = shown(wanted) if isinstance(wanted, bool) else f'"{wanted}"'
        yield broken(f"{cluster.address} {fault}{default}.", place, f"Set {name} = {text}.")


def _kept(cluster: Cluster) -> str:
    if not cluster.production:
        return f"{cluster.address} is for development, which may be deleted."
    return f"{cluster.address} is protected against deletion and an impaired AZ, and stays in standard support."


_GOOD = """\
resource "aws_eks_cluster" "this" {
  name                = "shop"
  deletion_protection = true

  upgrade_policy {
    support_type = "STANDARD"
  }

  zonal_shift_config {
    enabled = true
  }
}
"""

_BAD = """\
resource "aws_eks_cluster" "this" {
  name = "shop"
}
"""

OPINION = Opinion(
    id="E15",
    title="In production: deletion protection, zonal shift, and standard support",
    why="A destroy in the wrong folder takes the cluster with it. Without zonal shift a half-broken AZ keeps getting "
    "traffic. Extended support is $0.60 an hour instead of $0.10, and starts by itself.",
    mend="Set deletion_protection = true, zonal_shift_config { enabled = true } and upgrade_policy { support_type = "
    '"STANDARD" }.',
    source="https://docs.aws.amazon.com/eks/latest/userguide/zone-shift-enable.html",
    judge=for_each_cluster(_faults, _kept),
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
