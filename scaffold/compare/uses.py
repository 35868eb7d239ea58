"""Which resources of a root module use which, and which only say more about another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Argument, Body, Instance, Root
from scaffold.evaluate.unknown import Encoded
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import References, references

OWNERS: Mapping[str, tuple[str, str, str]] = {
    "aws_apigatewayv2_authorizer": ("api_id", "aws_apigatewayv2_api", "authorizers"),
    "aws_apigatewayv2_integration": ("api_id", "aws_apigatewayv2_api", "integrations"),
    "aws_apigatewayv2_route": ("api_id", "aws_apigatewayv2_api", "routes"),
    "aws_cloudwatch_event_target": ("rule", "aws_cloudwatch_event_rule", "targets"),
    "aws_cloudwatch_log_delivery": ("delivery_source_name", "aws_cloudwatch_log_delivery_source", ""),
    "aws_ecr_lifecycle_policy": ("repository", "aws_ecr_repository", "lifecycle_policy"),
    "aws_ecs_cluster_capacity_providers": ("cluster_name", "aws_ecs_cluster", "capacity_providers"),
    "aws_eks_access_policy_association": ("principal_arn", "aws_eks_access_entry", "policies"),
    "aws_eks_pod_identity_association": ("cluster_name", "aws_eks_cluster", ""),
    "aws_iam_role_policy": ("role", "aws_iam_role", "inline_policies"),
    "aws_iam_role_policy_attachment": ("role", "aws_iam_role", "policies"),
    "aws_kms_alias": ("target_key_id", "aws_kms_key", ""),
    "aws_kms_key_policy": ("key_id", "aws_kms_key", "policy"),
    "aws_lambda_function_event_invoke_config": ("function_name", "aws_lambda_function", "asynchronous"),
    "aws_lambda_permission": ("function_name", "aws_lambda_function", "invokers"),
    "aws_route": ("route_table_id", "aws_route_table", "routes"),
    "aws_route53_resolver_query_log_config_association": (
        "resolver_query_log_config_id",
        "aws_route53_resolver_query_log_config",
        "",
    ),
    "aws_route_table_association": ("subnet_id", "aws_subnet", "route_table"),
    "aws_s3_bucket_lifecycle_configuration": ("bucket", "aws_s3_bucket", "lifecycle"),
    "aws_s3_bucket_policy": ("bucket", "aws_s3_bucket", "policy"),
    "aws_s3_bucket_public_access_block": ("bucket", "aws_s3_bucket", "public_access_block"),
    "aws_s3_bucket_server_side_encryption_configuration": ("bucket", "aws_s3_bucket", "encryption"),
    "aws_s3_bucket_versioning": ("bucket", "aws_s3_bucket", "versioning"),
    "aws_security_group_rule": ("security_group_id", "aws_security_group", "ingress"),
    "aws_sns_topic_policy": ("arn", "aws_sns_topic", ""),
    "aws_sqs_queue_policy": ("queue_url", "aws_sqs_queue", "policy"),
    "aws_sqs_queue_redrive_allow_policy": ("queue_url", "aws_sqs_queue", "redrive_allow_policy"),
    "aws_sqs_queue_redrive_policy": ("queue_url", "aws_sqs_queue", "redrive_policy"),
    "aws_vpc_endpoint_route_table_association": ("vpc_endpoint_id", "aws_vpc_endpoint", "route_table_ids"),
    "aws_vpc_endpoint_subnet_association": ("vpc_endpoint_id", "aws_vpc_endpoint", "subnet_ids"),
    "aws_vpc_ipv4_cidr_block_association": ("vpc_id", "aws_vpc", "secondary_cidr_blocks"),
    "aws_vpc_security_group_egress_rule": ("security_group_id", "aws_security_group", "egress"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "aws_security_group", "ingress"),
}
"""The resources that only say more about another: the argument that names the other, its type, and what it says more
of there; nothing where that is only a name."""

_MENTIONED = re.compile(r"((?:module\.[\w-]+(?:\[[^\]]{1,99}\])?\.){0,9}aws_\w+\.[\w-]+(?:\[[^\]]{1,99}\])?)\.arn\b")
_LONGEST_TEXT = 10_000

_NAMES = ("name", "bucket", "principal_arn", "function_name", "alarm_name", "family")
"""The arguments by whose value, rather than by its `id` or `arn`, a resource may be named."""


@dataclass(frozen=True, slots=True)
class Uses:
    """How the resources of a root module hang together.

    Attributes:
        root: the root module.
        references: its resources by address.
        of: for each address, the resources that use it, each with the path of the argument.
        about: for each address, the resources that only say more about it, in order.
        homeless: of each type of those, whether it is not known what some of them are about.
        names: each resource by its type and its name.
    """

    root: Root
    references: References
    of: Mapping[str, tuple[tuple[Instance, str], ...]]
    about: Mapping[str, tuple[Instance, ...]]
    homeless: frozenset[str]
    names: Mapping[tuple[str, Value], Instance]

    def find(self, value: Value) -> Instance | None:
        """Return what a value is an attribute of; of an alias, its key."""
        return _behind(self.references, self.references.find(value))

    def named(self, kind: str, value: Value) -> Instance | None:
        """Return the resource of a type that a value is an attribute of, or the name of."""
        found = self.find(value)
        if found is not None:
            return found if found.type == kind and not found.data else None
        return self.names.get((kind, value)) if isinstance(value, str | Joined | Symbol) else None

    def used_as(self, instance: Instance, kind: str, path: str) -> Instance | None:
        """Return the first resource of type `kind` that uses an instance in an argument whose path ends so."""
        return next(
            (user for user, at in self.of.get(instance.address, ()) if user.type == kind and at.endswith(path)), None
        )


def uses_of(root: Root) -> Uses:
    """Find out how the resources of a root module hang together."""
    found = references(root)
    of: dict[str, list[tuple[Instance, str]]] = {}
    about: dict[str, list[Instance]] = {}
    homeless: set[str] = set()
    named = {
        (instance.type, instance.get(name)): instance
        for instance in root.instances
        for name in _NAMES
        if not instance.data and isinstance(instance.get(name), str | Joined | Symbol)
    }
    for instance in root.instances:
        if instance.type in OWNERS and not instance.data:
            argument, kind, _ = OWNERS[instance.type]
            value = instance.get(argument)
            owner = found.find(value)
            if owner is None and isinstance(value, str | Joined | Symbol):
                owner = named.get((kind, value))
            if owner is not None and owner.type == "aws_lambda_alias" and kind == "aws_lambda_function":
                owner = found.find(owner.get("function_name")) or named.get((kind, owner.get("function_name")))
            if owner is None:
                homeless.add(instance.type)
            else:
                about.setdefault(owner.address, []).append(instance)
        for path, argument_ in leaves(instance.body):
            for symbol in symbols(argument_.value):
                for address in mentioned(symbol):
                    target = _behind(found, found.find(Symbol(address, address)))
                    if target is not None:
                        of.setdefault(target.address, []).append((instance, path))
    return Uses(
        root,
        found,
        {address: tuple(users) for address, users in of.items()},
        {address: tuple(each) for address, each in about.items()},
        frozenset(homeless),
        named,
    )


def _behind(found: References, instance: Instance | None) -> Instance | None:
    if instance is None or instance.data or instance.type != "aws_kms_alias":
        return instance
    return found.find(instance.get("target_key_id")) or instance


def mentioned(symbol: Symbol) -> Iterator[str]:
    """Yield the address a symbol is an attribute of; of a JSON text not known whole, all whose ARNs it holds."""
    if symbol.of:
        yield symbol.of
    elif symbol.text.startswith("jsonencode("):
        yield from (match[1] for match in _MENTIONED.finditer(symbol.text[:_LONGEST_TEXT]))


def symbols(value: Value) -> Iterator[Symbol]:
    """Yield every symbol in a value."""
    if isinstance(value, Encoded):
        yield from symbols(value.data)
    elif isinstance(value, Symbol):
        yield value
    elif isinstance(value, Joined):
        yield from (part for part in value.parts if isinstance(part, Symbol))
    elif isinstance(value, tuple):
        for each in value:
            yield from symbols(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from symbols(each)


def leaves(body: Body, prefix: str = "") -> Iterator[tuple[str, Argument]]:
    """Yield every argument of a block and of the blocks in it that is set, by its path.

    A map, and a list of one map, is stepped into as a block is: many arguments may be written either way.
    """
    for name, argument in body.arguments.items():
        yield from leaf(f"{prefix}{name}", argument)
    for kind, blocks in body.blocks.items():
        if kind in ("timeouts", "lifecycle", "provisioner", "connection"):
            continue
        for number, block in enumerate(blocks):
            step = kind if len(blocks) == 1 else f"{kind}[{number}]"
            yield from leaves(block, f"{prefix}{step}.")


def leaf(path: str, argument: Argument) -> Iterator[tuple[str, Argument]]:
    """Yield an argument by its path; of a mapping, and of a list of one mapping, each value in it that is set."""
    value = argument.value
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], Mapping):
        value = value[0]
    if isinstance(value, Mapping):
        for key, each in value.items():
            step = key if isinstance(key, str) else "(unknown)"
            yield from leaf(f"{path}.{step}", Argument(each, argument.place))
    elif value is not None and value != ():
        yield path, Argument(value, argument.place)
