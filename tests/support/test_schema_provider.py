import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import wait_for_end
from tests.support.schema_provider import schema_mirror, terraform_env

ROOT = Path(__file__).parent.parent.parent

CONFIGURATION = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.24"
    }
    archive = {
      source = "hashicorp/archive"
    }
  }
}

data "archive_file" "this" {
  type        = "zip"
  output_path = "x.zip"
  source_dir  = "x"
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "this" {
  vpc_id       = aws_vpc.this.id
  traffic_type = "ALL"
}
"""
TEST = """\
mock_provider "archive" {}

mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = {
      arn = "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-1"
    }
  }
}

run "applies" {
  assert {
    condition     = endswith(aws_vpc.this.arn, "vpc-1")
    error_message = "The mock's default is the computed attribute's value."
  }

  assert {
    condition     = aws_flow_log.this.log_format != null && aws_flow_log.this.eni_id == null
    error_message = "What is optional and computed gets a value, what is only optional stays null."
  }
}

run "plans" {
  command = plan
}
"""


@pytest.fixture(scope="module", params=[True, False], ids=["attached", "started"])
def project(request, tmp_path_factory):
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    folder = tmp_path_factory.mktemp("project")
    (folder / "main.tf").write_text(CONFIGURATION)
    (folder / "main.tftest.hcl").write_text(TEST)
    environment = terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema"), attached=request.param)

    def run(*arguments):
        command = ["terraform", *arguments, "-no-color"]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    assert run("init", "-backend=false").returncode == 0
    return run


def test_terraform_takes_the_providers_from_the_mirror_and_validates(project):
    ran = project("validate", "-json")
    assert json.loads(ran.stdout)["valid"], ran.stdout


def test_mocked_tests_run_and_computed_attributes_are_mocked(project):
    ran = project("test")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed, 0 failed" in ran.stdout


def test_the_schema_that_terraform_reads_back_is_the_shipped_one(project):
    schemas = json.loads(project("providers", "schema", "-json").stdout)["provider_schemas"]
    aws = schemas["registry.terraform.io/hashicorp/aws"]["resource_schemas"]
    assert len(aws) > 300
    block = aws["aws_eks_cluster"]["block"]
    assert block["attributes"]["role_arn"] == {"type": "string", "description_kind": "plain", "required": True}
    assert block["block_types"]["vpc_config"]["min_items"] == 1
    assert block["block_types"]["vpc_config"]["max_items"] == 1


def test_providers_that_are_attached_to_end_with_the_process_that_asked_for_them(tmp_path):
    program = (
        "import json, sys; from pathlib import Path; from tests.support.schema_provider import *\n"
        "print(terraform_env(schema_mirror(Path(sys.argv[1])))['TF_REATTACH_PROVIDERS'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    providers = json.loads(ran.stdout)
    assert set(providers) == {"registry.terraform.io/hashicorp/archive", "registry.terraform.io/hashicorp/aws"}
    wait_for_end([provider["Pid"] for provider in providers.values()])


def test_the_mirror_is_built_once_for_a_folder(tmp_path):
    first = schema_mirror(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*")}
    assert schema_mirror(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in first.rglob("*")} == before


def test_the_environment_names_the_mirror_and_no_other_source(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_CLI_ARGS", "-foo")
    monkeypatch.setenv("AWS_PROFILE", "mine")
    environment = terraform_env(schema_mirror(tmp_path))
    assert "TF_CLI_ARGS" not in environment
    assert "AWS_PROFILE" not in environment
    text = Path(environment["TF_CLI_CONFIG_FILE"]).read_text(encoding="utf-8")
    assert str(tmp_path) in text
    assert "direct" not in text
