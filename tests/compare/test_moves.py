import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scaffold.compare.moved_blocks import with_moves
from scaffold.compare.moves import Move, Moves, find_moves, holding
from scaffold.files import File
from tests.support.rendering import preset, with_text

ROOT = 'module "network" {\n  source = "../modules/network"\n  name   = "a"\n}\n'
VPC = 'resource "aws_vpc" "this" {\n  cidr_block = "10.0.0.0/16"\n  enable_dns_support = true\n}\n'
SUBNET = 'resource "aws_subnet" "a" {\n  vpc_id = aws_vpc.this.id\n  cidr_block = "10.0.0.0/24"\n}\n'
ROLE = 'resource "aws_iam_role" "x" {\n  name = "x"\n  assume_role_policy = "{}"\n}\n'


def files(**texts: str) -> list[File]:
    """Return files: `root` is `dev/main.tf`, others are `modules/<name>/main.tf`."""
    paths = {name: "dev/main.tf" if name == "root" else f"modules/{name}/main.tf" for name in texts}
    return [File(paths[name], text) for name, text in texts.items()]


def test_the_same_rendering_moves_nothing() -> None:
    rendered = preset("platform").files
    assert find_moves(rendered, rendered) == Moves()


def test_a_renamed_resource_is_moved_in_its_folder() -> None:
    after = (VPC + SUBNET).replace('"aws_vpc" "this"', '"aws_vpc" "main"').replace("aws_vpc.this", "aws_vpc.main")
    moves = find_moves(files(root=ROOT, network=VPC + SUBNET), files(root=ROOT, network=after))
    assert moves == Moves((Move("modules/network", "aws_vpc.this", "aws_vpc.main"),))


def test_a_resource_put_into_another_file_is_not_moved() -> None:
    before = [*files(root=ROOT), File("modules/network/a.tf", VPC), File("modules/network/b.tf", SUBNET)]
    assert find_moves(before, files(root=ROOT, network=SUBNET + VPC)) == Moves()


def test_a_renamed_call_is_moved_in_the_calling_folder() -> None:
    moves = find_moves(files(root=ROOT, network=VPC), files(root=ROOT.replace('"network" {', '"net" {'), network=VPC))
    assert moves == Moves((Move("dev", "module.network", "module.net"),))


def test_a_module_folder_that_moved_keeps_its_addresses() -> None:
    before = files(root=ROOT, network=VPC + SUBNET)
    after = files(root=ROOT.replace("modules/network", "modules/vpc"), vpc=SUBNET + VPC.replace('"this"', '"main"'))
    assert find_moves(before, after) == Moves((Move("modules/vpc", "aws_vpc.this", "aws_vpc.main"),))


@pytest.mark.parametrize(
    ("before", "after", "source", "target"),
    [
        ("", 'for_each = toset(["a"])', "aws_vpc.this", 'aws_vpc.this["a"]'),
        ("count = 1", "for_each = { a = 1 }", "aws_vpc.this[0]", 'aws_vpc.this["a"]'),
        ('for_each = toset(["a"])', "", 'aws_vpc.this["a"]', "aws_vpc.this"),
        ('for_each = toset(["a", "b"])', 'for_each = toset(["a", "c"])', 'aws_vpc.this["b"]', 'aws_vpc.this["c"]'),
    ],
)
def test_keys_that_can_be_told_are_moved(before: str, after: str, source: str, target: str) -> None:
    sides = [files(root=ROOT, network=VPC.replace("{\n", f"{{\n  {each}\n", 1)) for each in (before, after)]
    assert find_moves(*sides) == Moves((Move("modules/network", source, target),))


@pytest.mark.parametrize(("before", "after"), [("", "count = 1"), ("count = 2", "count = var.n"), ("count = 1", "")])
def test_what_terraform_moves_by_itself_is_left_to_it(before: str, after: str) -> None:
    sides = [files(root=ROOT, network=VPC.replace("{\n", f"{{\n  {each}\n", 1)) for each in (before, after)]
    assert find_moves(*sides) == Moves()


def test_keys_that_cannot_be_told_are_a_command_with_a_gap() -> None:
    after = VPC.replace("{\n", "{\n  for_each = var.zones\n", 1)
    moves = find_moves(files(root=ROOT, network=VPC), files(root=ROOT, network=after))
    assert moves.moved == ()
    assert moves.commands == (
        "terraform -chdir=dev state mv module.network.aws_vpc.this 'module.network.aws_vpc.this[\"KEY\"]'",
    )


def test_what_keeps_nothing_is_not_moved_to_or_from_one_of_several_keys() -> None:
    plain = 'resource "aws_lb_target_group" "this" {\n  name = "a"\n}\n'
    keyed = plain.replace("{\n", '{\n  for_each = toset(["a", "b"])\n', 1)
    for before, after in ((plain, keyed), (keyed, plain)):
        assert find_moves(files(root=ROOT, network=before), files(root=ROOT, network=after)) == Moves()


def test_a_resource_that_goes_to_another_module_is_a_command_and_not_destroyed() -> None:
    root = ROOT + 'module "base" {\n  source = "../modules/base"\n}\n'
    before, after = files(root=root, network=VPC + SUBNET, base=ROLE), files(root=root, network=SUBNET, base=ROLE + VPC)
    assert find_moves(before, after) == Moves(
        (), ("terraform -chdir=dev state mv module.network.aws_vpc.this module.base.aws_vpc.this",)
    )


