"""Which root modules a repository has, and what each of them makes."""

from pathlib import Path

import pytest

from scaffold.evaluate.root import Instance, Place, Root, Unread
from scaffold.evaluate.roots import roots_of
from scaffold.evaluate.values import Joined, Symbol, Value, is_any_key, may_hold_more
from scaffold.files import File
from scaffold.hcl import modules, parse_cached

EXAMPLES = Path(__file__).parents[2] / "examples"


def roots(files: dict[str, str], *unread: Unread) -> tuple[Root, ...]:
    variables = {path: parse_cached(text) for path, text in files.items() if path.endswith(".tfvars")}
    return roots_of(modules(File(path, text) for path, text in files.items()), variables, unread)


def root(text: str, **more: str) -> Root:
    """Evaluate a repository of one root module."""
    (only,) = roots({"main.tf": text, **{name.replace("__", "/") + ".tf": inner for name, inner in more.items()}})
    return only


def addresses(made: Root) -> list[str]:
    return [each.address for each in made.instances]


def one(made: Root, address: str) -> Instance:
    return next(each for each in made.instances if each.address == address)


def value(expression: str, text: str = "") -> Value:
    """Evaluate an expression in a root module."""
    made = root(f'{text}\nresource "x_probe" "this" {{\n  value = {expression}\n}}\n')
    return one(made, "x_probe.this").get("value")


def example(name: str) -> dict[str, Root]:
    folder = EXAMPLES / name
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.tf*") if path.is_file()}
    return {each.path: each for each in roots(files)}


# Our own trees


@pytest.fixture(scope="module")
def platform() -> dict[str, Root]:
    return example("platform")


def test_the_roots_of_a_rendered_repository_are_its_environments_and_bootstrap(platform: dict[str, Root]) -> None:
    assert list(platform) == ["bootstrap", "environments/dev", "environments/prod"]
    assert [each.production for each in platform.values()] == [None, False, True]
    assert not any(each.unread for each in platform.values())


def test_private_subnets_have_known_cidrs_and_the_zones_of_one_list(platform: dict[str, Root]) -> None:
    subnets = [each for each in platform["environments/prod"].of("aws_subnet") if each.name == "private"]
    assert [each.get("cidr_block") for each in subnets] == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]
    zones = [Symbol(f"sort(data.aws_availability_zones.this.names)[{place}]") for place in range(3)]
    assert [each.get("availability_zone") for each in subnets] == zones
    assert [each.key for each in subnets] == zones
    assert all(each.certain and not each.many for each in subnets)
    assert subnets[0].get("tags", "Name") == Joined(("platform-prod-private-", zones[0]))


def test_in_production_each_private_route_leads_to_the_nat_gateway_of_its_own_zone(platform: dict[str, Root]) -> None:
    prod = platform["environments/prod"]
    assert len(list(prod.of("aws_nat_gateway"))) == 3
    routes = [each for each in prod.of("aws_route") if each.name == "private_nat"]
    assert len(routes) == 3
    for route in routes:
        gateway, table = prod.find(route.get("nat_gateway_id")), prod.find(route.get("route_table_id"))
        assert gateway is not None
        assert table is not None
        assert gateway.key == table.key == route.key


def test_in_development_all_private_routes_lead_to_the_one_nat_gateway(platform: dict[str, Root]) -> None:
    dev = platform["environments/dev"]
    (gateway,) = dev.of("aws_nat_gateway")
    routes = [each for each in dev.of("aws_route") if each.name == "private_nat"]
    assert len(routes) == 3
    assert [dev.find(route.get("nat_gateway_id")) for route in routes] == [gateway] * 3


def test_endpoints_cluster_and_tags_of_a_rendered_environment_evaluate(platform: dict[str, Root]) -> None:
    prod = platform["environments/prod"]
    services = {each.get("service_name") for each in prod.of("aws_vpc_endpoint")}
    assert {"com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.ecr.api"} <= services
    (cluster,) = prod.of("aws_eks_cluster")
    assert cluster.get("compute_config", "enabled") is True
    assert cluster.get("kubernetes_network_config", "elastic_load_balancing", "enabled") is True
    assert cluster.get("name") == "platform-prod"
    subnets = cluster.get("vpc_config", "subnet_ids")
    assert isinstance(subnets, tuple)
    assert [found.name for found in map(prod.find, subnets) if found] == ["private"] * 3
    assert prod.default_tags["Project"] == "platform"
    assert cluster.place.file == "modules/eks-auto-mode/main.tf"


