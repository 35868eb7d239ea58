"""What a check found, as JUnit XML: a suite for each verifier, a case for each opinion and each rule that is broken.

Valid by both schemas in use: Ant's (https://github.com/windyroad/JUnit-Schema) and Jenkins' (`junit-10.xsd` of
https://github.com/jenkinsci/xunit-plugin).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scaffold.report.documents.check import CheckDocument
from scaffold.report.documents.verification import FindingEntry, OpinionEntry, VerificationEntry
from scaffold.report.wording import place_of, visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case: failed for what was found, skipped for a reason, or passed."""

    name: str
    findings: Sequence[FindingEntry] = ()
    skipped: str = ""


def to_junit(document: CheckDocument, when: datetime) -> str:
    """Return a document as JUnit XML.

    Args:
        document: what was found.
        when: the time of the check, in UTC.
    """
    root = Element("testsuites")
    for number, entry in enumerate(document.verification):
        cases = list(_of_opinions(entry, document.opinions) if entry.verifier == "opinions" else _of_rules(entry))
        _suite(root, entry, cases, {"package": "scaffold", "id": str(number), "timestamp": f"{when:%Y-%m-%dT%H:%M:%S}"})
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _of_opinions(entry: VerificationEntry, opinions: Sequence[OpinionEntry]) -> Iterator[_Case]:
    by_rule = _by_rule(entry.findings)
    for _, group in groupby(opinions, lambda opinion: opinion.id):
        judged = list(group)
        statuses = {each.status for each in judged}
        found = by_rule.pop(judged[0].id, ())
        # What the baseline knows is broken, and fails nothing.
        unsure = () if found else statuses & {"unknown", "skipped"}
        reasons = [f"{each.status}: {place_of(each.file, each.line)} {each.message}" for each in judged]
        told = [reason for reason, each in zip(reasons, judged, strict=True) if each.status in unsure]
        yield _Case(f"{judged[0].id}: {judged[0].title}", found, "\n".join(told))
    yield from (_Case(rule, found) for rule, found in by_rule.items())
    if not opinions and not entry.findings:
        yield from _of_rules(entry)


def _of_rules(entry: VerificationEntry) -> Iterator[_Case]:
    if entry.findings:
        yield from (_Case(rule, found) for rule, found in _by_rule(entry.findings).items())
    else:
        yield _Case(entry.verifier, skipped=f"not run: {entry.reason}" if entry.status == "not run" else "")


def _by_rule(findings: Sequence[FindingEntry]) -> dict[str, list[FindingEntry]]:
    found: dict[str, list[FindingEntry]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    return found


def _suite(root: Element, entry: VerificationEntry, cases: Sequence[_Case], more: Mapping[str, str]) -> None:
    counts = {
        "tests": len(cases),
        "failures": sum(bool(case.findings) for case in cases),
        "errors": 0,
        "skipped": sum(bool(case.skipped) for case in cases),
    }
    given = {"name": entry.verifier, "hostname": "localhost", "time": f"{entry.seconds:.3f}", **more}
    suite = SubElement(root, "testsuite", given | {name: str(count) for name, count in counts.items()})
    SubElement(suite, "properties")
    for case in cases:
        element = SubElement(suite, "testcase", name=_text(case.name), classname=entry.verifier, time="0")
        if case.findings:
            first = f"{len(case.findings)} found" if len(case.findings) > 1 else case.findings[0].message
            failure = SubElement(element, "failure", type=_text(case.findings[0].rule), message=_text(first))
            failure.text = "\n".join(map(_line, case.findings))
        elif case.skipped:
            SubElement(element, "skipped", message=_text(case.skipped))
    SubElement(suite, "system-out").text = _text(f"{entry.status}: {entry.reason}")
    SubElement(suite, "system-err")


def _line(finding: FindingEntry) -> str:
    mend = f" {finding.mend}" if finding.mend else ""
    return _text(f"{place_of(finding.file, finding.line)}: {finding.message}{mend}")


def _text(text: str) -> str:
    """Return a text that XML can hold; what no terminal is to obey as backslashes and digits."""
    lines = "\n".join(map(visible, text.split("\n")))
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), lines)
