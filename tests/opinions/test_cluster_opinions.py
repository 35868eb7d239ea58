"""E1 to E7, on repositories in the styles found in the wild and on what scaffold renders, whole and broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.compare.facts import facts_of
from scaffold.compare.reading import read_repository, repository_of
from scaffold.compare.repository import Repository
from scaffold.files import File
from scaffold.opinions import e1, e2, e3, e4, e5, e6, e7
from scaffold.opinions.opinion import Judgement, Opinion, Status
from tests.support.rendering import preset, with_text

OPINIONS: tuple[Opinion, ...] = tuple(module.OPINION for module in (e1, e2, e3, e4, e5, e6, e7))

REPOSITORIES = sorted(Path(__file__).with_name("repositories").glob("eks_*"))

PRESETS = ("eks-auto-dev", "eks-auto-prod", "platform")

EKS = "modules/eks-auto-mode"


def judged(repository: Repository) -> Iterator[tuple[str, Judgement]]:
    facts = facts_of(repository)
    for opinion in OPINIONS:
        for judgement in opinion.judge(facts):
            yield opinion.id, judgement


@pytest.mark.parametrize("folder", REPOSITORIES, ids=lambda folder: folder.name)
def test_a_foreign_repository_is_judged_line_by_line(folder: Path) -> None:
    found = [
        f"{name} {judgement.status} {judgement.place.file}:{judgement.place.line}"
        for name, judgement in judged(read_repository(folder))
    ]
    assert found == (folder / "EXPECTED").read_text().splitlines()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_keeps_every_opinion(name: str) -> None:
    found = list(judged(repository_of(preset(name).files)))
    assert [(each, judgement.message) for each, judgement in found if judgement.status is not Status.KEPT] == []
    assert {each for each, _ in found} == {opinion.id for opinion in OPINIONS}


def changed(files: tuple[File, ...], path: str, old: str, new: str) -> Iterator[File]:
    for file in files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old!r}"
            yield with_text(file, file.text.replace(old, new, 1))
        else:
            yield file


MAIN = "environments/prod/main.tf"

MUTATIONS = [
    ("E1", f"{EKS}/main.tf", "  compute_config {\n    enabled       = true", "  compute_config {\n    enabled = false"),
    ("E1", f"{EKS}/main.tf", "block_storage {\n      enabled = true", "block_storage {\n      enabled = false"),
    ("E1", f"{EKS}/main.tf", "    elastic_load_balancing {\n      enabled = true\n    }\n", ""),
    ("E1", f"{EKS}/main.tf", "bootstrap_self_managed_addons = false", "bootstrap_self_managed_addons = true"),
    ("E1", f"{EKS}/main.tf", "  bootstrap_self_managed_addons = false\n", ""),
    ("E2", MAIN, '"general-purpose"', '"general_purpose"'),
    ("E3", f"{EKS}/iam_cluster.tf", '    "AmazonEKSComputePolicy",\n', ""),
    ("E3", f"{EKS}/iam_cluster.tf", ', "sts:TagSession"', ""),
    ("E3", f"{EKS}/iam_cluster.tf", '"eks.amazonaws.com"', '"ec2.amazonaws.com"'),
    ("E3", f"{EKS}/iam_nodes.tf", "WorkerNodeMinimalPolicy", "WorkerNodePolicy"),
    ("E3", f"{EKS}/iam_nodes.tf", "RegistryPullOnly", "RegistryReadOnly"),
    ("E4", f"{EKS}/main.tf", '= "API"', '= "API_AND_CONFIG_MAP"'),
    ("E4", MAIN, "creator_admin = false", "creator_admin = true"),
    ("E5", f"{EKS}/main.tf", "endpoint_private_access = true", "endpoint_private_access = false"),
    ("E5", f"{EKS}/main.tf", "endpoint_public_access  = false", "endpoint_public_access  = true"),
    ("E5", f"{EKS}/main.tf", "    endpoint_public_access  = false\n", ""),
    ("E6", f"{EKS}/kms.tf", "enable_key_rotation     = true", "enable_key_rotation     = false"),
    ("E6", f"{EKS}/kms.tf", "  enable_key_rotation     = true\n", ""),
    (
        "E6",
        f"{EKS}/main.tf",
        '  encryption_config {\n    resources = ["secrets"]\n\n'
        "    provider {\n      key_arn = aws_kms_key.cluster.arn\n    }\n  }\n",
        "",
    ),
    ("E7", f"{EKS}/main.tf", ', "scheduler"', ""),
    ("E7", f"{EKS}/logs.tf", "  retention_in_days = var.log_retention_days\n", ""),
    ("E7", f"{EKS}/kms.tf", '"/aws/eks/${var.name}/cluster"', '"/aws/eks/${var.name}/control-plane"'),
]


@pytest.mark.parametrize(("opinion", "path", "old", "new"), MUTATIONS)
def test_one_change_of_what_is_rendered_breaks_one_opinion(opinion: str, path: str, old: str, new: str) -> None:
    repository = repository_of(changed(preset("eks-auto-prod").files, path, old, new))
    found = [(name, judgement.status) for name, judgement in judged(repository) if judgement.status is not Status.KEPT]
    assert set(found) == {(opinion, Status.BROKEN)}


def terraform(text: str) -> Repository:
    return repository_of([File("main.tf", text)])


CLUSTER = 'resource "aws_eks_cluster" "this" {\n  name = "a"\n  vpc_config {\n    subnet_ids = []\n%s  }\n%s}\n'


def of(opinion: str, text: str) -> list[Status]:
    return [judgement.status for name, judgement in judged(terraform(text)) if name == opinion]


@pytest.mark.parametrize(
    ("access", "status"),
    [
        ("endpoint_private_access = true\npublic_access_cidrs = [var.office]\n", Status.UNKNOWN),
        ('endpoint_private_access = true\npublic_access_cidrs = [var.office, "0.0.0.0/0"]\n', Status.BROKEN),
        ('endpoint_private_access = true\npublic_access_cidrs = ["::/0"]\n', Status.BROKEN),
        ("endpoint_private_access = true\npublic_access_cidrs = []\n", Status.BROKEN),
        ('endpoint_private_access = true\npublic_access_cidrs = ["192.0.2.0/24"]\n', Status.KEPT),
        ('endpoint_private_access = true\nendpoint_public_access = "false"\n', Status.KEPT),
        (
            "endpoint_private_access = true\nendpoint_public_access = var.open\n"
            'public_access_cidrs = ["192.0.2.1/32"]\n',
            Status.KEPT,
        ),
        ("endpoint_private_access = var.private\nendpoint_public_access = false\n", Status.UNKNOWN),
    ],
)
def test_an_endpoint_is_open_to_all_only_where_that_is_sure(access: str, status: Status) -> None:
    assert of("E5", CLUSTER % (access, "")) == [status]


def test_a_log_group_may_be_called_after_the_cluster_itself() -> None:
    group = 'resource "aws_cloudwatch_log_group" "a" {\n  name = "/aws/eks/${aws_eks_cluster.this.name}/cluster"\n%s}\n'
    types = 'enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]\n'
    assert of("E7", CLUSTER % ("", types) + group % "retention_in_days = 30\n") == [Status.KEPT]
    assert of("E7", CLUSTER % ("", types) + group % "retention_in_days = 0\n") == [Status.BROKEN]
    assert of("E7", CLUSTER % ("", types) + group % "count = var.logs ? 1 : 0\nretention_in_days = 30\n") == [
        Status.UNKNOWN
    ]
    assert of("E7", CLUSTER % ("", types)) == [Status.BROKEN]
    opaque = 'module "logs" {\n  source = "example.com/ours/logs/aws"\n}\n'
    assert of("E7", CLUSTER % ("", types) + opaque) == [Status.UNKNOWN]


def test_whoever_applies_is_no_administrator_by_an_entry_either() -> None:
    access = (
        'access_config {\n  authentication_mode = "API"\n  bootstrap_cluster_creator_admin_permissions = false\n}\n'
    )
    entry = """
