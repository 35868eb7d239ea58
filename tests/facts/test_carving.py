"""Where CIDR blocks come from: arithmetic or a keyboard, followed through locals, variables and modules."""

import pytest

from scaffold.evaluate.root import Place
from scaffold.facts.carving import Carving, Origin
from scaffold.files import File
from scaffold.repository.reading import repository_of

SUBNET = 'resource "aws_subnet" "s" {\n  for_each = local.blocks\n  cidr_block = each.value\n}\n'

OTHERS = """
locals {
  more  = { a = cidrsubnet("10.0.0.0/8", 8, 1) }
  cycle = local.loop
  loop  = local.cycle
}

variable "blocks" {
  default = { a = "10.0.0.0/20" }
}

variable "missing" {}

module "subnets" {
  source = "hashicorp/subnets/cidr"
}
"""


def origin(*files: tuple[str, str], at: tuple[str, int] = ("main.tf", 3)) -> tuple[Origin, Place]:
    repository = repository_of([File(path, text) for path, text in files])
    return Carving(repository).origin(Place(*at), repository.roots[0])


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ('{ a = cidrsubnet("10.0.0.0/16", 4, 0) }', Origin.CARVED),
        ('zipmap(["a"], cidrsubnets("10.0.0.0/16", 4))', Origin.CARVED),
        ("{ for k, v in local.more : k => v }", Origin.CARVED),
        ("module.subnets.network_cidr_blocks", Origin.CARVED),
        ('{ a = "10.0.0.0/20" }', Origin.TYPED),
        ("var.blocks", Origin.TYPED),
        ("var.missing", Origin.UNKNOWN),
        ("local.cycle", Origin.UNKNOWN),
        ("data.aws_vpc.v.cidr_blocks", Origin.UNKNOWN),
    ],
)
def test_a_block_is_followed_to_where_it_is_written(blocks: str, expected: Origin) -> None:
    locals_ = f"locals {{\n  blocks = {blocks}\n}}\n"
    assert origin(("main.tf", SUBNET), ("locals.tf", locals_), ("others.tf", OTHERS))[0] is expected


def test_a_typed_block_is_told_where_it_is_typed_in_the_calling_module() -> None:
    module = 'variable "blocks" {}\nresource "aws_subnet" "s" {\n  cidr_block = var.blocks[0]\n}\n'
    call = (
        'module "network" {\n  source = "./modules/network"\n  blocks = local.blocks\n}\n'
        'locals {\n  blocks = ["10.0.0.0/20"]\n}\n'
    )
    found = origin(("modules/network/main.tf", module), ("main.tf", call), at=("modules/network/main.tf", 3))
    assert found == (Origin.TYPED, Place("main.tf", 6))


def test_an_output_of_a_local_module_is_followed() -> None:
    subnet = 'resource "aws_subnet" "s" {\n\n  cidr_block = module.plan.blocks[0]\n}\n'
    subnet += 'module "plan" {\n  source = "./plan"\n}\n'
    plan = 'output "blocks" {\n  value = [cidrsubnet("10.0.0.0/8", 8, 0)]\n}\n'
    assert origin(("main.tf", subnet), ("plan/main.tf", plan))[0] is Origin.CARVED
