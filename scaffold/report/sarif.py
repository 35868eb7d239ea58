"""What a repository differs in and which opinions it breaks, as SARIF 2.1.0, which code scanning reads.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from scaffold import __version__
from scaffold.report.documents import DiffDocument, FindingEntry, OpinionEntry, ResourceEntry
from scaffold.report.wording import attribute_line, visible, with_lines

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_DIFFERENCE = "difference"

_LEVELS = {"broken": "warning", "unknown": "note", "skipped": "warning"}
"""Kept opinions are no results. A skipped one is a result that its suppression takes away."""


def to_sarif(document: DiffDocument, prefix: str = "") -> str:
    """Return a document as SARIF, indented.

    Args:
        document: what was found.
        prefix: what leads from the root of the sources to the repository: `infra/`, or empty.
    """
    opinions = [opinion for opinion in document.opinions if opinion.status in _LEVELS]
    rules = {opinion.id: _rule(opinion) for opinion in document.opinions}
    if document.resources:
        rules[_DIFFERENCE] = _difference_rule()
    places = {key: at for at, key in enumerate(rules)}
    results = [
        *(_judged(opinion, places[opinion.id], prefix) for opinion in opinions),
        *(_different(resource, line, places[_DIFFERENCE], prefix) for resource, line in with_lines(document)),
    ]
    run = {
        "tool": {"driver": {"name": "scaffold", "version": __version__, "rules": list(rules.values())}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(problem, prefix) for problem in document.problems],
            }
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(_with_fingerprints(results)),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


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


def _judged(opinion: OpinionEntry, rule: int, prefix: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": opinion.id,
        "ruleIndex": rule,
        "level": _LEVELS[opinion.status],
        "message": _text(f"{opinion.message}\n{opinion.mend}"),
        "locations": [_location(opinion.file, opinion.line, prefix)],
    }
    if opinion.status == "skipped":
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": visible(opinion.message)}]
    return result


def _different(resource: ResourceEntry, line: int | None, rule: int, prefix: str) -> dict[str, Any]:
    attributes = "".join(f"\n{attribute_line(attribute)}" for attribute in resource.attributes)
    return {
        "ruleId": _DIFFERENCE,
        "ruleIndex": rule,
        "level": "note",
        "message": _text(f"{resource.address}: {resource.status}{attributes}"),
        "locations": [_location(resource.file, line, prefix)],
    }


def _notification(problem: FindingEntry, prefix: str) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "warning", "message": _text(problem.message)}
    if problem.file:
        notification["locations"] = [_location(problem.file, problem.line, prefix)]
    return notification


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
