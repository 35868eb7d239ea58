import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from scaffold.answers.document import read_document
from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.files import ANSWERS_FILE
from tests.cli.commands import document, process

FOREIGN = Path(__file__).parent.parent / "adopt_repositories"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOREIGN / "community_vpc", tmp_path / "shop"))


def state(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return the time of change and the content of everything in a folder but the answers."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mtime_ns,
            str(path.readlink()) if path.is_symlink() else path.read_bytes(),
        )
        for path in folder.rglob("*")
        if not path.is_dir() and path.name != ANSWERS_FILE
    }


def test_adopt_writes_the_answers_and_touches_nothing_else(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "link").symlink_to("main.tf")
    (shop / "notes.bin").write_bytes(bytes(range(256)))
    before = state(shop)
    found = document(capsys, "adopt", str(shop))
    assert found["written"] is True
    assert state(shop) == before
    text = (shop / ANSWERS_FILE).read_text()
    assert "nat: single  # main.tf:23 module.vpc.single_nat_gateway" in text
    assert "# cost_center:  # not found: who pays; the CostCenter tag; required" in text
    assert read_document(text, ANSWERS_FILE).data["network"]["nat"] == "single"


def test_the_document_says_where_answers_come_from_and_what_is_lacking(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, "adopt", str(shop))
    nat = next(each for each in found["answers"] if each["path"] == "network.nat")
    assert nat == {
        "path": "network.nat",
        "value": "single",
        "file": "main.tf",
        "line": 23,
        "how": "module.vpc.single_nat_gateway",
    }
    assert [gap["path"] for gap in found["gaps"] if gap["required"]] == ["cost_center"]


def test_a_dry_run_infers_the_same_and_writes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dry = document(capsys, "adopt", str(shop), "--dry-run")
    assert not (shop / ANSWERS_FILE).exists()
    assert {**dry, "written": True} == document(capsys, "adopt", str(shop))


def test_answers_that_are_there_are_only_overwritten_by_force(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ANSWERS_FILE).write_text("name: mine\n")
    assert run(["adopt", str(shop)]) == Exit.ERROR
    assert "--force" in capsys.readouterr().err
    assert (shop / ANSWERS_FILE).read_text() == "name: mine\n"
    assert run(["adopt", str(shop), "--force"]) == Exit.CLEAN
    assert "name: shop" in (shop / ANSWERS_FILE).read_text()


def test_a_dangling_link_in_the_answers_place_is_not_followed(shop: Path, tmp_path: Path) -> None:
    (shop / ANSWERS_FILE).symlink_to(tmp_path / "elsewhere.yaml")
    assert run(["adopt", str(shop)]) == Exit.ERROR
    assert run(["adopt", str(shop), "--force"]) == Exit.CLEAN
    assert not (tmp_path / "elsewhere.yaml").exists()
    assert not (shop / ANSWERS_FILE).is_symlink()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "holds no Terraform"),
        ({"notes.txt": "hello"}, "holds no Terraform"),
        ({"dns/main.tf": 'resource "aws_route53_zone" "it" {\n  name = "a.example"\n}\n'}, "no root module that makes"),
    ],
)
def test_what_holds_nothing_to_adopt_is_an_error(
    files: dict[str, str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    for path, text in files.items():
        (target / path).parent.mkdir(exist_ok=True)
        (target / path).write_text(text)
    assert run(["adopt", str(target)]) == Exit.ERROR
    assert reason in capsys.readouterr().err
    assert not (target / ANSWERS_FILE).exists()


def test_a_path_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    assert run(["adopt", str(tmp_path / "nowhere")]) == Exit.ERROR


def test_hostile_names_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = Path(shutil.copytree(FOREIGN / "hostile", tmp_path / "hostile"))
    (hostile / "main.tf").rename(hostile / "main\x1b[2J\nname: mallory\n.tf")
    assert run(["adopt", str(hostile)]) == Exit.CLEAN
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert not any(line.startswith(("name: mallory", "owner: mallory")) for line in printed.splitlines())


def test_a_full_disk_leaves_the_folder_as_it_was(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (shop / ANSWERS_FILE).write_text("name: mine\n")
    monkeypatch.setattr(os, "fsync", full)
    assert run(["adopt", str(shop), "--force"]) == Exit.ERROR
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in shop.iterdir()) == ["main.tf", ANSWERS_FILE]
    assert (shop / ANSWERS_FILE).read_text() == "name: mine\n"


def test_what_adopt_wrote_is_rendered_once_its_gaps_are_filled(shop: Path, tmp_path: Path) -> None:
    assert run(["adopt", str(shop)]) == Exit.CLEAN
    answers = str(shop / ANSWERS_FILE)
    target = str(tmp_path / "new")
    assert run(["render", target, "--answers", answers, "--verify", "none"]) == Exit.ERROR
    filled = ["--set", "cost_center=4711"]
    assert run(["render", target, "--answers", answers, *filled, "--verify", "none"]) == Exit.CLEAN


def test_hostile_terraform_neither_crashes_nor_hangs(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "main.tf").write_text(
        'resource "aws_vpc" "it" {\n  count      = 1000000000\n  cidr_block = local.a\n}\n\n'
        "locals {\n  a = local.b\n  b = local.a\n}\n\n"
        f'resource "aws_subnet" "it" {{\n  vpc_id     = aws_vpc.it[0].id\n  cidr_block = {"(" * 500}1{")" * 500}\n}}\n'
    )
    (target / "broken.tf").write_text('resource "aws_vpc" {{{{')
    (target / "big.tf").write_text("# " + "x" * 3_000_000)
    (target / "binary.tf").write_bytes(bytes(range(256)) * 100)
    done = process("adopt", str(target), "--output", "json")
    assert done.returncode == Exit.CLEAN, done.stderr
    assert json.loads(done.stdout)["kind"] == "adopt"
    assert "Traceback" not in done.stderr
