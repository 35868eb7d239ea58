"""The programs that are measured: scaffold as a user installs it and its peers, each in an environment of its own."""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import BenchmarkError

CHECKOUT = Path(__file__).parent.parent
PEERS = {"copier": "9.19.1", "cookiecutter": "2.7.1"}
"""The peers from the package index, pinned; checkov's version is the one that scaffold itself pins."""

MIRROR = "SCAFFOLD_TF_MIRROR"
"""The environment variable that names a folder with a mirror of the AWS provider, as in the tests."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Where everything is.

    Attributes:
        work: the folder of the benchmarks' own files.
        environment: what every program that is measured gets; nothing in it comes from the user's settings.
        versions: of every program, by name.
        terraform: Terraform's path, if it can be measured.
        no_terraform: why it cannot, if it cannot.
        provider: the version of the AWS provider in the mirror.
    """

    work: Path
    environment: Mapping[str, str]
    versions: Mapping[str, str]
    terraform: Path | None
    no_terraform: str
    provider: str

    def program(self, name: str) -> Path:
        """Return the path of a program that was installed, or of the Python beside it as `scaffold/python`."""
        home, _, program = name.partition("/")
        if home == "checkov":
            return next((self.work / "cache").glob("checkov-*/bin")) / (program or home)
        return self.work / home / "bin" / (program or home)


def install(work: Path) -> Tools:
    """Install what is not there yet, and scaffold anew from the checkout.

    Raises:
        BenchmarkError: an installation failed.
    """
    work.mkdir(parents=True, exist_ok=True)
    for name, version in PEERS.items():
        if not (work / name / "bin" / name).exists():
            print(f"installing {name} {version} (once)", file=sys.stderr)
            _pip(_environment(work / name), f"{name}=={version}")
    _install_scaffold(work)
    (work / "home").mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(work / "home"),
        "LANG": "C.UTF-8",
        "SCAFFOLD_CACHE_DIR": str(work / "cache"),
        "CHECKPOINT_DISABLE": "1",
    }
    terraform, why_not, provider = _terraform(work)
    if terraform:
        environment["TF_CLI_CONFIG_FILE"] = str(work / "terraform.rc")
    print("installing checkov, if it is not there yet (220 MB, once)", file=sys.stderr)
    prepare = "from scaffold.verify.checkov_environment import *; checkov_python(); print(checkov_version())"
    # The package index, and how it is reached, are the user's own.
    checkov = _output(
        [work / "scaffold/bin/python", "-I", "-c", prepare],
        dict(os.environ) | {"SCAFFOLD_CACHE_DIR": environment["SCAFFOLD_CACHE_DIR"]},
    )
    return Tools(
        work,
        environment,
        {**_versions(work), "checkov": checkov.strip(), **({"aws provider": provider} if provider else {})},
        terraform,
        why_not,
        provider,
    )


def _environment(home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True, symlinks=True)
    return home


def _pip(home: Path, *arguments: str | Path) -> None:
    _output([home / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *arguments])


def _install_scaffold(work: Path) -> None:
    """Install scaffold as its users do: a wheel of the checkout, compiled, with what the lock says it needs."""
    home, lock = work / "scaffold", CHECKOUT / "requirements.lock"
    installed = home / "requirements.lock"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        print("installing what scaffold needs (once)", file=sys.stderr)
        _pip(_environment(home), "--require-hashes", "--requirement", lock)
        shutil.copy(lock, installed)
    wheels = work / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, CHECKOUT)
    _output([sys.executable, "-m", "pip", *build])
    _pip(home, "--force-reinstall", "--no-deps", next(wheels.glob("*.whl")))


def _terraform(work: Path) -> tuple[Path | None, str, str]:
    found = shutil.which("terraform")
    if found is None:
        return None, "terraform is not on PATH", ""
    mirror = os.environ.get(MIRROR)
    if not mirror:
        return None, f"{MIRROR} does not name a folder with a mirror of the AWS provider", ""
    versions = [path.name for path in Path(mirror, "registry.terraform.io/hashicorp/aws").glob("*") if path.is_dir()]
    if not versions:
        return None, f"{MIRROR} names a folder without the AWS provider", ""
    block = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    (work / "terraform.rc").write_text(block)
    return Path(found), "", max(versions, key=lambda version: [int(part) for part in version.split(".")])


def _versions(work: Path) -> dict[str, str]:
    show = (
        "import json, importlib.metadata as found\n"
        "print(json.dumps({each.name.lower(): each.version for each in found.distributions()}))"
    )
    found = {name: json.loads(_output([work / name / "bin/python", "-I", "-c", show])) for name in ("scaffold", *PEERS)}
    terraform = shutil.which("terraform")
    return {
        "python": sys.version.split()[0],
        "scaffold": found["scaffold"]["tfscaffold"],
        **{name: found[name][name] for name in PEERS},
        **(
            {"terraform": json.loads(_output([terraform, "version", "-json"]))["terraform_version"]}
            if terraform
            else {}
        ),
    }


def _output(arguments: list[str | Path], environment: Mapping[str, str] | None = None) -> str:
    ended = subprocess.run(
        [str(part) for part in arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise BenchmarkError(f"{' '.join(map(str, arguments))} ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
    return ended.stdout
