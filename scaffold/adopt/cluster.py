"""The cluster's answers, from a root module's EKS cluster and from the Kubernetes objects beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from scaffold.adopt.cluster_services import service_answers
from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.answers.eks import Addon, BuiltinPool
from scaffold.compare.cast import Cast, text
from scaffold.compare.manifest_roles import ARCH, capacity_of, requirements_of
from scaffold.evaluate.community import known_as
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Instance, Place
from scaffold.evaluate.values import Symbol, Value
from scaffold.kubernetes.documents import Node, plain
from scaffold.repository.model import Manifest

_POLICIES = {
    "AmazonEKSAdminPolicy": "admin",
    "AmazonEKSClusterAdminPolicy": "admin",
    "AmazonEKSEditPolicy": "edit",
    "AmazonEKSViewPolicy": "view",
}
_GIB = re.compile(r"(\d+)(Gi|Ti)")


def cluster_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `eks.*`; nothing where it makes no cluster."""
    clusters = list(cast.root.of("aws_eks_cluster"))
    for other in clusters[1:]:
        yield NotExpressible(f"{other.address} is a second cluster; an environment has one", other.place)
    if not clusters:
        return
    cluster = clusters[0]
    yield from answer("eks.kubernetes_version", cluster.body.at("version"))
    yield from _access(cluster)
    yield from _creator(cast, cluster)
    if cluster.get("compute_config", "enabled") in (True, "true"):
        yield from _builtin_pools(cluster)
    else:
        yield NotExpressible(
            f"{cluster.address} is not in Auto Mode, which a rendered cluster always is", cluster.place
        )
    for group in cast.root.of("aws_eks_node_group", "aws_eks_fargate_profile"):
        yield NotExpressible(
            f"{group.address}: Auto Mode has node pools instead of node groups and Fargate", group.place
        )
    for path, at in (
        ("deletion_protection", ("deletion_protection",)),
        ("zonal_shift", ("zonal_shift_config", "enabled")),
    ):
        argument = cluster.body.at(*at)
        if cluster.get(*at) is None:
            yield Inferred(f"eks.{path}", False, cluster.place, "not set, which is false")
        yield from answer(f"eks.{path}", argument, bool)
    yield from answer("eks.upgrade_policy", cluster.body.at("upgrade_policy", "support_type"))
    if cluster.get("upgrade_policy", "support_type") is None:
        yield Inferred("eks.upgrade_policy", "EXTENDED", cluster.place, "not set, which is EXTENDED")
    yield from answer("eks.service_ipv4_cidr", cluster.body.at("kubernetes_network_config", "service_ipv4_cidr"))
    yield from _addons(cast)
    yield from _entries(cast)
    yield from service_answers(cast, cluster)
    for group in cast.root.of("aws_cloudwatch_log_group"):
        if cast.roles.get(group.address) == "aws_cloudwatch_log_group control-plane logs":
            yield from answer("eks.log_retention_days", group.body.at("retention_in_days"), int)


def _access(cluster: Instance) -> Iterator[Finding]:
    public = cluster.body.at("vpc_config", "endpoint_public_access")
    cidrs = cluster.body.at("vpc_config", "public_access_cidrs")
    if public is not None and public.value in (False, "false"):
        yield Inferred("eks.public_access_cidrs", [], public.place)
    elif public is not None and public.value not in (None, True, "true"):
        yield from answer("eks.public_access_cidrs", public, bool)
    elif cidrs is None or cidrs.value in (None, ()):
        place = public.place if public is not None else cluster.place
        yield Inferred("eks.public_access_cidrs", ["0.0.0.0/0"], place, "public_access_cidrs is not set: open to all")
    else:
        yield from answer("eks.public_access_cidrs", cidrs, list)


