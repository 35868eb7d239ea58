"""F2: what cannot be delivered to one subscriber waits in that subscriber's own dead-letter queue."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Value
from scaffold.facts.functions import Function
from scaffold.opinions.events import ASYNCHRONOUS, callers_of, dead_letters_of
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken
from scaffold.opinions.opinion import Judgement, Opinion

_PATHS = {
    "aws_cloudwatch_event_target": ("dead_letter_config", "arn"),
    "aws_sns_topic_subscription": ("redrive_policy",),
}
"""Where a target or a subscription names its dead-letter queue."""


def dead_letter_queue_of(subscription: Instance) -> Value:
    """Return the ARN of the dead-letter queue of a target or a subscription; None where it has none."""
    value = subscription.get(*_PATHS[subscription.type])
    if value is None or subscription.type == "aws_cloudwatch_event_target":
        return value
    found = dead_letters_of(value)
    return value if found is None else found


def _faults(function: Function) -> Iterator[Judgement]:
    for subscription in callers_of(function):
        place = subscription.place_of(*_PATHS[subscription.type])
        queue = dead_letter_queue_of(subscription)
        if queue is None:
            yield broken(
                f"{subscription.address}: an event that cannot be delivered to {function.address} is lost.",
                place,
                "Name an SQS queue of this subscriber's own, which lets the sender in.",
            )
            continue
        other = next((each for each in _others(function, subscription) if dead_letter_queue_of(each) == queue), None)
        if other is not None:
            yield broken(
                f"{subscription.address} shares its dead-letter queue with {other.address}: nobody can tell whose "
                "events wait there.",
                place,
                "Give each subscriber a dead-letter queue of its own.",
            )


def _others(function: Function, subscription: Instance) -> Iterator[Instance]:
    """Yield the targets and subscriptions that lead elsewhere than to the function."""
    for kind, argument in ASYNCHRONOUS.items():
        for each in function.root.of(kind):
            if each is not subscription and not function.called_by(each.get(argument)):
                yield each


_EXAMPLE = """\
resource "aws_lambda_function" "mail" {
  function_name = "mail"
}

resource "aws_lambda_function" "stock" {
  function_name = "stock"
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = toset(["mail", "stock"])

  name = "${each.key}-dead-letter"
}

resource "aws_cloudwatch_event_target" "mail" {
  rule = "orders"
  arn  = aws_lambda_function.mail.arn

  dead_letter_config {
    arn = aws_sqs_queue.dead_letter["mail"].arn
  }
}

resource "aws_sns_topic_subscription" "stock" {
  topic_arn = "arn:aws:sns:eu-central-1:111122223333:orders"
  protocol  = "lambda"
  endpoint  = aws_lambda_function.stock.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter["stock"].arn
  })
}
"""

OPINION = Opinion(
    id="F2",
    title="Each subscriber to events has a dead-letter queue of its own",
    why="EventBridge and SNS give up after some tries. Without a queue the event is gone; in one that is shared, what "
    "one subscriber could not take hides among what belongs to others.",
    mend="Set dead_letter_config of the aws_cloudwatch_event_target, or redrive_policy of the "
    "aws_sns_topic_subscription, to an SQS queue that no other subscriber has.",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address}: no event it subscribes to is lost on the way."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('dead_letter["stock"].arn', 'dead_letter["mail"].arn')},
)
