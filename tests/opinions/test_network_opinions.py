"""N1 to N10, on repositories in the styles found in the wild and on what scaffold renders, whole and broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions import n1, n2, n3, n4, n5, n6, n7, n8, n9, n10
from scaffold.opinions.opinion import Judgement, Opinion, Status
from scaffold.render import render
from scaffold.repository.model import Repository
from scaffold.repository.reading import read_repository, repository_of
from tests.support.rendering import preset, project, with_text

OPINIONS: tuple[Opinion, ...] = tuple(module.OPINION for module in (n1, n2, n3, n4, n5, n6, n7, n8, n9, n10))

REPOSITORIES = sorted(Path(__file__).with_name("repositories").glob("net_*"))

PRESETS = ("eks-auto-dev", "eks-auto-prod", "lmi-private", "lmi-steady", "network-only", "platform")


def judged(repository: Repository) -> Iterator[tuple[str, Judgement]]:
    facts = facts_of(repository)
    for opinion in OPINIONS:
        for judgement in opinion.judge(facts):
            yield opinion.id, judgement


def faults(files: tuple[File, ...]) -> list[tuple[str, str, str]]:
    return [
        (name, str(judgement.status), judgement.message)
        for name, judgement in judged(repository_of(files))
        if judgement.status is not Status.KEPT
    ]


@pytest.mark.parametrize("folder", REPOSITORIES, ids=lambda folder: folder.name)
def test_a_foreign_repository_is_judged_line_by_line(folder: Path) -> None:
    found = sorted(
        f"{name} {judgement.status} {judgement.place.file}:{judgement.place.line}"
        for name, judgement in judged(read_repository(folder))
    )
    assert found == sorted((folder / "EXPECTED").read_text().splitlines())


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_keeps_every_opinion(name: str) -> None:
    files = preset(name).files
    assert faults(files) == []
    # N4 is about interface endpoints and N10 about networks without NAT, and not every preset has those.
    assert {each for each, _ in judged(repository_of(files))} | {"N4", "N10"} == {opinion.id for opinion in OPINIONS}


@pytest.mark.parametrize("azs", [2, 3, 6])
@pytest.mark.parametrize("nat", ["per-az", "single", "regional", "none"])
def test_every_nat_mode_keeps_every_opinion_for_any_number_of_zones(nat: str, azs: int) -> None:
    answers = {"environments": {"dev": {}}, "azs": azs, "network": {"nat": nat, "endpoints": "standard"}}
    assert faults(render(project(answers=answers)).files) == []


def changed(files: tuple[File, ...], path: str, old: str, new: str) -> Iterator[File]:
    for file in files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old!r}"
            yield with_text(file, file.text.replace(old, new, 1))
        else:
            yield file


NETWORK = "modules/network"
SECOND_NAT = "aws_nat_gateway.this[each.value].id"
S3 = 'resource "aws_vpc_endpoint" "s3" {'
AZ0 = "var.availability_zones[0]"
DEFAULT = "  vpc_id = aws_vpc.this.id\n"
RULE = "  cidr_ipv4         = each.value\n  from_port         = 443"

MUTATIONS = [
    ("N1", "nat.tf", SECOND_NAT, f"aws_nat_gateway.this[{AZ0}].id"),
    ("N1", "nat.tf", "az => az }", "az => var.availability_zones[0] }"),
    ("N2", "endpoints_gateway.tf", '"com.amazonaws.${var.region}.s3"', '"com.amazonaws.${var.region}.s3express"'),
    ("N2", "endpoints_gateway.tf", "for table in aws_route_table.private : table.id", f"aws_route_table.private[{AZ0}].id"),  # noqa: E501
    ("N3", "endpoints_interface.tf", "  private_dns_enabled = true\n", ""),
    ("N3", "endpoints_interface.tf", "for subnet in aws_subnet.private : subnet.id", f"aws_subnet.private[{AZ0}].id"),
    ("N4", "endpoints_interface.tf", RULE, RULE.replace("each.value", '"0.0.0.0/0"')),
    ("N4", "endpoints_interface.tf", RULE, RULE.replace("443", "0")),
    ("N4", "endpoints_interface.tf", 'ip_protocol       = "tcp"', 'ip_protocol       = "-1"'),
    ("N4", "endpoints_interface.tf", "  security_group_ids  = [aws_security_group.endpoints.id]\n", ""),
    ("N4", "endpoints_interface.tf", "[aws_security_group.endpoints.id]", "[aws_default_security_group.this.id]"),
    ("N4", "endpoints_interface.tf", "  for_each = local.endpoint_clients\n", "  for_each = {}\n"),
    ("N5", "main.tf", "az => cidrsubnet(var.cidr, 3, index) }", 'az => "10.0.${index * 32}.0/19" }'),
    ("N5", "main.tf", "cidrsubnet(var.cidr, 3, index)", "cidrsubnet(var.cidr, 3, 6)"),
    ("N5", "main.tf", "cidrsubnet(var.cidr, 3, index)", "cidrsubnet(var.cidr, 8, index)"),
    ("N5", "main.tf", "cidrsubnet(var.cidr, 3, index)", 'cidrsubnet("10.9.0.0/16", 3, index)'),
    ("N7", "main.tf", "  enable_dns_hostnames = true\n", ""),
    ("N7", "main.tf", "  enable_dns_support   = true\n", "  enable_dns_support   = false\n"),
    ("N7", "main.tf", DEFAULT, f"{DEFAULT}\n  ingress {{\n    self = true\n  }}\n"),
    ("N7", "main.tf", f'resource "aws_default_security_group" "this" {{\n{DEFAULT}', f'resource "aws_security_group" "x" {{\n{DEFAULT}'),  # noqa: E501
    ("N7", "flow_logs.tf", "  vpc_id          = aws_vpc.this.id\n", '  subnet_id       = "subnet-1"\n  vpc_id          = "vpc-1"\n'),  # noqa: E501
    ("N7", "public_subnets.tf", "map_public_ip_on_launch = false", "map_public_ip_on_launch = true"),
    ("N6", "public_subnets.tf", '    "kubernetes.io/role/elb" = "1"\n', ""),
    ("N6", "main.tf", '    "kubernetes.io/role/internal-elb" = "1"\n', '    "kubernetes.io/role/internal-elb" = "0"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("opinion", "file", "old", "new"), MUTATIONS, ids=lambda each: str(each)[:40])
def test_a_change_for_the_worse_breaks_its_own_opinion_alone(opinion: str, file: str, old: str, new: str) -> None:
    files = tuple(changed(preset("eks-auto-prod").files, f"{NETWORK}/{file}", old, new))
    found = list(judged(repository_of(files)))
    faulty = [(name, judgement.status) for name, judgement in found if judgement.status is not Status.KEPT]
    assert faulty, "nothing is broken"
    assert set(faulty) == {(opinion, Status.BROKEN)}
    places = {judgement.place.file for name, judgement in found if judgement.status is Status.BROKEN}
    assert all(place.startswith(NETWORK) for place in places)


def test_without_the_s3_endpoint_only_n2_is_broken() -> None:
    path = f"{NETWORK}/endpoints_gateway.tf"
    whole = next(file.text for file in preset("eks-auto-prod").files if file.path == path)
    block = whole[whole.index(S3) : whole.index('resource "aws_vpc_endpoint" "dynamodb"')]
    found = faults(tuple(changed(preset("eks-auto-prod").files, path, block, "")))
    assert [each[:2] for each in found] == [("N2", "broken")]


def test_an_endpoint_that_lets_traffic_out_breaks_n4() -> None:
    group = 'resource "aws_security_group" "endpoints" {\n'
    egress = (
        '  egress {\n    from_port = 0\n    to_port = 0\n    protocol = "-1"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
    )
    files = changed(preset("eks-auto-prod").files, f"{NETWORK}/endpoints_interface.tf", group, group + egress)
    assert [each[:2] for each in faults(tuple(files))] == [("N4", "broken")]


def test_a_single_nat_gateway_is_for_development_alone() -> None:
    def found(environment: str) -> list[str]:
        answers = {"environments": {environment: {}}, "azs": 3, "network": {"nat": "single"}}
        files = render(project(answers=answers)).files
        return [str(judgement.status) for name, judgement in judged(repository_of(files)) if name == "N1"]

    assert found("dev") == ["kept"]
    assert found("prod") == ["broken"]


def test_without_dynamodb_n2_is_kept_and_says_so() -> None:
    answers = {"environments": {"dev": {}}, "network": {"dynamodb_endpoint": False}}
    found = [
        judgement for name, judgement in judged(repository_of(render(project(answers=answers)).files)) if name == "N2"
    ]
    assert {judgement.status for judgement in found} == {Status.KEPT}
    assert any(
        "for DynamoDB, which is there by default and may be left out." in judgement.message for judgement in found
    )


ENVIRONMENTS = """\
module "vpc" {
  for_each = { dev = true, prod = PROD }
  source   = "terraform-aws-modules/vpc/aws"
  version  = "~> 6.0"

