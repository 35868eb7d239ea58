import io

from rich.console import Console

from scaffold.report.documents.update import DestroyedEntry, MoveEntry, ReplacedEntry, UpdatedFileEntry, UpdateDocument
from scaffold.report.documents.verification import VerificationEntry
from scaffold.report.update_text import show_update

PASSED = VerificationEntry("syntax", "passed", "52 files parsed", 0.2, [])
FAILED = VerificationEntry("syntax", "failed", "1 finding", 0.2, [])
FILES = [
    UpdatedFileEntry("README.md", "unchanged", None, None),
    UpdatedFileEntry("mine[a].tf", "merged", "main.tf", None),
    UpdatedFileEntry("nat.tf", "conflict", None, "1 marked in it."),
]


def shown(**fields: object) -> str:
    document = {
        "target": "shop",
        "dry_run": False,
        "published": True,
        "differs": True,
        "conflicts": 0,
        "from_version": "1",
        "to_version": "2",
        "files": [],
        "moves": [],
        "commands": [],
        "destroys": [],
        "replaces": [],
        "notes": [],
        "warnings": [],
        "verification": [PASSED],
        "merged_verification": [],
    } | fields
    console = Console(file=io.StringIO(), width=200)
    show_update(console, UpdateDocument(**document))  # type: ignore[arg-type]
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_what_is_left_to_a_person_is_said() -> None:
    text = shown(
        files=FILES,
        conflicts=1,
        moves=[MoveEntry("modules/network/moved.tf", "aws_vpc.a", "aws_vpc.b")],
        commands=["terraform state mv a b"],
        destroys=[DestroyedEntry("environments/dev", "module.network.aws_eip.nat")],
        replaces=[ReplacedEntry("environments/prod", "module.network.aws_vpc.this", "cidr_block")],
        notes=["no git"],
        merged_verification=[FAILED],
    )
    assert text.splitlines()[1:] == [
        "With what you edited:",
        "failed  syntax            0.2 s  1 finding",
        "merged: mine[a].tf (was main.tf)",
        "conflict: nat.tf",
        "  1 marked in it.",
        "Files: 1 unchanged, 1 merged, 1 conflict",
        "moved: aws_vpc.a → aws_vpc.b (modules/network/moved.tf)",
        "Before the next apply, move in the state what no moved block can:",
        "  terraform state mv a b",
        "the next apply destroys module.network.aws_eip.nat (in environments/dev)",
        "the next apply replaces module.network.aws_vpc.this, because cidr_block changes (in environments/prod)",
        "note no git",
        "Updated shop",
        "1 file is in conflict and left to you; see above.",
    ]


def test_each_end_is_said() -> None:
    assert "Nothing is written: shop is as it was." in shown(verification=[FAILED], published=False)
    assert "Nothing is written: --dry-run." in shown(dry_run=True, published=False)
    assert "Nothing to do: shop is up to date." in shown(published=False, differs=False)
    assert "Nothing is written: first resolve" in shown(published=False, differs=False, conflicts=2)
    assert "2 files are in conflict" in shown(published=False, differs=False, conflicts=2)
