import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.presets import load_presets
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
