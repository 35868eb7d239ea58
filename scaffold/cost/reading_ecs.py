"""Which tasks and instances the ECS services of a root module keep running, for `reading`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from scaffold.cost.inventory import FargateTasks, Unpriced
from scaffold.cost.shares import TaskShare, instances_at_least, tasks_of
from scaffold.evaluate.root import Root
from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.containers import TaskDefinition, size_of
from scaffold.facts.ecs import FARGATE, SPOT, Ecs, EcsCapacityProvider, EcsService

COUNTED = ("aws_ecs_service",)
"""The types of resource that are counted here."""

_ARCHITECTURES = {None: "x86_64", "X86_64": "x86_64", "ARM64": "arm64"}
"""By what a task definition says; without, it is x86_64. Source: ECS API, RuntimePlatform."""


@dataclass(frozen=True, slots=True)
class EcsCounts:
    """What of ECS an `Inventory` holds, field by field, and what could not be told."""

    fargate: tuple[FargateTasks, ...]
    ecs_instances: tuple[tuple[str, int], ...]
    unpriced: tuple[Unpriced, ...]


class _NotToldError(Exception):
    """What a service runs cannot be told; the text is the reason."""


@dataclass(slots=True)
class _Found:
    fargate: list[FargateTasks] = field(default_factory=list)
    on_instances: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many tasks are on each capacity provider, by its address, and of which architecture."""


def services_in(facts: Facts, root: Root, azs: int) -> EcsCounts:
    """Return what the services of a root module keep running at least.

    What stands for a number of services that nobody knows is not said here: `reading` says so.

    Args:
        facts: the repository's facts.
        root: the root module.
        azs: over how many AZs tasks spread; 0 where that is not known.
    """
    found, unpriced = _Found(), []
    for ecs in (each for each in facts.ecs if each.root is root):
        for service in ecs.services:
            if not service.instance.certain or service.instance.many:
                continue
            try:
                _count(ecs, service, found)
            except _NotToldError as reason:
                unpriced.append(Unpriced(service.address, str(reason)))
    return EcsCounts(
        fargate=tuple(sorted(found.fargate)),
        ecs_instances=tuple(
            sorted((arch, instances_at_least(tasks, azs)) for (_, arch), tasks in found.on_instances.items())
        ),
        unpriced=tuple(unpriced),
    )


def _count(ecs: Ecs, service: EcsService, found: _Found) -> None:
    """Add what a service runs to what is found.

    Raises:
        _NotToldError: that cannot be told.
    """
    least = _least(service)
    if not least:
        return
    # What does not divide is taken to run on what costs more.
    shares = sorted(_shares(ecs, service), key=lambda share: share.provider == SPOT)
    task = service.task
    if task is None:
        raise _NotToldError("its task definition is not known")
    fargate: list[FargateTasks] = []
    on_instances: Counter[tuple[str, str]] = Counter()
    for provider, count in tasks_of(least, shares).items():
        if not count:
            continue
        if provider in (FARGATE, SPOT):
            cpu, memory = _size("cpu", task.cpu), _size("memory", task.memory)
            fargate.append(FargateTasks(_architecture(task), cpu, memory, count, spot=provider == SPOT))
        else:
            on_instances[provider, _architecture(task)] += count
    found.fargate += fargate
    found.on_instances += on_instances


def _least(service: EcsService) -> int:
    """Return the fewest tasks that a service runs."""
    if service.daemon is not False or service.controller == "EXTERNAL":
        raise _NotToldError("how many tasks it runs is not known here; say what runs in usage.instances")
    if service.scaling.doubt:
        raise _NotToldError(service.scaling.doubt)
    least = service.least
    if isinstance(least, int) and not isinstance(least, bool) and least >= 0:
        return least
    raise _NotToldError("it cannot be evaluated how many tasks it runs at least")


def _shares(ecs: Ecs, service: EcsService) -> Iterator[TaskShare]:
    strategy = service.strategy
    if strategy.open:
        raise _NotToldError("it cannot be evaluated on which capacity its tasks run")
    if not strategy.shares:
        if strategy.launch_type == FARGATE:
            yield TaskShare(FARGATE, 0, 1)
            return
        if isinstance(strategy.launch_type, str):
            raise _NotToldError(f"its tasks run on {strategy.launch_type}; say what runs in usage.instances")
        raise _NotToldError("it cannot be evaluated on which capacity its tasks run")
    for share in strategy.shares:
        base, weight = (_count_of(each) for each in (share.base, share.weight))
        yield TaskShare(_provider(ecs, share.provider), base, weight)


def _count_of(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise _NotToldError("it cannot be evaluated what share of its tasks each capacity has")


def _provider(ecs: Ecs, value: Value) -> str:
    if value in (FARGATE, SPOT):
        return str(value)
    made: EcsCapacityProvider | None = next((each for each in ecs.providers if each.is_named(value)), None)
    if made is None:
        raise _NotToldError("it cannot be evaluated on which capacity its tasks run")
    if not made.managed_instances:
        raise _NotToldError(f"its tasks run on the instances of {made.address}; say what runs in usage.instances")
    return made.address


def _architecture(task: TaskDefinition) -> str:
    if task.windows:
        raise _NotToldError("its tasks run Windows, which is not priced here")
    given = task.architecture
    if (given is None or isinstance(given, str)) and given in _ARCHITECTURES:
        return _ARCHITECTURES[given]
    raise _NotToldError("it cannot be evaluated which architecture its tasks have")


def _size(argument: str, value: Value) -> int:
    size = size_of(argument, value)
    if size is None:
        raise _NotToldError("it cannot be evaluated how large its tasks are")
    return size
