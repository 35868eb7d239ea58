"""Every reader of foreign text, on texts that nobody would write: it reads them, or refuses them as it says it does.

`FUZZ_EXAMPLES=20000 pytest tests/hostile/test_fuzz.py` searches longer. What a search finds belongs into `corpus/`: a
file for a text, in the folder of the target, with a name that says what was wrong.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import shapes
from tests.hostile.targets import TARGETS, outcome

CORPUS = Path(__file__).parent / "corpus"

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))

_LINES = st.lists(
    st.sampled_from(("[diff]", "[update]", "[x]", "#", "!a", "**/**/b", "a/", "[a-", "\\")) | shapes.anything
)

SHAPES = {
    "answers": shapes.document,
    "setting": st.builds("{}={}".format, st.sampled_from(("azs", "network.nat", "a.b.c", "=", "")), shapes.document),
    "parser": shapes.module | shapes.expression,
    "formatter": shapes.module,
    "escaper": shapes.anything,
    "repository": shapes.module,
    "manifests": shapes.data.map(lambda data: {"apiVersion": "v1", "kind": "Pod", **data}).map(shapes.written),
    "ignore": _LINES.map("\n".join),
    "manifest": shapes.data.map(lambda data: {"format": 1, "scaffold": "1", "files": {}, **data}).map(shapes.written),
    "base": shapes.data.map(lambda data: {"format": 1, "files": {}, **data}).map(shapes.written),
    "journal": st.lists(shapes.data.map(lambda data: {"path": "a", "old": None, "new": None, **data})).map(
        shapes.written
    ),
    "prices": shapes.document,
    "baseline": shapes.data.map(lambda data: {"version": 2, "findings": [data], **data}).map(shapes.written),
    "component": shapes.data.map(lambda data: {"name": "x", **data}).map(shapes.written),
}


@pytest.mark.parametrize("target", TARGETS)
def test_any_text_is_read_or_refused_as_documented(target: str, record_property: Callable[[str, object], None]) -> None:
    shape = SHAPES[target]
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(shape | shapes.spoiled(shape) | shapes.anything)
    def search(text: str) -> None:
        nonlocal tried
        tried += 1
        outcome(target, text)

    search()
    record_property("texts fuzzed", tried)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_what_a_search_once_found_stays_mended(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "surrogatepass")
    assert repr(outcome(path.parent.name, text)) == repr(outcome(path.parent.name, text))
