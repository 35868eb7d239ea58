"""The machine as it may be: strange names, no home, other locales and masks, a full disk, another run at work."""

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from scaffold.cache import CacheError, cache_directory, prepare
from tests.faults.moments import Sandbox
from tests.faults.test_killed import LEAST, files, foreign, rendered

FULL = ["--verify", "full"]

NAMES = {
    "spaces and quotes": 'it\'s "so" $HOME `x` ;',
    "composed": unicodedata.normalize("NFC", "Größe ü 日本"),
    "decomposed": unicodedata.normalize("NFD", "Größe ü"),
    "a leading dash": "-rf",
    "a new line": "one\ntwo",
    "markup": "[red]%s{x}",
}


def ran(sandbox: Sandbox, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command with other environment variables; None takes one away."""
    given = {name: value for name, value in (sandbox.environment | variables).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-m", "scaffold", *arguments],
        cwd=sandbox.target.parent,
        env=given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", NAMES)
def test_any_name_will_do_for_target_answers_home_cache_and_temporary_folder(name: str, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / NAMES[name])
    answers = sandbox.root / "beside" / f"{NAMES[name]}.yaml"
    answers.write_text("name: shop\nregion: us-east-1\nowner: a\ncost_center: b\ncapacity: []\nazs: 2\n")
    wrote = ran(sandbox, "render", f"--answers={answers.name}", *FULL, "-o", "json", "--", NAMES[name])
    assert (wrote.returncode, json.loads(wrote.stdout)["published"]) == (0, True), wrote.stderr
    assert json.loads(wrote.stdout)["target"] == NAMES[name]
    verdicts = {verdict["verifier"]: verdict["status"] for verdict in json.loads(wrote.stdout)["verification"]}
    assert verdicts.pop("checkov") == "not run"
    assert set(verdicts.values()) <= {"passed", "not run"}
    assert verdicts["terraform"] == "passed"
    for arguments, code in (
        (["check", "--verify=fast", "-o", "github"], 0),
        (["update", "--force", "--set=azs=3", "--verify=fast"], 0),
        (["diff"], 0),
    ):
        again = ran(sandbox, *arguments, "--", NAMES[name])
        assert again.returncode == code, (arguments, again.stdout, again.stderr)
        assert "Traceback" not in again.stderr
    assert list((sandbox.root / "temporary").iterdir()) == []


HOMES = {
    "none": {"HOME": None},
    "empty": {"HOME": ""},
    "a file": {"HOME": "/etc/passwd"},
    "that cannot be written": {"HOME": "/proc"},
    "relative": {"HOME": "home"},
    "none for temporary files": {"TMPDIR": "/proc/none"},
}


@pytest.mark.parametrize("home", HOMES)
def test_without_a_proper_home_or_temporary_folder_a_repository_is_written_all_the_same(
    home: str, tmp_path: Path
) -> None:
    sandbox = Sandbox(tmp_path)
    (sandbox.root / "bin/terraform").unlink()
    caches = (
        {"XDG_CACHE_HOME": str(tmp_path / "cache"), "SCAFFOLD_CACHE_DIR": None} if home in ("none", "empty") else {}
    )
    if home in ("a file", "that cannot be written", "relative"):
        caches["SCAFFOLD_CACHE_DIR"] = None
    wrote = ran(sandbox, "render", "out", *LEAST, *FULL, "-o", "json", **caches, **HOMES[home])
    assert wrote.returncode == 0, wrote.stderr
    assert "Traceback" not in wrote.stderr
    assert sandbox.target.is_dir()
    assert {path.name for path in sandbox.target.parent.iterdir()} <= {"out", "home"}


def test_whoever_has_no_home_at_all_has_no_cache_and_none_is_made_where_the_command_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nobody(uid: int) -> None:
        raise KeyError(uid)

    for name in ("HOME", "XDG_CACHE_HOME", "SCAFFOLD_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CacheError, match="name another folder with SCAFFOLD_CACHE_DIR"):
        prepare(cache_directory())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "locale",
    [{"LANG": "C"}, {"LANG": None}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
     {"PYTHONIOENCODING": "ascii"}, {"TERM": "dumb"}, {"TERM": None, "FORCE_COLOR": "1"}, {"NO_COLOR": "1"}],
    ids=str,
)  # fmt: skip
def test_what_is_written_is_the_same_in_every_locale_and_terminal(
    locale: dict[str, str | None], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    usual, other = Sandbox(tmp_path / "usual"), Sandbox(tmp_path / "other")
    arguments = ["render", "größe", *LEAST, "--set=owner=b", "--verify", "fast"]
    assert ran(usual, *arguments).returncode == 0
    told = ran(other, *arguments, **locale)
    assert told.returncode == 0, told.stderr
    assert files(other.target.parent) == files(usual.target.parent)


@pytest.mark.parametrize("mask", [0o077, 0o000, 0o022])
def test_what_is_written_has_the_modes_of_the_umask_and_the_cache_is_its_owners(mask: int, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    before = os.umask(mask)
    try:
        assert sandbox.run("render", "out", *LEAST, *FULL).returncode == 0
        (sandbox.target / "scaffold.yaml").unlink()
        assert ran(sandbox, "adopt", "out").returncode == 0
        cache = sandbox.root / "made/cache"
        assert ran(sandbox, "render", "new", *LEAST, "--verify=fast", SCAFFOLD_CACHE_DIR=str(cache)).returncode == 0
    finally:
        os.umask(before)
    for path in sandbox.target.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode in ({0o777 & ~mask} if path.is_dir() else {0o666 & ~mask, 0o777 & ~mask}), path
    for path in (cache.parent, cache, cache / "templates"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.parametrize("arguments", [["check", "."], ["render", "out", *LEAST, "--verify", "none"]])
def test_a_current_folder_that_is_gone_is_told(arguments: list[str], tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    program = "import os, sys; os.rmdir(os.getcwd()); from scaffold.cli import main; main()"
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=sandbox.target.parent,
        env=sandbox.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.startswith("error ")
    assert "current folder is not there any more" in told.stderr or ". is not a folder" in told.stderr


@pytest.mark.parametrize("command", ["render", "update", "adopt", "module"])
def test_a_second_run_on_one_target_is_told_of_the_first_and_changes_nothing(command: str, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    if command == "module":
        assert sandbox.run("module", "network", "out", "--verify", "none").returncode == 0
        (sandbox.target / "main.tf").unlink()
    else:
        (foreign if command == "adopt" else rendered)(sandbox)
    arguments = {
        "render": ["render", "out", *LEAST, "--set=azs=3", "--verify", "none"],
        "update": ["update", "out", "--force", "--set=azs=3", "--verify", "none"],
        "adopt": ["adopt", "out"],
        "module": ["module", "network", "out", "--verify", "none"],
    }[command]
    before = files(sandbox.target)
    first = os.open(sandbox.target, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    second = ran(sandbox, *arguments)
    os.close(first)
    assert second.returncode == 1
    assert "Another run is at work in out; wait for it to end." in second.stderr
    assert files(sandbox.target) == before
    assert ran(sandbox, *arguments).returncode == 0
    assert files(sandbox.target) != before


@pytest.mark.parametrize("command", ["check", "diff", "cost", "update", "adopt", "opinions", "advise"])
@pytest.mark.parametrize("sink", ["reader gone", "full"])
def test_output_that_nobody_reads_or_that_has_no_room_ends_every_command_in_every_format(
    command: str, sink: str, tmp_path: Path
) -> None:
    if sink == "full" and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    sandbox = Sandbox(tmp_path)
    rendered(sandbox)
    formats = {
        "check": ["text", "json", "github", "sarif", "junit", "markdown"],
        "diff": ["text", "json", "markdown"],
        "cost": ["text", "json", "markdown"],
    }.get(command, ["text", "json"])
    more = {"check": ["--verify=fast"], "update": ["--dry-run", "--verify=none"], "adopt": ["--dry-run"]}.get(
        command, []
    )
    for form in formats:
        target = [] if command in ("opinions", "advise") else ["out"]
        reading, writing = os.pipe()
        os.close(reading)
        if sink == "full":
            os.close(writing)
            writing = os.open("/dev/full", os.O_WRONLY)
        told = subprocess.run(
            [sys.executable, "-m", "scaffold", command, *target, *more, "-o", form],
            cwd=sandbox.target.parent,
            env=sandbox.environment,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        os.close(writing)
        lost = sink == "full" and form != "github"  # which has nothing to say of a clean repository
        assert told.returncode == (1 if lost else 0), (form, told.stderr)
        assert ("No space left on device" in told.stderr) == lost, form
        assert "Traceback" not in told.stderr


TINY = """
set -e
mkdir disk
mount -t tmpfs -o size=%s,nr_inodes=%s tmpfs disk
cd disk
"""


def mounted(sandbox: Sandbox, script: str, size: str = "96k", inodes: str = "1000") -> str:
    """Run a shell script in a tiny file system of its own, and return what it says."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("file systems cannot be mounted here")
    told = subprocess.run(
        [unshare, "-rm", "/bin/sh", "-c", TINY % (size, inodes) + script, "sh", sys.executable],
        cwd=sandbox.root,
        env=sandbox.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if "mount:" in told.stdout:
        pytest.skip("file systems cannot be mounted here")
    assert told.returncode == 0, told.stdout
    return told.stdout


RENDER = f'"$1" -m scaffold render out {" ".join(map(repr, LEAST))} --verify none'


@pytest.mark.parametrize(("size", "inodes"), [("4k", "1000"), ("64k", "1000"), ("128k", "1000"), ("10m", "20")])
def test_a_disk_that_is_really_full_leaves_nothing_and_later_takes_all(size: str, inodes: str, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    script = f"{RENDER} && exit 9\nls -A\nmount -o remount,size=50m,nr_inodes=10000 .\n{RENDER} --set azs=3\nls -A"
    said = mounted(sandbox, script, size, inodes)
    assert "cannot be written: No space left on device" in said
    assert "out is as it was" in said
    assert said.splitlines()[-1] == "out"
    assert ".out.scaffold-pending" not in said.splitlines()


def test_an_update_on_a_disk_that_is_full_changes_nothing(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    update = '"$1" -m scaffold update out --force --set azs=3 --verify none'
    digest = "find out -type f | sort | xargs cat | cksum"
    script = f"""
{RENDER}
before=$({digest})
mount -o remount,size=$(($(df -k . | awk 'END {{print $3}}') + 8))k .
{update} && exit 9
[ "$before" = "$({digest})" ] || exit 8
[ ! -e out/.scaffold/pending ] || exit 7
mount -o remount,size=50m .
{update}
[ "$before" != "$({digest})" ]
"""
    assert "No space left on device" in mounted(sandbox, script, "50m")


def test_a_target_on_a_read_only_file_system_is_named_and_left(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    said = mounted(sandbox, f"{RENDER}\nmount -o remount,ro .\n{RENDER} --set azs=3 && exit 9\nexit 0", "50m")
    assert "error out is not writable" in said or "Read-only file system" in said
    assert "Traceback" not in said


def test_a_cache_that_is_removed_while_it_is_used_is_done_without(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    removing = '#!/bin/sh\nrm -rf "$HOME/../cache"\n[ "$1" != validate ] || echo \'{"valid": true}\'\n'
    (sandbox.root / "bin/terraform").write_text(removing)
    wrote = ran(sandbox, "render", "out", *LEAST, *FULL, "-o", "json")
    assert wrote.returncode == 0, wrote.stderr
    assert "Traceback" not in wrote.stderr
    assert sandbox.target.is_dir()
