"""What parts are played around Lambda functions: by queues, alarms, rules of events; each named after its function."""

import re
from collections.abc import Mapping

from scaffold.compare.cast import Cast, Namer, text
from scaffold.evaluate.root import Instance
from scaffold.facts.addresses import several

_METRIC = re.compile(r"SELECT\s+\w+\(\s*\"?(\w+)\"?\s*\)", re.IGNORECASE)
_FILTER = "aws_cloudwatch_log_metric_filter"


def _alias(cast: Cast, instance: Instance) -> str:
    return cast.functions.suffix(cast.functions.handles.get(instance.address)).lstrip()


def _mapping(cast: Cast, instance: Instance) -> str:
    return cast.functions.suffix(cast.functions.of(instance.get("function_name"))).lstrip()


def _rule(cast: Cast, instance: Instance) -> str:
    for target in cast.uses.about.get(instance.address, ()):
        function = cast.functions.of(target.get("arn"))
        if function is not None:
            return cast.functions.suffix(function).lstrip()
    return ""


def _subscription(cast: Cast, instance: Instance) -> str:
    return cast.functions.suffix(cast.functions.of(instance.get("endpoint"))).lstrip()


def _queue(cast: Cast, instance: Instance) -> str:
    users = cast.uses.of.get(instance.address, ())
    for user, path in users:
        if user.type == "aws_sqs_queue" and path.startswith("redrive_policy"):
            return f"dead letter{_suffix_of_work(cast, user)}"
        if user.type == "aws_sqs_queue_redrive_policy" and path.startswith("redrive_policy"):
            work = cast.uses.find(user.get("queue_url"))
            return f"dead letter{_suffix_of_work(cast, work)}" if work is not None else "dead letter"
    for user, _ in users:
        if user.type == "aws_lambda_function":
            return f"dead letter{cast.functions.suffix(user.address)}"
        if user.type in _SENDERS:
            return f"dead letter{cast.functions.suffix(cast.functions.of(user.get(_SENDERS[user.type])))}"
    name = f"{instance.address} {text(instance.get('name'))}".lower()
    return "dead letter" if re.search(r"dead.?letter|dlq", name) else f"work{_suffix_of_work(cast, instance)}"


_SENDERS = {
    "aws_cloudwatch_event_target": "arn",
    "aws_lambda_function_event_invoke_config": "function_name",
    "aws_sns_topic_subscription": "endpoint",
}
"""What sends to a dead-letter queue for a function, each with the argument that names the function."""


def _suffix_of_work(cast: Cast, queue: Instance) -> str:
    mapping = cast.uses.used_as(queue, "aws_lambda_event_source_mapping", "event_source_arn")
    return cast.functions.suffix(cast.functions.of(mapping.get("function_name"))) if mapping is not None else ""


def _alarm(cast: Cast, instance: Instance) -> str:
    metric = _metric(cast, instance)
    function = cast.functions.of(instance.get("dimensions", "FunctionName"))
    queue = cast.uses.named("aws_sqs_queue", instance.get("dimensions", "QueueName"))
    if function is not None:
        return f"{metric}{cast.functions.suffix(function)}"
    if queue is not None:
        part = _queue(cast, queue)
        return f"{metric} of {part}" if " of a function" in part else metric
    actions = several(instance.get("alarm_actions"))
    if any(each is not None and each.type == "aws_appautoscaling_policy" for each in map(cast.uses.find, actions)):
        return f"{metric} that scales {'out' if 'Greater' in text(instance.get('comparison_operator')) else 'in'}"
    return f"{metric} of tasks" if "ECS" in text(instance.get("namespace")) else metric


def _metric(cast: Cast, instance: Instance) -> str:
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


def _function(cast: Cast, instance: Instance) -> str:
    return cast.functions.parts[instance.address]


NAMES: Mapping[str, Namer] = {
    "aws_cloudwatch_event_rule": _rule,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_lambda_alias": _alias,
    "aws_lambda_event_source_mapping": _mapping,
    "aws_lambda_function": _function,
    "aws_sns_topic_subscription": _subscription,
    "aws_sqs_queue": _queue,
}
"""By type."""
