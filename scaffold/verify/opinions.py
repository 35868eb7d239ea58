"""The opinions as a verifier: none is broken, and those that nobody can judge are named."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from scaffold.facts import Facts, facts_of
from scaffold.files import File
from scaffold.opinions.engine import OpinionResult, judge, skip_problems
from scaffold.opinions.opinion import Status
from scaffold.repository.reading import repository_of
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run

NAME = "opinions"

SKIP = "skip"
"""The rule of comments `scaffold:skip` that skip nothing."""

_MOST_NAMED = 5
"""How many things a reason names before it only counts them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the opinions say of a tree.

    Attributes:
        facts: what they were told of it.
        results: what each that was asked says, in the order of reports.
    """

    facts: Facts
    results: tuple[OpinionResult, ...]


def verify(tree: Tree) -> Verdict:
    """Judge a tree by every opinion.

    Returns:
        Failed with what is broken, each by the opinion's id, with file and line, and with the comments `scaffold:skip`
        that skip nothing (rule `skip`); passed with how many things are kept; not run where no opinion could judge
        anything. The reason names what is unknown and what was not read.
    """
    return verdict_of(judged_by(tree))


def judged_by(tree: Tree, wanted: Callable[[str], bool] = lambda opinion: True) -> Judged:
    """Return what the opinions of the ids that are wanted say of a tree; of one tree again without judging again."""
    found = _judged(tree.files, tree.unread)
    return Judged(found.facts, tuple(result for result in found.results if wanted(result.opinion.id)))


@lru_cache(maxsize=1)
def _judged(files: tuple[File, ...], unread: tuple[tuple[str, str], ...]) -> Judged:
    facts = facts_of(repository_of(files, unread))
    return Judged(facts, judge(facts))


def verdict_of(found: Judged) -> Verdict:
    """Return as a verdict what some or all opinions say; see `verify`."""
    findings = [*_broken(found), *_idle_skips(found)]
    counts = Counter(each.status for result in found.results for each in result.judgements)
    repository = found.facts.repository
    if not (findings or counts or repository.modules or repository.manifests):
        return not_run(NAME, "there are no Terraform files and no Kubernetes objects")
    reason = _reason(found, counts)
    if findings or counts.keys() - {Status.UNKNOWN}:
        return judged(NAME, findings, reason)
    return not_run(NAME, reason)


def _broken(found: Judged) -> Iterator[Finding]:
    for result in found.results:
        for each in result.judgements:
            if each.status is Status.BROKEN:
                mend = each.mend or result.opinion.mend
                yield Finding(result.opinion.id, each.message, each.place.file, each.place.line, mend)


def _idle_skips(found: Judged) -> Iterator[Finding]:
    yield from (problem for problem in found.facts.repository.problems if problem.rule == SKIP)
    yield from skip_problems(found.facts, found.results)


def _reason(found: Judged, counts: Counter[Status]) -> str:
    told = [f"{counts[status]} {status}" for status in (Status.KEPT, Status.BROKEN, Status.SKIPPED) if counts[status]]
    unknown = [
        f"{result.opinion.id} at {each.place.file}:{each.place.line}"
        for result in found.results
        for each in result.judgements
        if each.status is Status.UNKNOWN
    ]
    if unknown:
        told.append(f"{len(unknown)} unknown: {_named(unknown)}")
    reason = ", ".join(told) or "nothing of what they are about is there"
    repository = found.facts.repository
    unread = [each for root in repository.roots for each in root.unread] + list(repository.unread)
    if unread:
        reason += f"; not read: {_named([each.what for each in unread])}"
    return reason


def _named(things: list[str]) -> str:
    distinct = list(dict.fromkeys(things))
    rest = len(distinct) - _MOST_NAMED
    return ", ".join(distinct[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
