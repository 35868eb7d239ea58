"""E7: every control-plane log is kept, in a log group that Terraform owns."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, known
from scaffold.facts.cluster import Cluster, log_group_name
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All there are, https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html."""


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    types, place = cluster.log_types, cluster.cluster.place_of("enabled_cluster_log_types")
    items = types if isinstance(types, tuple) else ()
    missing = [each for each in LOG_TYPES if each not in items]
    if missing and not (isinstance(types, tuple) and known(types)):
        yield unknown(f"{cluster.address}: the control-plane logs cannot be told: {shown(types)}.", place)
    elif missing:
        yield broken(
            f"{cluster.address} does not write the control-plane logs {', '.join(missing)}.",
            place,
            f"Add {', '.join(missing)} to enabled_cluster_log_types.",
        )
    yield from _log_group(cluster)


def _log_group(cluster: Cluster) -> Iterator[Judgement]:
    name = shown(log_group_name(cluster.cluster))
    if not cluster.log_groups:
        doubt = _doubt(cluster)
        if doubt:
            yield unknown(
                f"{cluster.address}: nobody can say whether Terraform makes its log group {name}: {doubt}.",
                cluster.cluster.place,
            )
        else:
            yield broken(
                f"{cluster.address}: Terraform does not make its log group {name}; EKS will, without retention.",
                cluster.cluster.place,
            )
        return
    for group in cluster.log_groups:
        days, place = group.get("retention_in_days"), group.place_of("retention_in_days")
        if not known(days):
            yield unknown(f"{group.address}: how long it keeps logs cannot be told: {shown(days)}.", place)
        elif not days or days == "0":
            yield broken(f"{group.address} keeps the control plane's logs for ever.", place, "Set retention_in_days.")
        elif not group.certain:
            yield unknown(f"{group.address} may be there or not.", group.place)


def _doubt(cluster: Cluster) -> str:
    """Return why the log group may be there though it was not found."""
    for group in cluster.root.of("aws_cloudwatch_log_group"):
        name = group.get("name")
        if isinstance(name, Symbol):
            return f"{group.address} is called {name.text}"
        if isinstance(name, Joined) and str(name.parts[0]).startswith("/aws/eks/"):
            return f"{group.address} is called {shown(name)}"
    return next((f"{each.what} {each.reason}" for each in cluster.root.unread), "")


_EXAMPLE = """\
resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/shop/cluster"
  retention_in_days = 365
}

resource "aws_eks_cluster" "this" {
  name                      = "shop"
  enabled_cluster_log_types = [%s]

  depends_on = [aws_cloudwatch_log_group.cluster]
}
"""

_ALL = ", ".join(f'"{each}"' for each in LOG_TYPES)

OPINION = Opinion(
    id="E7",
    title="All five control-plane log types, to a log group with retention that Terraform owns",
    why="Who did what is in the audit log, why a pod did not start in the scheduler's. A log group that is not there "
    "first, EKS makes itself: for ever, unencrypted, and left behind when the cluster goes.",
    mend="List api, audit, authenticator, controllerManager and scheduler in enabled_cluster_log_types, and make the "
    "aws_cloudwatch_log_group /aws/eks/<cluster>/cluster with retention_in_days, before the cluster (depends_on).",
    source="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    judge=for_each_cluster(
        _faults, lambda cluster: f"{cluster.address} keeps all five control-plane logs in a log group of its own."
    ),
    good={"main.tf": _EXAMPLE % _ALL},
    bad={"main.tf": _EXAMPLE % '"api", "audit"'},
)
