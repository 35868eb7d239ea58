"""E19: every pod has a node pool that takes it: arm64 ones too, and on a cluster without built-in pools."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.kubernetes.documents import Node
from scaffold.opinions.clusters import in_auto_mode
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.manifests import (
    AUTO_MODE_GROUP,
    cluster_of,
    field,
    for_each_object,
    is_open,
    is_open_text,
    place_at,
    text_at,
    title,
)
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.opinions.workloads import WORKLOADS, together
from scaffold.repository.model import Manifest

_ARCH = "kubernetes.io/arch"
_POD = ("spec", "template", "spec")
_DEFAULT_CLASS = "default"


def _judge(facts: Facts) -> Iterator[Judgement]:
    yield from in_auto_mode(facts, lambda cluster: _cluster(facts, cluster))
    yield from for_each_object(_is_about, _workload, "wants arm64 nodes, and a node pool makes them")(facts)


def _cluster(facts: Facts, cluster: Cluster) -> Iterator[Judgement]:
    """Judge a cluster by whether it makes nodes at all."""
    pools, place = cluster.node_pools, cluster.cluster.place_of("compute_config", "node_pools")
    if pools:
        yield kept(f"{cluster.address} has a built-in node pool.", place)
        return
    own = [each for each in _pools(facts) if _may_be_of(facts, each, cluster)]
    without_class = [each for each in own if text_at(each.node, *_POD, "nodeClassRef", "name") == _DEFAULT_CLASS]
    what = f"{cluster.address} enables no built-in node pool"
    for pool in without_class:
        yield broken(
            f"{what}, so that there is no NodeClass {_DEFAULT_CLASS} for {title(pool)}.",
            place_at(pool, *_POD, "nodeClassRef", "name"),
            "Write a NodeClass of your own and name it, or enable general-purpose.",
        )
    if not own:
        yield unknown(f"{what}, and which others there are is not written here.", place)
    elif not without_class:
        yield kept(f"{what}, and has its own.", place)


def _pools(facts: Facts) -> Iterator[Manifest]:
    """Yield the node pools of Auto Mode."""
    for one in facts.repository.manifests_by_kind.get("NodePool", ()):
        group = text_at(one.node, *_POD, "nodeClassRef", "group")
        if one.api_version.startswith("karpenter.sh/") and group in (AUTO_MODE_GROUP, ""):
            yield one


def _is_about(manifest: Manifest) -> bool:
    return manifest.kind in WORKLOADS and _wants_arm64(manifest)


def _wants_arm64(workload: Manifest) -> bool:
    """Return whether pods run on arm64 nodes alone."""
    if text_at(workload.node, *_POD, "nodeSelector", _ARCH) == "arm64":
        return True
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    terms = field(workload.node, *_POD, "affinity", "nodeAffinity", required, "nodeSelectorTerms")
    found = [_arm64_alone(term) for term in terms.items] if terms else []
    return bool(found) and all(found)


def _arm64_alone(term: Node) -> bool:
    expressions = field(term, "matchExpressions")
    return any(_values(each) == {"arm64"} for each in (expressions.items if expressions else ()))


def _values(requirement: Node) -> set[str]:
    """Return the architectures that a requirement allows; nothing where it is about something else."""
    values = requirement.at("values")
    if text_at(requirement, "key") != _ARCH or text_at(requirement, "operator") != "In" or values is None:
        return set()
    return {each.text for each in values.items}


def _workload(facts: Facts, workload: Manifest) -> Iterator[Judgement]:
    cluster = cluster_of(facts, workload)
    pools = [each for each in _pools(facts) if _is_for(facts, each, workload, cluster)]
    if any(_makes_arm64(each) for each in pools) or _runs_on_system(workload, cluster):
        return
    place = place_at(workload, *_POD, "nodeSelector", _ARCH)
    what = f"{title(workload)} wants arm64 nodes, and no node pool that is written here makes them"
    doubt = next((f"{each.what} {each.reason}" for each in facts.repository.unread), "")
    if not doubt and not pools and cluster is None:
        doubt = "nor is its cluster"
    if doubt:
        yield unknown(f"{what}: {doubt}.", place)
    else:
        mend = "Write a NodePool with kubernetes.io/arch In [arm64]; the built-in general-purpose is amd64 only."
        yield broken(f"{what}: its pods wait for ever.", place, mend)


def _is_for(facts: Facts, pool: Manifest, workload: Manifest, cluster: Cluster | None) -> bool:
    return together(pool.file, workload.file) or (cluster is not None and _may_be_of(facts, pool, cluster))


def _may_be_of(facts: Facts, pool: Manifest, cluster: Cluster) -> bool:
    of = cluster_of(facts, pool)
    return of is None or of is cluster


def _makes_arm64(pool: Manifest) -> bool:
    """Return whether a pool makes, or may make, arm64 nodes; without a requirement it makes either."""
    requirements = field(pool.node, *_POD, "requirements")
    if requirements is None or is_open(requirements):
        return True
    found = [_values(each) for each in requirements.items if text_at(each, "key") == _ARCH]
    return all("arm64" in each or any(is_open_text(one) for one in each) for each in found)


def _runs_on_system(workload: Manifest, cluster: Cluster | None) -> bool:
    """Return whether pods tolerate the built-in pool for add-ons, which makes arm64 nodes too."""
    tolerations = field(workload.node, *_POD, "tolerations")
    tolerates = any(
        text_at(each, "key") in ("CriticalAddonsOnly", "") for each in (tolerations.items if tolerations else ())
    )
    pools = cluster.node_pools if cluster is not None else ()
    return tolerates and (not isinstance(pools, tuple) or "system" in pools)


_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: worker
  template:
    metadata:
      labels:
        app.kubernetes.io/name: worker
    spec:
      nodeSelector:
        kubernetes.io/arch: arm64
      containers:
        - name: worker
          image: worker:1.0
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: own
spec:
  weight: 10
  template:
    spec:
      nodeClassRef:
        group: eks.amazonaws.com
        kind: NodeClass
        name: private
      expireAfter: 336h
      requirements:
        - key: kubernetes.io/arch
          operator: In
          values: [%s]
  disruption:
    consolidateAfter: 1m
"""

OPINION = Opinion(
    id="E19",
    title="A node pool for arm64 pods, and a NodeClass where no built-in pool is enabled",
    why="The built-in general-purpose pool is amd64 only, and system is tainted for add-ons: arm64 pods wait for ever. "
    "Without any built-in pool the default NodeClass does not exist.",
    mend="Write a NodePool with kubernetes.io/arch In [arm64]; keep a built-in pool, or write a NodeClass of your own.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html",
    judge=_judge,
    good={"k8s/worker.yaml": _DEPLOYMENT % "arm64"},
    bad={"k8s/worker.yaml": _DEPLOYMENT % "amd64"},
)
