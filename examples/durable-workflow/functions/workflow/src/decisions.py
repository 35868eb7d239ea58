"""POST /orders/{order_id}/decision approves or rejects an order that waits for it."""

import json

import progress
from orders import body_of, client, respond


def handler(event, context):
    """Answer a request of the API."""
    return answer(event, client(), progress.of_environment())


def answer(event, workflows, table):
    """Answer a request of the API.

    Args:
        event: the request, in the payload format 2.0; its body has `decision`, `approve` or `reject`.
        workflows: a client of Lambda.
        table: the table of orders.
    """
    body = body_of(event)
    decision = body.get("decision") if isinstance(body, dict) else None
    if decision not in ("approve", "reject"):
        return respond(400, {"message": "Give decision: approve or reject."})
    order = table.find(event["pathParameters"]["order_id"])
    if order is None or "callback_id" not in order:
        return respond(409, {"message": "No such order waits for a decision."})
    try:
        if decision == "approve":
            workflows.send_durable_execution_callback_success(
                CallbackId=order["callback_id"], Result=json.dumps({"by": caller_of(event)}).encode()
            )
        else:
            workflows.send_durable_execution_callback_failure(
                CallbackId=order["callback_id"],
                Error={"ErrorType": "Rejected", "ErrorMessage": f"rejected by {caller_of(event)}"},
            )
    except workflows.exceptions.CallbackTimeoutException:
        return respond(409, {"message": "It was decided before, or too late."})
    return respond(202, {"order_id": order["order_id"], "decision": decision})


def caller_of(event):
    """Return who decided, as the authoriser says."""
    authorizer = event["requestContext"].get("authorizer", {})
    if "jwt" in authorizer:
        return authorizer["jwt"]["claims"].get("sub", "unknown")
    return authorizer.get("iam", {}).get("userArn", "unknown")
