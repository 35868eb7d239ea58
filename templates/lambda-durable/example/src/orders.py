"""The smallest function behind /orders: it starts nothing."""


def handler(event, context):
    """Answer that it is not made yet."""
    return {"statusCode": 501, "body": "{}"}
