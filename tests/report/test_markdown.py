import html
import re

import pytest

from scaffold.report.documents.diff import FileComparisonEntry
from scaffold.report.markdown import LONGEST, code, escape, to_markdown
from tests.report.differences import HOSTILE, attribute, document, hostile, opinion, resource


def without_code(text: str) -> str:
    """Return Markdown without its code, in which nothing has a meaning."""
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "CODE", text)


def test_nothing_found_is_a_heading_alone() -> None:
    text = to_markdown(document(files=(FileComparisonEntry("a", "unchanged", ""),)))
    assert text == (
        "### scaffold diff: `out` is what its answers render\n\n"
        "0 of 1 files and 0 resources differ. Opinions: none apply.\n"
    )


def test_broken_opinions_come_before_unknown_ones_with_place_reason_and_mend() -> None:
    text = to_markdown(document(opinions=(opinion("unknown", "E1"), opinion(), opinion("kept", "N2"))))
    rows = [line for line in text.splitlines() if line.startswith(("| broken", "| unknown"))]
    assert [row.split(" | ")[1].partition("]")[0] for row in rows] == ["[N1", "[E1"]
    assert "`modules/network/nat.tf:7`" in rows[0]
    assert "takes the others with it" in rows[0]
    assert "Set network\\.nat to per\\-az" in rows[0]
    assert "\nKept: N2\n" in text


def test_what_differs_is_folded_away() -> None:
    text = to_markdown(
        document(
            resources=(resource("aws_vpc.this", "changed", "vpc.tf", 3, attribute()),),
            files=(FileComparisonEntry("vpc.tf", "edited", "only: line ends differ"),),
        )
    )
    assert "<details><summary>Resources that differ (1)</summary>\n\n- `aws_vpc.this` changed (`vpc.tf:3`)\n" in text
    assert '  - `tags.Name: "a" → "b" (modules/network/nat.tf:9)`\n\n</details>\n' in text
    assert "- edited: `vpc.tf` (only: line ends differ)\n" in text


def test_a_skip_is_told_with_its_reason() -> None:
    text = to_markdown(document(opinions=(opinion("skipped", message="One AZ. Skipped: that is enough"),)))
    assert "- N1 `modules/network/nat.tf:7`: One AZ\\. Skipped: that is enough\n" in text


def test_hostile_texts_make_no_markup_no_mention_and_no_row() -> None:
    text = to_markdown(hostile())
    text.encode()
    plain = without_code(text)
    assert set(re.findall(r"<[^>]*>", plain)) == {"<details>", "<summary>", "</summary>", "</details>"}
    assert not re.search(r"@[A-Za-z]|(?<!&)#\d|http://", html.unescape(plain))
    assert "\x1b" not in text
    assert "\u202e" not in text
    rows = [line for line in text.splitlines() if line.startswith(("| broken", "| unknown"))]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [6, 6]


@pytest.mark.parametrize("text", ["a`b", "``", "`a", "a`", "a```b`c", HOSTILE])
def test_code_ends_where_it_is_to_end(text: str) -> None:
    assert without_code(f"x {code(text)} y") == "x CODE y"


@pytest.mark.parametrize(
    "mark", ["*a*", "_a_", "[a](b)", "# a", "- a", "1. a", "a|b", "~~a~~", "<b>", "&lt;", "`a`", "\\*", "$a$"]
)
def test_every_mark_is_escaped(mark: str) -> None:
    assert not re.search(r"(?<!\\)[*_\[\]`~|<>$]|^(#|-|\d+\.)", escape(mark).replace("\\\\", ""))
    assert html.unescape(re.sub(r"\\(.)", r"\1", escape(mark))) == mark


@pytest.mark.parametrize("many", [500, 5_000])
def test_a_comment_that_is_too_long_is_cut_where_a_line_ends_and_says_so(many: int) -> None:
    text = to_markdown(
        document(
            opinions=tuple(opinion(message="x" * 300) for _ in range(many)),
            resources=tuple(resource(attribute().path) for _ in range(many)),
        )
    )
    assert LONGEST * 0.9 < len(text) <= LONGEST
    shown = text.count("| broken |")
    assert f"{2 * many - shown} more lines are not shown" in text
    assert text.count("<details>") == text.count("</details>")


def test_a_comment_is_never_longer_than_github_takes() -> None:
    for length in range(1, 120):
        text = to_markdown(document(resources=tuple(resource("x" * length) for _ in range(1_500))))
        assert len(text) <= LONGEST


def test_one_line_that_is_too_long_is_left_out() -> None:
    text = to_markdown(document(resources=(resource("x" * LONGEST),)))
    assert len(text) < LONGEST
    assert "1 more lines are not shown" in text
    assert text.count("<details>") == text.count("</details>")
