"""S1 to S5, on what scaffold renders, whole and broken, and on pieces of repositories found in the wild."""

from collections.abc import Mapping

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions import s1, s2, s3, s4, s5
from scaffold.opinions.opinion import Opinion, Status
from scaffold.render.module import publishable, render_module
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset, project, with_text

OPINIONS: tuple[Opinion, ...] = tuple(module.OPINION for module in (s1, s2, s3, s4, s5))

PRESETS = ("eks-auto-dev", "eks-auto-prod", "lmi-private", "lmi-steady", "network-only", "platform")


def found(files: tuple[File, ...], only: str = "") -> list[tuple[str, str, str]]:
    facts = facts_of(repository_of(files))
    return [
        (opinion.id, str(each.status), f"{each.place.file}:{each.place.line} {each.message}")
        for opinion in OPINIONS
        if only in ("", opinion.id)
        for each in opinion.judge(facts)
    ]


def faults(files: tuple[File, ...]) -> list[tuple[str, str, str]]:
    return [each for each in found(files) if each[1] != Status.KEPT]


def of(only: str, texts: Mapping[str, str] | str) -> list[tuple[str, str]]:
    """Return the status and the place of all that one opinion says of some files, or of one `main.tf`."""
    files = {"main.tf": texts} if isinstance(texts, str) else texts
    judged = found(tuple(File(path, text) for path, text in files.items()), only)
    return [(status, said.partition(" ")[0]) for _, status, said in judged]


def statuses(only: str, texts: Mapping[str, str] | str) -> list[str]:
    return [status for status, _ in of(only, texts)]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_keeps_every_opinion(name: str) -> None:
    files = preset(name).files
    assert faults(files) == []
    assert {each for each, _, _ in found(files)} == {opinion.id for opinion in OPINIONS}


@pytest.mark.parametrize("name", publishable())
def test_a_module_for_others_needs_no_backend_nor_tags_of_its_own(name: str) -> None:
    capacity = [] if name == "network" else [name]
    answers = {"environments": {"dev": {}}, "capacity": capacity, "lmi": {"max_vcpu_count": 16}}
    files = render_module(name, project(answers=answers)).files
    assert faults(files) == []
    assert {each for each, _, _ in found(files)} <= {"S4"}


PROD = "environments/prod"
BUCKET = "bootstrap/main.tf"
MUTATIONS = [
    ("S1", f"{PROD}/backend.tf", "encrypt      = true", "encrypt      = false"),
    ("S1", f"{PROD}/backend.tf", "use_lockfile = true", 'dynamodb_table = "locks"'),
    ("S1", f"{PROD}/backend.tf", '    region       = "us-east-1"\n', ""),
    ("S1", f"{PROD}/backend.tf", 'backend "s3"', 'backend "local"'),
    ("S1", BUCKET, '"aws_s3_bucket_versioning" "state"', '"aws_s3_bucket_metric" "state"'),
    ("S1", BUCKET, 'status = "Enabled"', 'status = "Suspended"'),
    ("S1", BUCKET, "block_public_policy     = true", "block_public_policy     = false"),
    ("S1", BUCKET, "aws:SecureTransport", "aws:PrincipalArn"),
    ("S1", BUCKET, 'effect    = "Deny"', 'effect    = "Allow"'),
    ("S1", BUCKET, '"aws_s3_bucket_server_side_encryption_configuration"', '"aws_s3_bucket_metric"'),
    ("S2", f"{PROD}/providers.tf", "      CostCenter  = var.cost_center\n", ""),
    ("S2", f"{PROD}/providers.tf", "default_tags", "ignore_tags"),
    ("S3", f"{PROD}/versions.tf", '"~> 6.', '">= 6.'),
    ("S3", f"{PROD}/versions.tf", "aws = {", "awscc = {"),
    ("S3", ".gitignore", "modules/*/.terraform.lock.hcl", ".terraform.lock.hcl"),
    ("S4", "modules/network/flow_logs.tf", ": in a key policy * is the key itself", ""),
]  # fmt: skip


@pytest.mark.parametrize(("opinion", "path", "old", "new"), MUTATIONS, ids=lambda each: str(each)[:30])
def test_a_change_for_the_worse_breaks_its_own_opinion_alone(opinion: str, path: str, old: str, new: str) -> None:
    files = preset("eks-auto-prod").files
    (whole,) = (file for file in files if file.path == path)
    assert old in whole.text
    worse = tuple(with_text(file, file.text.replace(old, new, 1)) if file is whole else file for file in files)
    assert {each[:2] for each in faults(worse)} == {(opinion, "broken")}
    assert all(place.startswith(path.rpartition("/")[0]) for _, _, place in faults(worse))


