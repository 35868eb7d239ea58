"""The networks of a root module: roles of subnets, NAT modes, endpoints and security groups, from Terraform's text."""

import pytest

from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.endpoints import service_name
from scaffold.facts.network import Network, networks_of
from scaffold.facts.zones import distinct_zones, same_zone
from scaffold.files import File
from scaffold.repository.reading import repository_of

VPC = """
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  for_each          = toset(["a", "b"])
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_subnet" "private" {
  for_each          = toset(["a", "b"])
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = aws_subnet.private
  vpc_id   = aws_vpc.this.id
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}
"""

NAT = """
resource "aws_nat_gateway" "this" {
  for_each  = toset(["a", "b"])
  subnet_id = aws_subnet.public[each.key].id
}

resource "aws_route" "nat" {
  for_each               = toset(["a", "b"])
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}
"""


def network(text: str) -> Network:
    (root,) = repository_of([File("main.tf", text)]).roots
    return next(networks_of(root))


@pytest.mark.parametrize(
    ("written", "production"),
    [
        ('resource "aws_vpc" "x" {\n  for_each = toset(["dev"])\n}\n', False),
        ('resource "aws_vpc" "x" {\n  for_each = toset(["prod"])\n}\n', True),
        ('resource "aws_vpc" "x" {\n  for_each = toset(["non-prod"])\n}\n', False),
        ('resource "aws_vpc" "x" {\n  tags = { Environment = "staging" }\n}\n', False),
        ('resource "aws_vpc" "x" {\n  tags = { env = "prod", Name = "dev-and-prod" }\n}\n', True),
        ('resource "aws_vpc" "x" {\n  tags = { Name = "acme-dev" }\n}\n', False),
        ('resource "aws_vpc" "x" {\n  tags = { Name = "acme-dev-prod" }\n}\n', None),
        ('resource "aws_vpc" "x" {\n  tags = { Name = "acme", Team = "dev" }\n}\n', None),
        ('resource "aws_vpc" "dev" {\n}\n', False),
        ('resource "aws_vpc" "x" {\n  tags = var.tags\n}\nvariable "tags" {}\n', None),
        ('resource "aws_vpc" "x" {\n}\n', None),
    ],
)
def test_a_vpc_says_by_its_key_tags_and_name_whether_it_is_production(written: str, production: bool | None) -> None:
    assert network(written).production is production


def test_what_the_root_module_says_of_production_goes_before_what_its_vpc_says() -> None:
    (root,) = repository_of([File("environments/prod/main.tf", 'resource "aws_vpc" "dev" {\n}\n')]).roots
    assert next(networks_of(root)).production is True


@pytest.mark.parametrize(
    ("kind", "service", "doubted"),
    [
        ("Gateway", "s3", True),
        ("Gateway", "dynamodb", False),
        ("Gateway", "", True),
        ("Interface", "s3", False),
        ("Interface", "", False),
        ("", "", True),
    ],
)
def test_an_endpoint_of_unknown_count_is_a_doubt_of_its_own_kind_and_service_alone(
    kind: str, service: str, doubted: bool
) -> None:
    text = (
        VPC + 'variable "s3" {}\nresource "aws_vpc_endpoint" "s3" {\n  count = var.s3 ? 1 : 0\n'
        '  vpc_id = aws_vpc.this.id\n  service_name = "com.amazonaws.eu-west-1.s3"\n}\n'
    )
    services = (service,) if service else ()
    assert bool(network(text).doubt_of_endpoints(*services, kind=kind)) is doubted
    stray = text.replace("  vpc_id = aws_vpc.this.id\n  service", "  vpc_id = var.s3\n  service").replace(
        "var.s3 ?", "true ?"
    )
    assert bool(network(stray).doubt_of_endpoints(*services, kind=kind)) is doubted


def roles(text: str) -> dict[str, str]:
    return {subnet.instance.address.removeprefix("aws_subnet."): subnet.role for subnet in network(text).subnets}


def test_a_subnets_role_is_where_the_default_route_of_its_table_leads() -> None:
    assert roles(VPC) == {'public["a"]': "public", 'public["b"]': "public"} | {
        'private["a"]': "isolated",
        'private["b"]': "isolated",
    }
    assert roles(VPC + NAT)['private["a"]'] == "private"


def test_a_subnet_without_an_association_uses_the_main_table() -> None:
    alone = VPC + 'resource "aws_subnet" "alone" {\n  vpc_id = aws_vpc.this.id\n}\n'
    main = (
        'resource "aws_default_route_table" "main" {\n  default_route_table_id = aws_vpc.this.default_route_table_id\n'
        '  route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.this.id\n  }\n}\n'
    )
    route = (
        'resource "aws_route" "main" {\n  route_table_id = aws_vpc.this.main_route_table_id\n'
        '  destination_cidr_block = "0.0.0.0/0"\n  gateway_id = aws_internet_gateway.this.id\n}\n'
    )
    assert roles(alone)["alone"] == "isolated"
    assert roles(alone + main)["alone"] == "public"
    assert roles(alone + route)["alone"] == "public"


