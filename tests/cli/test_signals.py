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
