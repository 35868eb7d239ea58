"""Kubernetes objects: those of YAML files, and those that Terraform resources hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from scaffold.evaluate.root import Body, Instance, Place, Root, Unread
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.files import File
from scaffold.kubernetes.documents import Node, UnreadableError, read
from scaffold.repository.kustomize import patches_of
from scaffold.repository.model import Manifest
from scaffold.verify.verdict import Finding

_TOP_LEVEL = tuple(re.compile(rf"^[\"']?{name}[\"']?\s*:", re.MULTILINE) for name in ("apiVersion", "kind"))
_CHART = "Chart.yaml"
_HEREDOC = re.compile(r"<<-?\s*\"?[A-Za-z_]")
_HOLE = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True, slots=True)
class Manifests:
    """Kubernetes objects, and what may hold more of them.

    Attributes:
        manifests: the objects.
        problems: files that are meant to hold some and cannot be read.
        unread: what may hold some and is not read.
    """

    manifests: tuple[Manifest, ...]
    problems: tuple[Finding, ...]
    unread: tuple[Unread, ...]


def written_manifests(files: Sequence[File]) -> Manifests:
    """Return the Kubernetes objects of YAML files; other YAML is passed over.

    Args:
        files: the repository's files, in path order.
    """
    charts = {str(PurePosixPath(file.path).parent) for file in files if PurePosixPath(file.path).name == _CHART}
    manifests: list[Manifest] = []
    problems: list[Finding] = []
    unread: dict[str, Unread] = {}
    for file in files:
        if not file.path.endswith((".yaml", ".yml")) or "apiVersion" not in file.text or "kind" not in file.text:
            continue
        chart = _chart_of(file.path, charts)
        if chart is not None:
            what = f"{chart}/templates/".removeprefix("./")
            unread.setdefault(
                what, Unread(what, "are Helm templates, which are not rendered here", Place(file.path, 1))
            )
            continue
        try:
            documents = read(file.text)
        except UnreadableError as error:
            if all(pattern.search(file.text) for pattern in _TOP_LEVEL):
                reason = "is a template, which is not rendered here" if "{{" in file.text else "cannot be read"
                unread[file.path] = Unread(file.path, reason, Place(file.path, error.violation.line))
                if "{{" not in file.text:
                    found = error.violation
                    problems.append(Finding(found.rule, found.message, file.path, found.line, found.mend))
            continue
        manifests += (one for document in documents for one in _objects(document, file.path))
    patches = patches_of(manifests)
    return Manifests(
        tuple(
            replace(one, patched=patches.changed_by(one.kind, one.name))
            for one in manifests
            if one.file not in patches.files
        ),
        tuple(problems),
        (*unread.values(), *patches.unread),
    )


def _chart_of(path: str, charts: set[str]) -> str | None:
    """Return the folder of the Helm chart that a file is a template of."""
    above = pairwise(PurePosixPath(path).parents)
    return next((str(chart) for folder, chart in above if folder.name == "templates" and str(chart) in charts), None)


def _objects(node: Node, file: str) -> Iterator[Manifest]:
    """Yield the object that a document is, or those of the list that it is."""
    kind, version = (_string(node, name) for name in ("kind", "apiVersion"))
    items = node.at("items")
    if kind.endswith("List") and items is not None and isinstance(items.value, tuple):
        for item in items.items:
            yield from _objects(item, file)
    elif kind and version:
        name, namespace = _string(node, "metadata", "name"), _string(node, "metadata", "namespace")
        yield Manifest(kind, version, name, namespace, node, file)


def _string(node: Node, *path: str) -> str:
    found = node.at(*path)
    return (found.string if found else None) or ""


def declared_manifests(roots: Sequence[Root], texts: Mapping[str, str]) -> Manifests:
    """Return the Kubernetes objects that Terraform resources hold.

    What Terraform alone can know becomes a text of the form `${aws_iam_role.node.name}`.

    Args:
        roots: the evaluated root modules.
        texts: the text of each Terraform file.
    """
    manifests: dict[tuple[str, int, str, str], list[Manifest]] = {}
    unread: dict[str, Unread] = {}
    lines: dict[str, list[str]] = {}
    for root in roots:
        for instance in root.instances:
            if instance.data:
                continue
            reader = _READERS.get(instance.type)
            if reader is None and instance.type not in _STORAGE_CLASSES:
                if reason := _reason(instance):
                    unread[instance.address] = Unread(instance.address, reason, instance.place)
                continue
            argument = instance.body.at(reader) if reader else None
            if reader is None:
                nodes: tuple[Node, ...] = (_storage_class(instance.body),)
            elif argument is None:
                nodes = ()
            else:
                nodes = _node_of(argument.value, _first_line(argument.place, texts, lines))
            found = [one for each in nodes for one in _objects(each, instance.place.file)]
            for one in found:
                same = manifests.setdefault((one.file, one.node.line, one.kind, one.name), [])
                if one not in same:  # another root module may make it with other values
                    same.append(one)
            if not found:
                unread[instance.address] = Unread(
                    instance.address, "holds an object that cannot be evaluated", instance.place
                )
    return Manifests(tuple(one for same in manifests.values() for one in same), (), tuple(unread.values()))


_READERS = {"kubectl_manifest": "yaml_body", "kubernetes_manifest": "manifest"}
"""The argument that holds the object, by the type of resource."""


_STORAGE_CLASSES = frozenset({"kubernetes_storage_class", "kubernetes_storage_class_v1"})


def _storage_class(body: Body) -> Node:
    """Return the StorageClass of a resource in Terraform's own form; what is not set is what the provider sets.

    Source: https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/storage_class_v1
    """
    line = body.place.line

    def at(*path: str, default: Value = None) -> Node:
        value = body.get(*path)
        return _tree(default if value is None else value, body.place_of(*path).line)

    fields = {
        "apiVersion": _tree("storage.k8s.io/v1", line),
        "kind": _tree("StorageClass", line),
        "metadata": Node({"name": at("metadata", "name"), "annotations": at("metadata", "annotations")}, line),
        "provisioner": at("storage_provisioner"),
        "parameters": at("parameters"),
        "reclaimPolicy": at("reclaim_policy", default="Delete"),
        "volumeBindingMode": at("volume_binding_mode", default="Immediate"),
        "allowVolumeExpansion": at("allow_volume_expansion", default=True),
    }
    return Node({name: each for name, each in fields.items() if each.value is not None}, line)


def _reason(instance: Instance) -> str:
    if instance.type == "helm_release":
        return "is a Helm chart, and charts are not rendered here"
    if instance.type.startswith("kubernetes_"):
        return "is an object in Terraform's own form, which is not read here"
    return ""


def _first_line(place: Place, texts: Mapping[str, str], lines: dict[str, list[str]]) -> tuple[int, bool]:
    """Return the line of a value's first line, and whether its other lines follow in the file, as a heredoc's do."""
    if place.file not in lines:
        lines[place.file] = texts.get(place.file, "").split("\n")
    text = lines[place.file]
    heredoc = place.line <= len(text) and bool(_HEREDOC.search(text[place.line - 1]))
    return (place.line + 1, True) if heredoc else (place.line, False)


def _node_of(value: Value, first: tuple[int, bool]) -> tuple[Node, ...]:
    """Return the documents that the value of a manifest's argument holds; none where that is not to be known."""
    if isinstance(value, Mapping):
        return (_tree(value, first[0]),)
    if not isinstance(value, str | Joined):
        return ()
    parts = value.parts if isinstance(value, Joined) else (value,)
    symbols = [part for part in parts if isinstance(part, Symbol)]
    numbers = iter(range(len(symbols)))
    text = "".join(part if isinstance(part, str) else f"\ue000{next(numbers)}\ue001" for part in parts)
    try:
        return tuple(_filled(node, symbols, first) for node in read(text))
    except UnreadableError:
        return ()


