"""The table of decisions in docs/advise.md, row by row."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scaffold.advise.advice import Advice, advise
from scaffold.advise.options import OPTIONS
from scaffold.advise.rules import DECISIONS, RULES
from scaffold.advise.workload import facts, workload_from
from scaffold.answers.model import COMPONENTS
from scaffold.answers.sources import from_settings, from_text, merge
from scaffold.cost.prices import load_prices
from scaffold.opinions.engine import NOT_JUDGED, OPINIONS

PAGE = (Path(__file__).parent.parent.parent / "docs" / "advise.md").read_text()
BASE = from_text(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0], "advise.md")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[1:]


ROWS = table("Decisions")


def advised(*settings: str) -> Advice:
    return advise(workload_from(merge([BASE, from_settings(settings)])), load_prices())


@pytest.mark.parametrize(("given", "recommended", "why"), ROWS, ids=[row[0] for row in ROWS])
def test_each_row_of_the_table_is_what_is_advised(given: str, recommended: str, why: str) -> None:
    advice = advised(*re.findall(r"`([^`]*)`", given))
    assert f"`{advice.recommended.id}`" == recommended, why


def test_every_option_is_recommended_in_some_row_and_every_capacity() -> None:
    assert {row[1].strip("`") for row in ROWS} == {option.id for option in OPTIONS}
    assert {option.capacity for option in OPTIONS} == set(COMPONENTS) - {"network"}


def test_the_page_has_every_fact() -> None:
    rows: Mapping[str, Any] = {row[0].strip("`"): row[1] for row in table("Facts")}
    assert list(rows) == [fact.name for fact in facts()]
    assert [name for name, default in rows.items() if default == "required"] == [
        fact.name for fact in facts() if fact.default == "required"
    ]


def test_the_opinions_that_are_named_are_opinions() -> None:
    known = {opinion.id for opinion in OPINIONS} | set(NOT_JUDGED)
    named = {rule.by for rule in RULES if rule.by[0].isupper()} | {id_ for each in DECISIONS for id_ in each.by}
    assert named <= known