def test_one_component_instead_of_another_moves_nothing_between_them() -> None:
    moves = find_moves(preset("eks-auto-prod").files, preset("lmi-private").files)
    assert (moves.moved, moves.commands) == ((), ())
    assert "module.eks.aws_eks_cluster.this" in {each.address for each in moves.destroyed}


def test_what_is_gone_and_keeps_data_is_destroyed() -> None:
    moves = find_moves(files(root=ROOT, network=VPC + SUBNET + ROLE), files(root=ROOT, network=VPC))
    assert [(each.root, each.address) for each in moves.destroyed] == [("dev", "module.network.aws_subnet.a")]


def test_a_call_that_is_gone_destroys_what_it_made() -> None:
    moves = find_moves(files(root=ROOT, network=VPC + SUBNET), files(root=""))
    assert [each.address for each in moves.destroyed] == ["module.network.aws_vpc.this", "module.network.aws_subnet.a"]


def test_a_root_module_that_is_gone_has_no_next_apply() -> None:
    other = [File("prod/main.tf", ROOT)]
    moves = find_moves([*files(root=ROOT, network=VPC), *other], [*files(network=VPC), *other])
    assert moves.destroyed == ()


def test_a_module_that_calls_itself_does_not_hang() -> None:
    loop = 'module "network" {\n  source = "../network"\n}\n' + VPC
    assert find_moves(files(root=ROOT, network=loop), files(root=ROOT, network=loop)) == Moves()
    assert find_moves(files(network=loop), files(network=loop.replace('"this"', '"main"'))).moved


def test_what_the_user_kept_or_never_had_is_neither_moved_nor_destroyed() -> None:
    before = files(root=ROOT, network=VPC + SUBNET)
    after = files(root=ROOT, network=VPC.replace('"this"', '"main"'))
    moves = find_moves(before, after)
    assert (len(moves.moved), len(moves.destroyed)) == (1, 1)
    assert holding(moves, before, after) == moves
    assert holding(moves, before, before) == Moves()
    assert holding(moves, files(root=ROOT, network=VPC), after).destroyed == ()


def test_another_nat_renames_nothing_and_destroys_gateways() -> None:
    moves = find_moves(preset("platform").files, preset("platform", "network.nat=none").files)
    assert moves.moved == ()
    assert {each.address for each in moves.destroyed} == {
        "module.network.aws_eip.nat",
        "module.network.aws_nat_gateway.this",
        "module.network.aws_subnet.public",
    }


FIRST, SECOND = Move("m", "a.a", "a.b"), Move("m", "a.b", "a.c")


def test_moved_blocks_are_added_behind_those_there_are() -> None:
    text = with_moves("# mine\n", [FIRST])
    assert text == "# mine\n\nmoved {\n  from = a.a\n  to   = a.b\n}\n"
    assert with_moves(text, [FIRST]) == text
    both = with_moves(text, [SECOND])
    assert both == text + "\nmoved {\n  from = a.b\n  to   = a.c\n}\n"
    assert with_moves("", [FIRST, SECOND]) == both.removeprefix("# mine\n\n")


def test_a_move_back_takes_the_place_of_the_one_there() -> None:
    back = Move("m", "a.b", "a.a")
    assert with_moves(with_moves("# mine\n", [FIRST]), [back]) == with_moves("# mine\n", [back])


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
def test_terraform_takes_what_is_written(tmp_path: Path) -> None:
    config = 'resource "terraform_data" "{}" {{\n  input = "kept"\n}}\n'
    before, after = ([File("main.tf", config.format(name))] for name in ("old", "new"))
    (tmp_path / "main.tf").write_text(after[0].text)
    (tmp_path / "moved.tf").write_text(with_moves("", find_moves(before, after).moved))
    value = {"value": "kept", "type": "string"}
    attributes = {"id": "1", "input": value, "output": value, "triggers_replace": None}
    resource = {
        "mode": "managed",
        "type": "terraform_data",
        "name": "old",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": attributes}],
    }
    state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "resources": [resource]}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    for arguments in (["init"], ["plan", "-no-color"]):
        ended = subprocess.run(["terraform", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
    assert "terraform_data.old has moved to terraform_data.new" in ended.stdout
    assert "0 to add, 0 to change, 0 to destroy" in ended.stdout


def test_a_renamed_module_of_ours_is_told_in_every_root() -> None:
    before = preset("platform").files
    after = [
        with_text(
            file,
            file.text.replace('"aws_eks_cluster" "this"', '"aws_eks_cluster" "main"').replace(
                "aws_eks_cluster.this", "aws_eks_cluster.main"
            ),
        )
        for file in before
    ]
    assert find_moves(before, after) == Moves(
        (Move("modules/eks-auto-mode", "aws_eks_cluster.this", "aws_eks_cluster.main"),)
    )


def test_what_the_user_renamed_is_not_moved_from_an_address_that_was_never_there() -> None:
    after = files(root=ROOT, network=VPC.replace('"this"', '"main"'))
    moves = find_moves(files(root=ROOT, network=VPC), after)
    assert moves.moved == (Move("modules/network", "aws_vpc.this", "aws_vpc.main"),)
    assert holding(moves, files(root=ROOT, network=VPC.replace('"this"', '"mine"')), after).moved == ()


def test_a_move_within_a_folder_that_moved_holds() -> None:
    before = files(root=ROOT, network=VPC + SUBNET)
    after = files(root=ROOT.replace("modules/network", "modules/vpc"), vpc=SUBNET + VPC.replace('"this"', '"main"'))
    moves = find_moves(before, after)
    assert moves.moved
    assert holding(moves, before, after) == moves
