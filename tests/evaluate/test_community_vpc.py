"""What calls of the community's vpc and vpc-endpoints modules make, from their inputs."""

from collections.abc import Mapping

import pytest

from scaffold.evaluate.community import Call, Made, expand
from scaffold.evaluate.root import Argument, Instance, Place, Root
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts.iam import role_of
from scaffold.facts.network import Network, networks_of

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
PRIVATE = ("10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20")
PUBLIC = ("10.0.240.0/24", "10.0.241.0/24", "10.0.242.0/24")
THREE: Mapping[str, Value] = {"azs": ZONES, "private_subnets": PRIVATE, "public_subnets": PUBLIC}
NAT: Mapping[str, Value] = {**THREE, "enable_nat_gateway": True}

VPC = "terraform-aws-modules/vpc/aws"
ENDPOINTS = f"{VPC}//modules/vpc-endpoints"


def call(version: str = "~> 5.0", source: str = VPC, /, **inputs: Value) -> Made:
    arguments = {name: Argument(value, Place("main.tf", line)) for line, (name, value) in enumerate(inputs.items(), 2)}
    made = expand(Call("module.vpc", source, version, arguments, Place("main.tf", 1)))
    assert made is not None
    return made


def network(made: Made) -> Network:
    return next(networks_of(Root(".", "", made.instances, made.unread)))


def addresses(made: Made, kind: str) -> list[str]:
    return [each.address.removeprefix("module.vpc.") for each in made.instances if each.type == kind]


def the(made: Made, address: str) -> Instance:
    return next(each for each in made.instances if each.address == f"module.vpc.{address}")


def test_subnets_have_the_addresses_and_zones_that_the_module_gives_them() -> None:
    made = call(**THREE)
    assert addresses(made, "aws_subnet") == [
        f"aws_subnet.{kind}[{i}]" for kind in ("public", "private") for i in range(3)
    ]
    second = the(made, "aws_subnet.private[1]")
    assert (second.get("availability_zone"), second.get("cidr_block")) == ("us-east-1b", "10.0.16.0/20")
    assert second.place_of("cidr_block") == Place("main.tf", 3)
    assert second.get("vpc_id") == Symbol("module.vpc.aws_vpc.this[0].id", "module.vpc.aws_vpc.this[0]", "id")


def test_zones_may_be_given_by_their_ids() -> None:
    made = call(**{**THREE, "azs": ("use1-az1", "use1-az2")})
    third = the(made, "aws_subnet.private[2]")
    assert (third.get("availability_zone"), third.get("availability_zone_id")) == (None, "use1-az1")


def test_without_nat_the_private_subnets_are_isolated() -> None:
    of = network(call(**THREE))
    assert of.nat_mode == "none"
    assert [subnet.role for subnet in of.subnets] == ["public"] * 3 + ["isolated"] * 3


@pytest.mark.parametrize(
    ("inputs", "gateways", "mode"),
    [
        ({}, 3, "per-az"),
        ({"single_nat_gateway": True}, 1, "single"),
        ({"one_nat_gateway_per_az": True}, 3, "per-az"),
        ({"single_nat_gateway": True, "one_nat_gateway_per_az": True}, 1, "single"),
        ({"private_subnets": (*PRIVATE, *PRIVATE)}, 6, "per-az"),
        ({"database_subnets": (*PRIVATE, "10.0.48.0/20")}, 4, "per-az"),
        ({"nat_gateway_connectivity_type": {"availability_mode": "regional"}}, 1, "regional"),
    ],
)
def test_nat_gateways_are_one_for_each_subnet_of_the_longest_list_unless_told_otherwise(
    inputs: Mapping[str, Value], gateways: int, mode: str
) -> None:
    of = network(call(**{**NAT, **inputs}))
    assert (len(of.nats), of.nat_mode) == (gateways, mode)
    assert {subnet.role for subnet in of.subnets if subnet.instance.name == "private"} == {"private"}


def test_public_subnets_count_for_nat_gateways_since_version_4() -> None:
    inputs = {**NAT, "private_subnets": PRIVATE[:1]}
    counts = {version: len(network(call(version, **inputs)).nats) for version in ("~> 3.0", "~> 4.0", "6.0.1")}
    assert counts == {"~> 3.0": 1, "~> 4.0": 3, "6.0.1": 3}
    assert network(call("", **inputs)).nat_mode == "unknown"


def test_too_few_public_subnets_for_one_nat_gateway_per_az_make_none_at_all() -> None:
    made = call(**{**NAT, "public_subnets": PUBLIC[:2], "one_nat_gateway_per_az": True})
    assert addresses(made, "aws_subnet") == [f"aws_subnet.private[{i}]" for i in range(3)]


