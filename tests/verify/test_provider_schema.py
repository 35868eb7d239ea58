import shutil
import subprocess

import pytest

from scaffold.files import File
from scaffold.verify import provider_schema
from scaffold.verify.verdict import Status, Tree
from tests.support.schema_provider import schema_mirror, terraform_env

ROOT = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.24"
    }
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { Owner = "us" }
  }
}

module "network" {
  source = "./modules/network"
  cidr   = "10.0.0.0/16"
}

resource "aws_lambda_capacity_provider" "this" {
  name = "workers"

  vpc_config {
    subnet_ids         = module.network.subnet_ids
    security_group_ids = [aws_security_group.lambda["a"].id]
  }

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.operator.arn
  }

  capacity_provider_scaling_config {
    scaling_mode   = "Auto"
    max_vcpu_count = 64
  }

  tags = { Name = "workers" }
}

resource "aws_security_group" "lambda" {
  for_each = toset(["a"])
  name     = "lambda-${each.key}"
  vpc_id   = module.network.vpc_id

  dynamic "egress" {
    for_each = { https = 443 }

    content {
      from_port   = egress.value
      to_port     = egress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [description]
  }
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "operator" {
  name               = "operator"
  description        = "Of ${data.aws_caller_identity.current.account_id}."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_eks_cluster" "this" {
  name     = "main"
  role_arn = aws_iam_role.operator.arn

  access_config {
    authentication_mode = "API"
  }

  vpc_config {
    subnet_ids = [for id in module.network.subnet_ids : id]
  }
}

output "security_group" {
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  description = "The cluster's own."
}
"""
NETWORK = """\
variable "cidr" {
  type        = string
  description = "The address range."

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "Not a CIDR."
  }
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
}

resource "aws_subnet" "this" {
  count      = 2
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 4, count.index)
}

output "subnet_ids" {
  value = aws_subnet.this[*].id
}

