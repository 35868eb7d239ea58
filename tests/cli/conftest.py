import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with nothing in the environment that answers, colours or flushes."""
    for name in list(os.environ):
        if name.startswith("SCAFFOLD_") or name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "PYTHONUNBUFFERED"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
