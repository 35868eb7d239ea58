"""What is said of a resource, by itself and by the resources that only say more about it, as paths and values.

Left out is what differs between any two repositories without a meaning for either: names, descriptions, tags but for
the roles of subnets, the code of functions, and the texts of policies, in which names and accounts stand. Of a role's
trust and of its managed policies, what they allow to whom is kept.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping

from scaffold.compare.cast import Cast, text
from scaffold.compare.layout import zone_number
from scaffold.compare.service_particulars import cluster, named, repository, service, state_machine, task_definition
from scaffold.compare.uses import leaves, mentioned
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.documents import decoded
from scaffold.facts.endpoints import endpoint
from scaffold.facts.iam import role_of

_NOT_COMPARED = frozenset(
    {
        "addon_name",
        "alarm_description",
        "alarm_name",
        "allocation_id",
        "assume_role_policy",
        "awslogs-group",
        "awslogs-region",
        "awslogs-stream-prefix",
        "availability_zone_id",
        "bucket",
        "bucket_prefix",
        "cloud_watch_log_group_name",
        "cluster_name",
        "container_definitions",
        "container_name",
        "description",
        "definition",
        "desired_count",
        "discovery_name",
        "display_name",
        "dns_name",
        "filename",
        "family",
        "format",
        "function_name",
        "function_version",
        "handler",
        "hash_key",
        "id",
        "image_uri",
        "inline_policy",
        "log_group",
        "log_group_name",
        "managed_policy_arns",
        "metric_name",
        "name",
        "name_prefix",
        "namespace",
        "policy",
        "port_name",
        "principal_arn",
        "range_key",
        "region",
        "resource_id",
        "resource_label",
        "s3_bucket",
        "s3_key",
        "s3_object_version",
        "service_name",
        "source_code_hash",
        "tags_all",
    }
)
_NOT_COMPARED_WITHIN = frozenset(
    {
        "attribute",
        "capacity_provider_strategy",
        "dimensions",
        "egress",
        "environment",
        "ingress",
        "inline_policy",
        "metric_query",
        "metric_transformation",
        "route",
        "setting",
    }
)
_BY_NAME = {
    ("aws_cloudwatch_event_rule", "event_bus_name"): "aws_cloudwatch_event_bus",
    ("aws_ecs_capacity_provider", "cluster"): "aws_ecs_cluster",
    ("aws_ecs_service", "alarms.alarm_names"): "aws_cloudwatch_metric_alarm",
    ("aws_ecs_service", "cluster"): "aws_ecs_cluster",
    ("aws_ecs_service", "task_definition"): "aws_ecs_task_definition",
    ("aws_iam_instance_profile", "role"): "aws_iam_role",
}
"""The arguments by whose value a resource may be named: what is compared is which one."""

_JSON = frozenset(
    {
        ("aws_cloudwatch_event_rule", "event_pattern"),
        ("aws_sns_topic_subscription", "filter_policy"),
        ("aws_sns_topic_subscription", "redrive_policy"),
    }
)
"""The arguments that are JSON, and compared by what that says."""

_ENCODED_NUMBER = re.compile(r'"(\w{1,40})" = (\d{1,9})\b')
_ROLE_TAG = "tags.kubernetes.io/role/"


def particulars(cast: Cast, instance: Instance) -> Mapping[str, Argument]:
    """Return what is said of a resource, by path; what is not set is not there."""
    found = {
        path: _resolved(cast, instance, path, argument)
        for path, argument in leaves(instance.body)
        if _is_compared(path)
    }
    more = _MORE.get(instance.type)
    for path, argument in more(cast, instance) if more else ():
        if argument.value is None or argument.value == ():
            found.pop(path, None)
        else:
            found[path] = argument
    return found


def _resolved(cast: Cast, instance: Instance, path: str, argument: Argument) -> Argument:
    if (instance.type, path) in _JSON:
        return Argument(decoded(argument.value), argument.place)
    kind = _BY_NAME.get((instance.type, path))
    return Argument(named(cast, kind, argument.value), argument.place) if kind is not None else argument


def _is_compared(path: str) -> bool:
    head, _, rest = path.partition(".")
    if head == "tags":
        return path.startswith(_ROLE_TAG)
    last = rest.rpartition(".")[2] if rest else head
    return last not in _NOT_COMPARED and head.partition("[")[0] not in _NOT_COMPARED_WITHIN


def _vpc(cast: Cast, vpc: Instance) -> Iterator[tuple[str, Argument]]:
    blocks = [each for each in _about(cast, vpc) if each.type == "aws_vpc_ipv4_cidr_block_association"]
    if blocks:
        cidrs = tuple(each.get("cidr_block") for each in blocks)
        yield "secondary_cidr_blocks", Argument(cidrs, blocks[0].place)


def _subnet(cast: Cast, subnet: Instance) -> Iterator[tuple[str, Argument]]:
    zone = subnet.body.at("availability_zone") or subnet.body.at("availability_zone_id")
    if zone is not None:
        yield "availability_zone", Argument(zone_number(cast.layout, zone.value), zone.place)
    table = cast.layout.tables.get(subnet.address)
    if table is not None:
        yield "route_table", table


def _route_table(cast: Cast, table: Instance) -> Iterator[tuple[str, Argument]]:
    for destination, target in cast.layout.routes.get(table.address, ()):
        yield f"routes.{text(destination) or '(unknown)'}", target


def _security_group(cast: Cast, group: Instance) -> Iterator[tuple[str, Argument]]:
    found = cast.groups.get(group.address)
    for direction in ("ingress", "egress"):
        rules = [rule for rule in found.rules if rule.direction == direction] if found else []
        if rules:
            lines: list[Value] = []
            for rule in rules:
                every = rule.protocol in ("-1", -1, "all")
                ports = ("all",) if every else (rule.protocol, rule.from_port, rule.to_port)
                others = (*rule.cidrs, *rule.groups, *rule.prefix_lists, *(("self",) if rule.own else ()))
                lines += [{"traffic": ports, "peer": _block_of(cast, each)} for each in others]
            yield direction, Argument(tuple(lines), rules[0].place)


def _block_of(cast: Cast, peer: Value) -> Value:
    """Return whose block a CIDR block is, the VPC's or a subnet's, since the VPC's own is an answer."""
    for each in (*([cast.layout.vpc] if cast.layout.vpc else []), *cast.root.of("aws_subnet")):
        if isinstance(peer, str) and each.get("cidr_block") == peer:
            return Symbol(f"{each.address}.cidr_block", each.address, "cidr_block")
    return peer


