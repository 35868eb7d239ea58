"""E13: workloads carry what Auto Mode needs to size nodes, to spread pods, and to replace nodes without an outage.

Judged of every Deployment and StatefulSet outside kube-system:
- CPU and memory requests of each container;
- a zone constraint that is there has `minDomains`.

Of one that a Service selects, in addition: probes, a PodDisruptionBudget, a zone constraint, and of a Deployment an
autoscaler. A workload that can only ever be one pod (`strategy: Recreate`, or one replica and no autoscaler) needs
neither budget, constraint nor autoscaler. A worker without a Service needs none of these: how it is to scale and to
stop is its own affair.

Judged of every Service of such a workload: `trafficDistribution`; of every Service: that it is not
`internalTrafficPolicy: Local`, and has no topology-mode annotation.
"""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Place
from scaffold.facts import Facts
from scaffold.facts.zones import distinct_zones
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import cluster_of, field, for_each_object, is_open, place_at, text_at, title
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.opinions.services import service_faults
from scaffold.opinions.workloads import WORKLOADS, Belonging, Workloads, containers, zone_spreads
from scaffold.repository.model import Manifest

_POD = ("spec", "template", "spec")


def _is_about(manifest: Manifest) -> bool:
    if manifest.namespace == "kube-system":
        return False
    if manifest.kind in WORKLOADS:
        return manifest.api_version == "apps/v1"
    return manifest.kind == "Service" and manifest.api_version == "v1"


_FORMS = frozenset(
    f"kubernetes_{kind}{version}" for kind in ("deployment", "stateful_set", "service") for version in ("", "_v1")
)


def _is_unread(instance: Instance) -> bool:
    return instance.type in _FORMS and instance.get("metadata", "namespace") != "kube-system"