data "aws_caller_identity" "me" {}
resource "aws_eks_access_policy_association" "me" {
  cluster_name  = aws_eks_cluster.this.name
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  principal_arn = %s
  access_scope {
    type = "cluster"
  }
}
"""
    assert of("E4", CLUSTER % ("", access) + entry % "data.aws_caller_identity.me.arn") == [Status.BROKEN]
    assert of("E4", CLUSTER % ("", access) + entry % '"arn:aws:iam::111122223333:role/team"') == [Status.KEPT]


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_eks_cluster" "a" {}\n',
        CLUSTER % ("public_access_cidrs = {}\n", "name = []\nrole_arn = {}\nenabled_cluster_log_types = {}\n"),
        CLUSTER % ("", "compute_config = [1, 2]\naccess_config = null\nencryption_config = 5\n"),
        CLUSTER % ("", "role_arn = aws_iam_role.a.arn\n")
        + 'resource "aws_iam_role" "a" {\n  assume_role_policy = "{"\n  managed_policy_arns = {}\n}\n',
        CLUSTER % ("", "role_arn = aws_iam_role.a.arn\ncompute_config {\n  enabled = true\n}\n")
        + 'resource "aws_iam_role" "a" {\n  assume_role_policy = "'
        + "[" * 50_000
        + '"\n}\n',
    ],
)
def test_clusters_of_any_shape_are_judged(text: str) -> None:
    assert {name for name, _ in judged(terraform(text))} >= {"E1", "E4", "E5", "E6", "E7"}


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ('"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"', Status.KEPT),
        ('"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"', Status.UNKNOWN),
        ("var.policy", Status.UNKNOWN),
    ],
)
def test_a_policy_that_may_be_attached_matters_only_where_it_is_too_broad(policy: str, status: Status) -> None:
    right = (REPOSITORIES[0].parent / "eks_raw_auto_right" / "main.tf").read_text()
    attachment = (
        'resource "aws_iam_role_policy_attachment" "more" {\n  count = var.more ? 1 : 0\n'
        f"  role = aws_iam_role.nodes.name\n  policy_arn = {policy}\n}}\n"
    )
    assert of("E3", right + attachment) == [status]


def test_every_opinion_says_why_what_to_do_and_where_it_comes_from() -> None:
    assert [opinion.id for opinion in OPINIONS] == [f"E{number}" for number in range(1, 8)]
    for opinion in OPINIONS:
        assert opinion.title
        assert opinion.why.endswith(".")
        assert opinion.mend
        assert opinion.source.startswith("https://docs.aws.amazon.com/eks/")
