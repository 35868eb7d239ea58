"""How opinions put what they found."""

from collections.abc import Iterable

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.opinions.opinion import Judgement, Status


def kept(message: str, place: Place) -> Judgement:
    """Return that an opinion is kept."""
    return Judgement(Status.KEPT, message, place)


def broken(message: str, place: Place, mend: str = "") -> Judgement:
    """Return that an opinion is broken."""
    return Judgement(Status.BROKEN, message, place, mend)


def unknown(message: str, place: Place, mend: str = "") -> Judgement:
    """Return that nobody can say."""
    return Judgement(Status.UNKNOWN, message, place, mend)


def once(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return judgements, one for each status and place: what three instances of one block share is said once."""
    first: dict[tuple[Status, Place], Judgement] = {}
    for each in judgements:
        first.setdefault((each.status, each.place), each)
    return list(first.values())


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
