"""What the opinions on functions share about queues in front of them and about events nobody waits for."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts.addresses import several
from scaffold.facts.documents import decoded
from scaffold.facts.functions import Function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement

ASYNCHRONOUS: Mapping[str, str] = {"aws_cloudwatch_event_target": "arn", "aws_sns_topic_subscription": "endpoint"}
"""What invokes a function without waiting for its answer, with the argument that names it."""

_PARTIAL = "ReportBatchItemFailures"


def queue_of(root: Root, mapping: Instance) -> Instance | None:
    """Return the SQS queue of an event source mapping, where the root module makes it."""
    queue = root.find(mapping.get("event_source_arn"))
    return queue if queue is not None and queue.type == "aws_sqs_queue" else None


def mapping_faults(root: Root, mapping: Instance) -> Iterator[Judgement]:
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
    elif redrive_of(root, queue) is None:
        doubt = unread(root)
        what = f"{queue.address} has no dead-letter queue: what always fails comes back until it is lost"
        mend = (
            "Set redrive_policy to a dead-letter queue with maxReceiveCount 10 or so: throttled deliveries count too."
        )
        yield unknown(f"{what}; but {doubt}.", queue.place) if doubt else broken(f"{what}.", queue.place, mend)


def redrive_of(root: Root, queue: Instance) -> Value:
    """Return the redrive policy of a queue, wherever it is written; None where it has none."""
    own = queue.get("redrive_policy")
    if own is not None:
        return own
    for policy in root.of("aws_sqs_queue_redrive_policy"):
        url = policy.get("queue_url")
        if root.find(url) is queue or (isinstance(url, Symbol | Joined) and root.find(url) is None):
            return policy.get("redrive_policy")
    return None


def receives_of(policy: Value) -> int | None:
    """Return the `maxReceiveCount` of a redrive policy; None where it cannot be told."""
    read = decoded(policy)
    count = read.get("maxReceiveCount") if isinstance(read, Mapping) else None
    if isinstance(count, str) and count.isdecimal() and len(count) < 10:
        return int(count)
    return int(count) if isinstance(count, int | float) else None


def dead_letters_of(policy: Value) -> Value:
    """Return the ARN of the dead-letter queue in a redrive policy; None where it cannot be told."""
    read = decoded(policy)
    return read.get("deadLetterTargetArn") if isinstance(read, Mapping) else None


def callers_of(function: Function) -> Iterator[Instance]:
    """Yield the targets and subscriptions by which a function hears of events."""
    for kind, argument in ASYNCHRONOUS.items():
        for each in function.root.of(kind):
            if function.called_by(each.get(argument)):
                yield each


def failures_of(function: Function) -> Iterator[Value]:
    """Yield where events go that a function failed at for good, each place once."""
    found = [function.instance.get("dead_letter_config", "target_arn")]
    for config in function.root.of("aws_lambda_function_event_invoke_config"):
        if function.called_by(config.get("function_name")):
            found.append(config.get("destination_config", "on_failure", "destination"))
    for place, each in enumerate(found):
        if each is not None and each not in found[:place]:
            yield each


def lost_events(function: Function) -> Iterator[Judgement]:
    """Yield that events of asynchronous callers are lost when every retry failed."""
    caller = next(callers_of(function), None)
    if caller is not None and next(failures_of(function), None) is None:
        yield broken(
            f"{function.address}: events of {caller.address} that fail are lost, as they go nowhere.",
            function.instance.place_of("dead_letter_config"),
            "Put an SQS queue in between, or set dead_letter_config.",
        )
