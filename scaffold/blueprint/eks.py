"""What follows from the answers for the EKS Auto Mode cluster and its manifests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from packaging.version import Version

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.eks import CALENDAR, DEFAULT_SERVICE_CIDRS, administered, creator_admin, is_wide_open, node_pools
from scaffold.answers.model import Answers
from scaffold.answers.regions import REGIONS
from scaffold.blueprint.environment import ProviderFacts, all_zones
from scaffold.blueprint.everywhere import Everywhere, departures_of
from scaffold.blueprint.network import environment_facts as network_facts

BASE_PROVIDER_VERSION = "6.0"
"""The oldest that scaffold renders for; it has all of EKS Auto Mode but what is said below."""

DELETION_PROTECTION_PROVIDER_VERSION = "6.9"
"""The first with `aws_eks_cluster.deletion_protection`. Source: the provider's changelog, 6.9.0 (August 2025)."""

CAPABILITIES_PROVIDER_VERSION = "6.25"
"""The first with `aws_eks_capability`. Source: the provider's changelog, 6.25.0 (December 2025)."""

MANAGED_LOGS = ("compute", "block-storage", "load-balancing", "ipam")
"""The logs of what Auto Mode runs, in the order in which they are added (E9)."""

KUBERNETES_ARCH = {"arm64": "arm64", "x86_64": "amd64"}
"""What Kubernetes calls the architectures."""

DNS_HOST = 10
"""The cluster's DNS answers at this address of the service CIDR. Source: EKS API, KubernetesNetworkConfigResponse."""

FEWEST_ZONES = 2
"""EKS makes no cluster in fewer: in a region of two, either both take it or there is none. Source: EKS user guide,
"Subnet requirements for clusters"."""

REPLICAS_PER_ZONE = 5
"""How many pods per AZ the sample's autoscaler goes up to."""


@dataclass(frozen=True, slots=True)
class AccessEntryFacts:
    """One principal's rights on the Kubernetes API (E4).

    Attributes:
        key: what Terraform calls the entry: the role's or user's name; its account and path too where two share one.
        principal_arn: the role or user.
        policy: `view`, `edit` or `admin`.
        namespaces: where it holds; empty for the whole cluster.
    """

    key: str
    principal_arn: str
    policy: str
    namespaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """The nodes: the pools that AWS keeps, and the environment's own (E2, E10, E19).

    Attributes:
        builtin_pools: AWS's pools that are on.
        role: the name of the nodes' IAM role, which the NodeClass names too.
        own_class: whether there is a NodeClass, because there are pools of the environment's own.
        spot: whether there is a Spot pool.
        graviton: whether there is a Graviton pool.
        graviton_tainted: whether it takes only pods that tolerate arm64, because all others are built for amd64.
        arch: the architecture of the Spot pool and of the sample's pods, in Kubernetes' words.
        max_cpu: the most vCPUs of each pool.
        max_memory_gib: the most memory of each pool.
        expire_after: a node's life, as a Go duration.
    """

    builtin_pools: tuple[str, ...]
    role: str
    own_class: bool
    spot: bool
    graviton: bool
    graviton_tainted: bool
    arch: str
    max_cpu: int
    max_memory_gib: int
    expire_after: str


