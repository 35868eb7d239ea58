"""A signal ends the command and the programs that it started."""

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_sigterm_ends_the_command_like_ctrl_c_and_terraform_with_it(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    started = tmp_path / "started"
    os.mkfifo(started)
    terraform = programs / "terraform"
    terraform.write_text(f'#!/bin/sh\necho $$ >"{started}"\nexec sleep 600\n')
    terraform.chmod(0o755)
    target = tmp_path / "target"
    process = subprocess.Popen(
        [sys.executable, "-m", "scaffold", "render", str(target), "--preset", "network-only"],
        env={**os.environ, "PATH": f"{programs}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    terraforms_pid = int(started.read_text())
    process.send_signal(signal.SIGTERM)
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted; nothing was changed." in talk
    assert not target.exists()
    # Nothing, or a process that has ended and that nobody has asked about yet.
    command = Path(f"/proc/{terraforms_pid}/cmdline")
    assert not command.exists() or command.read_bytes() == b""


def test_an_interrupt_while_a_module_makes_its_classes_ends_with_the_code_all_the_same(tmp_path: Path) -> None:
    program = """
import scaffold.cli

def interrupted(arguments):
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        return 130

scaffold.cli.run = interrupted
scaffold.cli.main()
"""
    (tmp_path / "interrupted.py").write_text(program)
    command = [sys.executable, "-m", "interrupted"]
    assert subprocess.run(command, cwd=tmp_path, timeout=60, check=False).returncode == 130
