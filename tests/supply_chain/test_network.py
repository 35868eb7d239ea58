"""No command reaches the network or starts another program, but for those that `--verify full` is documented to run."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from scaffold.cli.app import app
from scaffold.verify.checkov_environment import CheckovUnavailableError, checkov_python, environment_name
from tests.support.terraform_mirror import cli_configuration, mirrored_version, provider_mirror, terraform_program

WATCH = """\
import json, os, sys

LOG = os.environ["WATCH_LOG"]

def watch(event, arguments):
    if event in ("subprocess.Popen", "os.posix_spawn", "os.exec"):
        what = os.fsdecode(arguments[0])
    elif event == "os.system" or event in REACHING:
        what = ""
    else:
        return
    with open(LOG, "a") as log:
        log.write(json.dumps([event, what]) + "\\n")
    if event in REACHING:
        raise OSError("the network is out of reach in this test")

REACHING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
            "socket.getnameinfo", "socket.sendto", "socket.sendmsg", "socket.bind"}
sys.addaudithook(watch)
"""
"""What every Python process of a command runs first, those that a command starts as well."""

PLATFORM = ["--preset", "platform"]
QUICK = ["--verify", "fast"]
LEAST = [f"--set={answer}" for answer in ("name=shop", "region=us-east-1", "owner=a", "cost_center=b", "capacity=[]")]

WORKLOAD = [
    f"--set={fact}"
    for fact in ("traffic=spiky", "requests_per_second=5", "run_seconds=0.2", "memory_mb=512", "protocol=request")
]

COMMANDS: list[tuple[list[str], int]] = [
    (["render", "out", *PLATFORM, *QUICK], 0),
    (["new", "fresh", "--defaults", *LEAST, *QUICK], 0),
    (["diff", "out"], 0),
    (["diff", "theirs", *PLATFORM], 2),
    (["diff", ".", "--all", "--jobs", "2", *PLATFORM], 2),
    (["adopt", "theirs", "--dry-run"], 0),
    (["update", "out", "--set", "environments.prod.network.nat=single", *QUICK], 0),
    (["check", "out", *QUICK, "--report", "sarif=out.sarif", "--report", "junit=out.xml"], 0),
    (["check", "theirs", *QUICK], 3),
    (["cost", "out", "--compare", "network.nat=single"], 0),
    (["advise"], 0),
    (["advise", *WORKLOAD], 0),
    (["opinions"], 0),
    (["opinions", "N1"], 0),
    (["presets"], 0),
    (["presets", "platform"], 0),
    (["answers"], 0),
    (["answers", "--schema"], 0),
    (["module", "network", "modules/network", *LEAST, *QUICK], 0),
]
"""Every command, in an order in which they can be run, with their exit codes."""

GUARD = "/bin/sh"
"""The shell that ends what a killed run leaves running: `scaffold/verify/guard.py`."""

THEIRS = """\
provider "aws" {
  region = "eu-central-1"
}

