"""Documents of `scaffold check`, with what repositories may hold to upset who prints them."""

from scaffold.report.documents.check import CheckDocument, FixedEntry, KnownEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry, VerificationEntry
from tests.report.differences import HOSTILE, opinion

VERIFIERS = ("syntax", "format", "provider schema", "kubernetes", "opinions", "terraform", "checkov")


def finding(
    rule: str = "unknown-argument",
    message: str = "aws_vpc.this has no argument cidr_blok.",
    file: str | None = "modules/network/vpc.tf",
    line: int | None = 3,
    mend: str | None = "Did you mean cidr_block?",
) -> FindingEntry:
    """Return something that is wrong."""
    return FindingEntry(rule, message, file, line, mend)


def check(
    found: dict[str, list[FindingEntry]] | None = None,
    *,
    opinions: tuple[OpinionEntry, ...] = (),
    known: tuple[KnownEntry, ...] = (),
    fixed: tuple[FixedEntry, ...] = (),
) -> CheckDocument:
    """Return a document: the verifiers of `found` failed, opinions passed and programs were not run."""
    entries = []
    for name in VERIFIERS:
        findings = (found or {}).get(name, [])
        if findings:
            entries.append(VerificationEntry(name, "failed", f"{len(findings)} findings", 0.25, findings))
        elif name in ("terraform", "checkov"):
            entries.append(VerificationEntry(name, "not run", "--verify fast", 0.0, []))
        else:
            entries.append(VerificationEntry(name, "passed", "52 files", 0.034, []))
    return CheckDocument(
        target="out", verification=entries, opinions=list(opinions), known=list(known), fixed=list(fixed)
    )


def broken_and_unknown() -> CheckDocument:
    """Return a check in which each thing there can be occurs once."""
    return check(
        {"provider schema": [finding()], "opinions": [finding("N1", "One NAT gateway.", "nat.tf", 7, "Make three.")]},
        opinions=(
            opinion(),
            opinion("kept", "N2"),
            opinion("unknown", "E1", "Nobody can tell."),
            opinion("skipped", "E5", "Open. Skipped: it is a demonstration"),
        ),
        known=(KnownEntry("checkov", "CKV_AWS_18", "No access logs.", "s3.tf", 4, None),),
        fixed=(FixedEntry("format", "format", "old.tf", "not in the canonical format"),),
    )


def hostile_check() -> CheckDocument:
    """Return a check whose every text is hostile, but for the names of rules, which are the verifiers' own."""
    text = f"{HOSTILE}\x00\ufffe]]>"
    return check(
        {name: [finding("syntax", text, text, 3, text), finding("N1", text, None, None, text)] for name in VERIFIERS},
        opinions=tuple(
            opinion(status, name, text, text, 3)
            for status, name in (("broken", "N1"), ("unknown", "N2"), ("skipped", "N3"), ("kept", "N4"))
        ),
        known=(KnownEntry("checkov", "S4", text, text, 4, text),),
        fixed=(FixedEntry("format", "format", text, text),),
    )
