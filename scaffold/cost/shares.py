"""How many tasks of an ECS service each capacity provider of its strategy has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskShare:
    """A capacity provider's share of a service's tasks.

    Attributes:
        provider: the capacity provider.
        base: how many tasks run on it before any other.
        weight: its share of the tasks beyond that.
    """

    provider: str
    base: int
    weight: int


def tasks_of(count: int, shares: Sequence[TaskShare]) -> Mapping[str, int]:
    """Return how many of a service's tasks run on each capacity provider.

    Args:
        count: how many tasks there are.
        shares: the shares. Of the tasks that the weights do not divide evenly, the earlier share has one more.

    Returns:
        The tasks by provider; where no weight is set, all that are no base are of none.
    """
    found = {share.provider: 0 for share in shares}
    left = count
    for share in shares:
        taken = min(share.base, left)
        found[share.provider] += taken
        left -= taken
    weights = sum(share.weight for share in shares)
    if weights:
        whole = {share.provider: left * share.weight // weights for share in shares}
        rest = left - sum(whole.values())
        for share in shares:
            more = min(rest, 1) if share.weight else 0
            found[share.provider] += whole[share.provider] + more
            rest -= more
    return found


def instances_at_least(tasks: int, azs: int) -> int:
    """Return how many instances ECS Managed Instances runs at least for so many tasks: one in each AZ they spread over.

    Args:
        tasks: how many tasks there are at least.
        azs: over how many AZs they spread; 0 where that is not known, and each task is taken to be in another.
    """
    return min(tasks, azs) if azs else tasks
