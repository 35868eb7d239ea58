"""The AWS provider's real binary for tests: from a local mirror folder, so that no test needs the network."""

import os
import re
import shutil
from pathlib import Path

import pytest

VARIABLE = "SCAFFOLD_TF_MIRROR"


def terraform_program() -> Path:
    """Return Terraform's absolute path, or skip the test."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on PATH")
    return Path(found)


def provider_mirror() -> Path:
    """Return the folder of the provider mirror, or skip the test."""
    if VARIABLE not in os.environ:
        pytest.skip(f"{VARIABLE} does not name a folder with a mirror of the AWS provider")
    return Path(os.environ[VARIABLE])


def mirrored_version(mirror: Path) -> str:
    """Return the newest version of the AWS provider that the mirror holds."""
    versions = [path.name for path in (mirror / "registry.terraform.io/hashicorp/aws").iterdir() if path.is_dir()]
    return max(versions, key=lambda version: [int(number) for number in re.findall(r"\d+", version)])


def cli_configuration(mirror: Path, folder: Path) -> Path:
    """Write a configuration into `folder` that makes Terraform take providers from the mirror and nowhere else."""
    configuration = folder / "terraform.rc"
    configuration.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    return configuration
