"""L8: what Lambda throttles waits somewhere, what fails is kept, and somebody hears of both."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.alarms import Alarms
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_function, unread
from scaffold.opinions.opinion import Judgement, Opinion

_PARTIAL = "ReportBatchItemFailures"
_ASYNCHRONOUS = ("aws_cloudwatch_event_target", "aws_sns_topic_subscription")
"""What invokes a function without waiting for its answer."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    alarms = Alarms(facts)
    yield from for_each_function(
        lambda _, function: _faults(alarms, function),
        lambda function: f"{function.address}: what fails or waits is kept, and alarms watch it.",
    )(facts)


def _faults(alarms: Alarms, function: ManagedFunction) -> Iterator[Judgement]:
    for mapping in function.root.of("aws_lambda_event_source_mapping"):
        if function.called_by(mapping.get("function_name")):
            yield from _mapping(function.root, mapping)
    yield from _events(function)
    yield from _alarms(alarms, function)


def _mapping(root: Root, mapping: Instance) -> Iterator[Judgement]:
    """Yield what an SQS queue in front of a function lacks; streams and others have ways of their own."""
    arn = mapping.get("event_source_arn")
    queue = root.find(arn)
    if queue is None and not (isinstance(arn, str) and ":sqs:" in arn):
        return
    if queue is not None and queue.type != "aws_sqs_queue":
        return
    types, place = mapping.get("function_response_types"), mapping.place_of("function_response_types")
    if _PARTIAL not in several(types):
        if types is not None and not known(types):
            yield unknown(f"{mapping.address}: its function_response_types cannot be told: {shown(types)}.", place)
        else:
            yield broken(
                f"{mapping.address}: when one message of a batch fails, all of them come back.",
                place,
                f'Set function_response_types = ["{_PARTIAL}"], and return the IDs of those that failed.',
            )
    if queue is None or queue.data:
        yield unknown(
            f"{mapping.address}: whether its queue has a dead-letter queue cannot be told, as it is not made here.",
            mapping.place_of("event_source_arn"),
        )
    elif queue.get("redrive_policy") is None and not _redriven(root, queue):
        doubt = unread(root)
        what = f"{queue.address} has no dead-letter queue: what always fails comes back until it is lost"
        mend = (
            "Set redrive_policy to a dead-letter queue with maxReceiveCount 10 or so: throttled deliveries count too."
        )
        yield unknown(f"{what}; but {doubt}.", queue.place) if doubt else broken(f"{what}.", queue.place, mend)


def _redriven(root: Root, queue: Instance) -> bool:
    for policy in root.of("aws_sqs_queue_redrive_policy"):
        url = policy.get("queue_url")
        if root.find(url) is queue or (isinstance(url, Symbol | Joined) and root.find(url) is None):
            return True
    return False


def _events(function: ManagedFunction) -> Iterator[Judgement]:
    """Yield that events of asynchronous callers are lost when every retry failed."""
    root = function.root
    callers = [each for each in root.of(*_ASYNCHRONOUS) if function.called_by(each.get("arn") or each.get("endpoint"))]
    if not callers or function.instance.get("dead_letter_config", "target_arn") is not None:
        return
    for config in root.of("aws_lambda_function_event_invoke_config"):
        destination = config.get("destination_config", "on_failure", "destination")
        if function.called_by(config.get("function_name")) and destination is not None:
            return
    yield broken(
        f"{function.address}: events of {callers[0].address} that fail are lost, as they go nowhere.",
        function.instance.place_of("dead_letter_config"),
        "Put an SQS queue in between, or set dead_letter_config.",
    )


def _alarms(alarms: Alarms, function: ManagedFunction) -> Iterator[Judgement]:
    for metric in ("Throttles", "Errors"):
        doubt = alarms.unwatched(function.root, metric, "FunctionName", function.is_named)
        yield from _missing(function.instance, metric, doubt)
    provider = function.provider
    if provider is not None:

        def is_provider(value: Value) -> bool:
            return value == provider.get("name") or (isinstance(value, Symbol) and value.of == provider.address)

        doubt = alarms.unwatched(function.root, "CPUUtilization", "CapacityProviderName", is_provider)
        yield from _missing(provider, "CPUUtilization", doubt)


def _missing(of: Instance, metric: str, doubt: str | None) -> Iterator[Judgement]:
    if doubt is None:
        return
    what = f"{of.address}: no alarm watches its {metric}"
    if doubt:
        yield unknown(f"{what} that is known of: {doubt}.", of.place)
    else:
        yield broken(f"{what}.", of.place, f"Add an aws_cloudwatch_metric_alarm on AWS/Lambda {metric}.")


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}

resource "aws_sqs_queue" "orders" {
  name = "orders"

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue" "dead_letter" {
  name = "orders-dead-letter"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn        = aws_sqs_queue.orders.arn
  function_name           = "${aws_lambda_function.orders.arn}:live"
  function_response_types = ["ReportBatchItemFailures"]
}

resource "aws_cloudwatch_metric_alarm" "orders" {
  for_each = toset(["Errors", "Throttles"])

  alarm_name          = "orders-${each.key}"
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
"""

OPINION = Opinion(
    id="L8",
    title="A queue with a dead-letter queue in front, partial batch responses, alarms on throttles, errors and CPU",
    why="Capacity grows after the load: traffic that more than doubles within five minutes is throttled. Without a "
    "queue it is lost, without a dead-letter queue what always fails comes back for days, without alarms nobody knows.",
    mend="Put an SQS queue with a dead-letter queue before asynchronous work, report failed items of a batch, and "
    "alarm on AWS/Lambda Throttles and Errors of the function and CPUUtilization of the capacity provider.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('["Errors", "Throttles"]', '["Errors"]')},
)
