"""The worker: takes a batch of messages from SQS, or one message from a direct caller.

Lambda Managed Instances gives every concurrent request a process of its own. Globals are not shared between requests,
but /tmp is: a temporary file needs a name that no other process uses.
"""

import json
import logging
import tempfile
from pathlib import Path

RESERVE_MS = 2000
"""Time kept for finishing: a message is only begun with more than this left, because nothing stops code that is late."""

# Lambda writes each record as a line of JSON with the request id in it.
log = logging.getLogger(__name__)


def handler(event, context):
    """Handle one invocation.

    Args:
        event: an SQS event, whose `Records` are messages, or a message itself.
        context: Lambda's, for the time that remains.

    Returns:
        For SQS a partial batch response: the messages to deliver again. Else what the work came to.
    """
    if "Records" not in event:
        return work(event)
    failed = []
    for record in event["Records"]:
        message_id = record["messageId"]
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            log.warning("no time left for message %s", message_id)
            failed.append(message_id)
            continue
        try:
            result = work(json.loads(record["body"]))
            log.info("message %s done: %s", message_id, result)
        except Exception:
            log.exception("message %s failed", message_id)
            failed.append(message_id)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def work(message):
    """Do the work of one message: here, count its items by way of a scratch file.

    A message may come more than once, so doing it twice has to be as good as once: put what you write under a key
    that is in the message, such as its `id`, and write only where that key is not yet.

    Args:
        message: the message's body, with `id` and `items`.

    Returns:
        The `id` and the number of items.
    """
    with tempfile.TemporaryDirectory(prefix="worker-") as folder:
        scratch = Path(folder, "items.txt")
        scratch.write_text("\n".join(map(str, message["items"])), encoding="utf-8")
        return {"id": message["id"], "items": len(scratch.read_text(encoding="utf-8").splitlines())}
