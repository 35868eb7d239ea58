"""What part each resource of a root module plays, whatever its name: `aws_subnet private 2`, `aws_iam_role node`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scaffold.compare.layout import Layout, layout_of
from scaffold.compare.uses import Uses, uses_of
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.endpoints import service_of
from scaffold.facts.iam import role_of
from scaffold.facts.security_groups import SecurityGroup, security_groups

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
FUNCTION = frozenset(
    {
        "aws_cloudwatch_event_bus",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_metric_alarm",
        "aws_lambda_alias",
        "aws_lambda_capacity_provider",
        "aws_lambda_event_source_mapping",
        "aws_lambda_function",
        "aws_lambda_function_event_invoke_config",
        "aws_lambda_permission",
        "aws_sns_topic",
        "aws_sns_topic_subscription",
        "aws_sqs_queue",
    }
)
STATE = frozenset({"aws_s3_bucket"})
SHARED = frozenset({"aws_cloudwatch_log_group", "aws_iam_role", "aws_kms_key", "aws_security_group"})
COMPARED = NETWORK | CLUSTER | FUNCTION | STATE | SHARED
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

ANCHORS = ("aws_vpc", "aws_eks_cluster", "aws_lambda_capacity_provider", "aws_lambda_function")
"""A root module with one of these is an environment, or a layer of one."""

_METRIC = re.compile(r"SELECT\s+\w+\(\s*\"?(\w+)\"?\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts of a root module.

    Attributes:
        uses: how its resources hang together.
        layout: where in the network they stand.
        roles: each resource's part, by address.
        groups: its security groups with their rules, by address.
    """

    uses: Uses
    layout: Layout
    roles: Mapping[str, str]
    groups: Mapping[str, SecurityGroup]

    @property
    def root(self) -> Root:
        """The root module."""
        return self.uses.root


def cast_of(root: Root) -> Cast:
    """Give each resource of a root module its part; of several with the same, the second is numbered 2."""
    uses = uses_of(root)
    roles: dict[str, str] = {}
    cast = Cast(uses, layout_of(uses), roles, security_groups(root, uses.references))
    counts: dict[str, int] = {}
    # Keys are named after the log groups they encrypt, which come first.
    for instance in sorted(root.of(*COMPARED), key=lambda each: each.type == "aws_kms_key"):
        name = _NAMES[instance.type](cast, instance) if instance.type in _NAMES else ""
        role = f"{instance.type} {name}" if name else instance.type
        counts[role] = count = counts.get(role, 0) + 1
        roles[instance.address] = role if count == 1 else f"{role} {count}"
    return cast


_Namer = Callable[[Cast, Instance], str]


def _place(cast: Cast, instance: Instance) -> str:
    return cast.layout.places.get(instance.address, "")


def _table(cast: Cast, instance: Instance) -> str:
    # Public subnets share one table as a rule, and differ in nothing where each has its own.
    place = cast.layout.places.get(instance.address, "")
    return "public" if place == "public 1" else place


def _endpoint(cast: Cast, instance: Instance) -> str:
    return service_of(instance, cast.uses.references) or "of an unknown service"


def _security_group(cast: Cast, instance: Instance) -> str:
    for kind, name in (
        ("aws_vpc_endpoint", "endpoints"),
        ("aws_lambda_capacity_provider", "capacity provider"),
        ("aws_eks_cluster", "cluster"),
    ):
        if cast.uses.used_as(instance, kind, "security_group_ids") is not None:
            return name
    return ""


_ROLE_USERS = (
    ("aws_eks_cluster", "node_role_arn", "node"),
    ("aws_eks_cluster", "role_arn", "cluster"),
    ("aws_eks_node_group", "node_role_arn", "node"),
    ("aws_flow_log", "iam_role_arn", "flow logs"),
    ("aws_lambda_capacity_provider", "operator_role_arn", "operator"),
    ("aws_lambda_function", "role", "execution"),
)


