"""What the next apply of a changed repository destroys or replaces, and what its states need."""

import pytest

from scaffold.compare.moves import Destroyed, Move
from scaffold.compare.next_apply import NextApply, Replaced, next_apply
from scaffold.files import File
from tests.support.rendering import preset

ZONE = "sort(data.aws_availability_zones.this.names)"
NETWORK = "module.network.aws_"


def files(text: str, path: str = "dev/main.tf") -> list[File]:
    return [File(path, text)]


def queues(keys: str) -> list[File]:
    return files(f'resource "aws_sqs_queue" "q" {{\n  {keys}\n  message_retention_seconds = 60\n}}\n')


def test_the_same_tree_changes_nothing() -> None:
    rendered = preset("platform").files
    assert next_apply(rendered, rendered) == NextApply()


def test_fewer_zones_destroy_their_subnets() -> None:
    found = next_apply(preset("platform").files, preset("platform", "azs=2").files)
    dev = {each.address for each in found.destroyed if each.root == "environments/dev"}
    assert dev == {f"{NETWORK}subnet.private[{ZONE}[2]]", f"{NETWORK}subnet.public[{ZONE}[2]]"}
    assert found.notes == ()


def test_one_nat_gateway_instead_of_one_for_each_zone_destroys_the_others() -> None:
    found = next_apply(preset("platform").files, preset("platform", "network.nat=single").files)
    assert {(each.root, each.address) for each in found.destroyed} == {
        ("environments/prod", f"{NETWORK}{kind}[{ZONE}[{at}]]")
        for kind in ("eip.nat", "nat_gateway.this")
        for at in (1, 2)
    }


def test_another_cidr_replaces_the_vpc_and_its_subnets() -> None:
    found = next_apply(preset("platform").files, preset("platform", "network.cidr=10.9.0.0/16").files)
    assert Replaced("environments/prod", f"{NETWORK}vpc.this", "cidr_block") in found.replaced
    assert Replaced("environments/dev", f"{NETWORK}subnet.private[{ZONE}[0]]", "cidr_block") in found.replaced
    assert found.destroyed == ()


def test_another_name_replaces_the_cluster_and_leaves_the_state_behind() -> None:
    found = next_apply(preset("eks-auto-dev").files, preset("eks-auto-dev", "name=other").files)
    assert Replaced("environments/dev", "module.eks.aws_eks_cluster.this", "name") in found.replaced
    (note,) = found.notes
    assert note.startswith("The backend of environments/dev changes (bucket, key")
    assert "terraform init -migrate-state in environments/dev" in note


def test_another_region_replaces_everything() -> None:
    found = next_apply(preset("eks-auto-dev").files, preset("eks-auto-dev", "region=eu-west-1").files)
    assert any("region of environments/dev changes" in note and "replaces all" in note for note in found.notes)
    assert found.replaced == ()


def test_a_root_module_that_is_gone_still_has_its_state() -> None:
    rendered = preset("platform").files
    kept = [file for file in rendered if not file.path.startswith("environments/dev/")]
    assert next_apply(rendered, kept).notes == (
        "environments/dev still has state: run terraform destroy there before you commit this.",
    )
    module = files('resource "aws_vpc" "this" {\n}\n', "modules/a/main.tf")
    root = files('module "a" {\n  source = "../modules/a"\n}\n')
    assert next_apply([*module, *root], root).notes == ()


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ('for_each = toset(["a", "b"])', 'for_each = toset(["b"])', ['aws_sqs_queue.q["a"]']),
        ("count = 2", "count = 1", ["aws_sqs_queue.q[1]"]),
        ("count = 1", "count = 0", ["aws_sqs_queue.q[0]"]),
        ("count = 1", "", []),
        ("", "count = 2", []),
        ("count = 2", "count = var.n", []),
        ("for_each = var.a", "for_each = var.b", []),
        ("for_each = toset([var.a])", "for_each = toset([var.b])", []),
    ],
)
def test_instances_are_gone_where_that_is_sure(before: str, after: str, gone: list[str]) -> None:
    found = next_apply(queues(before), queues(after))
    assert found.destroyed == tuple(Destroyed("dev", address) for address in gone)


def test_a_moved_instance_is_not_destroyed() -> None:
    before, after = queues('for_each = toset(["a"])'), queues('for_each = toset(["b"])')
    assert next_apply(before, after).destroyed
    assert not next_apply(before, after, [Move("dev", 'aws_sqs_queue.q["a"]', 'aws_sqs_queue.q["b"]')]).destroyed


def test_what_cannot_be_evaluated_is_not_said_to_be_replaced() -> None:
    before, after = (files(f'resource "aws_vpc" "a" {{\n  cidr_block = {each}\n}}\n') for each in ("var.a", "var.b"))
    assert next_apply(before, after) == NextApply()
