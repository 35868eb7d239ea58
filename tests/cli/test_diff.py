import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from tests.cli.commands import LEAST, QUICK, document, process, statuses
from tests.support.rendering import preset, write
from tests.workspace.trees import snapshot

Capture = pytest.CaptureFixture[str]

NAT = "modules/network/nat.tf"
SARIF = json.loads((Path(__file__).parent.parent / "report/sarif-2.1.0.json").read_text())

FOREIGN = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""


@pytest.fixture
def rendered(tmp_path: Path, capsys: Capture) -> Path:
    """A project rendered from flags."""
    assert run(["render", "out", *LEAST, *QUICK]) == Exit.CLEAN
    capsys.readouterr()
    return tmp_path / "out"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A repository of somebody else's."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/main.tf").write_text(FOREIGN)
    return tmp_path / "theirs"


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def changes(found: dict[str, Any]) -> dict[str, str]:
    """Return the status of each file that is not unchanged."""
    return {path: status for path, status in statuses(found).items() if status != "unchanged"}


def test_a_repository_as_it_was_rendered_is_the_same(rendered: Path, capsys: Capture) -> None:
    old = snapshot(rendered)
    found = document(capsys, "diff", "out")
    assert (found["kind"], found["target"], found["differs"]) == ("diff", "out", False)
    assert set(statuses(found).values()) == {"unchanged"}
    assert found["resources"] == []
    assert found["problems"] == []
    assert {opinion["status"] for opinion in found["opinions"]} <= {"kept", "broken"}
    assert snapshot(rendered) == old