def test_each_private_table_leads_to_the_nat_gateway_of_its_own_place() -> None:
    made = call(**NAT)
    routes = [each for each in made.instances if each.name == "private_nat_gateway"]
    assert [(each.get("route_table_id"), each.get("nat_gateway_id")) for each in routes] == [
        (
            Symbol(f"module.vpc.aws_route_table.private[{i}].id", f"module.vpc.aws_route_table.private[{i}]", "id"),
            Symbol(f"module.vpc.aws_nat_gateway.this[{i}].id", f"module.vpc.aws_nat_gateway.this[{i}]", "id"),
        )
        for i in range(3)
    ]


def test_a_nat_gateway_is_placed_where_the_call_says_how_many_there_are() -> None:
    assert the(call(**NAT, single_nat_gateway=True), "aws_nat_gateway.this[0]").place == Place("main.tf", 6)
    assert the(call(**NAT), "aws_nat_gateway.this[0]").place == Place("main.tf", 5)


def test_an_input_that_is_not_known_makes_instances_that_are_not_sure() -> None:
    of = network(call(**NAT, single_nat_gateway=Symbol("var.single")))
    assert of.nat_mode == "unknown"
    assert [subnet.role for subnet in of.private_subnets] == ["private"] * 3
    lists = network(call(**{**NAT, "private_subnets": Symbol("var.private_subnets")}))
    private = [subnet for subnet in lists.subnets if subnet.instance.name == "private"]
    assert [(subnet.instance.many, subnet.instance.certain) for subnet in private] == [(True, False)]
    maybe = call(**NAT, create_vpc=Symbol("var.create"))
    assert {each.certain for each in maybe.instances} == {False}
    assert call(**NAT, create_vpc=False).instances == ()


def test_a_list_of_zones_that_is_not_known_still_gives_each_subnet_its_own() -> None:
    of = network(call(**{**NAT, "azs": Symbol("data.aws_availability_zones.available.names")}))
    private = [subnet for subnet in of.subnets if subnet.instance.name == "private"]
    assert [subnet.zone for subnet in private] == [nat.zone for nat in of.nats]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("~> 3.0", (False, False, True)),
        ("~> 4.0", (True, True, False)),
        ("5.1.2", (True, True, False)),
        (">= 5", (True, True, False)),
    ],
)
def test_defaults_are_those_of_the_major_version(version: str, expected: tuple[bool, bool, bool]) -> None:
    made = call(version, **THREE)
    found = (
        the(made, "aws_vpc.this[0]").get("enable_dns_hostnames"),
        bool(addresses(made, "aws_default_security_group")),
        the(made, "aws_subnet.public[0]").get("map_public_ip_on_launch"),
    )
    assert found == expected


def test_without_a_version_what_differs_between_versions_is_not_known() -> None:
    made = call("", **THREE)
    assert isinstance(the(made, "aws_vpc.this[0]").get("enable_dns_hostnames"), Symbol)
    assert the(made, "aws_default_security_group.this[0]").certain is False


def test_a_version_before_3_is_unread() -> None:
    made = call("~> 2.0", **NAT)
    assert made.instances == ()
    assert "version" in made.unread[0].reason


def test_tags_come_in_the_modules_order_and_an_unknown_map_hides_only_what_is_before_it() -> None:
    tag = "kubernetes.io/role/internal-elb"
    made = call(**THREE, name="shop", tags={"Team": "a"}, private_subnet_tags={tag: 1})
    assert the(made, "aws_subnet.private[0]").get("tags") == {"Name": "shop-private-us-east-1a", "Team": "a", tag: 1}
    unknown = call(**THREE, tags=Symbol("var.tags"), private_subnet_tags={tag: 1})
    tags = the(unknown, "aws_subnet.private[0]").get("tags")
    assert isinstance(tags, Mapping)
    assert tags[tag] == 1
    assert Symbol("var.tags") in tags


def test_outputs_are_what_the_rest_of_the_root_module_refers_to() -> None:
    outputs = call(**NAT).outputs
    assert outputs["vpc_id"] == Symbol("module.vpc.aws_vpc.this[0].id", "module.vpc.aws_vpc.this[0]", "id")
    assert outputs["vpc_cidr_block"] == "10.0.0.0/16"
    assert outputs["private_subnets_cidr_blocks"] == PRIVATE
    tables = outputs["private_route_table_ids"]
    assert isinstance(tables, tuple)
    assert len(tables) == 3
    assert outputs["database_route_table_ids"] == tables
    assert outputs["intra_subnets"] == ()
    assert outputs["azs"] == ZONES


