"""C2: Fargate Spot stands beside Fargate, never alone."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.ecs import FARGATE, SPOT, Ecs, EcsService, Strategy
from scaffold.opinions.ecs_services import for_each_service, number
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

LEAST_BASE = 2
"""How many tasks stay when all of Spot is taken back: one in each of two AZs."""

MOST_FOR_EACH = 4
"""How many tasks on Spot there may be for each one on Fargate beyond the base."""


def _judge(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement] | None:
    if service.strategy.spot is False and service.strategy.fargate is False:
        return None
    return _faults(service)


def _faults(service: EcsService) -> Iterator[Judgement]:
    strategy = service.strategy
    place = strategy.shares[0].place if strategy.shares else service.instance.place
    if strategy.spot is False:
        return
    if strategy.open or strategy.spot is None:
        yield unknown(f"{service.address}: which capacity its tasks run on cannot be told.", place)
        return
    spot = next(share for share in strategy.shares if share.provider == SPOT)
    others = [share for share in strategy.shares if share.provider != SPOT]
    if not all(known(value) for share in strategy.shares for value in (share.base, share.weight)):
        yield unknown(f"{service.address}: how its tasks are shared between Spot and others cannot be told.", place)
    elif not others:
        yield broken(
            f"{service.address} runs on {SPOT} alone: AWS may take every task back with two minutes' notice.",
            spot.place,
            f"Add {FARGATE} with a base of {LEAST_BASE}.",
        )
    else:
        yield from _shared(service, strategy, spot.place)


def _shared(service: EcsService, strategy: Strategy, place: Place) -> Iterator[Judgement]:
    """Yield what is wrong between the shares of Spot and of the others, of which all numbers are known."""
    spot_weight = sum(number(share.weight) or 0 for share in strategy.shares if share.provider == SPOT)
    spot_base = sum(number(share.base) or 0 for share in strategy.shares if share.provider == SPOT)
    weight = sum(number(share.weight) or 0 for share in strategy.shares if share.provider != SPOT)
    base = sum(number(share.base) or 0 for share in strategy.shares if share.provider != SPOT)
    address = service.address
    if spot_base:
        yield broken(f"{address} runs its first tasks on {SPOT}.", place, f"Move the base to {FARGATE}.")
    elif not service.production:
        if not base and not weight:
            yield broken(f"{address} has a share of {FARGATE} that is empty.", place, "Give it a base or a weight.")
    elif base < LEAST_BASE:
        message = f"{address} keeps {base:g} tasks when AWS takes Spot back, not {LEAST_BASE}"
        yield broken(f"{message}.", place, f"Give {FARGATE} a base of {LEAST_BASE}.")
    elif spot_weight > MOST_FOR_EACH * weight:
        message = f"{address} runs {spot_weight:g} tasks on Spot for each {weight:g} on others beyond the base."
        yield broken(message, place, f"Set weight = 1 for {FARGATE} and at most {MOST_FOR_EACH} for {SPOT}.")


def _kept(service: EcsService) -> str:
    if service.strategy.spot:
        return f"{service.address} has tasks on Fargate that stay when Spot is taken back."
    return f"{service.address} runs no task on Fargate Spot."


_EXAMPLE = """\
resource "aws_ecs_service" "api" {
  name    = "api"
  cluster = aws_ecs_cluster.shop.id

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = %s
    weight            = 1
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 4
  }
}
"""

OPINION = Opinion(
    id="C2",
    title="Fargate Spot above a base of two tasks on Fargate, and at most four for each further one",
    why="AWS takes Spot back with two minutes' notice, and from many tasks at once. What runs on Spot alone is then "
    "gone until there is capacity again.",
    mend="Name FARGATE with base = 2 and weight = 1, and FARGATE_SPOT with weight = 4 or less.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    judge=for_each_service(_judge, _kept),
    good={"main.tf": _EXAMPLE % 2},
    bad={"main.tf": _EXAMPLE % 0},
)
