"""All opinions, and how they are asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from scaffold.errors import ScaffoldError
from scaffold.facts import Facts
from scaffold.opinions import (
    c1,
    c2,
    c3,
    c4,
    c5,
    c6,
    c7,
    c8,
    c9,
    c10,
    c11,
    c12,
    c13,
    c14,
    c15,
    c16,
    c17,
    d1,
    d2,
    d3,
    d4,
    d5,
    d6,
    d7,
    e1,
    e2,
    e3,
    e4,
    e5,
    e6,
    e7,
    e8,
    e9,
    e10,
    e11,
    e12,
    e13,
    e14,
    e15,
    e16,
    e17,
    e18,
    e19,
    f1,
    f2,
    f3,
    f4,
    f5,
    f6,
    f7,
    l1,
    l2,
    l3,
    l4,
    l5,
    l6,
    l7,
    l8,
    l9,
    l11,
    l12,
    l13,
    l14,
    n1,
    n2,
    n3,
    n4,
    n5,
    n6,
    n7,
    n8,
    n9,
    n10,
    s1,
    s2,
    s3,
    s4,
    s5,
)
from scaffold.opinions.opinion import Judgement, Opinion, Status
from scaffold.repository.model import Skip
from scaffold.verify.verdict import Finding

OPINIONS: tuple[Opinion, ...] = tuple(
    module.OPINION
    for module in (
        n1, n2, n3, n4, n5, n6, n7, n8, n9, n10,
        e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19,
        c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17,
        l1, l2, l3, l4, l5, l6, l7, l8, l9, l11, l12, l13, l14,
        d1, d2, d3, d4, d5, d6, d7,
        f1, f2, f3, f4, f5, f6, f7,
        s1, s2, s3, s4, s5,
    )
)  # fmt: skip
"""Every opinion, in the order of reports."""

NOT_JUDGED: Mapping[str, str] = {
    "L10": "what a load costs, and whether it is spiky, stands in no repository; scaffold cost compares the prices",
    "F8": "whether code knows its zone stands in the code; Terraform shows at most the hosts that it chooses from",
}
"""Why an opinion is not among these, by its id."""


@dataclass(frozen=True, slots=True)
class OpinionResult:
    """What one opinion says of a repository.

    Attributes:
        opinion: the opinion.
        judgements: what it says, each once, whatever number of root modules it holds for; empty where it does not
            apply.
    """

    opinion: Opinion
    judgements: tuple[Judgement, ...]

    @property
    def status(self) -> Status | None:
        """The worst of the judgements: broken, then unknown, kept, skipped; None where there are none."""
        found = {each.status for each in self.judgements}
        return next((each for each in _WORST_FIRST if each in found), None)


_WORST_FIRST = (Status.BROKEN, Status.UNKNOWN, Status.KEPT, Status.SKIPPED)


def judge(facts: Facts, only: Sequence[str] = ()) -> tuple[OpinionResult, ...]:
    """Ask every opinion what it says of a repository.

    Args:
        facts: the repository's.
        only: the ids of the opinions to ask, in any case of letters; without, all are asked.

    Raises:
        ScaffoldError: there is no opinion of an id.
    """
    wanted = {id_of(name) for name in only}
    return tuple(
        OpinionResult(opinion, tuple(dict.fromkeys(_skipped(facts, opinion))))
        for opinion in OPINIONS
        if not wanted or opinion.id in wanted
    )


def id_of(name: str) -> str:
    """Return the id of the opinion that a name in any case of letters means.

    Raises:
        ScaffoldError: there is none; the text names the nearest.
    """
    ids = [opinion.id for opinion in OPINIONS]
    found = name.strip().upper()
    if found not in ids:
        near = get_close_matches(found[:40], ids, n=3, cutoff=0.5)
        raise ScaffoldError(
            f"there is no opinion {name}; {'did you mean' if near else 'there are'} "
            f"{', '.join(near or ids)}{'?' if near else '.'}"
        )
    return found


def _skipped(facts: Facts, opinion: Opinion) -> Iterator[Judgement]:
    skips = [skip for skip in facts.repository.skips if opinion.id in skip.opinions]
    for judgement in opinion.judge(facts):
        skip = next((each for each in skips if _covers(each, judgement)), None)
        if skip is not None and judgement.status in (Status.BROKEN, Status.UNKNOWN):
            message = f"{judgement.message} Skipped: {skip.reason}"
            yield replace(judgement, status=Status.SKIPPED, message=message)
        else:
            yield judgement


def _covers(skip: Skip, judgement: Judgement) -> bool:
    place = judgement.place
    return skip.place.file == place.file and skip.first_line <= place.line <= skip.last_line


def skip_problems(facts: Facts, results: Sequence[OpinionResult]) -> tuple[Finding, ...]:
    """Return the skips that name no opinion there is, and those of the opinions asked that skip nothing."""
    known = {opinion.id for opinion in OPINIONS}
    asked = {result.opinion.id: result for result in results}
    found = []
    for skip in facts.repository.skips:
        for name in skip.opinions:
            if name not in known:
                near = get_close_matches(name[:40], known, n=1, cutoff=0.5)
                mend = f"Write {near[0]}, or remove it." if near else "Name an opinion that diff reports, or remove it."
                found.append(_problem(skip, f"There is no opinion {name} to skip.", mend))
            elif name in asked and not any(
                each.status is Status.SKIPPED and _covers(skip, each) for each in asked[name].judgements
            ):
                found.append(
                    _problem(skip, f"The skip of {name} skips nothing: {name} is not broken here.", "Remove it.")
                )
    return tuple(found)


def _problem(skip: Skip, message: str, mend: str) -> Finding:
    return Finding("skip", message, skip.place.file, skip.place.line, mend)
