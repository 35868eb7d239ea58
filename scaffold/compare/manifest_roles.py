"""Comparing the Kubernetes objects that a cluster is set up with, by kind and by the part each plays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from scaffold.compare.difference import AttributeDifference, ResourceDifference, ResourceStatus, Side
from scaffold.compare.environments import concerns
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Place
from scaffold.kubernetes.documents import Node, plain
from scaffold.repository.model import Manifest, Repository

KINDS = ("IngressClass", "IngressClassParams", "NodeClass", "NodePool", "StorageClass")
"""The kinds that are the cluster's own. Workloads are left alone: the rendered one is a sample."""

_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
CAPACITY, ARCH = "karpenter.sh/capacity-type", "kubernetes.io/arch"
"""The requirements of a NodePool that say what it is for."""
_NAMED = ("nodeClassRef.name", "parameters.name", "role")
_NAMED_WITHIN = (
    "certificateARNs",
    "podSecurityGroupSelectorTerms",
    "podSubnetSelectorTerms",
    "securityGroupSelectorTerms",
    "subnetSelectorTerms",
    "tags",
)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value of an object: a scalar, or a list of them whose order is no matter."""

    value: tuple[str, ...]
    shown: str
    line: int
    known: bool


def compare_manifests(
    rendered: Repository, there: Repository, environments: Sequence[tuple[str, Sequence[str]]]
) -> Iterator[tuple[str, ResourceDifference]]:
    """Yield how the objects of a repository stand to the rendered ones, each with its part.

    Args:
        rendered: a rendering, read as a repository.
        there: the repository.
        environments: of each rendered environment that is compared its name, and the names of those it is compared
            with; an empty one where that has none.
    """
    every = {other for _, names in environments for other in names if other}
    for name, names in environments:
        ours = [each for each in rendered.manifests if each.kind in KINDS and each.file.startswith(f"k8s/{name}/")]
        theirs = [
            each
            for each in there.manifests
            if each.kind in KINDS and ("" in names or concerns(each.file, names, every))
        ]
        yield from _compare(ours, theirs, hidden=next((f"{each.what} {each.reason}" for each in there.unread), ""))


def _compare(
    ours: Sequence[Manifest], theirs: Sequence[Manifest], hidden: str
) -> Iterator[tuple[str, ResourceDifference]]:
    left = list(theirs)
    for manifest in ours:
        # The same part, or else the nearest: a pool of the same capacity for another architecture.
        match = next((each for each in left if _parts(each) == _parts(manifest)), None) or next(
            (
                each
                for each in left
                if _parts(each)[:2] == _parts(manifest)[:2] and not any(_parts(each) == _parts(one) for one in ours)
            ),
            None,
        )
        role = " ".join(part for part in _parts(manifest) if part)
        if match is None:
            status = ResourceStatus.UNKNOWN if hidden else ResourceStatus.MISSING
            yield role, ResourceDifference(_address(manifest), status, manifest.place, reason=hidden)
            continue
        left.remove(match)
        attributes = tuple(_attributes(manifest, match))
        if attributes:
            known = any(each.known for each in attributes)
            status = ResourceStatus.CHANGED if known else ResourceStatus.UNKNOWN
            reason = (
                "" if known else f"{match.patched} may change it" if match.patched else "values cannot be evaluated"
            )
            yield role, ResourceDifference(_address(match), status, match.place, attributes, _address(manifest), reason)
    for manifest in left:
        role = " ".join(part for part in _parts(manifest) if part)
        yield role, ResourceDifference(_address(manifest), ResourceStatus.EXTRA, manifest.place)


def _address(manifest: Manifest) -> str:
    return f"{PurePosixPath(manifest.file).parent}: {manifest.kind} {manifest.name}"


def _parts(manifest: Manifest) -> tuple[str, str, str]:
    """Return an object's kind, what tells it from others of that kind, and what does so less."""
    node = manifest.node
    if manifest.kind == "NodePool":
        return manifest.kind, capacity_of(manifest), "/".join(sorted(requirements_of(node).get(ARCH, ())))
    if manifest.kind == "StorageClass":
        default = node.strings("metadata", "annotations").get(_DEFAULT_CLASS) == "true"
        provisioner = node.at("provisioner")
        return manifest.kind, "default" if default else (provisioner.string if provisioner else None) or "", ""
    if manifest.kind == "IngressClass":
        controller = node.at("spec", "controller")
        return manifest.kind, (controller.string if controller else None) or "", ""
    return manifest.kind, "", ""


def capacity_of(pool: Manifest) -> str:
    """Return what a NodePool buys: `spot` where it may, else `on-demand`."""
    return "spot" if "spot" in requirements_of(pool.node).get(CAPACITY, ()) else "on-demand"


def requirements_of(node: Node) -> Mapping[str, tuple[str, ...]]:
    """Return the requirements of a NodePool: the values of each key."""
    listed = node.at("spec", "template", "spec", "requirements")
    found: dict[str, tuple[str, ...]] = {}
    for each in listed.items if listed else ():
        key, values = each.at("key"), each.at("values")
        if key is not None:
            found[key.text] = tuple(value.text for value in values.items) if values else ()
    return found


def _attributes(ours: Manifest, theirs: Manifest) -> Iterator[AttributeDifference]:
    one, other = dict(_leaves(ours.node, "")), dict(_leaves(theirs.node, ""))
    for path in sorted(one.keys() | other.keys()):
        here, there = one.get(path), other.get(path)
        if here is None or there is None or here.value != there.value:
            known = not theirs.patched and all(leaf is None or leaf.known for leaf in (here, there))
            yield AttributeDifference(path, _side(here, ours), _side(there, theirs), known)


def _side(leaf: _Leaf | None, manifest: Manifest) -> Side | None:
    return Side(leaf.shown, Place(manifest.file, leaf.line)) if leaf is not None else None


def _leaves(node: Node, path: str) -> Iterator[tuple[str, _Leaf]]:
    if path in ("apiVersion", "kind", "metadata", "status"):
        return
    inside = path.removeprefix("spec.").removeprefix("template.spec.")
    if inside in _NAMED or inside.partition(".")[0].partition("[")[0] in _NAMED_WITHIN:
        return
    if node.fields:
        for name, inner in node.fields.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif any(item.fields for item in node.items):
        for number, item in enumerate(node.items):
            # A requirement is known by its key; anything else by its number.
            key = item.at("key")
            yield from _leaves(item, f"{path}[{key.text if key is not None else number}]")
    elif not path.endswith("].key"):
        texts = tuple(sorted(item.text for item in node.items)) or (node.text,)
        shown = displayed(tuple(item.text for item in node.items)) if node.items else str(plain(node))
        yield path, _Leaf(texts, shown, node.line, "${" not in " ".join(texts))
