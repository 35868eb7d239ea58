"""E1 to E9, E15, E16 and E18, on repositories in the styles found in the wild and on what scaffold renders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.answers.eks import DEFAULT_KUBERNETES_VERSION
from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions import e1, e2, e3, e4, e5, e6, e7, e8, e9, e15, e16, e18
from scaffold.opinions.opinion import Judgement, Opinion, Status
from scaffold.repository.model import Repository
from scaffold.repository.reading import read_repository, repository_of
from tests.support.rendering import preset, with_text

OPINIONS: tuple[Opinion, ...] = tuple(module.OPINION for module in (e1, e2, e3, e4, e5, e6, e7, e8, e9, e15, e16, e18))

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
    found = list(judged(repository_of(preset(name, "eks.capabilities=[ack]").files)))
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
    ("E8", f"{EKS}/addons.tf", '"metrics-server"', '"cert-manager"'),
    ("E8", f"{EKS}/addons.tf", '"pods.eks.amazonaws.com"', '"eks.amazonaws.com"'),
    ("E8", f"{EKS}/addons.tf", '["sts:AssumeRole", "sts:TagSession"]', '["sts:AssumeRole"]'),
    ("E8", f"{EKS}/addons.tf", '    "AWSXrayWriteOnlyAccess",\n', ""),
    ("E8", f"{EKS}/addons.tf", "  pod_identity_association {", "  timeouts {"),
    (
        "E8",
        f"{EKS}/addons.tf",
        "  pod_identity_association {",
        "  service_account_role_arn = aws_iam_role.cloudwatch_agent.arn\n\n  pod_identity_association {",
    ),
    ("E9", f"{EKS}/managed_logs.tf", '"AUTO_MODE_COMPUTE_LOGS"', '"AUTO_MODE_IPAM_LOGS"'),
    ("E9", f"{EKS}/managed_logs.tf", "aws_cloudwatch_log_delivery_source.compute.name", '"another"'),
    (
        "E9",
        f"{EKS}/managed_logs.tf",
        'resource "aws_cloudwatch_log_delivery" "compute"',
        'resource "aws_cloudwatch_log_group" "compute"',
    ),
    ("E15", f"{EKS}/main.tf", "  deletion_protection           = var.deletion_protection\n", ""),
    ("E15", MAIN, "deletion_protection = true", "deletion_protection = false"),
    ("E15", f"{EKS}/main.tf", "enabled = var.zonal_shift", "enabled = false"),
    ("E15", MAIN, '"STANDARD"', '"EXTENDED"'),
    ("E16", f"{EKS}/capabilities.tf", '"capabilities.eks.amazonaws.com"', '"eks.amazonaws.com"'),
    ("E16", f"{EKS}/capabilities.tf", ', "sts:TagSession"', ""),
    ("E18", MAIN, f'"{DEFAULT_KUBERNETES_VERSION}"', '"1.30"'),
    ("E18", f"{EKS}/main.tf", "  version  = var.kubernetes_version\n", ""),
]


@pytest.mark.parametrize(("opinion", "path", "old", "new"), MUTATIONS)
def test_one_change_of_what_is_rendered_breaks_one_opinion(opinion: str, path: str, old: str, new: str) -> None:
    repository = repository_of(changed(preset("eks-auto-prod", "eks.capabilities=[ack]").files, path, old, new))
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


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ('name = "shop-dev"', Status.KEPT),
        ('name = "shop"\n  tags = { Environment = "dev" }', Status.KEPT),
        ('name = "shop-prod"', Status.BROKEN),
        ('name = "shop"', Status.BROKEN),
    ],
)
def test_a_cluster_that_says_that_it_is_for_development_may_be_deleted(named: str, status: Status) -> None:
    assert set(of("E15", f'resource "aws_eks_cluster" "this" {{\n  {named}\n}}\n')) == {status}


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


LOGS = """
resource "aws_cloudwatch_log_delivery_source" "%s" {
  name         = "%s"
  log_type     = "AUTO_MODE_%s_LOGS"
  resource_arn = aws_eks_cluster.this.arn
  %s
}

