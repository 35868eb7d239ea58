"""What every test may count on: no settings of the machine's owner in the environment."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from scaffold import interrupts

KEPT = {"SCAFFOLD_TF_MIRROR", "SCAFFOLD_CACHE_DIR"}
"""Where the machine has a provider mirror, and where checkov's environment is to be built."""

FOREIGN = ("AWS_", "SCAFFOLD_", "TF_")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name not in KEPT]:
        del os.environ[name]
    # pytest-xdist tells its workers how wide its own terminal is.
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        os.environ.pop(name, None)
    # What a test asks is not to be answered by another's verdict.
    os.environ["SCAFFOLD_NO_CACHE"] = "1"
    # Providers of temporary mirrors are not to pile up in the user's cache.
    cache: Path = tmp_path_factory.mktemp("terraform-plugins")
    os.environ["TF_PLUGIN_CACHE_DIR"] = str(cache)


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_not_ignored() -> None:
    # A job in the background ignores them, and so would every command that a test starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _nothing_is_stopping() -> None:
    # What one test interrupted is over when the next begins; in a command it holds to the end.
    interrupts.stopping.clear()


HOSTILE = (
    "tests/hostile/",
    "tests/render/test_hostile_text.py",
    "tests/answers/test_bad_input.py",
    "tests/cli/test_hostile_terminal.py",
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests have counted: what was tried, and what was survived."""
    figures: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        if report.nodeid.startswith(HOSTILE):
            figures["cases of hostile input"] += 1
    # A test's end knows all that it has counted; its report is none of those that are shown.
    for report in terminalreporter.stats.get("", ()):
        if report.when == "teardown":
            figures.update({name: int(str(value)) for name, value in report.user_properties})
    if any(figures.values()):
        figures["tests that failed"] = len(terminalreporter.stats.get("failed", ()))
        terminalreporter.section("figures")
        for name, number in sorted(figures.items()):
            terminalreporter.write_line(f"{number:>9,} {name}")
