"""What a workload can run on: each capacity, and the ways in which one can be had."""

from collections.abc import Callable
from dataclasses import dataclass

from scaffold.advise.workload import Workload


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
        return f"ecs.kind={kind}", f"ecs.capacity_provider={provider}"

    return settings


def _lmi(workload: Workload) -> tuple[str, ...]:
    called = workload.protocol == "request"
    return (f"lmi.event_source={'none' if called else 'sqs'}",)


def _functions(workload: Workload) -> tuple[str, ...]:
    shape = "command" if workload.protocol in ("request", "stream") else "queue"
    return (f"functions.shapes=[{shape}]",)


def _durable(workload: Workload) -> tuple[str, ...]:
    # An execution that takes twice as long as usual has gone wrong; a day is for those that take no time at all.
    seconds = min(LONGEST_EXECUTION, max(86_400, int(workload.run_seconds) * 2))
    return (f"durable.execution_timeout={seconds}",)


LONGEST_EXECUTION = 366 * 24 * 3600
"""Seconds that a durable execution may take. Source: Lambda API, DurableConfig."""

EKS = Option("eks-auto-mode", "eks-auto-mode", "EKS Auto Mode", lambda workload: ())
FARGATE = Option("ecs/fargate", "ecs", "Amazon ECS on Fargate", _ecs("fargate"))
SPOT = Option("ecs/fargate-spot", "ecs", "Amazon ECS on Fargate and Fargate Spot", _ecs("fargate-spot"))
INSTANCES = Option("ecs/managed-instances", "ecs", "Amazon ECS on Managed Instances", _ecs("managed-instances"))
LMI = Option("lambda-managed-instances", "lambda-managed-instances", "Lambda Managed Instances", _lmi)
DURABLE = Option("lambda-durable", "lambda-durable", "Durable Lambda functions", _durable)
FUNCTIONS = Option("lambda", "lambda", "Lambda functions", _functions)

OPTIONS = (FUNCTIONS, DURABLE, LMI, FARGATE, SPOT, INSTANCES, EKS)
"""Every option, from the one with the least to look after to the one with the most."""
