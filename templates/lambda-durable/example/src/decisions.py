"""The smallest function behind /orders/{order_id}/decision: it decides nothing."""


def handler(event, context):
    """Answer that it is not made yet."""
    return {"statusCode": 501, "body": "{}"}
