"""The smallest workers."""


def accept(event, context):
    """Do nothing."""


def cancel(event, context):
    """Do nothing."""
