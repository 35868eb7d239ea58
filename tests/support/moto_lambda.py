"""What moto forgets of a Lambda function: how it logs, and which alias an event source mapping names."""

from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaFunction


def extend_lambda() -> None:
    """Teach moto's Lambda what this module knows; twice does no harm."""
    if not hasattr(LambdaFunction, "init_as_moto_does"):
        LambdaFunction.init_as_moto_does = LambdaFunction.__init__
        LambdaFunction.__init__ = _init_function
        LambdaFunction.get_configuration_as_moto_does = LambdaFunction.get_configuration
        LambdaFunction.get_configuration = _get_configuration
        EventSourceMapping.init_as_moto_does = EventSourceMapping.__init__
        EventSourceMapping.__init__ = _init_mapping


def _init_function(self: Any, account_id: str, spec: dict[str, Any], *arguments: Any, **more: Any) -> None:
    self.init_as_moto_does(account_id, spec, *arguments, **more)
    self.logging_config = spec.get("LoggingConfig")


def _get_configuration(self: Any, *arguments: Any, **more: Any) -> dict[str, Any]:
    configuration: dict[str, Any] = self.get_configuration_as_moto_does(*arguments, **more)
    return configuration | {"LoggingConfig": self.logging_config} if self.logging_config else configuration


def _init_mapping(self: Any, spec: dict[str, Any]) -> None:
    self.init_as_moto_does(spec)
    # moto has the version's ARN here; Lambda answers with what was asked for.
    if spec["FunctionName"].startswith("arn:"):
        self.function_arn = spec["FunctionName"]
