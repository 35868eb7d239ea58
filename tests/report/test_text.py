import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from scaffold.report.check_text import show_check
from scaffold.report.documents.catalogue import PresetEntry, PresetsDocument
from scaffold.report.documents.check import CheckDocument
from scaffold.report.documents.cost import CostEntry, EnvironmentCostEntry
from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.render import FileEntry, RenderDocument
from scaffold.report.documents.verification import FindingEntry, VerificationEntry
from scaffold.report.json_output import to_json
from scaffold.report.text import show_presets, show_problems, show_render

VERIFICATION = [
    VerificationEntry("syntax", "passed", "52 files parsed", 0.2, []),
    VerificationEntry(
        "provider schema",
        "failed",
        "2 findings; 333 blocks",
        1.25,
        [
            FindingEntry(
                "unknown-argument",
                "cidr_blok is no argument of aws_vpc.",
                "modules/network/main.tf",
                7,
                "Did you mean cidr_block?",
            ),
            FindingEntry("tree", "Nothing is there.", None, None, None),
        ],
    ),
    VerificationEntry("checkov", "not run", "--verify fast", 0.0, []),
]

RENDER = RenderDocument(
    target="out",
    dry_run=True,
    published=False,
    differs=True,
    refused=True,
    files=[
        FileEntry("README.md", "would overwrite an edit"),
        FileEntry("main.tf", "new"),
        FileEntry("old.tf", "no longer rendered, kept because it was edited"),
        FileEntry("same.tf", "unchanged"),
        FileEntry("also-same.tf", "unchanged"),
    ],
    warnings=[ProblemEntry("network.nat", "N1", "One NAT gateway serves all AZs.", "Use per-az.", "a.yaml line 3")],
    verification=VERIFICATION,
    cost=[
        EnvironmentCostEntry(
            "dev",
            "eu-north-1",
            "list prices of 2026-11-20, us-east-1; there are none for eu-north-1",
            "1032.40",
            [
                CostEntry("nat", "NAT (single)", "32.40", "1 x $0.045/h x 720 h", "fixed", "", "us-east-1"),
                CostEntry("else", "Something else", "1000.00", "1000 x $1.00", "fixed", "", "us-east-1"),
            ],
            [],
        )
    ],
)

CHECK_TEXT = """\
passed  syntax            0.2 s  52 files parsed
failed  provider schema   1.2 s  2 findings; 333 blocks
  modules/network/main.tf:7 cidr_blok is no argument of aws_vpc. [unknown-argument]
    Did you mean cidr_block?
  - Nothing is there. [tree]
not run checkov                  --verify fast
"""

RENDER_TEXT = f"""\
{CHECK_TEXT}would overwrite an edit: README.md
new: main.tf
no longer rendered, kept because it was edited: old.tf
What is kept was not verified and is yours from now on: delete it, or move it away.
Files: 1 would overwrite an edit, 1 new, 1 no longer rendered, kept because it was edited, 2 unchanged
dev: fixed cost, USD a month
NAT (single)       32.40  1 x $0.045/h x 720 h
Something else  1,000.00  1000 x $1.00
total           1,032.40  list prices of 2026-11-20, us-east-1; there are none
                          for eu-north-1
Nothing is written: --dry-run.
Without --dry-run this would be refused, because --force is not given.
"""


def shown(show: Callable[[Console], None]) -> str:
    """Return what is shown on 80 columns, without the blanks that fill lines."""
    stream = io.StringIO()
    show(Console(file=stream, width=80, soft_wrap=True))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_a_dry_run_in_full() -> None:
    assert shown(lambda console: show_render(console, RENDER)) == RENDER_TEXT


def test_a_check_in_full() -> None:
    document = CheckDocument(target="out", verification=VERIFICATION, opinions=[], known=[], fixed=[])
    assert shown(lambda console: show_check(console, document)) == CHECK_TEXT


@pytest.mark.parametrize(
    ("change", "last"),
    [
        ({"dry_run": False, "published": True}, "Written to out"),
        ({"dry_run": False, "published": False}, "Nothing is written: out is as it was."),
    ],
)
def test_the_last_line_says_what_became_of_the_target(change: dict[str, bool], last: str) -> None:
    document = replace(RENDER, **change)
    printed = shown(lambda console: show_render(console, document)).splitlines()
    assert printed[-1] == last
    assert "new: main.tf" not in printed
    assert "would overwrite an edit: README.md" in printed
    assert "no longer rendered, kept because it was edited: old.tf" in printed


@pytest.mark.parametrize("text", ["[red]team[/red]", "[/]", "[bold", "a[link=x]b", "\\[red]", "[@click=x]"])
def test_markup_in_what_users_wrote_is_printed_as_it_is(text: str) -> None:
    problem = ProblemEntry(text, text, f"{text} message", f"{text} mend", text)
    printed = shown(lambda console: show_problems(console, [problem], "error"))
    assert printed == f"error {text} ({text}): {text} message\n  {text} mend [{text}]\n"
    finding = FindingEntry(text, text, text, 1, text)
    entries = [VerificationEntry("syntax", "failed", text, 0.0, [finding])]
    document = CheckDocument(target=text, verification=entries, opinions=[], known=[], fixed=[])
    printed = shown(lambda console: show_check(console, document))
    assert printed.endswith(f"  {text}:1 {text} [{text}]\n    {text}\n")
    presets = PresetsDocument(presets=[PresetEntry(text, "2026-11-20", text)])
    assert shown(lambda console: show_presets(console, presets)) == f"{text}  2026-11-20  {text}\n"


def test_names_that_are_no_utf_8_are_documents_all_the_same() -> None:
    document = CheckDocument(target="a\udcffb", verification=[], opinions=[], known=[], fixed=[])
    assert json.loads(to_json(document))["target"] == "a\\udcffb"
