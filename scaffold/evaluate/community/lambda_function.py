"""terraform-aws-modules/lambda/aws: the function, its role and its log group.

Source: https://github.com/terraform-aws-modules/terraform-aws-lambda (main.tf, iam.tf, variables.tf), versions 2 to 8.
"""

import json

from scaffold.evaluate.community import Call, Made
from scaffold.evaluate.community.building import Inputs, both, either
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Symbol, Value

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
        found.append(role)
        outputs["lambda_role_arn"] = inputs.output(role, "arn")
        outputs["lambda_role_name"] = inputs.output(role, "name")
    if own_group is not False:
        group = {
            "name": inputs.argument(joined("/aws/lambda/", inputs.read("function_name", default="").value)),
            "retention_in_days": inputs.read("cloudwatch_logs_retention_in_days"),
            "kms_key_id": inputs.read("cloudwatch_logs_kms_key_id"),
        }
        found.append(inputs.make("aws_cloudwatch_log_group", "lambda", group, sure=own_group))
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
    blocks = {}
    if subnets.value is not None and groups.value is not None:
        blocks["vpc_config"] = (inputs.block({"subnet_ids": subnets, "security_group_ids": groups}),)
    return inputs.make("aws_lambda_function", "this", arguments, blocks, sure=create)
