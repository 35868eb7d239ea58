"""What a repository has that costs money, from its resources and manifests, whoever wrote them."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from scaffold.cost import reading_ecs, reading_functions
from scaffold.cost.inventory import Inventory, Unpriced
from scaffold.cost.prices import REGION
from scaffold.evaluate.root import Instance, Root
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.facts.network import Network
from scaffold.opinions.manifests import is_open_text, text_at
from scaffold.repository.model import Manifest

_BOOTSTRAP = "bootstrap"
"""The root module of the state bucket, which is applied once for each environment."""

_ENVIRONMENTS = "environments"

_COUNTED = (
    "aws_nat_gateway",
    "aws_vpc_endpoint",
    "aws_eip",
    "aws_eks_cluster",
    "aws_eks_capability",
    "aws_lambda_capacity_provider",
    "aws_lb",
    "aws_alb",
    "aws_kms_key",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    *reading_ecs.COUNTED,
    *reading_functions.COUNTED,
)

_NOT_COUNTED = (
    "aws_api_gateway_rest_api",
    "aws_autoscaling_group",
    "aws_cloudwatch_composite_alarm",
    "aws_db_instance",
    "aws_docdb_cluster_instance",
    "aws_dx_connection",
    "aws_ec2_client_vpn_endpoint",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_eks_fargate_profile",
    "aws_eks_node_group",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_elasticache_serverless_cache",
    "aws_elb",
    "aws_fsx_lustre_file_system",
    "aws_globalaccelerator_accelerator",
    "aws_instance",
    "aws_kinesis_stream",
    "aws_kms_external_key",
    "aws_kms_replica_key",
    "aws_lambda_provisioned_concurrency_config",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_networkfirewall_firewall",
    "aws_opensearch_domain",
    "aws_opensearchserverless_collection",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_route53_resolver_endpoint",
    "aws_secretsmanager_secret",
    "aws_vpn_connection",
)
"""Kinds that are known to cost money and are not priced; of what is neither here nor counted, nothing is said."""

_INSTANCES = frozenset({"aws_autoscaling_group", "aws_eks_node_group", "aws_instance"})
_CAPABILITIES = frozenset({"ack", "argocd", "kro"})
_ALB_CLASS = "alb"
_OLD_CLASS = "kubernetes.io/ingress.class"
_ALB_CONTROLLERS = frozenset({"eks.amazonaws.com/alb", "ingress.k8s.aws/alb"})
"""Auto Mode's, and that of the AWS Load Balancer Controller."""


def inventories_of(facts: Facts) -> tuple[Inventory, ...]:
    """Return what each root module has that costs money, in path order; those that have nothing are left out.

    What `bootstrap/` makes belongs to each environment of a repository that scaffold wrote, since it is applied once
    for each. What cannot be told is among `unpriced`, never taken for nothing.
    """
    roots = facts.repository.roots
    ours = any(_environment_of(root) for root in roots)
    shared = [root for root in roots if root.path == _BOOTSTRAP] if ours else []
    found = [
        _inventory(facts, root, shared if _environment_of(root) else [])
        for root in roots
        if all(root is not each for each in shared)
    ]
    return tuple(each for each in found if _has_something(each))


def _has_something(inventory: Inventory) -> bool:
    empty = Inventory(inventory.environment, inventory.region, inventory.production, s3_endpoint=inventory.s3_endpoint)
    return inventory != empty


def _environment_of(root: Root) -> str:
    """Return the name of the environment whose root module it is, in the layout scaffold renders; else empty."""
    parts = PurePosixPath(root.path).parts
    return parts[1] if len(parts) == 2 and parts[0] == _ENVIRONMENTS else ""


def _name(root: Root) -> str:
    return _environment_of(root) or (f"{root.path} ({root.variables})" if root.variables else root.path)


