"""Running programs side by side: wall time, processor time, and the memory of all their processes."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

MEGABYTE = 1_000_000
BETWEEN_LOOKS = 0.004
"""Seconds between two looks at a program's memory."""


class BenchmarkError(Exception):
    """A program did not do what it is to be measured at; the text has its last words."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run.

    Attributes:
        wall: seconds by the clock.
        cpu: seconds of processor time, user and system, with all child processes.
    """

    wall: float
    cpu: float

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run.

    Attributes:
        arguments: the program's absolute path and its arguments.
        cwd: the folder it runs in.
        environment: its whole environment.
        codes: the exit codes that are no failure.
    """

    arguments: tuple[str | Path, ...]
    cwd: Path
    environment: Mapping[str, str]
    codes: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Task:
    """Something to measure: commands, one after the other.

    Attributes:
        commands: the commands.
        before: what is made ready anew before each run, and is not measured.
    """

    commands: tuple[Command, ...]
    before: Callable[[], object] = field(default=lambda: None)

    def run(self) -> Sample:
        """Run the commands once.

        Raises:
            BenchmarkError: one of them failed.
        """
        self.before()
        return sum((_run(command) for command in self.commands), Sample(0.0, 0.0))

    def peak_megabytes(self) -> float | None:
        """Return the most memory that the commands' processes hold together, in a run that is not timed.

        Pages that two of the processes share count twice. None where the system has no `/proc`.
        """
        self.before()
        return max((_peak(command) for command in self.commands), default=0) / MEGABYTE if _PROC.is_dir() else None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Runs of ours and of what it is compared with, in turn, so that whatever else the machine does meets both."""

    ours: Sequence[Sample]
    theirs: Sequence[Sample]

    @property
    def ratio(self) -> float:
        """The median over the pairs of ours divided by theirs, by the clock."""
        return statistics.median(mine.wall / other.wall for mine, other in zip(self.ours, self.theirs, strict=True))

    @property
    def cpu_ratio(self) -> float:
        """The same by processor time."""
        return statistics.median(mine.cpu / other.cpu for mine, other in zip(self.ours, self.theirs, strict=True))


def median(samples: Sequence[Sample]) -> Sample:
    """Return the median wall time and the median processor time."""
    return Sample(statistics.median(each.wall for each in samples), statistics.median(each.cpu for each in samples))


def paired(ours: Callable[[], Sample], theirs: Callable[[], Sample], runs: int) -> Pairs:
    """Run two things in turn, each once before it counts; which of the two goes first changes with every pair."""
    ours()
    theirs()
    mine: list[Sample] = []
    others: list[Sample] = []
    for number in range(runs):
        for run, samples in ((ours, mine), (theirs, others))[:: 1 if number % 2 else -1]:
            samples.append(run())
    return Pairs(mine, others)


def output_of(command: Command) -> str:
    """Run a command and return what it writes to standard output.

    Raises:
        BenchmarkError: it failed.
    """
    with tempfile.TemporaryFile() as log:
        process = _start(command, log.fileno())
        _check(command, process.wait(), log)
        log.seek(0)
        return log.read().decode("utf-8", "replace")


def _run(command: Command) -> Sample:
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = _start(command, log.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        _check(command, process.returncode, log)
    return Sample(wall, usage.ru_utime + usage.ru_stime)


def _start(command: Command, log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command.arguments],
        cwd=command.cwd,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _check(command: Command, code: int, log: IO[bytes]) -> None:
    if code not in command.codes:
        log.seek(0)
        words = log.read().decode("utf-8", "replace")[-2000:]
        raise BenchmarkError(f"{' '.join(map(str, command.arguments))} ended with {code}:\n{words}")


_PROC = Path("/proc/self/task")


def _peak(command: Command) -> int:
    with tempfile.TemporaryFile() as log:
        process = _start(command, log.fileno())
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(_resident(pid) for pid in _family(process.pid)))
            time.sleep(BETWEEN_LOOKS)
        _check(command, process.returncode, log)
    return peak


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue  # it ended meanwhile
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0  # it ended meanwhile


_PAGE = os.sysconf("SC_PAGE_SIZE")
