"""What the covering array covers, counted: `python -m tests.matrix.figures`. `--write` makes the array anew before."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.matrix.axes import AXES, INTERACTING
from tests.matrix.covering import Row
from tests.matrix.space import (
    ARRAY,
    all_differences,
    array,
    differences,
    make_couples,
    make_rows,
    meaningful,
    refused,
    text_of,
)


def figures(sets: Sequence[Sequence[Row]]) -> Iterator[str]:
    """Yield what some sets of answers cover, line by line.

    Raises:
        LookupError: a combination is possible, and no set of one environment holds it.
    """
    rows = [rows[0] for rows in sets if len(rows) == 1]
    couples = [rows for rows in sets if len(rows) == 2]
    left_out = refused(rows)
    strengths = Counter(map(len, meaningful()))
    yield f"{len(AXES)} answers with {sum(len(axis.values) for axis in AXES)} values"
    for strength, what in ((2, "of all of them"), (3, f"of {', '.join(INTERACTING)}")):
        its = {levels: rules for levels, rules in left_out.items() if len(levels) == strength}
        rules = Counter(" and ".join(rules) for rules in its.values())
        by_rule = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
        yield (
            f"every {strength} values {what}: {strengths[strength]}, of which {strengths[strength] - len(its)} are "
            f"covered and {len(its)} refused" + (f" ({by_rule})" if its else "")
        )
    found = {each for one, other in couples for each in differences(one, other)}
    apart = len(list(all_differences()))
    yield f"every 2 values in two environments of a project: {apart}, of which {len(found)} are covered"
    yield f"sets of answers: {len(rows)} of one environment and {len(couples)} of two"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        made = make_rows()
        ARRAY.write_text(text_of([*((row,) for row in made), *make_couples(made)]), "utf-8")
    sys.stdout.writelines(f"{line}\n" for line in figures(array()))
