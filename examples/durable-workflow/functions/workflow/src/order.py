"""What happens to an order, as a workflow.

Lambda runs this from the first line again after every wait, every failure and every restart, and skips the steps whose
results it has. So whatever is not the same each time belongs in a step: clocks, random numbers, reading, writing. Steps
run at least once: one that was interrupted runs again, so each does the same when it is done twice.
"""

MOST_OF_AN_ITEM = 100


def run(event, context, progress, await_decision, let_through=()):
    """See an order through. Where it fails, its stock is given back and it is shown as `failed`.

    Args:
        event: `order_id` and `items`, each with `sku`, `quantity` and `price` in the smallest coin.
        context: the durable context.
        progress: keeps what is shown of the order: see progress.py.
        await_decision: suspends until someone decides: see workflow.py.
        let_through: the exceptions that are no failure of the order: see workflow.py.

    Returns:
        `order_id` and `status`: `refused`, `rejected`, `expired` or `finished`.

    Raises:
        Exception: what the order failed at, such as a step that was tried often enough.
    """
    try:
        return _see_through(event, context, progress, await_decision, let_through)
    except let_through:
        raise
    except Exception as error:
        _end(context, progress, event["order_id"], "failed", reason=str(error))
        raise


def _see_through(event, context, progress, await_decision, let_through):
    order_id = event["order_id"]

    fault = context.step(lambda _: fault_of(event), name="validate")
    if fault:
        return _end(context, progress, order_id, "refused", reason=fault)

    # A person decides, in days perhaps. The ID goes where whoever decides looks the order up: see decisions.py.
    def ask(callback_id):
        progress.record(order_id, "waiting", callback_id=callback_id, total=total)

    try:
        # Neither needs the other's result, so neither waits for it.
        prepared = context.parallel(
            [
                lambda branch: branch.step(lambda _: reserve(event), name="reserve-stock"),
                lambda branch: branch.step(lambda _: total_of(event), name="price"),
            ],
            name="prepare",
        )
        prepared.throw_if_error()
        _, total = prepared.get_results()

        decision = await_decision(context, ask)
        if decision == "approved":
            context.step(lambda _: charge(order_id, total), name="charge")
    except let_through:
        raise
    except Exception:
        # Also where it was the reservation that failed: it may have been made before its answer got lost.
        context.step(lambda _: release(order_id), name="release-stock")
        raise

    if decision != "approved":
        context.step(lambda _: release(order_id), name="release-stock")
        return _end(context, progress, order_id, decision)
    return _end(context, progress, order_id, "finished", total=total)


def _end(context, progress, order_id, status, **more):
    context.step(lambda _: progress.record(order_id, status, **more), name=f"record-{status}")
    return {"order_id": order_id, "status": status}


def fault_of(event):
    """Return what is wrong with an order, in a sentence; empty where nothing is."""
    items = event.get("items")
    if not isinstance(items, list) or not items:
        return "There is nothing in it."
    if not all(isinstance(item, dict) for item in items):
        return "An item is not one."
    for item in items:
        if not isinstance(item.get("sku"), str) or not item["sku"]:
            return "An item has no sku."
        quantity, price = item.get("quantity"), item.get("price")
        if not isinstance(quantity, int) or not 1 <= quantity <= MOST_OF_AN_ITEM:
            return f"The quantity of {item['sku']} is not 1 to {MOST_OF_AN_ITEM}."
        if not isinstance(price, int) or price < 0:
            return f"The price of {item['sku']} is not a number of coins."
    return ""


def reserve(event):
    """Set stock aside; replace this by a call to your stock, with the order's ID as its idempotency key."""
    return {"order_id": event["order_id"], "skus": sorted(item["sku"] for item in event["items"])}


def release(order_id):
    """Give back what was set aside for an order, if anything was; replace this likewise."""
    return {"order_id": order_id, "released": True}


def total_of(event):
    """Return what the order costs, in the smallest coin."""
    return sum(item["quantity"] * item["price"] for item in event["items"])


def charge(order_id, total):
    """Take the money; replace this by a call to your payment provider, with the order's ID as its idempotency key."""
    return {"order_id": order_id, "charged": total}