def _filled(node: Node, symbols: Sequence[Symbol], first: tuple[int, bool]) -> Node:
    """Return a node with its lines moved to where they are in the file, and Terraform's words in the holes."""
    line = first[0] + (node.line - 1 if first[1] else 0)

    def fill(text: str) -> str:
        return _HOLE.sub(lambda match: f"${{{symbols[int(match[1])].text}}}", text)

    if isinstance(node.value, Mapping):
        return Node({fill(name): _filled(inner, symbols, first) for name, inner in node.value.items()}, line)
    if isinstance(node.value, tuple):
        return Node(tuple(_filled(inner, symbols, first) for inner in node.value), line)
    if isinstance(node.value, str):
        return Node(fill(node.value), line, fill(node.text))
    return Node(node.value, line, node.text)


def _tree(value: Value, line: int) -> Node:
    if isinstance(value, Mapping):
        if all(isinstance(name, str) for name in value):
            return Node({str(name): _tree(inner, line) for name, inner in value.items()}, line)
        return Node("${…}", line, "${…}")
    if isinstance(value, tuple):
        return Node(tuple(_tree(inner, line) for inner in value), line)
    if isinstance(value, Symbol):
        return _tree(f"${{{value.text}}}", line)
    if isinstance(value, Joined):
        text = "".join(part if isinstance(part, str) else f"${{{part.text}}}" for part in value.parts)
        return _tree(text, line)
    text = value if isinstance(value, str) else "" if value is None else str(value).lower()
    return Node(value, line, text)
