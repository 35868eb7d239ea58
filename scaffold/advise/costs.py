"""What a workload costs a month on each option: how large each has to be, priced from the price file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from scaffold.advise.options import DURABLE, EKS, FARGATE, FUNCTIONS, INSTANCES, LMI, SPOT, Option
from scaffold.advise.sizes import MB_PER_VCPU, function_memory, managed_memory, task_size
from scaffold.advise.workload import Workload
from scaffold.answers.usage import LARGEST_AMOUNT, UsageAnswers
from scaffold.cost.inventory import FargateTasks, Inventory
from scaffold.cost.line import CostLine
from scaffold.cost.lines import EnvironmentCost, cost_of
from scaffold.cost.machines import MINIMUM_LMI_INSTANCES, UNITS_PER_VCPU, fargate_tasks
from scaffold.cost.prices import Prices
from scaffold.cost.shares import TaskShare, tasks_of

AZS = 3
"""In how many AZs a production network is, as rendered by default."""

FULL = Decimal("0.6")
"""How busy the CPUs of copies are kept: their scaling holds them there, so that a rise has room."""

PACKED = Decimal("0.9")
"""How much of an instance's CPU and memory the copies on it take; the rest is the system's and what does not fit."""

FEWEST = 2
"""Copies of a production service, so that one AZ may fail (C12)."""

OPERATIONS, GB_PER_OPERATION, INVOCATIONS = 5, Decimal("0.000005"), 2
"""Of a durable execution, where nobody knows better: its start, three steps and a wait; 5 KB each; resumed once."""

RETENTION_DAYS = 14
"""How long the state of a durable execution is kept after its end; the service's default."""

MINIMUM_TASK_SECONDS = Decimal(60)
"""What a task on Fargate is paid for at least. Source: https://aws.amazon.com/fargate/pricing/, "Duration"."""

TRANSITIONS = 3
"""Of a batch's item in its state machine: begun, run, done."""

_FAMILIES = {"arm64": (("c7g", 2), ("m7g", 4), ("r7g", 8)), "x86_64": (("c6i", 2), ("m7i", 4), ("r6i", 8))}
"""By architecture, families of instances and their GB for each vCPU."""

_SIZES = (("large", 2), ("xlarge", 4), ("2xlarge", 8))
"""Sizes of instances and their vCPUs."""

_GPU_INSTANCE = ("g6.xlarge", 4, 16 * 1024)
"""The smallest current instance with a GPU, its vCPUs and MB. Source: https://aws.amazon.com/ec2/instance-types/g6/."""

MOST_INSTANCES = 100_000
"""As in `usage.instances`."""

DIGITS = 6
"""Digits of an amount that mean something: the facts are estimates."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a workload costs a month on an option.

    Attributes:
        cost: the cost, line by line; None where it cannot be priced.
        assumptions: what it rests on; or why it cannot be priced.
    """

    cost: EnvironmentCost | None
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Copies:
    """Copies of the code that run on average: how many, and the vCPUs and MB of each."""

    count: Decimal
    vcpus: Decimal
    memory: int


def estimate(option: Option, workload: Workload, prices: Prices) -> Estimate:
    """Return what a workload costs a month on an option; storage, logs, keys, alarms and queues aside."""
    return _ESTIMATES[option.id](workload, prices)


def _functions(workload: Workload, prices: Prices) -> Estimate:
    usage = {
        "requests_millions": _millions(workload, prices),
        "lambda_gb_seconds": _gb_seconds(workload, workload.run_seconds, prices),
    }
    assumed = "Each unit is an invocation of its own, paid for from its beginning to its end."
    return _priced(workload, prices, usage, [assumed], {"functions": (workload.architecture,)})


