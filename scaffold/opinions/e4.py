"""E4: principals are let in by access entries, and whoever created the cluster is not let in by having done so."""

from collections.abc import Iterator

from scaffold.evaluate.references import last_step
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol, Value, known
from scaffold.facts.cluster import Cluster
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_MODE = ("access_config", "authentication_mode")
_CREATOR = ("access_config", "bootstrap_cluster_creator_admin_permissions")

_WHOEVER_APPLIES = ("aws_caller_identity", "aws_iam_session_context")
"""The data sources that stand for whoever runs Terraform."""


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    mode, place = cluster.authentication_mode, cluster.cluster.place_of(*_MODE)
    if not known(mode):
        yield unknown(f"{cluster.address}: the authentication mode cannot be told: {shown(mode)}.", place)
    elif mode != "API":
        default = " by default" if cluster.cluster.get(*_MODE) is None else ""
        yield broken(f"{cluster.address} lets in whom the aws-auth ConfigMap names: {shown(mode)}{default}.", place)
    if cluster.production:
        yield from _creator(cluster)


def _creator(cluster: Cluster) -> Iterator[Judgement]:
    creator, place = cluster.creator_admin, cluster.cluster.place_of(*_CREATOR)
    if not known(creator):
        yield unknown(
            f"{cluster.address}: whether its creator becomes its administrator cannot be told: {shown(creator)}.",
            place,
        )
    elif creator is not False:
        default = " by default" if cluster.cluster.get(*_CREATOR) is None else ""
        yield broken(
            f"{cluster.address} makes whoever creates it its administrator{default}.",
            place,
            f"Set {'.'.join(_CREATOR)} = false and give the team an access entry; on a cluster that is there, see the "
            "plan first: another value replaces it.",
        )
    for association in cluster.access_policies:
        if last_step(association.get("policy_arn")) == "AmazonEKSClusterAdminPolicy" and _applier(
            cluster, association.get("principal_arn")
        ):
            yield _standing(association)


def _applier(cluster: Cluster, principal: Value) -> bool:
    """Return whether a principal is whoever runs Terraform."""
    source = cluster.root.find(principal)
    if source is None and isinstance(principal, Symbol):
        return any(f"data.{each}." in principal.text for each in _WHOEVER_APPLIES)
    if source is not None and source.type == "aws_eks_access_entry":
        return _applier(cluster, source.get("principal_arn"))
    return source is not None and source.data and source.type in _WHOEVER_APPLIES


def _standing(association: Instance) -> Judgement:
    place = association.place_of("principal_arn")
    if not association.certain:
        return unknown(f"{association.address} may make whoever runs Terraform an administrator.", place)
    return broken(
        f"{association.address} makes whoever runs Terraform an administrator of the cluster.",
        place,
        "Name the team's role as principal_arn.",
    )


_GOOD = """\
resource "aws_eks_cluster" "this" {
  name = "shop"

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }
}

resource "aws_eks_access_entry" "platform" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = "arn:aws:iam::111122223333:role/platform"
}
"""

_BAD = """\
resource "aws_eks_cluster" "this" {
  name = "shop"

  access_config {
    authentication_mode = "API_AND_CONFIG_MAP"
  }
}
"""

OPINION = Opinion(
    id="E4",
    title="Access by access entries alone (API); in production the creator is no administrator",
    why="Who is in the aws-auth ConfigMap, no plan shows and any typing error locks out. Whoever once ran Terraform, a "
    "pipeline or a person who left, stays cluster administrator.",
    mend='Set access_config { authentication_mode = "API", bootstrap_cluster_creator_admin_permissions = false } and '
    "write an aws_eks_access_entry for each principal; from CONFIG_MAP, go by way of API_AND_CONFIG_MAP.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    judge=for_each_cluster(_faults, lambda cluster: f"{cluster.address} lets principals in by access entries alone."),
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
