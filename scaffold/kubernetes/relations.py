"""What ties the objects of one folder to each other: names, labels, ports, and the folder's kustomization.yaml."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scaffold.kubernetes.documents import Node, Violation

KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The file names under which kustomize looks for its own file."""

_BUILT_IN_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
_WORKLOADS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "StatefulSet"})
_CLUSTER_SCOPED = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "IngressClass",
        "IngressClassParams",
        "Namespace",
        "NodeClass",
        "NodePool",
        "PriorityClass",
        "StorageClass",
    }
)

_AUTO_MODE_LABELS = frozenset(
    f"eks.amazonaws.com/{name}"
    for name in (
        "capacity-reservation-id",
        "capacity-reservation-type",
        "compute-type",
        "instance-category",
        "instance-cpu",
        "instance-cpu-manufacturer",
        "instance-cpu-sustained-clock-speed-mhz",
        "instance-ebs-bandwidth",
        "instance-encryption-in-transit-supported",
        "instance-family",
        "instance-generation",
        "instance-gpu-count",
        "instance-gpu-manufacturer",
        "instance-gpu-memory",
        "instance-gpu-name",
        "instance-hypervisor",
        "instance-local-nvme",
        "instance-memory",
        "instance-network-bandwidth",
        "instance-size",
        "nodeclass",
    )
)
"""Node labels of EKS Auto Mode that a NodePool may require.

Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html (supported labels); those of capacity
reservations from https://docs.aws.amazon.com/eks/latest/userguide/auto-odcr.html.
"""

_NO_AUTO_MODE_LABELS = frozenset({"kubernetes.io/os", "node.kubernetes.io/windows-build"})
"""Labels that the same page lists as not supported: EKS Auto Mode is Linux only."""

_KARPENTER_PREFIX = "karpenter.k8s.aws/"


@dataclass(frozen=True, slots=True)
class Object:
    """A manifest of a folder.

    Attributes:
        file: the path of its file, relative to the repository's root.
        node: the whole document.
        namespace: the namespace it goes to; empty for cluster-scoped kinds.
    """

    file: str
    node: Node
    namespace: str

    @property
    def kind(self) -> str:
        """Its kind."""
        return _string(self.node, "kind")

    @property
    def name(self) -> str:
        """Its name."""
        return _string(self.node, "metadata", "name")

    @property
    def line(self) -> int:
        """The line of its name, or else of the document."""
        return (self.node.at("metadata", "name") or self.node).line


@dataclass(frozen=True, slots=True)
class Located:
    """A violation and the file it is in."""

    file: str
    violation: Violation


def objects(documents: Iterable[tuple[str, Node]], namespace: str | None) -> tuple[Object, ...]:
    """Return the documents that are named objects.

    Args:
        documents: each document with its file's path.
        namespace: the namespace that the kustomization puts everything in, if it does.
    """
    found = []
    for file, node in documents:
        kind = _string(node, "kind")
        if _string(node, "metadata", "name") and kind != "Kustomization":
            own = namespace or _string(node, "metadata", "namespace") or "default"
            found.append(Object(file, node, "" if kind in _CLUSTER_SCOPED else own))
    return tuple(found)


def violations(folder: Sequence[Object]) -> Iterator[Located]:
    """Yield what does not fit together among the objects of one folder."""
    yield from _duplicates(folder)
    for one in folder:
        for violation in (*_unknown_namespace(one, folder), *_own(one), *_between(one, folder)):
            yield Located(one.file, violation)


def kustomization_violations(document: Node, own_path: str, paths: Iterable[str]) -> Iterator[Violation]:
    """Yield where a kustomization and its folder differ: it lists exactly the folder's manifests.

    Args:
        document: the kustomization.
        own_path: the path of its file.
        paths: the paths of all files of the tree.
    """
    prefix = own_path.rpartition("/")[0]
    prefix = f"{prefix}/" if prefix else ""
    inside = {path.removeprefix(prefix) for path in paths if path.startswith(prefix)}
    manifests = {
        name
        for name in inside
        if name.endswith((".yaml", ".yml")) and "/" not in name and name not in KUSTOMIZATION_NAMES
    }
    listed: dict[str, int] = {}
    resources = document.at("resources")
    for item in resources.items if resources else ():
        name = (item.string or "").removeprefix("./")
        if name in listed:
            yield Violation("kustomization", f"{name} is listed twice.", item.line, "Keep one.")
        elif not _is_elsewhere(name) and name not in inside and not any(path.startswith(f"{name}/") for path in inside):
            yield Violation(
                "kustomization", f"{name} is listed, but there is no such file.", item.line, _near(name, manifests)
            )
        listed[name] = item.line
    used = {node.string for node in document.walk() if node.string}
    line = (resources or document).line
    for name in sorted(manifests - listed.keys() - used):
        yield Violation("kustomization", f"{name} is in the folder but not listed.", line, f"Add {name} to resources.")


def _is_elsewhere(name: str) -> bool:
    return name.startswith(("../", "/", "github.com/", "git@")) or "://" in name


