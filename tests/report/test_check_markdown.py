import html
import re

import pytest

from scaffold.report.check_markdown import check_to_markdown
from scaffold.report.markdown import LONGEST
from tests.report.checks import broken_and_unknown, check, finding, hostile_check
from tests.report.test_markdown import without_code


def test_nothing_found_is_a_heading_and_the_verdicts() -> None:
    text = check_to_markdown(check())
    assert text.startswith("### scaffold check: `out`: nothing found\n\n| verifier |")
    assert "| terraform | not run | \\-\\-verify fast |\n" in text
    assert "| rule |" not in text


def test_findings_have_place_reason_and_mend_and_the_rest_is_folded_away() -> None:
    text = check_to_markdown(broken_and_unknown())
    assert text.startswith("### scaffold check: `out`: 2 findings, 1 known, 1 fixed\n")
    assert (
        "| N1 | `nat.tf:7` | One NAT gateway\\. | An AZ that fails takes the others with it\\. Make three\\. |" in text
    )
    for title in ("Unknown opinions", "Skipped opinions", "Known findings", "Fixed, and still in the baseline"):
        assert f"<details><summary>{title} (1)</summary>" in text
    assert "\nKept: N2\n" in text


def test_hostile_texts_make_no_markup_no_mention_and_no_row() -> None:
    text = check_to_markdown(hostile_check())
    text.encode()
    plain = without_code(text)
    assert set(re.findall(r"<[^>]*>", plain)) == {"<details>", "<summary>", "</summary>", "</details>"}
    assert not re.search(r"@[A-Za-z]|(?<!&)#\d|http://", html.unescape(plain))
    assert not re.search("[\x00\x0b\x1b\u202e]", text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4, 5}


@pytest.mark.parametrize("many", [300, 5_000])
def test_a_summary_is_never_longer_than_github_takes(many: int) -> None:
    text = check_to_markdown(check({"opinions": [finding(message="x" * 300)] * many}))
    assert len(text) <= LONGEST
    assert "more lines are not shown" in text