@dataclass(frozen=True, slots=True)
class ArgoCdFacts:
    """Who signs in to the managed Argo CD, and how (E16).

    Attributes:
        idc_instance_arn: the instance of IAM Identity Center.
        idc_region: its region.
        admin_groups: IDs of its groups that administer Argo CD.
    """

    idc_instance_arn: str
    idc_region: str
    admin_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """The sample workload and the way to it (E12, E13, E17).

    Attributes:
        image: its image.
        zones: in how many AZs pods are spread, and so the fewest there are.
        max_replicas: the most pods.
        traffic_distribution: the Service's field, or an empty text where Local makes it moot.
        local_only: whether the Service keeps traffic on the node.
        scheme: `internal` or `internet-facing`.
        certificate_arn: the load balancer's certificate, or an empty text.
        load_balancer_subnets: `public` or `private`: the subnets the load balancer stands in.
        load_balancer_cidrs: their CIDR blocks.
    """

    image: str
    zones: int
    max_replicas: int
    traffic_distribution: str
    local_only: bool
    scheme: str
    certificate_arn: str
    load_balancer_subnets: str
    load_balancer_cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EksFacts:
    """One environment's cluster.

    Attributes:
        cluster_name: `<project>-<environment>`.
        kubernetes_version: such as `1.35`.
        service_cidr: the CIDR block of Kubernetes services; always said, since the NetworkPolicy for DNS counts on it.
        dns_address: where the cluster's DNS answers.
        public_access_cidrs: who reaches the API endpoint from the internet; empty for nobody.
        access_entries: who may use the API.
        creator_admin: whether the creator administers the cluster.
        administered: whether anybody does: the creator, or an entry for the whole cluster.
        deletion_protection: whether EKS refuses to delete it.
        zonal_shift: whether AWS may move traffic away from an impaired AZ.
        upgrade_policy: `STANDARD` or `EXTENDED`.
        addons: the EKS add-ons.
        log_retention_days: days to keep the control plane's logs.
        managed_logs: which logs of what Auto Mode runs are delivered, in a fixed order.
        departures: the opinions that its answers go against, which the code then says.
        capabilities: the EKS capabilities.
        argocd: how people sign in to Argo CD, where it is one of them.
        pod_subnets: whether pods live in subnets of their own.
        refused_zone_ids: the zone ids whose subnets are kept from the cluster, where subnets may lie in one (N9).
        nodes: the node pools.
        sample: the sample workload.
    """

    cluster_name: str
    kubernetes_version: str
    service_cidr: str
    dns_address: str
    public_access_cidrs: tuple[str, ...]
    access_entries: tuple[AccessEntryFacts, ...]
    creator_admin: bool
    administered: bool
    deletion_protection: bool
    zonal_shift: bool
    upgrade_policy: str
    addons: tuple[str, ...]
    log_retention_days: int
    managed_logs: tuple[str, ...]
    departures: tuple[str, ...]
    capabilities: tuple[str, ...]
    argocd: ArgoCdFacts | None
    pod_subnets: bool
    refused_zone_ids: tuple[str, ...]
    nodes: NodeFacts
    sample: SampleFacts


@dataclass(frozen=True, slots=True)
class ManagedLogFacts:
    """One log of what Auto Mode runs, as the module delivers it (E9).

    Attributes:
        name: what the answers call it: `block-storage`.
        key: what Terraform calls it: `block_storage`.
        log_type: what CloudWatch calls it.
        some: whether only some environments have it.
        after: the key of the log that is added before it, or an empty text.
    """

    name: str
    key: str
    log_type: str
    some: bool
    after: str


@dataclass(frozen=True, slots=True)
class EksModuleFacts:
    """What the cluster's module must be able to do, for all environments together.

    Attributes:
        public_access: whether any environment opens its API endpoint.
        wide_open: whether any opens it to as good as all of the internet.
        access_entries: whether any lets somebody in by name.
        builtin_pools: which environments use AWS's node pools; one without gives its node role an access entry itself.
        node_access_entry: whether any environment is without.
        deletion_protection: whether any wants it: older providers do not know the argument.
        zonal_shift: whether any wants it.
        addons: whether there are any add-ons at all.
        addons_vary: whether environments differ in them.
        metrics_server: which environments have the add-on.
        cloudwatch: which environments have the add-on.
        managed_logs: each log of what Auto Mode runs that any environment wants.
        managed_logs_anywhere: which environments want any.
        managed_logs_vary: whether environments differ in them.
        departures: the opinions that the answers of any go against.
        capabilities: the EKS capabilities that any environment wants.
        capabilities_vary: whether environments differ in them.
        argocd: which environments have Argo CD.
        short_log_retention: whether any keeps its logs for less than a year.
        version_new_to_checkov: whether any runs a version that checkov has not heard of.
    """

    public_access: bool
    wide_open: bool
    access_entries: bool
    builtin_pools: Everywhere
    node_access_entry: bool
    deletion_protection: bool
    zonal_shift: bool
    addons: bool
    addons_vary: bool
    metrics_server: Everywhere
    cloudwatch: Everywhere
    managed_logs: tuple[ManagedLogFacts, ...]
    managed_logs_anywhere: Everywhere
    managed_logs_vary: bool
    departures: tuple[str, ...]
    capabilities: tuple[str, ...]
    capabilities_vary: bool
    argocd: Everywhere
    short_log_retention: bool
    version_new_to_checkov: bool


PROVIDERS: tuple[ProviderFacts, ...] = ()

