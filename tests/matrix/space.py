"""The covering array over all answers: which combinations there are, which the rules refuse, and the rows that cover.

What may be combined is asked of the product's own rules, never written down here.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, merge
from tests.matrix.axes import AXES, INTERACTING, ZONE_NAMES
from tests.matrix.covering import Levels, Row, covering_rows, held

PATHS = tuple(axis.path for axis in AXES)
CAPACITY, ENVIRONMENT = PATHS.index("capacity"), PATHS.index("environment")
TRIPLES = frozenset(PATHS.index(path) for path in INTERACTING)
PLAIN: Row = (0,) * len(AXES)

Difference = tuple[int, frozenset[int]]
"""An axis and two of its values."""

ARRAY = Path(__file__).with_name("array.txt")
"""The array, written by `make array`: a set of answers to a line, a row for each environment, a letter for a value."""

FURTHER = 2
"""How many answers more are changed in search of a set that the rules let through before a combination is refused."""


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *around, last = path.split(".")
    for key in around:
        data = data.setdefault(key, {})
    data[last] = value


def settled(row: Row) -> Row:
    """Return a row with values for just the axes that mean something beside its capacity."""
    capacity = AXES[CAPACITY].values[row[CAPACITY] or 0]
    return tuple(
        (value or 0) if not axis.component or axis.component in capacity else None
        for axis, value in zip(AXES, row, strict=True)
    )


def values_of(row: Row) -> dict[str, Any]:
    """Return the answers of a row by their paths."""
    return {axis.path: axis.values[value] for axis, value in zip(AXES, row, strict=True) if value is not None}


def answers_of(*rows: Row) -> dict[str, Any]:
    """Return the answers of a project with one environment for each row; what they share is the first one's."""
    data: dict[str, Any] = {"name": "shop", "environments": {}}
    for row in reversed(rows):
        values = values_of(row)
        name, production = values.pop("environment")
        if values["azs"] == ZONE_NAMES:
            values["azs"] = [f"{values['region']}{letter}" for letter in "ab"]
        own: dict[str, Any] = {"production": production}
        for axis in AXES:
            if axis.path in values:
                _put(data if axis.shared else own, axis.path, values[axis.path])
        data["environments"] = {name: own, **data["environments"]}
    return data


def project_of(*rows: Row) -> Project:
    """Return the project of some rows.

    Raises:
        AnswersError: the rules refuse it.
    """
    return resolve(merge([Source(answers_of(*rows), "the covering array")]))


@cache
def refusals(*rows: Row) -> tuple[tuple[str, str], ...]:
    """Return what refuses a project of some rows, as rules and paths; nothing where it may be."""
    try:
        project_of(*rows)
    except AnswersError as error:
        return tuple(
            sorted({(problem.rule, problem.path.rpartition("environments.")[2]) for problem in error.problems})
        )
    return ()


def meaningful() -> Iterator[Levels]:
    """Yield every combination that is to be covered: of two levels, and of three whose axes interact."""
    for strength, axes in ((3, sorted(TRIPLES)), (2, range(len(AXES)))):
        for chosen in combinations(axes, strength):
            for values in product(*(range(len(AXES[axis].values)) for axis in chosen)):
                levels = tuple(zip(chosen, values, strict=True))
                if _holds(settled(with_levels(PLAIN, levels)), levels):
                    yield levels


def with_levels(row: Row, levels: Iterable[tuple[int, int]]) -> Row:
    """Return a row with other values at some axes."""
    changed = list(row)
    for axis, value in levels:
        changed[axis] = value
    return tuple(changed)


def _holds(row: Row, levels: Levels) -> bool:
    return all(row[axis] == value for axis, value in levels)


def plain(levels: Levels) -> Row:
    """Return a set of answers with some levels and what each of them needs by itself, and plain but for that."""
    needs = [(axis, value or 0) for level in levels for axis, value in _needs(level)]
    row = settled(with_levels(with_levels(PLAIN, needs), levels))
    return row if _holds(row, levels) else settled(with_levels(PLAIN, levels))


@cache
def _needs(level: tuple[int, int]) -> tuple[tuple[int, int | None], ...]:
    """Return what else is not plain where a level is: Manual scaling has a target."""
    row = settled(with_levels(PLAIN, [level]))
    found = witness((level,), row, frozenset(range(len(AXES)))) or row
    return tuple((axis, value) for axis, value in enumerate(found) if value != PLAIN[axis] and value is not None)


