"""An EKS cluster and what belongs to it, drawn from a root module's resources."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.evaluate.production import production_of
from scaffold.evaluate.references import candidates, joined, names
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.iam import Role, role_of

AUTO_MODE_FLAGS = (
    ("compute_config", "enabled"),
    ("storage_config", "block_storage", "enabled"),
    ("kubernetes_network_config", "elastic_load_balancing", "enabled"),
)
"""The paths of the three arguments that turn Auto Mode on, together."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """An EKS cluster.

    Attributes:
        root: the root module that makes it.
        cluster: the `aws_eks_cluster`.
        role: the role of the cluster, where the root module makes it.
        node_roles: the roles of its nodes that the root module makes: of Auto Mode's built-in node pools, else of
            access entries of type EC2 (own NodeClasses); of node groups.
        secrets_key: the `aws_kms_key` that Kubernetes secrets are encrypted with, where the root module makes it.
        log_groups: the `aws_cloudwatch_log_group` its control plane writes to; more than one only by mistake.
        access_entries: its `aws_eks_access_entry`.
        access_policies: its `aws_eks_access_policy_association`.
        addons: its `aws_eks_addon`.
        node_groups: its `aws_eks_node_group`.
        fargate_profiles: its `aws_eks_fargate_profile`.
        pod_identities: its `aws_eks_pod_identity_association`.
        capabilities: its `aws_eks_capability`.
    """

    root: Root
    cluster: Instance
    role: Role | None
    node_roles: tuple[Role, ...]
    secrets_key: Instance | None
    log_groups: tuple[Instance, ...]
    access_entries: tuple[Instance, ...]
    access_policies: tuple[Instance, ...]
    addons: tuple[Instance, ...]
    node_groups: tuple[Instance, ...]
    fargate_profiles: tuple[Instance, ...]
    pod_identities: tuple[Instance, ...]
    capabilities: tuple[Instance, ...]

    @property
    def address(self) -> str:
        """The cluster's address."""
        return self.cluster.address

    @property
    def production(self) -> bool:
        """Whether it is judged as production: where neither the repository nor its own names say that it is not."""
        return production_of(self.root, self.cluster) is not False

    @property
    def auto_mode_flags(self) -> tuple[Value, ...]:
        """What the three arguments of `AUTO_MODE_FLAGS` say: a boolean, None where absent, or a `Symbol`."""
        return tuple(self.flag(*path) for path in AUTO_MODE_FLAGS)

    @property
    def auto_mode(self) -> bool | None:
        """Whether it runs in Auto Mode, be it only in part; None where nobody can say."""
        flags = self.auto_mode_flags
        return True if True in flags else None if any(isinstance(flag, Symbol) for flag in flags) else False

    @property
    def node_pools(self) -> Value:
        """The built-in node pools that are enabled."""
        return self.cluster.get("compute_config", "node_pools")

    @property
    def authentication_mode(self) -> Value:
        """How principals are let in; the API's default is `CONFIG_MAP`."""
        mode = self.cluster.get("access_config", "authentication_mode")
        return "CONFIG_MAP" if mode is None else mode

    @property
    def creator_admin(self) -> Value:
        """Whether whoever creates the cluster becomes its administrator; the API's default is that they do."""
        return self.flag("access_config", "bootstrap_cluster_creator_admin_permissions", default=True)

    @property
    def private_access(self) -> Value:
        """Whether the API endpoint can be reached from the VPC; the API's default is that it cannot."""
        return self.flag("vpc_config", "endpoint_private_access", default=False)

    @property
    def public_access(self) -> Value:
        """Whether the API endpoint can be reached from the internet; the API's default is that it can."""
        return self.flag("vpc_config", "endpoint_public_access", default=True)

    @property
    def public_cidrs(self) -> Value:
        """The CIDR blocks that reach the public endpoint; the API's default is all."""
        cidrs = self.cluster.get("vpc_config", "public_access_cidrs")
        return ("0.0.0.0/0",) if cidrs is None or cidrs == () else cidrs

    @property
    def key_arn(self) -> Value:
        """The ARN of the KMS key for secrets."""
        return self.cluster.get("encryption_config", "provider", "key_arn")

    @property
    def log_types(self) -> Value:
        """The control-plane log types that are on."""
        types = self.cluster.get("enabled_cluster_log_types")
        return () if types is None else types

    @property
    def version(self) -> Value:
        """The Kubernetes version."""
        return self.cluster.get("version")

    @property
    def subnet_ids(self) -> Value:
        """The subnets of the control plane's network interfaces."""
        return self.cluster.get("vpc_config", "subnet_ids")

    @property
    def deletion_protection(self) -> Value:
        """Whether it cannot be deleted by mistake; the API's default is that it can."""
        return self.flag("deletion_protection", default=False)

    @property
    def zonal_shift(self) -> Value:
        """Whether traffic may be shifted away from an impaired AZ; the API's default is that it may not."""
        return self.flag("zonal_shift_config", "enabled", default=False)

    @property
    def upgrade_policy(self) -> Value:
        """What happens at the end of standard support; the API's default is `EXTENDED`."""
        policy = self.cluster.get("upgrade_policy", "support_type")
        return "EXTENDED" if policy is None else policy

    def flag(self, *path: str, default: bool | None = None) -> Value:
        """Return the boolean at a path of the cluster, or what stands for it when it is not set."""
        return flag(self.cluster.get(*path), default)


