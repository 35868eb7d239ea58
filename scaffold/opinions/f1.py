"""F1: a queue in front of a function holds what the function cannot take, and keeps what it fails at."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts.functions import Function
from scaffold.opinions.events import mapping_faults, queue_of, receives_of, redrive_of
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

FEWEST_RECEIVES = 3
TIMEOUTS = 6
"""How many timeouts of the function a message is to stay hidden. Source: "Configuring a queue to use with Lambda",
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html."""

DEFAULT_VISIBILITY, DEFAULT_TIMEOUT = 30, 3
"""Seconds. Source: the API's defaults, VisibilityTimeout and Timeout."""


def _faults(function: Function) -> Iterator[Judgement]:
    for mapping in function.root.of("aws_lambda_event_source_mapping"):
        if not function.called_by(mapping.get("function_name")):
            continue
        yield from mapping_faults(function.root, mapping)
        queue = queue_of(function.root, mapping)
        arn = mapping.get("event_source_arn")
        if queue is not None:
            yield from _concurrency(mapping)
            if not queue.data:
                yield from _receives(function, queue)
                yield from _visibility(function, queue)
        elif isinstance(arn, str) and ":sqs:" in arn:
            yield from _concurrency(mapping)
        elif _may_be_a_queue(function, arn):
            yield unknown(
                f"{mapping.address}: whether a queue is in front of {function.address} cannot be told: {shown(arn)}.",
                mapping.place_of("event_source_arn"),
            )


def _may_be_a_queue(function: Function, arn: Value) -> bool:
    """Return whether an ARN that is not known may be a queue's: it is no stream's or broker's by its text."""
    if isinstance(arn, Joined):
        texts = "".join(part for part in arn.parts if isinstance(part, str))
        return ":sqs:" in texts or not any(f":{each}:" in texts for each in ("dynamodb", "kafka", "kinesis", "mq"))
    return isinstance(arn, Symbol) and function.root.find(arn) is None


def _concurrency(mapping: Instance) -> Iterator[Judgement]:
    # Provisioned pollers have a limit of their own, and exclude this one.
    if (
        mapping.get("scaling_config", "maximum_concurrency") is None
        and mapping.get("provisioned_poller_config") is None
    ):
        if "provisioned_poller_config" in mapping.body.blocks:
            return
        yield broken(
            f"{mapping.address} starts as many invocations as Lambda allows; what is throttled counts as received, and "
            "ends in the dead-letter queue.",
            mapping.place_of("scaling_config"),
            "Set scaling_config { maximum_concurrency } to what lies behind the function can bear.",
        )


def _receives(function: Function, queue: Instance) -> Iterator[Judgement]:
    policy = redrive_of(function.root, queue)
    if policy is None:
        return
    receives, place = receives_of(policy), queue.place_of("redrive_policy")
    if receives is None:
        yield unknown(f"{queue.address}: how often a message may come cannot be told: {shown(policy)}.", place)
    elif receives < FEWEST_RECEIVES:
        yield broken(
            f"{queue.address} gives a message up after {receives} {'delivery' if receives == 1 else 'deliveries'}; "
            "one that was throttled counts too.",
            place,
            f"Set maxReceiveCount to {FEWEST_RECEIVES} or more; AWS advises 5.",
        )


def _visibility(function: Function, queue: Instance) -> Iterator[Judgement]:
    given = queue.get("visibility_timeout_seconds")
    hidden = DEFAULT_VISIBILITY if given is None else given
    timeout = function.instance.get("timeout")
    timeout = DEFAULT_TIMEOUT if timeout is None else timeout
    place = queue.place_of("visibility_timeout_seconds")
    if not known(hidden) or not known(timeout):
        yield unknown(
            f"{queue.address}: whether it hides a message for {TIMEOUTS} timeouts of {function.address} cannot be "
            f"told: {shown(hidden)} and {shown(timeout)} seconds.",
            place,
        )
    elif isinstance(hidden, int | float) and isinstance(timeout, int | float) and hidden < TIMEOUTS * timeout:
        yield broken(
            f"{queue.address} hides a message for {hidden} s, and {function.address} may take {timeout} s: "
            "while Lambda tries again, the message comes a second time.",
            place,
            f"Set visibility_timeout_seconds to {TIMEOUTS * timeout} or more: {TIMEOUTS} times the function's timeout.",
        )


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  timeout       = 30
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 180

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead_letter" {
  name = "orders-dead-letter"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn        = aws_sqs_queue.orders.arn
  function_name           = aws_lambda_function.orders.arn
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 10
  }
}
"""

OPINION = Opinion(
    id="F1",
    title="A queue has a dead-letter queue, hides messages for six timeouts, reports failures one by one, is bounded",
    why="Otherwise one bad message brings its whole batch back, a slow one is worked on twice at once, and what is "
    "only throttled is given up as if it had failed.",
    mend="Set a redrive_policy with maxReceiveCount 3 or more, visibility_timeout_seconds to six times the function's "
    'timeout, function_response_types = ["ReportBatchItemFailures"] and scaling_config { maximum_concurrency }.',
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address}: queues in front of it hold and keep its messages."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("= 180", "= 60")},
)