def _durable(workload: Workload, prices: Prices) -> Estimate:
    units = _millions(workload, prices)
    written = units * 1_000_000 * OPERATIONS * GB_PER_OPERATION
    days = workload.run_seconds / 86_400 + RETENTION_DAYS
    requested = workload.protocol == "request"
    usage = {
        "requests_millions": units * INVOCATIONS,
        "lambda_gb_seconds": _gb_seconds(workload, workload.busy, prices),
        "durable_operations_millions": units * OPERATIONS,
        "durable_gb_written": written,
        "durable_gb_retained": written * days / 30,
        **({"api_requests_millions": units} if requested else {}),
    }
    assumed = (
        f"Each execution runs code for {workload.busy:f} s, and has {OPERATIONS} operations that write 5 KB each: a "
        f"start, three steps and a wait. Its state is kept {RETENTION_DAYS} days after its end."
    )
    functions = {"functions": (workload.architecture,), "durable_functions": 1, "http_apis": int(requested)}
    return _priced(workload, prices, usage, [assumed], functions)


def _lmi(workload: Workload, prices: Prices) -> Estimate:
    memory = managed_memory(workload)
    vcpus = Decimal(memory // MB_PER_VCPU)
    copies = _Copies(max(Decimal(MINIMUM_LMI_INSTANCES), _up(_vcpus(workload) / (vcpus * FULL))), vcpus, memory)
    fleet, problem = _fleet(workload, copies, MINIMUM_LMI_INSTANCES, "lambda-managed-instances", prices)
    if problem:
        return Estimate(None, (problem,))
    usage = {"requests_millions": _millions(workload, prices), **fleet}
    assumed = [
        f"Each execution environment has {vcpus:g} vCPU and {memory} MB, and its requests share them.",
        *_of_machines(workload),
    ]
    return _priced(workload, prices, usage, assumed, {"capacity_providers": (workload.architecture,), **_network()})


def _fargate(workload: Workload, prices: Prices) -> Estimate:
    return _on_fargate(workload, prices, spot=False)


def _spot(workload: Workload, prices: Prices) -> Estimate:
    return _on_fargate(workload, prices, spot=True)


def _on_fargate(workload: Workload, prices: Prices, *, spot: bool) -> Estimate:
    copies = _containers(workload)
    if copies is None:
        return Estimate(None, (f"No Fargate task has {workload.memory_mb} MB.",))
    size = FargateTasks(workload.architecture, int(copies.vcpus * UNITS_PER_VCPU), copies.memory, 1)
    table = prices.of(workload.region)
    lines: list[CostLine] = []
    if workload.protocol == "batch":
        paid = _running(workload) * max(workload.busy, MINIMUM_TASK_SECONDS)
        lines += fargate_tasks(size, _digits(paid), "usage", table)
        assumed = [
            "A task for each item is paid for while it runs, a minute at least, and the steps of the state machine."
        ]
    else:
        shares = (TaskShare("fargate", FEWEST, 1), *((TaskShare("spot", 0, 4),) if spot else ()))
        for provider, count in tasks_of(int(copies.count), shares).items():
            if count:
                lines += fargate_tasks(replace(size, spot=provider == "spot"), Decimal(count), "usage", table)
        assumed = [_in_words(workload, copies, "tasks")]
    around, used = _around(workload, prices, steps=True)
    assumed += [*_of_machines(workload), *_of_payloads(workload)]
    return _priced(workload, prices, used, assumed, {**around, **_network()}, lines)


def _instances(workload: Workload, prices: Prices) -> Estimate:
    fewest = 1 if workload.protocol == "batch" else FEWEST
    return _on_machines(workload, prices, fewest, "ecs-managed-instances", ecs_instances=((workload.architecture, 0),))


def _eks(workload: Workload, prices: Prices) -> Estimate:
    return _on_machines(workload, prices, FEWEST, "eks-auto-mode", clusters=1, auto_mode=1)


def _on_machines(workload: Workload, prices: Prices, fewest: int, purpose: str, **inventory: object) -> Estimate:
    copies = _containers(workload)
    if workload.gpu or copies is None:
        # One unit at a time on each GPU, or in each copy that is larger than any task.
        copies = _Copies(max(Decimal(1), _up(_in_flight(workload))), Decimal(1), workload.memory_mb)
    fleet, problem = _fleet(workload, copies, fewest, purpose, prices)
    if problem:
        return Estimate(None, (problem,))
    around, used = _around(workload, prices, steps=purpose != "eks-auto-mode")
    assumed = "One unit at a time on each GPU." if workload.gpu else _in_words(workload, copies, "copies")
    has = {**inventory, **around, **_network()}
    assumptions = [assumed, *_of_machines(workload), *_of_payloads(workload)]
    return _priced(workload, prices, {**used, **fleet}, assumptions, has)


_ESTIMATES: Mapping[str, Callable[[Workload, Prices], Estimate]] = {
    FUNCTIONS.id: _functions,
    DURABLE.id: _durable,
    LMI.id: _lmi,
    FARGATE.id: _fargate,
    SPOT.id: _spot,
    INSTANCES.id: _instances,
    EKS.id: _eks,
}


def _priced(
    workload: Workload,
    prices: Prices,
    usage: Mapping[str, object],
    assumptions: Sequence[str],
    inventory: Mapping[str, object],
    more: Sequence[CostLine] = (),
) -> Estimate:
    """Return an estimate: the inventory and its usage as any environment's are priced, and more lines.

    Args:
        workload: the workload.
        prices: the list prices.
        usage: the usage, by answer; what is nothing may be left out.
        assumptions: what it rests on.
        inventory: what there is, by field of `Inventory`.
        more: lines of which no inventory says how much they are.
    """
    has = Inventory(environment="workload", region=workload.region, production=True, **inventory)  # type: ignore[arg-type]
    amounts = {name: _digits(value) if isinstance(value, Decimal) else value for name, value in usage.items()}
    if any(isinstance(each, Decimal) and each > LARGEST_AMOUNT for each in amounts.values()):
        return Estimate(None, ("It is more than anybody runs; is a unit mistaken?",))
    used = UsageAnswers.model_validate(amounts)
    cost = cost_of(has, used, prices)
    return Estimate(replace(cost, lines=(*cost.lines, *more)), tuple(assumptions))


def _digits(value: Decimal) -> Decimal:
    """Return an amount with the digits that mean something."""
    if not value:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(min(0, value.adjusted() + 1 - DIGITS))).normalize()


