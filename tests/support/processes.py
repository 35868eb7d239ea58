"""Processes that have to end by themselves."""

import os
import time
from pathlib import Path


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    if not Path("/proc/self/stat").exists():
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # it ends at this moment
        return True


def wait_for_end(pids: list[int]) -> None:
    """Wait until none of some processes runs; ten seconds mean that one is left."""
    until = time.monotonic() + 10
    while not all(map(has_ended, pids)):
        assert time.monotonic() < until, "a program outlived the command"
        time.sleep(0.01)
