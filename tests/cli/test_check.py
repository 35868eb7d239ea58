import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.presets import load_presets
from scaffold.verify.baseline import VERSION
from tests.cli.commands import document
from tests.support.rendering import preset, write
from tests.workspace.trees import snapshot

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A rendered repository with a cluster, which no check may change."""
    folder = write(preset("eks-auto-dev").files, tmp_path / "out")
    yield folder
    assert not (folder / ".terraform").exists()


def findings(capsys: Capture, *arguments: str) -> list[tuple[str, str, str, int | None]]:
    """Check a folder that must have findings, twice, and return them: verifier, rule, file and line."""
    old = snapshot(Path("out"))
    found = document(capsys, "check", "out", "--verify", "fast", *arguments, code=Exit.FINDINGS)
    assert snapshot(Path("out")) == old
    return [
        (entry["verifier"], finding["rule"], finding["file"], finding["line"])
        for entry in found["verification"]
        for finding in entry["findings"]
    ]


@pytest.mark.parametrize("name", [each.name for each in load_presets()])
def test_what_a_preset_renders_is_clean_and_stays_as_it_is(tmp_path: Path, capsys: Capture, name: str) -> None:
    write(preset(name).files, tmp_path / "out")
    old = snapshot(tmp_path)
    found = document(capsys, "check", "out", "--verify", "fast")
    assert found["target"] == "out"
    assert {entry["status"] for entry in found["verification"]} == {"passed", "not run"}
    assert snapshot(tmp_path) == old


def test_a_syntax_error_is_found_where_it_stands(tree: Path, capsys: Capture) -> None:
    (tree / "modules/network/broken.tf").write_text('# fine\nresource "aws_vpc" "b" {\n  cidr_block = = 1\n}\n')
    assert ("syntax", "syntax", "modules/network/broken.tf", 3) in findings(capsys)


def test_a_misspelt_argument_is_found_where_it_stands(tree: Path, capsys: Capture) -> None:
    (tree / "modules/network/more.tf").write_text('resource "aws_vpc" "more" {\n  cidr_blok = "10.0.0.0/16"\n}\n')
    found = [each for each in findings(capsys) if each[0] == "provider schema"]
    assert ("modules/network/more.tf", 2) in [each[2:] for each in found]


def test_an_unformatted_file_is_found(tree: Path, capsys: Capture) -> None:
    path = tree / "modules/network/outputs.tf"
    path.write_text(path.read_text().replace(" = ", "="))
    assert {(each[0], each[2]) for each in findings(capsys)} == {("format", "modules/network/outputs.tf")}


def test_a_bad_manifest_is_found_where_it_stands(tree: Path, capsys: Capture) -> None:
    path = tree / "k8s/dev/deployment-sample.yaml"
    path.write_text(path.read_text().replace("replicas:", "replica:").replace("containers:", "container:"))
    line = path.read_text().splitlines().index("      container:") + 1
    assert ("kubernetes", "k8s/dev/deployment-sample.yaml", line) in [(each[0], *each[2:]) for each in findings(capsys)]


def test_a_broken_answers_file_or_manifest_of_ours_does_not_keep_the_rest_from_being_checked(
    tree: Path, capsys: Capture
) -> None:
    (tree / "scaffold.yaml").write_text("[")
    (tree / ".scaffold").mkdir(exist_ok=True)
    (tree / ".scaffold/manifest.json").write_text("{")
    document(capsys, "check", "out", "--verify", "fast")


@pytest.mark.parametrize("name", ["", "notes.txt", ".binary.tf"])
def test_a_folder_with_nothing_to_verify_is_not_called_clean(tmp_path: Path, capsys: Capture, name: str) -> None:
    (tmp_path / "out").mkdir()
    if name:
        (tmp_path / "out" / name).write_bytes(b"\xff\xfe not text")
    error = document(capsys, "check", "out", "--verify", "fast", code=Exit.ERROR)
    assert "out: nothing was verified: there are no Terraform files" in error["message"]


@pytest.mark.parametrize("name", ["a-file", "missing"])
def test_what_is_no_folder_is_refused(tmp_path: Path, capsys: Capture, name: str) -> None:
    (tmp_path / "a-file").write_text("")
    error = document(capsys, "check", name, code=Exit.ERROR)
    assert error["message"] == f"{name} is not a folder."


def test_nested_repositories_caches_and_what_terraform_ignores_are_passed_over(tree: Path, capsys: Capture) -> None:
    bad = 'resource "aws_vpc" {'
    for folder in (".terraform/modules/x", "vendored/module", ".git/x"):
        (tree / folder).mkdir(parents=True)
        (tree / folder / "main.tf").write_text(bad)
    (tree / "vendored/module/.git").mkdir()
    (tree / "modules/network/.hidden.tf").write_text(bad)
    assert run(["check", "out", "--verify", "fast"]) == Exit.CLEAN
    (tree / ".terraform/modules/x/main.tf").unlink()
    (tree / ".terraform/modules/x").rmdir()
    (tree / ".terraform/modules").rmdir()
    (tree / ".terraform").rmdir()


def _link(path: Path) -> None:
    path.symlink_to(Path(__file__))


UNREAD: dict[str, Callable[[Path], object]] = {
    "is a link": _link,
    "is not UTF-8": lambda path: path.write_bytes(b"\xff"),
    "is larger than 2,000,000 bytes": lambda path: path.write_bytes(b"#" * 2_000_001),
    "is no regular file": os.mkfifo,
}


@pytest.mark.parametrize(
    ("name", "verifier"),
    [
        ("modules/network/l.tf", "syntax"),
        ("modules/network/l.tf.json", "syntax"),
        ("modules/network/tests/l.tftest.hcl", "syntax"),
        ("k8s/dev/l.yaml", "kubernetes"),
    ],
)
@pytest.mark.parametrize("reason", UNREAD)
def test_a_file_that_cannot_be_read_is_never_passed_over(
    tree: Path, capsys: Capture, name: str, verifier: str, reason: str
) -> None:
    UNREAD[reason](tree / name)
    found = document(capsys, "check", "out", "--verify", "fast", code=Exit.FINDINGS)
    all_found = [(entry["verifier"], each) for entry in found["verification"] for each in entry["findings"]]
    assert [(by, each["rule"], each["file"]) for by, each in all_found] == [(verifier, "unread", name)]
    assert all_found[0][1]["message"] == f"{name} {reason}, so nothing in it was verified."


def test_a_linked_module_is_not_passed_over(tree: Path, capsys: Capture, tmp_path: Path) -> None:
    write(preset("network-only").files, tmp_path / "elsewhere")
    (tree / "modules/linked").symlink_to(tmp_path / "elsewhere/modules/network")
    assert findings(capsys) == [("syntax", "unread", "modules/linked/", None)]


def test_a_folder_whose_only_file_cannot_be_read_is_not_called_clean(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/main.tf").write_bytes(b"\xff")
    assert findings(capsys) == [("syntax", "unread", "main.tf", None)]


def test_configuration_in_json_is_named_as_not_verified(tree: Path, capsys: Capture) -> None:
    (tree / "modules/network/more.tf.json").write_text("{}")
    reasons = {
        entry["verifier"]: entry["reason"]
        for entry in document(capsys, "check", "out", "--verify", "fast")["verification"]
    }
    told = {
        name for name, reason in reasons.items() if "not verified, being JSON: modules/network/more.tf.json" in reason
    }
    assert told == {"syntax", "format", "provider schema"}


def test_findings_are_printed_with_their_place(tree: Path, capsys: Capture) -> None:
    (tree / "modules/network/more.tf").write_text('resource "aws_vpc" "more" {\n  cidr_blok = "10.0.0.0/16"\n}\n')
    assert run(["check", "out", "--verify", "fast"]) == Exit.FINDINGS
    printed = capsys.readouterr()
    assert "  modules/network/more.tf:2 " in printed.out
    assert "cidr_block" in printed.out
    assert printed.err == ""


# --- foreign repositories, opinions, selections, baselines ----------------------------------------------------------

SARIF = json.loads((Path(__file__).parent.parent / "report/sarif-2.1.0.json").read_text())
REPOSITORIES = Path(__file__).parent.parent / "opinions" / "repositories"

FAST = ["--verify", "fast"]


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository that scaffold did not write, with one NAT gateway for three AZs."""
    return Path(shutil.copytree(REPOSITORIES / "net_module_v5_single", tmp_path / "theirs"))


