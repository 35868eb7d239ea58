"""S4: a suppressed finding of a scanner says why.

checkov prints the text after the colon as the reason; the others have no place for one, so a comment beside will do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.evaluate.root import Place
from scaffold.facts import Facts
from scaffold.hcl import Comment, Document
from scaffold.kubernetes.documents import Node
from scaffold.opinions.judging import broken, kept
from scaffold.opinions.opinion import Judgement, Opinion

_CHECKOV = re.compile(r"(?:checkov|bridgecrew|cortex):skip=\s*(?P<id>[\w-]+)(?P<rest>[^\n]*)")
_OTHERS = re.compile(
    r"(?P<id>tfsec:ignore:\S+|trivy:ignore:\S+|tflint-ignore(?:-file)?:\s*[\w-]+(?:\s*,\s*[\w-]+)*"
    r"|(?<![\w-])#?nosec\b(?:\s+[A-Z]+\d+)?)(?P<rest>[^\n]*)"
)
_MARKS = ("skip=", "ignore", "nosec")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class _Suppression:
    id: str
    reason: str
    line: int


def _judge(facts: Facts) -> Iterator[Judgement]:
    for module in facts.repository.modules:
        for path, document in module.files:
            yield from _judged(path, list(_suppressions(document)))
    for manifest in facts.repository.manifests:
        yield from _judged(manifest.file, list(_annotations(manifest.node)))


def _judged(path: str, found: list[_Suppression]) -> Iterator[Judgement]:
    without = [each for each in found if not _WORD.search(each.reason)]
    for each in without:
        yield broken(f"{each.id} is suppressed without a reason.", Place(path, each.line))
    if found and not without:
        yield kept(f"Every finding that is suppressed in {path} says why.", Place(path, found[0].line))


def _suppressions(document: Document) -> Iterator[_Suppression]:
    above: Comment | None = None
    for comment in document.comments:
        if any(mark in comment.text for mark in _MARKS):
            near = above.text if above is not None and above.end_line == comment.line - 1 else ""
            yield from _of_comment(comment, near)
        above = comment


def _of_comment(comment: Comment, above: str) -> Iterator[_Suppression]:
    for offset, text in enumerate(comment.text.split("\n")):
        line = comment.line + offset
        match = _CHECKOV.search(text)
        if match:
            yield _Suppression(match["id"], match["rest"].partition(":")[2], line)
            continue
        match = _OTHERS.search(text)
        if match:
            # What stands before it, after it, or as a comment of its own right above, unless that is one as well.
            around = text[: match.start()] + match["rest"]
            near = "" if _CHECKOV.search(above) or _OTHERS.search(above) else above
            yield _Suppression(match["id"], around + near, line)


def _annotations(node: Node) -> Iterator[_Suppression]:
    """Yield what `checkov.io/skip1: CKV_K8S_1=reason` suppresses."""
    annotations = node.at("metadata", "annotations")
    for key, each in annotations.fields.items() if annotations is not None else ():
        if key.startswith("checkov.io/skip") and each.string is not None:
            name, _, reason = each.string.partition("=")
            yield _Suppression(name, reason, each.line)


_GOOD = """\
resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_144: logs are kept for a week, and can be lost with the region
  bucket = "shop-prod-logs"
}
"""

OPINION = Opinion(
    id="S4",
    title="Every suppressed finding of a scanner carries its reason.",
    why="A suppression without a reason is for ever: nobody who comes later can tell whether it still holds.",
    mend="Write why after the colon (checkov), or in a comment beside it.",
    source="https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace(": logs are kept for a week, and can be lost with the region", "")},
)
