"""A rendering against repositories of another making: parts are matched by what they do, whatever they are called."""

from functools import cache

import pytest

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_settings, merge
from scaffold.compare.difference import ResourceDifference, ResourceStatus
from scaffold.compare.particulars import particulars
from scaffold.compare.parts import COMPARED, IMPLIED, cast_of
from scaffold.compare.roles import compare_roles
from scaffold.compare.uses import OWNERS
from scaffold.files import File
from scaffold.presets import find_preset, load_presets
from scaffold.render import render
from scaffold.repository.model import Repository
from scaffold.repository.reading import repository_of

PRESETS = [preset.name for preset in load_presets()]

NETWORK = """
resource "aws_vpc" "it" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "it" {
  vpc_id = aws_vpc.it.id
}

locals {
  zones = { a = 0, b = 1, c = 2 }
}

resource "aws_subnet" "inside" {
  for_each          = local.zones
  vpc_id            = aws_vpc.it.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 3, each.value)
  availability_zone = "us-east-1${each.key}"
  tags              = { "kubernetes.io/role/internal-elb" = 1 }
}

resource "aws_subnet" "outside" {
  for_each          = local.zones
  vpc_id            = aws_vpc.it.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 6, 48 + each.value)
  availability_zone = "us-east-1${each.key}"
  tags              = { "kubernetes.io/role/elb" = 1 }
}

resource "aws_internet_gateway" "door" {
  vpc_id = aws_vpc.it.id
}

resource "aws_route_table" "outside" {
  vpc_id = aws_vpc.it.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.door.id
  }
}

resource "aws_route_table_association" "outside" {
  for_each       = local.zones
  subnet_id      = aws_subnet.outside[each.key].id
  route_table_id = aws_route_table.outside.id
}

resource "aws_eip" "out" {
  for_each = local.zones
}

resource "aws_nat_gateway" "out" {
  for_each      = local.zones
  allocation_id = aws_eip.out[each.key].id
  subnet_id     = aws_subnet.outside[each.key].id
}

resource "aws_route_table" "inside" {
  for_each = local.zones
  vpc_id   = aws_vpc.it.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.out[each.key].id
  }
}

resource "aws_route_table_association" "inside" {
  for_each       = local.zones
  subnet_id      = aws_subnet.inside[each.key].id
  route_table_id = aws_route_table.inside[each.key].id
}

resource "aws_vpc_endpoint" "gateways" {
  for_each        = toset(["s3", "dynamodb"])
  vpc_id          = aws_vpc.it.id
  service_name    = "com.amazonaws.us-east-1.${each.key}"
  route_table_ids = values(aws_route_table.inside)[*].id
}

resource "aws_vpc_endpoint" "interfaces" {
  for_each            = toset(["ecr.api", "ecr.dkr", "logs", "sts"])
  vpc_id              = aws_vpc.it.id
  service_name        = "com.amazonaws.us-east-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = values(aws_subnet.inside)[*].id
  security_group_ids  = [aws_security_group.doors.id]
}

resource "aws_security_group" "doors" {
  vpc_id = aws_vpc.it.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_flow_log" "it" {
  vpc_id          = aws_vpc.it.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flows.arn
  iam_role_arn    = aws_iam_role.flows.arn
}

resource "aws_cloudwatch_log_group" "flows" {
  name              = "flows"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.flows.arn
}

resource "aws_kms_key" "flows" {
  enable_key_rotation = true
}

resource "aws_iam_role" "flows" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })
}

resource "aws_route53_resolver_query_log_config" "names" {
  name            = "names"
  destination_arn = aws_cloudwatch_log_group.names.arn
}

resource "aws_route53_resolver_query_log_config_association" "names" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.names.id
  resource_id                  = aws_vpc.it.id
}

resource "aws_cloudwatch_log_group" "names" {
  name              = "names"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.names.arn
}

resource "aws_kms_key" "names" {
  enable_key_rotation = true
}
"""
"""What the network preset renders for production, as somebody else might have written it."""


@cache
def rendering(preset: str, *settings: str) -> Repository:
    files = render(resolve(merge([find_preset(preset).source, from_settings(settings)]))).files
    return repository_of(files)


