"""What calls a Lambda function, or lets it be called, by the version it names."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.root import Instance, Place
from scaffold.evaluate.values import Value
from scaffold.facts.functions import Function
from scaffold.opinions.judging import broken
from scaffold.opinions.opinion import Judgement

CALLERS: Mapping[str, tuple[str, ...]] = {
    "aws_api_gateway_integration": ("uri",),
    "aws_apigatewayv2_integration": ("integration_uri",),
    "aws_cloudwatch_event_target": ("arn",),
    "aws_lambda_event_source_mapping": ("function_name",),
    "aws_lambda_function_event_invoke_config": ("function_name",),
    "aws_lambda_function_url": ("function_name",),
    "aws_lambda_invocation": ("function_name",),
    "aws_lambda_permission": ("function_name",),
    "aws_lb_target_group_attachment": ("target_id",),
    "aws_pipes_pipe": ("target",),
    "aws_scheduler_schedule": ("target", "arn"),
    "aws_sns_topic_subscription": ("endpoint",),
}
"""The argument that names a function, by the type of what calls it or lets it be called."""


def bare_calls(function: Function) -> Iterator[Judgement]:
    """Yield that something of the function's root module names the function itself rather than a version or alias."""
    for caller in function.root.of(*CALLERS, "aws_s3_bucket_notification"):
        for value, where in _calls(caller):
            if function.called_by(value) == "bare" and caller.get("qualifier") is None:
                yield broken(
                    f"{caller.address} names {function.address} itself, which is $LATEST, rather than its version.",
                    where,
                    "name the alias's ARN" + (", or set qualifier" if "lambda" in caller.type else ""),
                )


def _calls(caller: Instance) -> Iterator[tuple[Value, Place]]:
    """Yield each value by which a resource may name a function."""
    if caller.type in CALLERS:
        path = CALLERS[caller.type]
        yield caller.get(*path), caller.place_of(*path)
        return
    for block in caller.body.blocks.get("lambda_function", ()):
        yield block.get("lambda_function_arn"), block.place_of("lambda_function_arn")
