"""Deployments and StatefulSets, and the objects that belong to them: Services, budgets, autoscalers."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from scaffold.kubernetes.documents import Node
from scaffold.opinions.manifests import field, is_open, is_open_text, text_at
from scaffold.repository.model import Manifest, Repository

WORKLOADS = ("Deployment", "StatefulSet")

_SELECTOR = ("spec", "selector")

_AUTOSCALERS = ("HorizontalPodAutoscaler", "ScaledObject")
"""Kubernetes' own, and KEDA's, which makes one."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """What belongs to a workload, of one kind.

    Attributes:
        objects: those that do for sure.
        doubt: why there may be others, in what is not read or cannot be told; empty where there are none.
    """

    objects: tuple[Manifest, ...]
    doubt: str


class Workloads:
    """The workloads of a repository and what belongs to each, found by label and name rather than by looking at all."""

    def __init__(self, repository: Repository) -> None:
        """Index the objects of a repository."""
        self._repository = repository
        self._selecting: dict[tuple[object, ...], Belonging] = {}
        self._unread: dict[tuple[bool, PurePosixPath], str] = {}
        self._found: dict[tuple[str, ...], list[Manifest]] = {}
        for kind in ("Service", "PodDisruptionBudget", *_AUTOSCALERS):
            objects = repository.manifests_by_kind.get(kind, ())
            common = Counter(mark for one in objects for mark in _marks(one))
            for one in objects:
                rarest = min(_marks(one), key=common.__getitem__, default=())
                self._found.setdefault((kind, _namespace(one), *rarest), []).append(one)
        self._files: dict[tuple[str, str, str], set[str]] = {}
        for workload in self._all():
            self._files.setdefault(_identity(workload), set()).add(workload.file)

    def _all(self) -> Iterator[Manifest]:
        for kind in WORKLOADS:
            yield from self._repository.manifests_by_kind.get(kind, ())

    @cached_property
    def _served(self) -> frozenset[int]:
        found = {id(objects): objects for objects in (self.services(workload).objects for workload in self._all())}
        return frozenset(id(service) for objects in found.values() for service in objects)

    def is_served(self, service: Manifest) -> bool:
        """Return whether a Service selects the pods of some workload for sure."""
        return id(service) in self._served

    def services(self, workload: Manifest) -> Belonging:
        """Return the Services that select a workload's pods."""
        labels = _labels(workload)
        return self._by_labels(workload, "Service", lambda one: _selects(one, labels, *_SELECTOR))

    def budgets(self, workload: Manifest) -> Belonging:
        """Return the PodDisruptionBudgets that hold for a workload's pods."""
        labels = _labels(workload)
        return self._by_labels(workload, "PodDisruptionBudget", lambda one: _budgets(one, labels))

    def autoscalers(self, workload: Manifest) -> Belonging:
        """Return the autoscalers that set a workload's number of pods."""
        found = self._belonging(workload, _AUTOSCALERS, lambda one: _scales(one, workload))
        return self._with_unread(workload, found)

    def _by_labels(self, workload: Manifest, kind: str, selects: Callable[[Manifest], bool | None]) -> Belonging:
        """Return what selects a workload's pods, which is worked out once for all with the same labels."""
        labels = _labels(workload)
        texts = labels and (labels.text, *((name, each.text) for name, each in labels.fields.items()))
        folder = None if self._is_alone(workload) else PurePosixPath(workload.file).parent
        key = (kind, _namespace(workload), texts, folder)
        if key not in self._selecting:
            self._selecting[key] = self._belonging(workload, (kind,), selects)
        return self._with_unread(workload, self._selecting[key])

    def _is_alone(self, workload: Manifest) -> bool:
        # With a folder for each environment, a workload is in several of them, and so is what belongs to it.
        return len(self._files[_identity(workload)]) == 1

    def _with_unread(self, workload: Manifest, belonging: Belonging) -> Belonging:
        """Return what belongs to a workload, with the doubt that comes from what is not read near it."""
        declared = workload.file.endswith(".tf")
        key = declared, PurePosixPath(workload.file).parent
        if key not in self._unread:
            near = (
                f"{each.what} {each.reason}"
                for each in self._repository.unread
                if each.place.file.endswith(".tf") == declared and together(each.place.file, workload.file)
            )
            self._unread[key] = next(near, "")
        return belonging if belonging.doubt else replace(belonging, doubt=self._unread[key])

    def _belonging(
        self, workload: Manifest, kinds: tuple[str, ...], belongs: Callable[[Manifest], bool | None]
    ) -> Belonging:
        objects: list[Manifest] = []
        doubts: list[str] = []
        alone = self._is_alone(workload)
        for one in self._candidates(workload, kinds):
            answer = belongs(one)
            if answer is None:
                doubts.append(f"nobody can say whether {_where(one)} is for it")
            elif answer and (alone or together(one.file, workload.file)):
                objects.append(one)
            elif answer:
                doubts.append(f"{_where(one)} may be for another cluster")
        return Belonging(tuple(objects), doubts[0] if doubts else "")

    def _candidates(self, workload: Manifest, kinds: tuple[str, ...]) -> Iterator[Manifest]:
        labels = _labels(workload)
        if is_open_text(workload.name) or (labels is not None and any(is_open(each) for each in labels.walk())):
            for kind in kinds:
                found = self._repository.manifests_by_kind.get(kind, ())
                yield from (one for one in found if _namespace(one) == _namespace(workload))
            return
        marks = [(), (workload.name,), *((name, each.text) for name, each in (labels.fields if labels else {}).items())]
        for kind in kinds:
            for mark in marks:
                yield from self._found.get((kind, _namespace(workload), *mark), ())


