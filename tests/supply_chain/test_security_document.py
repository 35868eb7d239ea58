"""SECURITY.md: every place and every test that it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "SECURITY.md").read_text()
ROWS = [line.split(" | ") for line in TEXT.splitlines() if line.startswith("| ") and "::" in line]


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) == TEXT.count("::")
    assert len(named) > 40
    for path, name in named:
        module = ast.parse((ROOT / path).read_text())
        assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def test_every_defence_has_a_place_that_exists_and_a_test() -> None:
    assert len(ROWS) > 15
    for against, what, where, shown in ROWS:
        places = re.findall(r"`([^`]+)`", where)
        assert against
        assert what
        assert places
        assert "::" in shown
        for place in places:
            assert list(ROOT.glob(place.rstrip("/"))), place


def test_no_row_of_the_table_is_without_a_test() -> None:
    table = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert len(table) == len(ROWS) + 1