@pytest.mark.parametrize("path", ["README.md", ".pre-commit-config.yaml", ".github/workflows/terraform.yml"])
def test_a_repository_without_what_work_needs_breaks_s5(path: str) -> None:
    files = tuple(file for file in preset("eks-auto-prod").files if file.path != path)
    assert {each[:2] for each in faults(files)} == {("S5", "broken")}


BACKEND = s1.OPINION.good["environments/prod/backend.tf"]
PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'


class TestS1:
    def test_a_root_module_without_a_backend_keeps_its_state_in_a_file(self) -> None:
        assert of("S1", PROVIDER) == [("broken", "main.tf:1")]

    @pytest.mark.parametrize("path", ["examples/complete/main.tf", "modules/vpc/tests/setup/main.tf"])
    def test_examples_and_tests_need_none(self, path: str) -> None:
        assert of("S1", {path: PROVIDER}) == []

    def test_what_is_given_when_it_is_initialised_is_unknown(self) -> None:
        assert statuses("S1", 'terraform {\n  backend "s3" {}\n}\n') == ["unknown"]

    def test_a_backend_that_terragrunt_or_a_broken_file_may_write_is_unknown(self) -> None:
        assert statuses("S1", {"main.tf": PROVIDER, "terragrunt.hcl": "inputs = {}\n"}) == ["unknown"]
        assert statuses("S1", {"main.tf": PROVIDER, "backend.tf": "terraform {\n"}) == ["unknown"]

    def test_a_module_from_a_registry_cannot_hold_the_backend(self) -> None:
        call = 'module "queue" {\n  source = "acme/queue/aws"\n}\n'
        assert statuses("S1", PROVIDER + call) == ["broken"]
        assert statuses("S1", PROVIDER + call.replace("acme/queue", "acme/tfstate-backend")) == ["unknown"]

    @pytest.mark.parametrize(
        ("version", "status"), [(">= 1.5", "kept"), (">= 1.10", "broken"), ("~> 1.11.0", "broken")]
    )
    def test_dynamodb_locks_only_what_an_older_terraform_may_apply(self, version: str, status: str) -> None:
        text = BACKEND.replace("use_lockfile = true", 'dynamodb_table = "locks"')
        text = text.replace("terraform {\n", f'terraform {{\n  required_version = "{version}"\n', 1)
        assert statuses("S1", text) == [status]

    @pytest.mark.parametrize(("block", "status"), [("cloud {\n  }", "kept"), ('backend "gcs" {\n  }', "unknown")])
    def test_other_remote_state_is_told_apart(self, block: str, status: str) -> None:
        assert statuses("S1", f"terraform {{\n  {block}\n}}\n") == [status]

    def test_two_root_modules_that_write_one_state_break_it(self) -> None:
        both = {"network/main.tf": BACKEND, "cluster/main.tf": BACKEND}
        assert of("S1", both) == [("broken", "cluster/main.tf:4"), ("broken", "network/main.tf:4")]

    def test_production_and_development_in_one_bucket_break_it(self) -> None:
        both = {"prod/main.tf": BACKEND, "dev/main.tf": BACKEND.replace("prod/shop", "dev/shop")}
        assert of("S1", both) == [("broken", "dev/main.tf:3"), ("broken", "prod/main.tf:3")]

    def test_the_stack_that_makes_the_bucket_begins_with_local_state(self) -> None:
        bucket = 'resource "aws_s3_bucket" "this" {\n  bucket = "shop-prod-tfstate"\n}\n'
        found = of("S1", {"prod/main.tf": BACKEND, "bootstrap/main.tf": PROVIDER + bucket})
        assert ("kept", "bootstrap/main.tf:1") in found
        assert [each for each in found if each[0] == "broken"] == [("broken", "bootstrap/main.tf:4")] * 4

    def test_a_bucket_for_something_else_is_not_judged(self) -> None:
        bucket = 'resource "aws_s3_bucket" "estate" {\n  bucket = "real-estate-states-and-statements"\n}\n'
        assert of("S1", bucket) == []

    def test_the_protections_of_a_bucket_nobody_can_tell_are_unknown(self) -> None:
        bucket = 'resource "aws_s3_bucket" "tfstate" {\n  bucket = var.name\n}\nvariable "name" {}\n'
        versioning = 'resource "aws_s3_bucket_versioning" "x" {\n  bucket = var.other\n}\nvariable "other" {}\n'
        assert sorted(statuses("S1", bucket + versioning)) == ["broken"] * 3 + ["unknown"]

    @pytest.mark.parametrize(
        "policy",
        [
            'jsonencode({ Statement = { Effect = "Deny", Condition = { Bool = { "aws:SecureTransport" = false } } } })',
            '"{\\"Statement\\":[{\\"Effect\\":\\"Deny\\",\\"Condition\\":{\\"Bool\\":{\\"aws:SecureTransport\\":\\"false\\"}}}]}"',
        ],
    )
    def test_a_policy_is_read_however_it_is_written(self, policy: str) -> None:
        bucket = 'resource "aws_s3_bucket" "tfstate" {\n  bucket = "b"\n}\n'
        of_bucket = (
            f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = aws_s3_bucket.tfstate.id\n  policy = {policy}\n}}\n'
        )
        assert len(statuses("S1", bucket)) == 4
        assert len(statuses("S1", bucket + of_bucket)) == 3