output "vpc_id" {
  value = aws_vpc.this.id
}
"""
MISTAKES = [
    # what is replaced, by what, the rule, words of the message or mend, whether Terraform sees it too
    ("max_vcpu_count =", "max_vcpus =", "unknown-argument", "`max_vcpu_count`", True),
    ("assume_role_policy =", "asume_role_policy =", "unknown-argument", "`assume_role_policy`", True),
    ('  name               = "operator"', '  nmae               = "operator"', "unknown-argument", "`name`", True),
    ("cidr_block = var.cidr\n", "cidr_blok = var.cidr\n", "unknown-argument", "`cidr_block`", True),
    ("  access_config {", "  acess_config {", "unknown-block", "`access_config`", True),
    ("    principals {", "    principal {", "unknown-block", "`principals`", True),
    (
        "  vpc_config {\n    subnet_ids = [f",
        "  vpc_config = {\n    subnet_ids = [f",
        "unknown-argument",
        "is a block",
        True,
    ),
    ('  tags = { Name = "workers" }', '  tags {\n    Name = "workers"\n  }', "unknown-block", "Write `tags = …`", True),
    ('  name = "workers"\n', "", "missing-argument", "`name` is required", True),
    ("  role_arn = aws_iam_role.operator.arn\n", "", "missing-argument", "`role_arn` is required", True),
    ('  name     = "main"\n', "  name     = null\n", "missing-argument", "`name` is required", False),
    ("    capacity_provider_operator_role_arn = aws_iam_role.operator.arn\n", "", "missing-argument", "operator", True),
    (
        "  vpc_config {\n    subnet_ids = [for id in module.network.subnet_ids : id]\n  }\n",
        "",
        "missing-block",
        "vpc",
        True,
    ),
    ("  access_config {\n", "  access_config {\n  }\n\n  access_config {\n", "too-many-blocks", "may have 1", True),
    ('  name = "workers"\n', '  name = "workers"\n  arn  = "x"\n', "computed-argument", "set by the provider", False),
    ("max_vcpu_count = 64", 'max_vcpu_count = "many"', "wrong-type", "a number is wanted", True),
    ('tags = { Name = "workers" }', 'tags = ["workers"]', "wrong-type", "a map of string", True),
    ('actions = ["sts:AssumeRole"]', 'actions = "sts:AssumeRole"', "wrong-type", "a set of string", True),
    ("create_before_destroy = true", 'create_before_destroy = "maybe"', "wrong-type", "a bool", True),
    (
        "aws_iam_role.operator.arn\n  }",
        "aws_iam_role.oprator.arn\n  }",
        "dangling-reference",
        "`aws_iam_role.operator`",
        True,
    ),
    ("policy_document.trust.json", "policy_document.trusts.json", "dangling-reference", "no data source", True),
    (
        "condition     = can(cidrhost(var.cidr",
        "condition     = can(cidrhost(var.cdr",
        "dangling-reference",
        "var.cdr",
        True,
    ),
    ("vpc_id   = module.network.vpc_id", "vpc_id   = local.vpc_id", "dangling-reference", "no such local value", True),
    ("vpc_id   = module.network.vpc_id", "vpc_id   = module.net.vpc_id", "dangling-reference", "`network`", True),
    ("vpc_id   = module.network.vpc_id", "vpc_id   = module.network.vpcid", "unknown-output", "`vpc_id`", True),
    ("vpc_id     = aws_vpc.this.id", "vpc_id     = aws_vpc.this.vpc_id", "unknown-attribute", "`aws_vpc.this`", True),
    ("vpc_config[0].cluster_sec", "vpc_config.cluster_sec", "unknown-attribute", "is a list", True),
    ("vpc_config[0].cluster_sec", "vpc_config[0].cluser_sec", "unknown-attribute", "`cluster_security", True),
    (
        "aws_caller_identity.current.account_id",
        "aws_caller_identity.current.account",
        "unknown-attribute",
        "account_id",
        True,
    ),
    ('aws_security_group.lambda["a"].id', "aws_security_group.lambda.id", "instance-key", "`for_each`", True),
    ("aws_subnet.this[*].id", "aws_subnet.this.id", "instance-key", "`count`", True),
    ("value = aws_vpc.this.id", "value = aws_vpc.this[0].id", "instance-key", "neither", True),
    ("lambda-${each.key}", "lambda-${count.index}", "dangling-reference", "needs `count`", True),
    ("= egress.value\n      to", "= ingress.value\n      to", "dangling-reference", "ingress", True),
    (
        "ignore_changes        = [description]",
        "ignore_changes        = [descripton]",
        "unknown-attribute",
        "description",
        True,
    ),
    ("cidrsubnet(var.cidr, 4", "cidersubnet(var.cidr, 4", "unknown-function", "`cidrsubnet`", True),
    ('  cidr   = "10.0.0.0/16"\n', "", "missing-input", "`cidr`", True),
    ('  cidr   = "10.0.0.0/16"\n', '  cidr   = "10.0.0.0/16"\n  cidrs  = 1\n', "unknown-input", "`cidr`", True),
    ('resource "aws_vpc" "this"', 'resource "aws_vcp" "this"', "unknown-type", "`aws_vpc`", True),
    (
        'variable "cidr" {',
        'variable "unused" {\n  default = 1\n}\n\nvariable "cidr" {',
        "unused-variable",
        "unused",
        False,
    ),
    ("  default_tags {", "  default_tag {", "unknown-block", "`default_tags`", True),
    ("lambda-${each.key}", "lambda-${each.kee}", "unknown-attribute", "`key`", True),
    ("  type        = string", "  type        = strng", "wrong-type", "`string`", True),
    ('      version = ">= 6.24"', '      verson  = ">= 6.24"', "unknown-argument", "`version`", True),
    ('source  = "hashicorp/aws"', 'source  = "hahicorp/aws"', "provider-source", "`hashicorp/aws`", True),
    ("  required_providers {", "  required_provider {", "unknown-block", "required_provider", True),
    # the schema-serving provider knows no value rules, and the real one leaves most of them to the apply
    ('scaling_mode   = "Auto"', 'scaling_mode   = "auto"', "api-rule", "none of Auto, Manual", False),
    ("max_vcpu_count = 64", "max_vcpu_count = 1", "api-rule", "less than 2", False),
    ("max_vcpu_count = 64", "max_vcpu_count = 15001", "api-rule", "more than 15000", False),
    ('name = "workers"\n', 'name = "my workers"\n', "api-rule", "does not match", False),
    ('[aws_security_group.lambda["a"].id]', '["a", "b", "c", "d", "e", "f"]', "api-rule", "6 items", False),
    ('authentication_mode = "API"', 'authentication_mode = "IAM"', "api-rule", "none of API", False),
]


ONLY_TERRAFORM = [
    # it evaluates expressions, knows what functions return, and what is inside a variable
    ("cidrsubnet(var.cidr, 4, count.index)", "cidrsubnets(var.cidr, 4, count.index)"),
    ("  cidr_block = var.cidr\n", "  cidr_block = var.cidr.range\n"),
]


def tree(root=ROOT, network=NETWORK):
    return Tree((File("main.tf", root), File("modules/network/main.tf", network)))


def mistaken(old, new):
    assert (ROOT + NETWORK).count(old) == 1, f"{old!r} is not there exactly once"
    return ROOT.replace(old, new), NETWORK.replace(old, new)


def ids(mistake):
    old, new, rule, *_ = mistake
    return f"{rule}: {new.strip().splitlines()[0] if new.strip() else 'without ' + old.split()[0]}"


def test_a_good_tree_passes_and_says_what_was_verified():
    verdict = provider_schema.verify(tree())
    assert verdict.findings == ()
    assert verdict.status is Status.PASSED
    assert verdict.reason.endswith("against the schema of AWS provider 6.69.1")
    assert verdict.reason.startswith("27 blocks, 43 arguments and 19 references ")


@pytest.mark.parametrize("mistake", MISTAKES, ids=ids)
def test_a_seeded_mistake_is_found_with_its_rule_and_what_to_do(mistake):
    old, new, rule, words, _ = mistake
    verdict = provider_schema.verify(tree(*mistaken(old, new)))
    told = [finding for finding in verdict.findings if finding.rule == rule]
    assert told, verdict.findings
    assert any(words in f"{finding.message} {finding.mend}" for finding in told)
    assert all(finding.file and finding.line for finding in told)


@pytest.fixture(scope="module")
def initialised(tmp_path_factory):
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    folder = tmp_path_factory.mktemp("agreement")
    environment = terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema"))
    write(folder, ROOT, NETWORK)
    subprocess.run(
        ["terraform", "init", "-backend=false"], cwd=folder, env=environment, check=True, capture_output=True
    )
    return folder, environment


def write(folder, root, network):
    (folder / "modules/network").mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(root)
    (folder / "modules/network/main.tf").write_text(network)


def validate(folder, environment):
    command = ["terraform", "validate", "-no-color"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_terraform_agrees_that_the_good_tree_is_good(initialised):
    folder, environment = initialised
    write(folder, ROOT, NETWORK)
    ran = validate(folder, environment)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("mistake", MISTAKES, ids=ids)
def test_terraform_validate_against_the_same_schema_agrees(mistake, initialised):
    folder, environment = initialised
    old, new, _, _, seen = mistake
    write(folder, *mistaken(old, new))
    ran = validate(folder, environment)
    assert (ran.returncode != 0) is seen, ran.stdout + ran.stderr


@pytest.mark.parametrize("replaced", ONLY_TERRAFORM)
def test_what_only_terraform_sees_passes_here_and_fails_there(replaced, initialised):
    folder, environment = initialised
    root, network = mistaken(*replaced)
    write(folder, root, network)
    assert provider_schema.verify(tree(root, network)).findings == ()
    assert validate(folder, environment).returncode != 0


def test_a_type_this_edition_does_not_carry_is_named_as_unverified_and_is_no_finding():
    text = 'resource "aws_quicksight_folder" "x" {}\nresource "random_id" "x" {}\ndata "aws_ebs_snapshot" "x" {}\n'
    verdict = provider_schema.verify(Tree((File("main.tf", text),)))
    assert verdict.status is Status.PASSED
    assert verdict.reason.endswith("; not verified: aws_quicksight_folder, data.aws_ebs_snapshot, random_id")


def test_a_tree_without_terraform_is_not_verified_rather_than_passed():
    assert provider_schema.verify(Tree((File("README.md", "x"),))).status is Status.NOT_RUN


def test_tests_of_a_module_are_checked_against_it_and_mocks_against_the_schema():
    test = """\
