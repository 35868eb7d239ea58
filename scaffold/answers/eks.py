"""Answers about the EKS Auto Mode cluster and its sample workload."""

from collections.abc import Iterator
from importlib.resources import files
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field

from scaffold.answers.base import RetentionDays, Strict, distinct
from scaffold.answers.network import RFC_1918, Cidr
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

CALENDAR: dict[str, Any] = yaml.safe_load((files("scaffold") / "data/kubernetes_versions.yaml").read_text("utf-8"))
"""EKS's release calendar, as `scaffold/data/kubernetes_versions.yaml` has it."""

KUBERNETES_VERSIONS: tuple[str, ...] = tuple(entry["version"] for entry in CALENDAR["versions"])
"""The versions in standard support, oldest first (E18)."""

DEFAULT_KUBERNETES_VERSION = KUBERNETES_VERSIONS[-2]
"""The newest but one: add-ons and tools have caught up with it (E18)."""

LONGEST_NODE_LIFE_HOURS = 504
"""Auto Mode replaces every node after 21 days. Source: EKS user guide, "EKS Auto Mode managed instances"."""

LARGEST_SERVICE_CIDR, SMALLEST_SERVICE_CIDR = 12, 24
"""Prefix lengths of the service CIDR. Source: EKS API, KubernetesNetworkConfigRequest."""

DEFAULT_SERVICE_CIDRS = ("172.20.0.0/16", "10.100.0.0/16")
"""What EKS itself chooses from. Source: EKS API, KubernetesNetworkConfigRequest."""

SAMPLE_IMAGE = "public.ecr.aws/nginx/nginx-unprivileged:1.30.5-alpine-slim"
"""NGINX without root, for amd64 and arm64, listening on 8080. Source: https://gallery.ecr.aws/nginx/nginx-unprivileged."""

LARGEST_PREFIX_FOR_LOAD_BALANCERS = 21
"""Of a VPC whose public subnets are to hold an ALB. Source: "Subnets for your load balancer", Elastic Load Balancing
guide: a /27 and 8 free addresses."""

WIDE_OPEN = 8
"""A public CIDR block with a shorter prefix than this is as good as 0.0.0.0/0 (E5)."""

_AMI = (
    "E14",
    "Auto Mode nodes run AWS's own Bottlerocket image; there is no custom AMI.",
    "Leave it out; what the image lacks goes into a DaemonSet, and an AMI of your own into managed node groups.",
)
_OS = ("E14", "Auto Mode nodes are Linux only.", "Leave it out; Windows needs self-managed nodes in another cluster.")

SAME_EVERYWHERE: tuple[str, ...] = ()
"""Everything about a cluster may differ between environments."""

REQUIRED: dict[str, object] = {}

REFUSED: dict[str, tuple[str, str, str]] = {
    "ami": _AMI,
    "ami_id": _AMI,
    "ssh_key": (
        "E14",
        "nobody logs in to Auto Mode nodes: SSH and SSM are closed.",
        "Leave it out; use kubectl debug node/… or a NodeDiagnostic object.",
    ),
    "cni": (
        "E14",
        "Auto Mode brings its own CNI and takes no other.",
        "Leave it out; NetworkPolicy works, and network.pod_cidr gives pods addresses of their own.",
    ),
    "imds_hop_limit": (
        "E14",
        "Auto Mode fixes the IMDS hop limit at 1: pods cannot reach the node's credentials.",
        "Leave it out; give pods AWS rights by EKS Pod Identity.",
    ),
    "windows": _OS,
    "os": _OS,
    "gateway_api": (
        "E12",
        "Auto Mode's load balancing has no Gateway API.",
        "Use Ingress (class alb), or a Service of type LoadBalancer with loadBalancerClass eks.amazonaws.com/nlb.",
    ),
}
"""Keys that people try and Auto Mode has no place for: rule, reason, mend."""


def _known_version(value: str) -> str:
    if value not in KUBERNETES_VERSIONS:
        raise ValueError(
            f"{value!r} is not in standard support on EKS (as of {CALENDAR['read_on']}): use "
            f"{', '.join(KUBERNETES_VERSIONS)}"
        )
    return value


def _pinned_image(value: str) -> str:
    tag = value.rpartition("/")[2].partition("@")[0].partition(":")[2]
    if "@" not in value and tag in ("", "latest"):
        raise ValueError(f"{value!r} names no fixed version: add a tag other than latest, or a digest")
    return value


