"""The flow log of terraform-aws-modules/vpc/aws, with the log group and the role that are made for it on request.

Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/vpc-flow-logs.tf.
"""

import json
from collections.abc import Iterator, Mapping

from scaffold.evaluate.community.building import both, trust_policy
from scaffold.evaluate.community.vpc_inputs import Arguments, NetworkInputs, attribute, unsure
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Joined, Symbol, Value

DEFAULTS: Mapping[str, Value] = {
    "flow_log_cloudwatch_log_group_name_prefix": "/aws/vpc-flow-log/",
    "flow_log_destination_type": "cloud-watch-logs",
    "flow_log_max_aggregation_interval": 600,
    "flow_log_traffic_type": "ALL",
}

_GROUP, _ROLE = "create_flow_log_cloudwatch_log_group", "create_flow_log_cloudwatch_iam_role"
_ACTIONS = ("CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams")


def flow_log(inputs: NetworkInputs, vpc_id: Argument) -> Iterator[Instance]:
    """Yield the flow log and what is made for it.

    Args:
        inputs: of the call.
        vpc_id: the VPC's.
    """
    wanted = inputs.flag("enable_flow_log")
    group = _own(inputs, wanted, _GROUP, "aws_cloudwatch_log_group", "flow_log", _group(inputs))
    policy = Argument(trust_policy("vpc-flow-logs.amazonaws.com", "sts:AssumeRole"), inputs.call.place)
    role = _own(inputs, wanted, _ROLE, "aws_iam_role", "vpc_flow_log_cloudwatch", {"assume_role_policy": policy})
    arguments = {
        "vpc_id": vpc_id,
        "traffic_type": inputs.argument("flow_log_traffic_type"),
        "log_destination_type": inputs.argument("flow_log_destination_type"),
        "log_destination": _arn(inputs, group, _GROUP, "flow_log_destination_arn"),
        "iam_role_arn": _arn(inputs, role, _ROLE, "flow_log_cloudwatch_iam_role_arn"),
        "max_aggregation_interval": inputs.argument("flow_log_max_aggregation_interval"),
    }
    yield from inputs.one("aws_flow_log", "this", wanted, arguments, inputs.place("enable_flow_log"))
    yield from (*group, *role)
    for each in role:
        yield from _policy(inputs, each)


def _to_logs(inputs: NetworkInputs) -> bool | None:
    kind = inputs.value("flow_log_destination_type")
    return None if isinstance(kind, Symbol | Joined) else kind != "s3"


def _own(
    inputs: NetworkInputs, wanted: bool | None, create: str, kind: str, name: str, arguments: Arguments
) -> tuple[Instance, ...]:
    made = both(wanted, _to_logs(inputs), inputs.flag(create))
    return inputs.one(kind, name, made, arguments, inputs.place(create, "enable_flow_log"))


def _arn(inputs: NetworkInputs, own: tuple[Instance, ...], create: str, given: str) -> Argument:
    """Return the ARN of what is made for the flow log, or else the one it is given."""
    if not own:
        return Argument(inputs.value(given) or None, inputs.place(given))
    if both(_to_logs(inputs), inputs.flag(create)):
        return Argument(attribute(own[0], "arn"), inputs.place(create))
    return Argument(Symbol(f"{own[0].address}.arn, if it is made"), inputs.place(create))


def _group(inputs: NetworkInputs) -> Arguments:
    name = "flow_log_cloudwatch_log_group"
    suffix = inputs.value(f"{name}_name_suffix") or Symbol(f"{inputs.call.address}.aws_vpc.this[0].id")
    called = joined(inputs.value(f"{name}_name_prefix"), suffix)
    return {
        "name": Argument(called, inputs.place(f"{name}_name_prefix", f"{name}_name_suffix")),
        "retention_in_days": inputs.argument(f"{name}_retention_in_days"),
        "kms_key_id": inputs.argument(f"{name}_kms_key_id"),
    }


def _policy(inputs: NetworkInputs, role: Instance) -> Iterator[Instance]:
    statement = {"Effect": "Allow", "Action": [f"logs:{action}" for action in _ACTIONS], "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = inputs.make("aws_iam_policy", role.name, 0, {"policy": Argument(text, role.place)}, role.place)
    attached = {
        "role": Argument(attribute(role, "name"), role.place),
        "policy_arn": Argument(attribute(policy, "arn"), role.place),
    }
    attachment = inputs.make("aws_iam_role_policy_attachment", role.name, 0, attached, role.place)
    yield from (each if role.certain else unsure(each) for each in (policy, attachment))
