"""AWS as far as moto knows it, on loopback, and Terraform at work against it: a real apply without an account.

Use in a test module: `from tests.support.moto_server import moto_url as moto_url`, and

    stack = prepare_stack(tree, "environments/dev", tmp_path, moto_url)
    outcome = stack.live_through()
    assert outcome.unwanted_changes == ""
"""

import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.terraform_mirror import cli_configuration, mirrored_version, provider_mirror, terraform_program

SECONDS = 300
ROOT_OVERRIDE = """\
terraform {
  backend "local" {}
}

provider "aws" {
  s3_use_path_style = true
}
"""
VERSION_OVERRIDE = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "%s"
    }
  }
}
"""


@pytest.fixture(scope="session")
def moto_process_url() -> Iterator[str]:
    """Start moto in this process on a free port of loopback, and yield its URL."""
    with pytest.MonkeyPatch.context() as patch:
        # Else attaching an AWS managed policy answers 404.
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        from moto.server import ThreadedMotoServer

        from tests.support.moto_ecs import extend_ecs
        from tests.support.moto_eks import extend_eks
        from tests.support.moto_lambda import extend_lambda

        extend_eks()
        extend_lambda()
        extend_ecs()
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()


@pytest.fixture
def moto_url(moto_process_url: str) -> str:
    """Give an AWS account with nothing in it."""
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{moto_process_url}/moto-api/reset", method="POST")).close()
    return moto_process_url


@dataclass(frozen=True)
class Outcome:
    """What a stack's life showed.

    Attributes:
        added: how many resources were made.
        unwanted_changes: what a plan right after the apply wants to change; empty when nothing, as it should be.
        destroyed: how many resources were destroyed.
    """

    added: int
    unwanted_changes: str
    destroyed: int


@dataclass(frozen=True)
class Stack:
    """A root module, in a copy that is made ready for moto.

    Attributes:
        folder: where it is.
        environment: what Terraform gets.
    """

    folder: Path
    environment: dict[str, str]

    def terraform(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        """Run a command and return what it said; an exit code not in `codes` fails the test with its output."""
        ended = subprocess.run(
            [terraform_program(), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        if ended.returncode not in codes:
            pytest.fail(f"terraform {' '.join(arguments)}: {ended.returncode}\n{ended.stdout[-8000:]}\n{ended.stderr}")
        return ended

    def live_through(self) -> Outcome:
        """Run `init`, `apply`, `plan` and `destroy`."""
        self.terraform("init", "-input=false", "-no-color")
        applied = self.terraform("apply", "-auto-approve", "-input=false", "-no-color")
        planned = self.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", codes=(0, 2))
        # The plan has just read everything anew.
        destroyed = self.terraform("destroy", "-refresh=false", "-auto-approve", "-input=false", "-no-color")
        return Outcome(
            added=_count(r"Resources: (\d+) added", applied.stdout),
            unwanted_changes=planned.stdout if planned.returncode else "",
            destroyed=_count(r"Resources: (\d+) destroyed", destroyed.stdout),
        )


def prepare_stack(tree: Path, stack: str, folder: Path, url: str, **variables: str) -> Stack:
    """Copy a tree, and make one of its root modules ready for moto by Terraform's own override files.

    The state is a local file, and every folder takes the version of the AWS provider that the mirror has; nothing
    else of the tree is changed.

    Args:
        tree: the repository.
        stack: the root module's path in it.
        folder: a scratch folder.
        url: where moto is.
        variables: the root module's input variables that have no default.
    """
    mirror = provider_mirror()
    copy = folder / "tree"
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns(".terraform", ".terraform.lock.hcl"))
    for directory in {path.parent for path in copy.rglob("*.tf")}:
        (directory / "version_override.tf").write_text(VERSION_OVERRIDE % mirrored_version(mirror))
    (copy / stack / "moto_override.tf").write_text(ROOT_OVERRIDE)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return Stack(
        copy / stack,
        kept
        | {f"TF_VAR_{name}": value for name, value in variables.items()}
        | {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_CLI_CONFIG_FILE": str(cli_configuration(mirror, folder)),
        },
    )


def _count(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, text[-2000:]
    return int(found[1])
