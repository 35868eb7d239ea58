import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from scaffold import __version__
from scaffold.report.documents.check import CheckDocument
from scaffold.report.documents.diff import DiffDocument, FileComparisonEntry
from scaffold.report.documents.verification import FindingEntry
from scaffold.report.sarif import to_sarif
from tests.report.checks import broken_and_unknown, check, finding, hostile_check
from tests.report.differences import HOSTILE, attribute, document, hostile, opinion, resource

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text())


def run_of(found: DiffDocument | CheckDocument, prefix: str = "") -> dict[str, Any]:
    """Return the one run of a document's SARIF, which is valid."""
    text = to_sarif(found, prefix)
    text.encode()
    log = json.loads(text)
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    return dict(run)


def place_of(result: dict[str, Any]) -> dict[str, Any]:
    return dict(result["locations"][0]["physicalLocation"])


def fingerprints(found: DiffDocument) -> list[dict[str, str]]:
    return [result["partialFingerprints"] for result in run_of(found)["results"]]


def test_the_schema_refuses_what_is_none() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}, SCHEMA)


def test_nothing_found_is_a_run_without_results() -> None:
    run = run_of(document())
    assert run["tool"]["driver"] == {"name": "scaffold", "version": __version__, "rules": []}
    assert run["results"] == []


def test_a_broken_opinion_is_a_warning_of_its_rule_where_it_stands() -> None:
    run = run_of(document(opinions=(opinion("kept", "E1"), opinion())))
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (result["ruleId"], rule["id"], result["level"]) == ("N1", "N1", "warning")
    assert rule["shortDescription"]["text"] == "One NAT gateway per AZ."
    assert rule["fullDescription"]["text"] == "An AZ that fails takes the others with it."
    assert rule["help"]["text"] == "Set network.nat to per-az."
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert place_of(result) == {
        "artifactLocation": {"uri": "modules/network/nat.tf", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7},
    }


def test_what_nobody_can_say_is_a_note_and_what_is_kept_is_nothing() -> None:
    run = run_of(document(opinions=(opinion("unknown"), opinion("kept"))))
    assert [result["level"] for result in run["results"]] == ["note"]


def test_a_skipped_opinion_is_suppressed_with_its_reason() -> None:
    run = run_of(document(opinions=(opinion("skipped", message="One AZ. Skipped: one is enough here"),)))
    assert run["results"][0]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "One AZ. Skipped: one is enough here"}
    ]


def test_a_source_that_is_no_address_is_no_help_uri() -> None:
    run = run_of(document(opinions=(replace(opinion(), source="the provider's documentation"),)))
    assert "helpUri" not in run["tool"]["driver"]["rules"][0]


def test_a_resource_that_differs_is_a_note_and_one_that_is_missing_has_no_line() -> None:
    changed, missing = resource("a", "changed", "a.tf", 3, attribute()), resource("b", "missing", "b.tf", 9)
    unknown, absent = resource("c", "unknown", "c.tf", 5), (FileComparisonEntry("c.tf", "missing", ""),)
    run = run_of(document(resources=(changed, missing, unknown), files=absent))
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [("difference", "note")] * 3
    assert [place_of(result).get("region") for result in run["results"]] == [{"startLine": 3}, None, None]
    assert 'tags.Name: "a" → "b"' in run["results"][0]["message"]["text"]


def test_what_could_not_be_read_is_a_notification() -> None:
    run = run_of(document(problems=(FindingEntry("syntax", "A brace is missing.", "main.tf", 4, None),)))
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "A brace is missing."
    assert place_of(notification)["region"] == {"startLine": 4}


def test_fingerprints_stay_when_lines_move_and_tell_results_apart() -> None:
    first, moved = (fingerprints(document(opinions=(opinion(line=line), opinion("unknown", "E1")))) for line in (7, 99))
    assert first == moved
    assert first[0] != first[1]
    same = fingerprints(document(opinions=(opinion(line=1), opinion(line=2))))
    assert same[0] != same[1]


def test_a_path_begins_at_the_root_of_the_sources() -> None:
    run = run_of(document(opinions=(opinion(file="a b/ü#?.tf"),)), "infra/")
    assert place_of(run["results"][0])["artifactLocation"]["uri"] == "infra/a%20b/%C3%BC%23%3F.tf"


def test_hostile_texts_stay_texts() -> None:
    run = run_of(hostile())
    uri = place_of(run["results"][0])["artifactLocation"]["uri"]
    assert unquote(uri, errors="surrogateescape") == HOSTILE
    for result in run["results"]:
        assert "\x1b" not in result["message"]["text"]
        assert "](" not in result["message"]["text"]


def test_findings_of_a_check_are_errors_and_broken_opinions_warnings() -> None:
    run = run_of(broken_and_unknown(), "infra/")
    rules = run["tool"]["driver"]["rules"]
    found = [(rules[each["ruleIndex"]]["id"], each["ruleId"], each["level"]) for each in run["results"]]
    assert found == [
        ("unknown-argument", "unknown-argument", "error"),
        ("N1", "N1", "warning"),
        ("CKV_AWS_18", "CKV_AWS_18", "error"),
        ("E1", "E1", "note"),
        ("E5", "E5", "warning"),
    ]
    assert place_of(run["results"][0])["artifactLocation"]["uri"].startswith("infra/")


def test_what_is_known_is_suppressed() -> None:
    (known,) = [each for each in run_of(broken_and_unknown())["results"] if each["ruleId"] == "CKV_AWS_18"]
    assert [each["kind"] for each in known["suppressions"]] == ["external"]


def test_a_finding_without_a_file_is_placed_at_the_repository() -> None:
    (result,) = run_of(check({"terraform": [finding("terraform", "No provider.", None, None)]}))["results"]
    assert place_of(result) == {"artifactLocation": {"uri": ".", "uriBaseId": "%SRCROOT%"}}


def test_a_verifier_that_was_not_run_is_a_notification() -> None:
    notifications = run_of(check())["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in notifications] == [
        "terraform was not run: --verify fast",
        "checkov was not run: --verify fast",
    ]


def test_hostile_texts_of_a_check_stay_texts() -> None:
    for result in run_of(hostile_check())["results"]:
        assert "\x1b" not in result["message"]["text"]
        assert "](" not in result["message"]["text"]
