"""From merged answers to environments: every problem at once, each with its answer, source, rule and mend."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from scaffold.answers.model import OF_THE_ENVIRONMENT, Answers
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import MOST_ENVIRONMENTS, Project, resolve
from scaffold.answers.regions import REGIONS
from scaffold.answers.sources import Source, from_settings, from_text, merge
from tests.support.rendering import LEAST, project


def problems(*settings: str, answers: Mapping[str, object] | None = None) -> dict[str, Problem]:
    """Return the errors of `LEAST` with other answers over it, by path."""
    with pytest.raises(AnswersError) as error:
        project(*settings, answers=answers)
    assert all(each.message and each.mend and each.source and each.rule for each in error.value.problems)
    return {each.path: each for each in error.value.problems}


def project_errors(*settings: str) -> tuple[Problem, ...]:
    with pytest.raises(AnswersError) as error:
        project(*settings)
    return error.value.problems


def warnings(*settings: str, answers: Mapping[str, object] | None = None) -> list[tuple[str, str]]:
    return [(each.path, each.rule) for each in project(*settings, answers=answers).warnings]


def environment(resolved: Project, name: str) -> Answers:
    return next(each for each in resolved.environments if each.environment == name)


# All at once


def test_wrong_types_and_broken_rules_of_all_environments_are_reported_together():
    text = """\
name: Shop
region: us-east-1
owner: ""
azs: 9
netwrk: {nat: none}
network:
  cidr: 10.0.0.0/28
environments:
  dev:
    network:
      nat: none
      endpoints: none
  prod:
    azs: [us-east-1a, eu-west-1b]
    eks:
      public_access_cidrs: [0.0.0.0/0]
