import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import ScaffoldError
from scaffold.files import File
from scaffold.verify.baseline import VERSION, Baseline, Known, Lines, baseline_text, read_baseline
from scaffold.verify.verdict import Finding

TEXT = 'resource "aws_vpc" "a" {\n  cidr_blok = "10.0.0.0/16"\n}\n'


def known(text: str = TEXT, line: int | None = 2, rule: str = "N1", file: str | None = "main.tf") -> Known:
    return Lines([File("main.tf", text)]).known("opinions", Finding(rule, f"Line {line}.", file, line))


def test_a_finding_whose_line_moved_or_was_indented_is_known() -> None:
    baseline = Baseline([known()])
    assert baseline.take(known(f"# one line more\n\n{TEXT.replace('  cidr', chr(9) + 'cidr')}", 4))
    assert list(baseline.rest()) == []


@pytest.mark.parametrize(
    "other",
    [
        known(TEXT.replace("16", "17")),
        known(rule="N2"),
        known(file="other.tf"),
        known(line=None),
        known(line=99),
    ],
)
def test_a_finding_on_another_line_rule_or_file_is_new(other: Known) -> None:
    baseline = Baseline([known()])
    assert not baseline.take(other)
    assert list(baseline.rest()) == [known()]


def test_another_fault_on_the_same_line_is_new_unless_only_its_numbers_are_others() -> None:
    lines = Lines([File("main.tf", TEXT)])
    first, moved, other = (
        lines.known("opinions", Finding("N1", message, "main.tf", 1))
        for message in ("Too few: 2.", "Too few: 13.", "Too many: 2.")
    )
    assert not Baseline([first]).take(other)
    assert Baseline([first]).take(moved)


def test_of_findings_that_are_alike_as_many_are_known_as_the_file_has() -> None:
    baseline = Baseline([known(), known()])
    assert [baseline.take(known()) for _ in range(3)] == [True, True, False]


def test_a_finding_without_a_line_is_known_by_its_message() -> None:
    assert Baseline([known(line=None)]).take(known("", None))


@given(st.lists(st.builds(Known, *[st.text(max_size=5)] * 5), max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: list[Known]) -> None:
    path = tmp_path_factory.mktemp("baseline") / "known.json"
    path.write_text(baseline_text(entries), encoding="utf-8")
    assert list(read_baseline(path).rest()) == sorted(entries)
    assert baseline_text(reversed(entries)) == baseline_text(entries)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"version": 2}',
        '{"version": 2, "findings": 3}',
        '{"version": 2, "findings": [{}]}',
        '{"version": 2, "findings": ["N1"]}',
        '{"version": 1, "findings": []}',
        json.dumps(
            {"version": VERSION, "findings": [dict.fromkeys(("verifier", "rule", "file", "fingerprint", "message"), 1)]}
        ),
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused_with_the_mend(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(ScaffoldError, match="--write-baseline"):
        read_baseline(tmp_path / "known.json")


def test_a_file_that_is_not_there_is_an_error_that_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="cannot be read: No such file or directory; --write-baseline"):
        read_baseline(tmp_path / "known.json")
