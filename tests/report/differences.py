"""Documents of `scaffold diff`, with what repositories may hold to upset who prints them."""

from scaffold.report.documents.diff import AttributeEntry, DiffDocument, FileComparisonEntry, ResourceEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry

HOSTILE = (
    "a:b,c|d%20%0A`e`\r\n<img src=x onerror=alert(1)> @someone #12 "
    "[x](http://evil.example) ](y) \x1b[31m\u202e\udcff é.tf"
)


def opinion(
    status: str = "broken",
    id: str = "N1",  # noqa: A002 (the entry's own word)
    message: str = "aws_nat_gateway.this serves three AZs alone.",
    file: str = "modules/network/nat.tf",
    line: int = 7,
) -> OpinionEntry:
    """Return what an opinion says."""
    return OpinionEntry(
        id=id,
        status=status,  # type: ignore[arg-type]  # tests name statuses as they are printed
        title="One NAT gateway per AZ.",
        message=message,
        file=file,
        line=line,
        why="An AZ that fails takes the others with it.",
        mend="Set network.nat to per-az.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )


def resource(
    address: str = "modules/network: aws_nat_gateway.this",
    status: str = "changed",
    file: str = "modules/network/nat.tf",
    line: int = 7,
    *attributes: AttributeEntry,
) -> ResourceEntry:
    """Return a resource that differs."""
    return ResourceEntry(address, status, file, line, "", list(attributes))


def attribute(path: str = "tags.Name", rendered: str | None = '"a"', there: str | None = '"b"') -> AttributeEntry:
    """Return an attribute that differs."""
    return AttributeEntry(path, rendered, there, "r.tf", 1, "modules/network/nat.tf", 9, True)


def document(
    *,
    opinions: tuple[OpinionEntry, ...] = (),
    resources: tuple[ResourceEntry, ...] = (),
    files: tuple[FileComparisonEntry, ...] = (),
    problems: tuple[FindingEntry, ...] = (),
) -> DiffDocument:
    """Return a document."""
    return DiffDocument(
        target="out",
        differs=bool(resources),
        compared_by="address",
        files=list(files),
        resources=list(resources),
        opinions=list(opinions),
        problems=list(problems),
        warnings=[],
    )


def hostile() -> DiffDocument:
    """Return a document whose every text is hostile."""
    return document(
        opinions=tuple(
            opinion(status, name, HOSTILE, HOSTILE, 3)
            for status, name in (("broken", "N1"), ("unknown", "N2"), ("skipped", "N3"), ("kept", "N4"))
        ),
        resources=(
            resource(HOSTILE, "changed", HOSTILE, 4, attribute(HOSTILE, HOSTILE, None)),
            resource(HOSTILE, "missing", HOSTILE, 4),
        ),
        files=(FileComparisonEntry(HOSTILE, "edited", HOSTILE),),
        problems=(FindingEntry("syntax", HOSTILE, HOSTILE, 2, None), FindingEntry("unread", HOSTILE, None, None, None)),
    )