def _marks(one: Manifest) -> list[tuple[str, ...]]:
    """Return the name of the workload, or the labels with their values, without each of which it belongs to none.

    Empty for an object that may belong to any.
    """
    if one.kind in _AUTOSCALERS:
        target = field(one.node, "spec", "scaleTargetRef", "name")
        return [] if target is None or is_open(target) else [(target.text,)]
    selector = one.node.at(*_SELECTOR) if one.kind == "Service" else one.node.at(*_SELECTOR, "matchLabels")
    labels = selector.fields if selector else {}
    return [(name, label.text) for name, label in labels.items() if not is_open(label)]


def _where(one: Manifest) -> str:
    return f"{one.kind} {one.name} in {one.file}"


def _identity(workload: Manifest) -> tuple[str, str, str]:
    return workload.kind, _namespace(workload), workload.name


def _namespace(one: Manifest) -> str:
    return one.namespace or "default"


def together(one: str, other: str) -> bool:
    """Return whether two files are in one folder, or one of them in a folder below the other's."""
    left, right = PurePosixPath(one).parent, PurePosixPath(other).parent
    return left == right or left in right.parents or right in left.parents


def _labels(workload: Manifest) -> Node | None:
    return field(workload.node, "spec", "template", "metadata", "labels")


def _selects(one: Manifest, labels: Node | None, *path: str) -> bool | None:
    """Return whether an object's selector, a mapping of labels, fits a pod's labels; None where nobody can say."""
    selector = field(one.node, *path)
    if selector is None:
        return False
    if is_open(selector) or (labels is not None and is_open(labels)):
        return None
    wanted = selector.fields
    there = labels.fields if labels else {}
    found = [_equal(label, there.get(name)) for name, label in wanted.items()]
    return False if False in found or not found else None if None in found else True


def _equal(wanted: Node, label: Node | None) -> bool | None:
    if label is not None and label.text == wanted.text:
        return True
    return None if is_open(wanted) or (label is not None and is_open(label)) else False


def _budgets(one: Manifest, labels: Node | None) -> bool | None:
    selector = field(one.node, *_SELECTOR)
    if selector is None:
        return False
    if selector.at("matchExpressions") is not None:
        return None
    if not selector.fields and not is_open(selector):
        return True  # an empty selector of policy/v1 selects every pod of the namespace
    return _selects(one, labels, *_SELECTOR, "matchLabels")


def _scales(one: Manifest, workload: Manifest) -> bool | None:
    name = field(one.node, "spec", "scaleTargetRef", "name")
    kind = text_at(one.node, "spec", "scaleTargetRef", "kind") or "Deployment"
    if name is None or kind != workload.kind:
        return False
    return None if is_open(name) or "${" in workload.name else name.text == workload.name


def containers(workload: Manifest) -> tuple[Node, ...]:
    """Return a workload's containers, those of its init phase left out."""
    found = field(workload.node, "spec", "template", "spec", "containers")
    return found.items if found else ()


def zone_spreads(workload: Manifest) -> Iterator[Node]:
    """Yield the constraints that spread a workload's pods over zones."""
    found = field(workload.node, "spec", "template", "spec", "topologySpreadConstraints")
    for each in found.items if found else ():
        if text_at(each, "topologyKey") == "topology.kubernetes.io/zone":
            yield each