# Which folders are roots


def test_a_folder_that_a_module_call_points_to_is_no_root() -> None:
    found = roots(
        {
            "live/app/main.tf": 'module "a" {\n  source = "../../modules/a"\n}\n',
            "modules/a/main.tf": 'module "b" {\n  source = "./b"\n}\n',
            "modules/a/b/main.tf": 'resource "aws_vpc" "x" {}\n',
        }
    )
    assert [each.path for each in found] == ["live/app"]
    assert addresses(found[0]) == ["module.a.module.b.aws_vpc.x"]
    assert found[0].instances[0].module == "module.a.module.b"


def test_of_modules_that_call_one_another_the_one_with_a_provider_is_the_root() -> None:
    found = roots(
        {
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
            "b/main.tf": 'module "a" {\n  source = "../a"\n}\nprovider "aws" {}\nresource "aws_vpc" "b" {}\n',
        }
    )
    assert [each.path for each in found] == ["b"]
    assert addresses(found[0]) == ["aws_vpc.b"]
    assert [each.reason for each in found[0].unread] == ["is ../b, which calls itself"]


def test_a_module_that_only_tests_call_is_no_root() -> None:
    found = roots(
        {
            "main.tf": 'resource "aws_vpc" "x" {}\n',
            "tests/setup/main.tf": 'resource "x_y" "z" {}\n',
            "tests/a.tftest.hcl": 'run "setup" {\n  module {\n    source = "./tests/setup"\n  }\n}\n',
        }
    )
    assert [each.path for each in found] == ["."]


def test_a_module_outside_of_the_repository_or_not_there_is_unread() -> None:
    made = root('module "a" {\n  source = "../a"\n}\nmodule "b" {\n  source = "./b"\n}\n')
    assert made.unread == (
        Unread("module.a", "is ../a, which is outside of the repository", Place("main.tf", 1), "../a"),
        Unread("module.b", "is ./b, where no Terraform is", Place("main.tf", 4), "./b"),
    )


def test_an_unread_file_goes_to_the_roots_that_its_folder_belongs_to() -> None:
    files = {
        "a/main.tf": 'module "m" {\n  source = "../m"\n}\n',
        "b/main.tf": "",
        "m/main.tf": "",
    }
    broken = Unread("m/broken.tf", "does not parse", Place("m/broken.tf", 3))
    assert {each.path: each.unread for each in roots(files, broken)} == {"a": (broken,), "b": ()}


# Variables

VARIABLES = """
variable "env" {
  default = "none"
}

resource "x" "x" {
  env = var.env
}
"""


def test_terraforms_own_variable_files_come_in_its_order() -> None:
    files = {
        "main.tf": VARIABLES,
        "terraform.tfvars": 'env = "first"\n',
        "b.auto.tfvars": 'env = "third"\n',
        "a.auto.tfvars": 'env = "second"\n',
    }
    (made,) = roots(files)
    assert (made.variables, made.instances[0].get("env")) == ("", "third")


def test_every_other_variable_file_is_a_variant_of_its_root() -> None:
    files = {
        "app/main.tf": VARIABLES,
        "app/terraform.tfvars": 'env = "default"\n',
        "app/env/prod.tfvars": 'env = "prod"\n',
        "app/env/dev/terraform.tfvars": 'env = "dev"\n',
        "app/backend.tfvars": 'bucket = "state"\n',
        "elsewhere/prod.tfvars": 'env = "elsewhere"\n',
    }
    assert [(each.variables, each.instances[0].get("env"), each.production) for each in roots(files)] == [
        ("app/env/dev/terraform.tfvars", "dev", False),
        ("app/env/prod.tfvars", "prod", True),
    ]


def test_a_variable_that_nothing_sets_is_a_symbol() -> None:
    assert value("var.a.b", 'variable "a" {}') == Symbol("var.a.b")
    assert value('"${var.a}-x"', 'variable "a" {}') == Joined((Symbol("var.a"), "-x"))


