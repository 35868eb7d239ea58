"""E17: in a namespace with workloads, what no NetworkPolicy allows is denied; and somebody enforces it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from scaffold.facts import Facts
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import (
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

_DNS = 53
_SWITCH = "enable-network-policy-controller"
_SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease", "amazon-cloudwatch"})
"""Namespaces of the cluster's own and of EKS add-ons, whose traffic is AWS's affair."""

_OTHER_KINDS = ("AdminNetworkPolicy", "ApplicationNetworkPolicy", "ClusterNetworkPolicy")
"""Kinds that may deny what no policy allows in a way that is not read here."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    firsts: dict[tuple[str, str], Manifest] = {}
    for kind in WORKLOADS:
        for one in facts.repository.manifests_by_kind.get(kind, ()):
            if one.namespace not in _SYSTEM and one.api_version == "apps/v1":
                firsts.setdefault((str(PurePosixPath(one.file).parent), _namespace(one)), one)
    ids = {id(one) for one in firsts.values()}
    about = for_each_object(lambda one: id(one) in ids, _faults, "is in a namespace that denies what it does not allow")
    yield from about(facts)


def _namespace(one: Manifest) -> str:
    return one.namespace or "default"


def _faults(facts: Facts, workload: Manifest) -> Iterator[Judgement]:
    """Yield what the namespace of a workload lacks."""
    name = _namespace(workload)
    policies = [
        one
        for one in facts.repository.manifests_by_kind.get("NetworkPolicy", ())
        if together(one.file, workload.file) and (_namespace(one) == name or is_open_text(one.namespace))
    ]
    denied = {direction for direction in ("Ingress", "Egress") if any(_denies(one, direction) for one in policies)}
    if len(denied) < 2:
        traffic = "in and out" if not denied else "out" if "Ingress" in denied else "in"
        what = f"Namespace {name} of {title(workload)} lets everything {traffic}"
        mend = f"Write a NetworkPolicy with an empty podSelector and policyTypes: [Ingress, Egress] for {name}."
        yield from _absent(facts, workload, f"{what}: no NetworkPolicy denies what no other allows", mend)
    if "Egress" in denied and not any(_allows_dns(one) for one in policies):
        what = f"Namespace {name} of {title(workload)} denies DNS with all else"
        yield from _absent(facts, workload, what, "allow UDP and TCP 53 to the cluster's DNS address")
    if denied:
        yield from _switch(facts, workload)


def _absent(facts: Facts, workload: Manifest, what: str, mend: str) -> Iterator[Judgement]:
    place = place_at(workload, "metadata", "namespace")
    doubt = _doubt(facts, workload)
    yield unknown(f"{what}, as far as is known: {doubt}.", place) if doubt else broken(f"{what}.", place, mend)


def _doubt(facts: Facts, workload: Manifest) -> str:
    for kind in _OTHER_KINDS:
        for one in facts.repository.manifests_by_kind.get(kind, ()):
            return f"{title(one)} may do so"
    for unread in facts.repository.unread:
        if together(unread.place.file, workload.file) or unread.place.file.endswith(".tf"):
            return f"{unread.what} {unread.reason}"
    return ""


def _denies(policy: Manifest, direction: str) -> bool:
    """Return whether a policy denies one direction for all pods of its namespace, and allows nothing itself."""
    spec = policy.node.at("spec")
    selector = field(policy.node, "spec", "podSelector")
    if spec is None or (selector is not None and (is_open(selector) or selector.fields)):
        return False
    rules = field(policy.node, "spec", direction.lower())
    return direction in _types(policy) and (rules is None or (not is_open(rules) and not rules.items))


def _types(policy: Manifest) -> set[str]:
    """Return the directions a policy is about: https://kubernetes.io/docs/concepts/services-networking/network-policies/."""
    types = field(policy.node, "spec", "policyTypes")
    if types is not None:
        return {one.text for one in types.items}
    return {"Ingress", *(["Egress"] if field(policy.node, "spec", "egress") is not None else [])}


def _allows_dns(policy: Manifest) -> bool:
    rules = field(policy.node, "spec", "egress")
    return rules is not None and (is_open(rules) or any(_opens_dns(rule) for rule in rules.items))


def _opens_dns(rule: Node) -> bool:
    ports = field(rule, "ports")
    if ports is None or is_open(ports):
        return True
    return any((port := one.at("port")) is None or port.value in (_DNS, "dns") or is_open(port) for one in ports.items)


def _switch(facts: Facts, workload: Manifest) -> Iterator[Judgement]:
    """Yield that nobody turns on the controller that enforces policies; without it they are accepted and ignored."""
    cluster = cluster_of(facts, workload)
    for one in facts.repository.manifests_by_kind.get("ConfigMap", ()):
        if one.name == "amazon-vpc-cni" and (cluster is None or cluster_of(facts, one) is cluster):
            if text_at(one.node, "data", _SWITCH) != "true":
                message = f"{title(one)} does not turn on what enforces NetworkPolicies ({_SWITCH})."
                yield broken(message, place_at(one, "data", _SWITCH), f'Set {_SWITCH} to "true".')
            return
    what = "Nothing turns on what enforces NetworkPolicies: no ConfigMap amazon-vpc-cni"
    if cluster is None:
        yield unknown(f"{what} here, and its cluster is not here either.", workload.place)
    else:
        mend = f'Write ConfigMap amazon-vpc-cni in kube-system with {_SWITCH}: "true".'
        yield from _absent(facts, workload, what, mend)


_WORKLOAD = """\
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata:
  name: private
spec:
  role: shop-node
  networkPolicy: DefaultAllow
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: shop
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shop
    spec:
      containers:
        - name: shop
          image: shop:1.0
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
"""

_POLICIES = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-dns
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 172.20.0.10/32
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: amazon-vpc-cni
  namespace: kube-system
data:
  enable-network-policy-controller: "true"
"""

OPINION = Opinion(
    id="E17",
    title="Default-deny NetworkPolicy for namespaces with workloads, with DNS allowed, and enforced",
    why="Without one, whoever takes over a pod talks to every other pod and to the internet. Auto Mode accepts "
    "NetworkPolicies and ignores them until its controller is turned on.",
    mend="Write a NetworkPolicy with an empty podSelector for Ingress and Egress, others that allow DNS and the app's "
    'own traffic, and ConfigMap amazon-vpc-cni in kube-system with enable-network-policy-controller: "true".',
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html",
    judge=_judge,
    good={"k8s/shop.yaml": _WORKLOAD + _POLICIES},
    bad={"k8s/shop.yaml": _WORKLOAD},
)
