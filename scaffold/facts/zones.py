"""Which availability zones are one and which are two, as far as values tell."""

import re
from collections.abc import Iterable

from scaffold.evaluate.values import Joined, Symbol, Value

_ELEMENT = re.compile(r"(?P<of>.+)\[(?P<index>\d+)\]\Z", re.DOTALL)
_ID = re.compile(r"[a-z]+\d-az\d+\Z")


def same_zone(one: Value, other: Value) -> bool | None:
    """Return whether two values name one availability zone; None where nobody can tell.

    Items of one list are different zones, since a list of zones names each once; so are texts that differ in one place
    and share what is unknown: `${var.region}a` and `${var.region}b`. A zone's name and a zone's ID cannot be compared.
    """
    if one is None or other is None:
        return None
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return False if _is_id(one) == _is_id(other) else None
    if isinstance(one, Symbol) and isinstance(other, Symbol):
        left, right = _ELEMENT.match(one.text), _ELEMENT.match(other.text)
        return False if left and right and left["of"] == right["of"] else None
    if isinstance(one, Joined) and isinstance(other, Joined) and len(one.parts) == len(other.parts):
        differ = [pair for pair in zip(one.parts, other.parts, strict=True) if pair[0] != pair[1]]
        return False if len(differ) == 1 and all(isinstance(part, str) for part in differ[0]) else None
    return None


def distinct_zones(zones: Iterable[Value]) -> tuple[Value, ...] | None:
    """Return the zones without repetitions; None where it is not known of two whether they are one."""
    distinct: list[Value] = []
    for zone in zones:
        same = [same_zone(zone, each) for each in distinct] or [False]
        if zone is None or (None in same and True not in same):
            return None
        if True not in same:
            distinct.append(zone)
    return tuple(distinct)


def _is_id(zone: str) -> bool:
    """Return whether a text is a zone's ID, `use1-az1`, rather than its name, `us-east-1a`."""
    return bool(_ID.match(zone))