def test_a_variables_type_converts_what_it_is_given() -> None:
    text = """
variable "a" {
  type = object({
    size  = number
    names = optional(set(string), ["z"])
    other = optional(string)
  })
  default = { size = "3", surplus = true }
}
"""
    assert value("var.a", text) == {"size": 3, "names": ("z",), "other": None}
    assert value("var.a", 'variable "a" {\n  type = set(string)\n  default = ["b", "a", "b"]\n}') == ("a", "b")
    assert value("var.a", 'variable "a" {\n  type = list(string)\n  default = [1, true]\n}') == ("1", "true")


def test_null_for_a_variable_that_is_not_nullable_is_its_default() -> None:
    child = 'variable "a" {\n  default = 7\n  nullable = false\n}\noutput "a" {\n  value = var.a\n}\n'
    made = root(
        'module "m" {\n  source = "./m"\n  a = null\n}\nresource "x" "x" {\n  a = module.m.a\n}\n', m__main=child
    )
    assert made.instances[0].get("a") == 7


def test_locals_that_need_themselves_are_symbols() -> None:
    assert isinstance(value("local.a", "locals {\n  a = local.b\n  b = local.a\n}"), Symbol)


@pytest.mark.parametrize(
    ("path", "variables", "text", "production"),
    [
        ("live/prod/app", "", "", True),
        ("envs/non-prod", "", "", False),
        ("prod-eu", "", 'variable "env" {\n  default = "dev"\n}', True),
        ("app", "app/staging.tfvars", 'variable "region" {}', False),
        ("app", "", 'variable "environment" {\n  default = "production"\n}', True),
        ("app", "", 'locals {\n  env = "qa-2"\n}', False),
        ("app", "", 'provider "aws" {\n  default_tags {\n    tags = { Environment = "prod" }\n  }\n}', True),
        ("product", "", "", None),
        ("app", "", "", None),
    ],
)
def test_a_root_says_that_it_is_production(path: str, variables: str, text: str, production: bool | None) -> None:
    files = {f"{path}/main.tf": text} | ({variables: 'region = "x"\n'} if variables else {})
    assert [each.production for each in roots(files)] == [production]


# count and for_each


def test_count_makes_an_instance_for_each_number() -> None:
    made = root(
        'resource "aws_subnet" "a" {\n  count = 2\n  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)\n}\n'
    )
    assert [(each.address, each.get("cidr_block")) for each in made.instances] == [
        ("aws_subnet.a[0]", "10.0.0.0/24"),
        ("aws_subnet.a[1]", "10.0.1.0/24"),
    ]


def test_a_condition_nobody_knows_makes_an_instance_that_is_not_certain() -> None:
    text = """
variable "on" {}

resource "aws_eip" "a" {
  count = var.on ? 1 : 0
}

resource "x" "x" {
  direct   = aws_eip.a[0].id
  guarded  = try(aws_eip.a[0].id, "none")
  single   = one(aws_eip.a[*].id)
  unneeded = var.on ? aws_eip.a[0].id : null
}
"""
    made = root(text)
    (eip,) = made.of("aws_eip")
    assert (eip.address, eip.key, eip.certain, eip.many) == ("aws_eip.a[0]", 0, False, False)
    probe = one(made, "x.x")
    # If it is used at all, it is there.
    assert made.find(probe.get("direct")) == eip
    for name in ("guarded", "single", "unneeded"):
        assert isinstance(probe.get(name), Symbol)
        assert made.find(probe.get(name)) is None


def test_a_number_that_is_one_of_two_makes_the_smaller_for_sure() -> None:
    made = root('variable "one" {}\nresource "aws_nat_gateway" "a" {\n  count = var.one ? 1 : 3\n}\n')
    assert [each.certain for each in made.instances] == [True, False, False]


