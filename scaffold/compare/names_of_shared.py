"""What parts are played by roles, keys, security groups and log groups, which every kind of workload has."""

import re
from collections.abc import Mapping

from scaffold.compare.cast import Cast, Namer, text, user
from scaffold.compare.function_parts import DURABLE
from scaffold.compare.log_parts import CONTAINERS, FUNCTIONS
from scaffold.compare.names_of_clusters import capability
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol
from scaffold.facts.iam import Role, role_of

_PROFILE = "aws_iam_instance_profile"
_ECS_INSIGHTS = "ECS Container Insights"

_GROUP_USERS = (
    ("aws_vpc_endpoint", "security_group_ids", "endpoints"),
    ("aws_lambda_capacity_provider", "security_group_ids", "capacity provider"),
    ("aws_eks_cluster", "security_group_ids", "cluster"),
    ("aws_ecs_service", "security_groups", "tasks"),
    ("aws_sfn_state_machine", "definition", "tasks"),
    ("aws_ecs_capacity_provider", "security_groups", "managed instances"),
    ("aws_lb", "security_groups", "load balancer"),
    ("aws_lambda_function", "security_group_ids", "functions"),
)


def _security_group(cast: Cast, instance: Instance) -> str:
    return user(cast, instance, _GROUP_USERS)


_ROLE_USERS = (
    ("aws_eks_cluster", "node_role_arn", "node"),
    ("aws_eks_cluster", "role_arn", "cluster"),
    ("aws_eks_node_group", "node_role_arn", "node"),
    ("aws_flow_log", "iam_role_arn", "flow logs"),
    ("aws_lambda_capacity_provider", "operator_role_arn", "operator"),
    ("aws_ecs_task_definition", "execution_role_arn", "task execution"),
    ("aws_ecs_task_definition", "task_role_arn", "task"),
    ("aws_ecs_service", "role_arn", "load balancer"),
    ("aws_ecs_capacity_provider", "infrastructure_role_arn", "infrastructure"),
    ("aws_iam_instance_profile", "role", "instance"),
    ("aws_sfn_state_machine", "role_arn", "state machine"),
)


def _role(cast: Cast, instance: Instance) -> str:
    if name := user(cast, instance, _ROLE_USERS):
        return name
    function = cast.uses.used_as(instance, "aws_lambda_function", "role")
    if function is not None:
        return f"execution{cast.functions.suffix(function.address)}"
    if any(cast.uses.named("aws_iam_role", each.get("role")) is instance for each in cast.root.of(_PROFILE)):
        return "instance"
    using = cast.uses.used_as(instance, "aws_eks_capability", "role_arn")
    if using is not None:
        return f"capability {capability(cast, using)}"
    addon = cast.uses.used_as(instance, "aws_eks_addon", "role_arn")
    if addon is not None:
        return f"add-on {text(addon.get('addon_name'))}"
    role = role_of(cast.root, Symbol(instance.address, instance.address, "arn"))
    return _role_by_rights(role) if role is not None else ""


def _role_by_rights(role: Role) -> str:
    if role.has("AWSLambdaManagedEC2ResourceOperator"):
        return "operator"
    if role.has("CloudWatchAgentServerPolicy") and role.trusts("pods.eks.amazonaws.com", "sts:AssumeRole"):
        return "add-on amazon-cloudwatch-observability"
    if any(role.has(policy) for policy in ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEKSWorkerNodePolicy")):
        return "node"
    for service, name in (
        ("eks.amazonaws.com", "cluster"),
        ("vpc-flow-logs.amazonaws.com", "flow logs"),
        ("ecs-tasks.amazonaws.com", "task"),
    ):
        if role.trusts(service, "sts:AssumeRole"):
            return name
    return ""


_KEY_USERS = (
    ("aws_eks_cluster", "Kubernetes secrets"),
    ("aws_ecr_repository", "ECS"),
    ("aws_dynamodb_table", "durable functions"),
    ("aws_sqs_queue", "queues"),
    ("aws_s3_bucket", "state"),
)


def _key(cast: Cast, instance: Instance) -> str:
    users = [user for user, _ in cast.uses.of.get(instance.address, ())]
    parts = {part for user in users if (part := cast.roles.get(user.address, "").removeprefix(f"{user.type} "))}
    ofs = {name for part in parts if (name := _key_of(part))}
    for kind, name in _KEY_USERS:
        if any(user.type.startswith(kind) for user in users) and not (name in ("queues", "state") and ofs):
            return name
    if ofs:
        return min(ofs)
    groups = sorted(cast.roles[user.address] for user in users if user.type == "aws_cloudwatch_log_group")
    return groups[0].removeprefix("aws_cloudwatch_log_group").lstrip() if groups else ""


def _key_of(part: str) -> str:
    """Return what a key is called for a part of what it encrypts, such as `function logs of a function durable`."""
    if part.startswith((CONTAINERS, _ECS_INSIGHTS)):
        return "ECS"
    if f" of a function {DURABLE}" in part:
        return "durable functions"
    return "functions" if " of a function" in part else ""


def _log_group(cast: Cast, instance: Instance) -> str:
    if cast.uses.used_as(instance, "aws_flow_log", "log_destination"):
        return "flow logs"
    if cast.uses.used_as(instance, "aws_route53_resolver_query_log_config", "destination_arn"):
        return "query logs"
    if cast.uses.used_as(instance, "aws_cloudwatch_log_delivery_destination", "destination_resource_arn"):
        return "delivered logs"
    if instance.address in cast.logs:
        return cast.logs[instance.address]
    if name := user(cast, instance, _LOG_USERS):
        return name
    name = text(instance.get("name"))
    if name.startswith("/aws/eks/") and name.endswith("/cluster"):
        return "control-plane logs"
    if name.startswith("/aws/containerinsights/"):
        return f"Container Insights {name.rpartition('/')[2]}"
    if name.startswith("/aws/ecs/containerinsights/"):
        return f"{_ECS_INSIGHTS} {name.rpartition('/')[2]}"
    if name.startswith("/aws/lambda/"):
        return FUNCTIONS
    return "flow logs" if re.search(r"flow(?<!workflow)", name) else ""


_LOG_USERS = (
    ("aws_apigatewayv2_stage", "destination_arn", "API access logs"),
    ("aws_sfn_state_machine", "log_destination", "state machine logs"),
)


NAMES: Mapping[str, Namer] = {
    "aws_cloudwatch_log_group": _log_group,
    "aws_iam_role": _role,
    "aws_kms_key": _key,
    "aws_security_group": _security_group,
}
"""By type."""