def flag(value: Value, default: bool | None = None) -> Value:
    """Return a value as Terraform reads a boolean: `"true"` is true, null is the default."""
    if value is None:
        return default
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    return value


def clusters_of(root: Root) -> Iterator[Cluster]:
    """Yield every EKS cluster a root module makes."""
    clusters = tuple(root.of("aws_eks_cluster"))
    for cluster in clusters:
        entries = _parts(root, cluster, clusters, "aws_eks_access_entry")
        groups = _parts(root, cluster, clusters, "aws_eks_node_group")
        yield Cluster(
            root=root,
            cluster=cluster,
            role=role_of(root, cluster.get("role_arn")),
            node_roles=tuple(_node_roles(root, cluster, entries, groups)),
            secrets_key=_key(root, cluster.get("encryption_config", "provider", "key_arn")),
            log_groups=tuple(_log_groups(root, cluster)),
            access_entries=entries,
            access_policies=_parts(root, cluster, clusters, "aws_eks_access_policy_association"),
            addons=_parts(root, cluster, clusters, "aws_eks_addon"),
            node_groups=groups,
            fargate_profiles=_parts(root, cluster, clusters, "aws_eks_fargate_profile"),
            pod_identities=_parts(root, cluster, clusters, "aws_eks_pod_identity_association"),
            capabilities=_parts(root, cluster, clusters, "aws_eks_capability"),
        )


def _parts(root: Root, cluster: Instance, clusters: tuple[Instance, ...], kind: str) -> tuple[Instance, ...]:
    """Return what names the cluster; of names that nobody knows, what can only mean it, as there is no other."""
    found = []
    for each in candidates(root, kind, "cluster_name", Symbol(cluster.address), cluster.get("name")):
        named = names(each.get("cluster_name"), cluster)
        if named or (named is None and len(clusters) == 1):
            found.append(each)
    return tuple(found)


def _node_roles(
    root: Root, cluster: Instance, entries: tuple[Instance, ...], groups: tuple[Instance, ...]
) -> Iterator[Role]:
    arns = [cluster.get("compute_config", "node_role_arn")]
    if arns == [None]:
        arns = [entry.get("principal_arn") for entry in entries if entry.get("type") == "EC2"]
    arns += [group.get("node_role_arn") for group in groups]
    seen: set[str] = set()
    for arn in arns:
        role = role_of(root, arn)
        if role is not None and role.instance.address not in seen:
            seen.add(role.instance.address)
            yield role


def _key(root: Root, value: Value) -> Instance | None:
    key = root.find(value)
    if key is not None and key.type == "aws_kms_alias" and not key.data:
        key = root.find(key.get("target_key_id"))
    return key if key is not None and key.type == "aws_kms_key" and not key.data else None


def _log_groups(root: Root, cluster: Instance) -> Iterator[Instance]:
    wanted = log_group_name(cluster)
    for group in candidates(root, "aws_cloudwatch_log_group", "name", Symbol(cluster.address), wanted):
        if _with_name(group.get("name"), cluster) == wanted:
            yield group


def log_group_name(cluster: Instance) -> Value:
    """Return the name of the only log group that EKS writes a cluster's control-plane logs to.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
    """
    return joined("/aws/eks/", _name(cluster), "/cluster")


def _name(cluster: Instance) -> Value:
    name = cluster.get("name")
    return Symbol(f"{cluster.address}.name", cluster.address, "name") if name is None else name


def _with_name(value: Value, cluster: Instance) -> Value:
    """Return a text with the cluster's name where it refers to the cluster."""
    if not isinstance(value, Joined):
        return value
    return joined(
        *(
            _name(cluster)
            if isinstance(part, Symbol) and part.of == cluster.address and part.attribute in {"name", "id"}
            else part
            for part in value.parts
        )
    )
