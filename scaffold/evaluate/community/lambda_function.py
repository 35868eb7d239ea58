"""terraform-aws-modules/lambda/aws: the function, its role, its log group, and what brings it work.

Source: https://github.com/terraform-aws-modules/terraform-aws-lambda (main.tf, iam.tf, variables.tf), versions 2 to 8.
"""

import json
from collections.abc import Iterator, Mapping

from scaffold.evaluate.community import Call, Made
from scaffold.evaluate.community.building import Inputs, both, either, item, truth
from scaffold.evaluate.community.lambda_rights import policies_of
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Body, Instance
from scaffold.evaluate.values import Key, Symbol, Value

_DEFAULTS: dict[str, Value] = {
    "function_name": "",
    "runtime": "",
    "handler": "",
    "memory_size": 128,
    "timeout": 3,
    "package_type": "Zip",
    "publish": False,
    "architectures": None,
    "image_uri": None,
    "kms_key_arn": None,
    "layers": None,
    "reserved_concurrent_executions": -1,
}

_BLOCKS: dict[str, dict[str, str]] = {
    "dead_letter_config": {"target_arn": "dead_letter_target_arn"},
    "logging_config": {"log_format": "logging_log_format", "log_group": "logging_log_group"},
    "tracing_config": {"mode": "tracing_mode"},
}
"""Blocks of the function that are there once one of their inputs is, and the input of each argument."""

_MAPPING = (
    "event_source_arn",
    "batch_size",
    "enabled",
    "function_response_types",
    "maximum_batching_window_in_seconds",
    "provisioned_poller_config",
    "scaling_config",
    "starting_position",
)
"""What is taken of an item of `event_source_mapping`."""

_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
        ],
    }
)


def expand(call: Call) -> Made:
    """Return what a call makes."""
    inputs = Inputs(call)
    layer = inputs.on("create_layer")
    create = both(
        inputs.on("create", default=True),
        inputs.on("create_function", default=True),
        None if layer is None else not layer,
    )
    if create is False:
        return Made((), {})
    role = _role(inputs, create)
    function = _function(inputs, create, role)
    existing = inputs.on("use_existing_cloudwatch_log_group")
    own_group = both(create, None if existing is None else not existing)
    found: list[Instance] = [function]
    outputs: dict[str, Value] = {
        "lambda_function_name": inputs.output(function, "function_name"),
        "lambda_function_arn": inputs.output(function, "arn"),
        "lambda_function_qualified_arn": inputs.output(function, "qualified_arn"),
        "lambda_function_invoke_arn": inputs.output(function, "invoke_arn"),
        "lambda_function_version": inputs.output(function, "version"),
    }
    if role is not None:
        found += [role, *policies_of(inputs, role)]
        outputs["lambda_role_arn"] = inputs.output(role, "arn")
        outputs["lambda_role_name"] = inputs.output(role, "name")
    if own_group is not False:
        given = inputs.read("logging_log_group")
        usual = inputs.argument(joined("/aws/lambda/", inputs.read("function_name", default="").value))
        group = {
            "name": usual if given.value is None else given,
            "retention_in_days": inputs.read("cloudwatch_logs_retention_in_days"),
            "kms_key_id": inputs.read("cloudwatch_logs_kms_key_id"),
        }
        found.append(inputs.make("aws_cloudwatch_log_group", "lambda", group, sure=own_group))
    found += _mappings(inputs, create, function)
    found += _asynchronous(inputs, create, function)
    found += _provisioned(inputs, create, function)
    return Made(tuple(found), outputs)


def _role(inputs: Inputs, create: bool | None) -> Instance | None:
    wanted = both(create, inputs.on("create_role", default=True))
    if wanted is False:
        return None
    name = inputs.read("role_name")
    arguments = {
        "name": inputs.read("function_name", default="") if name.value is None else name,
        "assume_role_policy": inputs.argument(_trust(inputs)),
    }
    return inputs.make("aws_iam_role", "lambda", arguments, sure=wanted)