def _duplicates(folder: Sequence[Object]) -> Iterator[Located]:
    seen: dict[tuple[str, str, str], Object] = {}
    for one in folder:
        identity = (one.kind, one.namespace, one.name)
        if identity in seen:
            first = seen[identity]
            yield Located(
                one.file,
                Violation(
                    "duplicate-object",
                    f"{one.kind} {one.name} is there twice, first in {first.file} line {first.line}.",
                    one.line,
                    "Rename one of them: the last applied would overwrite the other.",
                ),
            )
        seen.setdefault(identity, one)


def _unknown_namespace(one: Object, folder: Sequence[Object]) -> Iterator[Violation]:
    known = {other.name for other in folder if other.kind == "Namespace"}
    written = one.node.at("metadata", "namespace")
    if known and written and one.namespace and one.namespace not in known | _BUILT_IN_NAMESPACES:
        yield _no_such("Namespace", one.namespace, written, known)


def _own(one: Object) -> Iterator[Violation]:
    """Yield what is wrong with one object that no schema says."""
    for node in one.node.walk():
        for name, inner in node.fields.items():
            yield from _karpenter_label(name, inner.line)
            if name == "key" and inner.string:
                yield from _karpenter_label(inner.string, inner.line)
    match one.kind:
        case "Deployment" | "StatefulSet" | "DaemonSet":
            selector = one.node.at("spec", "selector")
            labels = one.node.strings("spec", "template", "metadata", "labels")
            if selector and not _selects(selector, labels):
                yield Violation(
                    "selector",
                    f"The selector of {one.kind} {one.name} does not match the labels of its own pod template.",
                    selector.line,
                    "Give spec.template.metadata.labels what spec.selector asks for.",
                )
        case "NodePool":
            for requirement in _items(one.node, "spec", "template", "spec", "requirements"):
                yield from _requirement(requirement)
        case "NodeClass" if one.name == "default":
            yield Violation(
                "reserved-name", "The name default belongs to the built-in NodeClass.", one.line, "Choose another name."
            )


def _karpenter_label(name: str, line: int) -> Iterator[Violation]:
    if name.startswith(_KARPENTER_PREFIX):
        own = "eks.amazonaws.com/" + name.removeprefix(_KARPENTER_PREFIX)
        mend = f"Write {own}." if own in _AUTO_MODE_LABELS else "Use a label that begins with eks.amazonaws.com/."
        yield Violation("auto-mode-label", f"EKS Auto Mode's nodes do not have the label {name}.", line, mend)


def _requirement(requirement: Node) -> Iterator[Violation]:
    """Yield what the API server's validation rules say of a NodePool's requirement.

    Source: https://karpenter.sh/docs/concepts/nodepools/#spectemplatespecrequirements.
    """
    key, operator = requirement.at("key"), _string(requirement, "operator")
    values = [item.text for item in _items(requirement, "values")]
    line = (requirement.at("values") or requirement).line
    if operator in ("In", "NotIn") and not values:
        yield Violation("requirement", f"The operator {operator} needs values.", line, "Add values.")
    elif operator in ("Exists", "DoesNotExist") and values:
        yield Violation("requirement", f"The operator {operator} takes no values.", line, "Remove values.")
    elif operator in ("Gt", "Gte", "Lt", "Lte") and not (len(values) == 1 and values[0].isdecimal()):
        yield Violation("requirement", f"The operator {operator} takes one whole number.", line, 'Write values: ["4"].')
    least = requirement.at("minValues")
    if operator == "In" and least and isinstance(least.value, int) and len(values) < least.value:
        yield Violation(
            "requirement",
            f"minValues is {least.value}, but there are {len(values)} values.",
            least.line,
            "Lower minValues.",
        )
    name = key.string if key else None
    if key is None or name is None:
        return
    if name in _NO_AUTO_MODE_LABELS:
        yield Violation(
            "auto-mode-label", f"EKS Auto Mode does not support {name}.", key.line, "Remove it: Linux only."
        )
    elif name in ("karpenter.sh/nodepool", "kubernetes.io/hostname"):
        yield Violation("auto-mode-label", f"A NodePool may not require {name}.", key.line, "Remove it.")
    elif name.startswith("eks.amazonaws.com/") and name not in _AUTO_MODE_LABELS:
        yield Violation(
            "auto-mode-label", f"EKS Auto Mode has no node label {name}.", key.line, _near(name, _AUTO_MODE_LABELS)
        )


