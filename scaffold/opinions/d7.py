"""D7: what becomes of executions that fail for good is kept, and somebody hears of it."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.functions import Function
from scaffold.opinions.alarms import Alarms
from scaffold.opinions.durable_functions import for_each_durable_function
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

METRICS = ("DurableExecutionFailed", "DurableExecutionTimedOut")
"""Lambda's metrics of executions that ended badly; Errors counts invocations, which are tried again. Source:
"Monitoring durable functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    alarms = Alarms(facts)
    yield from for_each_durable_function(
        lambda _, function: _faults(alarms, function),
        lambda function: f"{function.address}: the events of failed executions are kept, and alarms watch for them.",
    )(facts)


def _faults(alarms: Alarms, function: Function) -> Iterator[Judgement]:
    if function.instance.get("dead_letter_config", "target_arn") is None:
        yield broken(
            f"{function.address}: the events of executions that fail are lost.",
            function.instance.place_of("dead_letter_config"),
            "Set dead_letter_config to an SQS queue; durable functions have no destinations.",
        )
    for metric in METRICS:
        doubt = alarms.unwatched(function.root, metric, "FunctionName", function.is_named)
        what = f"{function.address}: no alarm watches its {metric}"
        if doubt:
            yield unknown(f"{what} that is known of: {doubt}.", function.instance.place)
        elif doubt is not None:
            mend = f"Add an aws_cloudwatch_metric_alarm on AWS/Lambda {metric}."
            yield broken(f"{what}.", function.instance.place, mend)


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letter.arn
  }
}

resource "aws_sqs_queue" "dead_letter" {
  name = "orders-dead-letter"
}

resource "aws_cloudwatch_metric_alarm" "orders" {
  for_each = toset(["DurableExecutionFailed", "DurableExecutionTimedOut"])

  alarm_name          = "orders-${each.key}"
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
}
"""

OPINION = Opinion(
    id="D7",
    title="A durable function has a dead-letter queue, and alarms on executions that fail or time out",
    why="Lambda does not start a failed execution again. Without a queue its event is lost, and without alarms nobody "
    "knows: the function's own Errors counts invocations, of which an execution has many.",
    mend="Set dead_letter_config, and alarm on AWS/Lambda DurableExecutionFailed and DurableExecutionTimedOut.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/durable-best-practices.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={
        "main.tf": _EXAMPLE.replace(
            '["DurableExecutionFailed", "DurableExecutionTimedOut"]', '["DurableExecutionFailed"]'
        )
    },
)
