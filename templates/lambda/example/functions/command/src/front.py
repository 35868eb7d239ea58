"""The smallest front function: it takes every command and does nothing."""


def handler(event, context):
    """Return the command that was taken."""
    return {"command": event["command"]}