def _inventory(facts: Facts, root: Root, shared: Sequence[Root]) -> Inventory:
    networks = [each for each in facts.networks if each.root is root]
    clusters = [each for each in facts.clusters if each.root is root]
    unpriced: list[Unpriced] = []
    azs = _azs(networks, unpriced)
    nats = _sure(root, "aws_nat_gateway")
    gateways = _billed(nats, azs, unpriced)
    balancers, doubts = _load_balancers(facts, root)
    services = reading_ecs.services_in(facts, root, azs)
    called = reading_functions.functions_in(facts, root)
    return Inventory(
        environment=_name(root),
        region=root.region if isinstance(root.region, str) and REGION.match(root.region) else "",
        production=root.production,
        azs=azs,
        nat=_nat_mode(networks, nats),
        nat_gateways=gateways,
        public_ipv4=_addresses(root, nats, gateways) + _of_balancers(root, unpriced),
        s3_endpoint=any(each.service == "s3" and each.kind == "Gateway" for net in networks for each in net.endpoints),
        interface_endpoints=tuple(sorted(_interface_endpoints(networks, unpriced))),
        clusters=len(_sure(root, "aws_eks_cluster")),
        auto_mode=sum(1 for each in clusters if _is_auto_mode(each, unpriced)),
        capabilities=tuple(sorted(_capabilities(root, unpriced))),
        load_balancers=balancers,
        kms_keys=sum(len(_sure(each, "aws_kms_key")) for each in (root, *shared)),
        log_groups=len(_sure(root, "aws_cloudwatch_log_group")),
        alarms=len(_sure(root, "aws_cloudwatch_metric_alarm")),
        capacity_providers=tuple(sorted(_architectures(root, unpriced))),
        fargate=services.fargate,
        ecs_instances=services.ecs_instances,
        functions=called.functions,
        durable_functions=called.durable_functions,
        http_apis=called.http_apis,
        state_machines=called.state_machines,
        unpriced=(*unpriced, *doubts, *services.unpriced, *called.unpriced, *_left_out(root)),
    )


def _sure(root: Root, *types: str) -> list[Instance]:
    """Return the resources that are there for sure, each once; the others are among what `_left_out` yields."""
    return [each for each in root.of(*types) if each.certain and not each.many]


def _left_out(root: Root) -> Iterator[Unpriced]:
    for each in root.of(*_COUNTED):
        if not each.certain or each.many:
            yield Unpriced(each.address, "it cannot be evaluated how many there are")
    seen: set[str] = set()
    for each in root.of(*_NOT_COUNTED):
        if each.type not in seen:
            seen.add(each.type)
            hint = "; say what runs in usage.instances" if each.type in _INSTANCES else ""
            yield Unpriced(each.address, f"{each.type} is not priced here{hint}")
    yield from _provisioned_tables(root)
    for unread in root.unread:
        yield Unpriced(unread.what, unread.reason)


def _provisioned_tables(root: Root) -> Iterator[Unpriced]:
    """Yield the first DynamoDB table that costs by its capacity; those paid by request cost nothing by themselves."""
    for each in root.of("aws_dynamodb_table"):
        # Without a mode, it is provisioned. Source: DynamoDB API, CreateTable, BillingMode.
        mode = each.get("billing_mode")
        if mode == "PAY_PER_REQUEST":
            continue
        if mode is None or isinstance(mode, str):
            yield Unpriced(each.address, "its provisioned capacity is not priced here")
        else:
            yield Unpriced(each.address, "it cannot be evaluated whether its capacity is provisioned, for a price")
        return


def _azs(networks: Sequence[Network], unpriced: list[Unpriced]) -> int:
    """Return the AZs of the network with the most; one that cannot be told is said."""
    found = 0
    for network in networks:
        zones = network.zones
        if zones is None:
            unpriced.append(Unpriced(network.vpc.address, "it cannot be evaluated in how many AZs it is"))
        else:
            found = max(found, len(zones))
    return found


def _billed(nats: Sequence[Instance], azs: int, unpriced: list[Unpriced]) -> int:
    regional = [each for each in nats if each.get("availability_mode") == "regional"]
    if regional and not azs:
        unpriced.append(Unpriced(regional[0].address, "it is billed in each AZ, and their number is not known"))
    return len(nats) - len(regional) + len(regional) * azs


def _nat_mode(networks: Sequence[Network], nats: Sequence[Instance]) -> str:
    modes = {network.nat_mode for network in networks}
    if not modes:
        return "unknown" if nats else "none"
    return modes.pop() if len(modes) == 1 else "mixed"


def _addresses(root: Root, nats: Sequence[Instance], billed: int) -> int:
    """Return the public addresses: of NAT gateways, and elastic ones of anything else."""
    private = sum(1 for each in nats if each.get("connectivity_type") == "private")
    holders = [root.find(each.get("allocation_id")) for each in nats]
    held = {each.address for each in holders if each is not None}
    others = [each for each in _sure(root, "aws_eip") if each.address not in held]
    return billed - private + len(others)


def _of_balancers(root: Root, unpriced: list[Unpriced]) -> int:
    """Return the public addresses of internet-facing load balancers: one in each of their subnets."""
    count = 0
    for each in _sure(root, "aws_lb", "aws_alb"):
        internal, subnets = each.get("internal"), each.get("subnets")
        mapped = each.body.blocks.get("subnet_mapping", ())
        if internal is True or each.get("load_balancer_type") == "gateway":
            continue
        given = () if subnets is None else subnets
        known = internal in (False, None) and "subnet_mapping" not in each.body.open
        if known and isinstance(given, tuple):
            # An elastic address that is given to it is counted as such.
            elastic = sum(1 for block in mapped if block.get("allocation_id") is not None)
            count += len(set(given)) + len(mapped) - elastic
        else:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated how many public addresses it has"))
    return count


