"""Two Kubernetes objects field by field, and two folder trees of them object by object."""

import json
import posixpath
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from scaffold.compare.alignment import ordered
from scaffold.compare.difference import AttributeDifference, Side
from scaffold.compare.pieces import shown, step
from scaffold.evaluate.root import Place
from scaffold.files import File
from scaffold.kubernetes.documents import Node, UnreadableError, read

_KUSTOMIZATIONS = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
_IN_ORDER = frozenset(("env", "initContainers"))
_LIKE_ANOTHER = re.compile(r"|~|null|true|false|yes|no|on|off|y|n|[-+]?[0-9.]+([eE][-+]?[0-9]+)?", re.IGNORECASE)

Key = tuple[str, str, str, str]
"""An object's API group, kind, namespace and name; of a kustomization, its folder for a name."""


@dataclass(frozen=True, slots=True)
class KubernetesObject:
    """An object of a YAML file."""

    key: Key
    node: Node
    file: str

    @property
    def place(self) -> Place:
        """Where it starts."""
        return Place(self.file, self.node.line)

    @property
    def name(self) -> str:
        """What it is known by within its tree: `NodePool spot`, `Deployment shop/api`."""
        _, kind, namespace, name = self.key
        return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}".rstrip()


def is_manifest(file: File) -> bool:
    """Return whether a file may hold Kubernetes objects."""
    return posixpath.basename(file.path) in _KUSTOMIZATIONS or (
        file.path.endswith((".yaml", ".yml")) and "apiVersion" in file.text and "kind" in file.text
    )


def objects(file: File, tree: str) -> list[KubernetesObject] | None:
    """Return the objects of a file; nothing when it cannot be read.

    Args:
        file: the file.
        tree: the folder its kustomizations are named from.
    """
    documents = _read(file.text)
    if documents is None:
        return None
    found: list[KubernetesObject] = []
    for node in documents:
        if posixpath.basename(file.path) in _KUSTOMIZATIONS:
            folder = posixpath.relpath(posixpath.dirname(file.path) or ".", tree)
            found.append(
                KubernetesObject(("kustomize", "Kustomization", "", "" if folder == "." else folder), node, file.path)
            )
            continue
        for one in _listed(node):
            version, kind = _string(one, "apiVersion"), _string(one, "kind")
            if version and kind:
                names = (_string(one, "metadata", "namespace"), _string(one, "metadata", "name"))
                found.append(KubernetesObject((version.rpartition("/")[0], kind, *names), one, file.path))
    return found


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Node, ...] | None:
    try:
        return read(text)
    except UnreadableError:
        return None


def _listed(node: Node) -> Iterable[Node]:
    return node.fields["items"].items if node.at("items") and _string(node, "kind").endswith("List") else (node,)


def _string(node: Node, *path: str) -> str:
    found = node.at(*path)
    return (found.string if found else None) or ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an object that is rendered is compared with the one that is there.

    Attributes:
        rendered: the path of the rendered one's file.
        there: the path of the other's.
        ours: the objects that each rendered file holds.
        theirs: those that each file there holds.
    """

    rendered: str
    there: str
    ours: Mapping[str, tuple[Key, ...]]
    theirs: Mapping[str, tuple[Key, ...]]

    def differences(self, rendered: Node, there: Node) -> Iterator[AttributeDifference]:
        """Yield the fields that differ."""
        own = "Kustomization" if posixpath.basename(self.rendered) in _KUSTOMIZATIONS else ""
        for each in self._values("", rendered, there):
            if not (own and re.match(r"resources(\[|$)", each.path) and self._same_resources(rendered, there)):
                yield each

    def _same_resources(self, rendered: Node, there: Node) -> bool:
        """Return whether two kustomizations name the same objects, by whatever files."""
        return _named(rendered, self.rendered, self.ours) == _named(there, self.there, self.theirs)

    def _values(self, path: str, rendered: Node, there: Node) -> Iterator[AttributeDifference]:
        if _normal(rendered) == _normal(there):
            return
        if isinstance(rendered.value, Mapping) and isinstance(there.value, Mapping):
            yield from self._each(path, rendered.fields, there.fields, step)
        elif isinstance(rendered.value, tuple) and isinstance(there.value, tuple):
            yield from self._lists(path, rendered, there)
        else:
            yield self._one(path, rendered, there)

    def _each(
        self, path: str, rendered: Mapping[str, Node], there: Mapping[str, Node], to: Callable[[str, str], str]
    ) -> Iterator[AttributeDifference]:
        for name in {**rendered, **there}:
            left, right = rendered.get(name), there.get(name)
            if left is not None and right is not None:
                yield from self._values(to(path, name), left, right)
            else:
                yield self._one(to(path, name), left, right)

    def _lists(self, path: str, rendered: Node, there: Node) -> Iterator[AttributeDifference]:
        ours, theirs = _by_name(rendered), _by_name(there)
        if ours is not None and theirs is not None:
            yield from self._each(path, ours, theirs, _item)
            first, second = [name for name in ours if name in theirs], [name for name in theirs if name in ours]
            if first != second and path.rpartition(".")[2] in _IN_ORDER:
                yield AttributeDifference(
                    path,
                    Side(", ".join(first), Place(self.rendered, rendered.line)),
                    Side(", ".join(second), Place(self.there, there.line)),
                )
            return
        left, right = rendered.items, there.items
        for a, b in ordered([_normal(each) for each in left], [_normal(each) for each in right]):
            at = f"{path}[{a if a is not None else b}]"
            if a is not None and b is not None:
                yield from self._values(at, left[a], right[b])
            else:
                yield self._one(at, left[a] if a is not None else None, right[b] if b is not None else None)

    def _one(self, path: str, rendered: Node | None, there: Node | None) -> AttributeDifference:
        ours, theirs = (_flow(rendered) if rendered else None), (_flow(there) if there else None)
        return AttributeDifference(
            path,
            Side(shown(ours, theirs), Place(self.rendered, rendered.line)) if rendered and ours is not None else None,
            Side(shown(theirs, ours), Place(self.there, there.line)) if there and theirs is not None else None,
        )


def _named(kustomization: Node, file: str, held: Mapping[str, tuple[Key, ...]]) -> list[Hashable]:
    """Return the objects that a kustomization names by their files, in its order; else the names themselves."""
    node = kustomization.at("resources")
    found: list[Hashable] = []
    for item in node.items if node else ():
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file), str(item.value)))
        found += held.get(path, (str(item.value),))
    return found


def _item(path: str, name: str) -> str:
    return f"{path}[{name}]"


def _by_name(node: Node) -> dict[str, Node] | None:
    """Return the items of a list by their names; nothing when one has none or two have the same."""
    found = {_string(item, "name"): item for item in node.items}
    return found if "" not in found and len(found) == len(node.items) else None


def _normal(node: Node) -> Hashable:
    """Return what a value is to the API server: a field that is null is none, 1 is 1.0 and not true."""
    if isinstance(node.value, Mapping):
        return ("map", frozenset((name, _normal(inner)) for name, inner in node.fields.items()))
    if isinstance(node.value, tuple):
        return ("list", tuple(_normal(item) for item in node.value))
    number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return ("number" if number else type(node.value).__name__, node.value)


def _flow(node: Node) -> str:
    """Return a value as YAML on one line."""
    if isinstance(node.value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in node.fields.items()) + "}"
    if isinstance(node.value, tuple):
        return "[" + ", ".join(_flow(item) for item in node.value) + "]"
    if isinstance(node.value, str) and _LIKE_ANOTHER.fullmatch(node.value):
        return json.dumps(node.value)
    return node.text
