"""What the opinions on networks share."""

from collections.abc import Iterable

from scaffold.compare.network import Network, Subnet
from scaffold.compare.repository import Place
from scaffold.opinions.opinion import Judgement, Status


def kept(message: str, place: Place) -> Judgement:
    """Return that an opinion is kept."""
    return Judgement(Status.KEPT, message, place)


def broken(message: str, place: Place, mend: str = "") -> Judgement:
    """Return that an opinion is broken."""
    return Judgement(Status.BROKEN, message, place, mend)


def unknown(message: str, place: Place) -> Judgement:
    """Return that nobody can say."""
    return Judgement(Status.UNKNOWN, message, place)


def once(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return judgements, one for each status and place: what three instances of one block share is said once."""
    first: dict[tuple[Status, Place], Judgement] = {}
    for each in judgements:
        first.setdefault((each.status, each.place), each)
    return list(first.values())


def with_clients(network: Network) -> tuple[Subnet, ...]:
    """Return the subnets that workloads run in: those with a way out, or else all that are not public.

    Beside subnets with a way out, those without one are for databases and the like.
    """
    leaving = tuple(subnet for subnet in network.subnets if subnet.role == "private")
    return leaving or network.private_subnets
