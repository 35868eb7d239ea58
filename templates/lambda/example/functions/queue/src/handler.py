"""The smallest function behind a queue: it reports no message as failed."""


def handler(event, context):
    """Return which messages of a batch are to come back: none."""
    return {"batchItemFailures": []}
