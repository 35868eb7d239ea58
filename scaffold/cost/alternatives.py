"""Other ways to bear an environment's load, which no answer renders: what they would cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scaffold.answers.usage import UsageAnswers
from scaffold.cost.functions import standard_duration
from scaffold.cost.inventory import Inventory
from scaffold.cost.line import CostLine
from scaffold.cost.lines import cost_of, lines
from scaffold.cost.machines import purpose_of
from scaffold.cost.prices import Prices

SPIKY = (
    "Do not use Managed Instances for load that comes in spikes or falls to zero: three instances run whether anything "
    "calls, and traffic that more than doubles within five minutes is throttled (L8, L10)."
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to bear an environment's load.

    Attributes:
        environment: its name.
        title: what it is.
        instead_of: the ids of the lines that go.
        lines: the lines that come; none where it is not known how much load there is.
        usd: USD per month of the environment with it, not rounded; None where the load is not known.
        difference: what that is more, or less, than without; None likewise.
        break_even_gb_seconds: of standard Lambda beside Managed Instances, a month's GB-seconds at which both cost the
            same; else None.
        advice: what to make of it, in a sentence or two.
    """

    environment: str
    title: str
    instead_of: tuple[str, ...]
    lines: tuple[CostLine, ...]
    usd: Decimal | None
    difference: Decimal | None
    break_even_gb_seconds: Decimal | None
    advice: str


def alternatives(inventory: Inventory, usage: UsageAnswers, prices: Prices) -> tuple[Alternative, ...]:
    """Return what else would bear an environment's load, and what it would cost a month with that."""
    return (*_standard_lambda(inventory, usage, prices), *_self_managed(inventory, usage, prices))


def _standard_lambda(inventory: Inventory, usage: UsageAnswers, prices: Prices) -> Iterator[Alternative]:
    """Yield standard Lambda for the load of Managed Instances; requests cost the same on both (L10).

    Without a usage that says how many GB-seconds the load takes, it has the break-even and no cost.
    """
    if not inventory.capacity_providers:
        return
    table = prices.of(inventory.region)
    fleet = [line for line in lines(inventory, usage, prices) if _is_fleet(line, inventory, usage)]
    instances = sum((line.usd for line in fleet), Decimal(0))
    archs = inventory.capacity_providers
    # Where there are functions on standard Lambda too, the GB-seconds are theirs.
    gb_seconds = Decimal(0) if inventory.functions else usage.lambda_gb_seconds
    duration = standard_duration(archs, gb_seconds, table) if gb_seconds else None
    per_gb_second = standard_duration(archs, Decimal(1), table).usd
    even = instances / per_gb_second if per_gb_second else None
    difference = None if duration is None else duration.usd - instances
    if even is None:
        advice = SPIKY
    elif difference is None and inventory.functions:
        advice = (
            f"The instances cost as much as {even:,.0f} GB-seconds a month; usage.lambda_gb_seconds is of the other "
            f"functions here. {SPIKY}"
        )
    elif difference is None:
        advice = (
            f"The instances cost as much as {even:,.0f} GB-seconds a month; say in usage.lambda_gb_seconds how many "
            f"the load takes. {SPIKY}"
        )
    elif difference < 0:
        advice = (
            f"Standard Lambda costs less below {even:,.0f} GB-seconds a month, and this load takes "
            f"{gb_seconds:,f}. {SPIKY}"
        )
    else:
        advice = (
            f"Managed Instances cost less above {even:,.0f} GB-seconds a month, as long as these instances bear the "
            f"load. {SPIKY}"
        )
    yield Alternative(
        environment=inventory.environment,
        title="standard Lambda for the same load",
        instead_of=tuple(line.id for line in fleet),
        lines=() if duration is None else (duration,),
        usd=None if difference is None else cost_of(inventory, usage, prices).usd + difference,
        difference=difference,
        break_even_gb_seconds=even,
        advice=advice,
    )


def _is_fleet(line: CostLine, inventory: Inventory, usage: UsageAnswers) -> bool:
    if line.id.startswith("lmi-fleet"):
        return True
    return any(
        line.id in (f"instances-{position}", f"instances-{position}-fee")
        and purpose_of(each, inventory) == "lambda-managed-instances"
        for position, each in enumerate(usage.instances)
    )


def _self_managed(inventory: Inventory, usage: UsageAnswers, prices: Prices) -> Iterator[Alternative]:
    """Yield node groups of one's own for the instances of Auto Mode: the same without the fee."""
    fees = [
        line
        for position, each in enumerate(usage.instances)
        if purpose_of(each, inventory) == "eks-auto-mode"
        for line in lines(inventory, usage, prices)
        if line.id == f"instances-{position}-fee"
    ]
    if not fees:
        return
    difference = -sum((line.usd for line in fees), Decimal(0))
    yield Alternative(
        environment=inventory.environment,
        title="self-managed node groups for the same instances",
        instead_of=tuple(line.id for line in fees),
        lines=(),
        usd=cost_of(inventory, usage, prices).usd + difference,
        difference=difference,
        break_even_gb_seconds=None,
        advice="The fee pays for what is yours to do then: the nodes' images, patches and scaling, and the controllers "
        "for storage, load balancers and the network. Nodes that Auto Mode packs fuller cost less for themselves.",
    )
