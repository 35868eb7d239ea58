"""A repository as the rooms that judge and compare see it: root modules, Kubernetes objects, what is unread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scaffold.evaluate.root import Place, Root, Unread
from scaffold.hcl import Module
from scaffold.kubernetes.documents import Node
from scaffold.verify.verdict import Finding


@dataclass(frozen=True, slots=True)
class Manifest:
    """A Kubernetes object: of a YAML file, or of a `kubectl_manifest` or `kubernetes_manifest` resource.

    Attributes:
        kind: `NodePool`.
        api_version: `karpenter.sh/v1`.
        name: its `metadata.name`.
        namespace: its `metadata.namespace`, or empty.
        node: the whole object; lines are those of the file. What cannot be known is a text with `${…}` in it, the
            way Terraform and others write it.
        file: the file's path.
        patched: the path of the kustomization that may change it, or empty.
    """

    kind: str
    api_version: str
    name: str
    namespace: str
    node: Node
    file: str
    patched: str = ""

    @property
    def place(self) -> Place:
        """Where it starts."""
        return Place(self.file, self.node.line)


@dataclass(frozen=True)
class Repository:
    """Everything that is read of a repository.

    Attributes:
        modules: every folder of Terraform files, as written.
        roots: every root module, evaluated; in path order.
        manifests: every Kubernetes object, in file order.
        problems: what could not be read, and why; syntax errors with file and line.
        skips: the lines `scaffold:skip=…`.
        unread: what may hold Kubernetes objects that nobody here can see: Helm charts, templates, unparsable manifests.
        paths: the path of every file, read or not, without those of git, Terraform's and other tools' own folders.
        gitignores: the text of each `.gitignore`, by path.
    """

    modules: tuple[Module, ...]
    roots: tuple[Root, ...]
    manifests: tuple[Manifest, ...]
    problems: tuple[Finding, ...]
    skips: tuple["Skip", ...] = ()
    unread: tuple[Unread, ...] = ()
    paths: tuple[str, ...] = ()
    gitignores: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def manifests_by_kind(self) -> Mapping[str, tuple[Manifest, ...]]:
        """The Kubernetes objects of each kind."""
        found: dict[str, list[Manifest]] = {}
        for each in self.manifests:
            found.setdefault(each.kind, []).append(each)
        return {kind: tuple(objects) for kind, objects in found.items()}


@dataclass(frozen=True, slots=True)
class Skip:
    """A comment `# scaffold:skip=N1,E5: reason`.

    Attributes:
        opinions: the ids it names.
        reason: why, in its writer's words.
        place: where it stands.
        first_line: the first line of the block or Kubernetes object it stands in or right above.
        last_line: the last one.
    """

    opinions: tuple[str, ...]
    reason: str
    place: Place
    first_line: int
    last_line: int
