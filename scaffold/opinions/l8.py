"""L8: what Lambda throttles waits somewhere, what fails is kept, and somebody hears of both."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.alarms import Alarms
from scaffold.opinions.events import lost_events, mapping_faults
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion


def _judge(facts: Facts) -> Iterator[Judgement]:
    alarms = Alarms(facts)
    yield from for_each_function(
        lambda _, function: _faults(alarms, function),
        lambda function: f"{function.address}: what fails or waits is kept, and alarms watch it.",
    )(facts)


def _faults(alarms: Alarms, function: ManagedFunction) -> Iterator[Judgement]:
    for mapping in function.root.of("aws_lambda_event_source_mapping"):
        if function.called_by(mapping.get("function_name")):
            yield from mapping_faults(function.root, mapping)
    yield from lost_events(function)
    yield from _alarms(alarms, function)


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
