import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.errors import ScaffoldError
from scaffold.opinions.engine import OPINIONS
from scaffold.verify import FAST, FULL
from scaffold.verify.selection import RULES, selection_of

ROOT = Path(__file__).parent.parent.parent / "scaffold"

WRITTEN = {
    "syntax": ["verify/hcl_syntax.py", "verify/verdict.py"],
    "provider schema": ["verify/provider_schema.py", "verify/schema_blocks.py", "verify/schema_references.py"],
    "kubernetes": [
        "verify/kubernetes.py",
        "verify/verdict.py",
        "kubernetes/documents.py",
        "kubernetes/relations.py",
        "kubernetes/schema.py",
    ],
    "checkov": ["verify/checkov.py"],
}
"""Where the findings of the verifiers with several rules are made."""


def rules_in(path: str) -> Iterator[str]:
    """Yield the rules that a module names where it makes a finding."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("Finding", "Violation", "UnreadableError") or (name == "find" and len(node.args) > 3):
                yield str(node.args[0].value)


def test_every_verifier_has_its_rules() -> None:
    assert set(RULES) == {*FAST, *FULL}


@pytest.mark.parametrize("verifier", WRITTEN)
def test_the_rules_are_those_that_the_code_names(verifier: str) -> None:
    assert {rule for path in WRITTEN[verifier] for rule in rules_in(path)} == RULES[verifier]


def test_every_opinion_is_a_rule() -> None:
    assert RULES["opinions"] == {"skip", *(opinion.id for opinion in OPINIONS)}


def test_everything_is_taken_by_default() -> None:
    selection = selection_of([], [])
    assert selection.left_out == {}
    assert selection.takes("checkov", "CKV_AWS_18")


def test_only_an_opinion_runs_the_opinions_alone() -> None:
    selection = selection_of([" n1 "], [])
    assert set(selection.left_out) == {*FAST, *FULL} - {"opinions"}
    assert selection.takes("opinions", "N1")
    assert not selection.takes("opinions", "N2")


def test_only_a_rule_runs_the_verifiers_that_have_it() -> None:
    selection = selection_of(["unread"], [])
    assert {*FAST, *FULL} - set(selection.left_out) == {"syntax", "kubernetes", "checkov"}


def test_only_a_verifier_takes_all_its_rules() -> None:
    selection = selection_of(["Provider  Schema", "CKV_AWS_18"], [])
    assert {*FAST, *FULL} - set(selection.left_out) == {"provider schema", "checkov"}
    assert selection.takes("provider schema", "wrong-type")
    assert selection.takes("checkov", "CKV_AWS_18")
    assert not selection.takes("checkov", "CKV_AWS_21")


def test_what_is_skipped_is_left_out_though_it_is_asked_for() -> None:
    selection = selection_of(["opinions"], ["E5", "terraform"])
    assert not selection.takes("opinions", "E5")
    assert selection.takes("opinions", "E6")
    assert selection.left_out["terraform"] == "--skip"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("N11x", "did you mean"),
        ("chekov", "did you mean checkov?"),
        ("unknown-arguments", "did you mean unknown-argument"),
        ("", "without a name"),
        ("zzzzzzzz", "verifiers are syntax, format, "),
        ("CKV", "there is no verifier, rule or opinion CKV"),
    ],
)
def test_what_there_is_not_is_an_error_that_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ScaffoldError) as caught:
        selection_of([], [name])
    assert hint in str(caught.value)