def foreign(text: str, path: str = "live/prod/main.tf", **more: str) -> Repository:
    others = [File(name.replace("__", "/") + ".yaml", content) for name, content in more.items()]
    return repository_of([File(path, text), *others])


def differences(
    text: str, preset: str = "network-only", path: str = "live/prod/main.tf", **more: str
) -> dict[str, ResourceDifference]:
    return {each.address: each for each in compare_roles(rendering(preset), foreign(text, path, **more))}


def without(kind: str, name: str, text: str = NETWORK) -> str:
    """Take one resource out of a text."""
    start = text.index(f'resource "{kind}" "{name}"')
    return text[:start] + text[text.index("\n}\n", start) + 3 :]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_rendering_differs_in_nothing_from_itself(preset: str) -> None:
    assert compare_roles(rendering(preset), rendering(preset)) == ()


def test_every_type_that_is_rendered_is_compared_or_says_more_about_one_that_is() -> None:
    types = {
        each.type for preset in PRESETS for root in rendering(preset).roots for each in root.instances if not each.data
    }
    assert types - COMPARED - OWNERS.keys() <= IMPLIED


def test_another_naming_and_another_way_of_writing_are_no_difference() -> None:
    assert differences(NETWORK) == {}


def test_a_changed_argument_names_both_sides_and_their_places() -> None:
    found = differences(NETWORK.replace("retention_in_days = 365", "retention_in_days = 7", 1))
    (difference,) = found.values()
    assert difference.address == "live/prod: aws_cloudwatch_log_group.flows"
    assert difference.rendered_address == "environments/prod: module.network.aws_cloudwatch_log_group.flow_logs"
    assert difference.status is ResourceStatus.CHANGED
    (attribute,) = difference.attributes
    assert (attribute.path, attribute.known) == ("retention_in_days", True)
    assert attribute.rendered is not None
    assert attribute.there is not None
    assert (attribute.rendered.text, attribute.there.text) == ("365", "7")
    assert attribute.there.place.file == "live/prod/main.tf"
    assert (
        NETWORK.replace("= 365", "= 7").splitlines()[attribute.there.place.line - 1].strip() == "retention_in_days = 7"
    )


def test_an_argument_that_is_left_out_is_compared_by_its_default() -> None:
    unset = NETWORK.replace("  enable_dns_hostnames = true\n", "")
    (difference,) = differences(unset).values()
    (attribute,) = difference.attributes
    assert (attribute.path, attribute.there) == ("enable_dns_hostnames", None)
    assert (
        differences(
            NETWORK.replace("enable_dns_hostnames = true", "enable_dns_hostnames = true\n  enable_dns_support = true")
        )
        == {}
    )


@pytest.mark.parametrize(("kind", "name"), [("aws_flow_log", "it"), ("aws_default_security_group", "it")])
def test_what_is_not_there_is_missing(kind: str, name: str) -> None:
    missing = [each for each in differences(without(kind, name)).values() if each.status is ResourceStatus.MISSING]
    assert [each.address.rpartition(".")[0].rpartition(".")[2] for each in missing] == [kind]
    assert missing[0].place.file.startswith("modules/network/")


def test_a_single_nat_gateway_lacks_those_of_the_other_zones_and_its_routes_lead_elsewhere() -> None:
    single = NETWORK.replace(
        'resource "aws_nat_gateway" "out" {\n  for_each      = local.zones', 'resource "aws_nat_gateway" "out" {'
    )
    single = single.replace("aws_eip.out[each.key].id", 'aws_eip.out["a"].id')
    single = single.replace(
        "subnet_id     = aws_subnet.outside[each.key].id", 'subnet_id     = aws_subnet.outside["a"].id'
    )
    single = single.replace("aws_nat_gateway.out[each.key].id", "aws_nat_gateway.out.id")
    found = differences(single)
    gateways = [each for each in found.values() if "aws_nat_gateway" in each.address]
    assert [each.status for each in gateways] == [ResourceStatus.MISSING] * 2
    tables = [found[f'live/prod: aws_route_table.inside["{zone}"]'] for zone in "bc"]
    assert [[each.path for each in table.attributes] for table in tables] == [["routes.0.0.0.0/0"]] * 2