def _between(one: Object, folder: Sequence[Object]) -> Iterator[Violation]:
    """Yield where one object names or selects another that the folder does not hold."""
    match one.kind:
        case "NodePool":
            yield from _named(
                one, ("spec", "template", "spec", "nodeClassRef", "name"), "NodeClass", folder, {"default"}
            )
        case "IngressClass":
            if _string(one.node, "spec", "parameters", "kind") == "IngressClassParams":
                yield from _named(one, ("spec", "parameters", "name"), "IngressClassParams", folder)
        case "Ingress":
            if any(other.kind == "IngressClass" for other in folder):
                yield from _named(one, ("spec", "ingressClassName"), "IngressClass", folder)
            for node in one.node.walk():
                if service := node.at("backend", "service") or node.at("defaultBackend", "service"):
                    yield from _backend(one, service, folder)
        case "HorizontalPodAutoscaler":
            kind = _string(one.node, "spec", "scaleTargetRef", "kind")
            if kind in _WORKLOADS:
                yield from _named(one, ("spec", "scaleTargetRef", "name"), kind, folder)
        case "Service":
            yield from _service(one, folder)
        case "PodDisruptionBudget":
            yield from _selected(one, "selector", folder)
        case "NetworkPolicy":
            yield from _selected(one, "podSelector", folder)
        case kind if kind in _WORKLOADS:
            accounts = any(other.kind == "ServiceAccount" and other.namespace == one.namespace for other in folder)
            if accounts:
                path = (*_pod_template(one.kind), "spec", "serviceAccountName")
                yield from _named(one, path, "ServiceAccount", folder, {"default"})


def _named(
    one: Object, path: tuple[str, ...], kind: str, folder: Sequence[Object], built_in: Iterable[str] = ()
) -> Iterator[Violation]:
    node = one.node.at(*path)
    namespaces = {"", one.namespace} if one.namespace else {""}
    known = {other.name for other in folder if other.kind == kind and other.namespace in namespaces} | set(built_in)
    if node and node.string and node.string not in known:
        yield _no_such(kind, node.string, node, known)


def _backend(one: Object, service: Node, folder: Sequence[Object]) -> Iterator[Violation]:
    name = service.at("name")
    services = {other.name: other for other in folder if other.kind == "Service" and other.namespace == one.namespace}
    if name is None or name.string is None:
        return
    if name.string not in services:
        yield _no_such("Service", name.string, name, services)
        return
    ports = _items(services[name.string].node, "spec", "ports")
    for field, offered in (
        ("number", [port.at("port") for port in ports]),
        ("name", [port.at("name") for port in ports]),
    ):
        wanted = service.at("port", field)
        texts = [port.text for port in offered if port]
        if wanted and wanted.text not in texts:
            yield Violation(
                "reference", f"Service {name.string} has no port {wanted.text}.", wanted.line, _near(wanted.text, texts)
            )


def _service(one: Object, folder: Sequence[Object]) -> Iterator[Violation]:
    selector = one.node.at("spec", "selector")
    if selector is None or not selector.fields:
        return
    wanted = one.node.strings("spec", "selector")
    matched = [other for other in _pods(one, folder) if wanted.items() <= _labels(other).items()]
    if not matched:
        yield _selects_nothing(one, selector)
        return
    offered = {
        port.text
        for other in matched
        for container in _items(other.node, *_pod_template(other.kind), "spec", "containers")
        for field in _items(container, "ports")
        if (port := field.at("name"))
    }
    for port in _items(one.node, "spec", "ports"):
        target = port.at("targetPort")
        if target and target.string and target.string not in offered:
            yield Violation(
                "reference",
                f"No container that Service {one.name} selects has a port named {target.string}.",
                target.line,
                _near(target.string, offered),
            )


def _selected(one: Object, field: str, folder: Sequence[Object]) -> Iterator[Violation]:
    selector = one.node.at("spec", field)
    if selector and selector.fields and not any(_selects(selector, _labels(other)) for other in _pods(one, folder)):
        yield _selects_nothing(one, selector)


def _selects(selector: Node, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector matches labels."""
    if not selector.strings("matchLabels").items() <= labels.items():
        return False
    for expression in _items(selector, "matchExpressions"):
        key, values = _string(expression, "key"), {item.text for item in _items(expression, "values")}
        holds = {
            "In": labels.get(key) in values,
            "NotIn": labels.get(key) not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }
        if not holds.get(_string(expression, "operator"), True):
            return False
    return True


def _pods(one: Object, folder: Sequence[Object]) -> Iterator[Object]:
    yield from (other for other in folder if other.kind in _WORKLOADS and other.namespace == one.namespace)


def _labels(workload: Object) -> dict[str, str]:
    return workload.node.strings(*_pod_template(workload.kind), "metadata", "labels")


def _pod_template(kind: str) -> tuple[str, ...]:
    match kind:
        case "Pod":
            return ()
        case "CronJob":
            return ("spec", "jobTemplate", "spec", "template")
        case _:
            return ("spec", "template")


def _selects_nothing(one: Object, selector: Node) -> Violation:
    return Violation(
        "selector",
        f"{one.kind} {one.name} selects no pods of this folder's workloads in namespace {one.namespace}.",
        selector.line,
        "Use labels of a workload's pod template.",
    )


def _no_such(kind: str, name: str, node: Node, known: Iterable[str]) -> Violation:
    return Violation("reference", f"There is no {kind} {name} in this folder.", node.line, _near(name, known))


def _near(name: str, known: Iterable[str]) -> str:
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, 1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"There are {', '.join(choices[:5])}." if choices else "Add it, or remove the reference."


def _items(node: Node, *path: str) -> tuple[Node, ...]:
    found = node.at(*path)
    return found.items if found else ()


def _string(node: Node, *path: str) -> str:
    found = node.at(*path)
    return (found.string or "") if found else ""
