"""Running commands in this process or in one of their own, and reading what they print."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scaffold.cli import run

SCHEMAS = Path(__file__).parent.parent.parent / "docs" / "schemas"

LEAST = [f"--set={answer}" for answer in ("name=shop", "region=us-east-1", "owner=a", "cost_center=b", "capacity=[]")]
"""The answers that nobody can do without, for a network alone."""

QUICK = ["--verify", "none"]


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a command with `--output json` and return its document, which is all it prints and valid for its kind."""
    capsys.readouterr()
    assert run([*arguments, "--output", "json"]) == code, capsys.readouterr()
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{found['kind']}.schema.json").read_text()))
    return found


def statuses(found: dict[str, Any]) -> dict[str, str]:
    """Return each file's status of a `render` document."""
    return {file["path"]: file["status"] for file in found["files"]}


def process(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "scaffold", *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