def test_a_number_nobody_knows_makes_one_instance_that_stands_for_many() -> None:
    text = """
variable "zones" {}

resource "aws_subnet" "a" {
  count             = length(var.zones)
  availability_zone = var.zones[count.index]
}

resource "aws_nat_gateway" "a" {
  count     = length(aws_subnet.a)
  subnet_id = aws_subnet.a[count.index].id
}

resource "x" "x" {
  all   = aws_subnet.a[*].id
  third = aws_subnet.a[2].id
  zone  = aws_subnet.a[2].availability_zone
}
"""
    made = root(text)
    subnet, gateway = one(made, "aws_subnet.a[count.index]"), one(made, "aws_nat_gateway.a[count.index]")
    assert (subnet.many, subnet.certain) == (True, False)
    assert gateway.key == subnet.key
    assert gateway.get("subnet_id") == Symbol("aws_subnet.a[count.index].id")
    assert made.find(gateway.get("subnet_id")) == subnet
    probe = one(made, "x.x")
    assert probe.get("all") == Symbol("aws_subnet.a[*].id")
    assert made.find(probe.get("all")) == subnet
    assert (probe.get("third"), made.find(probe.get("third"))) == (Symbol("aws_subnet.a[2].id"), subnet)
    assert probe.get("zone") == Symbol("var.zones[2]")


FOR_EACH = """
variable "subnets" {}

resource "aws_subnet" "a" {
  for_each   = var.subnets
  cidr_block = each.value.cidr
}

resource "aws_nat_gateway" "a" {
  for_each  = var.subnets
  subnet_id = aws_subnet.a[each.key].id
}

resource "aws_route" "a" {
  for_each       = { for key, subnet in var.subnets : key => subnet.table }
  route_table_id = each.value
  nat_gateway_id = aws_nat_gateway.a[each.key].id
}

resource "aws_route" "chained" {
  for_each       = aws_subnet.a
  route_table_id = each.value.id
}

resource "x" "x" {
  by_for    = [for subnet in aws_subnet.a : subnet.id]
  by_values = values(aws_subnet.a)[*].id
  by_object = values({ for key, subnet in aws_subnet.a : key => subnet.id })
  named     = aws_subnet.a["b"].cidr_block
}
"""


def test_resources_of_one_unknown_collection_have_the_same_key() -> None:
    made = root(FOR_EACH)
    subnet, gateway, route = (one(made, f"aws_{kind}.a[each.key]") for kind in ("subnet", "nat_gateway", "route"))
    assert subnet.key == gateway.key == route.key == Symbol("each.key of var.subnets")
    assert made.find(gateway.get("subnet_id")) == subnet
    assert made.find(route.get("nat_gateway_id")) == gateway
    assert route.get("nat_gateway_id") == Symbol("aws_nat_gateway.a[each.key].id")
    assert subnet.get("cidr_block") == Symbol("var.subnets[each.key of var.subnets].cidr")
    assert one(made, "aws_route.chained[each.key]").get("route_table_id") == Symbol("aws_subnet.a[each.key].id")


def test_the_ids_of_an_unknown_collection_are_one_symbol_however_they_are_written() -> None:
    made = root(FOR_EACH)
    probe = one(made, "x.x")
    for name in ("by_for", "by_values", "by_object"):
        assert probe.get(name) == Symbol("aws_subnet.a[*].id")
        assert made.find(probe.get(name)) == one(made, "aws_subnet.a[each.key]")
    assert probe.get("named") == Symbol("var.subnets.b.cidr")


def test_a_set_of_an_unknown_list_and_a_map_by_its_items_have_the_same_keys() -> None:
    text = """
variable "zones" {}

resource "aws_subnet" "a" {
  for_each          = toset(var.zones)
  availability_zone = each.value
}

resource "aws_nat_gateway" "a" {
  for_each  = { for zone in var.zones : zone => "nat-${zone}" }
  subnet_id = aws_subnet.a[each.key].id
  name      = each.value
}
"""
    made = root(text)
    subnet, gateway = one(made, "aws_subnet.a[each.key]"), one(made, "aws_nat_gateway.a[each.key]")
    assert subnet.key == gateway.key == subnet.get("availability_zone")
    assert gateway.get("subnet_id") == Symbol("aws_subnet.a[each.key].id")
    assert isinstance(subnet.key, Symbol)
    assert gateway.get("name") == Joined(("nat-", subnet.key))


def test_tags_that_depend_on_a_condition_keep_what_both_have() -> None:
    tags = value('merge({ Name = "a" }, var.c ? { Extra = "b" } : {})', 'variable "c" {}')
    assert isinstance(tags, dict)
    assert tags["Name"] == "a"
    assert "Extra" not in tags
    assert may_hold_more(tags)


