"""A small covering array: few rows, in which every wanted combination of values occurs.

Greedy and deterministic. A row has for each axis the number of one of its values, or None where the axis means nothing
beside the others. A level is an axis's number with a value's; what is to be covered are sets of levels.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

Row = tuple[int | None, ...]
Level = tuple[int, int]
Levels = tuple[Level, ...]
"""Some levels, in the order of their axes."""

SWEEPS = 2


def held(row: Row, triples: frozenset[int]) -> Iterator[Levels]:
    """Yield what a row covers: every two of its levels, and every three whose axes are all among `triples`."""
    levels = [(axis, value) for axis, value in enumerate(row) if value is not None]
    yield from combinations(levels, 2)
    yield from combinations([level for level in levels if level[0] in triples], 3)


def held_with(row: Row, level: Level, triples: frozenset[int]) -> Iterator[Levels]:
    """Yield what a row covers with one of its levels exchanged, as far as that level is in it."""
    others = [(axis, value) for axis, value in enumerate(row) if value is not None and axis != level[0]]
    yield from ((one, level) if one < level else (level, one) for one in others)
    if level[0] in triples:
        for pair in combinations([other for other in others if other[0] in triples], 2):
            yield tuple(sorted((*pair, level)))


def covering_rows(
    witnesses: Mapping[Levels, Row],
    sizes: Sequence[int],
    fixed: int,
    triples: frozenset[int],
    is_allowed: Callable[[Row], bool],
) -> tuple[Row, ...]:
    """Return rows that hold all that is wanted.

    Args:
        witnesses: what is to be covered, each with an allowed row that holds it.
        sizes: how many values each axis has.
        fixed: the axis that decides which others mean anything: a row keeps its witness's value of it.
        triples: the axes of which three levels are covered, not two alone.
        is_allowed: whether a row may be.
    """
    missing = dict.fromkeys(witnesses)
    rows: list[Row] = []
    while missing:
        seed = next(iter(missing))
        kept = {fixed, *(axis for axis, _ in seed)}
        row = witnesses[seed]
        for _ in range(SWEEPS):
            for axis in range(len(sizes)):
                if axis not in kept and row[axis] is not None:
                    row = _improved(row, axis, sizes[axis], missing, triples, is_allowed)
        rows.append(row)
        for levels in held(row, triples):
            missing.pop(levels, None)
    return _without_idle(rows, triples)


def _improved(
    row: Row,
    axis: int,
    size: int,
    missing: Mapping[Levels, None],
    triples: frozenset[int],
    is_allowed: Callable[[Row], bool],
) -> Row:
    """Return the row with the value at an axis that covers most of what is missing; of equals, the one it has."""
    gains = [sum(levels in missing for levels in held_with(row, (axis, value), triples)) for value in range(size)]
    for value in sorted(range(size), key=lambda value: (-gains[value], value != row[axis])):
        candidate = (*row[:axis], value, *row[axis + 1 :])
        if value == row[axis] or is_allowed(candidate):
            return candidate
    return row


def _without_idle(rows: Sequence[Row], triples: frozenset[int]) -> tuple[Row, ...]:
    """Return the rows without those that cover nothing that no other does, the earliest asked first."""
    times = Counter(levels for row in rows for levels in held(row, triples))
    kept: list[Row] = []
    for row in rows:
        mine = list(held(row, triples))
        if all(times[levels] > 1 for levels in mine):
            times.subtract(mine)
        else:
            kept.append(row)
    return tuple(kept)
