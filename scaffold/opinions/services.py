"""Where a Service's traffic goes: to pods of the same zone, and never to nobody."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import cluster_of, field, is_open, place_at, text_at, title
from scaffold.opinions.opinion import Judgement
from scaffold.opinions.workloads import Workloads
from scaffold.repository.model import Manifest

_TOPOLOGY_MODE = ("service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints")
SAME_ZONE_SINCE = (1, 34)
"""The Kubernetes version in which PreferSameZone takes PreferClose's place, https://kep.k8s.io/3015."""


def service_faults(facts: Facts, workloads: Workloads, service: Manifest) -> Iterator[Judgement]:
    """Yield what makes a Service's traffic cross AZs, or be lost on its way."""
    annotations = service.node.at("metadata", "annotations")
    for name in _TOPOLOGY_MODE:
        if annotations and name in annotations.fields:
            place = Place(service.file, annotations.fields[name].line)
            message = f"{title(service)} has the annotation {name}, which goes before trafficDistribution."
            yield broken(message, place, "Remove it, and set spec.trafficDistribution.")
    if text_at(service.node, "spec", "internalTrafficPolicy") == "Local":
        message = f"{title(service)} drops traffic of nodes without a pod of its own (internalTrafficPolicy: Local)."
        mend = "Remove it, and set spec.trafficDistribution: PreferSameNode."
        yield broken(message, place_at(service, "spec", "internalTrafficPolicy"), mend)
    elif _is_proxied(service) and workloads.is_served(service):
        yield from _distribution(service, cluster_of(facts, service))


def _is_proxied(service: Manifest) -> bool:
    """Return whether it has an address of its own, behind which a pod is chosen."""
    return (
        text_at(service.node, "spec", "clusterIP") != "None" and text_at(service.node, "spec", "type") != "ExternalName"
    )


def _distribution(service: Manifest, cluster: Cluster | None) -> Iterator[Judgement]:
    path = ("spec", "trafficDistribution")
    found, place, name = field(service.node, *path), place_at(service, *path), title(service)
    version = _version(cluster)
    best = "PreferClose" if version is not None and version < SAME_ZONE_SINCE else "PreferSameZone"
    mend = f"Set spec.trafficDistribution: {best}."
    if found is None:
        yield broken(f"{name} has no trafficDistribution: its traffic crosses AZs at $0.01/GB each way.", place, mend)
    elif is_open(found):
        yield unknown(f"{name}: its trafficDistribution cannot be told from {found.text}.", place)
    elif version is None:
        return
    elif version < SAME_ZONE_SINCE and found.value != "PreferClose":
        message = f"{name}: Kubernetes {_dotted(version)} does not know trafficDistribution {found.text}."
        yield broken(message, place, mend)
    elif version >= SAME_ZONE_SINCE and found.value == "PreferClose":
        message = f"{name}: since Kubernetes {_dotted(SAME_ZONE_SINCE)} PreferClose is called PreferSameZone."
        yield broken(message, place, mend)


def _version(cluster: Cluster | None) -> tuple[int, ...] | None:
    text = str(cluster.version) if cluster is not None and isinstance(cluster.version, str | float) else ""
    parts = text.split(".")
    return tuple(int(part) for part in parts) if len(parts) == 2 and all(part.isdigit() for part in parts) else None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
