"""E10: own node pools are written for Auto Mode, are renewed gently, and are tried in order of price."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from scaffold.evaluate.root import Place
from scaffold.facts import Facts
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import (
    AUTO_MODE_GROUP,
    KARPENTER_GROUP,
    expect,
    expect_set,
    field,
    for_each_object,
    is_open,
    place_at,
    text_at,
    title,
)
from scaffold.opinions.node_classes import node_class_faults
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.repository.model import Manifest, Repository

LONGEST_LIFE_HOURS = 504
"""Auto Mode replaces a node after 21 days, https://docs.aws.amazon.com/eks/latest/userguide/automode.html."""

_TEMPLATE = ("spec", "template", "spec")
_CLASS = (*_TEMPLATE, "nodeClassRef")
_DURATION = re.compile(r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?\Z")


def _is_about(manifest: Manifest) -> bool:
    group = manifest.api_version.partition("/")[0]
    if manifest.kind == "NodePool":
        # There are NodePools for other clouds, and of other makers.
        other = text_at(manifest.node, *_CLASS, "group")
        return group == "karpenter.sh" and (
            other in ("", AUTO_MODE_GROUP, KARPENTER_GROUP) or other.endswith("amazonaws.com") or "${" in other
        )
    return (manifest.kind, group) in {
        ("NodeClass", AUTO_MODE_GROUP),
        ("EC2NodeClass", KARPENTER_GROUP),
        ("Provisioner", "karpenter.sh"),
    }


def _is_self_managed(manifest: Manifest) -> bool:
    """Return whether an object is written for a Karpenter that somebody installed in the cluster."""
    if manifest.kind in ("EC2NodeClass", "Provisioner"):
        return True
    of = manifest.node.at(*_CLASS)
    return of is not None and (
        text_at(of, "group") == KARPENTER_GROUP
        or text_at(of, "kind") == "EC2NodeClass"
        or text_at(of, "apiVersion").startswith(f"{KARPENTER_GROUP}/")
    )


def _judge(facts: Facts) -> Iterator[Judgement]:
    rivals = _rivals(facts.repository)

    def faults(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
        return _faults(facts, rivals, manifest)

    yield from for_each_object(_is_about, faults, "is written for Auto Mode", always=_is_self_managed)(facts)


def _faults(facts: Facts, rivals: Mapping[PurePosixPath, Manifest], manifest: Manifest) -> Iterator[Judgement]:
    if _is_self_managed(manifest):
        yield broken(
            f"{title(manifest)} is written for a Karpenter that is installed in the cluster ({KARPENTER_GROUP}); on "
            "Auto Mode nothing reads it.",
            place_at(manifest, *_CLASS) if manifest.kind == "NodePool" else manifest.place,
            "On Auto Mode, write a NodeClass of eks.amazonaws.com/v1, name it in nodeClassRef with group "
            "eks.amazonaws.com, and use the labels eks.amazonaws.com/instance-*; "
            "https://docs.aws.amazon.com/eks/latest/userguide/auto-migrate-karpenter.html",
        )
    elif manifest.kind == "NodePool":
        yield from _pool(rivals, manifest)
    else:
        yield from node_class_faults(facts, manifest)


def _pool(rivals: Mapping[PurePosixPath, Manifest], manifest: Manifest) -> Iterator[Judgement]:
    yield from expect(manifest, ("apiVersion",), lambda node: node.value == "karpenter.sh/v1", "karpenter.sh/v1")
    yield from expect(manifest, (*_CLASS, "group"), lambda node: node.value == AUTO_MODE_GROUP, AUTO_MODE_GROUP)
    yield from expect(manifest, (*_CLASS, "kind"), lambda node: node.value == "NodeClass", "NodeClass")
    yield from _labels(manifest)
    yield from expect_set(manifest, ("spec", "disruption", "consolidateAfter"), "1m")
    life = (*_TEMPLATE, "expireAfter")
    if field(manifest.node, *life) is not None:
        yield from expect(manifest, life, _is_short, f"336h, and no longer than {LONGEST_LIFE_HOURS}h")
    yield from _budgets(manifest)
    yield from _weight(rivals, manifest)


def _labels(manifest: Manifest) -> Iterator[Judgement]:
    requirements = field(manifest.node, *_TEMPLATE, "requirements")
    for requirement in requirements.items if requirements else ():
        key = requirement.at("key")
        if key is not None and key.text.startswith(f"{KARPENTER_GROUP}/"):
            right = key.text.replace(KARPENTER_GROUP, AUTO_MODE_GROUP, 1)
            message = f"{title(manifest)} requires the label {key.text}, which nodes of Auto Mode do not have."
            yield broken(message, Place(manifest.file, key.line), f"Write {right}.")


def _is_short(node: Node) -> bool:
    hours = _hours(node.text)
    return hours is not None and hours <= LONGEST_LIFE_HOURS


def _hours(text: str) -> float | None:
    """Return a duration such as `336h` or `1h30m` in hours; None for `Never` and what is none."""
    match = _DURATION.match(text) if text else None
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours + minutes / 60 + seconds / 3600


def _budgets(manifest: Manifest) -> Iterator[Judgement]:
    """Yield what is wrong with the disruption budgets; without any, Karpenter's own of 10 % holds."""
    path = ("spec", "disruption", "budgets")
    budgets = field(manifest.node, *path)
    if budgets is None:
        return
    if is_open(budgets) or any(is_open(field(each, "nodes") or each) for each in budgets.items):
        yield unknown(f"{title(manifest)}: its disruption budgets cannot be told.", place_at(manifest, *path))
        return
    always = [each for each in budgets.items if each.at("schedule") is None and each.at("reasons") is None]
    nodes = [each.at("nodes") for each in always]
    texts = [node.text for node in nodes if node is not None]
    if "0" in texts or "0%" in texts:
        message = f"{title(manifest)}: a disruption budget of 0 at all times keeps old nodes until Auto Mode ends them."
        yield broken(message, place_at(manifest, *path), "Allow 10% of the nodes, or give the budget of 0 a schedule.")
    elif len(always) == len(budgets.items) and set(texts) <= {"100%"}:
        message = f"{title(manifest)}: no disruption budget keeps all its nodes from being replaced at once."
        yield broken(message, place_at(manifest, *path), "Set spec.disruption.budgets to nodes: 10%.")


def _weight(rivals: Mapping[PurePosixPath, Manifest], manifest: Manifest) -> Iterator[Judgement]:
    """Yield that a pool of Spot alone does not come before those on demand; the built-in ones have no weight."""
    if _values(manifest, "karpenter.sh/capacity-type") != {"spot"} or _is_tainted(manifest):
        return
    weight = field(manifest.node, "spec", "weight")
    place = place_at(manifest, "spec", "weight")
    if weight is not None and not isinstance(weight.value, int):
        yield unknown(f"{title(manifest)}: its weight cannot be told from {weight.text}.", place)
        return
    own = _number(manifest)
    if own == 0:
        message = f"{title(manifest)} has no weight, so that nothing tries Spot before the pools on demand."
        yield broken(message, place, "Set spec.weight to 80.")
    rival = rivals.get(PurePosixPath(manifest.file).parent)
    if own and rival is not None and _number(rival) >= own:
        message = f"{title(manifest)} has weight {own}, and {title(rival)} is tried first with {_number(rival)}."
        yield broken(message, place, f"Set spec.weight to more than {_number(rival)}.")


def _rivals(repository: Repository) -> Mapping[PurePosixPath, Manifest]:
    """Return, for each folder, the pool on demand that any pod may go to and that is tried first."""
    rivals: dict[PurePosixPath, Manifest] = {}
    for pool in repository.manifests_by_kind.get("NodePool", ()):
        folder = PurePosixPath(pool.file).parent
        if not _is_tainted(pool) and "spot" not in _values(pool, "karpenter.sh/capacity-type"):
            rivals[folder] = max(rivals.get(folder, pool), pool, key=_number)
    return rivals


def _number(pool: Manifest) -> int:
    weight = pool.node.at("spec", "weight")
    return weight.value if weight is not None and isinstance(weight.value, int) else 0


def _is_tainted(pool: Manifest) -> bool:
    taints = field(pool.node, *_TEMPLATE, "taints")
    return taints is not None and (is_open(taints) or bool(taints.items))


def _values(pool: Manifest, key: str) -> set[str]:
    """Return what a pool's requirement of a label allows; nothing where it has none."""
    requirements = field(pool.node, *_TEMPLATE, "requirements")
    for each in requirements.items if requirements else ():
        if text_at(each, "key") == key and text_at(each, "operator") == "In":
            values = each.at("values")
            return {value.text for value in values.items} if values else set()
    return set()


_EXAMPLE = """\
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  weight: 80
  template:
    spec:
      nodeClassRef:
        group: eks.amazonaws.com
        kind: NodeClass
        name: default
      expireAfter: %s
      requirements:
        - key: karpenter.sh/capacity-type
          operator: In
          values: [spot]
        - key: eks.amazonaws.com/instance-category
          operator: In
          values: [c, m, r]
  disruption:
    consolidateAfter: 1m
    budgets:
      - nodes: 10%%
"""

OPINION = Opinion(
    id="E10",
    title="Node pools written for Auto Mode, Spot before on demand, nodes renewed gently and within 21 days",
    why="A pool or class in the words of an installed Karpenter is ignored or refused, and a role without an access "
    "entry makes nodes that never join: pods stay pending. Without weights pods land on demand though Spot is there.",
    mend="Write karpenter.sh/v1 NodePools that name an eks.amazonaws.com/v1 NodeClass with a role, use the labels "
    "eks.amazonaws.com/instance-*, set consolidateAfter, expireAfter 336h, a budget of 10% and weights (Spot 80, "
    "Graviton 10), and give the role an access entry of type EC2.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html",
    judge=_judge,
    good={"k8s/nodepool-spot.yaml": _EXAMPLE % "336h"},
    bad={"k8s/nodepool-spot.yaml": _EXAMPLE % "720h"},
)
