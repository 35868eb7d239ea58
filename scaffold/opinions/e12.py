"""E12: load balancers are Auto Mode's own, asked for in the way it understands."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.facts import Facts
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.manifests import (
    AUTO_MODE_GROUP,
    expect,
    field,
    for_each_object,
    is_open,
    is_open_text,
    place_at,
    text_at,
    title,
)
from scaffold.opinions.opinion import Judgement, Opinion
from scaffold.repository.model import Manifest

_ALB = "eks.amazonaws.com/alb"
_NLB = "eks.amazonaws.com/nlb"
_SELF_MANAGED_ALB = "ingress.k8s.aws/alb"
_SELF_MANAGED_NLB = "service.k8s.aws/nlb"
_ANNOTATIONS = "alb.ingress.kubernetes.io/"
_OLD_CLASS = "kubernetes.io/ingress.class"
_TARGET_TYPE = "alb.ingress.kubernetes.io/target-type"
_GATEWAY_GROUP = "gateway.networking.k8s.io/"
_FORMS = frozenset(f"kubernetes_{kind}{version}" for kind in ("ingress", "ingress_class") for version in ("", "_v1"))
_AWS_GATEWAYS = "gateway.k8s.aws/"
"""How the AWS Load Balancer Controller, which Auto Mode's is not, calls its Gateway API controllers."""


def _is_about(manifest: Manifest) -> bool:
    kind, node = manifest.kind, manifest.node
    if kind == "IngressClass":
        controller = field(node, "spec", "controller")
        return controller is None or is_open(controller) or controller.value in (_ALB, _SELF_MANAGED_ALB)
    if kind == "Ingress":
        return _is_for_alb(node)
    if kind == "Service":
        return text_at(node, "spec", "type") == "LoadBalancer"
    return kind == "IngressClassParams" or (
        kind in ("Gateway", "GatewayClass") and manifest.api_version.startswith(_GATEWAY_GROUP)
    )


def _is_unread(instance: Instance) -> bool:
    if instance.type in ("kubernetes_service", "kubernetes_service_v1"):
        return instance.get("spec", "type") not in (None, "ClusterIP", "ExternalName", "NodePort")
    return instance.type in _FORMS


def _is_for_alb(ingress: Node) -> bool:
    annotations = ingress.strings("metadata", "annotations")
    return (
        text_at(ingress, "spec", "ingressClassName") == "alb"
        or annotations.get(_OLD_CLASS) == "alb"
        or any(name.startswith(_ANNOTATIONS) for name in annotations)
    )


