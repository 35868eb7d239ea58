"""Nothing that a repository or a file says reaches a terminal or a log as something it would obey."""

import re
from pathlib import Path

import pytest

from scaffold.cli import run

OBEYED = "\x1b]0;pwned\x07\x1b[31m\x9b2J"

COMMANDS = [
    ["check", "theirs", "--verify", "fast"],
    ["check", "theirs", "--verify", "fast", "--output", "github"],
    ["check", "theirs", "--verify", "fast", "--output", "markdown"],
    ["check", "theirs", "--verify", "fast", "--baseline", "baseline.json"],
    ["diff", "theirs", "--preset", "platform"],
    ["diff", "theirs", "--preset", "platform", "--output", "github"],
    ["diff", "ignoring", "--preset", "platform"],
    ["adopt", "theirs", "--dry-run"],
    ["cost", "theirs"],
    ["cost", "theirs", "--compare", "network.nat=single"],
    ["cost", "theirs", "--prices", "prices.yaml"],
    ["render", "out", "--answers", "answers.yaml"],
    ["render", "out", "--set", f"{OBEYED}=1"],
    ["render", "out", "--set", f"name={OBEYED}"],
    ["update", "theirs"],
    ["check", f"nowhere{OBEYED}"],
    ["presets", OBEYED],
    ["opinions", OBEYED],
    ["advise", "--set", f"{OBEYED}=1"],
    ["advise", "--set", f"traffic={OBEYED}"],
    ["advise", "--workload", f"nowhere{OBEYED}.yaml"],
]


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository, and files of answers, prices and findings, that say it wherever they can say anything."""
    root = tmp_path / "theirs"
    (root / f"live{OBEYED}").mkdir(parents=True)
    text = f'provider "aws" {{}}\nresource "aws_nat_gateway" "a" {{\n  subnet_id = "{OBEYED}"\n}}\n'
    (root / f"live{OBEYED}/main.tf").write_text(text)
    (root / f"{OBEYED}.tf").write_text('resource "aws_vpc" "x" {\n')
    escaped = "\\u001b]0;pwned\\u0007\\u001b[31m"
    (root / "b.tf").write_text(
        f'module "v" {{\n  source = "{escaped}"\n}}\nresource "aws_subnet" "p" {{\n  vpc_id = "{escaped}"\n}}\n'
    )
    (root / f"{OBEYED}.yaml").write_text('apiVersion: v1\nkind: "\\e[31mPod"\nmetadata:\n  name: "\\e[31mx"\n')
    (tmp_path / "ignoring/.scaffold").mkdir(parents=True)
    (tmp_path / "ignoring/main.tf").write_text('resource "aws_vpc" "x" {\n}\n')
    (tmp_path / "ignoring/.scaffold/ignore").write_text(f"[{OBEYED}]\n")
    (tmp_path / "answers.yaml").write_text('name: "\\e[31mx"\nregion: "\\e[31mx"\n')
    (tmp_path / "baseline.json").write_text('{"\\u001b[31m": 1}')
    (tmp_path / "prices.yaml").write_text('"\\e[31mx": 1\n')
    return root


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(map(ascii, arguments)))
def test_a_terminal_is_told_nothing_that_it_would_obey(
    theirs: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    run(arguments)
    said = capsys.readouterr()
    # Of a command to its runner, GitHub prints the message alone.
    shown = re.sub(r"(?m)^::\w+ [^:\n]*::", "", said.out) + said.err
    assert shown.strip()
    assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
