import re
from datetime import UTC, datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from scaffold.report.documents.check import CheckDocument
from scaffold.report.junit import to_junit
from tests.report.checks import VERIFIERS, broken_and_unknown, check, finding, hostile_check
from tests.report.differences import opinion

WHEN = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)

INT, DECIMAL, ANY = r"\d+", r"\d+(\.\d+)?", r"(?s).+"
SCHEMA: dict[str, tuple[dict[str, str], list[str]]] = {
    "testsuites": ({}, ["testsuite*"]),
    "testsuite": (
        {
            "name": ANY,
            "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
            "hostname": ANY,
            "tests": INT,
            "failures": INT,
            "errors": INT,
            "skipped": INT,
            "time": DECIMAL,
            "package": ANY,
            "id": INT,
        },
        ["properties", "testcase*", "system-out", "system-err"],
    ),
    "properties": ({}, []),
    "testcase": ({"name": ANY, "classname": ANY, "time": DECIMAL}, ["failure?", "skipped?"]),
    "failure": ({"type": ANY, "message": ANY}, []),
    "skipped": ({"message": ANY}, []),
    "system-out": ({}, []),
    "system-err": ({}, []),
}
"""The part of Ant's and Jenkins' schemas that is written: attributes, all of them required, and children in order."""


def validate(element: Element) -> None:
    attributes, children = SCHEMA[element.tag]
    assert set(element.attrib) == set(attributes), element.tag
    for name, pattern in attributes.items():
        assert re.fullmatch(pattern, element.attrib[name]), (element.tag, name, element.attrib[name])
    tags = "".join(f"{child.tag} " for child in element)
    pattern = "".join(f"({child.rstrip('*?')} ){child[-1] if child[-1] in '*?' else ''}" for child in children)
    assert re.fullmatch(pattern, tags), (element.tag, tags)
    if element.tag == "testcase":
        assert len(element) <= 1
    if element.tag == "testsuite":
        cases = element.findall("testcase")
        counts = {"tests": len(cases), "failures": 0, "skipped": 0, "errors": 0}
        for case in cases:
            for child in case:
                counts[{"failure": "failures"}.get(child.tag, child.tag)] += 1
        assert {name: int(element.attrib[name]) for name in counts} == counts
    for child in element:
        validate(child)


def suites(document: CheckDocument) -> dict[str, Element]:
    """Return the suites of a document's JUnit XML, which is valid, by name."""
    text = to_junit(document, WHEN)
    root = ElementTree.fromstring(text.encode())
    validate(root)
    return {suite.attrib["name"]: suite for suite in root}


def names(suite: Element) -> list[str]:
    return [case.attrib["name"] for case in suite.findall("testcase")]


def test_the_schema_refuses_what_is_none() -> None:
    with pytest.raises(AssertionError):
        validate(ElementTree.fromstring('<testsuites><testsuite name="a"/></testsuites>'))


def test_there_is_a_suite_for_each_verifier_in_its_order() -> None:
    found = suites(check())
    assert tuple(found) == VERIFIERS
    assert [suite.attrib["id"] for suite in found.values()] == [str(number) for number in range(len(VERIFIERS))]
    assert found["syntax"].attrib["timestamp"] == "2026-11-21T01:02:03"
    assert found["syntax"].attrib["time"] == "0.034"


def test_what_was_not_run_is_skipped_with_its_reason_and_what_passed_is_a_case() -> None:
    found = suites(check())
    skipped = found["terraform"].find("testcase/skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "not run: --verify fast"
    assert found["syntax"].attrib["failures"] == found["syntax"].attrib["skipped"] == "0"
    assert found["syntax"].findtext("system-out") == "passed: 52 files"


def test_a_rule_that_is_broken_is_a_case_that_fails_with_every_place() -> None:
    two = [finding(), finding(file="b.tf", line=9, mend=None), finding("wrong-type", "A number.")]
    suite = suites(check({"provider schema": two}))["provider schema"]
    assert names(suite) == ["unknown-argument", "wrong-type"]
    assert suite.findtext("testcase/failure") == (
        "modules/network/vpc.tf:3: aws_vpc.this has no argument cidr_blok. Did you mean cidr_block?\n"
        "b.tf:9: aws_vpc.this has no argument cidr_blok."
    )


def test_every_opinion_that_applies_is_a_case() -> None:
    suite = suites(broken_and_unknown())["opinions"]
    title = "One NAT gateway per AZ."
    assert names(suite) == [f"N1: {title}", f"N2: {title}", f"E1: {title}", f"E5: {title}"]
    failed, kept, unknown, skipped = suite.findall("testcase")
    assert failed.findtext("failure") == "nat.tf:7: One NAT gateway. Make three."
    assert len(kept) == 0
    assert unknown[0].attrib["message"] == "unknown: modules/network/nat.tf:7 Nobody can tell."
    assert skipped[0].attrib["message"].endswith("Skipped: it is a demonstration")


def test_a_broken_opinion_that_is_known_is_a_case_that_passes() -> None:
    suite = suites(check(opinions=(opinion(),)))["opinions"]
    assert suite.attrib["failures"] == suite.attrib["skipped"] == "0"


def test_hostile_texts_are_texts_that_xml_can_hold() -> None:
    text = to_junit(hostile_check(), WHEN)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x1b\ufffe\ud800-\udfff]", text)
    for suite in suites(hostile_check()).values():
        for case in suite.findall("testcase"):
            assert len(case.findall(".//*")) <= 1