def rules(found: dict[str, Any]) -> set[str]:
    """Return the rules of the findings that count."""
    return {finding["rule"] for entry in found["verification"] for finding in entry["findings"]}


def statuses_of(found: dict[str, Any]) -> dict[str, str]:
    return {entry["verifier"]: entry["status"] for entry in found["verification"]}


@pytest.mark.parametrize("name", sorted(path.name for path in REPOSITORIES.iterdir() if path.is_dir()))
def test_any_repository_is_judged_and_stays_as_it_is(tmp_path: Path, capsys: Capture, name: str) -> None:
    old = snapshot(Path(shutil.copytree(REPOSITORIES / name, tmp_path / "theirs")))
    capsys.readouterr()
    code = run(["check", "theirs", *FAST, "--output", "json"])
    found = json.loads(capsys.readouterr().out)
    assert found["opinions"]
    broken = {opinion["id"] for opinion in found["opinions"] if opinion["status"] == "broken"}
    (verdict,) = (entry for entry in found["verification"] if entry["verifier"] == "opinions")
    assert {finding["rule"] for finding in verdict["findings"]} - {"skip"} == broken
    assert code == (Exit.FINDINGS if rules(found) else Exit.CLEAN)
    assert snapshot(tmp_path / "theirs") == old


def test_a_broken_opinion_is_a_finding_with_file_and_line(theirs: Path, capsys: Capture) -> None:
    found = document(capsys, "check", "theirs", *FAST, "--only", "N1", code=Exit.FINDINGS)
    ((finding,),) = (entry["findings"] for entry in found["verification"] if entry["findings"])
    lines = (theirs / finding["file"]).read_text().splitlines()
    assert finding["rule"] == "N1"
    assert 1 <= finding["line"] <= len(lines)
    assert {opinion["id"] for opinion in found["opinions"]} == {"N1"}


