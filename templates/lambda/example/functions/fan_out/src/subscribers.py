"""The smallest subscribers."""


def audit(event, context):
    """Do nothing."""


def notify(event, context):
    """Do nothing."""