def witness(levels: Levels, row: Row, axes: frozenset[int], further: int = FURTHER) -> Row | None:
    """Return a set of answers with some levels that the rules let through, or None where none is found.

    Args:
        levels: what it has to hold.
        row: where to begin: a set that holds them.
        axes: which others may be changed. A second is changed only where the first did away with something
            that the rules had said.
        further: how many.
    """
    said = refusals(row)
    if not said:
        return row
    if not further:
        return None
    others = []
    for axis in sorted(axes - {axis for axis, _ in levels}):
        for value in range(len(AXES[axis].values)) if row[axis] is not None else ():
            candidate = settled(with_levels(row, [(axis, value)]))
            if value != row[axis] and _holds(candidate, levels):
                if not (says := refusals(candidate)):
                    return candidate
                if not set(said) <= set(says):
                    others.append(candidate)
    found = (witness(levels, other, axes, further - 1) for other in others)
    return next((row for row in found if row is not None), None)


def refused(rows: Sequence[Row]) -> dict[Levels, tuple[str, ...]]:
    """Return every combination that rows do not hold, with the rules that refuse it.

    Raises:
        LookupError: a combination is possible, and no row holds it.
    """
    covered = {levels for row in rows for levels in held(row, TRIPLES)}
    missing = [levels for levels in meaningful() if levels not in covered]
    axes = frozenset({CAPACITY, *(axis for levels in missing for axis, _ in levels)})
    for levels in missing:
        if witness(levels, plain(levels), axes):
            raise LookupError(f"no row holds {named(levels)}")
    return {levels: tuple(sorted({rule for rule, _ in refusals(plain(levels))})) for levels in missing}


def named(levels: Levels) -> str:
    """Return levels as they are written in answers."""
    return ", ".join(f"{PATHS[axis]}: {AXES[axis].values[value]}" for axis, value in levels)


def make_rows() -> tuple[Row, ...]:
    """Return rows that hold every combination that is possible; the same every time."""

    def conflict(levels: Levels) -> bool:
        return len(levels) == 2 and bool(refusals(plain(levels)))

    conflicting = frozenset({CAPACITY, *(axis for levels in meaningful() if conflict(levels) for axis, _ in levels)})
    found = {levels: witness(levels, plain(levels), conflicting) for levels in meaningful()}
    sizes = [len(axis.values) for axis in AXES]
    return covering_rows(
        {levels: row for levels, row in found.items() if row is not None},
        sizes,
        CAPACITY,
        TRIPLES,
        lambda row: not refusals(row),
    )


def differences(one: Row, other: Row) -> Iterator[Difference]:
    """Yield in which answers two environments differ, each with its two values."""
    for axis, values in enumerate(zip(one, other, strict=True)):
        if None not in values and values[0] != values[1] and not AXES[axis].shared:
            yield axis, frozenset(values)


def all_differences() -> Iterator[Difference]:
    """Yield every two values of an answer that environments of one project might have."""
    for axis, its in enumerate(AXES):
        if not its.shared:
            yield from ((axis, frozenset(values)) for values in combinations(range(len(its.values)), 2))


def make_couples(rows: Sequence[Row]) -> tuple[tuple[Row, Row], ...]:
    """Return some rows two by two, as environments of one project, that differ in every way in which two can."""
    missing = dict.fromkeys(all_differences())
    couples: list[tuple[Row, Row]] = []
    for axis, values in list(missing):
        if (axis, values) not in missing:
            continue
        first, second = sorted(values)
        found = [
            (sum(each in missing for each in differences(one, other)), one, other)
            for one in rows
            for other in rows
            if one[axis] == first and other[axis] == second
        ]
        for _, one, other in sorted(found, key=lambda each: -each[0]):
            if one[ENVIRONMENT] != other[ENVIRONMENT] and not refusals(one, other):
                couples.append((one, other))
                for each in differences(one, other):
                    missing.pop(each, None)
                break
    return tuple(couples)


@cache
def array() -> tuple[tuple[Row, ...], ...]:
    """Return the sets of answers of the array: a row for each environment."""
    return tuple(tuple(map(_read, line.split())) for line in ARRAY.read_text("utf-8").splitlines())


def _read(word: str) -> Row:
    return tuple(None if letter == "-" else ascii_lowercase.index(letter) for letter in word)


def text_of(sets: Iterable[Sequence[Row]]) -> str:
    """Return sets as the file has them."""
    return "".join(" ".join(map(_word, rows)) + "\n" for rows in sets)


def _word(row: Row) -> str:
    return "".join("-" if value is None else ascii_lowercase[value] for value in row)