mock_provider "aws" {
  mock_resource "aws_vpc" {
    defaults = {
      arnn = "x"
    }
  }
}

variables {
  cidr = "10.0.0.0/16"
}

run "good" {
  command = plan

  assert {
    condition     = aws_vpc.this.cidr_block == var.cidr && output.vpc_id != "" && run.good.vpc_id != ""
    error_message = "No."
  }
}

run "bad" {
  expect_failures = [var.cdr]

  assert {
    condition     = aws_vpc.this.cidr == output.vpc
    error_message = "No."
  }
}
"""
    files = (File("modules/network/main.tf", NETWORK), File("modules/network/tests/a.tftest.hcl", test))
    found = provider_schema.verify(Tree(files)).findings
    assert [(finding.rule, finding.line) for finding in found] == [
        ("unknown-attribute", 2),
        ("dangling-reference", 23),
        ("unknown-attribute", 26),
        ("dangling-reference", 26),
    ]


def test_an_argument_that_is_a_list_of_objects_names_every_key_unless_it_is_written_as_a_block():
    text = ROOT.replace(
        '  capacity_provider_scaling_config {\n    scaling_mode   = "Auto"\n    max_vcpu_count = 64\n  }\n',
        '  capacity_provider_scaling_config = [{ scaling_mode = "Auto", max_vcpu_count = 64 }]\n',
    )
    assert text != ROOT
    (finding,) = provider_schema.verify(tree(text)).findings
    assert (finding.rule, "`scaling_policies` is missing" in finding.message) == ("wrong-type", True)


def test_the_names_of_a_module_that_does_not_parse_are_not_judged():
    verdict = provider_schema.verify(tree(network=NETWORK + "locals {\n"))
    assert verdict.findings == ()
    assert verdict.reason.endswith("; not verified: the names in modules/network")


def test_broken_files_and_odd_blocks_raise_nothing():
    texts = [
        "resource {\n}\n",
        'resource "a" {\n}\n',
        "module {\n}\n",
        "variable {\n}\n",
        "x = (\n",
        "locals { a = var }\n",
    ]
    texts += [
        'resource "aws_vpc" "x" {\n  dynamic {\n  }\n}\n',
        "output {\n  value = aws_vpc[0]\n}\n",
        "provider {\n}\n",
    ]
    for text in texts:
        provider_schema.verify(Tree((File("main.tf", text),)))
