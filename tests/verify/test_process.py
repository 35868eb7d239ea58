"""What must hold of every program that a verifier runs."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scaffold.verify import output, process
from scaffold.verify.process import ProgramError, find_program, run, stopped_on_error
from tests.support.processes import wait_for_end

HANGING = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
open("child", "w").write(str(child.pid))
os.rename("child", "pids")
child.wait()
"""


def python(code: str, folder: Path, *, seconds: float = 30, stdin: str = "") -> process.Ended:
    return run(
        [sys.executable, "-c", code], cwd=folder, environment=process.environment(), seconds=seconds, stdin=stdin
    )


def make_program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_what_a_program_printed_and_its_exit_code_are_returned(tmp_path: Path) -> None:
    ended = python("import sys; print(sys.stdin.read()); print('b', file=sys.stderr); sys.exit(3)", tmp_path, stdin="a")
    assert ended == process.Ended(3, "a\n", "b\n")


def test_output_that_is_not_utf_8_is_still_returned(tmp_path: Path) -> None:
    assert python("import os; os.write(1, b'\\xff!')", tmp_path).stdout == "\N{REPLACEMENT CHARACTER}!"


def test_a_program_that_hangs_is_stopped_with_everything_it_started(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"did not end within 2 s and was stopped"):
        python(HANGING, tmp_path, seconds=2)
    wait_for_end([int((tmp_path / "pids").read_text())])


def test_an_interrupt_stops_the_programs_of_other_threads_and_starts_no_more(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    code = HANGING.replace("child.wait()", "open('fifo', 'w').write('up'); child.wait()")

    def interrupted() -> None:
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(python, code, tmp_path, seconds=60)
            (tmp_path / "fifo").read_text()
            try:
                with process.stopped_on_error():
                    raise KeyboardInterrupt
            finally:
                with pytest.raises(ProgramError, match="interrupted"):
                    waiting.result(timeout=30)
                with pytest.raises(ProgramError, match="was not started: interrupted"):
                    python("", tmp_path)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    wait_for_end([int((tmp_path / "pids").read_text())])
    with process.stopped_on_error():
        assert python("", tmp_path).code == 0


def test_a_program_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"nowhere can't be started: No such file or directory"):
        run([tmp_path / "nowhere"], cwd=tmp_path, environment={}, seconds=5)


def test_a_program_killed_by_a_signal_has_a_negative_code(tmp_path: Path) -> None:
    assert python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tmp_path).code == -signal.SIGKILL


def test_credentials_and_settings_of_ours_stay_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("TF_CLI_ARGS", "-no")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "rc")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    passed = process.environment("TF_CLI_CONFIG_FILE", LANG="C")
    assert {"AWS_SECRET_ACCESS_KEY", "TF_CLI_ARGS"}.isdisjoint(passed)
    assert passed["HTTPS_PROXY"] == "http://proxy.example"
    assert (passed["TF_CLI_CONFIG_FILE"], passed["LANG"]) == ("rc", "C")


def test_a_program_is_found_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = make_program(tmp_path / "bin", "second")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_program("first", "second") == second
    assert find_program("first") is None


def test_a_program_of_the_current_or_the_examined_folder_is_never_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(tmp_path / "repository" / "bin", "terraform")
    monkeypatch.chdir(tmp_path / "repository" / "bin")
    for path in (".", "", f"..{os.sep}bin", str(tmp_path / "repository" / "bin")):
        monkeypatch.setenv("PATH", path)
        assert find_program("terraform", outside=[tmp_path / "repository"]) is None, path


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT as a program in the foreground has it; a job in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_that_is_ignored_stays_ignored(interruptible: None, tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stopped_on_error():
        signal.raise_signal(signal.SIGINT)
        assert python("print(1)", tmp_path).stdout == "1\n"


@pytest.mark.usefixtures("interruptible")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_forgets_still_ends_everything(tmp_path: Path) -> None:
    class Forgetful:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def interrupted() -> None:
        with stopped_on_error():
            Forgetful()
            with pytest.raises(ProgramError, match="interrupted"):
                python("", tmp_path)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with stopped_on_error():
        assert python("print(1)", tmp_path).stdout == "1\n"


def test_a_program_that_prints_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "MOST_OUTPUT", 1_000_000)
    for stream in (1, 2):
        with pytest.raises(ProgramError, match=r"printed more than .* and was stopped"):
            python(f"import os\nwhile True: os.write({stream}, b'x' * 4096)", tmp_path)


def test_a_program_that_closes_its_output_is_waited_for_and_stopped_in_time(tmp_path: Path) -> None:
    closing = "import os, time; os.close(1); os.close(2); "
    assert python(f"{closing} os._exit(7)", tmp_path).code == 7
    with pytest.raises(ProgramError, match="did not end within 1 s"):
        python(f"{closing} time.sleep(600)", tmp_path, seconds=1)


def test_a_program_that_does_not_read_or_closes_its_input_is_no_trouble(tmp_path: Path) -> None:
    assert python("print(1)", tmp_path, stdin="x" * 5_000_000).stdout == "1\n"
    much = python("import sys; print(len(sys.stdin.read()))", tmp_path, stdin="x" * 5_000_000)
    assert much.stdout == "5000000\n"


def test_what_a_program_leaves_running_with_its_output_open_ends_with_it(tmp_path: Path) -> None:
    leaving = "import subprocess; print(subprocess.Popen(['/bin/sleep', '600']).pid)"
    ended = python(leaving, tmp_path)
    assert ended.code == 0
    wait_for_end([int(ended.stdout)])


class EndsWithAWord:
    """A program that says something and ends just after nothing was heard; what it started has its output open."""

    args = ("program",)

    def __init__(self) -> None:
        pipes = [os.pipe() for _ in range(3)]
        self._others = (pipes[0][0], pipes[1][1], pipes[2][1])
        self.stdin = os.fdopen(pipes[0][1], "wb", 0)
        self.stdout, self.stderr = (os.fdopen(pipe[0], "rb", 0) for pipe in pipes[1:])

    def poll(self) -> int:
        os.write(self._others[1], b"late")
        return 0

    def wait(self, timeout: float) -> int:
        return 0

    def close(self) -> None:
        for each in (self.stdin, self.stdout, self.stderr):
            each.close()
        for each in self._others:
            os.close(each)


def test_what_a_program_says_at_its_very_end_is_heard() -> None:
    program = EndsWithAWord()
    try:
        assert output.communicate(program, b"", 30) == (b"late", b"")
    finally:
        program.close()


def test_a_time_limit_is_not_moved_by_setting_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1e12)
    assert python("print(1)", tmp_path, seconds=30).code == 0
    monkeypatch.setattr("time.time", lambda: 0.0)
    with pytest.raises(ProgramError, match="did not end within 1 s"):
        python("import time; time.sleep(600)", tmp_path, seconds=1)