def test_flow_logs_and_other_resources_are_made_on_request() -> None:
    made = call(**THREE, enable_flow_log=True, secondary_cidr_blocks=("100.64.0.0/16",))
    assert addresses(made, "aws_flow_log") == ["aws_flow_log.this[0]"]
    assert network(made).cidrs == ("10.0.0.0/16", "100.64.0.0/16")
    assert addresses(made, "aws_internet_gateway") == ["aws_internet_gateway.this[0]"]


def test_a_flow_log_may_have_a_log_group_and_a_role_made_for_it() -> None:
    made = call(
        **THREE,
        enable_flow_log=True,
        create_flow_log_cloudwatch_log_group=True,
        create_flow_log_cloudwatch_iam_role=True,
        flow_log_cloudwatch_log_group_retention_in_days=30,
    )
    log, group = the(made, "aws_flow_log.this[0]"), the(made, "aws_cloudwatch_log_group.flow_log[0]")
    role = the(made, "aws_iam_role.vpc_flow_log_cloudwatch[0]")
    assert log.get("log_destination_type") == "cloud-watch-logs"
    assert log.get("log_destination") == Symbol(f"{group.address}.arn")
    assert log.get("iam_role_arn") == Symbol(f"{role.address}.arn")
    assert group.get("retention_in_days") == 30
    found = role_of(Root(".", "", made.instances, made.unread), Symbol(f"{role.address}.arn", role.address, "arn"))
    assert found is not None
    assert found.trusts("vpc-flow-logs.amazonaws.com", "sts:AssumeRole")


def test_a_flow_log_to_a_bucket_has_neither() -> None:
    made = call(
        **THREE,
        enable_flow_log=True,
        flow_log_destination_type="s3",
        flow_log_destination_arn="arn:aws:s3:::logs",
        create_flow_log_cloudwatch_log_group=True,
        create_flow_log_cloudwatch_iam_role=True,
    )
    assert the(made, "aws_flow_log.this[0]").get("log_destination") == "arn:aws:s3:::logs"
    assert addresses(made, "aws_cloudwatch_log_group") == addresses(made, "aws_iam_role") == []


def test_where_nobody_knows_whether_a_log_group_is_made_its_arn_is_not_known_either() -> None:
    made = call(**THREE, enable_flow_log=True, create_flow_log_cloudwatch_log_group=Symbol("var.own"))
    assert not the(made, "aws_cloudwatch_log_group.flow_log[0]").certain
    assert "if it is made" in str(the(made, "aws_flow_log.this[0]").get("log_destination"))


def test_endpoints_are_interface_endpoints_unless_they_say_otherwise() -> None:
    made = call(
        "~> 5.0",
        ENDPOINTS,
        vpc_id=Symbol("aws_vpc.this.id", "aws_vpc.this", "id"),
        subnet_ids=("subnet-1", "subnet-2"),
        security_group_ids=("sg-1",),
        endpoints={
            "s3": {"service": "s3", "service_type": "Gateway", "route_table_ids": ("rtb-1",)},
            "ecr_dkr": {"service": "ecr.dkr", "private_dns_enabled": True, "security_group_ids": ("sg-2",)},
            "off": {"service": "sts", "create": False},
        },
    )
    assert addresses(made, "aws_vpc_endpoint") == ['aws_vpc_endpoint.this["s3"]', 'aws_vpc_endpoint.this["ecr_dkr"]']
    s3, ecr = made.instances
    assert (s3.get("vpc_endpoint_type"), s3.get("route_table_ids"), s3.get("subnet_ids")) == (
        "Gateway",
        ("rtb-1",),
        None,
    )
    assert (ecr.get("vpc_endpoint_type"), ecr.get("subnet_ids")) == ("Interface", ("subnet-1", "subnet-2"))
    assert ecr.get("security_group_ids") == ("sg-1", "sg-2")


def test_endpoints_may_have_a_security_group_made_for_them() -> None:
    made = call(
        "~> 6.0",
        ENDPOINTS,
        create_security_group=True,
        security_group_rules={"https": {"cidr_blocks": ("10.0.0.0/16",)}},
        endpoints={"sts": {"service": "sts"}},
    )
    rule = the(made, 'aws_security_group_rule.this["https"]')
    assert [rule.get(name) for name in ("type", "protocol", "from_port", "to_port")] == ["ingress", "tcp", 443, 443]
    assert the(made, 'aws_vpc_endpoint.this["sts"]').get("security_group_ids") == (made.outputs["security_group_id"],)


def test_endpoints_that_are_not_known_are_unread() -> None:
    assert "cannot be evaluated" in call("", ENDPOINTS, endpoints=Symbol("var.endpoints")).unread[0].reason
    assert call("", ENDPOINTS, create=False).instances == ()