def _faults(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    yield from _FAULTS[manifest.kind](facts, manifest)


def _ingress_class(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    yield from expect(manifest, ("spec", "controller"), lambda node: node.value == _ALB, _ALB)
    if text_at(manifest.node, "spec", "controller") != _ALB:
        return
    path = ("spec", "parameters")
    yield from expect(manifest, (*path, "apiGroup"), lambda node: node.value == AUTO_MODE_GROUP, AUTO_MODE_GROUP)
    name = field(manifest.node, *path, "name")
    if name is not None and not is_open(name):
        message = (
            f"{title(manifest)} takes its parameters from IngressClassParams {name.text}, which is not written here"
        )
        mend = f"Write IngressClassParams {name.text} (eks.amazonaws.com/v1) with the scheme."
        yield from _absent(facts, manifest, ("IngressClassParams", name.text), message, (*path, "name"), mend)


def _absent(
    facts: Facts, manifest: Manifest, wanted: tuple[str, str], message: str, path: tuple[str, ...], mend: str
) -> Iterator[Judgement]:
    """Yield that an object is not there, or that it may be in what is not read."""
    repository = facts.repository
    kind, name = wanted
    if any(one.name == name or is_open_text(one.name) for one in repository.manifests_by_kind.get(kind, ())):
        return
    place = place_at(manifest, *path)
    unread = (*repository.unread, *(each for root in repository.roots for each in root.unread))
    if unread:
        first = unread[0]
        yield unknown(f"{message}; it may be in what is not read: {first.what} {first.reason}.", place)
    else:
        yield broken(f"{message}.", place, mend)


def _parameters(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    wanted = f"{AUTO_MODE_GROUP}/v1"
    yield from expect(manifest, ("apiVersion",), lambda node: node.value == wanted, wanted)


def _ingress(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    annotations = manifest.node.at("metadata", "annotations")
    fields = annotations.fields if annotations else {}
    name = field(manifest.node, "spec", "ingressClassName")
    if name is None and _OLD_CLASS in fields:
        yield broken(
            f"{title(manifest)} names its class in the annotation {_OLD_CLASS}, which Auto Mode does not read.",
            place_at(manifest, "metadata", "annotations", _OLD_CLASS),
            f"Set spec.ingressClassName: {fields[_OLD_CLASS].text}.",
        )
    elif name is not None and not is_open(name):
        message = f"{title(manifest)} is of the class {name.text}, and no such IngressClass is written here"
        mend = f"Write IngressClass {name.text} with controller {_ALB}, and its IngressClassParams."
        yield from _absent(facts, manifest, ("IngressClass", name.text), message, ("spec", "ingressClassName"), mend)
    if _TARGET_TYPE in fields:
        path = ("metadata", "annotations", _TARGET_TYPE)
        yield from expect(manifest, path, lambda node: node.value == "ip", "ip")


def _service(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    path = ("spec", "loadBalancerClass")
    # Without a class it is Auto Mode's: https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html
    if field(manifest.node, *path) is not None:
        yield from expect(manifest, path, lambda node: node.value != _SELF_MANAGED_NLB, _NLB)


def _gateway(facts: Facts, manifest: Manifest) -> Iterator[Judgement]:
    """Yield that nobody serves a Gateway; those of Istio, Envoy and others, which a GatewayClass names, are fine."""
    mend = f"Write an Ingress of a class with controller {_ALB}, or install a controller of the Gateway API."
    if manifest.kind == "GatewayClass":
        controller = text_at(manifest.node, "spec", "controllerName")
        if controller.startswith(_AWS_GATEWAYS) or AUTO_MODE_GROUP in controller:
            message = f"{title(manifest)} is of {controller}, which Auto Mode does not bring."
            yield broken(message, place_at(manifest, "spec", "controllerName"), mend)
        return
    name = field(manifest.node, "spec", "gatewayClassName")
    if name is not None and not is_open(name):
        message = (
            f"{title(manifest)} is of the class {name.text}: Auto Mode has no Gateway API, and no such GatewayClass"
        )
        path = ("spec", "gatewayClassName")
        yield from _absent(facts, manifest, ("GatewayClass", name.text), f"{message} is written here", path, mend)


_FAULTS = {
    "Gateway": _gateway,
    "GatewayClass": _gateway,
    "Ingress": _ingress,
    "IngressClass": _ingress_class,
    "IngressClassParams": _parameters,
    "Service": _service,
}


_EXAMPLE = """\
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: alb
spec:
  controller: eks.amazonaws.com/alb
  parameters:
    apiGroup: eks.amazonaws.com
    kind: IngressClassParams
    name: alb
---
apiVersion: eks.amazonaws.com/v1
kind: IngressClassParams
metadata:
  name: alb
spec:
  scheme: internal
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
%sspec:
%s  defaultBackend:
    service:
      name: shop
      port:
        number: 80
"""

_OLD_WAY = "  annotations:\n    kubernetes.io/ingress.class: alb\n"

OPINION = Opinion(
    id="E12",
    title="IngressClass and IngressClassParams written out, load balancers of Auto Mode's own, no Gateway API",
    why="Auto Mode brings a load balancer controller but registers no class: an Ingress of a class that nobody serves "
    "gets no load balancer and no error.",
    mend="Write IngressClass alb with controller eks.amazonaws.com/alb and its IngressClassParams "
    "(eks.amazonaws.com/v1); for an NLB, a Service of type LoadBalancer with loadBalancerClass eks.amazonaws.com/nlb.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html",
    judge=for_each_object(_is_about, _faults, "asks for nothing that Auto Mode does not serve", unread=_is_unread),
    good={"k8s/ingress-shop.yaml": _EXAMPLE % ("", "  ingressClassName: alb\n")},
    bad={"k8s/ingress-shop.yaml": _EXAMPLE % (_OLD_WAY, "")},
)