def _network() -> dict[str, object]:
    return {"azs": AZS, "nat": "per-az", "nat_gateways": AZS, "public_ipv4": AZS, "s3_endpoint": True}


def _around(workload: Workload, prices: Prices, *, steps: bool) -> tuple[dict[str, object], dict[str, object]]:
    """Return what stands around containers and how it is used: a load balancer; or with `steps`, a state machine."""
    if workload.protocol in ("request", "stream"):
        # A capacity unit is a GB an hour; new connections and rules are taken to need no more.
        return {"load_balancers": 1}, {
            "load_balancer_lcus": workload.requests_per_second * workload.payload_mb * 3600 / 1000
        }
    if workload.protocol == "batch" and steps:
        return {"state_machines": 1}, {"state_transitions_millions": _millions(workload, prices) * TRANSITIONS}
    return {}, {}


def _month(prices: Prices) -> int:
    return prices.hours_per_month * 3600


def _millions(workload: Workload, prices: Prices) -> Decimal:
    """Return how many millions of units begin in a month."""
    return workload.requests_per_second * _month(prices) / 1_000_000


def _gb_seconds(workload: Workload, seconds: Decimal, prices: Prices) -> Decimal:
    """Return the GB-seconds of a month in which each unit takes a function for so many seconds."""
    return workload.requests_per_second * _month(prices) * seconds * function_memory(workload) / 1024


