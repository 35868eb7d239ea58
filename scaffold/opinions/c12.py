"""C12: the number of tasks follows the load, never falls to one in production, and spreads over AZs."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.ecs import Ecs, EcsService
from scaffold.opinions.ecs_services import for_each_service, missing, number, subnets_of
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

LEAST = 2
"""The fewest tasks in production: one for each of two AZs."""

_SPREAD = "attribute:ecs.availability-zone"


def _judge(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement] | None:
    return None if service.daemon is True else _faults(facts, service)


def _faults(facts: Facts, service: EcsService) -> Iterator[Judgement]:
    address, place = service.address, service.instance.place
    if isinstance(service.daemon, Symbol | Joined):
        yield unknown(f"{address}: whether it runs a number of tasks cannot be told.", place)
        return
    target, doubt = service.scaling.target, service.scaling.doubt
    if doubt:
        yield unknown(f"{address}: how its tasks scale cannot be told: {doubt}.", place)
    elif target is None:
        mend = "Add an aws_appautoscaling_target for it, and a policy with target tracking."
        yield missing(service.root, f"{address} has the same number of tasks whatever the load", place, mend)
    else:
        if not service.scaling.policies:
            message = f"{target.address} has no policy: nothing scales"
            yield missing(service.root, message, target.place, "Add an aws_appautoscaling_policy for it.")
        yield from _least(service, target.get("min_capacity"))
    yield from _spread(facts, service)


def _least(service: EcsService, least: Value) -> Iterator[Judgement]:
    target = service.scaling.target
    if target is None or not service.production:
        return
    place = target.place_of("min_capacity")
    if not known(least):
        yield unknown(f"{target.address}: its min_capacity cannot be told: {shown(least)}.", place)
    elif (number(least) or 0) < LEAST:
        yield broken(
            f"{target.address} goes down to {shown(least)}: one AZ, or one deployment, away from none.",
            place,
            f"Set min_capacity = {LEAST} or more.",
        )


def _spread(facts: Facts, service: EcsService) -> Iterator[Judgement]:
    """Yield that all tasks may be in one AZ. Where they have no subnets of their own, it is the instances' matter."""
    found = subnets_of(facts, service.root, service.subnets)
    if found is not None and len({each.instance.address for each in found}) == 1 and not found[0].instance.many:
        place = service.instance.place_of("network_configuration", "subnets")
        yield broken(f"{service.address} has all its tasks in one subnet.", place, "Name one of each AZ.")
    if service.instance.get("availability_zone_rebalancing") == "DISABLED":
        place = service.instance.place_of("availability_zone_rebalancing")
        yield broken(
            f"{service.address} stays in the AZs that are left after one has failed.",
            place,
            'Set availability_zone_rebalancing = "ENABLED".',
        )
    strategies = service.instance.body.blocks.get("ordered_placement_strategy", ())
    fields = [each.get("field") for each in strategies]
    if fields and all(isinstance(each, str) for each in fields) and _SPREAD not in fields:
        place = strategies[0].place
        yield broken(f"{service.address} places its tasks without regard to AZs.", place, f"Spread by {_SPREAD} first.")


_EXAMPLE = """\
resource "aws_ecs_service" "api" {
  name    = "api"
  cluster = "shop"
}

resource "aws_appautoscaling_target" "api" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.api.name}"
  min_capacity       = %s
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = aws_appautoscaling_target.api.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
"""

OPINION = Opinion(
    id="C12",
    title="Services that scale by a policy, with two tasks or more in production, spread over AZs",
    why="A fixed number of tasks is too few at noon and too many at night. One task is none while it is replaced, or "
    "when its AZ fails.",
    mend="Add an aws_appautoscaling_target with min_capacity = 2 or more and an aws_appautoscaling_policy, and name "
    "subnets of every AZ.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html",
    judge=for_each_service(_judge, lambda service: f"{service.address} scales, and no AZ is all it has."),
    good={"main.tf": _EXAMPLE % 2},
    bad={"main.tf": _EXAMPLE % 1},
)
