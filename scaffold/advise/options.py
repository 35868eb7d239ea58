"""What a workload can run on: each capacity, and the ways in which one can be had."""

from collections.abc import Callable
from dataclasses import dataclass

from scaffold.advise.sizes import function_memory, managed_memory, task_size, timeout
from scaffold.advise.workload import Workload
from scaffold.answers.durable import LONGEST_EXECUTION

LARGEST_TASK = (16384, 122880)
"""CPU units and MiB of the largest task that an answer can ask for; what is larger is named in what is rendered."""


@dataclass(frozen=True, slots=True)
class Option:
    """A capacity, or one way of having it.

    Attributes:
        id: what it is known by: `ecs/fargate-spot`.
        capacity: the component, as in the answer `capacity`.
        title: its name for people.
        settings: the answers that render it for a workload, besides `capacity`, each as `--set` takes it; what they
            leave open the wizard asks.
    """

    id: str
    capacity: str
    title: str
    settings: Callable[[Workload], tuple[str, ...]]


def _ecs(provider: str) -> Callable[[Workload], tuple[str, ...]]:
    def settings(workload: Workload) -> tuple[str, ...]:
        kind = {"stream": "mcp-server", "batch": "batch"}.get(workload.protocol, "service")
        cpu, memory = task_size(workload) or LARGEST_TASK
        # A task that takes twice as long as usual has gone wrong.
        seconds = min(LONGEST_ITEM, max(3600, int(workload.run_seconds) * 2))
        return (
            f"ecs.kind={kind}",
            f"ecs.capacity_provider={provider}",
            f"ecs.cpu={cpu}",
            f"ecs.memory={memory}",
            *([f"ecs.batch.timeout_seconds={seconds}"] if kind == "batch" else ()),
        )

    return settings


def _lmi(workload: Workload) -> tuple[str, ...]:
    called = workload.protocol in ("request", "stream")
    return (
        f"lmi.event_source={'none' if called else 'sqs'}",
        f"lmi.memory_size={managed_memory(workload)}",
        f"lmi.timeout={timeout(workload, 60)}",
    )


def _functions(workload: Workload) -> tuple[str, ...]:
    shape = "command" if workload.protocol in ("request", "stream") else "queue"
    return (
        f"functions.shapes=[{shape}]",
        f"functions.memory_size={function_memory(workload)}",
        f"functions.timeout={timeout(workload, 30)}",
    )


def _durable(workload: Workload) -> tuple[str, ...]:
    # An execution that takes twice as long as usual has gone wrong; a day is for those that take next to no time.
    seconds = min(LONGEST_EXECUTION, max(86_400, int(workload.run_seconds) * 2))
    return (f"durable.execution_timeout={seconds}",)


LONGEST_ITEM = 86_400
"""Seconds of a task of a batch, as `ecs.batch.timeout_seconds` takes them."""

EKS = Option("eks-auto-mode", "eks-auto-mode", "EKS Auto Mode", lambda workload: ())
FARGATE = Option("ecs/fargate", "ecs", "Amazon ECS on Fargate", _ecs("fargate"))
SPOT = Option("ecs/fargate-spot", "ecs", "Amazon ECS on Fargate and Fargate Spot", _ecs("fargate-spot"))
INSTANCES = Option("ecs/managed-instances", "ecs", "Amazon ECS on Managed Instances", _ecs("managed-instances"))
LMI = Option("lambda-managed-instances", "lambda-managed-instances", "Lambda Managed Instances", _lmi)
DURABLE = Option("lambda-durable", "lambda-durable", "Durable Lambda functions", _durable)
FUNCTIONS = Option("lambda", "lambda", "Lambda functions", _functions)

OPTIONS = (FUNCTIONS, DURABLE, LMI, FARGATE, SPOT, INSTANCES, EKS)
"""Every option, from the one with the least to look after to the one with the most."""
