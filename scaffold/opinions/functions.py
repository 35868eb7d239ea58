"""What the opinions on Lambda functions share."""

from collections.abc import Callable, Iterator

from scaffold.facts import Facts
from scaffold.facts.functions import Function
from scaffold.opinions.opinion import Judgement, Status


def for_each_function(
    faults: Callable[[Function], Iterator[Judgement]], kept: Callable[[Function], str]
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge`: what is broken or unknown of each function, or else that it is kept.

    Functions on Managed Instances are for the L opinions. Durable functions are judged here as well.
    """

    def judge(facts: Facts) -> Iterator[Judgement]:
        for function in facts.functions:
            found = list(faults(function))
            yield from found or [Judgement(Status.KEPT, kept(function), function.instance.place)]

    return judge