def _creator(cast: Cast, cluster: Instance) -> Iterator[Finding]:
    entry = next(filter(_is_creators, cast.root.of("aws_eks_access_entry")), None)
    if entry is not None:
        if entry.certain:
            yield Inferred("eks.creator_admin", True, entry.place_of("principal_arn"))
        else:
            yield Gap("eks.creator_admin", f"whether there is {entry.address} cannot be evaluated")
        return
    creator = cluster.body.at("access_config", "bootstrap_cluster_creator_admin_permissions")
    if cluster.get("access_config", "bootstrap_cluster_creator_admin_permissions") is None:
        yield Inferred("eks.creator_admin", True, cluster.place, "not set, which is true")
    yield from answer("eks.creator_admin", creator, bool)


def _is_creators(entry: Instance) -> bool:
    """Return whether an entry is the one that the community's module makes for whoever makes the cluster."""
    return entry.key == "cluster_creator" and known_as(entry.origin) == "terraform-aws-modules/eks"


def _builtin_pools(cluster: Instance) -> Iterator[Finding]:
    pools = cluster.body.at("compute_config", "node_pools")
    if pools is None or pools.value is None:
        yield Inferred("eks.builtin_node_pools", [], cluster.place, "compute_config.node_pools is not set")
    elif isinstance(pools.value, tuple) and all(isinstance(each, str) for each in pools.value):
        names = [str(each) for each in pools.value]
        order = get_args(BuiltinPool)
        ordered = sorted(names, key=lambda name: order.index(name) if name in order else len(order))
        yield Inferred("eks.builtin_node_pools", ordered, pools.place)
    else:
        yield from answer("eks.builtin_node_pools", pools, list)


def _addons(cast: Cast) -> Iterator[Finding]:
    addons = list(cast.root.of("aws_eks_addon"))
    if cast.root.unread:
        yield Gap("eks.addons", f"{cast.root.unread[0].what} {cast.root.unread[0].reason}")
        return
    known = get_args(Addon)
    found: dict[str, Instance] = {}
    for each in addons:
        name = each.get("addon_name")
        if isinstance(name, str) and name in known and each.certain:
            found[name] = each
        elif isinstance(name, Symbol) or not each.certain:
            yield Gap("eks.addons", f"{each.address} cannot be evaluated")
            return
        else:
            yield NotExpressible(
                f"{each.address} is the add-on {displayed(name)}; there is no answer for it", each.place
            )
    names = [name for name in known if name in found]
    place = found[names[0]].place if names else next(cast.root.of("aws_eks_cluster")).place
    yield Inferred("eks.addons", names, place, "" if names else "none of the add-ons known here")


def _entries(cast: Cast) -> Iterator[Finding]:
    entries: list[dict[str, Any]] = []
    first: Instance | None = None
    for entry in cast.root.of("aws_eks_access_entry"):
        if entry.get("type") not in (None, "STANDARD") or _is_creators(entry):
            continue
        associations = [
            each for each in cast.uses.about.get(entry.address, ()) if each.type == "aws_eks_access_policy_association"
        ]
        if not associations:
            yield NotExpressible(f"{entry.address} has no access policy; an answer's entry has one", entry.place)
            continue
        for each in associations:
            found = _entry(entry, each)
            if found is None:
                yield Gap("eks.access_entries", f"{entry.address} cannot be evaluated")
                return
            first = first or entry
            entries.append(found)
    if first is not None:
        yield Inferred("eks.access_entries", entries, first.place)


def _entry(entry: Instance, association: Instance) -> dict[str, Any] | None:
    principal = entry.get("principal_arn")
    policy = _POLICIES.get(text(association.get("policy_arn")).rpartition("/")[2])
    namespaces = association.get("access_scope", "namespaces") or ()
    if not isinstance(principal, str) or policy is None or not isinstance(namespaces, tuple):
        return None
    if not all(isinstance(each, str) for each in namespaces) or not (entry.certain and association.certain):
        return None
    return {"principal_arn": principal, "policy": policy, **({"namespaces": list(namespaces)} if namespaces else {})}