def _role(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    role = role_of(cast.root, Symbol(instance.address, instance.address, "arn"))
    if role is None:
        return
    place = instance.place_of("assume_role_policy")
    if role.trust is None:
        yield "trust", Argument(Symbol("a trust policy that is not known"), place)
    else:
        trusted = tuple((text(each.service), *each.actions) for each in role.trust)
        yield "trust", Argument(trusted, place)
    attached: tuple[Value, ...] = tuple(each.name for each in role.policies)
    if role.more:
        attached += (Symbol(role.more),)
    if attached:
        yield "policies", Argument(attached, role.policies[0].place if role.policies else instance.place)


def _access_entry(cast: Cast, entry: Instance) -> Iterator[tuple[str, Argument]]:
    found = [each for each in _about(cast, entry) if each.type == "aws_eks_access_policy_association"]
    if found:
        policies: tuple[Value, ...] = tuple(
            {
                "policy": text(each.get("policy_arn")).rpartition("/")[2] or each.get("policy_arn"),
                "scope": each.get("access_scope", "type"),
                "namespaces": each.get("access_scope", "namespaces") or (),
            }
            for each in found
        )
        yield "policies", Argument(policies, found[0].place)


def _endpoint(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    found = endpoint(instance, cast.root, cast.uses.references)
    for path, values in (("route_table_ids", found.tables), ("subnet_ids", found.subnets)):
        yield path, Argument(values, instance.place_of(path))


def _queue(cast: Cast, queue: Instance) -> Iterator[tuple[str, Argument]]:
    written = [(queue, "redrive_policy")]
    written += [(each, "redrive_policy") for each in _about(cast, queue) if each.type == "aws_sqs_queue_redrive_policy"]
    written += [
        (each, "redrive_allow_policy") for each in _about(cast, queue) if each.type.endswith("_redrive_allow_policy")
    ]
    for instance, path in written:
        argument = instance.body.at(path)
        policy = _json(argument.value) if argument else None
        if argument is not None and policy is not None:
            yield path, Argument(None, argument.place)
            for key, value in policy.items():
                yield f"{path}.{key}", Argument(value, argument.place)


def _json(value: Value) -> Mapping[str, Value] | None:
    """Return the object a JSON text stands for, with the symbols that are in it; None for any other value."""
    if isinstance(value, Symbol):
        # The evaluator leaves `jsonencode` of what is not known as it is written.
        found: dict[str, Value] = {key: int(number) for key, number in _ENCODED_NUMBER.findall(value.text)}
        for address in mentioned(value):
            found["deadLetterTargetArn"] = Symbol(f"{address}.arn", address, "arn")
        return found if "deadLetterTargetArn" in found and "deadLetterTargetArn" in value.text else None
    if isinstance(value, Mapping):
        return {key: each for key, each in value.items() if isinstance(key, str)}
    if not isinstance(value, str | Joined):
        return None
    parts = value.parts if isinstance(value, Joined) else (value,)
    marked = {f"\ue000{number}": part for number, part in enumerate(parts) if isinstance(part, Symbol)}
    joined = "".join(part if isinstance(part, str) else f"\ue000{number}" for number, part in enumerate(parts))
    try:
        read = json.loads(joined)
    except (ValueError, RecursionError):
        return None

    def known(each: object) -> Value:
        if isinstance(each, list):
            return tuple(known(item) for item in each)
        if isinstance(each, str):
            return marked.get(each, each if "\ue000" not in each else Symbol("a part of a JSON text"))
        return each if isinstance(each, int | float) else None

    return {key: known(each) for key, each in read.items()} if isinstance(read, dict) else None


def _api(cast: Cast, api: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield how the routes of an API let callers in, and how what is behind them is called: not which there are."""
    for head, kind, arguments in (
        ("authorizers", "aws_apigatewayv2_authorizer", ("authorizer_type", "identity_sources", "jwt_configuration")),
        ("integrations", "aws_apigatewayv2_integration", ("integration_type", "payload_format_version")),
        ("routes", "aws_apigatewayv2_route", ("authorization_type",)),
    ):
        found = [each for each in _about(cast, api) if each.type == kind]
        values: tuple[Value, ...] = tuple(
            {
                path: argument.value
                for path, argument in leaves(each.body)
                if path.partition(".")[0].partition("[")[0] in arguments
            }
            for each in found
        )
        if found:
            yield head, Argument(values, found[0].place)


def _function(cast: Cast, function: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield who may call a function, and what becomes of calls that nobody waits for."""
    permissions = [each for each in _about(cast, function) if each.type == "aws_lambda_permission"]
    if permissions:
        yield "invokers", Argument(tuple(each.get("principal") for each in permissions), permissions[0].place)
    for each in _about(cast, function):
        if each.type == "aws_lambda_function_event_invoke_config":
            for path, argument in leaves(each.body):
                if _is_compared(path) and path != "qualifier":
                    yield f"asynchronous.{path}", argument


def _rule(cast: Cast, rule: Instance) -> Iterator[tuple[str, Argument]]:
    for number, target in enumerate(each for each in _about(cast, rule) if each.type == "aws_cloudwatch_event_target"):
        for path, argument in leaves(target.body):
            if path not in ("rule", "event_bus_name", "target_id") and _is_compared(path):
                yield f"targets[{number}].{path}", argument


def _bucket(cast: Cast, bucket: Instance) -> Iterator[tuple[str, Argument]]:
    for each in _about(cast, bucket):
        for path, argument in leaves(each.body):
            if each.type.startswith("aws_s3_bucket_") and _is_compared(path):
                yield f"{each.type.removeprefix('aws_s3_bucket_')}.{path}", argument


def _about(cast: Cast, instance: Instance) -> tuple[Instance, ...]:
    return cast.uses.about.get(instance.address, ())


_MORE: Mapping[str, Callable[[Cast, Instance], Iterator[tuple[str, Argument]]]] = {
    "aws_apigatewayv2_api": _api,
    "aws_cloudwatch_event_rule": _rule,
    "aws_default_security_group": _security_group,
    "aws_ecr_repository": repository,
    "aws_ecs_cluster": cluster,
    "aws_ecs_service": service,
    "aws_ecs_task_definition": task_definition,
    "aws_eks_access_entry": _access_entry,
    "aws_iam_role": _role,
    "aws_lambda_function": _function,
    "aws_route_table": _route_table,
    "aws_s3_bucket": _bucket,
    "aws_security_group": _security_group,
    "aws_sfn_state_machine": state_machine,
    "aws_sqs_queue": _queue,
    "aws_subnet": _subnet,
    "aws_vpc": _vpc,
    "aws_vpc_endpoint": _endpoint,
}