def test_each_change_is_named_for_what_it_is(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    (rendered / "modules/network/outputs.tf").unlink()
    (rendered / "mine.tf").write_text("locals {}\n")
    found = document(capsys, "diff", "out", "--set", "owner=other", code=Exit.DIFFERENCES)
    assert (
        changes(found).items()
        >= {
            "README.md": "edited",
            "modules/network/outputs.tf": "missing",
            "mine.tf": "extra",
            "scaffold.yaml": "outdated",
        }.items()
    )
    assert found["differs"]
    notes = {file["path"]: file["note"] for file in found["files"]}
    assert notes["modules/network/outputs.tf"] == "deleted since scaffold wrote it"


def test_an_answers_file_in_its_writers_own_words_is_no_difference(rendered: Path, capsys: Capture) -> None:
    path = rendered / "scaffold.yaml"
    path.write_text(path.read_text() + "# mine\n")
    assert changes(document(capsys, "diff", "out")) == {}


def test_a_changed_argument_is_told_by_address_with_both_values_and_lines(rendered: Path, capsys: Capture) -> None:
    path = rendered / "modules/network/main.tf"
    replace_in(path, "enable_dns_support   = true", "enable_dns_support   = false")
    found = document(capsys, "diff", "out", code=Exit.DIFFERENCES)
    assert changes(found) == {"modules/network/main.tf": "edited"}
    (resource,) = found["resources"]
    assert (resource["address"], resource["status"]) == ("modules/network: aws_vpc.this", "changed")
    (attribute,) = resource["attributes"]
    line = next(at for at, text in enumerate(path.read_text().splitlines(), 1) if "enable_dns_support" in text)
    assert attribute == {
        "path": "enable_dns_support",
        "rendered": "true",
        "there": "false",
        "rendered_file": "modules/network/main.tf",
        "rendered_line": line,
        "file": "modules/network/main.tf",
        "line": line,
        "known": True,
    }


def test_a_version_that_a_bot_raised_differs_neither_as_file_nor_as_resource(rendered: Path, capsys: Capture) -> None:
    path = rendered / "modules/network/versions.tf"
    replace_in(path, 'version = ">= ', 'version = ">= 9')
    found = document(capsys, "diff", "out")
    assert [file["note"] for file in found["files"] if file["note"]] == ["versions bumped"]
    assert found["resources"] == []


def test_what_scaffold_ignore_names_differs_neither_as_file_nor_as_resource(rendered: Path, capsys: Capture) -> None:
    replace_in(rendered / "modules/network/main.tf", "enable_dns_support   = true", "enable_dns_support   = false")
    (rendered / "mine.tf").write_text('resource "aws_eip" "mine" {}\n')
    (rendered / ".scaffold/ignore").write_text("[diff]\nmodules/network/main.tf\nmine.tf\n")
    found = document(capsys, "diff", "out")
    assert found["resources"] == []
    assert "modules/network/main.tf" not in statuses(found)


def test_an_opinion_is_reported_with_its_place_and_mend_and_makes_no_difference_itself(
    rendered: Path, capsys: Capture
) -> None:
    assert run(["render", "single", *LEAST, *QUICK, "--set", "network.nat=single"]) == Exit.CLEAN
    found = document(capsys, "diff", "single", "--only", "N1")
    assert not found["differs"]
    assert {(opinion["id"], opinion["status"]) for opinion in found["opinions"]} == {("N1", "kept"), ("N1", "skipped")}

    nat = rendered.parent / "single/modules/network/nat.tf"
    replace_in(nat, "  # scaffold:skip=N1: asked for in the answers\n", "")
    found = document(capsys, "diff", "single", "--only", "N1", code=Exit.DIFFERENCES)
    assert not found["resources"]
    (broken,) = [opinion for opinion in found["opinions"] if opinion["status"] == "broken"]
    assert broken["file"] == "modules/network/nat.tf"
    assert broken["line"] > 0
    assert broken["why"]
    assert broken["mend"]


def test_the_text_shows_lines_resources_and_opinions(rendered: Path, capsys: Capture) -> None:
    replace_in(rendered / "modules/network/main.tf", "enable_dns_support   = true", "enable_dns_support   = false")
    (rendered / "run.bin").write_bytes(b"\0")
    assert run(["diff", "out"]) == Exit.DIFFERENCES
    printed = capsys.readouterr()
    assert "edited: modules/network/main.tf\n" in printed.out
    assert "extra: run.bin\n" in printed.out
    assert "--- rendered/modules/network/main.tf\n+++ there/modules/network/main.tf\n@@" in printed.out
    assert "\n-  enable_dns_support   = true\n+  enable_dns_support   = false\n" in printed.out
    assert "modules/network: aws_vpc.this changed (modules/network/main.tf:" in printed.out
    assert "  enable_dns_support: true → false (modules/network/main.tf:" in printed.out
    assert "\nkept    " in printed.out
    assert printed.out.splitlines()[-3].startswith("Files: ")
    assert "\x1b" not in printed.out


def test_what_an_opinion_breaks_is_listed_before_why_it_matters_and_what_to_do(foreign: Path, capsys: Capture) -> None:
    (foreign / "more.tf").write_text(FOREIGN.replace("main", "second"))
    found = document(capsys, "diff", "theirs", "--preset", "network-only", code=Exit.DIFFERENCES)
    broken = [opinion for opinion in found["opinions"] if (opinion["id"], opinion["status"]) == ("N2", "broken")]
    assert {opinion["file"] for opinion in broken} == {"main.tf", "more.tf"}
    run(["diff", "theirs", "--preset", "network-only"])
    lines = capsys.readouterr().out.splitlines()
    start = lines.index(f"broken  N2  main.tf:1 {broken[0]['message']}")
    assert lines[start + 1] == f"broken  N2  more.tf:1 {broken[1]['message']}"
    assert lines[start + 2 : start + 4] == [f"    {broken[0]['why']}", f"    {broken[0]['mend']}"]


def test_stat_prints_which_files_differ_and_how_much_else(rendered: Path, capsys: Capture) -> None:
    replace_in(rendered / "modules/network/main.tf", "enable_dns_support   = true", "enable_dns_support   = false")
    assert run(["diff", "out", "--stat"]) == Exit.DIFFERENCES
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "edited: modules/network/main.tf"
    assert [line.split(":")[0] for line in lines[1:]] == ["Files", "Resources", "Opinions"]
    assert lines[2] == "Resources: 1 changed"


def test_the_diff_of_a_text_is_one_that_patch_applies(rendered: Path, capsys: Capture, tmp_path: Path) -> None:
    shutil.copytree(rendered, tmp_path / "old")
    for name, text in (("README.md", "\tone\nno end"), ("modules/network/main.tf", "")):
        (rendered / name).write_text(text)
    run(["diff", "out"])
    (tmp_path / "patch").write_text(capsys.readouterr().out)
    subprocess.run(["git", "apply", "-p1", "--include=*", "../patch"], cwd=tmp_path / "old", check=True)
    assert snapshot(tmp_path / "old") == snapshot(rendered)


def test_what_a_file_holds_does_not_reach_the_terminal_as_a_command(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("\x1b]0;title\x07\r\u202e\n")
    (rendered / "\x1b[31m\nfile").write_text("")
    run(["diff", "out"])
    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(out)
    assert "extra: \\x1b[31m\\nfile\n" in out


def test_a_file_that_differs_in_too_many_lines_is_named_alone(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("".join(f"{number}\n" for number in range(10_000)))
    assert run(["diff", "out"]) == Exit.DIFFERENCES
    out = capsys.readouterr().out
    assert "Files rendered/README.md and there/README.md differ in more than 3,000 lines\n" in out


def test_a_terminal_gets_colours_and_no_color_takes_them_away(rendered: Path) -> None:
    (rendered / "README.md").write_text("mine\n")
    import pexpect

    for variables, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        shown, _ = pexpect.run(
            f"{sys.executable} -m scaffold diff out",
            env={**os.environ, "TERM": "xterm", **variables},
            encoding="utf-8",
            withexitstatus=True,
            timeout=60,
        )
        assert ("\x1b[32m+mine" in shown) == coloured
        assert "+mine" in shown


def test_sarif_is_printed_and_valid(rendered: Path, capsys: Capture) -> None:
    assert run(["render", "in/single", *LEAST, *QUICK, "--set", "network.nat=single"]) == Exit.CLEAN
    replace_in(Path("in/single/modules/network/main.tf"), "enable_dns_support   = true", "enable_dns_support   = false")
    capsys.readouterr()
    assert run(["diff", "in/single", "--output", "sarif"]) == Exit.DIFFERENCES
    log = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator(SARIF).validate(log)
    results = log["runs"][0]["results"]
    assert {"N1", "difference"} <= {result["ruleId"] for result in results}
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert Path(uri).is_file()


def test_annotations_name_files_from_the_folder_the_command_runs_in(rendered: Path, capsys: Capture) -> None:
    replace_in(rendered / "modules/network/main.tf", "enable_dns_support   = true", "enable_dns_support   = false")
    assert run(["diff", "out", "--output", "github"]) == Exit.DIFFERENCES
    assert "::notice file=out/modules/network/main.tf,line=" in capsys.readouterr().out
    os.chdir(rendered)
    assert run(["diff", ".", "--output", "github"]) == Exit.DIFFERENCES
    assert "::notice file=modules/network/main.tf,line=" in capsys.readouterr().out


def test_markdown_is_printed(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    assert run(["diff", "out", "--output", "markdown"]) == Exit.DIFFERENCES
    out = capsys.readouterr().out
    assert out.startswith("### scaffold diff: `out` differs from what its answers render\n")
    assert "- edited: `README.md`\n" in out


def test_warnings_about_answers_go_to_standard_error(rendered: Path, capsys: Capture) -> None:
    assert run(["render", "single", *LEAST, *QUICK, "--set", "network.nat=single"]) == Exit.CLEAN
    capsys.readouterr()
    run(["diff", "single"])
    assert "warning network.nat" in capsys.readouterr().err
    assert document(capsys, "diff", "single")["warnings"]


def test_a_foreign_repository_is_compared_and_judged_with_a_preset(foreign: Path, capsys: Capture) -> None:
    old = snapshot(foreign)
    found = document(capsys, "diff", "theirs", "--preset", "network-only", code=Exit.DIFFERENCES)
    assert statuses(found)["main.tf"] == "extra"
    assert found["compared_by"] == "role"
    assert {opinion["status"] for opinion in found["opinions"]} & {"broken", "unknown"}
    assert {opinion["file"] for opinion in found["opinions"]} == {"main.tf"}
    assert snapshot(foreign) == old


def test_a_file_that_does_not_parse_is_a_problem_and_the_rest_goes_on(foreign: Path, capsys: Capture) -> None:
    (foreign / "broken.tf").write_text("resource {{{\n")
    found = document(capsys, "diff", "theirs", "--preset", "network-only", code=Exit.DIFFERENCES)
    assert ("syntax", "broken.tf", 1) in [(each["rule"], each["file"], each["line"]) for each in found["problems"]]
    assert found["opinions"]


def _tamper(path: Path, text: str) -> Callable[[Path], object]:
    return lambda root: (root / path).write_text(text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


def _journal(root: Path) -> None:
    (root / ".scaffold/pending").mkdir()
    (root / ".scaffold/pending/journal.json").write_text("[]")


ENDINGS: dict[str, tuple[Callable[[Path], object], list[str], Exit, str]] = {
    "the same": (lambda root: None, ["out"], Exit.CLEAN, ""),
    "different": (lambda root: (root / "README.md").unlink(), ["out"], Exit.DIFFERENCES, ""),
    "no folder": (lambda root: None, ["nowhere"], Exit.ERROR, "nowhere is not a folder."),
    "a file": (lambda root: None, ["out/README.md"], Exit.ERROR, "out/README.md is not a folder."),
    "no answers": (lambda root: (root / "scaffold.yaml").unlink(), ["out"], Exit.ERROR, "scaffold adopt out"),
    "no Terraform": (
        lambda root: (root.parent / "empty").mkdir(),
        ["empty", "--preset", "network-only"],
        Exit.ERROR,
        "empty holds no Terraform",
    ),
    "Terragrunt alone": (
        lambda root: _write(root.parent / "live/vpc/terragrunt.hcl", "inputs = {}\n"),
        ["live", "--preset", "network-only"],
        Exit.ERROR,
        "vpc/terragrunt.hcl gives inputs with Terragrunt, which is not evaluated here.",
    ),
    "no preset": (lambda root: None, ["out", "--preset", "none"], Exit.ERROR, "network-only"),
    "unfinished": (_journal, ["out"], Exit.ERROR, "An earlier run stopped while it changed out"),
    "tampered": (_tamper(Path(".scaffold/manifest.json"), "{"), ["out"], Exit.ERROR, "manifest.json: not a manifest"),
    "escaping": (
        _tamper(Path(".scaffold/manifest.json"), '{"format": 1, "scaffold": "1", "files": {"../x": "1"}}'),
        ["out"],
        Exit.ERROR,
        "manifest.json: not a manifest",
    ),
    "newer": (
        _tamper(Path(".scaffold/manifest.json"), '{"format": 2, "scaffold": "9.0", "files": {}}'),
        ["out"],
        Exit.ERROR,
        "written by a newer scaffold (9.0)",
    ),
    "a module": (
        _tamper(Path(".scaffold/manifest.json"), '{"format": 1, "scaffold": "1", "files": {"main.tf": "1"}}'),
        ["out"],
        Exit.ERROR,
        "out holds a module of its own",
    ),
    "newer answers": (
        lambda root: (root / "scaffold.yaml").write_text((root / "scaffold.yaml").read_text() + "quantum: true\n"),
        ["out"],
        Exit.ERROR,
        "quantum",
    ),
    "no YAML": (_tamper(Path("scaffold.yaml"), "["), ["out"], Exit.ERROR, "scaffold.yaml"),
    "ignore": (_tamper(Path(".scaffold/ignore"), "docs/\n"), ["out"], Exit.ERROR, "ignore line 1"),
    "opinion": (lambda root: None, ["out", "--only", "N1,X9"], Exit.ERROR, "there is no opinion X9"),
    "usage": (lambda root: None, ["out", "--output", "xml"], Exit.ERROR, "'xml' is not one of"),
    "jobs": (lambda root: None, ["out", "--all", "--jobs", "0"], Exit.ERROR, "greater than or equal to 1"),
    "all, none": (lambda root: None, ["out/modules/network", "--all"], Exit.ERROR, "none of its folders holds"),
    "all, sarif": (lambda root: None, [".", "--all", "--output", "sarif"], Exit.ERROR, "--all prints text or json"),
    "all, same": (lambda root: None, [".", "--all"], Exit.CLEAN, "1 of 1: out"),
    "all, different": (lambda root: (root / "README.md").unlink(), [".", "--all"], Exit.DIFFERENCES, "1 of 1: out"),
    "all, failed": (lambda root: (root / "scaffold.yaml").unlink(), [".", "--all"], Exit.ERROR, "1 of 1: out"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_has_its_exit_code_and_its_words(rendered: Path, ending: str) -> None:
    prepare, arguments, code, says = ENDINGS[ending]
    prepare(rendered)
    ran = process("diff", *arguments)
    assert ran.returncode == code, ran
    assert says in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr
    if code == Exit.ERROR and ending != "all, failed":
        assert ran.stdout == ""


ERRORS = [
    name
    for name, (_, arguments, code, _) in ENDINGS.items()
    if code == Exit.ERROR and "--output" not in arguments and name != "all, failed"
]


@pytest.mark.parametrize("ending", ERRORS)
def test_every_error_is_a_document_where_json_is_asked_for(rendered: Path, capsys: Capture, ending: str) -> None:
    prepare, arguments, _, says = ENDINGS[ending]
    prepare(rendered)
    found = document(capsys, "diff", *arguments, code=Exit.ERROR)
    assert found["kind"] == "error"
    assert says in json.dumps(found)


@pytest.fixture
def several(rendered: Path, foreign: Path) -> Path:
    """A folder of repositories: one as rendered, one edited, a broken one, a foreign one, and what is none."""
    shutil.copytree(rendered, rendered.parent / "edited")
    (rendered.parent / "edited/README.md").write_text("mine\n")
    shutil.copytree(rendered, rendered.parent / "broken")
    (rendered.parent / "broken/.scaffold/manifest.json").write_text("{")
    (rendered.parent / "notes").mkdir()
    (rendered.parent / "notes/a.txt").write_text("")
    _write(rendered.parent / "terragrunt/live/terragrunt.hcl", "inputs = {}\n")
    (rendered.parent / "linked").symlink_to(rendered)
    (rendered.parent / "file.tf").write_text("")
    return rendered.parent


def test_every_repository_of_a_folder_is_compared_as_it_is_alone(several: Path, capsys: Capture) -> None:
    arguments = ["--preset", "network-only"]
    found = document(capsys, "diff", ".", "--all", *arguments, code=Exit.ERROR)
    assert (found["kind"], found["target"]) == ("diff-all", ".")
    by_name = {each["name"]: each for each in found["repositories"]}
    assert list(by_name) == ["broken", "edited", "out", "terragrunt", "theirs"]
    assert "live/terragrunt.hcl gives inputs with Terragrunt" in by_name["terragrunt"]["error"]
    assert by_name["broken"]["diff"] is None
    assert "not a manifest" in by_name["broken"]["error"]
    for name, code in (("edited", Exit.DIFFERENCES), ("out", Exit.CLEAN)):
        assert by_name[name] == {"name": name, "error": None, "diff": document(capsys, "diff", name, code=code)}
    alone = document(capsys, "diff", "theirs", *arguments, code=Exit.DIFFERENCES)
    assert by_name["theirs"]["diff"] == alone


def test_a_line_is_printed_for_every_repository_whatever_the_number_of_jobs(several: Path) -> None:
    printed = []
    for jobs in ("1", "3"):
        ran = process("diff", ".", "--all", "--jobs", jobs)
        assert ran.returncode == Exit.ERROR
        printed.append(ran.stdout)
        assert ran.stderr.splitlines()[-1] == "5 of 5: theirs"
    assert printed[0] == printed[1]
    lines = printed[0].splitlines()
    assert [line.split(":")[0] for line in lines] == ["broken", "edited", "out", "terragrunt", "theirs"]
    assert lines[1].startswith("edited: differs; files ")
    assert "1 edited" in lines[1]
    assert lines[2].startswith("out: same; ")
    assert "error theirs has no scaffold.yaml" in lines[4]


def test_a_stopped_comparison_of_many_leaves_no_process_and_prints_nothing(several: Path) -> None:
    for number in range(20):
        shutil.copytree(several / "out", several / f"z{number}")
    command = [sys.executable, "-m", "scaffold", "diff", ".", "--all"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr
        assert started.stderr.readline() == "1 of 25: broken\n"
        started.terminate()
        # What is read ends when the last process that holds the other end does.
        out, err = started.communicate(timeout=60)
    assert (started.returncode, out) == (Exit.INTERRUPTED, "")
    assert err.endswith("Interrupted; nothing was changed.\n")
    assert "Traceback" not in err


def test_the_files_of_a_foreign_repository_are_counted_and_listed_by_stat_alone(foreign: Path, capsys: Capture) -> None:
    arguments = ["diff", "theirs", "--preset", "network-only"]
    for more, listed in (([], False), (["--stat"], True)):
        assert run([*arguments, *more]) == Exit.DIFFERENCES
        out = capsys.readouterr().out
        assert ("extra: main.tf\n" in out) == ("missing: README.md\n" in out) == listed
        assert ", 1 extra" in out or "1 extra, " in out


def test_a_rendering_without_its_manifest_is_compared_by_role(tmp_path: Path, capsys: Capture) -> None:
    write(preset("network-only").files, tmp_path / "written")
    found = document(capsys, "diff", "written")
    assert (found["compared_by"], found["resources"]) == ("role", [])
    assert set(statuses(found).values()) == {"unchanged"}