@pytest.mark.parametrize(
    "more",
    [
        'resource "aws_route_table_association" "x" {\n  subnet_id = var.id\n  route_table_id = var.id\n}\n',
        'resource "aws_route" "x" {\n  route_table_id = var.id\n  destination_cidr_block = "0.0.0.0/0"\n'
        "  gateway_id = aws_internet_gateway.this.id\n}\n",
    ],
)
def test_a_role_is_not_known_where_an_association_or_a_route_may_be_its(more: str) -> None:
    alone = 'variable "id" {}\nresource "aws_subnet" "alone" {\n  vpc_id = aws_vpc.this.id\n}\n'
    assert roles(VPC + alone + more)["alone"] == "unknown"


SINGLE = """
resource "aws_nat_gateway" "this" {
  subnet_id = aws_subnet.public["a"].id
}
"""

REGIONAL = 'resource "aws_nat_gateway" "r" {\n  availability_mode = "regional"\n  vpc_id = aws_vpc.this.id\n}\n'


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("", "none"),
        (NAT, "per-az"),
        (SINGLE, "single"),
        (SINGLE + 'variable "s" {}\nresource "aws_nat_gateway" "x" {\n  subnet_id = var.s\n}\n', "unknown"),
        (SINGLE + 'variable "t" {}\nresource "aws_route_table_association" "x" {\n  subnet_id = aws_subnet.one.id\n'
         '  route_table_id = var.t\n}\nresource "aws_subnet" "one" {\n  vpc_id = aws_vpc.this.id\n}\n', "unknown"),
        (NAT.replace("aws_subnet.public[each.key]", 'aws_subnet.public["a"]'), "mixed"),
        (NAT.replace('toset(["a", "b"])', "var.unknown", 1) + 'variable "unknown" {}\n', "unknown"),
        (REGIONAL, "regional"),
        (REGIONAL.replace('"regional"', "var.m") + 'variable "m" {}\n', "unknown"),
        ('module "nat" {\n  source = "example/nat/aws"\n}\n', "unknown"),
        ('module "iam" {\n  source = "terraform-aws-modules/iam/aws"\n}\n', "none"),
        ('variable "s" {}\nresource "aws_nat_gateway" "x" {\n  subnet_id = var.s\n}\n', "unknown"),
    ],
)  # fmt: skip
def test_the_nat_mode_is_told_from_the_gateways_and_their_zones(text: str, mode: str) -> None:
    assert network(VPC + text).nat_mode == mode


def test_what_belongs_to_another_vpc_is_left_out_and_what_may_is_told() -> None:
    of = network(
        VPC + 'resource "aws_vpc" "two" {\n}\nresource "aws_subnet" "two" {\n  vpc_id = aws_vpc.two.id\n}\n'
        'data "aws_vpc" "three" {}\nresource "aws_subnet" "three" {\n  vpc_id = data.aws_vpc.three.id\n}\n'
        'variable "vpc" {}\nresource "aws_vpc_endpoint" "four" {\n  vpc_id = var.vpc\n}\n'
    )
    assert {subnet.instance.name for subnet in of.subnets} == {"public", "private"}
    assert [each.address for each in of.stray] == ["aws_vpc_endpoint.four"]
    assert "aws_vpc_endpoint.four belongs to aws_vpc.this" in of.doubt("aws_vpc_endpoint")
    assert of.doubt("aws_subnet") == ""


REGION = Symbol("var.region")


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("com.amazonaws.eu-west-1.s3", "s3"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "ecr.dkr"),
        ("cn.com.amazonaws.cn-north-1.sts", "sts"),
        (Joined(("com.amazonaws.", REGION, ".ecr.api")), "ecr.api"),
        (Joined(("com.amazonaws.", REGION, ".", Symbol("each.value"))), None),
        (Joined((REGION, ".s3")), None),
        ("com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d", None),
        ("com.example.vpce", None),
        (REGION, None),
        (None, None),
    ],
)
def test_a_services_short_name_is_told_without_its_region(name: Value, service: str | None) -> None:
    assert service_name(name) == service


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("eu-west-1a", "eu-west-1a", True),
        ("eu-west-1a", "eu-west-1b", False),
        ("use1-az1", "use1-az2", False),
        ("us-east-1a", "use1-az1", None),
        (Symbol("names[0]"), Symbol("names[0]"), True),
        (Symbol("names[0]"), Symbol("names[1]"), False),
        (Symbol("names[0]"), Symbol("others[1]"), None),
        (Symbol("names[0]"), "eu-west-1a", None),
        (Joined((REGION, "a")), Joined((REGION, "b")), False),
        (Joined((REGION, "a")), Joined((Symbol("var.other"), "a")), None),
        (None, None, None),
    ],
)
def test_zones_are_compared_as_far_as_they_are_known(one: Value, other: Value, same: bool | None) -> None:
    assert same_zone(one, other) is same
    assert same_zone(other, one) is same