def test_two_loops_over_one_unknown_collection_do_not_share_their_items() -> None:
    text = 'variable "a" {}\nresource "x" "x" {\n  for_each = var.a\n  same = [for b in var.a : b == each.value]\n}\n'
    same = root(text).instances[0].get("same")
    assert isinstance(same, Symbol)
    assert "==" in same.text
    assert value("[for a in var.a : [for b in var.a : a == b]]", 'variable "a" {}') != Symbol("[for var.a: true]")


def test_a_map_with_an_unknown_part_keeps_what_is_known() -> None:
    tags = value('merge({ a = "1" }, var.tags, { b = "2" })', 'variable "tags" {}')
    assert isinstance(tags, dict)
    assert tags["b"] == "2"
    assert isinstance(tags["a"], Symbol)
    assert any(is_any_key(key) for key in tags)


def test_for_each_over_a_map_with_an_unknown_part_makes_what_is_known_for_sure() -> None:
    made = root('variable "m" {}\nresource "x" "x" {\n  for_each = merge(var.m, { a = 1 })\n}\n')
    assert {each.address: (each.certain, each.many) for each in made.instances} == {
        'x.x["a"]': (True, False),
        "x.x[each.key]": (False, True),
    }


def test_for_each_over_one_of_two_collections_makes_what_both_have_for_sure() -> None:
    made = root('variable "c" {}\nresource "x" "x" {\n  for_each = var.c ? toset(["a", "b"]) : toset(["a"])\n}\n')
    assert [(each.address, each.certain) for each in made.instances] == [('x.x["a"]', True), ('x.x["b"]', False)]


def test_items_that_pass_an_unknown_test_are_not_certain() -> None:
    made = root(
        'variable "c" {}\nresource "x" "x" {\n  for_each = { for k in ["a", "b"] : k => k if k == "a" || var.c }\n}\n'
    )
    assert [(each.address, each.certain) for each in made.instances] == [('x.x["a"]', True), ('x.x["b"]', False)]


def test_a_thousand_million_instances_are_one_that_stands_for_many() -> None:
    made = root('resource "x" "x" {\n  count = 1000000000\n}\n')
    assert [(each.many, each.certain) for each in made.instances] == [(True, True)]


# Resources


def test_an_attribute_that_is_written_is_its_value_and_another_is_the_resources() -> None:
    text = """
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  ipv4_ipam_pool_id = null
  timeouts {
    create = "5m"
  }
}

resource "x" "x" {
  cidr    = aws_vpc.a.cidr_block
  id      = aws_vpc.a.id
  null    = aws_vpc.a.ipv4_ipam_pool_id
  block   = aws_vpc.a.timeouts[0].create
  inner   = aws_vpc.a.timeouts[0].delete
  data    = data.aws_vpc.b.id
  missing = aws_vpc.nowhere.id
}

data "aws_vpc" "b" {}
"""
    made = root(text)
    probe = one(made, "x.x")
    assert probe.get("cidr") == "10.0.0.0/16"
    assert probe.get("block") == "5m"
    for name, of, attribute in (
        ("id", "aws_vpc.a", "id"),
        ("null", "aws_vpc.a", "ipv4_ipam_pool_id"),
        ("inner", "aws_vpc.a", "timeouts[0].delete"),
        ("data", "data.aws_vpc.b", "id"),
    ):
        found = probe.get(name)
        assert isinstance(found, Symbol)
        assert (found.text, found.of, found.attribute) == (f"{of}.{attribute}", of, attribute)
    assert made.find(probe.get("missing")) is None


def test_resources_that_refer_to_each_other_evaluate() -> None:
    text = """
resource "aws_security_group" "a" {
  name = aws_security_group.b.description
  description = "a"
}

resource "aws_security_group" "b" {
  name = aws_security_group.a.description
  description = "b"
}
"""
    assert [each.get("name") for each in root(text).instances] == ["b", "a"]


def test_arguments_and_blocks_know_their_lines() -> None:
    made = root('resource "a" "b" {\n  c = 1\n\n  d {\n    e = 2\n  }\n}\n')
    (only,) = made.instances
    assert only.place == Place("main.tf", 1)
    assert only.place_of("c") == Place("main.tf", 2)
    assert only.place_of("d", "e") == Place("main.tf", 5)


