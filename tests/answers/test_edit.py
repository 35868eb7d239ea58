import copy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scaffold.answers.document import read_document
from scaffold.answers.edit import with_answers

TEXT = """\
# ours
name: shop  # the shop
region: us-east-1

network:
  # one per zone
  nat: per-az  # dear
  azs: 3

# environments below
environments:
  dev:
    network: {nat: single}  # cheap
  prod: {}
capacity: []  # none yet
"""


def changed(**answers: Any) -> str:
    wanted = copy.deepcopy(read_document(TEXT, "").data) | answers
    text = with_answers(TEXT, wanted)
    assert text is not None
    assert read_document(text, "").data == wanted
    return text


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    assert changed(network={"nat": "none", "azs": 3}) == TEXT.replace("per-az", "none")
    assert changed(capacity=["lmi"]) == TEXT.replace("[]", "[lmi]")
    assert changed(name="it's: # mine") == TEXT.replace("shop  #", "'it''s: # mine'  #")


def test_a_new_answer_is_put_behind_its_neighbours() -> None:
    text = changed(network={"nat": "per-az", "azs": 3, "cidr": "10.0.0.0/16"})
    assert text == TEXT.replace("  azs: 3\n", "  azs: 3\n  cidr: 10.0.0.0/16\n")
    assert changed(eks={"kubernetes_version": "1.35"}) == TEXT + "eks:\n  kubernetes_version: '1.35'\n"


def test_an_answer_that_goes_takes_its_line_only() -> None:
    assert changed(environments={"prod": {}}) == TEXT.replace("  dev:\n    network: {nat: single}  # cheap\n", "")


def test_an_answers_file_in_braces_cannot_be_changed_piece_by_piece() -> None:
    assert with_answers("{name: shop}", {"name": "store"}) is None


@pytest.mark.parametrize("text", ["a: 1", "a:", "a: >\n  x\n  y\n", "a:\n- 1\n- 2", "a: {b: 1}", "a: 'x'"])
def test_any_way_to_write_a_value_can_be_changed(text: str) -> None:
    for wanted in ({"a": "2"}, {"a": {"c": [1]}}, {"a": [], "b": "x\ny"}):
        after = with_answers(text, wanted)
        assert after is not None
        assert read_document(after, "").data == wanted


LEAVES = st.none() | st.booleans() | st.integers(0, 99) | st.text("ab#: '\"\n-", max_size=4) | st.just("1.30")
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
ANSWERS = st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1, max_size=4)


@given(ANSWERS, ANSWERS)
def test_the_text_gives_the_answers_wanted_or_there_is_none(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = "# head\n" + yaml.safe_dump(before, sort_keys=False)
    said = with_answers(text, after)
    if said is not None:
        assert said.startswith("# head\n")
        assert read_document(said, "").data == after
