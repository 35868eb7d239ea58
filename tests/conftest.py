"""What every test may count on: no settings of the machine's owner in the environment."""

import os
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


@pytest.fixture(autouse=True)
def _nothing_is_stopping() -> None:
    # What one test interrupted is over when the next begins; in a command it holds to the end.
    interrupts.stopping.clear()