def _judge(facts: Facts) -> Iterator[Judgement]:
    workloads = Workloads(facts.repository)

    def faults(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
        if manifest.kind == "Service":
            return service_faults(facts, workloads, manifest)
        return _workload(facts, workloads, manifest)

    yield from for_each_object(_is_about, faults, "carries what Auto Mode needs", unread=_is_unread)(facts)


def _workload(facts: Facts, workloads: Workloads, workload: Manifest) -> Iterator[Judgement]:
    found = field(workload.node, *_POD, "containers")
    if found is None or is_open(found):
        yield unknown(f"{title(workload)}: its containers cannot be told.", place_at(workload, *_POD))
        return
    yield from _requests(workload)
    services = workloads.services(workload)
    autoscalers = workloads.autoscalers(workload)
    several = not _is_single(workload, autoscalers)
    if services.objects:
        yield from _probes(workload)
        if several:
            yield from _companions(workload, workloads.budgets(workload), autoscalers)
    yield from _spread(facts, workload, wanted=bool(services.objects) and several)


def _is_single(workload: Manifest, autoscalers: Belonging) -> bool:
    replicas = field(workload.node, "spec", "replicas")
    recreated = text_at(workload.node, "spec", "strategy", "type") == "Recreate"
    alone = replicas is not None and replicas.value in (0, 1) and not autoscalers.objects and not autoscalers.doubt
    return recreated or alone


def _requests(workload: Manifest) -> Iterator[Judgement]:
    for container in containers(workload):
        for resource in ("cpu", "memory"):
            path = ("resources", "requests", resource)
            # Without a request, the limit is taken for it.
            if container.at(*path) is not None or container.at("resources", "limits", resource) is not None:
                continue
            name = f"{title(workload)}: container {text_at(container, 'name')}"
            place = Place(workload.file, _nearest(container, *path).line)
            held = field(container, *path)
            if held is not None:
                yield unknown(f"{name}: its request of {resource} cannot be told from {held.text}.", place)
            else:
                message = f"{name} requests no {resource}, so that Auto Mode makes no room for it."
                yield broken(message, place, f"Set resources.requests.{resource}.")


def _nearest(node: Node, *path: str) -> Node:
    for name in path:
        inner = node.fields.get(name)
        if inner is None:
            return node
        node = inner
    return node


def _probes(workload: Manifest) -> Iterator[Judgement]:
    for probe, why in (
        ("readinessProbe", "pods get requests before they can answer"),
        ("livenessProbe", "a pod that hangs is never restarted"),
    ):
        found = [field(container, probe) for container in containers(workload)]
        if not any(found):
            message = f"{title(workload)} has no {probe}: {why}."
            yield broken(message, place_at(workload, *_POD, "containers"), f"Give a container a {probe}.")


def _companions(workload: Manifest, budgets: Belonging, autoscalers: Belonging) -> Iterator[Judgement]:
    yield from _missing(workload, budgets, "PodDisruptionBudget", "all its pods may be evicted at once")
    if workload.kind == "Deployment":
        why = "its number of pods follows no load"
        yield from _missing(workload, autoscalers, "HorizontalPodAutoscaler", why)
    for autoscaler in autoscalers.objects:
        yield from _metrics(workload, autoscaler)


def _missing(workload: Manifest, belonging: Belonging, kind: str, why: str) -> Iterator[Judgement]:
    if belonging.objects:
        return
    message = f"{title(workload)} has no {kind}"
    if belonging.doubt:
        yield unknown(f"{message} that is known of: {belonging.doubt}.", workload.place)
    else:
        yield broken(f"{message}: {why}.", workload.place, f"Write a {kind} for it.")


def _metrics(workload: Manifest, autoscaler: Manifest) -> Iterator[Judgement]:
    """Yield which of CPU and memory an autoscaler of the two does not look at; others' metrics are their own affair."""
    spec = autoscaler.node.at("spec")
    metrics = field(autoscaler.node, "spec", "metrics")
    if autoscaler.kind != "HorizontalPodAutoscaler" or spec is None or (metrics is not None and is_open(metrics)):
        return
    items = metrics.items if metrics else ()
    if any(text_at(each, "type") != "Resource" for each in items):
        return
    measured = {text_at(each, "resource", "name") for each in items}
    measured |= {"cpu"} if spec.at("targetCPUUtilizationPercentage") else set()
    for resource in ("cpu", "memory"):
        if resource not in measured:
            message = f"{title(autoscaler)} does not look at {resource}, so that {title(workload)} does not follow it."
            yield broken(message, place_at(autoscaler, "spec", "metrics"), f"Add a Resource metric of {resource}.")


def _spread(facts: Facts, workload: Manifest, *, wanted: bool) -> Iterator[Judgement]:
    path = (*_POD, "topologySpreadConstraints")
    place = place_at(workload, *path)
    constraints = field(workload.node, *path)
    if constraints is not None and (is_open(constraints) or any(is_open(each) for each in constraints.items)):
        yield unknown(f"{title(workload)}: its topologySpreadConstraints cannot be told.", place)
        return
    over_zones = list(zone_spreads(workload))
    zones = _zones(facts, workload)
    if not over_zones:
        if wanted and zones != 1:
            message = f"{title(workload)} has no topologySpreadConstraint over zones: its pods may all be in one AZ."
            yield broken(message, place, "Add one for topology.kubernetes.io/zone with minDomains and DoNotSchedule.")
        return
    for constraint in over_zones:
        yield from _domains(workload, constraint, zones)


def _domains(workload: Manifest, constraint: Node, zones: int | None) -> Iterator[Judgement]:
    domains = constraint.at("minDomains")
    place = Place(workload.file, (domains or constraint).line)
    number = zones or "the number of AZs"
    name = f"{title(workload)}: the constraint over zones"
    if domains is None:
        message = f"{name} has no minDomains: starting from no nodes, all pods land in one AZ and violate nothing."
        yield broken(message, place, f"Set minDomains to {number} and whenUnsatisfiable to DoNotSchedule.")
    elif not isinstance(domains.value, int):
        yield unknown(f"{name}: minDomains cannot be told from {domains.text}.", place)
    elif zones is not None and domains.value != zones:
        message = f"{name} has minDomains {domains.value}, and the cluster has {zones} AZs."
        yield broken(message, place, f"Set minDomains to {zones}.")
    elif zones is None and domains.value < 2:
        yield broken(f"{name} has minDomains {domains.value}, which asks for nothing.", place, f"Set it to {number}.")


def _zones(facts: Facts, manifest: Manifest) -> int | None:
    """Return the number of AZs of the cluster an object goes to; None where nobody can say."""
    cluster = cluster_of(facts, manifest)
    subnets = cluster.subnet_ids if cluster is not None else None
    if cluster is None or not isinstance(subnets, tuple):
        return None
    networks = [network for network in facts.networks if network.root is cluster.root]
    found = [next(filter(None, (network.subnet(each) for network in networks)), None) for each in subnets]
    if not found or any(each is None or each.instance.many for each in found):
        return None
    zones = distinct_zones(each.zone for each in found if each is not None)
    return None if zones is None else len(zones)


_EXAMPLE = """\
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata:
  name: private
spec:
  role: shop-node
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: shop
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shop
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          minDomains: 3
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: shop
      containers:
        - name: shop
          image: shop:1.0
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
          livenessProbe:
            tcpSocket:
              port: 8080
          readinessProbe:
            httpGet:
              path: /
              port: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app.kubernetes.io/name: shop
  ports:
    - port: 80
      targetPort: 8080
  trafficDistribution: PreferSameZone
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: shop
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: shop
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: shop
  minReplicas: 3
  maxReplicas: 30
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
    - type: Resource
      resource:
        name: memory
        target:
          type: Utilization
          averageUtilization: 80
"""

OPINION = Opinion(
    id="E13",
    title="Workloads with requests, probes, a budget, an autoscaler, minDomains and traffic that stays in its zone",
    why="Auto Mode sizes nodes by requests and replaces them as a matter of course. Starting from no nodes, a zone "
    "constraint without minDomains is kept by all pods in one AZ; traffic across AZs costs $0.01/GB each way.",
    mend="Write CPU and memory requests, both probes, a PodDisruptionBudget, a HorizontalPodAutoscaler on CPU and "
    "memory, a zone constraint with minDomains, and trafficDistribution: PreferSameZone (PreferClose before 1.34).",
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    judge=_judge,
    good={"k8s/shop.yaml": _EXAMPLE},
    bad={"k8s/shop.yaml": _EXAMPLE.replace("          minDomains: 3\n", "")},
)
