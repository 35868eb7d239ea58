"""POST /orders starts the workflow for an order and does not wait; GET /orders/{order_id} says how far one is."""

import functools
import json
import os
import re

import progress

# An order's ID is the name of its execution too, which makes a request that comes twice start one execution.
_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def handler(event, context):
    """Answer a request of the API."""
    return answer(event, client(), os.environ["WORKFLOW_ARN"], progress.of_environment())


def answer(event, workflows, workflow_arn, table):
    """Answer a request of the API.

    Args:
        event: the request, in the payload format 2.0.
        workflows: a client of Lambda.
        workflow_arn: the alias of the workflow.
        table: the table of orders.
    """
    if event["routeKey"].startswith("GET "):
        found = table.find(event["pathParameters"]["order_id"])
        if found is None:
            return respond(404, {"message": "There is no such order, or it has not begun."})
        return respond(200, {name: value for name, value in found.items() if name != "callback_id"})
    return _start(body_of(event), workflows, workflow_arn)


def _start(order, workflows, workflow_arn):
    order_id = order.get("order_id") if isinstance(order, dict) else None
    if not isinstance(order_id, str) or not _ORDER_ID.fullmatch(order_id):
        return respond(400, {"message": "Give order_id: 1 to 64 letters, digits, hyphens and underscores."})
    try:
        workflows.invoke(
            FunctionName=workflow_arn,
            InvocationType="Event",
            DurableExecutionName=order_id,
            Payload=json.dumps({"order_id": order_id, "items": order.get("items")}, sort_keys=True).encode(),
        )
    except workflows.exceptions.DurableExecutionAlreadyStartedException:
        return respond(409, {"message": "There is another order with this order_id."})
    return respond(202, {"order_id": order_id})


def body_of(event):
    """Return the body of a request, or None where it is not JSON."""
    try:
        return json.loads(event.get("body") or "")
    except ValueError:
        return None


def respond(status, body):
    """Return a response of the API."""
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}


@functools.cache
def client():
    """Return a client of Lambda."""
    import boto3  # in the package; tests bring a client of their own and do without

    return boto3.client("lambda")