def _interface_endpoints(networks: Sequence[Network], unpriced: list[Unpriced]) -> Iterator[tuple[str, int]]:
    for network in networks:
        for each in network.endpoints:
            instance = each.instance
            if each.kind == "Gateway" or not instance.certain or instance.many:
                continue
            # `subnets` counts a list that cannot be evaluated as one.
            given = instance.get("subnet_ids")
            if each.kind is None or each.joins or not (given is None or isinstance(given, tuple)) or not each.subnets:
                unpriced.append(Unpriced(instance.address, "it cannot be evaluated in how many AZs it is"))
            else:
                yield each.service or instance.address, len(set(each.subnets))


def _is_auto_mode(cluster: Cluster, unpriced: list[Unpriced]) -> bool:
    if cluster.auto_mode is None:
        unpriced.append(Unpriced(cluster.address, "it cannot be evaluated whether it runs in Auto Mode, for a fee"))
    return cluster.auto_mode is True and cluster.cluster.certain and not cluster.cluster.many


def _capabilities(root: Root, unpriced: list[Unpriced]) -> Iterator[str]:
    for each in _sure(root, "aws_eks_capability"):
        kind = each.get("type")
        name = kind.lower() if isinstance(kind, str) else ""
        if name in _CAPABILITIES:
            yield name
        else:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated which capability it is"))


def _architectures(root: Root, unpriced: list[Unpriced]) -> Iterator[str]:
    for each in _sure(root, "aws_lambda_capacity_provider"):
        given = each.get("instance_requirements", "architectures")
        if given == ("arm64",):
            yield "arm64"
        elif given is None or given == ("x86_64",):
            # Without, it is x86_64, as of functions. Source: Lambda API, InstanceRequirements.
            yield "x86_64"
        else:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated which architecture its instances have"))


def _load_balancers(facts: Facts, root: Root) -> tuple[int, list[Unpriced]]:
    """Return how many load balancers a root module makes, and its cluster for Ingresses and Services."""
    balancers = _sure(root, "aws_lb", "aws_alb")
    gateways = [each for each in balancers if each.get("load_balancer_type") == "gateway"]
    count = len(balancers) - len(gateways)
    doubts = [Unpriced(each.address, "a gateway load balancer is not priced here") for each in gateways]
    with_clusters = [each for each in facts.repository.roots if any(each.of("aws_eks_cluster"))]
    groups: set[str] = set()
    for manifest in _balanced(facts):
        owners = [each for each in with_clusters if _goes_to(manifest, each)] or with_clusters
        if root not in owners:
            continue
        name = f"{manifest.kind} {manifest.name} of {manifest.file}"
        if manifest.kind == "Ingress" and not _may_make_an_alb(facts, manifest):
            doubts.append(Unpriced(name, "it is not known what load balancer its class makes"))
            continue
        if len(owners) > 1:
            doubts.append(Unpriced(name, "it is not known to which cluster's load balancers it belongs"))
            continue
        annotations = manifest.node.at("metadata", "annotations")
        group = annotations.fields.get("alb.ingress.kubernetes.io/group.name") if annotations else None
        if group is None or group.text not in groups:
            count += 1
        groups |= {group.text} if group is not None else set()
    return count, doubts


def _may_make_an_alb(facts: Facts, ingress: Manifest) -> bool:
    """Return whether an Ingress has a class that makes an ALB, or one that is not known; without one, the default's."""
    annotations = ingress.node.strings("metadata", "annotations")
    name = text_at(ingress.node, "spec", "ingressClassName") or annotations.get(_OLD_CLASS, "")
    if name in ("", _ALB_CLASS) or is_open_text(name):
        return True
    return any(
        each.name == name and text_at(each.node, "spec", "controller") in _ALB_CONTROLLERS
        for each in facts.repository.manifests_by_kind.get("IngressClass", ())
    )


def _balanced(facts: Facts) -> Iterator[Manifest]:
    yield from facts.repository.manifests_by_kind.get("Ingress", ())
    for service in facts.repository.manifests_by_kind.get("Service", ()):
        kind = service.node.at("spec", "type")
        if kind is not None and kind.value == "LoadBalancer":
            yield service


def _goes_to(manifest: Manifest, root: Root) -> bool:
    """Return whether a manifest lies in a folder of the environment's name: `k8s/prod` and `environments/prod`."""
    name = PurePosixPath(root.path).name
    return bool(name) and name in PurePosixPath(manifest.file).parts[:-1]
