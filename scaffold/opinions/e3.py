"""E3: the roles of cluster and nodes have what Auto Mode needs, and no more."""

from collections.abc import Iterator

from scaffold.facts.cluster import Cluster
from scaffold.facts.iam import Role
from scaffold.opinions.clusters import for_each_cluster
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

CLUSTER_POLICIES = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""What an Auto Mode cluster's role needs, https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html."""

NODE_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""What its nodes' role needs, https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html."""

_TOO_BROAD_REGISTRY = {
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "AmazonEC2ContainerRegistryReadOnly",
}


def _faults(cluster: Cluster) -> Iterator[Judgement]:
    auto_mode = cluster.auto_mode
    if auto_mode is None:
        yield unknown(
            f"{cluster.address}: which policies its roles need depends on Auto Mode, which cannot be told.",
            cluster.cluster.place,
        )
        return
    if auto_mode:
        yield from _cluster_role(cluster)
        yield from _auto_mode_nodes(cluster)
    for role in cluster.node_roles:
        yield from _too_broad(role, auto_mode)


def _cluster_role(cluster: Cluster) -> Iterator[Judgement]:
    role = cluster.role
    if role is None:
        yield unknown(
            f"{cluster.address}: its role is not made in {_where(cluster)}.", cluster.cluster.place_of("role_arn")
        )
        return
    place = role.instance.place_of("assume_role_policy")
    for action in ("sts:AssumeRole", "sts:TagSession"):
        trusts = role.trusts("eks.amazonaws.com", action)
        if trusts is None:
            yield unknown(f"{role.instance.address}: whether EKS may use {action} cannot be told.", place)
        elif not trusts:
            yield broken(
                f"{role.instance.address} does not let eks.amazonaws.com use {action}.",
                place,
                f"Add {action} to the actions of the trust policy.",
            )
    yield from _missing(role, CLUSTER_POLICIES)


def _auto_mode_nodes(cluster: Cluster) -> Iterator[Judgement]:
    arn = cluster.cluster.get("compute_config", "node_role_arn")
    if not cluster.node_roles and arn is not None:
        yield unknown(
            f"{cluster.address}: its nodes' role is not made in {_where(cluster)}.",
            cluster.cluster.place_of("compute_config", "node_role_arn"),
        )
    groups = [group.get("node_role_arn") for group in cluster.node_groups]
    for role in cluster.node_roles:
        if not any(getattr(each, "of", None) == role.instance.address for each in groups):
            yield from _missing(role, NODE_POLICIES)


def _missing(role: Role, policies: tuple[str, ...]) -> Iterator[Judgement]:
    missing = [policy for policy in policies if role.has(policy) is False]
    doubtful = [policy for policy in policies if role.has(policy) is None]
    if doubtful:
        reason = role.more or role.unread or "its attachment may be there or not"
        yield unknown(
            f"{role.instance.address}: nobody can say whether it has {', '.join(doubtful)}: {reason}.",
            role.instance.place,
        )
    if missing:
        yield broken(
            f"{role.instance.address} lacks {', '.join(missing)}.",
            role.instance.place,
            f"Attach {', '.join(missing)}.",
        )


def _too_broad(role: Role, auto_mode: bool) -> Iterator[Judgement]:
    address = role.instance.address
    for attached in role.policies:
        mend = _mend(role, attached.name, auto_mode)
        if mend and attached.certain:
            yield broken(f"{address} has {attached.name}, which allows more than nodes need.", attached.place, mend)
        elif mend:
            yield unknown(f"{address} may have {attached.name}, which allows more than nodes need.", attached.place)
    if role.more:
        yield unknown(f"{address} may have policies that allow more than nodes need: {role.more}.", role.instance.place)


def _mend(role: Role, policy: str, auto_mode: bool) -> str:
    """Return what to do about a policy, or an empty text where nodes need it."""
    if policy == "AmazonEC2ContainerRegistryReadOnly" and role.instance.origin:
        # The module attaches it to every role of a node group that it makes.
        return (
            "give the node group a role of your own, with AmazonEC2ContainerRegistryPullOnly: create_iam_role = false "
            "and iam_role_arn"
        )
    if policy in _TOO_BROAD_REGISTRY:
        return "attach AmazonEC2ContainerRegistryPullOnly in its place"
    # Nodes outside Auto Mode need it to describe EC2 resources.
    if policy == "AmazonEKSWorkerNodePolicy" and auto_mode:
        return "attach AmazonEKSWorkerNodeMinimalPolicy in its place"
    return ""


def _where(cluster: Cluster) -> str:
    return "this repository's root" if cluster.root.path == "." else cluster.root.path


def _kept(cluster: Cluster) -> str | None:
    if cluster.auto_mode:
        return f"{cluster.address}: the roles of cluster and nodes have what Auto Mode needs, and no more."
    if cluster.node_roles:
        return f"{cluster.address}: its nodes' roles may pull images, and no more of the registry."
    return None


_EXAMPLE = """\
data "aws_iam_policy_document" "trust" {
  for_each = toset(["eks", "ec2"])

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "shop-cluster"
  assume_role_policy = data.aws_iam_policy_document.trust["eks"].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  for_each = toset([
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
  ])

  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_role" "node" {
  name               = "shop-node"
  assume_role_policy = data.aws_iam_policy_document.trust["ec2"].json
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodeMinimalPolicy",
  ])

  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_eks_cluster" "this" {
  name     = "shop"
  role_arn = aws_iam_role.cluster.arn

  compute_config {
    enabled       = true
    node_pools    = ["general-purpose"]
    node_role_arn = aws_iam_role.node.arn
  }
}
"""

OPINION = Opinion(
    id="E3",
    title="Cluster role with the five Auto Mode policies and sts:TagSession; node role with the two minimal policies",
    why="Auto Mode's policies are bounded by the session's tags: without sts:TagSession or one of the policies, nodes, "
    "volumes or load balancers are never made. What a node may do, every pod that escapes may do.",
    mend="Attach the five AmazonEKS… policies to the cluster role and trust it with sts:AssumeRole and sts:TagSession; "
    "give the nodes AmazonEKSWorkerNodeMinimalPolicy and AmazonEC2ContainerRegistryPullOnly only.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html",
    judge=for_each_cluster(_faults, _kept),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("WorkerNodeMinimalPolicy", "WorkerNodePolicy")},
)
