"""F7: somebody hears of errors, of throttles and of what was given up."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.functions import Function
from scaffold.opinions.alarms import Alarms
from scaffold.opinions.events import callers_of, dead_letters_of, failures_of, queue_of, redrive_of
from scaffold.opinions.f2 import dead_letter_queue_of
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_WAITING = ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")
"""What says that something waits in a dead-letter queue; either will do."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    alarms = Alarms(facts)

    def faults(function: Function) -> Iterator[Judgement]:
        for metric in ("Errors", "Throttles"):
            doubt = alarms.unwatched(function.root, metric, "FunctionName", function.is_named)
            yield from _missing(function.instance, f"AWS/Lambda {metric}", doubt)
        for queue in _dead_letter_queues(function):
            yield from _missing(queue, f"AWS/SQS {_WAITING[0]}", _unwatched(alarms, function, queue))

    yield from for_each_function(
        faults, lambda function: f"{function.address}: alarms watch its errors, throttles and dead letters."
    )(facts)


def _unwatched(alarms: Alarms, function: Function, queue: Instance) -> str | None:
    def is_queue(value: Value) -> bool:
        return value == queue.get("name") or (isinstance(value, Symbol) and value.of == queue.address)

    doubts = [alarms.unwatched(function.root, each, "QueueName", is_queue, "AWS/SQS") for each in _WAITING]
    return None if None in doubts else next((each for each in doubts if each), "")


def _dead_letter_queues(function: Function) -> Iterator[Instance]:
    """Yield the queues made here that hold what the function, or what brings it work, gave up; each once."""
    root = function.root
    arns = [*failures_of(function), *(dead_letter_queue_of(each) for each in callers_of(function))]
    for mapping in root.of("aws_lambda_event_source_mapping"):
        queue = queue_of(root, mapping)
        if queue is not None and not queue.data and function.called_by(mapping.get("function_name")):
            arns.append(dead_letters_of(redrive_of(root, queue)))
    found = (root.find(each) for each in arns)
    yield from {
        each.address: each for each in found if each is not None and each.type == "aws_sqs_queue" and not each.data
    }.values()


def _missing(of: Instance, metric: str, doubt: str | None) -> Iterator[Judgement]:
    if doubt is None:
        return
    what = f"{of.address}: no alarm watches {metric}"
    if doubt:
        yield unknown(f"{what} that is known of: {doubt}.", of.place)
    else:
        yield broken(f"{what}.", of.place, f"Add an aws_cloudwatch_metric_alarm on {metric}.")


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
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
    id="F7",
    title="Alarms on a function's errors and throttles, and on its dead-letter queues",
    why="A dead-letter queue that nobody looks at loses what it holds after 14 days at most, and a function that is "
    "throttled looks idle.",
    mend="Alarm on AWS/Lambda Errors and Throttles of the function, and on AWS/SQS "
    "ApproximateNumberOfMessagesVisible of its dead-letter queues.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('["Errors", "Throttles"]', '["Errors"]')},
)