resource "aws_cloudwatch_log_delivery" "%s" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.%s.name
  delivery_destination_arn = "arn:aws:logs:eu-central-1:111122223333:delivery-destination:a"
}
"""

AUTO_MODE = "compute_config {\n  enabled = true\n}\n"


def logs(name: str, after: str = "") -> str:
    depends_on = f"depends_on = [{after}]" if after else ""
    return LOGS % (name, name, name.upper(), depends_on, name, name)


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("", Status.BROKEN),
        ("aws_cloudwatch_log_delivery_source.compute", Status.KEPT),
        ("aws_cloudwatch_log_delivery.compute", Status.KEPT),
        ("aws_eks_cluster.this", Status.BROKEN),
    ],
)
def test_log_sources_of_one_cluster_are_made_one_after_another(after: str, status: Status) -> None:
    assert of("E9", CLUSTER % ("", AUTO_MODE) + logs("compute") + logs("ipam", after)) == [status]


def test_log_sources_of_one_block_are_made_at_the_same_time() -> None:
    both = logs("compute").replace(
        'name         = "compute"', 'for_each = toset(["COMPUTE", "IPAM"])\n  name = each.key'
    )
    both = both.replace('"AUTO_MODE_COMPUTE_LOGS"', '"AUTO_MODE_${each.key}_LOGS"')
    both = both.replace("aws_cloudwatch_log_delivery_source.compute.name", "var.source")
    assert of("E9", CLUSTER % ("", AUTO_MODE) + both) == [Status.BROKEN]


def test_what_may_log_is_unknown() -> None:
    assert of("E9", CLUSTER % ("", AUTO_MODE)) == [Status.BROKEN]
    opaque = 'module "logs" {\n  source = "example.com/ours/logs/aws"\n}\n'
    assert of("E9", CLUSTER % ("", AUTO_MODE) + opaque) == [Status.UNKNOWN]
    unsure = logs("compute").replace('"AUTO_MODE_COMPUTE_LOGS"', "var.log_type")
    assert of("E9", CLUSTER % ("", AUTO_MODE) + unsure) == [Status.UNKNOWN]
    assert of("E9", CLUSTER % ("", AUTO_MODE.replace("true", "var.auto_mode"))) == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ('"1.30"', Status.BROKEN),
        (f'"{DEFAULT_KUBERNETES_VERSION}"', Status.KEPT),
        ('"2.0"', Status.UNKNOWN),
        ("var.version", Status.UNKNOWN),
        ('"newest"', Status.BROKEN),
        ("null", Status.BROKEN),
        ("[]", Status.BROKEN),
    ],
)
def test_a_kubernetes_version_is_looked_up_in_the_calendar(version: str, status: Status) -> None:
    assert of("E18", CLUSTER % ("", f"version = {version}\n")) == [status]


def test_an_add_on_of_the_community_module_may_have_a_pod_identity() -> None:
    call = """
module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"
  name    = "a"
  addons = {
    amazon-cloudwatch-observability = {
%s    }
  }
}
"""
    association = '      pod_identity_association = [{ role_arn = "arn:aws:iam::1:role/a", service_account = "a" }]\n'
    assert of("E8", call % association) == [Status.UNKNOWN]
    assert of("E8", call % "      pod_identity_association = var.identities\n") == [Status.UNKNOWN]
    assert of("E8", call % "") == [Status.BROKEN]


def test_many_clusters_of_one_root_module_keep_their_parts_apart() -> None:
    one = (
        'resource "aws_eks_cluster" "c%d" {\n  name = "c%d"\n}\n'
        'resource "aws_eks_addon" "c%d" {\n  cluster_name = %s\n  addon_name = "c%d"\n}\n'
        'resource "aws_cloudwatch_log_group" "c%d" {\n  name = "/aws/eks/${aws_eks_cluster.c%d.id}/cluster"\n}\n'
    )
    names = ["aws_eks_cluster.c0.name", '"c1"', "aws_eks_cluster.c2.id", '"another"', "var.name"]
    text = "".join(one % (n, n, n, name, n, n, n) for n, name in enumerate(names))
    clusters = facts_of(terraform(text)).clusters
    assert [[addon.get("addon_name") for addon in each.addons] for each in clusters] == [["c0"], ["c1"], ["c2"], [], []]
    assert [len(each.log_groups) for each in clusters] == [1, 1, 1, 1, 1]


def test_every_opinion_says_why_what_to_do_and_where_it_comes_from() -> None:
    for opinion in OPINIONS:
        assert opinion.title
        assert opinion.why.endswith(".")
        assert opinion.mend
        assert opinion.source.startswith("https://docs.aws.amazon.com/eks/")
