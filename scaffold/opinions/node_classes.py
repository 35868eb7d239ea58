"""Whether nodes of an own NodeClass may join the cluster: their role, and its access entry."""

from collections.abc import Iterator

from scaffold.evaluate.references import last_step
from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import (
    AUTO_MODE_GROUP,
    cluster_of,
    expect,
    expect_set,
    field,
    is_open_text,
    place_at,
    text_at,
    title,
)
from scaffold.opinions.opinion import Judgement
from scaffold.repository.model import Manifest


def node_class_faults(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    """Yield what keeps nodes of a NodeClass from joining its cluster, as far as the cluster is in the repository."""
    wanted = f"{AUTO_MODE_GROUP}/v1"
    yield from expect(manifest, ("apiVersion",), lambda node: node.value == wanted, wanted)
    if field(manifest.node, "spec", "instanceProfile") is not None:
        return
    path = ("spec", "role")
    yield from expect_set(manifest, path, "the name of the nodes' role")
    role = text_at(manifest.node, *path)
    cluster = cluster_of(facts, manifest)
    if role and cluster is not None:
        yield from _access(cluster, manifest, role)


def _access(cluster: Cluster, manifest: Manifest, role: str) -> Iterator[Judgement]:
    """Yield that a NodeClass's role may not join the cluster, or that nobody can say."""
    place = place_at(manifest, "spec", "role")
    if _is_role(cluster, cluster.cluster.get("compute_config", "node_role_arn"), role):
        return  # EKS itself lets the role of the built-in pools in
    entries = [(each, _is_role(cluster, each.get("principal_arn"), role)) for each in cluster.access_entries]
    own = [entry for entry, same in entries if same and entry.get("type") == "EC2"]
    policies = [(each, _is_role(cluster, each.get("principal_arn"), role)) for each in cluster.access_policies]
    allowed = [same for each, same in policies if last_step(each.get("policy_arn")) == "AmazonEKSAutoNodePolicy"]
    if own and True in allowed:
        return
    doubt = next((f"{each.what} {each.reason}" for each in cluster.root.unread), "")
    for entry, same in entries:
        if same is None and entry.get("type") in ("EC2", None) and not own:
            doubt = doubt or f"nobody can say which role {entry.address} is for"
    if own and None in allowed:
        doubt = doubt or "nobody can say whose its policy association is"
    if _node_role_unknown(cluster):
        doubt = doubt or f"nobody can say which role {cluster.address} gives its own nodes"
    name = f"{title(manifest)}: role {role}"
    what = "an access policy association with AmazonEKSAutoNodePolicy" if own else "an access entry of type EC2"
    if doubt:
        yield unknown(f"{name} may lack {what} for {cluster.address}: {doubt}.", place)
    else:
        yield broken(
            f"{name} has no {what.removeprefix('an ')} for {cluster.address}, so its nodes cannot join.",
            place,
            'Add aws_eks_access_entry with type = "EC2" and aws_eks_access_policy_association with '
            "AmazonEKSAutoNodePolicy for the role.",
        )


def _node_role_unknown(cluster: Cluster) -> bool:
    arn = cluster.cluster.get("compute_config", "node_role_arn")
    return arn is not None and _is_role(cluster, arn, "") is None


def _is_role(cluster: Cluster, arn: Value, role: str) -> bool | None:
    """Return whether an ARN is that of the role with a name; None where nobody can say."""
    if arn is None:
        return False
    made = cluster.root.find(arn)
    if made is not None and role == f"${{{made.address}.name}}":
        return True
    name = made.get("name") if made is not None and made.type == "aws_iam_role" else last_step(arn)
    return name == role if isinstance(name, str) and not is_open_text(role) else None
