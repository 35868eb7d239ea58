"""What functions cost, and what calls or orders them: requests, duration, durable executions, APIs, state machines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.inventory import Inventory, Unpriced
from scaffold.cost.line import CostLine, line, number, usd
from scaffold.cost.prices import PriceTable

_BY_AMOUNT = (
    (
        "durable_operations_millions",
        "durable-operations",
        "Durable operations",
        "durable_operations_million",
        "million",
    ),
    ("durable_gb_written", "durable-written", "Durable state written", "durable_written_gb", "GB"),
    ("durable_gb_retained", "durable-retained", "Durable state kept", "durable_retained_gb_month", "GB-month"),
    ("api_requests_millions", "api-requests", "HTTP API requests", "http_api_requests_million", "million"),
    (
        "state_transitions_millions",
        "state-transitions",
        "Step Functions state transitions",
        "state_transitions_million",
        "million",
    ),
)
"""Of each usage that has one price: its answer, its line's id and item, the price, and the unit."""


def functions(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[CostLine]:
    """Yield what grows with the calls; functions that nobody calls cost nothing."""
    if usage.requests_millions:
        price = table["lambda_requests_million"]
        factors = number(usage.requests_millions, "million"), usd(price, "million")
        yield line("lambda-requests", "Lambda requests", "usage", price, *factors)
    if usage.lambda_gb_seconds and (inventory.functions or not inventory.capacity_providers):
        yield standard_duration(inventory.functions, usage.lambda_gb_seconds, table)
    there = _there(inventory)
    for answer, id_, item, name, unit in _BY_AMOUNT:
        amount: Decimal = getattr(usage, answer)
        if amount and there[answer]:
            yield line(id_, item, "usage", table[name], number(amount, unit), usd(table[name], unit))


def standard_duration(archs: Sequence[str], gb_seconds: Decimal, table: PriceTable) -> CostLine:
    """Return what GB-seconds cost on standard Lambda.

    Args:
        archs: the architecture of each function they are of; where they differ or there is none, x86_64 is assumed,
            which costs more.
        gb_seconds: how many.
        table: the prices.
    """
    found = set(archs)
    arch = found.pop() if len(found) == 1 else "x86_64"
    price = table[f"lambda_gb_second_{arch}"]
    factors = number(gb_seconds, "GB-s"), usd(price, "GB-s")
    return line("lambda-duration", f"Standard Lambda's duration ({arch})", "usage", price, *factors)


def functions_unpriced(inventory: Inventory, usage: UsageAnswers) -> Iterator[Unpriced]:
    """Yield the usage of durable functions, APIs and state machines where there are none to bear it."""
    there = _there(inventory)
    nothing = {
        "api_requests_millions": "no HTTP API is known of here",
        "state_transitions_millions": "no state machine is known of here",
    }
    for answer, *_ in _BY_AMOUNT:
        if getattr(usage, answer) and not there[answer]:
            yield Unpriced(f"usage.{answer}", nothing.get(answer, "no durable function is known of here"))


def _there(inventory: Inventory) -> dict[str, int]:
    """Return for each usage how many things there are that it may be of."""
    durable = inventory.durable_functions
    return {
        "durable_operations_millions": durable,
        "durable_gb_written": durable,
        "durable_gb_retained": durable,
        "api_requests_millions": inventory.http_apis,
        "state_transitions_millions": inventory.state_machines,
    }