def test_distinct_zones_are_counted_only_if_all_can_be_told_apart() -> None:
    assert distinct_zones(["eu-west-1a", "eu-west-1b", "eu-west-1a"]) == ("eu-west-1a", "eu-west-1b")
    assert distinct_zones([Symbol("var.a"), Symbol("var.b")]) is None


@pytest.mark.parametrize(
    "rules",
    [
        'resource "aws_security_group" "g" {\n  ingress {\n    from_port = 443\n    to_port = 443\n'
        '    protocol = "tcp"\n    cidr_blocks = ["10.0.0.0/16"]\n  }\n}\n',
        'resource "aws_security_group" "g" {\n  ingress = [{ from_port = 443, to_port = 443, protocol = "tcp", '
        'cidr_blocks = ["10.0.0.0/16"] }]\n}\n',
        'resource "aws_security_group" "g" {\n}\nresource "aws_security_group_rule" "r" {\n  type = "ingress"\n'
        "  security_group_id = aws_security_group.g.id\n  from_port = 443\n  to_port = 443\n"
        '  protocol = "tcp"\n  cidr_blocks = ["10.0.0.0/16"]\n}\n',
        'resource "aws_security_group" "g" {\n}\nresource "aws_vpc_security_group_ingress_rule" "r" {\n'
        "  security_group_id = aws_security_group.g.id\n  from_port = 443\n  to_port = 443\n"
        '  ip_protocol = "tcp"\n  cidr_ipv4 = "10.0.0.0/16"\n}\n',
        'resource "aws_security_group" "g" {\n  dynamic "ingress" {\n    for_each = [443]\n    content {\n'
        '      from_port = ingress.value\n      to_port = ingress.value\n      protocol = "tcp"\n'
        '      cidr_blocks = ["10.0.0.0/16"]\n    }\n  }\n}\n',
    ],
)
def test_a_rule_is_the_same_rule_whichever_way_it_is_written(rules: str) -> None:
    group = network(VPC + rules).groups["aws_security_group.g"]
    (rule,) = group.ingress()
    assert (rule.protocol, rule.from_port, rule.to_port, rule.cidrs, rule.certain) == (
        "tcp",
        443,
        443,
        ("10.0.0.0/16",),
        True,
    )
    assert (group.egress(), group.open, group.stray) == ((), "", "")


def test_rules_that_cannot_be_evaluated_leave_the_group_open() -> None:
    dynamic = (
        'variable "r" {}\nresource "aws_security_group" "g" {\n'
        '  dynamic "ingress" {\n    for_each = var.r\n    content {}\n  }\n}\n'
    )
    assert network(VPC + dynamic).groups["aws_security_group.g"].open
    direction = (
        'variable "d" {}\nresource "aws_security_group" "g" {\n}\nresource "aws_security_group_rule" "r" {\n'
        "  security_group_id = aws_security_group.g.id\n  type = var.d\n}\n"
    )
    assert network(VPC + direction).groups["aws_security_group.g"].open == "aws_security_group_rule.r"
    stray = (
        'variable "g" {}\nresource "aws_security_group" "g" {\n}\n'
        'resource "aws_security_group_rule" "r" {\n  security_group_id = var.g\n}\n'
    )
    assert network(VPC + stray).groups["aws_security_group.g"].stray == "aws_security_group_rule.r"


def test_one_nat_gateway_is_one_for_each_zone_only_in_the_only_zone() -> None:
    one_zone = (VPC + NAT).replace('"eu-west-1${each.key}"', '"eu-west-1a"')
    alone = one_zone.replace(
        """  for_each  = toset(["a", "b"])
  subnet_id = aws_subnet.public[each.key].id""",
        '  subnet_id = aws_subnet.public["a"].id',
    )
    alone = alone.replace("aws_nat_gateway.this[each.key]", "aws_nat_gateway.this")
    assert network(alone).nat_mode == "per-az"
    elsewhere = alone.replace('availability_zone = "eu-west-1a"', 'availability_zone = "eu-west-1c"', 1)
    assert network(elsewhere).nat_mode == "single"
