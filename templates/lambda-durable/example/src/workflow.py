"""The smallest durable function: one step. Bundle aws-durable-execution-sdk-python beside it."""

from aws_durable_execution_sdk_python import durable_execution


@durable_execution
def handler(event, context):
    """Return what the only step returns."""
    return context.step(lambda _: {"order_id": event["order_id"], "status": "finished"}, name="finish")
