"""What a check or a comparison found, as SARIF 2.1.0, which code scanning reads.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from scaffold import __version__
from scaffold.report.documents.check import CheckDocument, KnownEntry
from scaffold.report.documents.diff import DiffDocument, ResourceEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry, VerificationEntry
from scaffold.report.wording import attribute_line, visible, with_lines

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_DIFFERENCE = "difference"

_LEVELS = {"broken": "warning", "unknown": "note", "skipped": "warning"}
"""Kept opinions are no results. A skipped one is a result that its suppression takes away."""


def to_sarif(document: DiffDocument | CheckDocument, prefix: str = "") -> str:
    """Return a document as SARIF, indented.

    Args:
        document: what was found.
        prefix: what leads from the root of the sources to the repository: `infra/`, or empty.
    """
    rules = {opinion.id: _rule(opinion) for opinion in document.opinions}
    if isinstance(document, DiffDocument):
        results = list(_of_diff(document, rules, prefix))
        notifications = [_notification(problem, prefix) for problem in document.problems]
    else:
        results = list(_of_check(document, rules, prefix))
        notifications = [_not_run(entry) for entry in document.verification if entry.status == "not run"]
    places = {key: at for at, key in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "scaffold", "version": __version__, "rules": list(rules.values())}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [{**result, "ruleIndex": places[result["ruleId"]]} for result in _with_fingerprints(results)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _of_diff(document: DiffDocument, rules: dict[str, dict[str, Any]], prefix: str) -> Iterator[dict[str, Any]]:
    """Yield the results of a comparison, and add to the rules that of differences."""
    yield from (_judged(opinion, prefix) for opinion in document.opinions if opinion.status in _LEVELS)
    if document.resources:
        rules[_DIFFERENCE] = _difference_rule()
    yield from (_different(resource, line, prefix) for resource, line in with_lines(document))


def _of_check(document: CheckDocument, rules: dict[str, dict[str, Any]], prefix: str) -> Iterator[dict[str, Any]]:
    """Yield the results of a check, and add to the rules those of verifiers."""
    for entry in document.verification:
        for finding in entry.findings:
            rules.setdefault(finding.rule, _verifier_rule(entry.verifier, finding.rule))
            yield _found(entry.verifier, finding, prefix)
    for known in document.known:
        rules.setdefault(known.rule, _verifier_rule(known.verifier, known.rule))
        suppression = {"kind": "external", "status": "accepted", "justification": "It is in the baseline."}
        yield {**_found(known.verifier, known, prefix), "suppressions": [suppression]}
    for opinion in document.opinions:
        if opinion.status in ("unknown", "skipped"):
            yield _judged(opinion, prefix)


def _rule(opinion: OpinionEntry) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": opinion.id,
        "shortDescription": _text(opinion.title),
        "fullDescription": _text(opinion.why),
        "help": _text(opinion.mend),
        "defaultConfiguration": {"level": "warning"},
    }
    return {**rule, "helpUri": opinion.source} if opinion.source.startswith("https://") else rule


def _difference_rule() -> dict[str, Any]:
    return {
        "id": _DIFFERENCE,
        "shortDescription": _text("The repository is what its answers render."),
        "fullDescription": _text("A resource is other than what the answers would render; that may be meant."),
        "help": _text("Change the answers, change the resource, or leave it: scaffold update keeps what was edited."),
        "defaultConfiguration": {"level": "note"},
    }


def _verifier_rule(verifier: str, rule: str) -> dict[str, Any]:
    return {
        "id": rule,
        "shortDescription": _text(rule if rule == verifier else f"{verifier}: {rule}"),
        "defaultConfiguration": {"level": _level(verifier)},
    }


def _level(verifier: str) -> str:
    return "warning" if verifier == "opinions" else "error"


def _found(verifier: str, finding: FindingEntry | KnownEntry, prefix: str) -> dict[str, Any]:
    mend = f"\n{finding.mend}" if finding.mend else ""
    return {
        "ruleId": finding.rule,
        "level": _level(verifier),
        "message": _text(f"{finding.message}{mend}"),
        # Code scanning takes no result without a place.
        "locations": [_location(finding.file or ".", finding.line, prefix)],
    }


def _judged(opinion: OpinionEntry, prefix: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": opinion.id,
        "level": _LEVELS[opinion.status],
        "message": _text(f"{opinion.message}\n{opinion.mend}"),
        "locations": [_location(opinion.file, opinion.line, prefix)],
    }
    if opinion.status == "skipped":
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": visible(opinion.message)}]
    return result


def _different(resource: ResourceEntry, line: int | None, prefix: str) -> dict[str, Any]:
    attributes = "".join(f"\n{attribute_line(attribute)}" for attribute in resource.attributes)
    return {
        "ruleId": _DIFFERENCE,
        "level": "note",
        "message": _text(f"{resource.address}: {resource.status}{attributes}"),
        "locations": [_location(resource.file, line, prefix)],
    }


def _notification(problem: FindingEntry, prefix: str) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "warning", "message": _text(problem.message)}
    if problem.file:
        notification["locations"] = [_location(problem.file, problem.line, prefix)]
    return notification


def _not_run(entry: VerificationEntry) -> dict[str, Any]:
    return {"level": "note", "message": _text(f"{entry.verifier} was not run: {entry.reason}")}


def _location(file: str, line: int | None, prefix: str) -> dict[str, Any]:
    # Odd bytes of a name are percent-encoded as they are.
    uri = quote(f"{prefix}{file}".encode("utf-8", "surrogateescape"), safe="/")
    place: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}}
    if line:
        place["region"] = {"startLine": line}
    return {"physicalLocation": place}


def _text(text: str) -> dict[str, str]:
    # What looks like a link in Markdown is a link here too, whoever wrote it.
    return {"text": "\n".join(visible(line).replace("](", "] (") for line in text.split("\n"))}


def _with_fingerprints(results: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield results with what tells them from each other and stays when lines move: the rule, the file, the message."""
    seen: Counter[str] = Counter()
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        message = result["message"]["text"].split("\n")[0]
        key = "\0".join((result["ruleId"], uri, message))
        print_of = hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()
        seen[key] += 1
        yield {**result, "partialFingerprints": {"scaffold/v1": print_of}}
