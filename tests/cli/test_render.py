from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.presets import load_presets
from scaffold.verify import FAST, FULL
from tests.cli.commands import LEAST, QUICK, document, statuses
from tests.workspace.faults import dies, dying
from tests.workspace.trees import snapshot

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def rendered(tmp_path: Path, capsys: Capture) -> Path:
    """A project rendered from flags."""
    assert run(["render", "out", *LEAST, *QUICK]) == Exit.CLEAN
    capsys.readouterr()
    return tmp_path / "out"


@pytest.mark.parametrize("preset", [preset.name for preset in load_presets()])
def test_a_preset_renders_and_says_so_as_json(capsys: Capture, preset: str) -> None:
    found = document(capsys, "render", "out", "--preset", preset, "--verify", "fast")
    assert (found["kind"], found["published"], found["dry_run"]) == ("render", True, False)
    assert set(statuses(found).values()) == {"new"}
    assert {"scaffold.yaml", "README.md"} <= set(statuses(found))
    verdicts = {entry["verifier"]: entry for entry in found["verification"]}
    assert list(verdicts) == [*FAST, *FULL]
    for name, entry in verdicts.items():
        manifests = any(path.startswith("k8s/") for path in statuses(found))
        runs = name in FAST and (name != "kubernetes" or manifests)
        assert entry["status"] == ("passed" if runs else "not run"), entry
        assert entry["reason"]
        assert entry["findings"] == []
        assert entry["seconds"] >= 0
    environments = {path.split("/")[1] for path in statuses(found) if path.startswith("environments/")}
    assert {cost["environment"] for cost in found["cost"]} == environments


def test_a_dry_run_writes_nothing_and_says_what_the_run_then_does(tmp_path: Path, capsys: Capture) -> None:
    dry = document(capsys, "render", "out", *LEAST, *QUICK, "--dry-run", code=Exit.DIFFERENCES)
    assert (dry["published"], dry["dry_run"]) == (False, True)
    assert list(tmp_path.iterdir()) == []
    wet = document(capsys, "render", "out", *LEAST, *QUICK)
    assert wet["files"] == dry["files"]


def test_an_untouched_tree_renders_again_without_a_difference(rendered: Path, capsys: Capture) -> None:
    old = snapshot(rendered)
    for more in (["--dry-run"], [], LEAST, ["--force"]):
        assert set(statuses(document(capsys, "render", "out", *QUICK, *more)).values()) == {"unchanged"}
        assert snapshot(rendered) == old


def test_other_answers_change_the_tree_and_take_their_files_away(rendered: Path, capsys: Capture) -> None:
    more = ["--set", "capacity=[eks-auto-mode]", *QUICK]
    dry = document(capsys, "render", "out", *more, "--dry-run", code=Exit.DIFFERENCES)
    assert statuses(dry)["k8s/dev/kustomization.yaml"] == "new"
    assert document(capsys, "render", "out", *more)["files"] == dry["files"]
    back = document(capsys, "render", "out", "--set", "capacity=[]", *QUICK)
    assert statuses(back)["k8s/dev/kustomization.yaml"] == "removed"
    assert not (rendered / "k8s").exists()


