"""Targets and repositories full of what is no file: nothing of it is opened, and no command waits for it."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.errors import ScaffoldError
from scaffold.files import MOST_BYTES
from scaffold.render.components import ComponentError, discover
from scaffold.verify.baseline import read_baseline
from scaffold.workspace.base import BASE_PATH, BaseError, read_base
from scaffold.workspace.ignore import IGNORE_PATH, read_ignore
from scaffold.workspace.manifest import MANIFEST_PATH, ManifestError, inside, read_manifest
from scaffold.workspace.plan import TargetError
from scaffold.workspace.publish import recover
from tests.support.rendering import preset, write


def fifo(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


def device(path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def outside(path: Path) -> None:
    (path.parent.parent / "secret").write_text("do not read")
    path.symlink_to(path.parent.parent / "secret")


def listener(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # for a socket's path is at most a hundred bytes long
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(before)


def directory(path: Path) -> None:
    path.mkdir()


STRANGE = {
    "a pipe": fifo,
    "a device": device,
    "a loop": loop,
    "a link out": outside,
    "a socket": listener,
    "a folder": directory,
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "infra"
    assert run(["render", str(folder), "--preset", "network-only", "--verify", "none"]) == 0
    return folder


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_files_everywhere_stop_no_command(
    kind: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make = STRANGE[kind]
    for name in (
        "a.tf",
        "b.tftest.hcl",
        "c.auto.tfvars",
        "d.yaml",
        "e.json",
        "f.tf.json",
        "terragrunt.hcl",
        "Chart.yaml",
    ):
        make(repository / name)
    for path in ("README.md", "environments/dev/main.tf", ".gitignore", BASE_PATH, IGNORE_PATH):
        (repository / path).unlink(missing_ok=True)
        make(repository / path)
    for command in (
        ["diff", "--preset", "network-only"],
        ["check", "--verify", "fast"],
        ["adopt", "--dry-run"],
        ["cost"],
        ["update", "--dry-run", "--verify", "none"],
        ["render", "--preset", "network-only", "--dry-run", "--verify", "none"],
    ):
        capsys.readouterr()
        assert run([command[0], str(repository), *command[1:]]) in (0, 1, 2, 3)
        said = "".join(capsys.readouterr())
        assert "Internal error" not in said
        assert "do not read" not in said


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("path", ["scaffold.yaml", MANIFEST_PATH, ".scaffold"])
def test_a_record_that_is_no_file_is_not_read(
    kind: str, path: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = repository / path
    if path == ".scaffold":
        place.rename(repository.parent / "aside")
    else:
        place.unlink()
    STRANGE[kind](place)
    for command in (
        ["diff"],
        ["update", "--verify", "none"],
        ["render", "--verify", "none"],
        ["check", "--verify", "none"],
    ):
        capsys.readouterr()
        assert run([command[0], str(repository), *command[1:]]) in (0, 1, 2, 3)
        assert "Internal error" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("make", [fifo, device])
@pytest.mark.parametrize(
    "option",
    [
        ["check", "--baseline"],
        ["diff", "--answers"],
        ["cost", "--prices"],
        ["advise", "--workload"],
        ["render", "--answers"],
    ],
)
def test_a_file_that_is_named_and_none_is_refused(
    make: Callable[[Path], None], option: list[str], repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository.parent / "named"
    make(path)
    assert run([option[0], *([] if option[0] == "advise" else [str(repository)]), option[1], str(path)]) == 1
    said = capsys.readouterr().err
    assert str(path) in said
    assert "Internal error" not in said


def sparse(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)


def test_no_record_is_read_that_would_fill_the_memory(tmp_path: Path) -> None:
    sparse(tmp_path / MANIFEST_PATH)
    with pytest.raises(ManifestError):
        read_manifest(tmp_path)
    (tmp_path / MANIFEST_PATH).write_text('{"format": 1, "scaffold": "1", "files": {}}')
    sparse(tmp_path / BASE_PATH)
    with pytest.raises(BaseError):
        read_base(tmp_path)
    sparse(tmp_path / IGNORE_PATH)
    with pytest.raises(OSError, match="too large"):
        read_ignore(tmp_path)
    sparse(tmp_path / "known.json")
    with pytest.raises(ScaffoldError, match="too large"):
        read_baseline(tmp_path / "known.json")
    sparse(tmp_path / ".scaffold/pending/journal.json")
    with pytest.raises(TargetError, match="not a journal"):
        recover(tmp_path)


def test_a_component_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "component.yaml").write_bytes(b"name: x\ntitle: \xff\n")
    with pytest.raises(ComponentError, match="it is not UTF-8"):
        discover(tmp_path)


@pytest.mark.parametrize(
    "path", ["a\nb", "a\x1b[31m", "a\u202eb", "a\ud800", "a\x9b", "../a", "/a", "a\\b", ".git/config"]
)
def test_a_record_names_nothing_that_scaffold_would_not_write(path: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        inside(path)


def test_folders_a_thousand_deep_are_walked(repository: Path) -> None:
    before = Path.cwd()
    try:
        os.chdir(repository)
        for _ in range(1_200):
            os.mkdir("d")  # noqa: PTH102 (a whole path would be too long)
            os.chdir("d")
        os.chdir(repository)
        assert run(["diff", str(repository)]) == 0
        assert run(["check", str(repository), "--verify", "fast"]) == 0
    finally:
        _remove_from_within(repository)
        os.chdir(before)


def _remove_from_within(folder: Path) -> None:
    """Remove folders called `d` in one another; nobody else's way of removing goes that deep."""
    os.chdir(folder)
    depth = 0
    while Path("d").is_dir():
        os.chdir("d")
        depth += 1
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()


def test_names_that_differ_in_case_alone_are_two_files(repository: Path) -> None:
    (repository / "MAIN.tf").write_text("")
    if (repository / "main.tf").exists() and not (repository / "Main.tf").exists():
        assert run(["diff", str(repository)]) == 2
    assert run(["render", str(repository), "--verify", "none"]) == 0
    assert (repository / "MAIN.tf").read_text() == ""


def test_a_module_is_not_looked_for_outside_of_the_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(preset("network-only").files, tmp_path / "outside")
    folder = tmp_path / "infra"
    folder.mkdir()
    absolute = tmp_path / "outside" / "modules" / "network"
    (folder / "main.tf").write_text(
        f'module "a" {{\n  source = "../outside/modules/network"\n}}\nmodule "b" {{\n  source = "{absolute}"\n}}\n'
        'module "c" {\n  source = "./a/../../outside/modules/network"\n}\nresource "aws_vpc" "a" {}\n'
    )
    run(["check", str(folder), "--verify", "fast", "--output", "json"])
    said = capsys.readouterr().out
    assert "outside of the repository" in said
    assert "aws_nat_gateway" not in said
