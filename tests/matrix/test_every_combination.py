"""Every preset in every architecture, number of AZs and NAT passes every verifier, and so does the covering array."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.render import Rendering
from scaffold.verify import FAST, Level, checkov, terraform, verify
from scaffold.verify.verdict import Status, Tree
from tests.matrix.combinations import GROUPS, group, sample, telling
from tests.support.rendering import tree_of, write
from tests.support.schema_provider import schema_mirror, terraform_env
from tests.support.terraform_mirror import cli_configuration, mirrored_version, provider_mirror, terraform_program

NOT_IN_THE_MIRROR = re.compile(
    r"availability_mode|aws_eks_capability|aws_lambda_capacity_provider|deletion_protection|durable_config|"
    r"archive_file|deployment_configuration|jwt_validation|managed_instances_provider"
)
"""What is not in provider 5.100.0, and what another provider has."""

every_group = pytest.mark.parametrize("name", GROUPS)


def is_first(files: tuple[File, ...], claims: Path) -> bool:
    """Return whether nobody has asked about these files yet, in whatever process: many groups have the same modules."""
    try:
        (claims / hashlib.sha256(repr(files).encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def modules_of(files: tuple[File, ...]) -> dict[str, tuple[File, ...]]:
    """Return each module's files, relative to the module's folder."""
    found: dict[str, list[File]] = {}
    for file in files:
        if match := re.match(r"modules/([^/]+)/(.+)", file.path):
            found.setdefault(match[1], []).append(replace(file, path=match[2]))
    return {name: tuple(its) for name, its in found.items()}


@every_group
def test_our_own_verifiers_pass(name: str, record_property: Callable[[str, object], None]) -> None:
    for title, rendering in group(name).items():
        verdicts = {verdict.verifier: verdict for verdict in verify(tree_of(rendering), Level.FAST)}
        for verifier in FAST:
            none = verifier == "kubernetes" and not rendering.kubernetes_versions
            expected = Status.NOT_RUN if none else Status.PASSED
            assert verdicts[verifier].status is expected, (title, verdicts[verifier])
    record_property("repositories put to our own verifiers", len(group(name)))


def test_terraform_fmt_has_nothing_to_change(tmp_path: Path) -> None:
    program = terraform_program()
    for name in GROUPS:
        for title, rendering in group(name).items():
            write((file for file in rendering.files if file.path.endswith((".tf", ".hcl"))), tmp_path / title)
    ran = subprocess.run(
        [program, "fmt", "-check", "-recursive", tmp_path], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")


def validates(renderings: dict[str, tuple[File, ...]], tmp_path: Path) -> None:
    """Validate every folder of the first rendering by the product's own verifier, and all environments of the others.

    Validating an environment validates the modules it calls; the modules by themselves differ little within a group.
    """
    (first, files), *others = renderings.items()
    verdict = terraform.verify(Tree(files))
    assert verdict.status is Status.PASSED, (first, verdict)
    for title, other in others:
        root = write(other, tmp_path / title)
        for environment in sorted((root / "environments").iterdir()):
            for arguments in (["init", "-backend=false", "-input=false"], ["validate"]):
                ran = subprocess.run(
                    [terraform_program(), *arguments, "-no-color"],
                    cwd=environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert ran.returncode == 0, (title, environment.name, ran.stdout, ran.stderr)
        shutil.rmtree(root)


def stacks(rendering: Rendering) -> tuple[File, ...]:
    """Return a rendering's Terraform without its tests."""
    return tuple(file for file in rendering.files if file.path.endswith(".tf") or "functions/" in file.path)


@every_group
def test_terraform_validates_every_stack_and_module_against_the_6_69_schema(
    name: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    terraform_program()
    for variable, value in terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema")).items():
        monkeypatch.setenv(variable, value)
    validates({title: stacks(rendering) for title, rendering in sample(name).items()}, tmp_path)
    record_property("repositories put to terraform validate", len(sample(name)))


@every_group
def test_terraform_validates_against_provider_5_100_where_it_knows_everything(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = provider_mirror()
    terraform_program()
    renderings = {
        title: rendering
        for title, rendering in sample(name).items()
        if not any(NOT_IN_THE_MIRROR.search(file.text) for file in rendering.files)
    }
    if not renderings:
        pytest.skip("uses what only provider 6.x or another provider has")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(cli_configuration(mirror, tmp_path)))
    version = mirrored_version(mirror)
    validates(
        {
            title: tuple(
                replace(file, text=re.sub(r'version = "(>=|~>) 6\.\d+"', f'version = "{version}"', file.text))
                for file in stacks(rendering)
            )
            for title, rendering in renderings.items()
        },
        tmp_path,
    )


@every_group
def test_the_modules_own_tests_pass(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    program = terraform_program()
    own = tmp_path_factory.getbasetemp()
    environment = terraform_env(schema_mirror(own / "schema"))
    claims = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "modules"
    claims.mkdir(exist_ok=True)
    for title, rendering in sample(name).items():
        for module, files in modules_of(rendering.files).items():
            if not is_first(files, claims):
                continue
            folder = write(files, tmp_path_factory.mktemp("module"))
            for arguments in (["init", "-backend=false", "-input=false"], ["test", "-no-color"]):
                ran = subprocess.run(
                    [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
                )
                assert ran.returncode == 0, (title, module, ran.stdout[-3000:], ran.stderr[-3000:])
            assert re.search(r"Success! [1-9]\d* passed, 0 failed", ran.stdout), (title, module, ran.stdout)
            shutil.rmtree(folder)


@every_group
def test_checkov_has_no_finding_and_saw_every_resource(
    name: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    renderings = telling(name)
    folders = [
        write((file for file in rendering.files if file.path.endswith(".tf")), tmp_path / title)
        for title, rendering in renderings.items()
    ]
    for title, rendering, scan in zip(renderings, renderings.values(), checkov.scan(folders), strict=True):
        held = checkov.blocks_of(rendering.files)
        assert held, title
        assert checkov.findings_of(rendering.files, held, scan) == [], title
        assert (scan.failed, scan.parsing_errors) == ((), ()), title
        assert set(held) == set(scan.blocks), title
    record_property("repositories put to checkov", len(renderings))