  name            = "acme-${each.key}"
  cidr            = "10.0.0.0/16"
  azs             = ["eu-west-1a", "eu-west-1b"]
  private_subnets = ["10.0.0.0/20", "10.0.16.0/20"]
  public_subnets  = ["10.0.32.0/20", "10.0.48.0/20"]

  enable_nat_gateway     = true
  single_nat_gateway     = each.value
  one_nat_gateway_per_az = !each.value
  tags                   = { Environment = each.key }
}
"""


@pytest.mark.parametrize(("prod", "status"), [("false", Status.KEPT), ("true", Status.BROKEN)])
def test_of_environments_made_by_one_root_module_each_vpc_is_judged_as_its_own(prod: str, status: Status) -> None:
    files = (File("main.tf", ENVIRONMENTS.replace("PROD", prod)),)
    found = {each.message.partition(".aws_")[0]: each for name, each in judged(repository_of(files)) if name == "N1"}
    by_key = {("dev" if '"dev"' in message else "prod"): each for message, each in found.items()}
    assert {key: each.status for key, each in by_key.items()} == {"dev": Status.KEPT, "prod": status}
    assert not any("nothing says" in each.message for each in by_key.values())


PERHAPS = """\
variable "on" {
  type = bool
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-west-1a"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "it" {
  count           = var.on ? 1 : 0
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.SERVICE"
  route_table_ids = [aws_route_table.private.id]
}
"""


def perhaps(service: str, opinion: str, tables: str = "aws_route_table.private.id") -> list[Judgement]:
    text = PERHAPS.replace("SERVICE", service).replace("[aws_route_table.private.id]", f"[{tables}]")
    return [each for name, each in judged(repository_of((File("main.tf", text),))) if name == opinion]


def test_an_endpoint_for_dynamodb_that_may_be_there_keeps_n2_and_is_no_doubt_of_s3s() -> None:
    found = perhaps("dynamodb", "N2")
    assert [each.status for each in found] == [Status.BROKEN, Status.KEPT]
    assert "no gateway endpoint for S3" in found[0].message


def test_an_endpoint_for_dynamodb_that_may_be_there_and_serves_nobody_leaves_n2_unknown() -> None:
    _, found = perhaps("dynamodb", "N2", tables="")
    assert (found.status, found.place.line) == (Status.UNKNOWN, 23)
    assert "DynamoDB" in found.mend
    assert "S3" not in found.mend


def test_an_endpoint_for_s3_that_may_be_there_leaves_n2_unknown_at_its_own_line() -> None:
    (s3, dynamodb) = perhaps("s3", "N2")
    assert (s3.status, s3.place.line, dynamodb.status) == (Status.UNKNOWN, 23, Status.KEPT)
    assert s3.message.endswith(" is there, the gateway endpoint for S3.")


def test_a_gateway_endpoint_that_may_be_there_is_no_doubt_for_n3() -> None:
    assert [each.status for each in perhaps("s3", "N3")] == [Status.KEPT]


def of_text(text: str) -> list[tuple[str, str, int]]:
    files = (File("main.tf", text),)
    return [(name, str(each.status), each.place.line) for name, each in judged(repository_of(files))]


def in_environment(old: str, new: str, *settings: str) -> list[tuple[str, str, str]]:
    """Return what is not kept of a cluster in us-east-1 whose zones are chosen in another way."""
    files = preset("eks-auto-prod", *settings).files
    return faults(tuple(changed(files, "environments/prod/availability_zones.tf", old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["use1-az3"]', '["use1-az6"]'),
        ('"zone-type"', '"state"'),
        ("slice(sort(data.aws_availability_zones.this.names), 0, 3)", '["us-east-1a", "us-east-1b", "us-east-1c"]'),
    ],
)
def test_zones_that_eks_may_refuse_and_local_zones_break_n9(old: str, new: str) -> None:
    assert {each[:2] for each in in_environment(old, new)} == {("N9", "broken")}


def test_zones_by_their_ids_keep_n9() -> None:
    wanted = '"zone-id"\n    values = ["use1-az1", "use1-az2", "use1-az4"]'
    assert in_environment('"zone-type"\n    values = ["availability-zone"]', wanted) == []


def test_typed_zones_in_a_region_where_eks_refuses_none_keep_n9() -> None:
    answers = {"region": "eu-west-1", "azs": ["eu-west-1a", "eu-west-1b"], "capacity": ["eks-auto-mode"]}
    assert faults(render(project(answers={"environments": {"dev": {}}, **answers})).files) == []


def test_typed_zones_whose_ids_are_looked_up_keep_n9() -> None:
    answers = {"environments": {"dev": {}}, "azs": ["us-east-1a", "us-east-1b"], "capacity": ["eks-auto-mode"]}
    assert faults(render(project(answers=answers)).files) == []


@pytest.mark.parametrize("missing", ["sts", "ec2", "ecr.dkr"])
def test_a_private_cluster_without_an_endpoint_it_needs_breaks_n10(missing: str) -> None:
    answers = {"environments": {"dev": {}}, "capacity": ["eks-auto-mode"], "network": {"nat": "none"}}
    files = render(project(answers=answers)).files
    assert [name for name, each in judged(repository_of(files)) if name == "N10"]
    (found,) = faults(tuple(changed(files, "environments/dev/main.tf", f'"{missing}"', '"kms"')))
    assert found[:2] == ("N10", "broken")
    assert f"no endpoint for {missing}, which" in found[2]


def test_query_logs_are_kept_where_the_answers_ask_for_them() -> None:
    answers = {"environments": {"dev": {}, "prod": {}}, "network": {"query_logs": True}}
    files = render(project(answers=answers)).files
    found = [each for name, each in judged(repository_of(files)) if name == "N8"]
    assert {each.status for each in found} == {Status.KEPT}
    assert all("to a log of its own" in each.message for each in found)
    log = "modules/network/query_logs.tf"
    key = next(line for file in files if file.path == log for line in file.text.split("\n") if "kms_key_id" in line)
    assert {each[:2] for each in faults(tuple(changed(files, log, key, "")))} == {("N8", "broken")}


def test_query_logs_that_no_vpc_is_joined_to_break_n8() -> None:
    text = n8.OPINION.good["environments/prod/main.tf"]
    alone = text.replace("resource_id                  = aws_vpc.main.id", 'resource_id = "vpc-1"').replace(
        "resolver_query_log_config_id = aws_route53_resolver_query_log_config.main.id",
        "resolver_query_log_config_id = aws_route53_resolver_query_log_config.other.id",
    )
    other = 'resource "aws_route53_resolver_query_log_config" "other" {\n  destination_arn = "arn:aws:s3:::logs"\n}\n'
    assert ("N8", "broken", 1) in of_text(alone + other)


def test_the_flow_log_of_an_unread_module_leaves_n7_unknown() -> None:
    vpc = next(text for text in n7.OPINION.good.values())
    start, end = vpc.index('resource "aws_flow_log"'), vpc.index('resource "aws_subnet"')
    module = 'module "logs" {\n  source = "acme/flow-logs/aws"\n}\n'
    found = [each for each in of_text(vpc[:start] + module + vpc[end:]) if each[0] == "N7"]
    assert [each[1] for each in found] == ["unknown"]


@pytest.mark.parametrize(
    ("version", "nats"), [("3.19.0", 2), ("4.0.2", 6), ("5.21.0", 0), ("~> 6.0", 3)], ids=lambda each: str(each)
)
def test_the_vpc_module_counts_its_nat_gateways_as_its_version_does(version: str, nats: int) -> None:
    """Two private, three public and six intra subnets; of 5.x nobody knows whether it counts the last."""
    text = (
        f'module "vpc" {{\n  source = "terraform-aws-modules/vpc/aws"\n  version = "{version}"\n'
        '  azs = ["eu-west-1a"]\n  private_subnets = ["10.0.0.0/24", "10.0.1.0/24"]\n'
        '  public_subnets = ["10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24"]\n  enable_nat_gateway = true\n'
        '  intra_subnets = [for index in range(6) : cidrsubnet("10.1.0.0/16", 8, index)]\n}\n'
    )
    (network,) = facts_of(repository_of((File("main.tf", text),))).networks
    assert len([nat for nat in network.nats if not nat.instance.many]) == nats


def test_a_repository_without_a_network_is_not_judged() -> None:
    assert of_text('resource "aws_s3_bucket" "b" {}\n') == []


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_vpc" "a" {\n  cidr_block = local.x\n}\nlocals {\n  x = local.y\n  y = local.x\n}\n',
        'resource "aws_vpc" "a" {\n}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.a.id\n  cidr_block = local.x\n}\n'
        "locals {\n  x = local.y\n  y = local.x\n}\n",
        'resource "aws_vpc" "a" {\n  count = 1e9\n}\n',
        'resource "aws_vpc" "a" {\n  cidr_block = "not a block"\n}\nresource "aws_subnet" "s" {\n'
        '  vpc_id = aws_vpc.a.id\n  cidr_block = "10.0.0.1/8"\n  tags = ["a"]\n}\n',
        'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  azs = "a"\n  private_subnets = { a = 1 }\n'
        "  public_subnets = [null]\n  enable_nat_gateway = 3\n  tags = []\n  default_security_group_ingress = [1]\n}\n",
        'module "e" {\n  source = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"\n'
        "  endpoints = { a = null, b = [] }\n  create_security_group = true\n  security_group_rules = { x = 1 }\n}\n",
        'resource "aws_vpc" "a" {\n}\nresource "aws_security_group" "g" {\n  ingress = "x"\n}\n'
        'resource "aws_vpc_endpoint" "e" {\n  vpc_id = aws_vpc.a.id\n  vpc_endpoint_type = "Interface"\n'
        "  security_group_ids = aws_security_group.g.id\n  subnet_ids = {}\n  service_name = [1]\n}\n",
    ],
)
def test_odd_text_is_judged_without_an_error(text: str) -> None:
    assert all(status in ("kept", "broken", "unknown") for _, status, _ in of_text(text))
