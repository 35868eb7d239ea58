"""What the opinions on EKS clusters share."""

from collections.abc import Callable, Iterator

from scaffold.facts import Facts
from scaffold.facts.cluster import Cluster
from scaffold.opinions.judging import unknown
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


def in_auto_mode(facts: Facts, judge: Callable[[Cluster], Iterator[Judgement]]) -> Iterator[Judgement]:
    """Yield what an opinion says of each cluster in Auto Mode; of those that may be, that nobody can say."""
    for cluster in facts.clusters:
        if cluster.auto_mode:
            yield from judge(cluster)
        elif cluster.auto_mode is None:
            place = cluster.cluster.place_of("compute_config", "enabled")
            yield unknown(f"{cluster.address}: whether it runs in Auto Mode cannot be told.", place)