def test_what_hides_in_a_module_nobody_knows_is_unknown_not_missing() -> None:
    hidden = (
        without("aws_flow_log", "it") + 'module "logs" {\n  source = "registry.acme.example/platform/logs/aws"\n}\n'
    )
    found = [each for each in differences(hidden).values() if "aws_flow_log" in each.address]
    assert [each.status for each in found] == [ResourceStatus.UNKNOWN]


def test_a_value_nobody_can_evaluate_is_unknown() -> None:
    asked = NETWORK.replace("retention_in_days = 365", "retention_in_days = var.days", 1) + 'variable "days" {}\n'
    (difference,) = differences(asked).values()
    assert difference.status is ResourceStatus.UNKNOWN
    assert [each.known for each in difference.attributes] == [False]


def test_what_no_rendering_makes_is_left_alone_and_what_some_does_is_extra() -> None:
    more = NETWORK + 'resource "aws_db_instance" "orders" {}\nresource "aws_sqs_queue" "orders" {}\n'
    (difference,) = differences(more).values()
    assert (difference.address, difference.status) == ("live/prod: aws_sqs_queue.orders", ResourceStatus.EXTRA)


def test_a_rule_that_lets_in_the_world_is_a_difference_of_the_group() -> None:
    (difference,) = differences(
        NETWORK.replace('cidr_blocks = ["10.0.0.0/16"]', 'cidr_blocks = ["0.0.0.0/0"]')
    ).values()
    assert difference.address == "live/prod: aws_security_group.doors"
    assert [each.path for each in difference.attributes] == ["ingress"]


def test_a_rule_for_the_vpcs_block_is_the_same_whatever_that_block_is() -> None:
    found = differences(NETWORK.replace("10.0.0.0/16", "10.77.0.0/16"))
    assert {path for each in found.values() for path in (one.path for one in each.attributes)} == {"cidr_block"}


def test_a_root_module_that_only_makes_other_things_is_not_compared() -> None:
    assert differences('resource "aws_route53_zone" "it" {\n  name = "example.com"\n}\n', path="dns/main.tf") == {}


def test_an_environment_is_compared_with_the_rendered_one_of_its_name() -> None:
    found = differences(NETWORK, path="live/dev/main.tf")
    assert all(each.rendered_address.startswith(("environments/dev: ", "")) for each in found.values())
    assert any("environments/dev" in each.rendered_address for each in found.values())


def test_where_all_is_in_a_module_nobody_knows_all_is_unknown() -> None:
    found = differences('module "all" {\n  source = "acme/platform/aws"\n}\n')
    assert {each.status for each in found.values()} == {ResourceStatus.UNKNOWN}
    assert all("module.all" in each.reason for each in found.values())


def test_the_provider_lacks_the_default_tags_it_lacks() -> None:
    provider = 'provider "aws" {\n  default_tags {\n    tags = { owner = "x", Project = "y" }\n  }\n}\n'
    (difference,) = differences(NETWORK + provider).values()
    assert difference.address == "live/prod: provider.aws"
    lacking = [each.path for each in difference.attributes]
    assert lacking == ["default_tags.CostCenter", "default_tags.Environment", "default_tags.ManagedBy"]
    asked = differences(NETWORK + provider.replace('{ owner = "x", Project = "y" }', "var.tags"))
    assert [each.status for each in asked.values()] == [ResourceStatus.UNKNOWN]


def test_layers_of_one_environment_make_up_what_each_of_them_lacks() -> None:
    flow = [part for part in NETWORK.split("\nresource ") if part.startswith('"aws_iam_role"')]
    roles = "".join(f"\nresource {part}" for part in flow)
    rest = NETWORK.replace(roles, "\n").replace("aws_iam_role.flows.arn", "data.aws_iam_role.flows.arn")
    files = [
        File("prod/network/main.tf", rest),
        File("prod/iam/main.tf", roles + "\n" + 'resource "aws_lambda_function" "x" {}\n'),
    ]
    found = compare_roles(rendering("network-only"), repository_of(files))
    assert not [each for each in found if each.status is ResourceStatus.MISSING]


