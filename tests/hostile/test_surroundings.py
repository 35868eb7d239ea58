"""Where a command is run is not trusted either: what lies there, on PATH or in a variable is not run or obeyed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.report.json_output import to_json
from scaffold.verify import terraform
from scaffold.verify.process import trusted_path

SCRIPT = Path(sys.executable).with_name("scaffold")


@pytest.mark.skipif(not SCRIPT.exists(), reason="the command is not installed beside this Python")
def test_modules_in_the_folder_are_not_imported(tmp_path: Path) -> None:
    for name in ("sitecustomize", "usercustomize", "yaml", "typer", "rich", "scaffold", "json", "tree_sitter"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').write(__name__)\n")
    ended = subprocess.run(
        [SCRIPT, "render", "infra", "--preset", "network-only", "--verify", "fast"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "ran").exists()


def test_programs_get_no_path_into_the_target_and_no_relative_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, link = tmp_path / "infra" / "bin", tmp_path / "link"
    inside.mkdir(parents=True)
    link.symlink_to(inside)
    monkeypatch.setenv("PATH", os.pathsep.join([str(inside), ".", "", "bin", str(link), "/usr/bin"]))
    assert trusted_path(tmp_path / "infra") == "/usr/bin"
    assert terraform._environment(None, [tmp_path / "infra"])["PATH"] == "/usr/bin"


def test_terraforms_settings_are_never_those_of_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", ".terraformrc")
    assert "TF_CLI_CONFIG_FILE" not in terraform._environment(None, [])
    (tmp_path / ".terraformrc").write_text("")
    assert terraform._environment(None, [])["TF_CLI_CONFIG_FILE"] == str(tmp_path / ".terraformrc")
    for name in (
        "TF_CLI_ARGS",
        "TF_CLI_ARGS_init",
        "TF_DATA_DIR",
        "TF_VAR_a",
        "TF_LOG",
        "PYTHONPATH",
        "GIT_SSH_COMMAND",
    ):
        monkeypatch.setenv(name, "/nowhere")
        assert name not in terraform._environment(None, [])


HOSTILE = "a\x1b]0;b\x07\x9b31m\u202ec\u200e\n::error::d"


def test_a_hostile_text_in_an_error_reaches_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / "main.tf").write_text('resource "aws_vpc" "a" {}\n')
    (tmp_path / ".scaffold" / "ignore").write_text("a\x1b]0;b\x07\x9b31m\u202ec\n")
    assert run(["diff", str(tmp_path), "--preset", "network-only"]) == 1
    said = capsys.readouterr().err
    assert r"a\x1b]0;b\x07\x9b31m\u202ec stands in no section" in said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said)


@pytest.mark.parametrize("output", ["text", "json", "markdown", "sarif", "github"])
def test_a_hostile_name_of_a_file_reaches_no_terminal(
    output: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "infra"
    assert run(["render", str(folder), "--preset", "network-only", "--verify", "none"]) == 0
    capsys.readouterr()
    (folder / f"{HOSTILE}.tf".replace("/", "")).write_text('resource "aws_vpc" "a" {\n  cidr_block = "\\u001b[31m"\n')
    (folder / ("x" * 250)).write_text("")
    (folder / os.fsdecode(b"\xff\xfe.yaml")).write_text("a: 1\n")
    assert run(["diff", str(folder), "--output", output]) == 2
    said = "".join(capsys.readouterr())
    # An annotation is for GitHub, which finds the file by its name as it is.
    assert output == "github" or not {"\x1b", "\x07", "\x9b", "\u202e", "\u200e"} & set(said)
    assert not any(line.lstrip().startswith("::error::d") for line in said.splitlines())


def test_json_says_the_same_without_what_a_terminal_obeys() -> None:
    import json

    from scaffold.report.documents.problems import ErrorDocument

    text = to_json(ErrorDocument(message=HOSTILE, problems=[]))
    assert json.loads(text)["message"] == HOSTILE
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u200e"} & set(text)
