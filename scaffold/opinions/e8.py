"""E8: add-ons that Auto Mode does not bring, with rights of their own by Pod Identity."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.facts.iam import Role, role_of
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.manifests import cluster_of
from scaffold.opinions.opinion import Judgement, Opinion

_METRICS = "metrics-server"
_OBSERVABILITY = "amazon-cloudwatch-observability"
_AGENT = "eks-pod-identity-agent"
_PODS = "pods.eks.amazonaws.com"
_POLICIES = ("AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy")
"""What the agent needs to write metrics, logs and traces:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    for cluster in facts.clusters:
        found = [*_metrics(facts, cluster), *_addons(cluster)]
        yield from found
        if not found and cluster.addons:
            message = f"{cluster.address}: its add-ons have what they need."
            yield kept(message, cluster.cluster.place)


def _metrics(facts: Facts, cluster: Cluster) -> Iterator[Judgement]:
    """Yield that autoscalers of a cluster have nothing to look at."""
    scalers = facts.repository.manifests_by_kind.get("HorizontalPodAutoscaler", ())
    scaler = next((each for each in scalers if cluster_of(facts, each) is cluster), None)
    if scaler is None:
        return
    given = [each for each in cluster.addons if each.get("addon_name") == _METRICS]
    if any(each.certain for each in given) or _is_installed(facts, cluster):
        return
    what = f"{cluster.address} has no {_METRICS}, without which HorizontalPodAutoscaler {scaler.name} sees no load"
    doubt = _doubt(facts, cluster)
    place = cluster.cluster.place
    mend = f"Add an aws_eks_addon {_METRICS}."
    yield unknown(f"{what}, that is known of: {doubt}.", place) if doubt else broken(f"{what}.", place, mend)


def _is_installed(facts: Facts, cluster: Cluster) -> bool:
    """Return whether something other than an add-on installs metrics-server."""
    charts = (each for root in facts.repository.roots for each in root.of("helm_release"))
    objects = facts.repository.manifests_by_kind.get("Deployment", ())
    return any(_METRICS in (each.get("chart"), each.get("name")) for each in charts) or any(
        each.name == _METRICS for each in objects
    )


def _doubt(facts: Facts, cluster: Cluster) -> str:
    for each in cluster.addons:
        name = each.get("addon_name")
        if isinstance(name, Symbol | Joined) or (name == _METRICS and not each.certain):
            return f"nobody can say whether {each.address} is it"
    unread = (*cluster.root.unread, *facts.repository.unread)
    return next((f"{each.what} {each.reason}" for each in unread), "")


def _addons(cluster: Cluster) -> Iterator[Judgement]:
    own_nodes = bool(cluster.node_groups or cluster.fargate_profiles)
    for addon in cluster.addons:
        name = addon.get("addon_name")
        if addon.get("service_account_role_arn") is not None:
            yield broken(
                f"{addon.address} gets its rights through an OIDC provider (IRSA).",
                addon.place_of("service_account_role_arn"),
                "Give it a pod_identity_association, and let its role trust pods.eks.amazonaws.com.",
            )
        elif name == _OBSERVABILITY:
            yield from _observability(cluster, addon)
        if name == _AGENT and cluster.auto_mode and not own_nodes:
            yield broken(
                f"{addon.address} installs the Pod Identity agent, which Auto Mode brings.",
                addon.place_of("addon_name"),
                "Remove the add-on.",
            )


def _observability(cluster: Cluster, addon: Instance) -> Iterator[Judgement]:
    arn = _association(cluster, addon)
    if arn is None:
        if "pod_identity_association" in addon.body.open or cluster.root.unread:
            yield unknown(f"{addon.address}: which role its agent has cannot be told.", addon.place)
            return
        yield broken(
            f"{addon.address} has no role: its agent may write nothing.",
            addon.place,
            "give it a pod_identity_association with a role that has " + " and ".join(_POLICIES),
        )
        return
    role = role_of(cluster.root, arn)
    if role is None:
        place = addon.place_of("pod_identity_association", "role_arn")
        yield unknown(f"{addon.address}: what its role may do cannot be told, as it is not made here.", place)
    else:
        yield from _role(role)


def _association(cluster: Cluster, addon: Instance) -> Value:
    """Return the ARN of the role the agent's service account has."""
    own = addon.get("pod_identity_association", "role_arn")
    if own is not None:
        return own
    for each in cluster.pod_identities:
        if each.get("service_account") == "cloudwatch-agent":
            return each.get("role_arn")
    return None


def _role(role: Role) -> Iterator[Judgement]:
    place = role.instance.place_of("assume_role_policy")
    for action in ("sts:AssumeRole", "sts:TagSession"):
        trusts = role.trusts(_PODS, action)
        if trusts is None:
            yield unknown(f"{role.instance.address}: whether {_PODS} may use {action} cannot be told.", place)
        elif not trusts:
            message = f"{role.instance.address} does not let {_PODS} use {action}."
            yield broken(message, place, f"Trust {_PODS} with {action}.")
    missing = [policy for policy in _POLICIES if role.has(policy) is False]
    if missing:
        message = f"{role.instance.address} lacks {', '.join(missing)}."
        yield broken(message, role.instance.place, f"Attach {', '.join(missing)}.")
    elif not all(role.has(policy) for policy in _POLICIES):
        reason = role.more or role.unread or "its attachments may be there or not"
        yield unknown(f"{role.instance.address}: which policies it has cannot be told: {reason}.", role.instance.place)


_EXAMPLE = """\
resource "aws_eks_cluster" "this" {
  name = "shop"
}

resource "aws_iam_role" "cloudwatch_agent" {
  name = "shop-cloudwatch-agent"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cloudwatch_agent" {
  for_each = toset(["AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy"])

  role       = aws_iam_role.cloudwatch_agent.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_eks_addon" "cloudwatch_observability" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "amazon-cloudwatch-observability"
%s}
"""

OPINION = Opinion(
    id="E8",
    title="metrics-server where something scales by it; CloudWatch observability with a role by Pod Identity",
    why="Without metrics-server a HorizontalPodAutoscaler is blind. Pod Identity needs no OIDC provider and no trust "
    "policy for each cluster, and Auto Mode brings its agent; without a role the CloudWatch agent writes nothing.",
    mend="Add the add-ons metrics-server and amazon-cloudwatch-observability, the latter with a "
    "pod_identity_association whose role trusts pods.eks.amazonaws.com and has CloudWatchAgentServerPolicy and "
    "AWSXrayWriteOnlyAccess.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    judge=_judge,
    good={
        "main.tf": _EXAMPLE
        % """
  pod_identity_association {
    role_arn        = aws_iam_role.cloudwatch_agent.arn
    service_account = "cloudwatch-agent"
  }
"""
    },
    bad={"main.tf": _EXAMPLE % ""},
)
