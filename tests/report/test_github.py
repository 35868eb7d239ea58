import re

from scaffold.report.documents.verification import FindingEntry
from scaffold.report.github import to_annotations
from scaffold.report.wording import visible
from tests.report.checks import broken_and_unknown, hostile_check
from tests.report.differences import HOSTILE, attribute, document, hostile, opinion, resource

COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does: name, properties, message."""
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], {key: unescape(value) for key, value in properties.items()}, unescape(match[3])))
    return found


def unescape(text: str) -> str:
    for code, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, plain)
    return text


def test_nothing_found_prints_nothing() -> None:
    assert to_annotations(document(opinions=(opinion("kept"), opinion("skipped")))) == ""


def test_a_broken_opinion_is_a_warning_and_an_unknown_one_a_notice() -> None:
    text = to_annotations(document(opinions=(opinion("unknown", "E1"), opinion())), "infra/")
    assert text.splitlines()[0] == (
        "::warning file=infra/modules/network/nat.tf,line=7,title=N1 broken%3A One NAT gateway per AZ."
        "::aws_nat_gateway.this serves three AZs alone. An AZ that fails takes the others with it. "
        "Set network.nat to per-az."
    )
    assert [name for name, _, _ in commands(text)] == ["warning", "notice"]


def test_a_resource_that_differs_is_a_notice_and_one_that_is_missing_has_no_line() -> None:
    changed, missing = resource("a", "changed", "a.tf", 3, attribute()), resource("b", "missing", "b.tf", 9)
    first, second = commands(to_annotations(document(resources=(changed, missing))))
    assert first == (
        "notice",
        {"file": "a.tf", "line": "3", "title": "other than rendered"},
        "a is changed: tags.Name.",
    )
    assert "line" not in second[1]


def test_what_could_not_be_read_is_a_warning() -> None:
    problems = (FindingEntry("syntax", "A brace is missing.", "main.tf", 4, None),)
    assert to_annotations(document(problems=problems)) == (
        "::warning file=main.tf,line=4,title=syntax::A brace is missing.\n"
    )


def test_hostile_texts_neither_end_a_command_nor_a_property() -> None:
    text = to_annotations(hostile())
    text.encode()
    shown = HOSTILE.encode("utf-8", "backslashreplace").decode()
    found = commands(text)
    assert [name for name, _, _ in found] == ["warning", "notice", "notice", "notice", "warning", "warning"]
    assert found[0][1]["file"] == shown
    # The message is what a log shows, and a log obeys control characters.
    assert found[0][2].startswith("".join(each if each in "\r\n" else visible(each) for each in shown))
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", found[0][2])


def test_what_a_check_found_is_an_error_and_what_nobody_can_say_a_notice() -> None:
    found = commands(to_annotations(broken_and_unknown(), "infra/"))
    assert [(name, given["title"]) for name, given, _ in found] == [
        ("error", "provider schema: unknown-argument"),
        ("error", "opinions: N1"),
        ("notice", "E1 unknown"),
    ]
    assert found[1][1] | {"title": ""} == {"file": "infra/nat.tf", "line": "7", "title": ""}
    assert found[1][2] == "One NAT gateway. Make three."


def test_hostile_texts_of_a_check_neither_end_a_command_nor_a_property() -> None:
    found = commands(to_annotations(hostile_check()))
    assert [name for name, _, _ in found] == ["error"] * 14 + ["notice"]
