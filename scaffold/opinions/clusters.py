"""What the opinions on EKS clusters share."""

from collections.abc import Callable, Iterator

from scaffold.compare.cluster import Cluster
from scaffold.compare.facts import Facts
from scaffold.compare.repository import Place
from scaffold.compare.values import Joined, Symbol, Value
from scaffold.opinions.opinion import Judgement, Status


def for_each_cluster(
    faults: Callable[[Cluster], Iterator[Judgement]], kept: Callable[[Cluster], str | None]
) -> Callable[[Facts], Iterator[Judgement]]:
    """Return an opinion's `judge`: what is broken or unknown of each cluster, or else that it keeps the opinion.

    Args:
        faults: yields what is not kept.
        kept: the sentence about a cluster without faults, or None where the opinion has nothing to say about it.
    """

    def judge(facts: Facts) -> Iterator[Judgement]:
        for cluster in facts.clusters:
            found = list(faults(cluster))
            yield from found
            message = None if found else kept(cluster)
            if message is not None:
                yield Judgement(Status.KEPT, message, cluster.cluster.place)

    return judge


def broken(message: str, place: Place, mend: str = "") -> Judgement:
    """Return that an opinion is broken."""
    return Judgement(Status.BROKEN, message, place, mend)


def unknown(message: str, place: Place) -> Judgement:
    """Return that nobody can say."""
    return Judgement(Status.UNKNOWN, message, place)


def shown(value: Value) -> str:
    """Return a value as a message names it."""
    if isinstance(value, Symbol):
        return value.text
    if isinstance(value, Joined):
        return "".join(part if isinstance(part, str) else f"${{{part.text}}}" for part in value.parts)
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(shown(each) for each in value)
    return str(value)
