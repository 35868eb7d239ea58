"""What machines cost: instances that a service starts, with its fee, and tasks on Fargate."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from scaffold.answers.usage import InstanceUsage, UsageAnswers
from scaffold.cost.inventory import FargateTasks, Inventory
from scaffold.cost.line import CostLine, Kind, hours, line, number, share, usd
from scaffold.cost.prices import Price, PriceTable

MINIMUM_LMI_INSTANCES = 3
"""Lambda Managed Instances starts three instances, for AZ resilience (Lambda developer guide)."""

SMALLEST_INSTANCE = {"arm64": "m7g.large", "x86_64": "m7i.large"}
"""What Lambda and ECS are assumed to start where they may choose; which type they take cannot be known before."""

UNITS_PER_VCPU = 1024
"""ECS counts a vCPU as 1024 CPU units, and a GB as 1024 MiB."""

_FEES = {
    "eks-auto-mode": ("eks_auto_mode_share", "Auto Mode's fee"),
    "ecs-managed-instances": ("ecs_instances_fee_share", "ECS's fee"),
    "lambda-managed-instances": ("lmi_fee_share", "Lambda's fee"),
}
"""By what starts an instance, the price of its fee and its name for people."""

_ACCELERATED = (
    (re.compile(r"gr?[0-9]"), "g_series_fee_share"),
    (re.compile(r"(p|trn)[0-9]"), "p_series_fee_share"),
)
"""Of what instance types EKS and ECS take another fee, and its price."""


def smallest_fleets(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[CostLine]:
    """Yield the instances that Lambda and ECS run at least, with the fee.

    Where the usage says what runs, that is the fleet, and stands among the instances.
    """
    running = {purpose_of(each, inventory) for each in usage.instances}
    if "lambda-managed-instances" not in running:
        for arch, providers in sorted(Counter(inventory.capacity_providers).items()):
            count = MINIMUM_LMI_INSTANCES * providers
            yield from _fleet("lmi-fleet", "Lambda", "lambda-managed-instances", arch, count, table)
    if "ecs-managed-instances" not in running:
        counts: Counter[str] = Counter()
        for arch, least in inventory.ecs_instances:
            counts[arch] += least
        for arch, count in sorted(counts.items()):
            if count:
                yield from _fleet("ecs-fleet", "ECS", "ecs-managed-instances", arch, count, table)


def _fleet(id_: str, whose: str, purpose: str, arch: str, count: int, table: PriceTable) -> Iterator[CostLine]:
    kind = SMALLEST_INSTANCE[arch]
    price, (fee, name) = table[kind], _fee_of(purpose, kind, table)
    factors = number(count), usd(price, "h"), hours(table)
    yield line(f"{id_}-{arch}", f"{whose}'s smallest fleet ({count} x {kind} assumed)", "fixed", price, *factors)
    item = f"{name} on it ({share(fee).text} of on demand)"
    yield line(f"{id_}-fee-{arch}", item, "fixed", fee, *factors, share(fee))


def instances(inventory: Inventory, usage: UsageAnswers, table: PriceTable) -> Iterator[CostLine]:
    """Yield the instances that the usage says run, each with the fee of what starts it."""
    for position, each in enumerate(usage.instances):
        price = table.instance(each.type)
        if price is None or not each.count:
            continue
        running = hours(table) if each.hours is None else number(each.hours, "h")
        factors = number(each.count), usd(price, "h"), running
        yield line(f"instances-{position}", f"{each.count} x {each.type}", "usage", price, *factors)
        purpose = purpose_of(each, inventory)
        if purpose in _FEES:
            fee, name = _fee_of(purpose, each.type, table)
            item = f"{name} on {each.type} ({share(fee).text} of on demand)"
            yield line(f"instances-{position}-fee", item, "usage", fee, *factors, share(fee))


def purpose_of(instance: InstanceUsage, inventory: Inventory) -> str:
    """Return what starts an instance and takes its fee, with the default resolved."""
    if instance.purpose is not None:
        return instance.purpose
    if inventory.auto_mode:
        return "eks-auto-mode"
    if inventory.capacity_providers:
        return "lambda-managed-instances"
    return "ecs-managed-instances" if inventory.ecs_instances else "self-managed"


def _fee_of(purpose: str, kind: str, table: PriceTable) -> tuple[Price, str]:
    """Return the fee on an instance type, as a share of its price, and what it is called."""
    price, name = _FEES[purpose]
    if purpose != "lambda-managed-instances":
        price = next((other for pattern, other in _ACCELERATED if pattern.match(kind)), price)
    return table[price], name


def fargate(inventory: Inventory, table: PriceTable) -> Iterator[CostLine]:
    """Yield the vCPUs and the memory of the tasks that services keep running on Fargate, by their size."""
    counts: Counter[FargateTasks] = Counter()
    for each in inventory.fargate:
        counts[FargateTasks(each.arch, each.cpu, each.memory, 1, each.spot)] += each.count
    for size, count in sorted(counts.items()):
        if count:
            yield from fargate_tasks(size, Decimal(count), "fixed", table)


def fargate_tasks(size: FargateTasks, count: Decimal, kind: Kind, table: PriceTable) -> Iterator[CostLine]:
    """Yield what tasks of one size cost that run all month.

    Args:
        size: the size; its count is passed over.
        count: how many run, on average.
        kind: whether they run whatever the load.
        table: the prices.
    """
    where = "Fargate Spot" if size.spot else "Fargate"
    spot = [share(table["fargate_spot_share"])] if size.spot else []
    id_ = f"fargate-{'spot-' if size.spot else ''}{size.arch}-{size.cpu}-{size.memory}"
    vcpus, gigabytes = (number((Decimal(each) / UNITS_PER_VCPU).normalize()) for each in (size.cpu, size.memory))
    tasks = number(count, "task" if count == 1 else "tasks")
    assumed = f", {spot[0].text} of the price assumed" if spot else ""
    for name, unit, amount, price in (
        ("vcpu", "vCPU", vcpus, table[f"fargate_vcpu_hour_{size.arch}"]),
        ("memory", "GB", gigabytes, table[f"fargate_gb_hour_{size.arch}"]),
    ):
        item = f"{where} {unit} ({count:f} x {amount.text} {unit}, {size.arch}{assumed})"
        factors = tasks, number(amount.value, unit), usd(price, "h"), hours(table), *spot
        yield line(f"{id_}-{name}", item, kind, price, *factors)