KubernetesVersion = Annotated[
    str,
    AfterValidator(_known_version),
    # To an editor, 1.35 without quotes is a number.
    Field(
        json_schema_extra={
            "type": ["string", "number"],
            "enum": [*KUBERNETES_VERSIONS, *map(float, KUBERNETES_VERSIONS)],
        }
    ),
]
BuiltinPool = Literal["general-purpose", "system"]
CustomPool = Literal["spot", "graviton"]
Addon = Literal["metrics-server", "amazon-cloudwatch-observability"]
ManagedLog = Literal["compute", "block-storage", "load-balancing", "ipam"]
Capability = Literal["argocd", "ack", "kro"]
Namespace = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
PrincipalArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$", max_length=600)
]
# Source: API references of IAM Identity Center (InstanceArn) and its identity store (ResourceId).
InstanceArn = Annotated[str, Field(pattern=r"^arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{16}$")]
IdentityId = Annotated[
    str, Field(pattern=r"^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$", max_length=47)
]
RegionCode = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
CertificateArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}$")]
Image = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._/-]*(:[0-9]+/[a-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(@sha256:[0-9a-f]{64})?$"
    ),
    AfterValidator(_pinned_image),
]


class AccessEntry(Strict):
    """Who may use the Kubernetes API, and how much of it."""

    principal_arn: PrincipalArn = Field(description="The ARN of an IAM role or user.")
    policy: Literal["view", "edit", "admin"] = Field(
        description="view, edit or admin. admin without namespaces administers the whole cluster."
    )
    namespaces: list[Namespace] = Field(
        default_factory=list, description="The namespaces it holds in. Empty: the whole cluster."
    )


