"""What a check found, as Markdown for the summary of a run or the comment of a pull request."""

from collections.abc import Iterator, Mapping

from scaffold.report.documents.check import CheckDocument
from scaffold.report.documents.verification import VerificationEntry
from scaffold.report.markdown import Part, cell_code, code, details, escape, joined
from scaffold.report.wording import kept_ids, place_of


def check_to_markdown(document: CheckDocument) -> str:
    """Return a document as Markdown, shortened to what GitHub takes."""
    return joined(_heading(document), _parts(document))


def _heading(document: CheckDocument) -> str:
    count = sum(len(entry.findings) for entry in document.verification)
    found = f"{count} finding{'s' if count != 1 else ''}" if count else "nothing found"
    known = f", {len(document.known)} known" if document.known else ""
    fixed = f", {len(document.fixed)} fixed" if document.fixed else ""
    return f"### scaffold check: {code(document.target)}: {found}{known}{fixed}\n"


def _parts(document: CheckDocument) -> Iterator[Part]:
    verdicts = [f"| {entry.verifier} | {entry.status} | {escape(entry.reason)} |" for entry in document.verification]
    yield Part("\n| verifier | | what was verified |\n|---|---|---|\n", verdicts)
    reasons = {opinion.id: f"{opinion.why} " for opinion in document.opinions}
    findings = [row for entry in document.verification for row in _rows(entry, reasons)]
    yield Part("\n| rule | where | what was found | why and what to do |\n|---|---|---|---|\n", findings)
    for status in ("unknown", "skipped"):
        yield details(
            f"{status.capitalize()} opinions",
            [
                f"- {escape(each.id)} {code(f'{each.file}:{each.line}')}: {escape(each.message)}"
                for each in document.opinions
                if each.status == status
            ],
        )
    kept = kept_ids(document.opinions)
    yield Part("\n", [f"Kept: {', '.join(kept)}"] if kept else [])
    known = [
        f"- {escape(each.rule)} {code(place_of(each.file, each.line))}: {escape(each.message)}"
        for each in document.known
    ]
    yield details("Known findings", known)
    fixed = [f"- {escape(each.rule)} {code(each.file or '-')}: {escape(each.message)}" for each in document.fixed]
    yield details("Fixed, and still in the baseline", fixed)


def _rows(entry: VerificationEntry, reasons: Mapping[str, str]) -> Iterator[str]:
    for finding in entry.findings:
        where = cell_code(place_of(finding.file, finding.line))
        advice = escape(f"{reasons.get(finding.rule, '')}{finding.mend or ''}")
        yield f"| {escape(finding.rule)} | {where} | {escape(finding.message)} | {advice} |"