def test_an_edit_is_in_the_way_until_force(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    old = snapshot(rendered)
    dry = document(capsys, "render", "out", *QUICK, "--dry-run", code=Exit.DIFFERENCES)
    assert statuses(dry)["README.md"] == "would overwrite an edit"
    error = document(capsys, "render", "out", *QUICK, code=Exit.ERROR)
    assert error["kind"] == "error"
    assert "README.md: would overwrite an edit" in error["message"]
    assert error["message"].startswith("nothing is written to out:\n")
    assert "--force" in error["message"]
    assert snapshot(rendered) == old
    assert dry["refused"]
    forced = ["render", "out", *QUICK, "--force"]
    assert not document(capsys, *forced, "--dry-run", code=Exit.DIFFERENCES)["refused"]
    found = document(capsys, *forced)
    assert statuses(found)["README.md"] == "overwrote an edit"
    assert (rendered / "README.md").read_text() != "mine\n"


def test_a_dry_run_says_that_a_run_would_be_refused(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    assert run(["render", "out", *QUICK, "--dry-run"]) == Exit.DIFFERENCES
    assert "this would be refused, because --force is not given" in capsys.readouterr().out


def test_what_force_overwrites_is_listed(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    (rendered / "k8s/dev").mkdir(parents=True)
    (rendered / "k8s/dev/kustomization.yaml").write_text("# mine\n")
    assert run(["render", "out", "--set", "capacity=[eks-auto-mode]", *QUICK, "--force"]) == Exit.CLEAN
    printed = capsys.readouterr().out.splitlines()
    assert "overwrote an edit: README.md" in printed
    assert "overwrote a file scaffold did not write: k8s/dev/kustomization.yaml" in printed


def test_each_kind_of_file_in_the_way_has_its_mend(rendered: Path, capsys: Capture) -> None:
    (rendered / "README.md").write_text("mine\n")
    (rendered / "scaffold.yaml").write_text(COMMENTED)
    error = document(capsys, "render", "out", *QUICK, "--set", "owner=other", code=Exit.ERROR)
    assert "put the new answers into it" in error["message"]
    assert "move them away" in error["message"]


@pytest.mark.parametrize("more", [["--set", "azs=2"], ["--preset", "network-only"]])
def test_answers_once_adopted_are_still_their_writers(rendered: Path, capsys: Capture, more: list[str]) -> None:
    (rendered / "scaffold.yaml").write_text(COMMENTED)
    assert run(["render", "out", *QUICK]) == Exit.CLEAN
    old = snapshot(rendered)
    error = document(capsys, "render", "out", *QUICK, *more, code=Exit.ERROR)
    assert "scaffold.yaml: would overwrite an edit" in error["message"]
    assert snapshot(rendered) == old


def test_warnings_go_to_standard_error_and_with_json_into_the_document(capsys: Capture) -> None:
    command = ["render", "out", *LEAST, "--set", "network.nat=single", *QUICK, "--dry-run"]
    found = document(capsys, *command, code=Exit.DIFFERENCES)
    assert found["warnings"]
    assert run(command) == Exit.DIFFERENCES
    printed = capsys.readouterr()
    assert found["warnings"][0]["message"] in printed.err
    assert found["warnings"][0]["message"] not in printed.out


def test_an_edited_file_that_is_no_longer_rendered_stays(rendered: Path, capsys: Capture) -> None:
    assert run(["render", "out", "--set", "capacity=[eks-auto-mode]", *QUICK]) == Exit.CLEAN
    (rendered / "k8s/dev/kustomization.yaml").write_text("# mine\n")
    less = ["render", "out", "--set", "capacity=[]", *QUICK]
    kept = "no longer rendered, kept because it was edited"
    assert statuses(document(capsys, *less))["k8s/dev/kustomization.yaml"] == kept
    assert (rendered / "k8s/dev/kustomization.yaml").read_text() == "# mine\n"
    assert not (rendered / "k8s/prod").exists()
    assert run([*less, "--dry-run"]) == Exit.CLEAN


COMMENTED = "# ours\nname: shop   # short\nregion: us-east-1\nowner: a\ncost_center: b\ncapacity: []\n"


@pytest.mark.parametrize(
    "content",
    [
        COMMENTED.encode(),
        COMMENTED.rstrip("\n").encode(),
        COMMENTED.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + COMMENTED.encode(),
        b"\n\n" + COMMENTED.encode() + b"\n\n\n",
    ],
    ids=["plain", "no newline at the end", "carriage returns", "byte-order mark", "blank lines"],
)
def test_answers_written_by_hand_are_kept_to_the_byte(tmp_path: Path, capsys: Capture, content: bytes) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/scaffold.yaml").write_bytes(content)
    found = document(capsys, "render", "out", *QUICK)
    assert statuses(found)["scaffold.yaml"] == "unchanged"
    assert (tmp_path / "out/scaffold.yaml").read_bytes() == content


def test_answers_edited_by_hand_are_rendered_and_kept(rendered: Path, capsys: Capture) -> None:
    edited = (rendered / "scaffold.yaml").read_text() + "# our network\nnetwork:\n  nat: none\n  endpoints: private\n"
    (rendered / "scaffold.yaml").write_text(edited)
    found = document(capsys, "render", "out", *QUICK)
    assert statuses(found)["scaffold.yaml"] == "unchanged"
    assert "changed" in statuses(found).values()
    assert (rendered / "scaffold.yaml").read_text() == edited
    assert set(statuses(document(capsys, "render", "out", *QUICK, "--dry-run")).values()) == {"unchanged"}


def test_a_flag_that_says_what_the_answers_say_keeps_them(rendered: Path, capsys: Capture) -> None:
    (rendered / "scaffold.yaml").write_text(COMMENTED)
    found = document(capsys, "render", "out", *QUICK, "--set", "name=shop")
    assert statuses(found)["scaffold.yaml"] == "unchanged"


def test_a_flag_is_written_into_untouched_answers(rendered: Path, capsys: Capture) -> None:
    found = document(capsys, "render", "out", *QUICK, "--set", "owner=other")
    assert statuses(found)["scaffold.yaml"] == "changed"
    assert "owner: other" in (rendered / "scaffold.yaml").read_text()
    assert set(statuses(document(capsys, "render", "out", *QUICK)).values()) == {"unchanged"}


@pytest.mark.parametrize("more", [["--set", "owner=other"], ["--preset", "network-only"]])
def test_answers_edited_by_hand_are_not_overwritten_by_other_ones(
    rendered: Path, capsys: Capture, more: list[str]
) -> None:
    (rendered / "scaffold.yaml").write_text(COMMENTED)
    old = snapshot(rendered)
    error = document(capsys, "render", "out", *QUICK, *more, code=Exit.ERROR)
    assert "scaffold.yaml: would overwrite an edit" in error["message"]
    assert "put the new answers into it and run scaffold render out" in error["message"]
    assert snapshot(rendered) == old


def test_answers_given_as_the_targets_own_file_are_kept_too(rendered: Path, capsys: Capture) -> None:
    (rendered / "scaffold.yaml").write_text(COMMENTED)
    found = document(capsys, "render", "out", *QUICK, "--answers", "out/../out/scaffold.yaml")
    assert statuses(found)["scaffold.yaml"] == "unchanged"


def test_answers_behind_a_link_are_refused_as_a_link(rendered: Path, capsys: Capture) -> None:
    (rendered / "scaffold.yaml").rename(rendered.parent / "elsewhere.yaml")
    (rendered / "scaffold.yaml").symlink_to(rendered.parent / "elsewhere.yaml")
    error = document(capsys, "render", "out", *QUICK, code=Exit.ERROR)
    assert "scaffold.yaml is a link where a file is to be written" in error["message"]


def test_missing_answers_are_all_named_and_nothing_is_written(tmp_path: Path, capsys: Capture) -> None:
    error = document(capsys, "render", "out", "--set", "azs=9", "--set", "natt=none", *QUICK, code=Exit.ERROR)
    paths = {problem["path"] for problem in error["problems"]}
    assert {"name", "region", "owner", "cost_center", "azs", "natt"} <= paths
    assert list(tmp_path.iterdir()) == []


def test_a_run_killed_half_way_is_completed_by_the_next_which_says_so(rendered: Path, capsys: Capture) -> None:
    command = ["render", "out", "--set", "capacity=[eks-auto-mode]", *QUICK]
    at = 0
    while not (rendered / ".scaffold/pending/journal.json").exists():
        at += 20
        assert dies(lambda: run(command), dying(at)), "the run ended before it was half way"
    error = document(capsys, *command, "--dry-run", code=Exit.ERROR)
    assert "An earlier run stopped while it changed out; render without --dry-run" in error["message"]
    assert run(command) == Exit.CLEAN
    assert "An earlier run stopped" in capsys.readouterr().err
    assert not (rendered / ".scaffold/pending").exists()
    assert set(statuses(document(capsys, "render", "out", *QUICK)).values()) == {"unchanged"}


def test_a_module_is_rendered_with_its_interface(tmp_path: Path, capsys: Capture) -> None:
    found = document(capsys, "module", "network", "out", "--verify", "fast")
    assert {"main.tf", "variables.tf", "outputs.tf", "README.md"} <= set(statuses(found))
    assert (tmp_path / "out/.scaffold/manifest.json").is_file()


def test_a_module_does_not_replace_a_project(rendered: Path, capsys: Capture) -> None:
    old = snapshot(rendered)
    error = document(capsys, "module", "network", "out", *QUICK, code=Exit.ERROR)
    assert "holds a project of its own" in error["message"]
    assert snapshot(rendered) == old


def test_an_unknown_module_is_refused_with_those_there_are(capsys: Capture) -> None:
    error = document(capsys, "module", "netwrk", "out", *QUICK, code=Exit.ERROR)
    assert "eks-auto-mode" in error["message"]
    assert "network" in error["message"]
