"""E16: EKS capabilities have a role that their service may assume."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import known
from scaffold.facts.cluster import Cluster
from scaffold.facts.iam import role_of
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_SERVICE = "capabilities.eks.amazonaws.com"


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    for capability in cluster.capabilities:
        yield from _role(cluster, capability)
        yield from _deletion(capability)


def _role(cluster: Cluster, capability: Instance) -> Iterator[Judgement]:
    role = role_of(cluster.root, capability.get("role_arn"))
    if role is None:
        place = capability.place_of("role_arn")
        yield unknown(f"{capability.address}: whom its role trusts cannot be told, as it is not made here.", place)
        return
    place = role.instance.place_of("assume_role_policy")
    for action in ("sts:AssumeRole", "sts:TagSession"):
        trusts = role.trusts(_SERVICE, action)
        if trusts is None:
            yield unknown(f"{role.instance.address}: whether {_SERVICE} may use {action} cannot be told.", place)
        elif not trusts:
            message = f"{role.instance.address} does not let {_SERVICE} use {action}."
            yield broken(message, place, f"Trust {_SERVICE} with {action}.")


def _deletion(capability: Instance) -> Iterator[Judgement]:
    policy, place = capability.get("delete_propagation_policy"), capability.place_of("delete_propagation_policy")
    if not known(policy):
        yield unknown(f"{capability.address}: what happens when it goes cannot be told: {shown(policy)}.", place)
    elif policy != "RETAIN":
        yield broken(
            f"{capability.address} does not say that what it made stays when it goes.",
            place,
            'Set delete_propagation_policy = "RETAIN".',
        )


def _kept(cluster: Cluster) -> str | None:
    return f"{cluster.address}: the roles of its capabilities trust {_SERVICE}." if cluster.capabilities else None


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name = "shop"
}

resource "aws_iam_role" "ack" {
  name = "shop-ack"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "%s" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
    }]
  })
}

resource "aws_eks_capability" "ack" {
  cluster_name              = aws_eks_cluster.this.name
  capability_name           = "ack"
  type                      = "ACK"
  role_arn                  = aws_iam_role.ack.arn
  delete_propagation_policy = "RETAIN"
}
"""

OPINION = Opinion(
    id="E16",
    title="EKS capabilities (Argo CD, ACK, kro) with a role that trusts capabilities.eks.amazonaws.com",
    why="The service checks the trust when the capability is made, and refuses it. Without RETAIN, what the capability "
    "made may go when it goes.",
    mend="Let the role trust capabilities.eks.amazonaws.com with sts:AssumeRole and sts:TagSession, and set "
    'delete_propagation_policy = "RETAIN".',
    source="https://docs.aws.amazon.com/eks/latest/userguide/capability-role.html",
    judge=for_each_cluster(_faults, _kept),
    good={"main.tf": _EXAMPLE % "capabilities.eks.amazonaws.com"},
    bad={"main.tf": _EXAMPLE % "eks.amazonaws.com"},
)