def _running(workload: Workload) -> Decimal:
    """Return how many units begin in a second on the machines that run: of a batch the average, since items wait."""
    return workload.requests_per_second if workload.protocol == "batch" else workload.level


def _vcpus(workload: Workload) -> Decimal:
    """Return how many vCPUs the load keeps busy, on average."""
    return _running(workload) * workload.busy * workload.computing


def _in_flight(workload: Workload) -> Decimal:
    """Return how many units are at work at once, on average."""
    return _running(workload) * workload.busy


def _containers(workload: Workload) -> _Copies | None:
    """Return containers of the smallest size with the memory, as many as the load keeps busy; None if too large."""
    size = task_size(workload)
    if size is None:
        return None
    cpu, memory = size
    vcpus = Decimal(cpu) / UNITS_PER_VCPU
    if workload.protocol == "batch":
        return _Copies(_in_flight(workload), vcpus, memory)
    return _Copies(max(Decimal(FEWEST), _up(_vcpus(workload) / (vcpus * FULL))), vcpus, memory)


def _fleet(
    workload: Workload, copies: _Copies, fewest: int, purpose: str, prices: Prices
) -> tuple[dict[str, object], str]:
    """Return the cheapest instances that hold the copies, as a usage; or no usage, and why there is none.

    Args:
        workload: the workload.
        copies: the copies.
        fewest: how many instances there are at least.
        purpose: what starts them.
        prices: the list prices.
    """
    found = [(price * count, kind, count) for kind, count, price in _candidates(workload, copies, fewest, prices)]
    if not found:
        return {}, f"There is no price here for an instance that has {copies.memory} MB to spare."
    _, kind, count = min(found)
    if count > MOST_INSTANCES:
        return {}, f"It would take {count} instances."
    return {"instances": [{"type": kind, "count": count, "for": purpose}]}, ""


def _candidates(workload: Workload, copies: _Copies, fewest: int, prices: Prices) -> Iterator[tuple[str, int, Decimal]]:
    """Yield each type of instance that holds a copy, how many it takes, and its price for an hour."""
    table = prices.of(workload.region)
    types = [
        (f"{family}.{size}", vcpus, vcpus * gigabytes * 1024)
        for family, gigabytes in _FAMILIES[workload.architecture]
        for size, vcpus in _SIZES
    ]
    for kind, vcpus, memory in [_GPU_INSTANCE] if workload.gpu else types:
        price, room = table.instance(kind), memory * PACKED
        if price is None or copies.memory > room or copies.vcpus > vcpus:
            continue
        on_each = 1 if workload.gpu else max(1, min(int(vcpus * PACKED / copies.vcpus), int(room / copies.memory)))
        yield kind, max(fewest, int(_up(copies.count / on_each))), price.usd


def _up(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)


def _in_words(workload: Workload, copies: _Copies, what: str) -> str:
    many = f"{_digits(copies.count):f} {what} of {copies.vcpus.normalize():f} vCPU and {copies.memory} MB"
    return f"{many}, one for each item at work." if workload.protocol == "batch" else f"{many}, kept {FULL:.0%} busy."


def _of_machines(workload: Workload) -> Iterator[str]:
    """Yield what machines in a network come with, and how many of them run."""
    if workload.protocol == "batch":
        yield "Items wait for their turn, so that machines run for the average."
    elif workload.traffic == "spiky":
        yield "The traffic jumps, so that machines run for half way between average and peak."
    yield f"The network has a NAT gateway in each of {AZS} AZs, and other workloads may share it."


def _of_payloads(workload: Workload) -> Iterator[str]:
    """Yield what a load balancer's price rests on where payloads are large enough to matter."""
    usual = Workload.model_fields["payload_mb"].default
    if workload.protocol in ("request", "stream") and workload.payload_mb > usual:
        size = f"{workload.payload_mb:f} MB"
        yield f"Every unit is taken to be as large as the largest, {size} through the load balancer."