def _role(cast: Cast, instance: Instance) -> str:
    for kind, argument, name in _ROLE_USERS:
        if cast.uses.used_as(instance, kind, argument) is not None:
            return name
    capability = cast.uses.used_as(instance, "aws_eks_capability", "role_arn")
    if capability is not None:
        return f"capability {_capability(cast, capability)}"
    addon = cast.uses.used_as(instance, "aws_eks_addon", "role_arn")
    if addon is not None:
        return f"add-on {text(addon.get('addon_name'))}"
    role = role_of(cast.root, Symbol(instance.address, instance.address, "arn"))
    if role is None:
        return ""
    if role.has("AWSLambdaManagedEC2ResourceOperator"):
        return "operator"
    if role.has("CloudWatchAgentServerPolicy") and role.trusts("pods.eks.amazonaws.com", "sts:AssumeRole"):
        return "add-on amazon-cloudwatch-observability"
    if any(role.has(policy) for policy in ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEKSWorkerNodePolicy")):
        return "node"
    for service, name in (("eks.amazonaws.com", "cluster"), ("vpc-flow-logs.amazonaws.com", "flow logs")):
        if role.trusts(service, "sts:AssumeRole"):
            return name
    return ""


_KEY_USERS = (("aws_eks_cluster", "Kubernetes secrets"), ("aws_sqs_queue", "queues"), ("aws_s3_bucket", "state"))


def _key(cast: Cast, instance: Instance) -> str:
    users = [user for user, _ in cast.uses.of.get(instance.address, ())]
    for kind, name in _KEY_USERS:
        if any(user.type.startswith(kind) for user in users):
            return name
    groups = sorted(cast.roles[user.address] for user in users if user.type == "aws_cloudwatch_log_group")
    return groups[0].removeprefix("aws_cloudwatch_log_group ") if groups else ""


def _log_group(cast: Cast, instance: Instance) -> str:
    if cast.uses.used_as(instance, "aws_flow_log", "log_destination"):
        return "flow logs"
    if cast.uses.used_as(instance, "aws_route53_resolver_query_log_config", "destination_arn"):
        return "query logs"
    if cast.uses.used_as(instance, "aws_cloudwatch_log_delivery_destination", "destination_resource_arn"):
        return "delivered logs"
    if cast.uses.used_as(instance, "aws_lambda_function", "log_group"):
        return "function logs"
    name = text(instance.get("name"))
    if name.startswith("/aws/eks/") and name.endswith("/cluster"):
        return "control-plane logs"
    if name.startswith("/aws/containerinsights/"):
        return f"Container Insights {name.rpartition('/')[2]}"
    if name.startswith("/aws/lambda/"):
        return "function logs"
    return "flow logs" if "flow" in name else ""


def _access_entry(cast: Cast, instance: Instance) -> str:
    principal = instance.get("principal_arn")
    if text(instance.get("type")) not in ("", "STANDARD"):
        return "of nodes"
    return "of a user" if ":user/" in text(principal) else "of a role"


def _addon(cast: Cast, instance: Instance) -> str:
    return text(instance.get("addon_name"))


def _capability(cast: Cast, instance: Instance) -> str:
    return text(instance.get("type"))


def _delivery_source(cast: Cast, instance: Instance) -> str:
    return text(instance.get("log_type"))


def _function(cast: Cast, instance: Instance) -> str:
    return "on managed instances" if instance.body.blocks.get("capacity_provider_config") else ""


def _queue(cast: Cast, instance: Instance) -> str:
    users = cast.uses.of.get(instance.address, ())
    redrives = any(user.type == "aws_sqs_queue" and path.startswith("redrive_policy") for user, path in users)
    name = f"{instance.address} {text(instance.get('name'))}".lower()
    return "dead letter" if redrives or re.search(r"dead.?letter|dlq", name) else "work"


def _alarm(cast: Cast, instance: Instance) -> str:
    metric = instance.get("metric_name")
    source = cast.uses.find(metric)
    if source is not None and source.type == "aws_cloudwatch_log_metric_filter":
        return "of a metric filter"
    filters = [text(each.get("metric_transformation", "name")) for each in cast.root.of(_FILTER)]
    if text(metric) and text(metric) in filters:
        return "of a metric filter"
    queries = instance.body.blocks.get("metric_query", ())
    for query in queries:
        if match := _METRIC.search(text(query.get("expression"))):
            return f"of {match[1]}"
        if text(query.get("metric", "metric_name")):
            return f"of {text(query.get('metric', 'metric_name'))}"
    return f"of {text(metric)}" if text(metric) else ""


_FILTER = "aws_cloudwatch_log_metric_filter"

_NAMES: Mapping[str, _Namer] = {
    "aws_cloudwatch_log_delivery_source": _delivery_source,
    "aws_cloudwatch_log_group": _log_group,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_eks_access_entry": _access_entry,
    "aws_eks_addon": _addon,
    "aws_eks_capability": _capability,
    "aws_iam_role": _role,
    "aws_kms_key": _key,
    "aws_lambda_function": _function,
    "aws_nat_gateway": _place,
    "aws_route_table": _table,
    "aws_security_group": _security_group,
    "aws_sqs_queue": _queue,
    "aws_subnet": _place,
    "aws_vpc_endpoint": _endpoint,
}


def text(value: Value) -> str:
    """Return what is known of a text, with `*` for the rest; of any other value an empty text."""
    if isinstance(value, Joined):
        return "".join(part if isinstance(part, str) else "*" for part in value.parts)
    return value if isinstance(value, str) else ""
