"""What moto forgets of a Lambda function and of a queue in front of it.

Of a function: how it logs, and which alias an event source mapping names. Of a queue: its policy whenever another
attribute is set, and which queues may name it as their dead-letter queue.
"""

import json
from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaFunction
from moto.sqs.models import Queue


def extend_lambda() -> None:
    """Teach moto's Lambda what this module knows; twice does no harm."""
    if not hasattr(LambdaFunction, "init_as_moto_does"):
        LambdaFunction.init_as_moto_does = LambdaFunction.__init__
        LambdaFunction.__init__ = _init_function
        LambdaFunction.get_configuration_as_moto_does = LambdaFunction.get_configuration
        LambdaFunction.get_configuration = _get_configuration
        EventSourceMapping.init_as_moto_does = EventSourceMapping.__init__
        EventSourceMapping.__init__ = _init_mapping
        Queue.set_attributes_as_moto_does = Queue._set_attributes
        Queue._set_attributes = _set_attributes
        Queue.attributes_as_moto_has_them = Queue.attributes
        Queue.attributes = property(_attributes)
        Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
        Queue.redrive_allow_policy = None


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


def _set_attributes(self: Any, attributes: dict[str, Any], *arguments: Any) -> None:
    policy = getattr(self, "policy", None)
    self.set_attributes_as_moto_does(attributes, *arguments)
    if "Policy" not in attributes:
        self.policy = policy


def _attributes(self: Any) -> dict[str, Any]:
    attributes: dict[str, Any] = self.attributes_as_moto_has_them
    if self.redrive_policy:
        attributes["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
    # One that was set to an empty text is gone, and Terraform waits until it is.
    return {name: value for name, value in attributes.items() if name != "RedriveAllowPolicy" or value}
