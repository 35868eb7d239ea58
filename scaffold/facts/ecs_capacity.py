"""Which capacity the tasks of a service of Amazon ECS run on."""

from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.evaluate.root import Body, Instance, Place
from scaffold.evaluate.values import Joined, Symbol, Value

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
"""The capacity providers that every account has."""

_STRATEGY = "capacity_provider_strategy"
_DEFAULT = "default_capacity_provider_strategy"


@dataclass(frozen=True, slots=True)
class Share:
    """What a capacity provider has of the tasks of a service.

    Attributes:
        provider: the capacity provider's name, or a reference to it.
        base: how many tasks run on it before any other.
        weight: its share of the tasks beyond that.
        place: where it is written.
    """

    provider: Value
    base: Value
    weight: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which capacity tasks run on.

    Attributes:
        shares: of each capacity provider.
        launch_type: `FARGATE`, `EC2` or `EXTERNAL` where tasks run without capacity providers; else None.
        open: whether there may be other shares than these.
    """

    shares: tuple[Share, ...]
    launch_type: Value = None
    open: bool = False

    @property
    def fargate(self) -> bool | None:
        """Whether all tasks run on Fargate, Spot or not; None where nobody can say."""
        given = tuple(share.provider for share in self.shares) if self.shares else (self.launch_type,)
        if self.open or any(isinstance(each, Symbol | Joined) and not _is_made(each) for each in given):
            return None
        return all(each in (FARGATE, SPOT) for each in given)

    @property
    def spot(self) -> bool | None:
        """Whether any task may run on Fargate Spot; None where nobody can say."""
        if any(share.provider == SPOT for share in self.shares):
            return True
        unknown = any(
            isinstance(each.provider, Symbol | Joined) and not _is_made(each.provider) for each in self.shares
        )
        return None if self.open or unknown else False


def _is_made(value: Value) -> bool:
    """Return whether a value refers to a capacity provider that is made here, so that it is none of Fargate's."""
    return isinstance(value, Symbol) and ".aws_ecs_capacity_provider." in f".{value.of}"


def strategy_of(service: Instance, of_cluster: Sequence[Instance] | None) -> Strategy:
    """Return the service's own strategy, or else its launch type, or else the strategy of its cluster.

    Args:
        service: the `aws_ecs_service`.
        of_cluster: the `aws_ecs_cluster_capacity_providers` of its cluster; None where the cluster is made elsewhere.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html, `launchType`.
    """
    shares, is_open = _shares(service, _STRATEGY)
    if shares or is_open:
        return Strategy(shares, open=is_open)
    launch_type = service.get("launch_type")
    if launch_type is not None:
        return Strategy((), launch_type)
    if of_cluster is None:
        return Strategy((), open=True)
    for providers in of_cluster:
        shares, is_open = _shares(providers, _DEFAULT)
        if shares or is_open:
            return Strategy(shares, open=is_open or not providers.certain)
    return Strategy((), "EC2")


def _shares(instance: Instance, kind: str) -> tuple[tuple[Share, ...], bool]:
    shares = tuple(_share(block) for block in instance.body.blocks.get(kind, ()))
    return shares, kind in instance.body.open


def _share(block: Body) -> Share:
    base, weight = block.get("base"), block.get("weight")
    return Share(
        block.get("capacity_provider"), 0 if base is None else base, 0 if weight is None else weight, block.place
    )