module "vpc" {
  source = "git::https://packages.invalid/vpc.git?ref=v1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""


ANYBODYS = """\
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}

resource "aws_sqs_queue" "this" {{
  name                    = "example"
  sqs_managed_sse_enabled = true
}}
"""


class Watched:
    """A folder to run commands in, and what they reach for and start there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        (folder / "watch").mkdir()
        (folder / "watch/sitecustomize.py").write_text(WATCH)
        (folder / "home").mkdir()
        (folder / "bin").mkdir()
        self.work = folder / "work"
        (self.work / "theirs").mkdir(parents=True)
        (self.work / "theirs/main.tf").write_text(THEIRS)

    def program(self, name: str, script: str) -> Path:
        """Put a program on the PATH."""
        path = self.folder / "bin" / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, prefix: tuple[str, ...] = (), **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of scaffold's."""
        environment = {
            "HOME": str(self.folder / "home"),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(self.folder / "watch"), str(Path(__file__).parents[2])]),
            "WATCH_LOG": str(self.log),
            **variables,
        }
        command = [*prefix, sys.executable, "-m", "scaffold", *arguments]
        return subprocess.run(
            command, cwd=self.work, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    @property
    def events(self) -> list[tuple[str, str]]:
        """What was reached for or started, oldest first."""
        return [tuple(json.loads(line)) for line in self.log.read_text().splitlines()] if self.log.exists() else []


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def installed_checkov() -> Path:
    """Return the folder of checkov's environment, which is installed if need be, or skip."""
    try:
        return checkov_python().parent.parent
    except CheckovUnavailableError as error:
        pytest.skip(str(error))


def test_every_command_is_run_here() -> None:
    group = typer.main.get_command(app)
    assert {arguments[0] for arguments, _ in COMMANDS} == set(group.commands)  # type: ignore[attr-defined]


def test_no_command_reaches_for_the_network_or_starts_a_program_but_git(
    watched: Watched, record_property: Callable[[str, object], None]
) -> None:
    for name in ("terraform", "tofu", "checkov", "uv", "kubectl", "aws"):
        watched.program(name, f"#!/bin/sh\necho {name} >> {watched.folder}/started\n")
    for arguments, code in COMMANDS:
        ended = watched.run(*arguments)
        assert ended.returncode == code, (arguments, ended.stdout[-2000:], ended.stderr)
    git = shutil.which("git")
    # Python's own way to start processes side by side is by the same interpreter.
    ours = {sys.executable, os.path.realpath(sys.executable), GUARD}
    assert {what for _, what in watched.events} <= {git, *ours}
    sockets = [event for event, _ in watched.events if event.startswith("socket.")]
    record_property("commands watched for sockets", len(COMMANDS))
    record_property("sockets opened", len(sockets))
    assert not sockets
    assert not (watched.folder / "started").exists()


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('packages.invalid', 443)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))",
    ],
)
def test_the_watch_sees_whoever_reaches_out(watched: Watched, code: str) -> None:
    environment = {"PYTHONPATH": str(watched.folder / "watch"), "WATCH_LOG": str(watched.log)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert b"out of reach in this test" in ended.stderr
    assert watched.events[0][0].startswith("socket.")


def test_full_verification_starts_terraform_and_the_installed_checkov_and_reaches_for_nothing_itself(
    watched: Watched,
) -> None:
    home = installed_checkov()
    cache = watched.folder / "cache"
    cache.mkdir()
    (cache / environment_name()).symlink_to(home)
    terraform = watched.program("terraform", "#!/bin/sh\nexit 1\n")
    uv = watched.program("uv", f"#!/bin/sh\necho uv >> {watched.folder}/started\n")
    ended = watched.run("render", "out", "--preset", "network-only", SCAFFOLD_CACHE_DIR=str(cache))
    assert "checkov" in ended.stdout + ended.stderr
    started = {what for _, what in watched.events}
    assert started == {str(terraform), str(cache / environment_name() / "bin/python"), GUARD}
    assert {event for event, _ in watched.events} == {"subprocess.Popen", "os.posix_spawn"}
    assert uv.exists()
    assert not (watched.folder / "started").exists()


def no_network() -> tuple[str, ...]:
    """Return the beginning of a command that has no network but a loopback that is down, or skip."""
    prefix = ("unshare", "--map-root-user", "--net")
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare, which makes network namespaces")
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no network namespace can be made here: {tried.stderr.strip()}")
    return prefix


def test_everything_works_where_there_is_no_network_once_providers_and_checkov_are_there(watched: Watched) -> None:
    prefix = no_network()
    terraform_program()
    mirror = provider_mirror()
    configuration = cli_configuration(mirror, watched.folder)
    cache = watched.folder / "cache"
    cache.mkdir()
    (cache / environment_name()).symlink_to(installed_checkov())
    (watched.work / "theirs/main.tf").write_text(ANYBODYS.format(version=mirrored_version(mirror)))
    ended = watched.run(
        *("check", "theirs", "--only", "terraform,checkov", "--output", "json"),
        prefix=prefix,
        SCAFFOLD_CACHE_DIR=str(cache),
        TF_CLI_CONFIG_FILE=str(configuration),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    statuses = {each["verifier"]: each["status"] for each in json.loads(ended.stdout)["verification"]}
    assert (statuses["terraform"], statuses["checkov"]) == ("passed", "passed")
    assert not [event for event, _ in watched.events if event.startswith("socket.")]
