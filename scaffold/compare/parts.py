"""What part each resource of a root module plays, whatever its name: `aws_subnet private 2`, `aws_iam_role node`."""

from collections.abc import Mapping

from scaffold.compare import names_of_clusters, names_of_functions, names_of_services, names_of_shared
from scaffold.compare.cast import Cast, Namer
from scaffold.compare.function_parts import function_parts
from scaffold.compare.layout import layout_of
from scaffold.compare.log_parts import log_parts
from scaffold.compare.uses import uses_of
from scaffold.evaluate.root import Instance, Root
from scaffold.facts.security_groups import security_groups

NETWORK = frozenset(
    {
        "aws_default_security_group",
        "aws_flow_log",
        "aws_internet_gateway",
        "aws_nat_gateway",
        "aws_route53_resolver_query_log_config",
        "aws_route_table",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint",
    }
)
CLUSTER = frozenset(
    {
        "aws_cloudwatch_log_delivery_source",
        "aws_eks_access_entry",
        "aws_eks_addon",
        "aws_eks_capability",
        "aws_eks_cluster",
    }
)
SERVICE = frozenset(
    {
        "aws_appautoscaling_policy",
        "aws_appautoscaling_scheduled_action",
        "aws_appautoscaling_target",
        "aws_ecr_repository",
        "aws_ecs_capacity_provider",
        "aws_ecs_cluster",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_iam_instance_profile",
        "aws_lb",
        "aws_lb_listener",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
        "aws_service_discovery_http_namespace",
        "aws_sfn_state_machine",
    }
)
FUNCTION = frozenset(
    {
        "aws_apigatewayv2_api",
        "aws_apigatewayv2_stage",
        "aws_cloudwatch_event_bus",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_metric_alarm",
        "aws_dynamodb_table",
        "aws_lambda_alias",
        "aws_lambda_capacity_provider",
        "aws_lambda_event_source_mapping",
        "aws_lambda_function",
        "aws_sns_topic",
        "aws_sns_topic_subscription",
        "aws_sqs_queue",
    }
)
STATE = frozenset({"aws_s3_bucket"})
SHARED = frozenset({"aws_cloudwatch_log_group", "aws_iam_role", "aws_kms_key", "aws_security_group"})
COMPARED = NETWORK | CLUSTER | SERVICE | FUNCTION | STATE | SHARED
"""The types that renderings make and that stand for themselves; those of `uses.OWNERS` belong to one of them."""

IMPLIED = frozenset(
    {
        "aws_cloudwatch_log_delivery_destination",
        "aws_cloudwatch_log_resource_policy",
        "aws_eip",
        "aws_iam_policy",
    }
)
"""The other types that renderings make: a NAT gateway's address comes with it, as does with a log what lets it be
delivered; and what a policy of one's own says is not compared."""

ANCHORS = (
    "aws_vpc",
    "aws_eks_cluster",
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_lambda_capacity_provider",
    "aws_lambda_function",
)
"""A root module with one of these is an environment, or a layer of one."""

_NAMES: Mapping[str, Namer] = {
    **names_of_clusters.NAMES,
    **names_of_functions.NAMES,
    **names_of_services.NAMES,
    **names_of_shared.NAMES,
}


def cast_of(root: Root) -> Cast:
    """Give each resource of a root module its part; of several with the same, the second is numbered 2."""
    uses = uses_of(root)
    roles: dict[str, str] = {}
    functions = function_parts(uses)
    groups = security_groups(root, uses.references)
    cast = Cast(uses, layout_of(uses), roles, groups, functions, log_parts(uses, functions))
    counts: dict[str, int] = {}
    for instance in sorted(root.of(*COMPARED), key=_turn):
        name = _NAMES[instance.type](cast, instance) if instance.type in _NAMES else ""
        role = f"{instance.type} {name}" if name else instance.type
        counts[role] = count = counts.get(role, 0) + 1
        roles[instance.address] = role if count == 1 else f"{role} {count}"
    return cast


def _turn(instance: Instance) -> int:
    """Return when it is an instance's turn to be given its part.

    Of several services the first that a load balancer leads to comes first; keys are named after what they encrypt.
    """
    if instance.type == "aws_ecs_service":
        return 0 if instance.body.blocks.get("load_balancer") else 1
    return 2 if instance.type == "aws_kms_key" else 0