CONTAINER_INSIGHTS_GROUPS = 4
"""Application, dataplane, host and performance: the log groups that the CloudWatch add-on writes to."""


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the cluster adds to an environment's inventory, from the environment's facts."""
    eks = environment["eks"]
    insights = "amazon-cloudwatch-observability" in eks["addons"]
    return {
        "clusters": 1,
        "auto_mode": 1,
        "capabilities": tuple(eks["capabilities"]),
        "load_balancers": 1,
        "kms_keys": 1,
        "log_groups": 1 + (CONTAINER_INSIGHTS_GROUPS if insights else 0) + bool(eks["managed_logs"]),
    }


def environment_facts(answers: Answers) -> EksFacts:
    """Return one environment's cluster."""
    eks = answers.eks
    name = f"{answers.name}-{answers.environment}"
    services = service_cidr(answers)
    return EksFacts(
        cluster_name=name,
        kubernetes_version=eks.kubernetes_version,
        service_cidr=str(services),
        dns_address=str(services[DNS_HOST]),
        public_access_cidrs=tuple(eks.public_access_cidrs),
        access_entries=_access_entries(answers),
        creator_admin=creator_admin(answers),
        administered=administered(answers),
        deletion_protection=_in_production(eks.deletion_protection, answers),
        zonal_shift=_in_production(eks.zonal_shift, answers),
        upgrade_policy=eks.upgrade_policy,
        addons=tuple(eks.addons),
        log_retention_days=eks.log_retention_days,
        managed_logs=tuple(log for log in MANAGED_LOGS if log in eks.managed_logs),
        departures=_departures(answers),
        capabilities=tuple(sorted(eks.capabilities)),
        argocd=_argocd(answers),
        pod_subnets=answers.network.pod_cidr is not None,
        refused_zone_ids=_refused_zone_ids(answers),
        nodes=_nodes(answers, role=f"{name}-node"),
        sample=_sample(answers),
    )


def _refused_zone_ids(answers: Answers) -> tuple[str, ...]:
    # Elsewhere they are passed over, and no subnet lies in one.
    may_be_there = isinstance(answers.azs, list) or all_zones(answers)
    return REGIONS[answers.region].eks_refuses if may_be_there else ()


def _in_production(answer: bool | None, answers: Answers) -> bool:
    return answers.production if answer is None else answer


def _departures(answers: Answers) -> tuple[str, ...]:
    eks, production = answers.eks, answers.production
    lasting = _in_production(eks.deletion_protection, answers) and _in_production(eks.zonal_shift, answers)
    against = {
        "E4": production and creator_admin(answers),
        "E8": "metrics-server" not in eks.addons,
        "E9": production and "compute" not in eks.managed_logs,
        "E15": production and not (lasting and eks.upgrade_policy == "STANDARD"),
    }
    return tuple(opinion for opinion, departs in against.items() if departs)


def module_facts(environments: Sequence[EksFacts]) -> EksModuleFacts:
    """Return what the module must serve so that all environments can use it."""
    builtin = Everywhere.of([bool(environment.nodes.builtin_pools) for environment in environments])
    metrics_server = Everywhere.of(["metrics-server" in environment.addons for environment in environments])
    cloudwatch = Everywhere.of(
        ["amazon-cloudwatch-observability" in environment.addons for environment in environments]
    )
    newest_known = Version(CALENDAR["newest_known_to_checkov"])
    return EksModuleFacts(
        public_access=any(environment.public_access_cidrs for environment in environments),
        wide_open=any(is_wide_open(cidr) for environment in environments for cidr in environment.public_access_cidrs),
        access_entries=any(environment.access_entries for environment in environments),
        builtin_pools=builtin,
        node_access_entry=not builtin.every,
        deletion_protection=any(environment.deletion_protection for environment in environments),
        zonal_shift=any(environment.zonal_shift for environment in environments),
        addons=any(environment.addons for environment in environments),
        addons_vary=metrics_server.some or cloudwatch.some,
        metrics_server=metrics_server,
        cloudwatch=cloudwatch,
        managed_logs=_managed_logs(environments),
        managed_logs_anywhere=Everywhere.of([bool(environment.managed_logs) for environment in environments]),
        managed_logs_vary=len({environment.managed_logs for environment in environments}) > 1,
        departures=departures_of(environments),
        capabilities=tuple(sorted({name for environment in environments for name in environment.capabilities})),
        capabilities_vary=len({environment.capabilities for environment in environments}) > 1,
        argocd=Everywhere.of([environment.argocd is not None for environment in environments]),
        short_log_retention=any(
            environment.log_retention_days < AUDITABLE_RETENTION_DAYS for environment in environments
        ),
        version_new_to_checkov=any(
            Version(environment.kubernetes_version) > newest_known for environment in environments
        ),
    )


