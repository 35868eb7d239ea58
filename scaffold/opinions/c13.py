"""C13: services find each other by Service Connect."""

from collections.abc import Iterator

from scaffold.evaluate.values import Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.ecs import Ecs, EcsService
from scaffold.opinions.ecs_services import for_each_service
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_CONNECT, _DEFAULTS, _REGISTRIES = "service_connect_configuration", "service_connect_defaults", "service_registries"
_MEND = f"Set {_CONNECT} {{ enabled = true }} with the namespace, and a service block for each port that others call."


def _judge(facts: Facts, ecs: Ecs, service: EcsService) -> Iterator[Judgement] | None:
    body = service.instance.body
    alone = sum(1 for each in ecs.services if _cluster(each) == _cluster(service)) == 1
    has_namespace = service.cluster is not None and _DEFAULTS in service.cluster.instance.body.blocks
    if alone and not has_namespace and not {_CONNECT, _REGISTRIES} & (body.blocks.keys() | body.open):
        return None
    return _faults(service)


def _cluster(service: EcsService) -> Value:
    return Symbol(service.cluster.address) if service.cluster is not None else service.instance.get("cluster")


def _faults(service: EcsService) -> Iterator[Judgement]:
    body, place, address = service.instance.body, service.instance.place, service.address
    enabled = flag(service.instance.get(_CONNECT, "enabled"), False)
    if isinstance(enabled, Symbol):
        place = service.instance.place_of(_CONNECT, "enabled")
        yield unknown(f"{address}: whether it is part of Service Connect cannot be told.", place)
    elif _REGISTRIES in body.blocks and enabled is not True:
        yield broken(
            f"{address} is found by DNS alone, which callers remember past the life of its tasks.",
            service.instance.place_of(_REGISTRIES),
            _MEND,
        )
    elif enabled is not True and "vpc_lattice_configurations" not in body.blocks:
        message = f"{address} is not part of Service Connect: nothing says how it and the others find each other."
        yield broken(
            message, service.instance.place_of(_CONNECT, "enabled") if _CONNECT in body.blocks else place, _MEND
        )
    elif enabled is True and _namespace(service) is None:
        message = f"{address} is part of Service Connect, and neither it nor its cluster names a namespace."
        yield broken(message, service.instance.place_of(_CONNECT), "Set namespace to the ARN of one.")


def _namespace(service: EcsService) -> Value:
    own = service.instance.get(_CONNECT, "namespace")
    if own is not None or service.cluster is None:
        return own if own is not None else Symbol("the namespace of a cluster made elsewhere")
    return service.cluster.instance.get(_DEFAULTS, "namespace")


_EXAMPLE = """\
resource "aws_ecs_cluster" "shop" {
  name = "shop"

  service_connect_defaults {
    namespace = "arn:aws:servicediscovery:eu-central-1:111122223333:namespace/ns-0123456789abcdef"
  }
}

resource "aws_ecs_service" "api" {
  name    = "api"
  cluster = aws_ecs_cluster.shop.id

  service_connect_configuration {
    enabled = %s
  }
}
"""

OPINION = Opinion(
    id="C13",
    title="Services that call each other do so through Service Connect",
    why="It retries, leaves out tasks that fail, and gives a metric for each pair. A name in DNS leads callers to "
    "tasks that are gone for as long as they remember it; a load balancer between services costs money and a hop.",
    mend=_MEND,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html",
    judge=for_each_service(_judge, lambda service: f"{service.address} is found by Service Connect, or not at all."),
    good={"main.tf": _EXAMPLE % "true"},
    bad={"main.tf": _EXAMPLE % "false"},
)