def manifest_answers(manifests: Sequence[Manifest], hidden: str) -> Iterator[Finding]:
    """Yield what Kubernetes objects say of `eks.*`.

    Args:
        manifests: those of one environment.
        hidden: why there may be others that are not seen, or an empty text.
    """
    pools = [each for each in manifests if each.kind == "NodePool" and each.api_version.startswith("karpenter.sh/")]
    yield from _pools(pools, hidden)
    for each in manifests:
        if each.kind == "IngressClassParams":
            yield from _of_node(each, "eks.ingress", "spec", "scheme")
            arns = each.node.at("spec", "certificateARNs")
            if arns is not None and arns.items:
                value = arns.items[0].string
                if value is not None and "${" not in value:
                    yield Inferred("eks.certificate_arn", value, Place(each.file, arns.items[0].line))
                for other in arns.items[1:]:
                    yield NotExpressible("more than one certificate of a load balancer", Place(each.file, other.line))
        elif each.kind == "Service" and each.namespace == "sample":
            traffic = each.node.at("spec", "trafficDistribution")
            if traffic is not None and traffic.string == "PreferSameNode":
                yield Inferred("eks.same_node_traffic", True, Place(each.file, traffic.line))
            yield from _of_node(each, "eks.internal_traffic_policy", "spec", "internalTrafficPolicy")
        elif each.kind == "Deployment" and each.namespace == "sample":
            containers = each.node.at("spec", "template", "spec", "containers")
            image = containers.items[0].at("image") if containers is not None and containers.items else None
            if image is not None and image.string and "${" not in image.string:
                yield Inferred("eks.sample_image", image.string, Place(each.file, image.line))


def _of_node(manifest: Manifest, path: str, *at: str) -> Iterator[Finding]:
    node = manifest.node.at(*at)
    if node is not None:
        value: Value = Symbol(node.text) if "${" in node.text else node.string
        yield from answer(path, Argument(value, Place(manifest.file, node.line)))


def _pools(pools: Sequence[Manifest], hidden: str) -> Iterator[Finding]:
    if hidden:
        yield Gap("eks.node_pools", hidden)
        return
    if not pools:
        yield Gap("eks.node_pools", "there is no NodePool among the manifests here; they may be kept elsewhere")
        return
    found: dict[str, Manifest] = {}
    for pool in pools:
        requirements = requirements_of(pool.node)
        kind = "spot" if capacity_of(pool) == "spot" else "graviton" if requirements.get(ARCH) == ("arm64",) else ""
        if kind and kind not in found:
            found[kind] = pool
        else:
            yield NotExpressible(f"NodePool {pool.name}: there are spot and graviton, one of each", pool.place)
    if found:
        names = [name for name in ("spot", "graviton") if name in found]
        yield Inferred("eks.node_pools", names, found[names[0]].place, _names(found, names))
    limits: tuple[tuple[str, tuple[str, ...], Mapping[str, int], re.Pattern[str]], ...] = (
        ("eks.node_pool_max_cpu", ("spec", "limits", "cpu"), {}, re.compile(r"(\d+)()")),
        ("eks.node_pool_max_memory_gib", ("spec", "limits", "memory"), {"Ti": 1024}, _GIB),
        ("eks.expire_after_hours", ("spec", "template", "spec", "expireAfter"), {}, re.compile(r"(\d+)(h)")),
    )
    for path, at, units, pattern in limits:
        nodes = [(pool, node) for pool in found.values() if (node := pool.node.at(*at)) is not None]
        values = {_number(node, pattern, units) for _, node in nodes}
        if len(values) == 1 and None not in values:
            yield Inferred(path, values.pop(), Place(nodes[0][0].file, nodes[0][1].line))
        elif nodes:
            texts = ", ".join(sorted({str(plain(node)) for _, node in nodes}))
            yield Gap(path, f"the node pools say {texts}, and the answer is one number for all")


def _names(found: Mapping[str, Manifest], names: Sequence[str]) -> str:
    return ", ".join(f"NodePool {found[name].name}" for name in names)


def _number(node: Node, pattern: re.Pattern[str], units: Mapping[str, int]) -> int | None:
    match = pattern.fullmatch(node.text)
    return int(match[1]) * units.get(match[2], 1) if match and len(match[1]) < 10 else None
