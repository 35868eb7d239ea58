"""The covering array holds every combination of answers that is possible at all, and its page says so truly."""

from pathlib import Path

from scaffold.answers.model import OF_THE_ENVIRONMENT, Answers
from scaffold.answers.project import model_of, same_everywhere
from tests.matrix.axes import AXES, NOT_VARIED
from tests.matrix.covering import covering_rows, held
from tests.matrix.figures import figures
from tests.matrix.space import PATHS, array, project_of

PAGE = Path(__file__).parents[2] / "docs/answer-space.md"


def leaves() -> set[str]:
    """Return every answer there is, by its path; `usage` as one."""
    found: set[str] = set()
    for name in Answers.model_fields:
        inner = model_of(Answers, name) if name != "usage" else None
        found |= {f"{name}.{key}" for key in inner.model_fields} if inner else {name}
    return found


def test_every_answer_is_varied_or_left_out_for_a_reason() -> None:
    varied = {path for path in PATHS if not path.startswith("usage.")}
    assert varied | NOT_VARIED.keys() == leaves()
    assert not varied & NOT_VARIED.keys()
    assert set(OF_THE_ENVIRONMENT) <= varied | NOT_VARIED.keys()
    assert {axis.path for axis in AXES if axis.shared} == {*same_everywhere()} - {"name"}


def test_the_rules_let_every_set_through() -> None:
    for rows in array():
        assert len(project_of(*rows).environments) == len(rows)


def test_nothing_that_is_possible_is_missing_and_the_page_has_the_figures() -> None:
    # `figures` raises where a combination is possible that no set holds; `make array` makes the array anew.
    block = "".join(f"{line}\n" for line in figures(array()))
    assert f"```text\n{block}```" in PAGE.read_text("utf-8"), block


def test_rows_hold_every_pair_that_is_allowed_and_none_that_is_not() -> None:
    def allowed(row: tuple[int | None, ...]) -> bool:
        return not (row[0] == 1 and row[1] == 1)

    triples = frozenset[int]()
    every = [(a, b, c) for a in range(2) for b in range(2) for c in range(3) if allowed((a, b, c))]
    wanted = {levels: row for row in every for levels in held(row, triples)}
    rows = covering_rows(wanted, [2, 2, 3], 2, triples, allowed)
    assert {levels for row in rows for levels in held(row, triples)} == wanted.keys()
    assert len(rows) < len(every)
