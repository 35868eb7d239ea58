"""What the opinions on Kubernetes objects share: which objects they are about, and reading fields without guessing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from scaffold.evaluate.root import Instance, Place
from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Status
from scaffold.repository.model import Manifest, Repository

AUTO_MODE_GROUP = "eks.amazonaws.com"
"""The API group of Auto Mode's own kinds, which also begins the names of its provisioner and controllers."""

KARPENTER_GROUP = "karpenter.k8s.aws"
"""The API group of a Karpenter that is installed in the cluster."""

_MARKS = (
    ("NodePool", ("spec", "template", "spec", "nodeClassRef", "group"), AUTO_MODE_GROUP),
    ("StorageClass", ("provisioner",), "ebs.csi.eks.amazonaws.com"),
    ("IngressClass", ("spec", "controller"), "eks.amazonaws.com/alb"),
    ("Service", ("spec", "loadBalancerClass"), "eks.amazonaws.com/nlb"),
)

Faults = Callable[[Facts, Manifest], Iterator[Judgement]]


def for_each_object(
    about: Callable[[Manifest], bool],
    faults: Faults,
    kept: str,
    always: Callable[[Manifest], bool] = lambda _: False,
    unread: Callable[[Instance], bool] = lambda _: False,
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge` over objects of clusters in Auto Mode: what is broken or unknown, or else kept.

    What would be broken is unknown where nobody can say whether the cluster is in Auto Mode, or where a kustomization
    patches the object.

    Args:
        about: tells which objects the opinion is about.
        faults: yields what is not kept of one object.
        kept: what is said of an object without faults, after its name.
        always: tells which objects are judged without Auto Mode, too.
        unread: tells which resources are such objects in Terraform's own form, of which nobody can say.
    """

    def judge(facts: Facts) -> Iterator[Judgement]:
        own = uses_auto_mode(facts.repository)
        for manifest in facts.repository.manifests:
            if not about(manifest):
                continue
            auto_mode = True if own or always(manifest) else _auto_mode(facts, manifest.file)
            if auto_mode is False:
                continue
            found = [_softened(each, manifest, auto_mode) for each in faults(facts, manifest)]
            yield from found
            if not found:
                yield Judgement(Status.KEPT, f"{title(manifest)} {kept}.", manifest.place)
        for each in (each for root in facts.repository.roots for each in root.instances):
            if not each.data and unread(each) and (own or _auto_mode(facts, each.place.file) is not False):
                yield unknown(
                    f"{each.address} is an object in Terraform's own form, which is not read here.", each.place
                )

    return judge


def uses_auto_mode(repository: Repository) -> bool:
    """Return whether a repository's objects are written for Auto Mode."""
    return any(
        one.api_version.startswith(f"{AUTO_MODE_GROUP}/")
        or any(one.kind == kind and text_at(one.node, *path) == mark for kind, path, mark in _MARKS)
        for one in repository.manifests
    )


def _auto_mode(facts: Facts, file: str) -> bool | None:
    cluster = _cluster_of(facts, file)
    modes = {cluster.auto_mode} if cluster else {each.auto_mode for each in facts.clusters}
    return modes.pop() if len(modes) == 1 else None if modes else False


def _softened(judgement: Judgement, manifest: Manifest, auto_mode: bool | None) -> Judgement:
    if judgement.status is not Status.BROKEN or (auto_mode and not manifest.patched):
        return judgement
    why = (
        f"{manifest.patched} patches it, which is not applied here"
        if manifest.patched
        else "nobody can say whether the cluster runs in Auto Mode"
    )
    return replace(judgement, status=Status.UNKNOWN, message=f"{judgement.message.removesuffix('.')}; but {why}.")


def cluster_of(facts: Facts, manifest: Manifest) -> Cluster | None:
    """Return the cluster an object goes to: the one whose environment names a folder above it, else the only one."""
    return _cluster_of(facts, manifest.file)


def _cluster_of(facts: Facts, file: str) -> Cluster | None:
    folders = set(PurePosixPath(file).parent.parts)
    named = [each for each in facts.clusters if folders & _names(each)]
    found = named or facts.clusters
    return found[0] if len(found) == 1 else None


def _names(cluster: Cluster) -> set[str]:
    """Return what an environment is called: `prod` of `environments/prod`, or of `prod.tfvars`."""
    return {PurePosixPath(cluster.root.path).name, PurePosixPath(cluster.root.variables).stem} - {""}


def title(manifest: Manifest) -> str:
    """Return what a message calls an object: `NodePool spot`."""
    return f"{manifest.kind} {manifest.name}".rstrip()


def field(node: Node, *path: str) -> Node | None:
    """Return the node at a path, or the one on the way that nobody knows; nothing where it is not set."""
    for name in path:
        if is_open(node):
            return node
        inner = node.value.get(name) if isinstance(node.value, Mapping) else None
        if inner is None or inner.value is None:
            return None
        node = inner
    return node


def is_open(node: Node) -> bool:
    """Return whether a value is filled in by somebody else: by Terraform, Flux, or a template."""
    return isinstance(node.value, str) and is_open_text(node.value)


def is_open_text(text: str) -> bool:
    """Return whether a text is filled in by somebody else."""
    return "${" in text or "{{" in text


def text_at(node: Node, *path: str) -> str:
    """Return the text at a path, empty where there is none."""
    found = node.at(*path)
    return (found.string if found else None) or ""


def place_at(manifest: Manifest, *path: str) -> Place:
    """Return where a path is written in an object, or else the nearest field around it."""
    node = manifest.node
    for name in path:
        inner = node.fields.get(name)
        if inner is None:
            break
        node = inner
    return Place(manifest.file, node.line)


def expect_set(manifest: Manifest, path: tuple[str, ...], wanted: str) -> Iterator[Judgement]:
    """Yield that a field is not set, or that nobody knows whether it is; its value may be anything."""
    if manifest.node.at(*path) is None:
        yield from expect(manifest, path, lambda node: True, wanted)


def expect(manifest: Manifest, path: tuple[str, ...], good: Callable[[Node], bool], wanted: str) -> Iterator[Judgement]:
    """Yield that a field is not as wanted, or that nobody knows it.

    Args:
        manifest: the object.
        path: the field.
        good: tells whether the field's value will do; a field that is not set never does.
        wanted: what it should be, `gp3`.
    """
    found = field(manifest.node, *path)
    if found is not None and not is_open(found) and good(found):
        return
    name, place = f"{title(manifest)}: {'.'.join(path)}", place_at(manifest, *path)
    if found is not None and is_open(found):
        yield unknown(f"{name} cannot be told from {found.text}.", place)
    else:
        is_there = "is not set" if found is None else f"is {found.text or 'something else'}, not {wanted}"
        yield broken(f"{name} {is_there}.", place, f"Set {'.'.join(path)} to {wanted}.")
