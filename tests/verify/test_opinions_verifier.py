from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.presets import load_presets
from scaffold.verify import opinions
from scaffold.verify.verdict import Finding, Status, Tree, Verdict
from tests.support.rendering import preset

NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/20"
  availability_zone = "eu-central-1a"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""
"""A VPC that has no endpoint for S3."""


def verdict(text: str, name: str = "main.tf", **others: str) -> Verdict:
    return opinions.verify(Tree((File(name, text), *(File(path, other) for path, other in others.items()))))


def of(found: Verdict, rule: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.rule == rule]


@pytest.mark.parametrize("name", [each.name for each in load_presets()])
def test_what_a_preset_renders_breaks_none_and_nothing_of_it_is_unknown(name: str) -> None:
    found = opinions.verify(Tree(preset(name).files))
    assert found.status is Status.PASSED, found.findings
    assert "unknown" not in found.reason
    assert "not read" not in found.reason


def test_a_broken_opinion_is_a_finding_by_its_id_with_place_and_mend() -> None:
    found = verdict(NETWORK)
    assert found.status is Status.FAILED
    (finding,) = of(found, "N2")[:1]
    assert finding.file == "main.tf"
    assert finding.line is not None
    assert "aws_vpc_endpoint" in (finding.mend or "")


def test_a_skip_with_its_reason_is_counted_and_no_finding() -> None:
    line = of(verdict(NETWORK), "N2")[0].line
    assert line is not None
    lines = NETWORK.splitlines()
    lines.insert(line - 1, "# scaffold:skip=N2: nothing here reads S3")
    found = verdict("\n".join(lines) + "\n")
    assert of(found, "N2") == []
    assert "skipped" in found.reason


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("scaffold:skip=N99: no such", "There is no opinion N99 to skip."),
        ("scaffold:skip=N2", "The skip names no opinion or no reason, so it skips nothing."),
        ("scaffold:skip=E1: there is no cluster", "The skip of E1 skips nothing: E1 is not broken here."),
    ],
)
def test_a_skip_that_skips_nothing_is_a_finding(comment: str, message: str) -> None:
    (finding,) = of(verdict(f"# {comment}\n{NETWORK}"), "skip")
    assert (finding.message, finding.file, finding.line) == (message, "main.tf", 1)


def test_what_is_unknown_is_named_and_never_passed() -> None:
    found = verdict(
        'variable "nat" {}\n' + NETWORK + 'module "all" {\n  source  = "acme/all/aws"\n  version = "1.0.0"\n}\n'
    )
    assert "unknown: " in found.reason
    assert "N2 at main.tf:" in found.reason
    assert "not read: module.all" in found.reason
    assert of(found, "N2") == []


def test_where_everything_is_unknown_nothing_was_verified() -> None:
    cluster = Path(__file__).parent.parent / "opinions/repositories/eks_unknown/main.tf"
    found = opinions.judged_by(Tree((File("main.tf", cluster.read_text()),)), lambda opinion: opinion in ("E1", "E2"))
    assert {result.status for result in found.results} == {opinions.Status.UNKNOWN}
    assert opinions.verdict_of(found).status is Status.NOT_RUN


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("README.md", "# nothing", "there are no Terraform files and no Kubernetes objects"),
        ("main.tf", 'variable "a" {}\n', "nothing of what they are about is there"),
    ],
)
def test_where_no_opinion_applies_nothing_was_verified(path: str, text: str, reason: str) -> None:
    tree = Tree((File(path, text),))
    found = opinions.verdict_of(opinions.judged_by(tree, lambda opinion: opinion.startswith(("N", "E", "L"))))
    assert (found.status, found.reason) == (Status.NOT_RUN, reason)


def test_a_tree_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree((File("main.tf", NETWORK + "# once\n"),))
    first = opinions.verify(tree)
    monkeypatch.setattr(opinions, "judge", None)
    assert opinions.verify(tree) == first
