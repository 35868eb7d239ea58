"""What the opinions on Lambda Managed Instances share."""

from collections.abc import Callable, Iterator

from scaffold.evaluate.root import Root
from scaffold.facts import Facts
from scaffold.facts.managed_instances import CapacityProvider, ManagedFunction
from scaffold.opinions.judging import unknown
from scaffold.opinions.opinion import Judgement, Status


def for_each_provider(
    faults: Callable[[Facts, CapacityProvider], Iterator[Judgement]], kept: Callable[[CapacityProvider], str]
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge`: what is broken or unknown of each capacity provider, or else that it is kept."""

    def judge(facts: Facts) -> Iterator[Judgement]:
        for provider in facts.capacity_providers:
            found = list(faults(facts, provider))
            yield from found or [Judgement(Status.KEPT, kept(provider), provider.instance.place)]

    return judge


def for_each_function(
    faults: Callable[[Facts, ManagedFunction], Iterator[Judgement]], kept: Callable[[ManagedFunction], str]
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge` over functions on capacity providers, likewise.

    Of a function that may run on one or not, nobody can say anything.
    """

    def judge(facts: Facts) -> Iterator[Judgement]:
        for function in facts.managed_functions:
            if not function.sure:
                message = f"{function.address}: whether it runs on a capacity provider cannot be told."
                yield unknown(message, function.instance.place_of("capacity_provider_config"))
                continue
            found = list(faults(facts, function))
            yield from found or [Judgement(Status.KEPT, kept(function), function.instance.place)]

    return judge


def unread(root: Root) -> str:
    """Return what was not read of a root module and may hold more; empty where there is no such thing."""
    return next((f"{each.what} {each.reason}" for each in root.unread), "")
