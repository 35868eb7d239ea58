"""Any repository, verified and judged by the opinions; nothing in it is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scaffold.report.documents.check import CheckDocument, FixedEntry, KnownEntry
from scaffold.report.documents.verification import OpinionEntry, VerificationEntry
from scaffold.verify import Level, Progress, verify
from scaffold.verify import opinions as opinions_verifier
from scaffold.verify.baseline import Baseline, Known, Lines, baseline_text
from scaffold.verify.opinions import Judged, judged_by, verdict_of
from scaffold.verify.selection import Selection
from scaffold.verify.verdict import Finding, Status, Verdict
from scaffold.workspace.plan import TargetError
from scaffold.workspace.reading import read_tree


@dataclass(frozen=True, slots=True)
class Check:
    """What was found.

    Attributes:
        document: what is printed.
        found: every finding, known or not, as a baseline has it.
        carried: what the baseline has and this run did not look for.
    """

    document: CheckDocument
    found: tuple[Known, ...]
    carried: tuple[Known, ...]

    def baseline(self) -> str:
        """Return the text of a baseline by which everything that was found or carried over is known."""
        return baseline_text((*self.found, *self.carried))


def check(
    target: Path,
    *,
    level: Level,
    selection: Selection | None = None,
    baseline: Baseline | None = None,
    progress: Progress | None = None,
) -> Check:
    """Verify a repository and judge it by the opinions.

    Args:
        target: the repository's folder.
        level: how much to verify.
        selection: which verifiers, rules and opinions to ask; without, all.
        baseline: the findings that are known and do not count; it is used up.
        progress: told in one line what takes long.

    Raises:
        TargetError: it is no folder, or nothing of it could be verified although something was to be.
        ScaffoldError: it cannot be read.
    """
    asked = selection or Selection()
    tree = read_tree(target)
    try:
        verdicts = verify(tree, level, progress, target, asked.left_out)
    finally:
        tree.close()
    judged = None
    if level is not Level.NONE and opinions_verifier.NAME not in asked.left_out:
        judged = judged_by(tree, lambda opinion: asked.takes(opinions_verifier.NAME, opinion))
        verdicts = tuple(_with_opinions(verdict, judged) for verdict in verdicts)
    if level is not Level.NONE:
        _require_something(target, verdicts)
    verdicts = tuple(_asked(verdict, asked) for verdict in verdicts)
    lines = Lines(tree.files)
    found = tuple(lines.known(verdict.verifier, each) for verdict in verdicts for each in verdict.findings)
    known: list[KnownEntry] = []
    if baseline:
        verdicts = tuple(_new(verdict, baseline, lines, known) for verdict in verdicts)
    results = judged.results if judged else ()
    opinions = [OpinionEntry.of(result.opinion, each) for result in results for each in result.judgements]
    fixed: list[FixedEntry] = []
    carried: list[Known] = []
    for rest in baseline.rest() if baseline else ():
        if _looked_for(rest, verdicts, asked, opinions):
            fixed.append(FixedEntry(rest.verifier, rest.rule, rest.file or None, rest.message))
        else:
            carried.append(rest)
    document = CheckDocument(
        target=str(target),
        verification=[VerificationEntry.of(verdict) for verdict in verdicts],
        opinions=opinions,
        known=known,
        fixed=fixed,
    )
    return Check(document, found, tuple(carried))


def _require_something(target: Path, verdicts: Iterable[Verdict]) -> None:
    if any(verdict.status is not Status.NOT_RUN for verdict in verdicts):
        return
    reasons = dict.fromkeys(verdict.reason for verdict in verdicts)
    told = [reason for reason in reasons if not reason.startswith("--")] or list(reasons)
    raise TargetError(f"{target}: nothing was verified: {'; '.join(told)}.")


def _with_opinions(verdict: Verdict, judged: Judged) -> Verdict:
    if verdict.verifier != opinions_verifier.NAME:
        return verdict
    return replace(verdict_of(judged), seconds=verdict.seconds)


def _asked(verdict: Verdict, asked: Selection) -> Verdict:
    """Return a verdict without the findings that are not asked for."""
    findings = [each for each in verdict.findings if asked.takes(verdict.verifier, each.rule)]
    return _without(verdict, findings, "not asked for")


def _new(verdict: Verdict, baseline: Baseline, lines: Lines, known: list[KnownEntry]) -> Verdict:
    """Return a verdict without the findings that are known, which `known` gets."""
    new: list[Finding] = []
    for each in verdict.findings:
        if baseline.take(lines.known(verdict.verifier, each)):
            known.append(KnownEntry(verdict.verifier, each.rule, each.message, each.file, each.line, each.mend))
        else:
            new.append(each)
    return _without(verdict, new, "known")


def _without(verdict: Verdict, findings: Sequence[Finding], why: str) -> Verdict:
    gone = len(verdict.findings) - len(findings)
    if not gone:
        return verdict
    status = verdict.status if findings else Status.PASSED
    return replace(verdict, status=status, findings=tuple(findings), reason=f"{gone} {why}; {verdict.reason}")


def _looked_for(known: Known, verdicts: Iterable[Verdict], asked: Selection, opinions: Iterable[OpinionEntry]) -> bool:
    """Return whether a known finding would have been found if it were still there."""
    ran = any(each.verifier == known.verifier and each.status is not Status.NOT_RUN for each in verdicts)
    unsure = any(each.id == known.rule and each.status == "unknown" for each in opinions)
    return ran and asked.takes(known.verifier, known.rule) and not unsure
