"""Every seeded bug is caught by tests that were there before it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mutants.seeded import BUGS, Bug, caught, copy_to, is_sound


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_to(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_a_seeded_bug_is_caught(bug: Bug, project: Path, record_property: Callable[[str, object], None]) -> None:
    assert caught(bug, project)
    record_property("seeded bugs caught", 1)


def test_without_a_bug_the_same_tests_pass(project: Path) -> None:
    assert is_sound(project)


def test_what_breaks_nothing_is_not_called_caught(project: Path) -> None:
    harmless = Bug("adds a comment", "scaffold/git.py", "_SECONDS = 60.0", "_SECONDS = 60.0  # s", "tests/test_git.py")
    assert not caught(harmless, project)


def test_a_bug_that_fits_no_more_is_told(project: Path) -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        caught(Bug("does nothing", "scaffold/git.py", "not there", "", "tests/test_git.py"), project)
