"""Whole commands in processes of their own, stopped at the nth thing they do.

What a process does is counted by an audit hook: every import, every file opened or changed, every program started, in
whatever thread. `python -m tests.faults.moments ACTION SEED:MOMENT… -- ARGUMENTS` is the command `scaffold ARGUMENTS`.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from subprocess import DEVNULL, CompletedProcess, run

from tests.support.processes import has_ended, wait_for_end

ROOT = Path(__file__).parent.parent.parent
COUNTED = ("import", "open", "os.", "shutil.", "subprocess.", "tempfile.")

TERRAFORM = """#!/bin/sh
echo $$ >>"$HOME/pids"
case $1 in
version) echo '{"terraform_version": "1.9.0"}' ;;
validate) sleep 0.05; echo '{"valid": true}' ;;
esac
"""


@dataclass
class Sandbox:
    """Everything that a command may write to.

    Attributes:
        root: the folder that holds it.
        arguments: of the command; `{target}` is the target.
    """

    root: Path
    target: Path = field(init=False)

    def __post_init__(self) -> None:
        for name in ("home", "temporary", "beside", "bin", "cache"):
            (self.root / name).mkdir(parents=True)
        program = self.root / "bin/terraform"
        program.write_text(TERRAFORM)
        program.chmod(0o755)
        self.target = self.root / "beside/out"

    @property
    def environment(self) -> dict[str, str]:
        """What the command gets of the world: a Terraform that says yes, and no network."""
        return {
            "PATH": f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "temporary"),
            "SCAFFOLD_CACHE_DIR": str(self.root / "cache"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "UV_OFFLINE": "1",
            "UV_CACHE_DIR": str(self.root / "home/uv"),
            "LANG": "C.UTF-8",
        }

    def run(self, *arguments: str, action: str = "none", moments: tuple[int, ...] = ()) -> CompletedProcess[str]:
        """Run a command to its end; standard error begins with how many things it did if no moment is given."""
        command = [sys.executable, "-m", "tests.faults.moments", action, ",".join(map(str, moments)), *arguments]
        where, environment = self.root / "beside", self.environment
        return run(
            command, cwd=where, env=environment, stdin=DEVNULL, capture_output=True, text=True, timeout=120, check=False
        )

    def left(self) -> set[str]:
        """Return what only a command at work has: drafts, scratch folders, folders that are prepared."""
        places = [*(self.root / "temporary").iterdir(), *(self.root / "beside").iterdir()]
        found = {path.name for path in places if path != self.target and not _is_a_trial(path)}
        found |= {path.name for path in (self.root / "cache").rglob("*") if path.suffix in (".new", ".tmp", ".scratch")}
        return found | {path.name for path in self.target.glob(".scaffold*") if path.name.endswith((".new", "pending"))}

    def wait_for_programs(self) -> None:
        """Wait until no program runs that was started, nor one that such a program has started meanwhile."""
        while running := [pid for pid in self.pids() if not has_ended(pid)]:
            wait_for_end(running)

    def pids(self) -> list[int]:
        """Return the processes of all programs that were started: those that noted it, and those that still run."""
        noted = self.root / "home/pids"
        found = [int(line) for line in noted.read_text().split()] if noted.exists() else []
        for surroundings in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):  # it has ended, or is another user's
                if f"={self.root}/".encode() in surroundings.read_bytes():
                    found.append(int(surroundings.parent.name))
        return found


def _is_a_trial(path: Path) -> bool:
    """Return whether it is what Python itself writes for a moment, to see whether a temporary folder takes it."""
    return path.is_file() and len(path.name) == 8 and path.read_bytes() in (b"", b"blat")


def spread(seed: int, number: int, total: int) -> Iterator[int]:
    """Return moments of a command that does `total` things, the same for the same seed, over all of it."""
    random = Random(seed)
    yield from (int((at + random.random()) * total / number) + 1 for at in range(number))


def _main() -> None:
    action, given, *arguments = sys.argv[1:]
    moments = {int(moment) for moment in given.split(",") if moment}
    count = 0

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal count
        if event.startswith(COUNTED):
            count += 1
            if count in moments and action != "none":
                os.kill(os.getpid(), signal.Signals[action])

    sys.argv = ["scaffold", *arguments]
    from scaffold.cli import main

    sys.addaudithook(hook)
    try:
        main()
    finally:
        if action == "none":
            sys.stderr.write(f"\ncounted {count}\n")


if __name__ == "__main__":
    _main()