def _trust(inputs: Inputs) -> Value:
    widened = any(inputs.read(name).value for name in ("trusted_entities", "assume_role_policy_statements"))
    return Symbol(f"the trust policy of {inputs.call.address}") if widened or inputs.on("lambda_at_edge") else _TRUST


def _function(inputs: Inputs, create: bool | None, role: Instance | None) -> Instance:
    arguments = {name: inputs.read(name, default=default) for name, default in _DEFAULTS.items()}
    given = inputs.read("lambda_role")
    arguments["role"] = given
    if role is not None:
        arn = inputs.output(role, "arn")
        arguments["role"] = Argument(
            either(True if role.certain else None, arn, given.value, f"{arn.text}, if it is made"), given.place
        )
    if inputs.on("lambda_at_edge"):
        arguments["publish"] = inputs.argument(True)
    subnets, groups = inputs.read("vpc_subnet_ids"), inputs.read("vpc_security_group_ids")
    blocks: dict[str, tuple[Body, ...]] = {}
    for kind, names in _BLOCKS.items():
        inner = {argument: inputs.read(name) for argument, name in names.items()}
        if any(each.value is not None for each in inner.values()):
            blocks[kind] = (inputs.block(inner),)
    if subnets.value is not None and groups.value is not None:
        blocks["vpc_config"] = (inputs.block({"subnet_ids": subnets, "security_group_ids": groups}),)
    return inputs.make("aws_lambda_function", "this", arguments, blocks, sure=create)


def _mappings(inputs: Inputs, create: bool | None, function: Instance) -> Iterator[Instance]:
    """Yield what takes work from queues and streams to the function."""
    sure = both(create, inputs.on("create_unqualified_alias_allowed_triggers", default=True))
    given = inputs.read("event_source_mapping")
    if sure is False or given.value is None:
        return
    text = f"event_source_mapping of {inputs.call.address}"
    items: Mapping[Key, Value] = given.value if isinstance(given.value, Mapping) else {Symbol(text): Symbol(text)}
    for key, settings in items.items():
        if isinstance(settings, Mapping):
            arguments = {name: Argument(item(settings, name), given.place) for name in _MAPPING}
        else:
            arguments = {name: Argument(Symbol(f"{name} in {text}"), given.place) for name in _MAPPING}
        arguments["function_name"] = inputs.argument(inputs.output(function, "arn"))
        yield inputs.make(
            "aws_lambda_event_source_mapping",
            "this",
            arguments,
            key=key,
            sure=sure if isinstance(key, str) else None,
            place=given.place,
        )


def _asynchronous(inputs: Inputs, create: bool | None, function: Instance) -> Iterator[Instance]:
    """Yield how the function is invoked by those who do not wait."""
    asked, failed = inputs.read("create_async_event_config", default=False), inputs.read("destination_on_failure")
    arguments = {"function_name": inputs.argument(inputs.output(function, "function_name"))}
    if failed.value is not None:
        arguments["destination_config"] = Argument({"on_failure": {"destination": failed.value}}, failed.place)
    for key in ("current_version", "unqualified_alias"):
        sure = both(create, truth(asked.value), inputs.on(f"create_{key}_async_event_config", default=True))
        if sure is not False:
            kind = "aws_lambda_function_event_invoke_config"
            yield inputs.make(kind, "this", arguments, key=key, sure=sure, place=asked.place)


def _provisioned(inputs: Inputs, create: bool | None, function: Instance) -> Iterator[Instance]:
    """Yield the environments that are kept ready; the module makes none of -1."""
    given = inputs.read("provisioned_concurrent_executions", default=-1)
    sure = both(create, given.value > -1 if isinstance(given.value, int | float) else None)
    if sure is not False:
        arguments = {
            "function_name": inputs.argument(inputs.output(function, "function_name")),
            "qualifier": inputs.argument(inputs.output(function, "version")),
            "provisioned_concurrent_executions": given,
        }
        kind = "aws_lambda_provisioned_concurrency_config"
        yield inputs.make(kind, "current_version", arguments, sure=sure, place=given.place)
