"""What the opinions on durable Lambda functions share."""

from collections.abc import Callable, Iterator

from scaffold.facts import Facts
from scaffold.facts.durable import is_sure
from scaffold.facts.functions import DURABLE, Function, may_be_durable
from scaffold.opinions.judging import kept, unknown
from scaffold.opinions.opinion import Judgement


def durable_functions(facts: Facts) -> Iterator[Function]:
    """Yield the functions that are durable for sure."""
    yield from (each for each in facts.functions if may_be_durable(each.instance) and is_sure(each))


def for_each_durable_function(
    faults: Callable[[Facts, Function], Iterator[Judgement]], keeps: Callable[[Function], str]
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge`: what is broken or unknown of each durable function, or else that it is kept.

    Of a function that may be durable or not, nobody can say anything.
    """

    def judge(facts: Facts) -> Iterator[Judgement]:
        for function in facts.functions:
            if not may_be_durable(function.instance):
                continue
            if not is_sure(function):
                yield unknown(
                    f"{function.address}: whether it is durable cannot be told.", function.instance.place_of(DURABLE)
                )
                continue
            found = list(faults(facts, function))
            yield from found or [kept(keeps(function), function.instance.place)]

    return judge