class EksAnswers(Strict):
    """The cluster, its nodes, who may use it, and the sample workload."""

    kubernetes_version: KubernetesVersion = Field(
        default=DEFAULT_KUBERNETES_VERSION,
        description=f"The Kubernetes version: {', '.join(KUBERNETES_VERSIONS)}.",
        json_schema_extra={"opinion": "E18"},
    )
    public_access_cidrs: list[Cidr] = Field(
        default_factory=list,
        max_length=40,
        description="CIDR blocks that may reach the cluster's API endpoint from the internet. Empty: it is private.",
        json_schema_extra={"opinion": "E5"},
    )
    builtin_node_pools: Annotated[list[BuiltinPool], AfterValidator(distinct)] = Field(
        default=["general-purpose", "system"],
        description="Node pools that AWS keeps: general-purpose (amd64, on demand), system (tainted, for add-ons).",
        json_schema_extra={"opinion": "E2"},
    )
    node_pools: Annotated[list[CustomPool], AfterValidator(distinct)] = Field(
        default=["spot", "graviton"],
        description="Node pools of your own: spot (weight 80), graviton (on demand, weight 10). "
        "With arch arm64 graviton is always there: the built-in general-purpose pool is amd64 only.",
        json_schema_extra={"opinion": "E10"},
    )
    node_pool_max_cpu: Annotated[int, Field(ge=2, le=10_000)] = Field(
        default=100,
        description="The most vCPUs that each of your own node pools may run.",
        json_schema_extra={"opinion": "E10"},
    )
    node_pool_max_memory_gib: Annotated[int, Field(ge=4, le=100_000)] = Field(
        default=400,
        description="The most memory, in GiB, that each of your own node pools may run.",
        json_schema_extra={"opinion": "E10"},
    )
    expire_after_hours: Annotated[int, Field(ge=1, le=LONGEST_NODE_LIFE_HOURS)] = Field(
        default=336,
        description=f"Hours after which a node is replaced, at most {LONGEST_NODE_LIFE_HOURS} (21 days).",
        json_schema_extra={"opinion": "E10"},
    )
    access_entries: list[AccessEntry] = Field(
        default_factory=list,
        max_length=100,
        description="Who may use the Kubernetes API: principal_arn, policy (view, edit, admin), namespaces.",
        json_schema_extra={"opinion": "E4"},
    )
    creator_admin: bool | None = Field(
        default=None,
        description="Whether the identity that creates the cluster administers it for ever; changing it replaces the "
        "cluster. null: not in production.",
        json_schema_extra={"opinion": "E4"},
    )
    deletion_protection: bool | None = Field(
        default=None,
        description="Refuse to delete the cluster (AWS provider 6.9 or later). null: in production.",
        json_schema_extra={"opinion": "E15"},
    )
    zonal_shift: bool | None = Field(
        default=None,
        description="Let AWS move traffic away from an impaired availability zone. null: in production.",
        json_schema_extra={"opinion": "E15"},
    )
    upgrade_policy: Literal["STANDARD", "EXTENDED"] = Field(
        default="STANDARD",
        description="STANDARD: EKS upgrades the cluster when standard support ends. EXTENDED: it stays, at six times "
        "the price.",
        json_schema_extra={"opinion": "E15"},
    )
    addons: Annotated[list[Addon], AfterValidator(distinct)] = Field(
        default=["metrics-server", "amazon-cloudwatch-observability"],
        description="EKS add-ons: metrics-server (the HPA is blind without it), amazon-cloudwatch-observability.",
        json_schema_extra={"opinion": "E8"},
    )
    log_retention_days: RetentionDays = Field(
        default=365, description="Days to keep the control plane's logs.", json_schema_extra={"opinion": "E7"}
    )
    managed_logs: Annotated[list[ManagedLog], AfterValidator(distinct)] = Field(
        default=["compute"],
        description="Logs of what Auto Mode runs: compute (why a node came or went), block-storage, load-balancing, "
        "ipam. More than one may take more than one apply.",
        json_schema_extra={"opinion": "E9"},
    )
    capabilities: Annotated[list[Capability], AfterValidator(distinct)] = Field(
        default_factory=list,
        description="EKS capabilities, which AWS runs outside the cluster: argocd, ack, kro (AWS provider 6.25 or "
        "later). Each has an hourly price.",
        json_schema_extra={"opinion": "E16"},
    )
    argocd_idc_instance_arn: InstanceArn | None = Field(
        default=None,
        description="The ARN of the IAM Identity Center instance that people sign in to Argo CD with; argocd needs it.",
        json_schema_extra={"opinion": "E16"},
    )
    argocd_idc_region: RegionCode | None = Field(
        default=None,
        description="The region of that instance. null: the cluster's.",
        json_schema_extra={"opinion": "E16"},
    )
    argocd_admin_groups: Annotated[list[IdentityId], AfterValidator(distinct)] = Field(
        default_factory=list,
        description="IDs of the Identity Center groups that administer Argo CD. Empty: nobody can sign in.",
        json_schema_extra={"opinion": "E16"},
    )
    service_ipv4_cidr: Cidr | None = Field(
        default=None,
        description="The CIDR block of Kubernetes services, /12 to /24, fixed for the cluster's life. "
        f"null: {DEFAULT_SERVICE_CIDRS[0]}, or {DEFAULT_SERVICE_CIDRS[1]} where the network overlaps it.",
    )
    ingress: Literal["internal", "internet-facing"] = Field(
        default="internal",
        description="Where the application load balancers of the class alb are reached from.",
        json_schema_extra={"opinion": "E12"},
    )
    certificate_arn: CertificateArn | None = Field(
        default=None,
        description="The ACM certificate of those load balancers. null: plain HTTP.",
        json_schema_extra={"opinion": "E12"},
    )
    same_node_traffic: bool = Field(
        default=False,
        description="Prefer a pod on the same node (PreferSameNode) to one in the same zone.",
        json_schema_extra={"opinion": "E13"},
    )
    internal_traffic_policy: Literal["Cluster", "Local"] = Field(
        default="Cluster",
        description="Local: traffic never leaves the node, and is dropped where the node has no pod.",
        json_schema_extra={"opinion": "E13"},
    )
    sample_image: Image = Field(
        default=SAMPLE_IMAGE,
        description="The sample workload's image: it listens on 8080, as any user but root, for the chosen arch.",
        json_schema_extra={"opinion": "E13"},
    )


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints the cluster cannot do without when there is no NAT.

    Source: EKS user guide, "Deploy private clusters with limited internet access".
    """
    return ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "elasticloadbalancing", "logs", "sts", "xray")


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether its load balancer faces the internet."""
    return answers.eks.ingress == "internet-facing"


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC: always."""
    return True


def node_pools(answers: "Answers") -> tuple[CustomPool, ...]:
    """Return one environment's own node pools, by falling weight; arm64 always has graviton (E19)."""
    chosen = {*answers.eks.node_pools, *(["graviton"] if answers.arch == "arm64" else [])}
    return tuple(pool for pool in ("spot", "graviton") if pool in chosen)


def creator_admin(answers: "Answers") -> bool:
    """Return whether the cluster's creator administers it, with the default resolved (E4)."""
    return not answers.production if answers.eks.creator_admin is None else answers.eks.creator_admin


def administered(answers: "Answers") -> bool:
    """Return whether anybody administers the whole cluster: its creator, or an access entry (E4)."""
    entries = answers.eks.access_entries
    return creator_admin(answers) or any(entry.policy == "admin" and not entry.namespaces for entry in entries)


