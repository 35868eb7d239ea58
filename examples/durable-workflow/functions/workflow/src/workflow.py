"""The durable function: what Lambda calls, and all that is of its SDK. What happens to an order is in order.py."""

import os

from aws_durable_execution_sdk_python import (
    CallbackExternalError,
    CallbackTimeoutError,
    ExecutionError,
    InvocationError,
    durable_execution,
)
from aws_durable_execution_sdk_python.config import Duration, WaitForCallbackConfig

import order
import progress

# Read once: the environment belongs to the version, and an execution stays on its version.
_APPROVAL = WaitForCallbackConfig(
    timeout=Duration.from_seconds(int(os.environ["APPROVAL_TIMEOUT_SECONDS"])),
)

# What ends an invocation and is no failure of the order: Lambda runs it again, or its history takes no further step.
# What the SDK suspends with is no Exception at all.
_LET_THROUGH = (ExecutionError, InvocationError)


def await_decision(context, ask):
    """Suspend until someone decides: nothing runs and nothing is paid for meanwhile.

    Args:
        context: the durable context.
        ask: is called once, in a step of its own, with the ID that the decision has to name.

    Returns:
        `approved`, `rejected` or `expired`.
    """
    try:
        context.wait_for_callback(lambda callback_id, _: ask(callback_id), name="approval", config=_APPROVAL)
    except CallbackTimeoutError:
        return "expired"
    except CallbackExternalError:
        return "rejected"
    return "approved"


@durable_execution
def handler(event, context):
    """See one order through; runs from its first line again after every wait."""
    return order.run(event, context, progress.of_environment(), await_decision, _LET_THROUGH)
