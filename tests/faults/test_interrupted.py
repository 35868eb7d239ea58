"""Ctrl-C, SIGTERM and SIGHUP at any moment of any command, once and twice: 130, nothing lost, nothing left."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scaffold import interrupts
from scaffold.report.documents.diff import DiffDocument
from tests.faults.moments import ROOT, Sandbox, spread
from tests.faults.test_killed import LEAST, OTHER, edited, files, foreign, rendered
from tests.support.processes import wait_for_end

QUICK = ["--verify", "fast"]
COMMANDS = {
    "new": (["new", "out", "--defaults", *LEAST, *QUICK], None),
    "render": (["render", "out", *OTHER, "--verify", "full"], rendered),
    "update": (["update", "out", "--set=azs=3", "--force", *QUICK], edited),
    "adopt": (["adopt", "out"], foreign),
    "check": (["check", "out", *QUICK, "-o", "json"], rendered),
    "diff": (["diff", "out"], rendered),
    "cost": (["cost", "out"], rendered),
    "module": (["module", "network", "out", *QUICK], None),
}
MOMENTS = 6
"""Of each command; every other one has a second signal a few events later."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_signal_at_any_moment_ends_with_its_code_and_the_old_tree_or_the_new(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    arguments, prepare = COMMANDS[name]
    origin = Sandbox(tmp_path / "origin")
    (prepare or (lambda sandbox: None))(origin)

    def copied(where: str) -> Sandbox:
        sandbox = Sandbox(tmp_path / where)
        if prepare:
            shutil.copytree(origin.target, sandbox.target, symlinks=True)
            shutil.copytree(origin.root / "cache", sandbox.root / "cache", dirs_exist_ok=True)
        return sandbox

    old = files(origin.target)
    measured = copied("measured")
    whole = measured.run(*arguments)
    new = files(measured.target)
    interrupted = 0
    for index, moment in enumerate(spread(2, MOMENTS, int(whole.stderr.rpartition("counted ")[2]))):
        sandbox = copied(f"at {moment}")
        number = interrupts.SIGNALS[index % 3].name
        moments = (moment, *range(moment + 1, moment + 60, 7)) if index % 2 else (moment,)
        ran = sandbox.run(*arguments, action=number, moments=moments)
        assert "Traceback" not in ran.stderr, (moment, number, ran.stderr)
        found = files(sandbox.target)
        if ran.returncode == 130:
            interrupted += 1
            unchanged = "Interrupted; nothing was changed." in ran.stderr
            assert unchanged or "before that" in ran.stderr, ran.stderr
            assert found == (old if unchanged else new), (moment, number, ran.stderr)
        else:  # Python forgets an interrupt that comes while an object is finalised
            assert (ran.returncode, found) == (whole.returncode, new), (moment, number, ran.stderr)
        assert sandbox.left() == set(), (moment, number)
        sandbox.wait_for_programs()
    record_property("commands interrupted", interrupted)
    assert interrupted >= MOMENTS - 2


HANGING = """#!/bin/sh
sleep 600 &
echo $$ $! >>"$HOME/pids"
echo started >"$HOME/started"
wait
"""


def started(sandbox: Sandbox, *arguments: str) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, and return it once its Terraform, which never ends, runs."""
    (sandbox.root / "bin/terraform").write_text(HANGING)
    os.mkfifo(sandbox.root / "home/started")
    process = subprocess.Popen(
        [sys.executable, "-m", "scaffold", *arguments],
        cwd=sandbox.target.parent,
        env=sandbox.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert (sandbox.root / "home/started").read_text() == "started\n"
    return process


@pytest.mark.parametrize("number", interrupts.SIGNALS)
def test_signals_to_the_whole_group_while_terraform_hangs_leave_nothing(number: signal.Signals, tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    process = started(sandbox, "render", "out", *LEAST)
    for _ in range(3):
        os.killpg(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.count("Interrupted; nothing was changed.") == 1
    assert "Traceback" not in said
    sandbox.wait_for_programs()
    assert not sandbox.target.exists()
    assert sandbox.left() == set()


KILLED = """
import os, pathlib, signal, sys, threading
from scaffold.cli import main
from scaffold.verify import process

def kill():
    pathlib.Path(os.environ["HOME"], "started").read_text()
    with process._lock:  # as long as a program is being started
        os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=kill, daemon=True).start()
