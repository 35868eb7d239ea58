"""C11: a deployment that goes wrong goes back by itself."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.cluster import flag
from scaffold.facts.ecs import Ecs, EcsService
from scaffold.opinions.ecs_services import expected, for_each_service, missing
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_BREAKER, _ALARMS = "deployment_circuit_breaker", "alarms"
_SHIFTING = ("BLUE_GREEN", "CANARY", "LINEAR")


def _faults(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement]:
    controller, place = service.controller, service.instance.place_of("deployment_controller", "type")
    if controller == "CODE_DEPLOY":
        yield from _code_deploy(service, place)
    elif controller != "ECS":
        yield unknown(f"{service.address}: how it is deployed is not known here.", place)
    else:
        yield from _native(service)


def _native(service: EcsService) -> Iterator[Judgement]:
    path = ("deployment_configuration", "strategy")
    strategy = service.instance.get(*path)
    if isinstance(strategy, Symbol | Joined):
        place = service.instance.place_of(*path)
        yield unknown(f"{service.address}: its deployment strategy cannot be told.", place)
    elif strategy not in _SHIFTING:
        wrong = "has no circuit breaker: tasks that never start are tried for ever"
        yield from _block(service, _BREAKER, wrong, "enable = true, rollback = true")
    wrong = "has no alarms that end a deployment: a version that starts, and fails its callers, stays"
    yield from _block(service, _ALARMS, wrong, "alarm_names = […], enable = true, rollback = true")
    if several(service.instance.get(_ALARMS, "alarm_names")) == () and _ALARMS in service.instance.body.blocks:
        yield broken(f"{service.address} names no alarm.", service.instance.place_of(_ALARMS), "Name one or more.")


def _block(service: EcsService, kind: str, wrong: str, wanted: str) -> Iterator[Judgement]:
    """Yield that a block is missing, is not enabled or does not roll back."""
    body, address = service.instance.body, service.address
    mend = f"Set {kind} {{ {wanted} }}."
    if kind in body.open:
        yield unknown(f"{address}: whether it has {kind} cannot be told.", service.instance.place_of(kind))
        return
    if kind not in body.blocks:
        yield broken(f"{address} {wrong}.", service.instance.place, mend)
        return
    for name in ("enable", "rollback"):
        value: Value = flag(service.instance.get(kind, name), False)
        place = service.instance.place_of(kind, name)
        message = f"{address}: {kind} has {name} = false, so nothing goes back."
        yield from expected(address, f"{name} of {kind}", value, place, lambda on: on is True, message, mend)


def _code_deploy(service: EcsService, place: Place) -> Iterator[Judgement]:
    groups = list(service.root.of("aws_codedeploy_deployment_group"))
    if not groups:
        message = f"{service.address} is deployed by CodeDeploy, and no deployment group is made here"
        yield missing(service.root, message, place)
    for group in groups:
        path = ("auto_rollback_configuration", "enabled")
        back = flag(group.get(*path), False)
        yield from expected(
            group.address,
            "auto_rollback_configuration",
            back,
            group.place_of(*path),
            lambda on: on is True,
            f"{group.address} does not roll back.",
            "Set auto_rollback_configuration { enabled = true, events = […] }.",
        )


_EXAMPLE = """\
resource "aws_ecs_service" "api" {
  name = "api"

  deployment_circuit_breaker {
    enable   = true
    rollback = %s
  }

  alarms {
    alarm_names = ["api-5xx"]
    enable      = true
    rollback    = true
  }
}
"""

OPINION = Opinion(
    id="C11",
    title="A way back for every deployment: circuit breaker with rollback and alarms, or traffic shifted with alarms",
    why="Without a circuit breaker ECS tries a version that cannot start for ever. Without alarms it is content with "
    "one that starts and then fails every request.",
    mend="Set deployment_circuit_breaker and alarms, each with enable and rollback; or deployment_configuration with "
    "strategy BLUE_GREEN, CANARY or LINEAR, and alarms.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html",
    judge=for_each_service(_faults, lambda service: f"{service.address}: a deployment that goes wrong goes back."),
    good={"main.tf": _EXAMPLE % "true"},
    bad={"main.tf": _EXAMPLE % "false"},
)