def aws_provider_version(facts: EksModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses."""
    if facts.capabilities:
        return CAPABILITIES_PROVIDER_VERSION
    return DELETION_PROTECTION_PROVIDER_VERSION if facts.deletion_protection else BASE_PROVIDER_VERSION


def service_cidr(answers: Answers) -> IPv4Network:
    """Return the CIDR block of Kubernetes services: the answer, or the first of EKS's own that is free."""
    if answers.eks.service_ipv4_cidr is not None:
        return IPv4Network(answers.eks.service_ipv4_cidr)
    taken = [IPv4Network(cidr) for cidr in (answers.network.cidr, answers.network.pod_cidr) if cidr is not None]
    choices = [IPv4Network(cidr) for cidr in DEFAULT_SERVICE_CIDRS]
    return next((c for c in choices if not any(c.overlaps(cidr) for cidr in taken)), choices[-1])


def traffic_distribution(kubernetes_version: str, *, same_node: bool) -> str:
    """Return a Service's `trafficDistribution`, which Kubernetes 1.34 renamed (E13).

    Source: https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-distribution.
    """
    if same_node:
        return "PreferSameNode"
    return "PreferSameZone" if Version(kubernetes_version) >= Version("1.34") else "PreferClose"


def _access_entries(answers: Answers) -> tuple[AccessEntryFacts, ...]:
    arns = [entry.principal_arn for entry in answers.eks.access_entries]
    names = [arn.rpartition("/")[2] for arn in arns]
    return tuple(
        AccessEntryFacts(
            key=name if names.count(name) == 1 else entry.principal_arn.partition("::")[2].replace(":", "/"),
            principal_arn=entry.principal_arn,
            policy=entry.policy,
            namespaces=tuple(entry.namespaces),
        )
        for name, entry in zip(names, answers.eks.access_entries, strict=True)
    )


def _argocd(answers: Answers) -> ArgoCdFacts | None:
    eks = answers.eks
    if "argocd" not in eks.capabilities or eks.argocd_idc_instance_arn is None:
        return None
    return ArgoCdFacts(
        eks.argocd_idc_instance_arn, eks.argocd_idc_region or answers.region, tuple(eks.argocd_admin_groups)
    )


def _managed_logs(environments: Sequence[EksFacts]) -> tuple[ManagedLogFacts, ...]:
    wanted = {name: Everywhere.of([name in each.managed_logs for each in environments]) for name in MANAGED_LOGS}
    names = [name for name in MANAGED_LOGS if wanted[name].any]
    keys = [name.replace("-", "_") for name in names]
    return tuple(
        ManagedLogFacts(name, key, f"AUTO_MODE_{key.upper()}_LOGS", wanted[name].some, after)
        for name, key, after in zip(names, keys, ["", *keys], strict=False)
    )


def _nodes(answers: Answers, role: str) -> NodeFacts:
    pools = node_pools(answers)
    return NodeFacts(
        builtin_pools=tuple(answers.eks.builtin_node_pools),
        role=role,
        own_class=bool(pools),
        spot="spot" in pools,
        graviton="graviton" in pools,
        graviton_tainted=answers.arch != "arm64",
        arch=KUBERNETES_ARCH[answers.arch],
        max_cpu=answers.eks.node_pool_max_cpu,
        max_memory_gib=answers.eks.node_pool_max_memory_gib,
        expire_after=f"{answers.eks.expire_after_hours}h",
    )


def _sample(answers: Answers) -> SampleFacts:
    eks = answers.eks
    network = network_facts(answers)
    zones = _zones(answers)
    public = eks.ingress == "internet-facing"
    local = eks.internal_traffic_policy == "Local"
    return SampleFacts(
        image=eks.sample_image,
        zones=zones,
        max_replicas=zones * REPLICAS_PER_ZONE,
        traffic_distribution=""
        if local
        else traffic_distribution(eks.kubernetes_version, same_node=eks.same_node_traffic),
        local_only=local,
        scheme=eks.ingress,
        certificate_arn=eks.certificate_arn or "",
        load_balancer_subnets="public" if public else "private",
        load_balancer_cidrs=network.public_cidrs if public else network.private_cidrs,
    )


def _zones(answers: Answers) -> int:
    # Where every AZ of the region is asked for, EKS refuses one of them, and the built-in pools never go there (N9).
    region = REGIONS[answers.region]
    if isinstance(answers.azs, list):
        return answers.az_count
    return max(FEWEST_ZONES, min(answers.az_count, region.zones - len(region.eks_refuses)))