class TestS2:
    def test_keys_count_in_any_spelling(self) -> None:
        good = s2.OPINION.good["environments/prod/providers.tf"]
        other = good.replace("CostCenter ", "cost-center").replace("ManagedBy  ", '"acme:managed_by"')
        assert statuses("S2", other) == ["kept"]

    @pytest.mark.parametrize("tags", ["var.tags", 'merge(var.tags, { Owner = "a" })'])
    def test_tags_that_nobody_can_tell_are_unknown(self, tags: str) -> None:
        text = f'variable "tags" {{}}\nprovider "aws" {{\n  default_tags {{\n    tags = {tags}\n  }}\n}}\n'
        assert of("S2", text) == [("unknown", "main.tf:4")]

    def test_an_aliased_provider_needs_default_tags_too(self) -> None:
        good = s2.OPINION.good["environments/prod/providers.tf"]
        assert statuses("S2", good + 'provider "aws" {\n  alias = "us"\n}\n') == ["kept", "broken"]

    def test_other_providers_have_none(self) -> None:
        assert of("S2", 'provider "google" {\n}\n') == []


class TestS3:
    @pytest.mark.parametrize(
        ("version", "status"),
        [
            *(("~> 6.24", "kept"), ("~> 6.24.1", "kept"), ("6.24.0", "kept"), (">= 6.24, < 7.0", "kept")),
            *(
                (">= 5.0", "broken"),
                ("~> 6", "broken"),
                (">= 5.0, < 7.0", "broken"),
                ("< 7.0", "broken"),
                ("", "broken"),
            ),
        ],
    )
    def test_a_constraint_has_to_name_a_minor_version_of_one_major(self, version: str, status: str) -> None:
        good = s3.OPINION.good["versions.tf"]
        assert statuses("S3", good.replace("~> 6.24", version)) == [status]

    def test_a_module_may_take_any_later_version(self) -> None:
        module = s3.OPINION.good["versions.tf"].replace("~> 6.24", ">= 6.0").replace(PROVIDER, "")
        root = s3.OPINION.good["versions.tf"] + 'module "m" {\n  source = "./m"\n}\n'
        assert statuses("S3", {"main.tf": root, "m/versions.tf": module}) == ["kept"]

    def test_a_provider_that_is_used_without_a_requirement_breaks_it(self) -> None:
        used = 'resource "random_id" "x" {\n}\nresource "terraform_data" "y" {\n}\n'
        assert statuses("S3", s3.OPINION.good["versions.tf"] + used) == ["broken"]

    @pytest.mark.parametrize(
        ("source", "status"),
        [
            ('"terraform-aws-modules/vpc/aws"', "broken"),
            ('"terraform-aws-modules/vpc/aws"\n  version = ">= 5.0"', "broken"),
            ('"terraform-aws-modules/vpc/aws"\n  version = "~> 5.0"', "kept"),
            ('"app.terraform.io/acme/vpc/aws//modules/x"\n  version = "1.2.3"', "kept"),
            ('"git::https://example.com/vpc.git"', "broken"),
            ('"git::https://example.com/vpc.git?ref=main"', "broken"),
            ('"git::ssh://git@example.com/vpc.git//m?depth=1&ref=v1.2.0"', "kept"),
            ('"github.com/acme/vpc"', "broken"),
        ],
    )
    def test_a_module_from_elsewhere_has_to_be_pinned(self, source: str, status: str) -> None:
        assert statuses("S3", f'module "m" {{\n  source = {source}\n}}\n') == [status]

    @pytest.mark.parametrize(
        "source", ["./m", "../m", "s3::https://s3.amazonaws.com/b/m.zip", "https://example.com/m.zip"]
    )
    def test_other_sources_have_no_version(self, source: str) -> None:
        assert of("S3", f'module "m" {{\n  source = "{source}"\n}}\n') == []

    @pytest.mark.parametrize(
        ("path", "line", "status"),
        [
            (".gitignore", "*.hcl", "broken"),
            (".gitignore", ".terraform*", "broken"),
            ("live/.gitignore", "/prod/.terraform.lock.hcl", "broken"),
            (".gitignore", ".terraform/", "kept"),
            (".gitignore", "# .terraform.lock.hcl", "kept"),
            (".gitignore", "*.hcl\n!.terraform.lock.hcl", "kept"),
            ("other/.gitignore", "*.hcl", "kept"),
        ],
    )
    def test_the_lock_file_must_not_be_ignored(self, path: str, line: str, status: str) -> None:
        files = {"live/prod/versions.tf": s3.OPINION.good["versions.tf"], path: f"*.tfstate\n{line}\n"}
        found = of("S3", files)
        assert [each[0] for each in found] == [status]
        if status == "broken":
            assert found == [("broken", f"{path}:2")]


