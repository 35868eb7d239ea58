"""Write `scaffold/data/aws_api_rules.json`: what the AWS APIs accept for the arguments of the resources we write.

    python -m maintenance.api_rules

Reads the service models that botocore carries (enums, ranges, lengths, patterns, list sizes) and puts them to the
Terraform arguments of the same name, case and underscores aside, along the same path. Names that differ are in
`ALIASES`, what only the documentation says is in `DOCUMENTED`.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import botocore.session
from botocore.model import ListShape, Shape, StructureShape

from scaffold.verify.provider_data import load_provider_data

TARGET = Path(__file__).parent.parent / "scaffold" / "data" / "aws_api_rules.json"

OPERATIONS = {
    "aws_apigatewayv2_api": "apigatewayv2.CreateApi",
    "aws_apigatewayv2_integration": "apigatewayv2.CreateIntegration",
    "aws_apigatewayv2_vpc_link": "apigatewayv2.CreateVpcLink",
    "aws_appautoscaling_policy": "application-autoscaling.PutScalingPolicy",
    "aws_appautoscaling_target": "application-autoscaling.RegisterScalableTarget",
    "aws_cloudwatch_composite_alarm": "cloudwatch.PutCompositeAlarm",
    "aws_cloudwatch_event_rule": "events.PutRule",
    "aws_cloudwatch_log_delivery": "logs.CreateDelivery",
    "aws_cloudwatch_log_delivery_destination": "logs.PutDeliveryDestination",
    "aws_cloudwatch_log_delivery_source": "logs.PutDeliverySource",
    "aws_cloudwatch_log_group": "logs.CreateLogGroup",
    "aws_cloudwatch_log_metric_filter": "logs.PutMetricFilter",
    "aws_cloudwatch_log_subscription_filter": "logs.PutSubscriptionFilter",
    "aws_cloudwatch_metric_alarm": "cloudwatch.PutMetricAlarm",
    "aws_dynamodb_table": "dynamodb.CreateTable",
    "aws_ecr_repository": "ecr.CreateRepository",
    "aws_ecs_capacity_provider": "ecs.CreateCapacityProvider",
    "aws_ecs_cluster": "ecs.CreateCluster",
    "aws_ecs_service": "ecs.CreateService",
    "aws_ecs_task_definition": "ecs.RegisterTaskDefinition",
    "aws_eip": "ec2.AllocateAddress",
    "aws_eks_access_entry": "eks.CreateAccessEntry",
    "aws_eks_access_policy_association": "eks.AssociateAccessPolicy",
    "aws_eks_addon": "eks.CreateAddon",
    "aws_eks_capability": "eks.CreateCapability",
    "aws_eks_cluster": "eks.CreateCluster",
    "aws_eks_node_group": "eks.CreateNodegroup",
    "aws_eks_pod_identity_association": "eks.CreatePodIdentityAssociation",
    "aws_flow_log": "ec2.CreateFlowLogs",
    "aws_iam_policy": "iam.CreatePolicy",
    "aws_iam_role": "iam.CreateRole",
    "aws_iam_role_policy": "iam.PutRolePolicy",
    "aws_kms_key": "kms.CreateKey",
    "aws_lambda_alias": "lambda.CreateAlias",
    "aws_lambda_capacity_provider": "lambda.CreateCapacityProvider",
    "aws_lambda_event_source_mapping": "lambda.CreateEventSourceMapping",
    "aws_lambda_function": "lambda.CreateFunction",
    "aws_lambda_function_event_invoke_config": "lambda.PutFunctionEventInvokeConfig",
    "aws_lambda_function_scaling_config": "lambda.PutFunctionScalingConfig",
    "aws_lambda_function_url": "lambda.CreateFunctionUrlConfig",
    "aws_lambda_layer_version": "lambda.PublishLayerVersion",
    "aws_lambda_permission": "lambda.AddPermission",
    "aws_launch_template": "ec2.CreateLaunchTemplate",
    "aws_lb": "elbv2.CreateLoadBalancer",
    "aws_lb_listener": "elbv2.CreateListener",
    "aws_lb_target_group": "elbv2.CreateTargetGroup",
    "aws_nat_gateway": "ec2.CreateNatGateway",
    "aws_route53_resolver_endpoint": "route53resolver.CreateResolverEndpoint",
    "aws_route53_resolver_query_log_config": "route53resolver.CreateResolverQueryLogConfig",
    "aws_s3_bucket_ownership_controls": "s3.PutBucketOwnershipControls",
    "aws_s3_bucket_server_side_encryption_configuration": "s3.PutBucketEncryption",
    "aws_scheduler_schedule": "scheduler.CreateSchedule",
    "aws_secretsmanager_secret": "secretsmanager.CreateSecret",
    "aws_service_discovery_private_dns_namespace": "servicediscovery.CreatePrivateDnsNamespace",
    "aws_service_discovery_service": "servicediscovery.CreateService",
    "aws_sfn_state_machine": "stepfunctions.CreateStateMachine",
    "aws_ssm_parameter": "ssm.PutParameter",
    "aws_subnet": "ec2.CreateSubnet",
    "aws_vpc": "ec2.CreateVpc",
    "aws_vpc_endpoint": "ec2.CreateVpcEndpoint",
}
"""The operation whose input a resource's arguments become."""

ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "aws_eks_cluster": {"enabled_cluster_log_types": ("logging", "clusterLogging", "types")},
    "aws_iam_policy": {"name": ("PolicyName",)},
    "aws_iam_role": {"name": ("RoleName",)},
    "aws_iam_role_policy": {"name": ("PolicyName",)},
    "aws_lambda_function": {"durable_config.retention_period": ("DurableConfig", "RetentionPeriodInDays")},
    "aws_lambda_function_url": {"authorization_type": ("AuthType",)},
    "aws_s3_bucket_ownership_controls": {
        "rule.object_ownership": ("OwnershipControls", "Rules", "ObjectOwnership"),
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule.apply_server_side_encryption_by_default.sse_algorithm": (
            "ServerSideEncryptionConfiguration",
            "Rules",
            "ApplyServerSideEncryptionByDefault",
            "SSEAlgorithm",
        ),
    },
}
"""Arguments whose name or place differs from the API's."""

RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
    *(365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

DOCUMENTED: dict[str, dict[str, Any]] = {
    "aws_cloudwatch_log_group": {  # PutRetentionPolicy in the CloudWatch Logs API reference; 0 is the provider's never
        "retention_in_days": {"numbers": RETENTION_DAYS},
    },
    "aws_eks_cluster": {  # "Enable or disable built-in NodePools" in the EKS user guide
        "compute_config.node_pools": {"each": {"enum": ["general-purpose", "system"]}},
    },
    "aws_flow_log": {"max_aggregation_interval": {"numbers": [60, 600]}},  # CreateFlowLogs in the EC2 API reference
    "aws_kms_key": {  # ScheduleKeyDeletion and EnableKeyRotation in the KMS API reference
        "deletion_window_in_days": {"range": [7, 30]},
        "rotation_period_in_days": {"range": [90, 2560]},
    },
    # CreateCapacityProvider in the Lambda API reference; its model also takes an ARN here, the provider only a name.
    "aws_lambda_capacity_provider": {"name": {"length": [1, 140], "pattern": "[a-zA-Z0-9-_]+"}},
    "aws_s3_bucket_versioning": {  # the provider's page: Disabled is its own, for buckets never versioned
        "versioning_configuration.mfa_delete": {"enum": ["Enabled", "Disabled"]},
        "versioning_configuration.status": {"enum": ["Enabled", "Suspended", "Disabled"]},
    },
    "aws_sqs_queue": {  # SetQueueAttributes in the SQS API reference
        "delay_seconds": {"range": [0, 900]},
        "kms_data_key_reuse_period_seconds": {"range": [60, 86400]},
        "max_message_size": {"range": [1024, 1048576]},
        "message_retention_seconds": {"range": [60, 1209600]},
        "receive_wait_time_seconds": {"range": [0, 20]},
        "visibility_timeout_seconds": {"range": [0, 43200]},
    },
}
"""Rules that no model carries, or that it carries wrongly for Terraform; each with its source."""

MAX_PATTERN = 160
"""Longer patterns are those of ARNs with every partition spelt out: they tell a reader nothing."""


def main() -> int:
    """Write the file."""
    session = botocore.session.Session()
    data = load_provider_data()
    rules: dict[str, dict[str, Any]] = {}
    for resource, operation in OPERATIONS.items():
        service, name = operation.split(".")
        shape = session.get_service_model(service).operation_model(name).input_shape
        schema = data.schema("resource", resource)
        assert schema is not None, resource
        found = dict(_matched(schema, shape, ()))
        for path, members in ALIASES.get(resource, {}).items():
            found[path] = rule_of(_member(shape, members))
        rules[resource] = {path: found[path] for path in sorted(found)}
    for resource, documented in DOCUMENTED.items():
        rules[resource] = {**rules.get(resource, {}), **documented}
    content = {
        "what": "what the AWS APIs accept for Terraform's arguments",
        "source": f"service models of botocore {botocore.__version__} (Apache-2.0) and the API references",
        "made_by": "python -m maintenance.api_rules",
        "rules": {resource: rules[resource] for resource in sorted(rules) if rules[resource]},
    }
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    count = sum(len(found) for found in rules.values())
    print(f"{TARGET.name}: {count} rules for {len(rules)} resource types, {TARGET.stat().st_size:,} bytes")
    return 0


def rule_of(shape: Shape) -> dict[str, Any]:
    """Return what `shape` demands of a value, in the form of `scaffold.verify.api_rules.Rule`; empty for nothing."""
    limits = [shape.metadata.get("min"), shape.metadata.get("max")]
    limited = limits != [None, None]
    if shape.type_name == "string":
        if shape.enum:
            return {"enum": list(shape.enum)}
        rule: dict[str, Any] = {"length": limits} if limited else {}
        pattern = shape.metadata.get("pattern", "")
        if pattern and len(pattern) <= MAX_PATTERN and _usable(pattern):
            rule["pattern"] = pattern
        return rule
    if shape.type_name in ("integer", "long", "float", "double"):
        return {"range": limits} if limited else {}
    if isinstance(shape, ListShape):
        rule = {"items": limits} if limited else {}
        each = rule_of(shape.member)
        return rule | {"each": each} if each else rule
    return {}


def _usable(pattern: str) -> bool:
    """Return whether Python reads a pattern as AWS does: the ones with surrogates or classes of Java's it does not."""
    if "\\uD" in pattern or "\\p{" in pattern:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _matched(
    schema: dict[str, Any], shape: StructureShape, path: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, (flags, kind) in schema.get("attributes", {}).items():
        member = _named(shape, name)
        if flags == "c" or member is None or member.type_name == "map" or name == "tags":
            continue
        if isinstance(kind, list) and isinstance(kind[1], list) and kind[1][0] == "object":
            fields = {"attributes": {field: ["o", inner] for field, inner in kind[1][1].items()}}
            inner_shape = _structure(member)
            if inner_shape is not None:
                yield from _matched(fields, inner_shape, (*path, name))
            continue
        # A map of Terraform's may be a list of pairs in the API, whose size says nothing about the map's values.
        rule = {} if isinstance(kind, list) and kind[0] == "map" else rule_of(member)
        if rule:
            yield ".".join((*path, name)), rule
    for name, block in schema.get("blocks", {}).items():
        member = _named(shape, name)
        structure = _structure(member) if member is not None else None
        if structure is not None:
            yield from _matched(block, structure, (*path, name))


def _structure(shape: Shape) -> StructureShape | None:
    shape = shape.member if isinstance(shape, ListShape) else shape
    return shape if isinstance(shape, StructureShape) else None


def _named(shape: StructureShape, name: str) -> Shape | None:
    """Return the member that a Terraform name stands for; a repeated block is named in the singular."""
    plain = name.replace("_", "")
    for member, found in shape.members.items():
        if member.lower() in (plain, f"{plain}s") or f"{member.lower()}s" == plain:
            return found
    return None


def _member(shape: Shape, members: tuple[str, ...]) -> Shape:
    for member in members:
        structure = _structure(shape)
        assert structure is not None, members
        shape = structure.members[member]
    return shape


if __name__ == "__main__":
    sys.exit(main())
