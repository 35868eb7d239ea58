import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
import yaml

from scaffold import __version__
from scaffold.answers.schema import answer_entries, answers_schema
from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.cli.finish import finish
from scaffold.cli.options import Output
from scaffold.presets import load_presets
from scaffold.report.documents.render import FileEntry, RenderDocument
from scaffold.workspace.plan import Change, Plan, PlannedFile
from tests.cli.commands import LEAST, QUICK, document, process

Capture = pytest.CaptureFixture[str]

COMMANDS = ["new", "render", "check", "diff", "adopt", "update", "cost", "advise", "module", "presets", "answers"]

NOT_AT_START = {"pydantic", "pydantic_core", "jinja2", "yaml", "rich", "tree_sitter", "questionary", "uv"}

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_the_version_is_printed(capsys: Capture) -> None:
    assert run(["--version"]) == Exit.CLEAN
    assert capsys.readouterr() == (f"scaffold {__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)], ids=["scaffold", *COMMANDS])
def test_every_command_has_help(capsys: Capture, command: list[str], option: str) -> None:
    assert run([*command, option]) == Exit.CLEAN
    printed = capsys.readouterr()
    assert printed.out.startswith("Usage: scaffold")
    assert printed.err == ""


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_what_commands_need_is_not_imported_before_they_run(arguments: list[str]) -> None:
    code = (
        "import sys; from scaffold.cli import run; code = run(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    assert "typer" in loaded
    assert loaded & NOT_AT_START == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands(shell: str) -> None:
    # Typer else looks for the shell among its parents, which are as they happen to be, and passes over the one named.
    shown = process("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "scaffold" in shown.stdout


def test_completion_in_bash_names_the_commands_that_match() -> None:
    completed = process(_SCAFFOLD_COMPLETE="complete_bash", COMP_WORDS="scaffold pre", COMP_CWORD="1")
    assert completed.stdout.split() == ["presets"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render"], "Missing argument 'DIR'"),
        (["rendr", "out"], "No such command 'rendr'"),
        (["render", "out", "--verfy", "fast"], "No such option: --verfy"),
        (["render", "out", "--verify", "quick"], "'quick' is not one of 'none', 'fast', 'full'"),
        (["presets", "--output", "xml"], "'xml' is not one of 'text', 'json'"),
        (["check", "a", "b"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_an_error_and_not_a_difference(capsys: Capture, arguments: list[str], says: str) -> None:
    assert run(arguments) == Exit.ERROR
    printed = capsys.readouterr()
    assert says in printed.err
    assert "Usage: scaffold" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("option", [["--output", "json"], ["--output=json"], ["-o", "json"], ["-ojson"]])
def test_wrong_usage_is_a_document_too_where_json_is_asked_for(capsys: Capture, option: list[str]) -> None:
    assert run(["render", *option]) == Exit.ERROR
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"kind": "error", "message": "Missing argument 'DIR'.", "problems": []}
    assert "Usage" in printed.err


def test_no_command_is_answered_with_help(capsys: Capture) -> None:
    assert run([]) == Exit.ERROR
    printed = capsys.readouterr()
    assert all(command in printed.out + printed.err for command in COMMANDS)


def test_presets_are_listed_and_printed(capsys: Capture) -> None:
    found = document(capsys, "presets")
    assert [preset["name"] for preset in found["presets"]] == [preset.name for preset in load_presets()]
    assert run(["presets"]) == Exit.CLEAN
    printed = capsys.readouterr().out
    for preset in load_presets():
        assert preset.about in printed
        assert run(["presets", preset.name]) == Exit.CLEAN
        assert capsys.readouterr().out == preset.text
        one = document(capsys, "presets", preset.name)
        assert (one["kind"], one["date"]) == ("preset", preset.date)
        assert one["answers"] == yaml.safe_load(preset.text)["answers"]


def test_a_preset_that_does_not_exist_is_refused_with_those_there_are(capsys: Capture) -> None:
    error = document(capsys, "presets", "platfrom", code=Exit.ERROR)
    assert "platform" in error["message"].split("there are")[1]


def test_every_answer_is_listed(capsys: Capture) -> None:
    found = document(capsys, "answers")
    assert {"path": "name", "default": "required"}.items() <= found["answers"][0].items()
    assert run(["answers"]) == Exit.CLEAN
    printed = capsys.readouterr().out
    assert all(f"{answer['path']}  {answer['default']}\n" in printed for answer in found["answers"])


def test_the_schema_of_answers_is_printed(capsys: Capture) -> None:
    assert run(["answers", "--schema"]) == Exit.CLEAN
    assert json.loads(capsys.readouterr().out) == answers_schema()


@pytest.mark.parametrize("option", [[], ["--output", "json"]])
def test_errors_in_answers_go_to_standard_error(capsys: Capture, option: list[str]) -> None:
    assert run(["render", "out", "--set", "azs=9", *QUICK, *option]) == Exit.ERROR
    printed = capsys.readouterr()
    assert "azs (--set" in printed.err
    assert bool(printed.out) == bool(option)


def test_a_user_gets_no_traceback_for_a_bug(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("scaffold.presets.load_presets", broken)
    assert run(["presets"]) == Exit.ERROR
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(
        r"Internal error, please report it: RuntimeError: first line second line at .*\.py:\d+\n", printed.err
    )
    error = document(capsys, "presets", code=Exit.ERROR)
    assert error["message"].startswith("Internal error")


def test_ctrl_c_has_an_exit_code_of_its_own(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scaffold.presets.load_presets", interrupted)
    assert run(["presets"]) == Exit.INTERRUPTED
    assert capsys.readouterr().err == "\nInterrupted; nothing was changed.\n"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["answers"], Exit.CLEAN),
        (["presets", "-o", "json"], Exit.CLEAN),
        (["answers", "--schema"], Exit.CLEAN),
        (["--help"], Exit.CLEAN),
        (["render", "out", "--preset", "network-only", *QUICK, "--dry-run", "-o", "json"], Exit.DIFFERENCES),
    ],
)
def test_a_reader_that_goes_away_causes_no_noise_and_no_other_code(command: list[str], code: Exit) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    started = subprocess.run(
        [sys.executable, "-m", "scaffold", *command], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (started.returncode, started.stderr) == (code, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", [["presets"], ["answers", "-o", "json"], ["--help"]])
def test_output_that_cannot_be_written_is_one_line_and_an_error(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "scaffold", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
        both = subprocess.run([sys.executable, "-m", "scaffold", *command], stdout=full, stderr=full, check=False)
    assert (ran.returncode, ran.stderr) == (Exit.ERROR, "error standard output: No space left on device\n")
    assert both.returncode == Exit.ERROR


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(("command", "code"), [("presets", Exit.CLEAN), ("check missing", Exit.ERROR)])
def test_closed_streams_change_no_exit_code(closed: str, command: str, code: Exit) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'"$0" -m scaffold {command} {closed}', sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


def test_what_an_encoding_lacks_is_printed_as_an_escape() -> None:
    ran = process("check", "mißt", PYTHONIOENCODING="ascii")
    assert ran.returncode == Exit.ERROR
    assert "mi\\xdft is not a folder." in ran.stderr


def test_a_name_that_is_no_utf_8_is_printed_and_a_document() -> None:
    folder = os.fsdecode(b"a\xffb")
    Path(folder).mkdir()
    Path(folder, os.fsdecode(b"m\xff.tf")).write_text("resource {}\n")
    for more in ([], ["-o", "json"]):
        ran = process("check", folder, "--verify", "fast", *more)
        assert ran.returncode == Exit.FINDINGS, ran.stderr
    assert json.loads(ran.stdout)["target"] == "a\\udcffb"


def test_a_name_too_long_for_the_file_system_is_no_bug(capsys: Capture) -> None:
    name = "x" * 300
    assert run(["render", name, *LEAST, *QUICK]) == Exit.ERROR
    printed = capsys.readouterr().err
    assert re.fullmatch(rf"error {name}\S*: File name too long\n", printed)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render", ""], "name a folder"),
        (["check", ""], "name a folder"),
        (["module", "network", ""], "name a folder"),
        (["new", "", "--defaults"], "name a folder"),
        (["render", "out", "--preset", ""], "there are"),
        (["presets", ""], "there are"),
    ],
)
def test_empty_names_are_refused(arguments: list[str], says: str, capsys: Capture) -> None:
    assert run([*arguments]) == Exit.ERROR
    assert says in capsys.readouterr().err


def test_words_are_not_cut_in_a_terminal() -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "scaffold", "answers"],
        env={**os.environ, "NO_COLOR": "1", "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 60),
    )
    lines = [line.rstrip() for line in ANSI.sub("", child.read()).splitlines()]
    child.close()
    assert child.exitstatus == Exit.CLEAN
    assert max(map(len, lines)) <= 60
    words = {word for entry in answer_entries() for word in entry.about.split() if len(word) < 40}
    assert words <= {word for line in lines for word in line.split()}


def test_what_is_not_read_in_a_terminal_has_no_escapes_and_is_not_wrapped() -> None:
    ran = process("render", "out", *LEAST, *QUICK)
    assert ran.returncode == Exit.CLEAN
    assert "\x1b" not in ran.stdout + ran.stderr
    wrong = process("render", "out", "--set", f"owner={'x' * 300}", *QUICK)
    assert wrong.returncode == Exit.ERROR
    assert "\x1b" not in wrong.stderr
    assert len(max(wrong.stderr.splitlines(), key=len)) > 100


@pytest.mark.parametrize("no_color", ["1", ""])
def test_a_terminal_gets_colours_unless_no_color_says_otherwise(tmp_path: Path, no_color: str) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "scaffold", "check", "missing"],
        env={**os.environ, "NO_COLOR": no_color, "TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=60,
    )
    printed = child.read()
    child.close()
    assert child.exitstatus == Exit.ERROR
    assert "missing is not a folder." in ANSI.sub("", printed)
    assert ("\x1b[31m" in printed) == (no_color == "")


def test_the_command_is_there_as_a_module_and_as_a_program() -> None:
    program = Path(sys.executable).with_name("scaffold")
    if not program.is_file():
        pytest.skip("the package is not installed beside this Python")
    for command in ([sys.executable, "-m", "scaffold"], [str(program)]):
        ran = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert ran.stdout == f"scaffold {__version__}\n"


@pytest.mark.parametrize("status", Change)
@pytest.mark.parametrize("dry_run", [True, False])
def test_only_a_dry_run_with_something_to_write_has_differences(status: Change, dry_run: bool) -> None:
    planned = Plan((PlannedFile("a.tf", Change.UNCHANGED), PlannedFile("b.tf", status)), ())
    document = RenderDocument(
        target="out",
        dry_run=dry_run,
        published=False,
        differs=planned.differs,
        refused=False,
        files=[FileEntry.of(file, published=False) for file in planned.files],
        warnings=[],
        verification=[],
        cost=[],
    )
    same = {Change.UNCHANGED, Change.KEPT}
    assert finish(document, Output.JSON) == (Exit.DIFFERENCES if dry_run and status not in same else Exit.CLEAN)