def test_dynamic_blocks_are_expanded() -> None:
    text = """
resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = [80, 443]
    iterator = port
    content {
      from_port = port.value
      number    = port.key

      dynamic "inner" {
        for_each = { a = port.value }
        content {
          name = "${inner.key}${inner.value}"
        }
      }
    }
  }

  ingress {
    from_port = 22
  }
}
"""
    (group,) = root(text).instances
    blocks = group.body.blocks["ingress"]
    assert [block.get("from_port") for block in blocks] == [80, 443, 22]
    assert [block.get("number") for block in blocks] == [0, 1, None]
    assert blocks[1].get("inner", "name") == "a443"
    assert not group.body.open


def test_a_dynamic_block_nobody_knows_the_number_of_is_open() -> None:
    text = """
variable "ports" {}

resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port = ingress.value
    }
  }

  dynamic "egress" {
    for_each = var.ports == null ? [] : [1]
    content {}
  }
}
"""
    (group,) = root(text).instances
    assert group.body.open == {"ingress", "egress"}
    assert len(group.body.blocks["ingress"]) == 1


# Module calls

CHILD = """
variable "name" {}

variable "size" {
  default = 3
}

resource "aws_vpc" "this" {
  name = "${var.name}-${var.size}"
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "name" {
  value = var.name
}
"""


def test_a_module_sees_the_arguments_of_its_call_and_the_caller_its_outputs() -> None:
    made = root(
        'module "m" {\n  source = "./m"\n  name = "a"\n}\nresource "x" "x" {\n  id = module.m.vpc_id\n}\n',
        m__main=CHILD,
    )
    vpc = one(made, "module.m.aws_vpc.this")
    assert vpc.get("name") == "a-3"
    assert made.find(one(made, "x.x").get("id")) == vpc
    assert vpc.place.file == "m/main.tf"


def test_a_module_with_for_each_is_there_once_for_each_key() -> None:
    text = """
module "m" {
  source   = "./m"
  for_each = { b = "x", a = "y" }
  name     = each.value
}

resource "x" "x" {
  one   = module.m["a"].name
  all   = values(module.m)[*].name
  pairs = { for key, made in module.m : key => made.vpc_id }
}
"""
    made = root(text, m__main=CHILD)
    assert one(made, 'module.m["b"].aws_vpc.this').get("name") == "x-3"
    probe = one(made, "x.x")
    assert probe.get("one") == "y"
    assert probe.get("all") == ("y", "x")
    assert made.find(probe.get("pairs", "b")) == one(made, 'module.m["b"].aws_vpc.this')


def test_what_a_module_of_unknown_number_makes_is_not_certain() -> None:
    text = """
variable "all" {}

module "m" {
  source   = "./m"
  for_each = var.all
  name     = each.key
}

resource "x" "x" {
  for_each = var.all
  id       = module.m[each.key].vpc_id
  other    = module.m["a"].vpc_id
  ids      = [for made in module.m : made.vpc_id]
}
"""
    made = root(text, m__main=CHILD)
    vpc, probe = one(made, "module.m[each.key].aws_vpc.this"), one(made, "x.x[each.key]")
    assert (vpc.certain, vpc.many) == (False, True)
    assert [made.find(probe.get(name)) for name in ("id", "other", "ids")] == [vpc] * 3
    assert probe.get("id") != probe.get("other")


def test_a_module_that_is_not_made_makes_nothing() -> None:
    made = root(
        'module "m" {\n  source = "./m"\n  count = 0\n  name = "a"\n}\n'
        'module "n" {\n  source = "x/y/aws"\n  count = 0\n}\n',
        m__main=CHILD,
    )
    assert (made.instances, made.unread) == ((), ())


def test_a_module_from_a_registry_that_is_not_known_is_unread_and_its_outputs_are_symbols() -> None:
    made = root(
        'module "m" {\n  source = "cloudposse/vpc/aws"\n}\nresource "x" "x" {\n  for_each = toset(["a"])\n'
        "  id = module.m.vpc_id\n}\n"
    )
    reason = "is cloudposse/vpc/aws, whose inside is not known here"
    assert made.unread == (Unread("module.m", reason, Place("main.tf", 1), "cloudposse/vpc/aws"),)
    assert made.instances[0].get("id") == Symbol("module.m.vpc_id")