def is_wide_open(cidr: str) -> bool:
    """Return whether a block that may reach the API endpoint is as good as all of the internet (E5)."""
    return IPv4Network(cidr).prefixlen < WIDE_OPEN


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the EKS opinions (E4, E5, E8 to E10, E12, E13, E15, E16, E19) have against one environment."""
    yield from _access_rules(answers)
    yield from _node_rules(answers)
    yield from _addon_rules(answers)
    yield from _managed_log_rules(answers)
    yield from _capability_rules(answers)
    yield from _network_rules(answers)
    yield from _traffic_rules(answers)
    if answers.production and answers.eks.upgrade_policy == "EXTENDED":
        yield Problem(
            "eks.upgrade_policy",
            "E15",
            "extended support costs $0.60 an hour instead of $0.10, and nothing reminds you to upgrade.",
            "Use STANDARD.",
            level="warning",
        )


def _access_rules(answers: "Answers") -> Iterator[Problem]:
    for cidr in map(IPv4Network, answers.eks.public_access_cidrs):
        if is_wide_open(str(cidr)):
            yield Problem(
                "eks.public_access_cidrs",
                "E5",
                f"{cidr} opens the cluster's API endpoint to the internet.",
                "List the blocks of your offices, VPN or CI, such as 203.0.113.0/24; an empty list keeps it private.",
                level="error" if answers.production else "warning",
            )
        elif any(cidr.subnet_of(private) for private in RFC_1918):
            yield Problem(
                "eks.public_access_cidrs",
                "E5",
                f"{cidr} is private address space: nothing reaches the public endpoint from there, and EKS refuses it.",
                "List public addresses; the private endpoint is always on.",
            )
    principals = [entry.principal_arn for entry in answers.eks.access_entries]
    for principal in dict.fromkeys(p for p in principals if principals.count(p) > 1):
        yield Problem(
            "eks.access_entries",
            "E4",
            f"{principal} has more than one entry; EKS keeps one per principal.",
            "Keep the entry with the rights it needs.",
        )
    if creator_admin(answers) and answers.eks.access_entries:
        yield Problem(
            "eks.access_entries",
            "E4",
            f"EKS makes an entry for whoever creates the cluster of {answers.environment}; a second one fails.",
            "Leave that identity out, or set eks.creator_admin: false.",
            level="warning",
        )
    if not administered(answers):
        yield Problem(
            "eks.access_entries",
            "E4",
            f"nobody can apply the manifests of {answers.environment}: neither its creator nor an entry is an admin.",
            "Add {principal_arn: arn:aws:iam::<account>:role/<role>, policy: admin}.",
            level="warning",
        )


def _node_rules(answers: "Answers") -> Iterator[Problem]:
    own = node_pools(answers)
    general_purpose = "general-purpose" in answers.eks.builtin_node_pools
    if answers.arch == "x86_64" and not general_purpose:
        if "spot" not in own:
            yield Problem(
                "eks.builtin_node_pools",
                "E19",
                "no node pool takes amd64 pods: system is tainted for add-ons, and graviton is arm64.",
                "Add general-purpose, or spot to eks.node_pools.",
            )
        else:
            yield Problem(
                "eks.builtin_node_pools",
                "E10",
                "Spot is all that amd64 pods have: with no Spot capacity they wait.",
                "Add general-purpose, the on-demand fallback.",
                level="warning",
            )
    if answers.network.pod_cidr and answers.eks.builtin_node_pools:
        yield Problem(
            "network.pod_cidr",
            "N5",
            "pods on nodes of the built-in pools still get addresses of network.cidr: AWS owns their NodeClass.",
            "Set eks.builtin_node_pools: [] where every pod must use network.pod_cidr.",
            level="warning",
        )


def _addon_rules(answers: "Answers") -> Iterator[Problem]:
    if "metrics-server" not in answers.eks.addons:
        yield Problem(
            "eks.addons",
            "E8",
            "without metrics-server the HorizontalPodAutoscaler sees no load and never scales.",
            "Add metrics-server, unless something else serves metrics.k8s.io.",
            level="warning",
        )
    if answers.eks.addons and "general-purpose" not in answers.eks.builtin_node_pools:
        yield Problem(
            "eks.addons",
            "E19",
            "add-ons wait for nodes, and there are none before the manifests are applied: the first terraform apply "
            "waits in vain.",
            "Add general-purpose to eks.builtin_node_pools, or add the add-ons after the manifests.",
            level="warning",
        )


def _managed_log_rules(answers: "Answers") -> Iterator[Problem]:
    if answers.production and "compute" not in answers.eks.managed_logs:
        yield Problem(
            "eks.managed_logs",
            "E9",
            "nothing else tells why Auto Mode starts and ends nodes.",
            "Add compute.",
            level="warning",
        )
    if len(answers.eks.managed_logs) > 1:
        yield Problem(
            "eks.managed_logs",
            "E9",
            "each of these logs starts an update of the cluster when it is added, and EKS takes one update at a time: "
            "an apply that adds several may end in a ConflictException.",
            "Keep to compute, or apply again until there is nothing to change.",
            level="warning",
        )


def _capability_rules(answers: "Answers") -> Iterator[Problem]:
    eks = answers.eks
    if "argocd" not in eks.capabilities:
        return
    if eks.argocd_idc_instance_arn is None:
        yield Problem(
            "eks.argocd_idc_instance_arn",
            "E16",
            "people sign in to the managed Argo CD with IAM Identity Center alone, and no instance is named.",
            "Name the one that aws sso-admin list-instances prints, or take argocd out of eks.capabilities.",
        )
    if not eks.argocd_admin_groups:
        yield Problem(
            "eks.argocd_admin_groups",
            "E16",
            "nobody can sign in to Argo CD: no group of IAM Identity Center administers it.",
            "List the ID of a group, as aws identitystore list-groups prints it.",
            level="warning",
        )


def _network_rules(answers: "Answers") -> Iterator[Problem]:
    if answers.eks.service_ipv4_cidr is not None:
        yield from _service_cidr_rules(answers, IPv4Network(answers.eks.service_ipv4_cidr))
    if answers.nat == "none" and answers.eks.sample_image.startswith("public.ecr.aws/"):
        yield Problem(
            "eks.sample_image",
            "N10",
            "public.ecr.aws is out of reach without NAT: the sample's image cannot be pulled.",
            "Copy it to a private ECR repository and name that in eks.sample_image.",
            level="warning",
        )


def _service_cidr_rules(answers: "Answers", services: IPv4Network) -> Iterator[Problem]:
    path = "eks.service_ipv4_cidr"
    if not LARGEST_SERVICE_CIDR <= services.prefixlen <= SMALLEST_SERVICE_CIDR:
        yield Problem(
            path,
            "N5",
            f"{services} is not a /{LARGEST_SERVICE_CIDR} to /{SMALLEST_SERVICE_CIDR}, which is what EKS takes.",
            f"Use a block such as {DEFAULT_SERVICE_CIDRS[0]}.",
        )
    if not any(services.subnet_of(private) for private in RFC_1918):
        yield Problem(
            path,
            "N5",
            f"{services} is not private address space; EKS refuses it.",
            "Use a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
        )
    for other in filter(None, (answers.network.cidr, answers.network.pod_cidr)):
        if services.overlaps(IPv4Network(other)):
            yield Problem(
                path,
                "N5",
                f"{services} overlaps the network's {other}.",
                f"Use a block outside it, such as {DEFAULT_SERVICE_CIDRS[0]}, or leave it out.",
            )


def _traffic_rules(answers: "Answers") -> Iterator[Problem]:
    if answers.eks.ingress == "internet-facing":
        if not answers.public_subnets:
            yield Problem(
                "eks.ingress",
                "E12",
                "an internet-facing load balancer stands in public subnets, and there are none.",
                "Leave network.public_subnets out, or use ingress: internal.",
            )
        elif IPv4Network(answers.network.cidr).prefixlen > LARGEST_PREFIX_FOR_LOAD_BALANCERS:
            yield Problem(
                "network.cidr",
                "E12",
                f"public subnets of {answers.network.cidr} are /28; a load balancer needs a /27 with 8 free addresses.",
                f"Use a /{LARGEST_PREFIX_FOR_LOAD_BALANCERS} or larger, or ingress: internal.",
            )
        if answers.eks.certificate_arn is None:
            yield Problem(
                "eks.certificate_arn",
                "E12",
                "the internet-facing load balancer speaks plain HTTP.",
                "Name an ACM certificate in eks.certificate_arn.",
                level="warning",
            )
    if answers.eks.internal_traffic_policy == "Local":
        yield Problem(
            "eks.internal_traffic_policy",
            "E13",
            "Local drops traffic silently on every node without a pod of the service.",
            "Use Cluster; same_node_traffic prefers the node without dropping.",
            level="warning",
        )