capacity: [eks-auto-mode]
"""
    with pytest.raises(AnswersError) as error:
        resolve(merge([from_text(text, "answers.yaml"), from_settings(["arch=arm"])]))
    found = {(each.path, each.source, each.rule) for each in error.value.problems}
    assert found == {
        ("arch", "--set arch", "L4"),
        ("azs", "answers.yaml line 4", "N9"),
        ("cost_center", "not given", "required"),
        ("environments.dev.network.endpoints", "answers.yaml line 12", "N10"),
        ("environments.prod.azs", "answers.yaml line 14", "N9"),
        ("environments.prod.eks.public_access_cidrs", "answers.yaml line 16", "E5"),
        ("name", "answers.yaml line 1", "value"),
        ("netwrk", "answers.yaml line 5", "unknown"),
        ("network.cidr", "answers.yaml line 7", "N5"),
        ("owner", "answers.yaml line 3", "S2"),
    }
    assert all(each.mend for each in error.value.problems)
    text = str(error.value)
    assert text.startswith("10 problems with the answers:\n")
    assert "network.cidr (answers.yaml line 7): 10.0.0.0/28 is a /28;" in text


def test_nothing_given_is_four_answers_required():
    with pytest.raises(AnswersError) as error:
        resolve(merge([]))
    assert [(each.path, each.rule) for each in error.value.problems] == [
        (path, "required") for path in ("cost_center", "name", "owner", "region")
    ]


def test_several_wrong_members_of_a_list_are_each_named_and_nothing_follows_from_their_absence():
    found = problems(answers={"azs": [1, "us-east-1b", "elsewhere"]})
    assert sorted(found) == ["azs.0", "azs.2"]


def test_a_wrong_list_does_not_hide_what_the_rules_have_against_the_rest():
    assert set(problems("azs=[x, y]", "network.cidr=10.0.0.0/24")) == {"azs.0", "azs.1", "network.cidr"}


def test_a_wrong_value_is_not_reported_as_missing_too():
    found = project_errors("capacity=[lambda-managed-instances]", "lmi.max_vcpu_count=99999")
    assert [(each.path, each.rule) for each in found] == [("lmi.max_vcpu_count", "L3")]
    assert "more than 15000" in found[0].message


def test_the_same_common_answer_is_reported_once_for_all_environments():
    assert list(problems("azs=9")) == ["azs"]


# Unknown answers and near misses


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("netwrk", "network"),
        ("cost_centre", "cost_center"),
        ("network.nta", "nat"),
        ("network.endpoint", "endpoints"),
        ("eks.kubernets_version", "kubernetes_version"),
        ("lmi.max_vcpus_count", "max_vcpu_count"),
        ("state.buckt", "bucket"),
        ("environment-s", "environments"),
        ("environments.dev.netwrk", "network"),
    ],
)
def test_a_misspelt_answer_is_named_with_its_nearest_neighbour(path, near):
    found = problems(f"{path}=1")[path]
    assert (found.rule, found.mend) == ("unknown", f"Did you mean {near}?")


def test_an_answer_like_no_other_gets_the_list_of_those_known_there():
    assert "bucket, key, enforce_tags" in problems("state.zzzzz=1")["state.zzzzz"].mend


def test_a_dotted_key_in_a_file_is_shown_how_it_is_nested():
    found = problems(answers={"network.nat": "none"})["network.nat"]
    assert found.mend.startswith("Write network: {nat: …}")


@pytest.mark.parametrize(
    ("setting", "near"),
    [
        ("network.nat=per-az-", "per-az"),
        ("arch=amr64", "arm64"),
        ("capacity=[eks-auto-mod]", "eks-auto-mode"),
        ("region=us-esat-1", "us-east-1"),
        ("region=eu-centrl-1", "eu-central-1"),
        ("environments.dev.region=us-wset-2", "us-west-2"),
        ("lmi.runtime=nodejs22", "nodejs22.x"),
    ],
)
def test_a_misspelt_value_is_named_with_its_nearest_neighbour(setting, near):
    (found,) = problems(setting).values()
    assert found.mend == f"Did you mean {near}?"


@pytest.mark.parametrize(
    ("path", "rule", "reason"),
    [
        ("eks.ami", "E14", "no custom AMI"),
        ("eks.ssh_key", "E14", "nobody logs in"),
        ("eks.cni", "E14", "takes no other"),
        ("eks.imds_hop_limit", "E14", "fixes the IMDS hop limit at 1"),
        ("eks.windows", "E14", "Linux only"),
        ("eks.gateway_api", "E12", "no Gateway API"),
        ("lmi.gpu", "L13", "Terraform AWS provider cannot"),
        ("lmi.vpc_config", "L2", "capacity provider holds the subnets"),
        ("lmi.arch", "L4", "one answer feeds"),
        ("environments.dev.lmi.accelerators", "L13", "Terraform AWS provider cannot"),
    ],
)
def test_what_the_services_do_not_offer_is_refused_with_the_reason_and_the_alternative(path, rule, reason):
    found = problems(f"{path}=1")[path]
    assert found.rule == rule
    assert reason in found.message
    assert found.mend


# Environments


def test_dev_and_prod_are_the_default_and_prod_is_production():
    resolved = project()
    assert [(each.environment, each.production) for each in resolved.environments] == [("dev", False), ("prod", True)]
    assert [each.nat for each in resolved.environments] == ["single", "per-az"]
    assert [each.endpoint_profile for each in resolved.environments] == ["none", "standard"]


@pytest.mark.parametrize("name", ["prod", "production", "live"])
def test_some_names_mean_production(name):
    assert environment(project(f"environments.{name}={{}}"), name).production


def test_production_is_an_answer_of_one_environment():
    resolved = project("environments.eu.production=true", "environments.prod.production=false")
    assert environment(resolved, "eu").production
    assert not environment(resolved, "prod").production
    assert "environments.<name>.production" in problems("production=true")["production"].mend
    assert problems("environments.eu.production=1")["environments.eu.production"].rule == "type"


@pytest.mark.parametrize("name", ["name", "lmi.runtime", "lmi.event_source"])
def test_answers_that_must_be_the_same_everywhere_cannot_be_overridden(name):
    found = problems(f"environments.dev.{name}=x")[f"environments.dev.{name}"]
    assert "same in all environments" in found.message or found.rule == "L6"


@pytest.mark.parametrize("key", ["environment", "environments"])
def test_an_environment_holds_no_environments(key):
    assert problems(f"environments.dev.{key}={{}}")[f"environments.dev.{key}"].rule == "unknown"


OVERRIDES: dict[str, Any] = {
    "region": "eu-west-1",
    "owner": "someone else",
    "cost_center": "9",
    "capacity": ["eks-auto-mode"],
    "arch": "x86_64",
    "azs": 2,
    "network": {"nat": "regional", "cidr": "10.9.0.0/16", "log_retention_days": 30},
    "eks": {"node_pools": [], "kubernetes_version": "1.34"},
    "ecs": {"log_retention_days": 30},
    "lmi": {"max_vcpu_count": 8},
    "durable": {"log_retention_days": 30},
    "functions": {"log_retention_days": 30},
    "state": {"bucket": "somewhere-else", "key": "elsewhere.tfstate"},
    "usage": {"internet_tb": 2, "logs_gb": 10},
}


@pytest.mark.parametrize("key", sorted(set(Answers.model_fields) - {"name", *OF_THE_ENVIRONMENT}))
def test_every_answer_but_the_name_can_differ_in_one_environment(key):
    resolved = project(answers={"environments": {"dev": {key: OVERRIDES[key]}, "prod": {}}})
    changed = environment(resolved, "dev").model_dump()[key]
    if isinstance(OVERRIDES[key], dict):
        changed = {inner: changed[inner] for inner in OVERRIDES[key]}
    assert changed == OVERRIDES[key]
    same = environment(project(), "prod")
    assert environment(resolved, "prod") == same


@pytest.mark.parametrize(
    "name", ["Prod", "p", "a" * 13, "1dev", "dev-", "-dev", "dev_1", "dev.eu", "../dev", "dev\n", "dév", "${x}", "a b"]
)
def test_a_name_that_could_not_be_part_of_aws_names_is_no_environment(name):
    found = problems(answers={"environments": {name: {}}})
    assert "cannot name an environment" in found[f"environments.{name}"].message


@pytest.mark.parametrize(
    ("given", "rule"),
    [([], "type"), ("dev", "type"), (3, "type"), (["dev"], "type"), ({}, "value"), ({"dev": None}, "value")],
)
def test_environments_are_a_mapping_of_one_or_more(given, rule):
    found = problems(answers={"environments": given})["environments"]
    assert found.rule == rule
    assert ("is not a mapping" if rule == "type" else "has 0 environments") in found.message


@pytest.mark.parametrize("given", ["x", 3, ["azs"], True])
def test_what_differs_in_an_environment_is_a_mapping(given):
    assert problems(answers={"environments": {"dev": given, "prod": {}}})["environments.dev"].rule == "type"


def test_there_are_at_most_eight_environments():
    names = {f"env{number}": {} for number in range(MOST_ENVIRONMENTS)}
    assert len(project(answers={"environments": names}).environments) == MOST_ENVIRONMENTS
    assert problems(answers={"environments": {**names, "more": {}}})["environments"].rule == "value"


def test_two_environments_cannot_share_a_state_bucket():
    found = problems("state.bucket=shop-state", "environments={dev: {}, prod: {}}")["state.bucket"]
    assert found.rule == "S1"
    assert "of dev and of prod" in found.message
    mine = problems("environments={dev: {}, prod: {state: {bucket: shop-dev-tfstate-us-east-1}}}")
    assert mine["environments.prod.state.bucket"].rule == "S1"
    assert project("environments={dev: {}, prod: {state: {bucket: shop-other}}}")


# Types and ranges


@pytest.mark.parametrize(
    ("answers", "path", "said"),
    [
        ({"azs": "3"}, "azs", "'3' is not a whole number"),
        ({"azs": True}, "azs", "true is not a whole number"),
        ({"azs": None}, "azs", "null is not a whole number"),
        ({"azs": {"a": 1}}, "azs", "is not a whole number"),
        ({"azs": 1}, "azs", "1 is less than 2"),
        ({"azs": 7}, "azs", "7 is more than 6"),
        ({"azs": 10**17}, "azs", "is more than 6"),
        ({"azs": ["us-east-1a"]}, "azs", "has fewer than 2 members"),
        ({"azs": [f"us-east-1{letter}" for letter in "abcdefg"]}, "azs", "has more than 6 members"),
        ({"azs": ["us-east-1a", "us-east-1a"]}, "azs", "listed twice"),
        ({"azs": ["us-east-1-atl-1a", "us-east-1a"]}, "azs.0", "the form it needs"),
        ({"capacity": "eks-auto-mode"}, "capacity", "is not a list"),
        ({"capacity": ["eks-auto-mode", "eks-auto-mode"]}, "capacity", "listed twice"),
        ({"network": None}, "network", "null is not a mapping"),
        ({"network": [1]}, "network", "is not a mapping"),
        ({"environments": {"dev": {"network": "x"}}}, "environments.dev.network", "'x' is not a mapping"),
        ({"network": {"dynamodb_endpoint": "maybe"}}, "network.dynamodb_endpoint", "is not true or false"),
        ({"network": {"log_retention_days": 8}}, "network.log_retention_days", "keeps logs for one of"),
        ({"owner": ["x"]}, "owner", "is not text"),
        ({"owner": True}, "owner", "true is not text"),
        ({"owner": None}, "owner", "is empty"),
        ({"owner": ""}, "owner", "shorter than 1 character"),
        ({"owner": "x" * 257}, "owner", "longer than 256 characters"),
        ({"owner": "aws:me"}, "owner", "AWS reserves"),
        ({"owner": "   "}, "owner", "the form it needs"),
        ({"cost_center": " 4711"}, "cost_center", "the form it needs"),
        ({"name": "sg-shop"}, "name", "sg-"),
        ({"lmi": {"max_vcpu_count": 15001}}, "lmi.max_vcpu_count", "is more than 15000"),
        ({"lmi": {"memory_size": 1024}}, "lmi.memory_size", "is less than 2048"),
        ({"eks": {"kubernetes_version": "1.10"}}, "eks.kubernetes_version", "not in standard support"),
    ],
)
def test_a_wrong_value_is_shown_with_what_it_should_be(answers, path, said):
    found = problems(answers=answers)
    assert list(found) == [path]
    assert said in found[path].message


ROLE = "arn:aws:iam::111122223333:role/admin"


@pytest.mark.parametrize(
    ("answers", "path", "mend"),
    [
        ({"capacity": ["eks-auto-mode", "eks-auto-mode"]}, "capacity", "List it once."),
        ({"network": {"cidr": "10.0.0.1/16"}}, "network.cidr", "Use 10.0.0.0/16."),
        ({"network": {"cidr": "10.0.0.0/33"}}, "network.cidr", "The VPC's IPv4 CIDR block"),
        ({"network": {"nat.foo": 1}}, "network.nat.foo", "Did you mean nat?"),
        ({"environments.dev.azs": 2}, "environments.dev.azs", "Write environments: {dev: {azs: …}};"),
        ({"eks": {"access_entries": ["x"]}}, "eks.access_entries.0", "Write {principal_arn: …, policy: …}."),
        (
            {"environments": {"prod": {"eks": {"access_entries": [{"principal_arn": ROLE}]}}}},
            "environments.prod.eks.access_entries.0.policy",
            "Add policy: … to that entry.",
        ),
        ({"state": {"bucket": "My_Bucket"}}, "state.bucket", "3 to 63 lower-case letters"),
        ({"state": {"key": "x"}}, "state.key", "ending in .tfstate"),
    ],
)
def test_the_mend_is_one_that_works(answers, path, mend):
    found = problems(answers=answers)
    assert list(found) == [path]
    assert found[path].mend.startswith(mend) or mend in found[path].mend


def test_a_member_of_a_list_that_lacks_something_has_its_place():
    text = "environments:\n  prod:\n    eks:\n      access_entries:\n        - policy: admin\n"
    with pytest.raises(AnswersError) as error:
        resolve(merge([Source(LEAST, "test"), from_text(text, "a.yaml")]))
    (found,) = error.value.problems
    assert (found.path, found.source) == ("environments.prod.eks.access_entries.0.principal_arn", "a.yaml line 5")


def test_what_is_known_in_an_environment_is_what_may_differ_there():
    mend = problems("environments.dev.zzzzz=1")["environments.dev.zzzzz"].mend
    known = mend.removeprefix("Known here: ").removesuffix(".").split(", ")
    assert "production" in known
    assert not {"name", "environments", "environment"} & set(known)
    outside = problems("zzzzz=1")["zzzzz"].mend
    assert "environments" in outside
    assert "production" not in outside


def test_a_long_value_is_not_repeated_at_length():
    assert len(problems(answers={"owner": "${" + "x" * 100_000})["owner"].message) < 200


def test_a_number_is_accepted_as_a_text_that_looks_like_one():
    assert project("cost_center=4711").environments[0].cost_center == "4711"


# Places


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_a_region_has_as_many_zones_as_an_account_can_use(region):
    most = REGIONS[region].zones
    assert project(f"region={region}", f"azs={most}")
    if most < 6:
        assert problems(f"region={region}", f"azs={most + 1}")["azs"].rule == "N9"


def test_a_zone_outside_the_region_is_named():
    found = problems("azs=[us-east-1a, eu-west-1b]")["azs"]
    assert "eu-west-1b is not in us-east-1" in found.message
    assert found.rule == "N9"


def test_zones_may_be_named():
    assert project("azs=[us-east-1b, us-east-1f]").environments[0].az_count == 2


def test_managed_instances_are_refused_where_they_do_not_exist():
    lmi = ["capacity=[lambda-managed-instances]", "lmi.max_vcpu_count=64"]
    assert problems("region=il-central-1", *lmi)["region"].rule == "L2"


@pytest.mark.parametrize(
    "bucket", ["ab", "Shop-state", "shop_state", "-shop", "shop-", "a" * 64, "shop.state", "shop/state", "shop-state\n"]
)
def test_a_bucket_name_that_s3_would_refuse_is_refused(bucket):
    found = problems("environments={dev: {}}", answers={"state": {"bucket": bucket}})["state.bucket"]
    assert "does not have the form it needs" in found.message


@pytest.mark.parametrize("bucket", ["xn--shop", "sthree-shop", "amzn-s3-demo-shop", "shop-s3alias", "shop--ol-s3"])
def test_a_bucket_name_that_s3_keeps_for_itself_is_refused(bucket):
    found = problems("environments={dev: {}}", f"state.bucket={bucket}")["state.bucket"]
    assert "for itself" in found.message


def test_the_longest_default_bucket_name_fits_s3():
    longest = max(REGIONS, key=len)
    (only,) = project(
        "name=abcdefghijklmnopqrstuvwx", f"region={longest}", "environments={abcdefghijkl: {}}"
    ).environments
    assert len(only.state_bucket) <= 63


@pytest.mark.parametrize("key", ["../x.tfstate", "/x.tfstate", "x", "a//b.tfstate", "${x}.tfstate", "x.tfstate\n"])
def test_a_state_key_that_leads_elsewhere_is_refused(key):
    assert problems(answers={"state": {"key": key}})["state.key"].rule == "S1"


# The network


@pytest.mark.parametrize(
    ("cidr", "said"),
    [
        ("10.0.0.0/15", "/15"),
        ("10.0.0.0/23", "/23"),
        ("10.0.0.0", "/32"),
        ("10.0.0.1/16", "host bits"),
        ("fd00::/16", "IPv4"),
        ("10.0.0.0/16\n", "IPv4"),
        ("${x}", "IPv4"),
        ("8.8.0.0/16", "not private"),
        ("127.0.0.0/16", "not private"),
        ("169.254.0.0/16", "not private"),
        ("0.0.0.0/16", "not private"),
        ("172.32.0.0/16", "not private"),
    ],
)
def test_a_block_that_no_vpc_can_or_should_have_is_refused(cidr, said):
    assert said in problems(answers={"network": {"cidr": cidr}})["network.cidr"].message


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.255.252.0/22", "172.31.0.0/16", "192.168.0.0/20", "100.64.0.0/16"])
def test_private_and_shared_blocks_of_every_size_are_taken(cidr):
    assert project(f"network.cidr={cidr}").environments[0].network.cidr == cidr


EKS = "capacity=[eks-auto-mode]"


@pytest.mark.parametrize(
    ("cidr", "pods", "said"),
    [
        ("10.0.0.0/16", "10.0.128.0/20", "overlaps"),
        ("10.0.0.0/16", "10.0.0.0/16", "overlaps"),
        ("10.0.0.0/16", "192.168.0.0/16", "different private ranges"),
        ("172.16.0.0/16", "10.0.0.0/16", "different private ranges"),
        ("100.64.0.0/16", "10.0.0.0/16", "different private ranges"),
        ("10.0.0.0/16", "100.64.0.0/10", "/10"),
        ("10.0.0.0/16", "9.0.0.0/16", "not private"),
    ],
)
def test_a_pod_block_that_aws_would_not_add_to_the_vpc_is_refused(cidr, pods, said):
    found = problems(EKS, f"network.cidr={cidr}", f"network.pod_cidr={pods}")["network.pod_cidr"]
    assert (found.rule, said in found.message) == ("N5", True)


@pytest.mark.parametrize(("cidr", "pods"), [("10.0.0.0/16", "10.1.0.0/16"), ("192.168.0.0/16", "100.64.0.0/16")])
def test_a_pod_block_of_the_same_range_or_of_shared_space_is_taken(cidr, pods):
    assert project(EKS, f"network.cidr={cidr}", f"network.pod_cidr={pods}")


def test_a_pod_block_without_a_cluster_is_refused():
    assert problems("network.pod_cidr=100.64.0.0/16")["network.pod_cidr"].rule == "N5"


def test_small_private_subnets_warn_where_pods_live_in_them():
    few = "network.cidr=10.0.0.0/20"
    assert ("network.cidr", "N5") in warnings(EKS, few)
    assert ("network.cidr", "N5") not in warnings(few)
    assert ("network.cidr", "N5") not in warnings(EKS, few, "network.pod_cidr=100.64.0.0/16")
    assert ("network.cidr", "N5") not in warnings(EKS, "network.cidr=10.0.0.0/19")


@pytest.mark.parametrize("nat", ["per-az", "single", "regional", "none"])
def test_only_a_single_nat_gateway_warns(nat):
    assert (("network.nat", "N1") in warnings(f"network.nat={nat}")) == (nat == "single")


@pytest.mark.parametrize(
    ("nat", "public", "level"),
    [
        ("per-az", False, "error"),
        ("single", False, "error"),
        ("regional", False, ""),
        ("none", False, ""),
        ("per-az", True, ""),
        ("single", True, ""),
        ("regional", True, ""),
        ("none", True, "warning"),
    ],
)
def test_public_subnets_are_where_a_zonal_nat_gateway_stands_and_nowhere_without_nat(nat, public, level):
    settings = [f"network.nat={nat}", f"network.public_subnets={str(public).lower()}"]
    if level == "error":
        assert problems(*settings)["network.public_subnets"].rule == "N1"
    else:
        assert (("network.public_subnets", "N1") in warnings(*settings)) == (level == "warning")


@pytest.mark.parametrize("nat", ["per-az", "single", "regional", "none"])
def test_public_subnets_default_to_where_something_stands_in_them(nat):
    assert project(f"network.nat={nat}").environments[0].public_subnets == (nat in ("per-az", "single"))


LMI = ("capacity=[lambda-managed-instances]", "lmi.max_vcpu_count=64")


@pytest.mark.parametrize("profile", ["none", "minimal", "standard", "private"])
@pytest.mark.parametrize("capacity", [(), (EKS,), LMI])
def test_no_nat_needs_the_endpoints_of_what_runs_there_and_names_the_missing(profile, capacity):
    settings = [*capacity, "network.nat=none", f"network.endpoints={profile}"]
    if capacity and profile != "private":
        found = problems(*settings)["network.endpoints"]
        assert found.rule in ("N10", "L7")
        missing = "xray" if profile == "standard" else "logs"
        assert missing in found.message
        assert "endpoints: private" in found.mend
    else:
        assert project(*settings)


def test_no_nat_chooses_the_private_profile_by_itself():
    first = project(EKS, "network.nat=none").environments[0]
    assert first.endpoint_profile == "private"
    assert set(first.required_endpoints) <= set(first.interface_endpoints)


def test_endpoints_listed_one_by_one_are_as_good_as_a_profile():
    listed = "network.extra_endpoints=[logs, monitoring, sqs, xray]"
    assert project(*LMI, "network.nat=none", "network.endpoints=none", listed)


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_no_interface_endpoint_is_paid_for_where_the_gateway_endpoint_is_free(service):
    assert problems(f"network.extra_endpoints=[{service}]")["network.extra_endpoints"].rule == "N2"


# What scaffold.yaml keeps


def test_the_order_of_keys_in_the_members_of_a_list_leaves_no_trace():
    entry = {"principal_arn": "arn:aws:iam::123456789012:role/a", "policy": "view"}
    one, other = (
        resolve(merge([Source({**LEAST, "eks": {"access_entries": [each]}}, "test")]))
        for each in (entry, dict(reversed(entry.items())))
    )
    assert repr(one.given) == repr(other.given)


def test_the_order_that_answers_came_in_leaves_no_trace():
    one = {"region": "us-east-1", "network": {"nat": "none", "cidr": "10.0.0.0/16"}, "azs": 3, **LEAST}
    other = {**dict(reversed(LEAST.items())), "azs": 3, "network": {"cidr": "10.0.0.0/16", "nat": "none"}}
    given = [resolve(merge([Source(data, "x")])).given for data in (one, other)]
    assert repr(given[0]) == repr(given[1])
    assert list(given[0])[:4] == ["name", "region", "owner", "cost_center"]


def test_every_problem_is_one_line_for_people():
    found = problems("azs=9", "netwrk=1", "owner=aws:x", answers={"name": "a\nb\x1b[31m\u202e"})
    for problem in found.values():
        assert re.fullmatch(r"[^\x00-\x1f\x7f\u202e]+", str(problem))
