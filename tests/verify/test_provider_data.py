import json
from importlib.resources import files

import pytest

from scaffold.verify.api_rules import rules_for, violation
from scaffold.verify.provider_data import load_provider_data
from scaffold.verify.schema_types import broken_path

DATA = load_provider_data()


def test_the_file_says_what_it_is_made_from_and_how():
    header = json.loads(files("scaffold").joinpath("data", "aws_provider.jsonl").read_text().splitlines()[0])
    assert header["providers"] == {"hashicorp/aws": "6.69.1", "hashicorp/archive": "2.7.1"}
    assert "MPL-2.0" in header["source"]
    assert header["made_by"].startswith("python -m maintenance.")


@pytest.mark.parametrize(
    ("kind", "name", "attribute", "flags", "type_"),
    [
        ("resource", "aws_vpc", "cidr_block", "oc", "string"),
        ("resource", "aws_vpc", "arn", "c", "string"),
        ("resource", "aws_subnet", "vpc_id", "r", "string"),
        ("resource", "aws_eks_cluster", "enabled_cluster_log_types", "o", ["set", "string"]),
        ("resource", "aws_lambda_function", "publish_to", "o", "string"),
        ("resource", "aws_nat_gateway", "availability_mode", "oc", "string"),
        ("data", "aws_availability_zones", "names", "c", ["list", "string"]),
        ("data", "archive_file", "output_base64sha256", "c", "string"),
    ],
)
def test_arguments_have_the_flags_and_types_of_the_provider(kind, name, attribute, flags, type_):
    assert DATA.schema(kind, name)["attributes"][attribute] == [flags, type_]


@pytest.mark.parametrize("kind", ["resource", "data"])
def test_every_schema_decodes_and_is_one_of_the_providers_types(kind):
    names = DATA.known(kind)
    assert len(names) > 100
    for name in names:
        assert DATA.schema(kind, name)["attributes"]
        assert DATA.exists(kind, name)
    assert not DATA.exists(kind, "aws_nonsense")


def test_every_api_rule_is_for_an_argument_that_exists():
    rules = json.loads(files("scaffold").joinpath("data", "aws_api_rules.json").read_text())["rules"]
    for resource, by_path in rules.items():
        schema = DATA.schema("resource", resource)
        for path in by_path:
            assert _exists(schema, path.split(".")), f"{resource}.{path}"


def _exists(schema, path):
    first, *rest = path
    if first in schema.get("attributes", {}):
        kind = schema["attributes"][first][1]
        for name in rest:
            kind = kind[1][1][name]
        return True
    return _exists(schema["blocks"][first], rest)


@pytest.mark.parametrize(
    ("resource", "path", "good", "bad"),
    [
        ("aws_lambda_capacity_provider", "name", "a-b_1", "a b"),
        ("aws_lambda_capacity_provider", "vpc_config.subnet_ids", ["subnet-1"], []),
        ("aws_lambda_capacity_provider", "instance_requirements.architectures", ["arm64"], ["arm64", "x86_64"]),
        ("aws_lambda_capacity_provider", "instance_requirements.architectures", ["arm64"], ["arm"]),
        ("aws_lambda_function", "memory_size", 2048, 64),
        ("aws_lambda_function", "memory_size", "2048", "64"),
        ("aws_lambda_function", "durable_config.retention_period", 14, 0),
        ("aws_eks_cluster", "compute_config.node_pools", ["system"], ["general"]),
        ("aws_eks_cluster", "enabled_cluster_log_types", ["audit"], ["audits"]),
        ("aws_eks_cluster", "name", "main", "-main"),
        ("aws_cloudwatch_log_group", "retention_in_days", 30, 31),
        ("aws_iam_role", "max_session_duration", 3600, 60),
        ("aws_vpc_endpoint", "vpc_endpoint_type", "Gateway", "gateway"),
        ("aws_sqs_queue", "visibility_timeout_seconds", 0, 43201),
    ],
)
def test_values_are_judged_by_the_apis_rules(resource, path, good, bad):
    rule = rules_for(resource)[path]
    assert violation(rule, good) is None
    assert violation(rule, bad) is not None


@pytest.mark.parametrize(
    ("name", "path", "step"),
    [
        ("aws_lb", ("subnet_mapping", "[*]", "subnet_id"), None),
        ("aws_lb", ("subnet_mapping", "[*]", "subnet_id", "[0]"), None),
        ("aws_lb", ("subnet_mapping", "[0]", "subnet_id"), 1),
        ("aws_lb", ("subnet_mapping", "subnet_id"), 1),
        ("aws_lb", ("arn", "[0]"), 1),
        ("aws_lb", ("arn", "id"), 1),
        ("aws_lb", ("tags", "Name"), None),
        ("aws_lb", ("tags", '["Name"]'), None),
        ("aws_eks_cluster", ("identity", "[0]", "oidc", "[0]", "issuer"), None),
        ("aws_eks_cluster", ("identity", "[0]", "oidc", "[0]", "issuers"), 4),
        ("aws_eks_cluster", ("vpc_config", "[0]", "vpc_id"), None),
        ("aws_eks_cluster", ("timeouts", "create"), None),
    ],
)
def test_a_reference_is_followed_through_blocks_lists_sets_and_maps(name, path, step):
    broken = broken_path(["block", DATA.schema("resource", name)], path)
    assert (broken.step if broken else None) == step
