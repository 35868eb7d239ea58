"""The Terraform verifier, on real Terraform and the real AWS provider out of a mirror."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scaffold.files import File
from scaffold.verify import terraform
from scaffold.verify.terraform import folders_of, verify
from scaffold.verify.verdict import Finding, Status, Tree, Verdict
from tests.support.terraform_mirror import cli_configuration, mirrored_version, provider_mirror, terraform_program

VERSIONS = """\
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
"""
VPC = """\
variable "cidr" {
  type = string
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
}
"""
CALL = """\
module "network" {
  source = "../../modules/network"

  cidr = "10.0.0.0/16"
}
"""
MODULE = {"modules/network/main.tf": VPC, "modules/network/versions.tf": VERSIONS}
BACKEND = (
    'terraform {\n  backend "s3" {\n    bucket = "not-there"\n    key    = "x"\n    region = "us-east-1"\n  }\n}\n'
)
UNAVAILABLE = VERSIONS.replace(">= 5.0", "~> 99.1")

Judge = Callable[[dict[str, str]], Verdict]


@pytest.fixture
def judge() -> Iterator[Judge]:
    trees: list[Tree] = []

    def judge(files: dict[str, str]) -> Verdict:
        trees.append(Tree(tuple(File(path, text) for path, text in files.items())))
        return verify(trees[-1])

    yield judge
    for tree in trees:
        tree.close()


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's Terraform settings and caches out of every test."""
    for name in [name for name in os.environ if name.startswith(("TF_", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let Terraform take its providers from the mirror."""
    terraform_program()
    found = provider_mirror()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(cli_configuration(found, tmp_path)))
    return found


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a `terraform` on PATH, before everything else, that runs a Python text with `arguments`."""

    def fake(text: str) -> Path:
        program = tmp_path / "bin" / "terraform"
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\nimport os, sys, time\narguments = sys.argv[1:]\n{text}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return program

    return fake


def test_every_folder_is_validated_and_the_verdict_names_the_provider(mirror: Path, judge: Judge) -> None:
    verdict = judge(MODULE | {"environments/dev/main.tf": CALL, "environments/dev/backend.tf": BACKEND})
    assert (verdict.status, verdict.findings) == (Status.PASSED, ())
    assert "fmt -check passed; validated 2 folders" in verdict.reason
    assert f"hashicorp/aws {mirrored_version(mirror)}" in verdict.reason
    assert verdict.reason.startswith("Terraform 1.")


def test_an_error_names_file_and_line_and_is_told_once_for_all_callers(mirror: Path, judge: Judge) -> None:
    broken = MODULE | {"modules/network/main.tf": VPC.replace("cidr_block = ", "cidr_blok  = ")}
    verdict = judge(broken | {"environments/dev/main.tf": CALL, "environments/prod/main.tf": CALL + "\n"})
    assert verdict.status is Status.FAILED
    unsupported = [finding for finding in verdict.findings if "Unsupported argument" in finding.message]
    assert [(finding.rule, finding.file, finding.line) for finding in unsupported] == [
        ("terraform", "modules/network/main.tf", 6)
    ]
    assert "cidr_blok" in unsupported[0].message


def test_a_caller_that_forgets_an_input_is_a_finding_in_the_caller(mirror: Path, judge: Judge) -> None:
    verdict = judge(
        MODULE | {"environments/dev/main.tf": 'module "network" {\n  source = "../../modules/network"\n}\n'}
    )
    assert [(finding.file, finding.line) for finding in verdict.findings] == [("environments/dev/main.tf", 1)]
    assert "Missing required argument" in verdict.findings[0].message


def test_a_module_that_is_not_there_is_a_finding_and_not_an_excuse(mirror: Path, judge: Judge) -> None:
    verdict = judge({"environments/dev/main.tf": CALL})
    assert verdict.status is Status.FAILED
    assert all("environments/dev" in (finding.file or finding.message) for finding in verdict.findings)
    assert any("could not be read for module" in finding.message for finding in verdict.findings)


def test_a_test_file_that_does_not_fit_its_module_is_a_finding(mirror: Path, judge: Judge) -> None:
    test = 'mock_provider "aws" {}\n\nrun "plans" {\n  command = destroy\n}\n'
    verdict = judge(MODULE | {"modules/network/tests/network.tftest.hcl": test})
    assert "modules/network/tests/network.tftest.hcl" in [finding.file for finding in verdict.findings]


def test_deprecations_are_told_and_do_not_fail(mirror: Path, judge: Judge) -> None:
    verdict = judge({"main.tf": VERSIONS + '\nresource "aws_eip" "this" {\n  vpc = true\n}\n'})
    if verdict.status is Status.PASSED:
        assert "1 warning: Argument is deprecated" in verdict.reason
    else:
        assert mirrored_version(mirror) >= "6", verdict


def test_a_file_in_another_format_is_a_finding_with_its_first_differing_line(mirror: Path, judge: Judge) -> None:
    misaligned = VPC.replace("  cidr_block", " cidr_block")
    verdict = judge(MODULE | {"modules/network/main.tf": misaligned})
    assert verdict.status is Status.FAILED
    assert verdict.findings == (
        Finding(
            "terraform",
            "The file is not in the format that terraform fmt writes.",
            "modules/network/main.tf",
            6,
            "Run terraform fmt -recursive.",
        ),
    )
    assert "fmt -check failed; validated 1 folder" in verdict.reason


def test_the_format_is_checked_without_the_diff_program(
    mirror: Path, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "terraform").symlink_to(terraform_program())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    verdict = judge({"a.tf": "# fine\n", "b.tfvars": "a=1\n"})
    assert [(finding.file, finding.line) for finding in verdict.findings] == [("b.tfvars", None)]


def test_broken_syntax_is_a_finding_with_its_line(mirror: Path, judge: Judge) -> None:
    verdict = judge({"main.tf": VPC, "broken.tf": '\nresource "aws_vpc" "this" {\n'})
    assert verdict.status is Status.FAILED
    assert [(finding.file, finding.line) for finding in verdict.findings] == [("broken.tf", 2)]
    assert verdict.findings[0].message.startswith("Unclosed configuration block: ")


def test_a_provider_that_cannot_be_had_is_not_passed(mirror: Path, judge: Judge) -> None:
    verdict = judge({"environments/dev/main.tf": UNAVAILABLE, "modules/empty/main.tf": "# nothing\n"})
    assert verdict.status is Status.NOT_RUN
    assert "fmt -check passed; validated 1 folder; environments/dev not validated: init failed: " in verdict.reason
    assert "hashicorp/aws: no available releases match the given constraints ~> 99.1" in verdict.reason


def test_a_provider_that_cannot_be_had_hides_no_finding(mirror: Path, judge: Judge) -> None:
    verdict = judge({"environments/dev/main.tf": UNAVAILABLE, "main.tf": "locals {\n  a = var.nowhere\n}\n"})
    assert verdict.status is Status.FAILED
    assert [(finding.file, finding.line) for finding in verdict.findings] == [("main.tf", 2)]
    assert "environments/dev not validated" in verdict.reason


def test_another_terraform_than_the_tree_asks_for_is_not_passed(mirror: Path, judge: Judge) -> None:
    verdict = judge({"main.tf": 'terraform {\n  required_version = ">= 99.0"\n}\n'})
    assert verdict.status is Status.NOT_RUN
    assert "does not support Terraform version" in verdict.reason


def test_without_a_network_the_first_folder_that_needs_it_speaks_for_all(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform_program()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("TF_REGISTRY_DISCOVERY_RETRY", "0")
    verdict = judge({f"environments/{name}/main.tf": VERSIONS + f"# {name}\n" for name in ("a", "b", "c", "d")})
    assert verdict.status is Status.NOT_RUN
    assert "environments/a, environments/b and 2 more not validated: init failed: " in verdict.reason
    assert "connection refused" in verdict.reason


def test_the_tree_is_not_changed(mirror: Path) -> None:
    tree = Tree((File("main.tf", VPC + "a"), File("ok/main.tf", VERSIONS)))
    before = sorted(tree.directory.rglob("*"))
    verify(tree)
    assert sorted(tree.directory.rglob("*")) == before
    tree.close()


def test_the_users_variables_and_arguments_do_not_reach_terraform(
    mirror: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_ARGS", "-no-such-flag")
    monkeypatch.setenv("TF_DATA_DIR", "/nowhere")
    monkeypatch.setenv("TF_WORKSPACE", "other")
    monkeypatch.setenv("TF_LOG", "trace")
    assert judge(MODULE).status is Status.PASSED


def test_a_configuration_file_that_is_not_there_is_left_out(fake: Callable[[str], Path], judge: Judge) -> None:
    os.environ["TF_CLI_CONFIG_FILE"] = "/not/there"
    fake('sys.exit("config" if "TF_CLI_CONFIG_FILE" in os.environ else "no config")')
    assert "and said: no config" in judge({"main.tf": VPC}).reason


def test_providers_are_fetched_once_into_our_own_cache_and_progress_is_told(
    mirror: Path, tmp_path: Path, judge: Judge
) -> None:
    told: list[str] = []
    tree = Tree((File("main.tf", VERSIONS),))
    assert verify(tree, progress=told.append).status is Status.PASSED
    assert verify(tree, progress=told.append).status is Status.PASSED
    tree.close()
    assert len(told) == 1
    (cache,) = (path for path in (tmp_path / "cache").iterdir() if path.is_dir())
    assert (cache / "registry.terraform.io/hashicorp/aws" / mirrored_version(mirror)).is_dir()


@pytest.mark.parametrize("by", ["environment", "configuration"])
def test_a_plugin_cache_of_the_users_is_used_instead_of_ours(
    by: str, mirror: Path, tmp_path: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    if by == "environment":
        monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", str(theirs))
    else:
        with Path(os.environ["TF_CLI_CONFIG_FILE"]).open("a") as configuration:
            configuration.write(f'plugin_cache_dir = "{theirs}"\n')
    assert judge({"main.tf": VERSIONS}).status is Status.PASSED
    assert [path.name for path in theirs.iterdir()] == ["registry.terraform.io"]
    assert not (tmp_path / "cache").exists()


def test_a_terraform_inside_the_target_is_not_run(
    fake: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake("open(os.path.join(os.path.dirname(sys.argv[0]), 'ran'), 'w')")
    monkeypatch.setenv("PATH", str(program.parent))
    tree = Tree((File("main.tf", VPC),))
    verdict = verify(tree, target=tmp_path)
    tree.close()
    assert (verdict.status, verdict.reason) == (Status.NOT_RUN, "neither terraform nor tofu is on PATH")
    assert not (program.parent / "ran").exists()


def test_a_tree_without_terraform_files_is_not_passed(judge: Judge) -> None:
    terraform_program()
    assert judge({"README.md": "# nothing\n"}).reason == "no Terraform files"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("time.sleep(600)", "terraform did not end within 2 s and was stopped"),
        ("os.abort()", "fmt -check failed: it ended with code -6"),
        ("arguments[0] == 'fmt' or time.sleep(600)", "not validated: init failed: terraform did not end within 2 s"),
        ("arguments[0] == 'init' and os.abort()", "not validated: init failed: it ended with code -6"),
        ("arguments[0] == 'init' and (print('7'), sys.exit(1))", "init failed: it ended with code 1 and said: 7"),
        ("arguments[0] == 'validate' and print('garbage')", "not validated: validate failed: it ended with code 0"),
        ("arguments[0] == 'validate' and print('[]')", "not validated: validate failed: it ended with code 0"),
        ("arguments[0] == 'validate' and (print('{\"valid\": true}'), sys.exit(9))", "it ended with code 9"),
    ],
)  # fmt: skip
def test_a_misbehaving_terraform_is_never_passed(
    script: str, reason: str, fake: Callable[[str], Path], judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terraform, "SECONDS", 2)
    fake(f"arguments[0] == 'version' and sys.exit(0)\n{script}")
    verdict = judge({"main.tf": VPC})
    assert verdict.status is Status.NOT_RUN
    assert reason in verdict.reason


def test_folders_with_the_same_content_are_validated_once() -> None:
    files = [File(f"environments/{name}/main.tf", CALL) for name in ("prod", "dev")]
    files += [File(path, text) for path, text in MODULE.items()]
    files += [File("other/environments/dev/main.tf", CALL), File("modules/x/.terraform/main.tf", VPC)]
    assert folders_of(files) == ["environments/dev", "modules/network", "other/environments/dev"]


def test_a_module_whose_caller_passes_providers_is_not_validated_alone() -> None:
    aliased = VERSIONS.replace(">= 5.0", "x").replace('"x"\n', '"x"\n      configuration_aliases = [aws.other]\n')
    assert folders_of([File("modules/peer/main.tf", aliased), File("main.tf", VPC)]) == ["."]


def test_two_processes_fill_the_plugin_cache_one_after_the_other(mirror: Path, tmp_path: Path) -> None:
    code = (
        "import sys, json\n"
        "from scaffold.files import File\n"
        "from scaffold.verify.terraform import verify\n"
        "from scaffold.verify.verdict import Tree\n"
        "print(verify(Tree((File('main.tf', json.load(sys.stdin)),))).status)\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(json.dumps(VERSIONS))
        process.stdin.close()
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.read().strip() == "passed"
        assert process.wait() == 0