sys.argv[0] = "scaffold"
main()
"""


def test_a_command_killed_while_terraform_hangs_takes_terraform_and_what_it_started_with_it(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    (sandbox.root / "bin/terraform").write_text(HANGING)
    os.mkfifo(sandbox.root / "home/started")
    command = [sys.executable, "-c", KILLED, "render", "out", *LEAST]
    ran = subprocess.run(command, cwd=sandbox.target.parent, env=sandbox.environment, timeout=60, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert len(sandbox.pids()) == 2
    sandbox.wait_for_programs()


def test_hang_ups_that_nohup_ignores_stay_ignored(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    program = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
    )
    moments = [sys.executable, "-m", "tests.faults.moments", "SIGHUP", "400"]
    ran = subprocess.run(
        [sys.executable, "-c", program, *moments, "render", "out", *LEAST, *QUICK],
        cwd=sandbox.target.parent,
        env=sandbox.environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert sandbox.target.exists()


def test_ctrl_c_ends_a_command_that_waits_for_another_ones_lock_on_the_providers(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    warm = sandbox.run("render", "first", *LEAST)
    assert warm.returncode == 0, warm.stderr
    shutil.rmtree(sandbox.root / "beside/first")
    shutil.rmtree(sandbox.root / "cache/results")
    (lock,) = (sandbox.root / "cache").glob("terraform-providers-*.lock")
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-m", "scaffold", "render", "out", *LEAST],
            cwd=sandbox.target.parent,
            env=sandbox.environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert process.stderr is not None
        assert any("waiting for another run" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted; nothing was changed." in said
    assert sandbox.left() == set()


MUCH = """
import sys
import scaffold.answers.schema
from scaffold.cli import main
scaffold.answers.schema.answers_schema = lambda model: {"text": "x" * 1_000_000}
sys.argv = ["scaffold", "answers", "--schema"]
main()
"""


def test_ctrl_c_ends_a_command_whose_reader_does_not_read(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", MUCH],
        env=sandbox.environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    assert os.read(reading, 1)  # it has begun to write, and cannot go on for long
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    os.close(reading)
    assert process.returncode == 130
    assert said == "\nInterrupted; nothing was changed.\n"


@pytest.mark.usefixtures("listening")
def test_a_second_interrupt_does_not_disturb_what_the_first_one_has_begun_to_clean() -> None:
    cleaned = []

    def interrupted() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            for number in interrupts.SIGNALS:
                signal.raise_signal(number)
            cleaned.append("all")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert cleaned == ["all"]


@pytest.mark.usefixtures("listening")
def test_an_interrupt_waits_for_what_holds_it_back() -> None:
    done = []

    def interrupted() -> None:
        with interrupts.held():
            with interrupts.held():
                signal.raise_signal(signal.SIGINT)
                done.append("inner")
            done.append("outer")
        done.append("after")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["inner", "outer"]


@pytest.mark.usefixtures("listening")
def test_a_signal_is_seen_while_another_thread_is_waited_for_whichever_thread_the_system_gives_it_to() -> None:
    submitted, ended = threading.Event(), threading.Event()

    def waits() -> bool:
        return sys._current_frames()[threading.main_thread().ident or 0].f_code is threading.Condition.wait.__code__

    def work() -> bool:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts.SIGNALS)
        submitted.wait()
        while not waits():
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        return ended.wait(30)

    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, interrupts.SIGNALS)
    try:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(work)
            submitted.set()
            with pytest.raises(KeyboardInterrupt):
                interrupts.result_of(future)
            ended.set()
            assert future.result()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


@pytest.fixture
def listening() -> Iterator[None]:
    """Signals as a command has them."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in interrupts.SIGNALS}
    interrupts.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def never_ending(repository: Path) -> DiffDocument:
    """Compare a repository for ever, and say which process does."""
    (repository / "worker").write_text(f"{os.getpid()}\n")
    signal.pause()
    raise AssertionError


def test_the_workers_of_a_comparison_of_many_repositories_end_with_it_when_it_is_killed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text("")
        os.mkfifo(tmp_path / name / "worker")
    program = (
        "import sys; from pathlib import Path; from scaffold.diff_all import diff_all\n"
        "from tests.faults.test_interrupted import never_ending\n"
        "diff_all(Path(sys.argv[1]), never_ending, 2, print)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, tmp_path], cwd=ROOT)
    workers = [int((tmp_path / name / "worker").read_text()) for name in ("one", "two")]
    process.kill()
    process.wait()
    wait_for_end(workers)
