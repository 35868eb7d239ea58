"""What kustomizations change of the objects that files hold: patches are not applied here, but known of."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scaffold.evaluate.root import Place, Unread
from scaffold.kubernetes.documents import Node, UnreadableError, read
from scaffold.repository.model import Manifest

_GROUP = "kustomize.config.k8s.io/"


@dataclass(frozen=True, slots=True)
class Patches:
    """The patches of all kustomizations.

    Attributes:
        files: the paths of files that hold patches rather than objects.
        targets: by the kind and name of what is patched, the kustomization's path; a kind or name that is empty
            stands for all.
        unread: the objects that kustomizations fetch from elsewhere or make.
    """

    files: frozenset[str]
    targets: Mapping[tuple[str, str], str]
    unread: tuple[Unread, ...]

    def changed_by(self, kind: str, name: str) -> str:
        """Return the path of a kustomization that may change an object, or an empty text."""
        keys = ((kind, name), (kind, ""), ("", name), ("", ""))
        return next((self.targets[key] for key in keys if key in self.targets), "")


def patches_of(manifests: Sequence[Manifest]) -> Patches:
    """Return the patches of the kustomizations among some documents."""
    own: dict[str, list[Manifest]] = {}
    for one in manifests:
        own.setdefault(one.file, []).append(one)
    files: set[str] = set()
    targets: dict[tuple[str, str], str] = {}
    unread: list[Unread] = []
    for one in manifests:
        if not one.api_version.startswith(_GROUP):
            continue
        for target, path, text in _patches(one):
            if path in own:
                files.add(path)
            if target is not None:
                patched = [(_text(target, "kind"), _text(target, "name"))]
            else:
                patched = [(each.kind, each.name) for each in own.get(path, ())] or list(_named_in(text)) or [("", "")]
            for kind, name in patched:
                # A name may be a regular expression.
                targets.setdefault((kind, name if _is_plain(name) else ""), one.file)
        unread += _elsewhere(one)
    return Patches(frozenset(files), targets, tuple(unread))


def _patches(kustomization: Manifest) -> Iterator[tuple[Node | None, str, str]]:
    """Yield each patch's target, the path of its file and its text, as far as it has them."""
    folder = posixpath.dirname(kustomization.file)
    for field in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        node = kustomization.node.at(field)
        for item in node.items if node else ():
            given = item.string or _text(item, "path")
            inline = _text(item, "patch") or (given if "\n" in given else "")
            path = "" if inline else posixpath.normpath(posixpath.join(folder, given))
            yield item.at("target"), path, inline


def _named_in(text: str) -> Iterator[tuple[str, str]]:
    try:
        for node in read(text):
            yield _text(node, "kind"), _text(node, "metadata", "name")
    except UnreadableError:
        return


def _elsewhere(kustomization: Manifest) -> Iterator[Unread]:
    for field in ("resources", "bases", "components"):
        node = kustomization.node.at(field)
        for item in node.items if node else ():
            if "://" in (item.string or "") or re.match(r"[\w-]+\.[\w.-]+/|git@", item.string or ""):
                place = Place(kustomization.file, item.line)
                yield Unread(item.text, "is fetched from elsewhere by kustomize", place)
    charts = kustomization.node.at("helmCharts")
    if charts:
        yield Unread(kustomization.file, "renders Helm charts", Place(kustomization.file, charts.line))


def _text(node: Node, *path: str) -> str:
    found = node.at(*path)
    return (found.string if found else None) or ""


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9.-]+", name) is not None
