"""`scaffold update` as a whole: real templates, real git, real files."""

import json
import os
import shutil
from pathlib import Path

import pytest

from scaffold import __version__
from scaffold.cli import run
from scaffold.verify import Level
from scaffold.workspace.base import BASE_PATH
from scaffold.workspace.manifest import MANIFEST_PATH, hash_of
from scaffold.workspace.plan import TargetError
from tests.cli.commands import LEAST, QUICK, document, process
from tests.support.updating import committed, git, newer, outcomes, rendered, replaced, updated
from tests.workspace.faults import armed, dies, dying
from tests.workspace.test_publish import files
from tests.workspace.trees import snapshot

DEV = ["--set=environments={dev: {}}", *LEAST]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small project, just rendered."""
    return rendered(tmp_path / "shop", *DEV)


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """Templates to be changed as a newer version would."""
    return newer(tmp_path)


def test_every_edit_is_kept_merged_or_marked_when_answers_and_templates_change(shop: Path, templates: Path) -> None:
    # Three edited, one deleted, one added.
    replaced(shop / "modules/network/flow_logs.tf", "traffic_type", "# all of it, says audit\n  traffic_type")
    (shop / "README.md").write_text("# Our shop\n\n" + (shop / "README.md").read_text())
    replaced(shop / "environments/dev/variables.tf", "shop", "the-shop")
    (shop / ".pre-commit-config.yaml").unlink()
    (shop / "environments/dev/queue.tf").write_text('resource "aws_sqs_queue" "mine" {\n  name = "mine"\n}\n')
    # The templates of a newer version.
    replaced(
        templates / "network/module/flow_logs.tf.j2", 'resource "aws_flow_log"', '# Newer.\nresource "aws_flow_log"'
    )
    replaced(templates / "project/root/.gitignore", "crash.log\n", "crash.log\nnewer.log\n")
    variables = templates / "project/environment/variables.tf.j2"
    variables.write_text(variables.read_text().replace("default ", "nullable = false\n  default ", 1))
    committed(shop)

    said = updated(shop, "network.nat=none", templates=templates, force=False)

    found = outcomes(said)
    assert found["modules/network/flow_logs.tf"] == "merged"
    assert found["README.md"] == "merged"
    assert found[".gitignore"] == "updated"
    assert found[".pre-commit-config.yaml"] == "deleted by you"
    assert found["environments/dev/variables.tf"] == "conflict"
    assert found["modules/network/nat.tf"] == "removed"
    assert "environments/dev/queue.tf" not in found
    assert (said.conflicts, said.published) == (1, True)
    assert "says audit" in (shop / "modules/network/flow_logs.tf").read_text()
    assert "# Newer." in (shop / "modules/network/flow_logs.tf").read_text()
    assert (shop / "README.md").read_text().startswith("# Our shop\n\n")
    assert "newer.log" in (shop / ".gitignore").read_text()
    marked = (shop / "environments/dev/variables.tf").read_text()
    assert "<<<<<<< yours\n" in marked
    assert f">>>>>>> scaffold {__version__}\n" in marked
    assert "the-shop" in marked
    assert "nat: none" in (shop / "scaffold.yaml").read_text()
    assert (shop / "environments/dev/queue.tf").exists()
    assert not (shop / ".pre-commit-config.yaml").exists()

    before = snapshot(shop)
    again = updated(shop, templates=templates)
    assert (again.differs, again.published, again.conflicts) == (False, False, 1)
    assert outcomes(again) == {"environments/dev/variables.tf": "unresolved conflict"}
    assert snapshot(shop) == before
    git(shop, "checkout", "--quiet", "environments/dev/variables.tf")
    resolved = snapshot(shop)
    assert not updated(shop, templates=templates).differs
    assert snapshot(shop) == resolved


def test_nothing_to_do_is_zero_and_writes_nothing(shop: Path) -> None:
    before = snapshot(shop)
    assert run(["update", str(shop), *QUICK]) == 0
    assert run(["update", str(shop), *QUICK, "--dry-run"]) == 0
    assert snapshot(shop) == before


def test_what_is_merged_cleanly_is_zero_and_verified(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "modules/network/nat.tf").write_text("# ours\n" + (shop / "modules/network/nat.tf").read_text())
    found = document(capsys, "update", str(shop), "--verify", "fast", "--set=network.cidr=10.9.0.0/16")
    assert found["published"]
    assert {each["status"] for each in found["merged_verification"]} == {"passed", "not run"}
    assert document(capsys, "check", str(shop), "--verify", "fast")["verification"][0]["status"] == "passed"


def test_a_dry_run_says_what_a_run_then_does(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(shop / "environments/dev/main.tf", '"10.0.0.0/16"', '"10.5.0.0/16"')
    before = snapshot(shop)
    arguments = ["update", str(shop), *QUICK, "--set=network={cidr: 10.9.0.0/16, nat: none}"]
    dry = document(capsys, *arguments, "--dry-run", code=2)
    assert snapshot(shop) == before
    wet = document(capsys, *arguments, code=2)
    assert (dry["published"], wet["published"]) == (False, True)
    same = ("differs", "conflicts", "files", "moves", "commands", "destroys")
    assert [dry[name] for name in same] == [wet[name] for name in same]
    assert wet["conflicts"] == 1
    assert {"root": "environments/dev", "address": "module.network.aws_nat_gateway.this"} in wet["destroys"]


def test_changes_without_conflict_are_two_for_a_dry_run_only(shop: Path) -> None:
    arguments = ["update", str(shop), *QUICK, "--set=network.nat=none"]
    assert run([*arguments, "--dry-run"]) == 2
    assert run(arguments) == 0
    assert run([*arguments, "--dry-run"]) == 0


def test_what_you_edited_into_findings_is_written_and_three(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "environments/dev/mine.tf").write_text('resource "aws_sqs_queue" "mine" {\n  nmae = "mine"\n}\n')
    found = document(capsys, "update", str(shop), "--verify", "fast", "--set=network.nat=none", code=3)
    assert found["published"]
    findings = [finding for each in found["merged_verification"] for finding in each["findings"]]
    assert [finding["file"] for finding in findings] == ["environments/dev/mine.tf"]
    assert all(each["status"] != "failed" for each in found["verification"])


def test_what_is_rendered_into_findings_is_not_written(shop: Path, templates: Path) -> None:
    replaced(templates / "project/root/.gitignore", "crash.log\n", "crash.log\nnewer.log\n")
    (templates / "network/module/broken.tf").write_text('resource "aws_sqs_queue" "x" {\n  nmae = "x"\n}\n')
    before = snapshot(shop)
    said = updated(shop, templates=templates, level=Level.FAST)
    assert (said.published, said.differs, said.merged_verification) == (False, True, [])
    assert [each.verifier for each in said.verification if each.status == "failed"] == ["provider schema"]
    assert snapshot(shop) == before


def test_comments_of_the_answers_file_stay(shop: Path) -> None:
    text = (shop / "scaffold.yaml").read_text() + "network:\n  nat: single  # cheap\n\n  # ours\n  azs_are: 3\n"
    text = text.replace("  azs_are: 3\n", "")
    (shop / "scaffold.yaml").write_text(text)
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none", "--set=azs=2"]) == 0
    assert (shop / "scaffold.yaml").read_text() == text.replace("nat: single", "nat: none") + "azs: 2\n"
    assert run(["update", str(shop), *QUICK]) == 0


def test_an_edited_answers_file_is_the_basis(shop: Path) -> None:
    replaced(shop / "scaffold.yaml", "owner: a\n", "owner: us  # since May\n")
    assert run(["update", str(shop), *QUICK]) == 0
    assert "owner: us  # since May\n" in (shop / "scaffold.yaml").read_text()
    assert (
        '"us"'
        in (shop / "environments/dev/variables.tf").read_text() + (shop / "environments/dev/providers.tf").read_text()
    )


def test_answers_come_from_files_variables_and_flags_over_those_there(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("more.yaml").write_text("owner: file\ncost_center: file\n")
    monkeypatch.setenv("SCAFFOLD_COST_CENTER", "variable")
    assert run(["update", str(shop), *QUICK, "--answers", "more.yaml", "--set=network.nat=none"]) == 0
    text = (shop / "scaffold.yaml").read_text()
    assert all(line in text for line in ("name: shop", "owner: file", "cost_center: variable", "nat: none"))


def test_answers_written_in_braces_are_merged_or_marked(shop: Path) -> None:
    answers = json.dumps({"name": "shop", "region": "us-east-1", "owner": "a", "cost_center": "b", "capacity": []})
    (shop / "scaffold.yaml").write_text(answers + "\n")
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none"]) == 2
    assert "<<<<<<< yours" in (shop / "scaffold.yaml").read_text()
    assert answers in (shop / "scaffold.yaml").read_text()
    assert run(["update", str(shop), *QUICK]) == 1


def test_a_renamed_resource_leaves_a_moved_block_that_later_updates_keep(shop: Path, templates: Path) -> None:
    for path in (templates / "network").rglob("*"):
        if path.is_file():
            text = path.read_text()
            path.write_text(
                text.replace('"aws_vpc" "this"', '"aws_vpc" "main"').replace("aws_vpc.this", "aws_vpc.main")
            )
    said = updated(shop, templates=templates, level=Level.FAST)
    assert [(move.file, move.source, move.target) for move in said.moves] == [
        ("modules/network/moved.tf", "aws_vpc.this", "aws_vpc.main")
    ]
    assert said.destroys == []
    assert not [each for each in said.merged_verification if each.status == "failed"]
    text = (shop / "modules/network/moved.tf").read_text()
    assert text == "moved {\n  from = aws_vpc.this\n  to   = aws_vpc.main\n}\n"
    (shop / "modules/network/moved.tf").write_text("# keep for prod\n" + text)
    updated(shop, "network.nat=none", templates=templates)
    assert (shop / "modules/network/moved.tf").read_text() == "# keep for prod\n" + text


def test_an_ignored_file_is_left_alone(shop: Path, templates: Path) -> None:
    (shop / ".scaffold/ignore").write_text("[update]\n.gitignore\n")
    replaced(templates / "project/root/.gitignore", "crash.log\n", "crash.log\nnewer.log\n")
    before = (shop / ".gitignore").read_text()
    assert outcomes(updated(shop, templates=templates)) == {".gitignore": "ignored"}
    assert (shop / ".gitignore").read_text() == before


def test_new_answers_need_a_file_to_be_kept_in(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".scaffold/ignore").write_text("[update]\nscaffold.yaml\n")
    before = snapshot(shop)
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none"]) == 1
    assert "ignores scaffold.yaml, where the new answers belong" in " ".join(capsys.readouterr().err.split())
    assert snapshot(shop) == before
    assert run(["update", str(shop), *QUICK]) == 0


def test_changes_that_are_not_committed_are_refused_and_forced(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    committed(shop)
    (shop / "notes.txt").write_text("mine\n")
    before = snapshot(shop)
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none"]) == 1
    assert "has changes that are not committed:\n  ?? notes.txt\nCommit or stash" in capsys.readouterr().err
    assert snapshot(shop) == before
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none", "--dry-run"]) == 2
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none", "--force"]) == 0


def test_only_the_folder_itself_has_to_be_committed(tmp_path: Path, shop: Path) -> None:
    committed(tmp_path)
    (tmp_path / "elsewhere.txt").write_text("mine\n")
    assert run(["update", str(shop), *QUICK, "--set=network.nat=none"]) == 0
    assert run(["update", str(shop), *QUICK]) == 1


def test_a_repository_cannot_have_git_start_its_programs(shop: Path) -> None:
    committed(shop)
    (shop / ".git/hook").write_text(f"#!/bin/sh\ntouch {shop}/started\n")
    (shop / ".git/hook").chmod(0o755)
    git(shop, "config", "core.fsmonitor", str(shop / ".git/hook"))
    assert run(["update", str(shop), *QUICK]) == 0
    assert not (shop / "started").exists()


def test_a_folder_outside_version_control_is_updated_with_a_note(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, "update", str(shop), *QUICK, "--set=network.nat=none")
    assert "is not in a git repository" in found["notes"][0]


def test_going_back_to_older_templates_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(shop / MANIFEST_PATH, f'"scaffold": "{__version__}"', '"scaffold": "99.0"')
    found = document(capsys, "update", str(shop), *QUICK, "--dry-run", code=2)
    assert found["notes"] == ["scaffold 99.0, which is newer than this one, rendered it last."]
    assert (found["from_version"], found["to_version"]) == ("99.0", __version__)


def test_an_update_that_was_killed_is_finished_by_the_next(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "README.md").write_text("# Ours\n" + (shop / "README.md").read_text())
    whole = Path(shutil.copytree(shop, tmp_path / "whole"))
    with armed(lambda number: None) as count:
        updated(whole, "network.nat=none")
    for at in range(count[0], 0, -1):
        target = Path(shutil.copytree(shop, tmp_path / f"killed-{at}"))
        assert dies(lambda target=target: updated(target, "network.nat=none"), dying(at))
        if (target / ".scaffold/pending/journal.json").exists():
            break
    assert run(["update", str(target), *QUICK, "--dry-run"]) == 1
    assert "update without --dry-run to mend that" in " ".join(capsys.readouterr().err.split())
    assert run(["update", str(target), *QUICK, "--set=network.nat=none"]) == 0
    assert "the change is now complete" in " ".join(capsys.readouterr().err.split())
    assert files(target) == files(whole)


def test_what_scaffold_did_not_make_is_pointed_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    for name, message in (
        ("other", "was not rendered by scaffold: it has no .scaffold/manifest.json. `scaffold adopt`"),
        ("file", "file is not a folder"),
        ("nowhere", "nowhere is not a folder"),
        ("link", "link is not a folder"),
    ):
        assert run(["update", str(tmp_path / name)]) == 1
        assert message in " ".join(capsys.readouterr().err.split())


def test_a_module_is_not_updated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["module", "network", str(tmp_path / "m"), *QUICK]) == 0
    assert run(["update", str(tmp_path / "m")]) == 1
    assert "holds a module" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        (MANIFEST_PATH, "{}", "manifest.json: not a manifest"),
        (MANIFEST_PATH, '{"format": 9, "scaffold": "9.1", "files": {}}', "written by a newer scaffold (9.1)"),
        (BASE_PATH, '{"format": 1, "files": {}}', "it is not what the manifest says was rendered"),
        (".scaffold/ignore", "[updte]\n", "ignore line 1: there is no section [updte]"),
        ("scaffold.yaml", "name: [\n", "scaffold.yaml"),
        ("scaffold.yaml", "name: shop\nfrom_tomorrow: 1\n", "from_tomorrow"),
        ("scaffold.yaml", "<<<<<<< yours\na\n=======\nb\n>>>>>>> scaffold 1\n", "unresolved conflict markers"),
    ],
)
def test_what_cannot_be_trusted_or_read_is_an_error_and_leaves_everything(
    shop: Path, path: str, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / path).write_text(content)
    before = snapshot(shop)
    assert run(["update", str(shop), *QUICK]) == 1
    assert message in " ".join(capsys.readouterr().err.split())
    assert snapshot(shop) == before


def test_without_its_answers_a_repository_is_not_updated(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "scaffold.yaml").unlink()
    assert run(["update", str(shop)]) == 1
    assert "scaffold.yaml is not there; restore it" in capsys.readouterr().err


def test_a_repository_from_before_there_was_a_base_gets_one(shop: Path) -> None:
    shutil.rmtree(shop / ".scaffold/base.json", ignore_errors=True)
    (shop / BASE_PATH).unlink()
    assert run(["update", str(shop), *QUICK, "--dry-run"]) == 2
    assert run(["update", str(shop), *QUICK]) == 0
    assert (shop / BASE_PATH).is_file()
    assert run(["update", str(shop), *QUICK, "--dry-run"]) == 0


def test_render_after_an_update_still_refuses_to_overwrite_edits(shop: Path) -> None:
    (shop / "README.md").write_text("mine\n")
    assert run(["update", str(shop), *QUICK]) == 0
    with pytest.raises(AssertionError):
        rendered(shop)
    assert (shop / "README.md").read_text() == "mine\n"


def test_whole_processes_end_with_the_codes_that_say_how(shop: Path, tmp_path: Path) -> None:
    assert process("update", str(shop), *QUICK).returncode == 0
    assert process("update", str(tmp_path / "none"), *QUICK).returncode == 1
    (shop / "environments/dev/mine.tf").write_text('resource "aws_sqs_queue" "mine" {\n  nmae = "mine"\n}\n')
    ended = process("update", str(shop), "--verify", "fast", "--set=azs=2", "-o", "json")
    assert ended.returncode == 3
    assert json.loads(ended.stdout)["kind"] == "update"
    replaced(shop / "environments/dev/main.tf", '"10.0.0.0/16"', '"10.5.0.0/16"')
    ended = process("update", str(shop), *QUICK, "--set=network.cidr=10.9.0.0/16")
    assert ended.returncode == 2
    assert "conflict: environments/dev/main.tf" in ended.stdout
    assert "1 file is in conflict and left to you" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_without_git_nothing_is_written_where_it_is_needed(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(shop / "environments/dev/main.tf", '"10.0.0.0/16"', '"10.5.0.0/16"')
    before = snapshot(shop)
    monkeypatch.setenv("PATH", os.devnull)
    assert run(["update", str(shop), *QUICK, "--set=network.cidr=10.9.0.0/16"]) == 1
    assert snapshot(shop) == before


def test_a_link_where_a_file_belongs_is_refused(shop: Path, tmp_path: Path) -> None:
    (shop / "README.md").rename(tmp_path / "README.md")
    (shop / "README.md").symlink_to(tmp_path / "README.md")
    with pytest.raises(TargetError, match=r"README\.md is a link where a file is to be written"):
        updated(shop, "network.nat=none")


def test_what_the_next_apply_destroys_replaces_or_leaves_behind_is_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["update", str(shop), *QUICK, "--dry-run", "--set=azs=2", "--set=network.cidr=10.9.0.0/16"]
    found = document(capsys, *arguments, "--set=name=other", code=2)
    zone = "sort(data.aws_availability_zones.this.names)[2]"
    subnet = {"root": "environments/dev", "address": f"module.network.aws_subnet.private[{zone}]"}
    vpc = {"root": "environments/dev", "address": "module.network.aws_vpc.this", "argument": "cidr_block"}
    assert subnet in found["destroys"]
    assert vpc in found["replaces"]
    assert any("terraform init -migrate-state in environments/dev" in note for note in found["notes"])
    assert run([*arguments, "--set=name=other"]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert "the next apply replaces module.network.aws_vpc.this, because cidr_block changes" in said


def test_what_is_yours_is_not_said_to_be_replaced(shop: Path) -> None:
    replaced(shop / "environments/dev/main.tf", '"10.0.0.0/16"', '"10.5.0.0/16" # ours')
    said = updated(shop, "azs=2")
    assert said.destroys
    assert said.replaces == []


def test_an_environment_that_is_answered_away_still_has_its_state(tmp_path: Path) -> None:
    shop = rendered(tmp_path / "two", "--set=environments={dev: {}, prod: {}}", *LEAST)
    replaced(shop / "scaffold.yaml", "  dev: {}\n", "")
    said = updated(shop)
    assert "environments/dev still has state: run terraform destroy there before you commit this." in said.notes
    assert not (shop / "environments/dev/main.tf").exists()


def test_an_answers_file_that_nobody_edited_is_updated(shop: Path) -> None:
    older = (shop / "scaffold.yaml").read_text().replace("# The answers", "# Older: the answers")
    current = (shop / "scaffold.yaml").read_text()
    (shop / "scaffold.yaml").write_text(older)
    assert outcomes(updated(shop))["scaffold.yaml"] == "kept as you edited it"
    manifest = json.loads((shop / MANIFEST_PATH).read_text())
    manifest["files"]["scaffold.yaml"] = hash_of(older.encode())
    (shop / MANIFEST_PATH).write_text(json.dumps(manifest))
    (shop / BASE_PATH).unlink()
    assert outcomes(updated(shop))["scaffold.yaml"] == "updated"
    assert (shop / "scaffold.yaml").read_text() == current
    assert outcomes(updated(shop, "network.nat=none"))["scaffold.yaml"] == "updated"
    assert not updated(shop).differs
