"""The function behind the queue: takes a batch of messages and says which of them are to come again."""

import json
import logging
import time

import zone

RESERVE_MS = 2000
"""Time kept for finishing: a message is only begun with more than this left, since Lambda ends code that is late."""

# Lambda writes each record as a line of JSON with the request id in it.
log = logging.getLogger(__name__)


def handler(event, context):
    """Handle one batch.

    Args:
        event: an SQS event, whose `Records` are messages.
        context: Lambda's, for the time that remains.

    Returns:
        A partial batch response: the messages to deliver again.

    Raises:
        zone.ZoneFaultError: a drill says that this zone fails; all messages come again, perhaps elsewhere.
    """
    began = time.time()
    zone.fail_if_told()
    failed = []
    for record in event["Records"]:
        about = {"message_id": record["messageId"], "zone_id": zone.zone_id()}
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            log.warning("no time left", extra=about)
            failed.append(record["messageId"])
            continue
        try:
            log.info("done", extra={**about, "result": work(json.loads(record["body"]))})
        except Exception:
            log.exception("failed", extra=about)
            failed.append(record["messageId"])
    zone.report(began, done=len(event["Records"]) - len(failed), failed=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def work(message):
    """Do the work of one message: here, count its items and say which host would get them.

    A message may come more than once, so doing it twice has to be as good as once: put what you write under a key
    that is in the message, such as its `id`, and write only where that key is not yet.

    Args:
        message: the message's body, with `id` and `items`.

    Returns:
        The `id`, the number of items, and the host in this zone; None where no hosts are configured.
    """
    return {"id": message["id"], "items": len(message["items"]), "host": zone.endpoint()}
