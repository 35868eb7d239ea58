"""What a cluster is made of, read from real text."""

import pytest

from scaffold.evaluate.references import joined, last_step
from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts.cluster import Cluster, clusters_of
from scaffold.files import File
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset


def clusters(text: str) -> list[Cluster]:
    (root,) = repository_of([File("main.tf", text)]).roots
    return list(clusters_of(root))


CLUSTER = 'resource "aws_eks_cluster" "a" {\n  name = "a"\n  role_arn = aws_iam_role.a.arn\n}\n'
ROLE = 'resource "aws_iam_role" "a" {\n  name = "a-role"\n%s}\n'


def test_everything_of_the_rendered_cluster_is_found() -> None:
    repository = repository_of(preset("eks-auto-prod").files)
    (found,) = [each for root in repository.roots for each in clusters_of(root)]
    assert found.auto_mode is True
    assert found.node_pools == ("general-purpose", "system")
    assert found.authentication_mode == "API"
    assert found.role is not None
    assert len(found.role.policies) == 5
    assert [len(role.policies) for role in found.node_roles] == [2]
    assert found.secrets_key is not None
    assert len(found.log_groups) == 1
    assert found.deletion_protection is True
    assert found.zonal_shift is True
    assert found.upgrade_policy == "STANDARD"
    assert {addon.get("addon_name") for addon in found.addons} >= {"metrics-server"}


@pytest.mark.parametrize(
    "trust",
    [
        'assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", '
        'Principal = { Service = "eks.amazonaws.com" }, Action = ["sts:AssumeRole", "sts:TagSession"] }] })\n',
        "assume_role_policy = <<EOT\n"
        '{"Statement": {"Effect": "Allow", "Principal": {"Service": ["eks.amazonaws.com"]}, "Action": "sts:*"}}\nEOT\n',
        "assume_role_policy = data.aws_iam_policy_document.t.json\n",
    ],
)
def test_a_trust_policy_is_read_in_each_way_it_is_written(trust: str) -> None:
    document = """
data "aws_partition" "p" {}
data "aws_iam_policy_document" "t" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["eks.${data.aws_partition.p.dns_suffix}"]
    }
  }
}
"""
    (found,) = clusters(CLUSTER + ROLE % trust + document)
    assert found.role is not None
    assert found.role.trusts("eks.amazonaws.com", "sts:TagSession") is True
    assert found.role.trusts("pods.eks.amazonaws.com", "sts:TagSession") is False


def test_a_trust_policy_from_elsewhere_is_not_known() -> None:
    (found,) = clusters(CLUSTER + ROLE % "assume_role_policy = var.trust\n")
    assert found.role is not None
    assert found.role.trusts("eks.amazonaws.com", "sts:AssumeRole") is None


ATTACHED = {
    "by reference": 'resource "aws_iam_role_policy_attachment" "x" {\n  role = aws_iam_role.a.name\n'
    '  policy_arn = "arn:aws:iam::aws:policy/P"\n}\n',
    "by id": 'resource "aws_iam_role_policy_attachment" "x" {\n  role = aws_iam_role.a.id\n'
    '  policy_arn = "arn:aws:iam::aws:policy/P"\n}\n',
    "by name": 'resource "aws_iam_role_policy_attachment" "x" {\n  role = "a-role"\n'
    '  policy_arn = "arn:${var.partition}:iam::aws:policy/P"\n}\n',
    "by data source": 'data "aws_iam_policy" "p" {\n  name = "P"\n}\nresource "aws_iam_role_policy_attachment" "x" {\n'
    "  role = aws_iam_role.a.name\n  policy_arn = data.aws_iam_policy.p.arn\n}\n",
    "exclusively": 'resource "aws_iam_role_policy_attachments_exclusive" "x" {\n  role_name = aws_iam_role.a.name\n'
    '  policy_arns = ["arn:aws:iam::aws:policy/P"]\n}\n',
    "to several roles": 'resource "aws_iam_policy_attachment" "x" {\n  name = "x"\n  roles = [aws_iam_role.a.name]\n'
    '  policy_arn = "arn:aws:iam::aws:policy/P"\n}\n',
}


@pytest.mark.parametrize("attachment", ATTACHED.values(), ids=ATTACHED)
def test_a_policy_is_found_in_each_way_it_is_attached(attachment: str) -> None:
    (found,) = clusters(CLUSTER + ROLE % "" + attachment)
    assert found.role is not None
    assert [each.name for each in found.role.policies] == ["P"]
    assert found.role.more == ""


@pytest.mark.parametrize(
    "attachment",
    [
        'resource "aws_iam_role_policy_attachment" "x" {\n  for_each = var.policies\n  role = aws_iam_role.a.name\n'
        "  policy_arn = each.value\n}\n",
        'resource "aws_iam_role_policy_attachment" "x" {\n  role = var.role\n'
        '  policy_arn = "arn:aws:iam::aws:policy/P"\n}\n',
        'resource "aws_iam_role_policy_attachment" "x" {\n  count = var.attach ? 1 : 0\n  role = aws_iam_role.a.name\n'
        '  policy_arn = "arn:aws:iam::aws:policy/P"\n}\n',
        'module "policies" {\n  source = "example.com/ours/policies/aws"\n}\n',
    ],
)
def test_a_role_may_have_more_where_something_is_not_known(attachment: str) -> None:
    (found,) = clusters(CLUSTER + ROLE % "" + attachment)
    assert found.role is not None
    assert [each for each in found.role.policies if each.certain] == []
    assert found.role.has("P") is None


def test_another_roles_policy_is_not_the_clusters() -> None:
    other = 'resource "aws_iam_role" "b" {\n  name = "b"\n}\n'
    attachment = (
        'resource "aws_iam_role_policy_attachment" "x" {\n  role = aws_iam_role.b.name\n  policy_arn = "p/P"\n}\n'
    )
    (found,) = clusters(CLUSTER + ROLE % "" + other + attachment)
    assert found.role is not None
    assert (found.role.policies, found.role.more) == ((), "")


def test_what_names_a_cluster_is_that_clusters() -> None:
    text = """
resource "aws_eks_cluster" "b" {
  name = "b"
}
resource "aws_eks_addon" "one" {
  cluster_name = aws_eks_cluster.a.name
  addon_name   = "metrics-server"
}
resource "aws_eks_addon" "two" {
  cluster_name = "b"
  addon_name   = "metrics-server"
}
resource "aws_eks_addon" "three" {
  cluster_name = var.cluster
  addon_name   = "metrics-server"
}
"""
    one, two = clusters(CLUSTER + text)
    assert [addon.name for addon in one.addons] == ["one"]
    assert [addon.name for addon in two.addons] == ["two"]


def test_texts_side_by_side_are_one() -> None:
    name = Symbol("var.name")
    assert joined("a", "", "b") == "ab"
    assert joined(name) == name
    assert joined("x-", Joined(("y-", name)), "-z") == Joined(("x-y-", name, "-z"))


def test_the_last_step_of_an_arn_is_the_name() -> None:
    partition = Symbol("data.aws_partition.current.partition")
    assert last_step(Joined(("arn:", partition, ":iam::aws:policy/AmazonEKSClusterPolicy"))) == "AmazonEKSClusterPolicy"
    assert last_step(Joined(("arn:aws:iam::aws:policy/", partition))) is None
    assert last_step(Symbol("var.policy")) is None
    assert last_step("plain") == "plain"
