"""Which items of two lists belong together."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher

Pair = tuple[int | None, int | None]
"""The positions of two items that differ and belong together, or of one that has no counterpart."""

_MOST_ALIGNED = 500


def ordered(rendered: Sequence[Hashable], there: Sequence[Hashable]) -> list[Pair]:
    """Return what differs between two lists whose order matters."""
    start, ends = 0, (len(rendered), len(there))
    while start < min(ends) and rendered[start] == there[start]:
        start += 1
    while start < min(ends) and rendered[ends[0] - 1] == there[ends[1] - 1]:
        ends = (ends[0] - 1, ends[1] - 1)
    left, right = rendered[start : ends[0]], there[start : ends[1]]
    if len(left) == len(right) or max(len(left), len(right)) > _MOST_ALIGNED:
        return [pair for pair in _beside(start, ends[0], start, ends[1]) if not _equal(pair, rendered, there)]
    pairs: list[Pair] = []
    for tag, from_left, to_left, from_right, to_right in SequenceMatcher(None, left, right, False).get_opcodes():
        if tag != "equal":
            pairs += _beside(start + from_left, start + to_left, start + from_right, start + to_right)
    return pairs


def unordered(
    rendered: Sequence[Hashable], there: Sequence[Hashable], likeness: Callable[[int, int], int]
) -> list[Pair]:
    """Return what differs between two lists whose order does not matter; `likeness` tells how alike two items are."""
    common = Counter(rendered) & Counter(there)
    left, right = _without(rendered, common), _without(there, common)
    if max(len(left), len(right)) > _MOST_ALIGNED:
        return [*((at, None) for at in left), *((None, at) for at in right)]
    alike = sorted(((likeness(a, b), -a, -b) for a in left for b in right), reverse=True)
    pairs: list[Pair] = []
    for _, a, b in alike:
        if -a in left and -b in right:
            left.remove(-a)
            right.remove(-b)
            pairs.append((-a, -b))
    return [*sorted(pairs), *((at, None) for at in left), *((None, at) for at in right)]


def _equal(pair: Pair, rendered: Sequence[Hashable], there: Sequence[Hashable]) -> bool:
    return None not in pair and rendered[pair[0]] == there[pair[1]]  # type: ignore[index] # neither is None


def _beside(from_left: int, to_left: int, from_right: int, to_right: int) -> list[Pair]:
    """Pair two stretches from their starts; what is left of the longer one stays alone."""
    count = max(to_left - from_left, to_right - from_right)
    return [
        (
            from_left + at if from_left + at < to_left else None,
            from_right + at if from_right + at < to_right else None,
        )
        for at in range(count)
    ]


def _without(items: Sequence[Hashable], common: Counter[Hashable]) -> list[int]:
    """Return the positions of the items that are left when each common one is taken out as often as it is common."""
    left = Counter(common)
    kept: list[int] = []
    for at, item in enumerate(items):
        if left[item] > 0:
            left[item] -= 1
        else:
            kept.append(at)
    return kept
