"""Scratch folders: private, gone with their process, and those of the dead with the next."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold import scratch
from scaffold.scratch import Scratch

HOLDING = """
import os, signal, sys
from pathlib import Path
from scaffold.scratch import Scratch
held = Scratch(Path(sys.argv[1]))
(held.path / "inside").write_text("x")
print(held.path, flush=True)
signal.pause()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Callable[[], tuple[subprocess.Popen[str], Path]]:
    """What starts a process that has a scratch folder, and returns both."""

    def start() -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen([sys.executable, "-c", HOLDING, tmp_path], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    return start


@pytest.fixture(autouse=True)
def _sweeping_anew() -> None:
    scratch.sweep.cache_clear()


def test_a_scratch_folder_is_private_whatever_the_umask_and_gone_afterwards(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Scratch(tmp_path) as folder:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "deep").mkdir()
            (folder / "deep/file").write_text("x")
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_living_process_stays_and_that_of_a_killed_one_goes(
    tmp_path: Path, holder: Callable[[], tuple[subprocess.Popen[str], Path]]
) -> None:
    process, its = holder()
    with Scratch(tmp_path) as mine:
        assert set(tmp_path.iterdir()) == {its, mine}
    process.kill()
    process.communicate()
    assert list(tmp_path.iterdir()) == [its]
    scratch.sweep.cache_clear()
    with Scratch(tmp_path) as mine:
        assert list(tmp_path.iterdir()) == [mine]


def test_what_only_looks_like_a_scratch_folder_is_left_alone(tmp_path: Path) -> None:
    names = ["tfscaffold-mine", "tfscaffold-abcdefgh.scratch.old", "scaffold-abcdefgh", "TFSCAFFOLD-abcdefgh.scratch"]
    for name in names:
        (tmp_path / name).mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x")
    (tmp_path / "tfscaffold-abcdefgh.scratch").symlink_to(elsewhere)
    (tmp_path / "tfscaffold-hgfedcba.scratch").write_text("a file")
    before = set(tmp_path.iterdir())
    with Scratch(tmp_path):
        pass
    assert set(tmp_path.iterdir()) == before
    assert (elsewhere / "precious").exists()


def test_a_folder_that_is_swept_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = scratch._lock
    swept: list[Path] = []

    def late(path: Path, *, wait: bool) -> int | None:
        if not swept:
            swept.append(path)
            shutil.rmtree(path)
        return lock(path, wait=wait)

    monkeypatch.setattr(scratch, "_lock", late)
    with Scratch(tmp_path) as folder:
        assert folder != swept[0]
        assert list(tmp_path.iterdir()) == [folder]


def test_without_locks_nothing_is_swept_and_folders_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    dead = tmp_path / "tfscaffold-abcdefgh.scratch"
    dead.mkdir()
    with Scratch(tmp_path) as folder:
        assert set(tmp_path.iterdir()) == {dead, folder}
    assert list(tmp_path.iterdir()) == [dead]