def test_an_identifier_is_not_taken_for_another_resource() -> None:
    cluster = (
        'resource "aws_eks_cluster" "it" {\n  name     = "it"\n  role_arn = "arn:aws:iam::111122223333:role/eks"\n}\n'
    )
    found = differences(NETWORK + cluster, preset="eks-auto-prod")
    known = {each.path: each.known for each in found["live/prod: aws_eks_cluster.it"].attributes}
    assert known["role_arn"] is False
    assert known["version"] is False
    assert known["deletion_protection"] is True


def test_node_pools_are_matched_by_what_they_buy() -> None:
    pool = (
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: cheap}\n"
        "spec:\n  weight: 5\n  template:\n    spec:\n"
        "      requirements:\n        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}\n"
        "        - {key: kubernetes.io/arch, operator: In, values: [amd64]}\n"
    )
    cluster = NETWORK + 'resource "aws_eks_cluster" "it" {\n  name     = "it"\n  role_arn = "arn"\n}\n'
    found = differences(cluster, preset="eks-auto-prod", k8s__pools=pool)
    changed = {each.path: each for each in found["k8s: NodePool cheap"].attributes}
    assert found["k8s: NodePool cheap"].rendered_address == "k8s/prod: NodePool spot"
    assert changed["spec.weight"].there is not None
    assert changed["spec.weight"].there.text == "5"
    assert found["k8s/prod: StorageClass gp3"].status is ResourceStatus.MISSING


def test_the_zone_of_a_subnet_is_its_number_not_its_name() -> None:
    root = next(root for root in foreign(NETWORK).roots)
    cast = cast_of(root)
    subnet = next(each for each in root.instances if each.address == 'aws_subnet.inside["b"]')
    assert particulars(cast, subnet)["availability_zone"].value == "zone 2"


def test_tags_nobody_knows_make_no_subnet_one_for_pods() -> None:
    unknown = NETWORK.replace('{ "kubernetes.io/role/internal-elb" = 1 }', "var.tags") + 'variable "tags" {}\n'
    (root,) = foreign(unknown).roots
    assert {cast_of(root).layout.places[f'aws_subnet.inside["{zone}"]'] for zone in "abc"} == {
        "private 1",
        "private 2",
        "private 3",
    }


def test_what_refers_to_something_that_may_not_be_there_is_unknown() -> None:
    found = differences(
        NETWORK.replace(
            'resource "aws_kms_key" "flows" {', 'resource "aws_kms_key" "flows" {\n  count = var.own ? 1 : 0'
        ).replace("aws_kms_key.flows.arn", "one(aws_kms_key.flows[*].arn)")
        + 'variable "own" {}\n'
    )
    group = [each for each in found.values() if each.address.endswith("aws_cloudwatch_log_group.flows")]
    assert [each.status for each in group] == [ResourceStatus.UNKNOWN]


@pytest.mark.parametrize(
    ("destination", "known"),
    [
        ("arn:aws:s3:::flows", True),
        ("arn:aws:logs:us-east-1:111122223333:log-group:flows", False),
        ("arn:aws:firehose:us-east-1:111122223333:deliverystream/flows", True),
    ],
)
def test_an_arn_of_another_service_is_another_thing_for_sure(destination: str, known: bool) -> None:
    text = NETWORK.replace("aws_cloudwatch_log_group.flows.arn", f'"{destination}"')
    (log,) = [each for each in differences(text).values() if each.address.endswith("aws_flow_log.it")]
    assert {each.path: each.known for each in log.attributes}["log_destination"] is known


@pytest.mark.parametrize(
    "source",
    ["terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks", "cloudposse/label/null"],
)
def test_a_module_for_other_things_does_not_hide_a_flow_log(source: str) -> None:
    text = without("aws_flow_log", "it") + f'module "other" {{\n  source = "{source}"\n}}\n'
    (log,) = [each for each in differences(text).values() if "aws_flow_log" in each.address]
    assert log.status is ResourceStatus.MISSING
