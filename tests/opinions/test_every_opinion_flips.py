"""Renderings with one thing changed for the worse, asked about by all opinions; and that no opinion goes without."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import OPINIONS, judge
from scaffold.opinions.opinion import Status
from scaffold.repository.reading import repository_of
from tests.opinions import (
    test_auto_mode_opinions,
    test_cluster_opinions,
    test_durable_opinions,
    test_ecs_opinions,
    test_functions_opinions,
    test_kubernetes_opinions,
    test_managed_instances_opinions,
    test_network_opinions,
    test_supply_chain_opinions,
)
from tests.support.rendering import preset, with_text

EKS = ("eks-auto-prod",)
LOGGED = ("eks-auto-prod", "network.query_logs=true")
PRIVATE_EKS = ("eks-auto-prod", "network.nat=none", "network.endpoints=private")
OWN_POOLS = ("eks-auto-prod", "eks.builtin_node_pools=[]", "eks.addons=[]")
PRIVATE_ECS = (
    "ecs-spot",
    "network.nat=none",
    "network.endpoints=private",
    "ecs.image=111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.2",
    "ecs.health_command=[CMD, /shop, --healthy]",
    "ecs.secrets.DB_PASSWORD=arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf",
)
LMI, PRIVATE_LMI, PLATFORM = ("lmi-steady",), ("lmi-private",), ("platform",)

MAIN = "environments/prod/main.tf"
ZONES = "environments/prod/availability_zones.tf"
LOGS = "modules/network/query_logs.tf"
ASSOCIATION = """
resource "aws_route53_resolver_query_log_config_association" "this" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.this.id
  resource_id                  = aws_vpc.this.id
}
"""
NAT_ROUTE = "  for_each = local.nat_az\n\n  route_table_id"
FIRST_ZONE = "var.availability_zones[0]"
FUNCTION = "modules/lambda-managed-instances/function.tf"
PROVIDER_ARN = "capacity_provider_arn                     = aws_lambda_capacity_provider.this.arn"
SHARED_ARN = 'capacity_provider_arn = "arn:aws:lambda:us-east-1:111122223333:capacity-provider:shared"'

MUTATIONS = [
    ("N8", LOGGED, LOGS, "  kms_key_id        = aws_kms_key.queries.arn\n", ""),
    ("N8", LOGGED, LOGS, ASSOCIATION, ""),
    ("N9", EKS, ZONES, '  filter {\n    name   = "zone-type"\n    values = ["availability-zone"]\n  }\n', ""),
    ("N9", EKS, ZONES, '  exclude_zone_ids = ["use1-az3"]', "  #"),
    ("N10", PRIVATE_EKS, MAIN, '"sts", ', ""),
    ("N10", PRIVATE_LMI, MAIN, '"sqs", ', ""),
    ("N10", PRIVATE_ECS, MAIN, '"ecr.dkr", ', ""),
    ("N10", PRIVATE_ECS, MAIN, ', "secretsmanager"', ""),
    ("E19", EKS, "k8s/prod/nodepool-*.yaml", "[arm64]", "[amd64]"),
    ("E19", EKS, "k8s/prod/nodepool-*.yaml", "", None),
    ("E19", OWN_POOLS, "k8s/prod/nodepool-graviton.yaml", "name: private", "name: default"),
    ("L7", LMI, "modules/network/nat.tf", '"0.0.0.0/0"', '"192.0.2.0/24"'),
    ("L7", LMI, "modules/network/nat.tf", NAT_ROUTE, NAT_ROUTE.replace("local.nat_az", f"{{ ({FIRST_ZONE}) = {FIRST_ZONE} }}")),  # noqa: E501
    # N10 is about all that a network without NAT has to have, L7 about telemetry's way out: this is both.
    ("L7 N10", PRIVATE_LMI, MAIN, ', "xray"', ""),
    ("L11", PLATFORM, FUNCTION, PROVIDER_ARN, SHARED_ARN),
    ("S5", EKS, "README.md", "", None),
    ("S5", EKS, "*.tftest.hcl", "", None),
    ("S5", EKS, ".github/workflows/*", "", None),
    ("S5", EKS, ".pre-commit-config.yaml", "", None),
]  # fmt: skip
"""The opinions that break, of what preset with which answers, the files that change, how; None removes them."""

# Of a capacity provider that is not made here, nobody knows the architecture either.
DOUBTS = {"L11": {("L4", Status.UNKNOWN)}}

ELSEWHERE = (
    test_auto_mode_opinions.MUTATIONS,
    test_cluster_opinions.MUTATIONS,
    test_ecs_opinions.MUTATIONS,
    test_durable_opinions.MUTATIONS,
    test_functions_opinions.MUTATIONS,
    test_kubernetes_opinions.MUTATIONS,
    test_managed_instances_opinions.MUTATIONS,
    test_network_opinions.MUTATIONS,
    test_supply_chain_opinions.MUTATIONS,
)


def statuses(files: tuple[File, ...]) -> set[tuple[str, Status]]:
    results = judge(facts_of(repository_of(files)))
    return {(result.opinion.id, each.status) for result in results for each in result.judgements}


@cache
def unchanged(rendering: tuple[str, ...]) -> set[tuple[str, Status]]:
    return statuses(preset(*rendering).files)


def changed(files: tuple[File, ...], pattern: str, old: str, new: str | None) -> Iterator[File]:
    assert any(fnmatchcase(file.path, pattern) for file in files), f"there is no {pattern}"
    for file in files:
        if not fnmatchcase(file.path, pattern):
            yield file
        elif new is not None:
            assert old in file.text, f"{file.path} has no {old!r}"
            yield with_text(file, file.text.replace(old, new, 1))


@pytest.mark.parametrize(("opinions", "rendering", "pattern", "old", "new"), MUTATIONS)
def test_a_change_for_the_worse_breaks_its_own_opinion_alone(
    opinions: str, rendering: tuple[str, ...], pattern: str, old: str, new: str | None
) -> None:
    broken = set(opinions.split())
    before = unchanged(rendering)
    assert {status for name, status in before if name in broken} == {Status.KEPT}
    after = statuses(tuple(changed(preset(*rendering).files, pattern, old, new)))
    faults = {(name, status) for name, status in after - before if status is not Status.KEPT}
    assert faults == {(name, Status.BROKEN) for name in broken} | DOUBTS.get(opinions, set())


def test_every_opinion_has_a_change_that_breaks_it() -> None:
    rows = [*MUTATIONS, *(row for rows in ELSEWHERE for row in rows)]
    assert {str(row[0]).split()[0] for row in rows} == {opinion.id for opinion in OPINIONS}