class TestS4:
    @pytest.mark.parametrize(
        ("comment", "status"),
        [
            ("#checkov:skip=CKV_AWS_18", "broken"),
            ("#checkov:skip=CKV_AWS_18:", "broken"),
            ("#checkov:skip=CKV_AWS_18:nobody reads it", "kept"),
            ("# tfsec:ignore:aws-s3-enable-bucket-logging", "broken"),
            ("# tfsec:ignore:aws-s3-enable-bucket-logging:exp:2027-01-01", "broken"),
            ("# tfsec:ignore:aws-s3-enable-bucket-logging nobody reads it", "kept"),
            ("# Nobody reads it\n  # tfsec:ignore:aws-s3-enable-bucket-logging", "kept"),
            ("# trivy:ignore:AVD-AWS-0089", "broken"),
            ("# trivy:ignore:AVD-AWS-0089\n  # trivy:ignore:AVD-AWS-0090", "broken"),
            ("# tflint-ignore: aws_instance_invalid_type", "broken"),
            ("# tflint-ignore: aws_instance_invalid_type // newer than tflint", "kept"),
            ("#nosec", "broken"),
            ("# the ignored part of the name", None),
        ],
    )
    def test_a_suppression_says_why_beside_it(self, comment: str, status: str | None) -> None:
        text = f'resource "aws_s3_bucket" "b" {{\n  {comment}\n  bucket = "b"\n}}\n'
        assert set(statuses("S4", text)) == ({status} if status else set())

    @pytest.mark.parametrize(("value", "status"), [("CKV_K8S_8", "broken"), ("CKV_K8S_8=it has no port", "kept")])
    def test_a_suppression_of_a_kubernetes_object_says_why(self, value: str, status: str) -> None:
        text = (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n"
            f"    checkov.io/skip1: {value}\nspec: {{}}\n"
        )
        assert of("S4", {"k8s/pod.yaml": text}) == [(status, "k8s/pod.yaml:6")]


def test_a_repository_without_terraform_that_is_applied_is_not_asked_for_a_readme() -> None:
    assert of("S5", 'variable "name" {}\n') == []


@pytest.mark.parametrize(
    "text",
    [
        'terraform {\n  backend "s3" {\n    bucket = [1]\n    key = null\n    region = {}\n  }\n}\n',
        'terraform {\n  backend "s3" {\n    bucket = "a"\n    key = 7\n    encrypt = "yes"\n  }\n}\n',
        'terraform {\n  backend {\n  }\n  required_version = [1]\n  required_providers {\n    aws = [1]\n  }\n}\n',
        'terraform {\n  required_version = "~> ~> 99999999999999"\n}\nprovider "aws" {\n  default_tags {\n  }\n}\n',
        'provider "aws" {\n  default_tags {\n    tags = [1]\n  }\n}\nprovider {\n}\n',
        'module "m" {\n  source = [1]\n  version = 3\n}\nmodule "n" {\n  source = var.x\n}\nmodule {\n}\n',
        'module "m" {\n  source = "a/b/c"\n  version = ",,,>"\n}\n',
        'resource "aws_s3_bucket" "tfstate" {\n  bucket = null\n  policy = 3\n  versioning = [1]\n}\n'
        'resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.tfstate\n  policy = [1]\n}\n',
        "# checkov:skip=\n# tfsec:ignore:\n/* trivy:ignore:*/ locals {}\n",
    ],
)  # fmt: skip
def test_odd_text_is_judged_without_an_error(text: str) -> None:
    files = (File("main.tf", text + PROVIDER), File(".gitignore", "[\n!\n/\n**/**/**\n"))
    assert {status for _, status, _ in found(files)} <= {"kept", "broken", "unknown"}
