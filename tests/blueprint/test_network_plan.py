"""The subnets, zones and NAT gateways that follow from the answers."""

from ipaddress import IPv4Network, collapse_addresses

import pytest

from scaffold.answers.model import Answers
from scaffold.answers.regions import REGIONS
from scaffold.blueprint import build, eks
from scaffold.blueprint.environment import environment_facts as place
from scaffold.blueprint.everywhere import Everywhere
from scaffold.blueprint.network import NetworkFacts, environment_facts, module_facts
from scaffold.render import render
from tests.support.rendering import project, text_of

EKS = "capacity=[eks-auto-mode]"


def answers(*settings: str) -> Answers:
    return project("environments={dev: {}}", *settings).environments[0]


def network(*settings: str) -> NetworkFacts:
    return environment_facts(answers(*settings))


def test_subnets_have_fixed_slots_in_the_vpc():
    facts = network("azs=6")
    assert facts.private_cidrs == tuple(f"10.0.{32 * index}.0/19" for index in range(6))
    assert facts.public_cidrs == tuple(f"10.0.{192 + 4 * index}.0/22" for index in range(6))


@pytest.mark.parametrize("prefix", range(16, 23))
@pytest.mark.parametrize("azs", [2, 6])
def test_an_eighth_is_left_for_what_comes_later(prefix, azs):
    facts = network(f"network.cidr=10.0.0.0/{prefix}", f"azs={azs}")
    vpc = IPv4Network(facts.cidr)
    used = [IPv4Network(cidr) for cidr in (*facts.private_cidrs, *facts.public_cidrs)]
    last_eighth = list(vpc.subnets(3))[-1]
    assert not any(subnet.overlaps(last_eighth) for subnet in used)
    assert sum(subnet.num_addresses for subnet in collapse_addresses(used)) == sum(each.num_addresses for each in used)


@pytest.mark.parametrize(("nat", "gateways"), [("per-az", 4), ("single", 1), ("regional", 1), ("none", 0)])
def test_a_nat_mode_is_so_many_gateways(nat, gateways):
    facts = network(f"network.nat={nat}", "azs=4")
    assert facts.nat_gateways == gateways
    assert facts.internet_gateway == (nat != "none")
    assert bool(facts.public_cidrs) == (nat in ("per-az", "single"))


def test_an_internet_facing_load_balancer_gets_public_subnets_whatever_the_nat():
    facts = network(EKS, "network.nat=none", "eks.ingress=internet-facing")
    assert facts.public_cidrs
    assert facts.internet_gateway


def test_endpoints_let_in_private_subnets_alone_only_in_the_private_profile():
    assert network(EKS, "network.nat=none").endpoints_from_private_subnets
    assert not network(EKS, "network.endpoints=standard").endpoints_from_private_subnets


def test_the_module_knows_only_of_what_some_environment_has():
    def of(*settings: str):
        return module_facts([environment_facts(each) for each in project(*settings).environments])

    mixed = of()
    assert (mixed.nat.modes, mixed.nat.mixed, mixed.nat.zonal_sometimes) == (("per-az", "single"), True, False)
    assert mixed.interface_endpoints == Everywhere(every=False, some=True, any=True)
    none = of("network.nat=none", "network.endpoints=none", "network.dynamodb_endpoint=false")
    assert none.nat.modes == ("none",)
    assert not any((none.nat.zonal, none.nat.regional, none.internet_gateway.any, none.dynamodb_endpoint.any))
    assert not none.endpoints_from_private_subnets.any
    some = of("environments={dev: {network: {nat: none}}, prod: {}}")
    assert some.nat.zonal_sometimes


def test_only_a_regional_nat_gateway_asks_for_a_newer_provider():
    assert build(project()).project["aws_provider_version"] == "6.0"
    assert build(project("network.nat=regional")).project["aws_provider_version"] == "6.24"


def test_zones_the_control_plane_refuses_are_passed_over_while_others_are_left():
    def facts(*settings: str):
        given = answers(EKS, *settings)
        zones, cluster = place(given).azs, eks.environment_facts(given)
        return zones.count, zones.names, zones.exclude_ids, zones.last_ids, cluster.refused_zone_ids

    assert facts("azs=5") == (5, (), ("use1-az3",), (), ())
    assert facts("azs=6") == (6, (), (), ("use1-az3",), ("use1-az3",))
    assert facts("azs=[us-east-1a, us-east-1e]") == (2, ("us-east-1a", "us-east-1e"), (), (), ("use1-az3",))


def test_a_cluster_that_comes_later_moves_no_subnet():
    assert place(answers("azs=3")).azs.exclude_ids == place(answers(EKS, "azs=3")).azs.exclude_ids == ("use1-az3",)


@pytest.mark.parametrize("region", [name for name, region in REGIONS.items() if region.eks_refuses])
def test_the_refusing_regions_are_those_of_the_eks_user_guide(region):
    assert (
        REGIONS[region].eks_refuses
        == {
            "us-east-1": ("use1-az3",),
            "us-west-1": ("usw1-az2",),
            "ca-central-1": ("cac1-az3",),
        }[region]
    )


def test_state_lies_in_a_bucket_of_the_environments_own_by_default():
    first, second = (place(each).state for each in project().environments)
    assert (first.bucket, first.key) == ("shop-dev-tfstate-us-east-1", "dev/shop.tfstate")
    assert first.bucket != second.bucket


def test_components_come_in_a_fixed_order_whatever_the_order_of_capacity():
    both = ("lmi.max_vcpu_count=64", "capacity=[lambda-managed-instances, eks-auto-mode]")
    assert build(project(*both)).project["components"] == ["network", "eks-auto-mode", "lambda-managed-instances"]


def test_queries_are_logged_in_production_unless_told_otherwise():
    def logged(*settings: str) -> list[bool]:
        return [environment_facts(each).query_logs for each in project(*settings).environments]

    assert logged() == [False, True]
    assert logged("network.query_logs=true") == [True, True]
    assert logged("network.query_logs=false") == [False, False]


def test_production_without_query_logs_is_warned_about():
    def warned(*settings: str) -> list[str]:
        return [problem.path for problem in project(*settings).warnings if problem.rule == "N8"]

    assert warned() == []
    assert warned("network.query_logs=false") == ["network.query_logs"]


def test_the_log_of_queries_bears_the_environments_name_and_is_written_by_the_delivery_service_alone():
    text = text_of(render(project()), "modules/network/query_logs.tf")
    assert '"/aws/vendedlogs/vpc/${var.name}/queries"' in text
    assert text.count('identifiers = ["delivery.logs.amazonaws.com"]') == 1
    assert 'variable = "aws:SourceAccount"' in text
    assert 'variable = "aws:SourceArn"' in text


def test_no_query_logs_anywhere_is_no_file_about_them():
    paths = [file.path for file in render(project("network.query_logs=false")).files]
    assert "modules/network/query_logs.tf" not in paths


def test_a_network_too_small_for_pods_says_so_in_the_code_where_there_is_a_cluster():
    def subnets(*settings: str) -> str:
        return text_of(render(project("network.cidr=10.32.0.0/20", *settings)), "modules/network/main.tf")

    skip = "# scaffold:skip=N5: asked for in the answers"
    assert subnets(EKS).count(skip) == 1
    assert skip not in subnets() + subnets(EKS, "network.pod_cidr=100.64.0.0/16")