@pytest.mark.parametrize(
    ("provider", "region"),
    [
        ('provider "aws" {\n  region = var.region\n}\n', "eu-west-1"),
        ('provider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\n', None),
        ("", None),
    ],
)
def test_the_region_of_the_provider_without_an_alias_is_the_root_modules(provider: str, region: str | None) -> None:
    assert root(f'variable "region" {{\n  default = "eu-west-1"\n}}\n{provider}').region == region


def test_a_community_module_makes_its_resources() -> None:
    text = """
module "vpc" {
  source          = "terraform-aws-modules/vpc/aws"
  version         = "5.8.1"
  cidr            = "10.0.0.0/16"
  azs             = ["eu-west-1a", "eu-west-1b"]
  private_subnets = ["10.0.1.0/24", "10.0.2.0/24"]
}
"""
    made = root(text)
    assert "module.vpc.aws_vpc.this[0]" in addresses(made)


# What must neither crash nor hang


def test_modules_that_call_ten_modules_each_end(request: pytest.FixtureRequest) -> None:
    files = {}
    for level in range(8):
        calls = "".join(f'module "m{n}" {{\n  source = "../l{level + 1}"\n  count = 400\n}}\n' for n in range(10))
        files[f"l{level}/main.tf"] = f'{calls}resource "a" "b" {{}}\n'
    files["l8/main.tf"] = 'resource "a" "b" {}\n'
    (made,) = roots(files)
    assert any("too large" in each.reason for each in made.unread)


def test_locals_that_double_end() -> None:
    doubling = "\n".join(f"  a{n} = [local.a{n - 1}, local.a{n - 1}]" for n in range(1, 60))
    texts = "\n".join(f'  t{n} = "${{local.t{n - 1}}}${{local.t{n - 1}}}"' for n in range(1, 60))
    probe = 'resource "x" "x" {\n  a = local.a59\n  t = local.t59\n}\n'
    made = root(f'locals {{\n  a0 = [1]\n  t0 = "x"\n{doubling}\n{texts}\n}}\n{probe}')
    assert isinstance(made.instances[0].get("t"), Symbol | Joined)


def test_a_long_chain_of_locals_ends() -> None:
    chain = "\n".join(f"  a{n} = local.a{n - 1}" for n in range(1, 3000))
    assert isinstance(value("local.a2999", f"locals {{\n  a0 = 1\n{chain}\n}}"), Symbol)


def test_blocks_without_their_labels_do_not_stop_the_rest() -> None:
    made = root('resource "a" {}\nmodule {}\nvariable {}\nlocals "a" {}\nresource "a" "d" {}\nprovider {}\n')
    assert addresses(made) == ["a.d"]


def test_the_readable_part_of_a_broken_file_counts() -> None:
    assert "a.b" in addresses(root('resource "a" "b" {}\nresource "a" "c" {\n  d = "\n}\n'))


# What does not parse

CONFLICT = "<<<<<<< yours\n  b = 2\n=======\n  b = 3\n>>>>>>> scaffold 1.0"
DEFAULT = 'variable "single" {\n  default = true\n}\nresource "x" "y" {\n  single = var.single\n}\n'


def test_a_call_that_does_not_parse_leaves_no_variable_its_default() -> None:
    call = 'module "m" {{\n  source = "./m"\n{}\n}}\n'
    made = root(call.format("  a = 1"), m__main=DEFAULT)
    assert one(made, "module.m.x.y").get("single") is True
    made = root(call.format(CONFLICT), m__main=DEFAULT)
    found = next(each for each in made.instances if each.type == "x")
    assert isinstance(found.get("single"), Symbol)
    assert not found.certain


def test_of_a_resource_that_does_not_parse_nothing_is_absent_and_no_value_known() -> None:
    made = root(f'resource "x" "y" {{\n  a = 1\n{CONFLICT}\n}}\n')
    found = one(made, "x.y")
    assert isinstance(found.get("b"), Symbol)
    assert isinstance(found.get("never_written"), Symbol)
    assert isinstance(found.get("never", "written"), Symbol)
    assert not found.certain