def test_only_and_skip_take_opinions_verifiers_and_rules(theirs: Path, capsys: Capture) -> None:
    everything = rules(document(capsys, "check", "theirs", *FAST, code=Exit.FINDINGS))
    assert {"N1", "N7"} & everything
    found = document(capsys, "check", "theirs", *FAST, "--skip", "n1,syntax", code=Exit.FINDINGS)
    assert rules(found) == everything - {"N1"}
    assert statuses_of(found)["syntax"] == "not run"
    found = document(capsys, "check", "theirs", *FAST, "--only", "format,syntax")
    assert statuses_of(found)["opinions"] == "not run"
    assert found["opinions"] == []


def test_findings_that_are_not_asked_for_are_counted_in_the_reason(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/main.tf").write_text('resource "aws_vpc" "a" {\n  cidr_blok = "10.0.0.0/16"\n}\n')
    arguments = ["check", "theirs", *FAST, "--only", "wrong-type"]
    (entry,) = [each for each in document(capsys, *arguments)["verification"] if each["status"] != "not run"]
    assert (entry["status"], entry["reason"].split(";")[0]) == ("passed", "1 not asked for")


def test_an_opinion_there_is_not_is_an_error_that_names_the_nearest(theirs: Path, capsys: Capture) -> None:
    error = document(capsys, "check", "theirs", "--only", "N1,chekov", code=Exit.ERROR)
    assert error["message"] == "there is no verifier, rule or opinion chekov; did you mean checkov?"


def test_asking_for_what_does_not_apply_verifies_nothing(theirs: Path, capsys: Capture) -> None:
    error = document(capsys, "check", "theirs", *FAST, "--only", "L1", code=Exit.ERROR)
    assert error["message"] == "theirs: nothing was verified: nothing of what they are about is there."


def test_a_soft_fail_prints_what_is_found_and_exits_clean(theirs: Path, capsys: Capture) -> None:
    assert "N1" in rules(document(capsys, "check", "theirs", *FAST, "--soft-fail"))


def test_with_a_baseline_only_new_findings_count(theirs: Path, capsys: Capture) -> None:
    first = document(capsys, "check", "theirs", *FAST, "--write-baseline", "known.json")
    again = document(capsys, "check", "theirs", *FAST, "--baseline", "known.json")
    assert rules(again) == set()
    assert {known["rule"] for known in again["known"]} == rules(first)
    assert again["fixed"] == []
    path = theirs / "main.tf"
    path.write_text(f"# moved by a line\n{path.read_text()}")
    assert rules(document(capsys, "check", "theirs", *FAST, "--baseline", "known.json")) == set()
    (theirs / "more.tf").write_text('resource "aws_vpc" "more" {\n  cidr_blok = "10.0.0.0/16"\n}\n')
    found = document(capsys, "check", "theirs", *FAST, "--baseline", "known.json", code=Exit.FINDINGS)
    new = {finding["file"] for entry in found["verification"] for finding in entry["findings"]}
    assert new == {"more.tf"}


def test_what_is_in_the_baseline_and_mended_is_told_as_fixed(theirs: Path, capsys: Capture) -> None:
    path = theirs / "main.tf"
    path.write_text(path.read_text().replace(" = ", "  =  "))
    assert "format" in rules(document(capsys, "check", "theirs", *FAST, "--write-baseline", "known.json"))
    path.write_text(path.read_text().replace("  =  ", " = "))
    found = document(capsys, "check", "theirs", *FAST, "--baseline", "known.json", "--only", "format,syntax")
    assert [(fixed["rule"], fixed["file"]) for fixed in found["fixed"]] == [("format", "main.tf")]
    found = document(capsys, "check", "theirs", *FAST, "--baseline", "known.json", "--only", "syntax")
    assert found["fixed"] == []


def test_what_was_not_looked_for_is_not_told_as_fixed(theirs: Path, capsys: Capture) -> None:
    found = {"verifier": "checkov", "rule": "CKV_AWS_18", "file": "s3.tf", "fingerprint": "0", "message": "No logs."}
    Path("known.json").write_text(json.dumps({"version": VERSION, "findings": [found]}))
    arguments = ["check", "theirs", *FAST, "--soft-fail", "--baseline", "known.json"]
    assert document(capsys, *arguments)["fixed"] == []


CLUSTER = """\
resource "aws_eks_cluster" "this" {
  name                = "shop"
  deletion_protection = true

  upgrade_policy {
    support_type = "STANDARD"
  }

  zonal_shift_config {
    enabled = true
  }
}
"""


def test_another_fault_of_a_rule_on_the_line_of_a_known_one_is_new(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "theirs").mkdir()
    path = tmp_path / "theirs/main.tf"
    path.write_text(CLUSTER.replace('  name                = "shop"\n  deletion_protection = true', '  name = "shop"'))
    first = document(capsys, "check", "theirs", *FAST, "--write-baseline", "known.json")
    assert "E15" in rules(first)
    path.write_text(CLUSTER.replace("\n  zonal_shift_config {\n    enabled = true\n  }\n", ""))
    found = document(capsys, "check", "theirs", *FAST, "--baseline", "known.json", code=Exit.FINDINGS)
    assert rules(found) == {"E15"}
    assert "E15" in {fixed["rule"] for fixed in found["fixed"]}


@pytest.mark.parametrize("option", ["--only=N1", "--skip=N1"])
def test_a_baseline_of_a_part_is_refused_without_one_to_take_the_rest_from(
    theirs: Path, capsys: Capture, option: str
) -> None:
    Path("known.json").write_text("as it was")
    error = document(capsys, "check", "theirs", *FAST, option, "--write-baseline", "known.json", code=Exit.ERROR)
    assert error["message"].startswith("--write-baseline with --only or --skip would leave out")
    assert Path("known.json").read_text() == "as it was"


@pytest.mark.parametrize("option", ["--only=N1", "--skip=N1", "--skip=opinions"])
def test_what_was_not_looked_for_stays_in_the_baseline_that_is_written_again(
    theirs: Path, capsys: Capture, option: str
) -> None:
    assert run(["check", "theirs", *FAST, "--write-baseline", "known.json"]) == Exit.CLEAN
    old = json.loads(Path("known.json").read_text())
    logs = {"verifier": "checkov", "rule": "CKV_AWS_18", "file": "s3.tf", "fingerprint": "0", "message": "No logs."}
    gone = {"verifier": "opinions", "rule": "N1", "file": "gone.tf", "fingerprint": "0", "message": "Gone."}
    Path("known.json").write_text(json.dumps({**old, "findings": [*old["findings"], logs, gone]}))
    capsys.readouterr()
    arguments = ["--baseline", "known.json", "--write-baseline", "new.json"]
    assert run(["check", "theirs", *FAST, option, *arguments]) == Exit.CLEAN
    new = json.loads(Path("new.json").read_text())["findings"]
    kept = [logs] if option == "--only=N1" else [logs, gone]
    assert sorted(map(str, new)) == sorted(map(str, [*old["findings"], *kept]))
    told = capsys.readouterr().err
    assert told.startswith(f"new.json has {len(new)} findings, which are known from now on; ")
    assert told.endswith(" of them from the old baseline, not looked for this time.\n")


def test_a_baseline_is_the_same_bytes_for_the_same_repository(theirs: Path) -> None:
    for name in ("one.json", "two.json"):
        assert run(["check", "theirs", *FAST, "--write-baseline", name]) == Exit.CLEAN
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_every_format_is_printed_and_written(theirs: Path, capsys: Capture) -> None:
    formats = ("json", "sarif", "junit", "markdown", "github")
    reports = [f"--report={name}=out.{name}" for name in formats]
    capsys.readouterr()
    assert run(["check", "theirs", *FAST, *reports]) == Exit.FINDINGS
    assert "[N1]" in capsys.readouterr().out
    jsonschema.Draft7Validator(SARIF).validate(json.loads(Path("out.sarif").read_text()))
    assert ElementTree.parse("out.junit").getroot().tag == "testsuites"
    assert Path("out.markdown").read_text().startswith("### scaffold check: `theirs`: ")
    assert Path("out.github").read_text().startswith("::error file=theirs/main.tf,line=")
    for name in formats:
        assert run(["check", "theirs", *FAST, "--output", name]) == Exit.FINDINGS
        printed = capsys.readouterr()
        assert len(printed.out) > 100
        assert printed.err == ""


@pytest.mark.parametrize("report", ["pdf=a", "json", "json=", "text=a", "=a"])
def test_a_report_that_is_none_is_refused_before_anything_is_done(theirs: Path, capsys: Capture, report: str) -> None:
    error = document(capsys, "check", "theirs", *FAST, "--report", report, code=Exit.ERROR)
    assert error["message"].endswith("formats are json, sarif, junit, markdown, github.")


HOSTILE = {
    "cycle.tf": "locals {\n  a = local.b\n  b = local.a\n}\n",
    "huge.tf": 'resource "aws_vpc" "a" {\n  count      = 1000000000\n  cidr_block = "10.0.0.0/16"\n}\n',
    "deep.tf": f"locals {{\n  a = {'[' * 500}{']' * 500}\n}}\n",
    "broken.tf": 'resource "aws_vpc" {',
    "k8s/odd.yaml": "kind: \x1b[31m\napiVersion: v1\n---\n[\n",
}


def test_hostile_repositories_neither_crash_nor_reach_the_terminal(tmp_path: Path, capsys: Capture) -> None:
    for path, text in HOSTILE.items():
        (tmp_path / "theirs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "theirs" / path).write_text(text)
    (tmp_path / "theirs/binary.tf").write_bytes(b"\xff\x00")
    for name in ("text", "json", "sarif", "junit", "markdown", "github"):
        assert run(["check", "theirs", *FAST, "--output", name]) == Exit.FINDINGS
        assert "\x1b" not in capsys.readouterr().out
