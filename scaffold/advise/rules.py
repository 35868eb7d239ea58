"""What speaks for an option, against it, or rules it out, and which one is recommended: decisions as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scaffold.advise.options import (
    DURABLE,
    EKS,
    FARGATE,
    FUNCTIONS,
    INSTANCES,
    LMI,
    LONGEST_ITEM,
    SPOT,
    Option,
)
from scaffold.advise.workload import Workload
from scaffold.answers.durable import LONGEST_EXECUTION
from scaffold.answers.regions import REGIONS

Effect = Literal["for", "against", "no"]
"""Whether something speaks for an option, against it, or rules it out."""

Costs = Mapping[str, Decimal | None]
"""USD a month by an option's id; None where it has no price."""

_QUOTAS = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_INVOKE = "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"
_DURABLE = "https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html"
_MANAGED = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html"
_TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
_SPOT = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html"
_ECS_INSTANCES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html"
_AUTO_MODE = "https://docs.aws.amazon.com/eks/latest/userguide/automode.html"

LONGEST_INVOCATION = 900
LARGEST_FUNCTION = 10_240
LARGEST_MANAGED_FUNCTION = 32_768
LARGEST_TASK = 120 * 1024
"""MB. Sources: the quotas of Lambda, its API for Managed Instances, and the sizes of Fargate tasks."""

LARGEST_PAYLOAD = 6
LARGEST_EVENT = 1
"""MB of an invocation that waits for its answer, and of one that does not."""

COLD_START_MS = 1000
"""What a cold start is taken to add: from a part of a second to several, by runtime and package."""

_FARGATE = (FARGATE, SPOT)
_CONTAINERS = (FARGATE, SPOT, INSTANCES, EKS)
_INVOKED = (FUNCTIONS, LMI)
_OF_LAMBDA = (FUNCTIONS, LMI, DURABLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is to be said of some options where a workload is of some kind.

    Attributes:
        options: of which.
        effect: what it does.
        by: the opinion's id, or `limit`, `fit` where it is none.
        when: whether it is said of a workload.
        text: what is said.
        source: the address of the page it stands on; empty where the opinion's page says it.
    """

    options: tuple[Option, ...]
    effect: Effect
    by: str
    when: Callable[[Workload], bool]
    text: str
    source: str = ""


def _long(workload: Workload) -> bool:
    return workload.run_seconds > LONGEST_INVOCATION


def _workflow(workload: Workload) -> bool:
    return workload.state == "workflow"


def _cold(workload: Workload) -> bool:
    """Return whether a cold start would miss the target, and come often enough to reach 5 of 100 requests."""
    target = workload.p95_ms
    return workload.traffic == "spiky" and target is not None and target < workload.run_seconds * 1000 + COLD_START_MS


RULES: tuple[Rule, ...] = (
    Rule(
        (FUNCTIONS, DURABLE, LMI, FARGATE, SPOT, INSTANCES),
        "no",
        "fit",
        lambda workload: workload.kubernetes,
        "It is not Kubernetes.",
    ),
    Rule((EKS,), "for", "fit", lambda workload: workload.kubernetes, "It is Kubernetes.", _AUTO_MODE),
    Rule(
        (EKS,),
        "against",
        "E18",
        lambda workload: not workload.kubernetes,
        "A cluster has its price, its versions and their upgrades, and nothing here needs Kubernetes.",
    ),
    Rule((FUNCTIONS, DURABLE), "no", "limit", lambda workload: workload.gpu, "Lambda has no GPUs.", _QUOTAS),
    Rule((LMI,), "no", "L13", lambda workload: workload.gpu, "Terraform's provider knows no GPUs there yet."),
    Rule(_FARGATE, "no", "limit", lambda workload: workload.gpu, "Fargate has no GPUs.", _TASKS),
    Rule(
        (INSTANCES,),
        "against",
        "C3",
        lambda workload: workload.gpu,
        "ECS starts GPU instances where a capacity provider asks for accelerators, which you add to what is rendered.",
        _ECS_INSTANCES,
    ),
    Rule(
        (EKS,),
        "against",
        "E10",
        lambda workload: workload.gpu,
        "Auto Mode starts GPU instances for a node pool that asks for them, which you add to what is rendered.",
        _AUTO_MODE,
    ),
    Rule(
        (LMI,),
        "no",
        "L2",
        lambda workload: not REGIONS[workload.region].lmi,
        "The region does not have it.",
        _MANAGED,
    ),
    Rule(
        _INVOKED,
        "no",
        "limit",
        _long,
        "An invocation ends after 15 minutes. (On Managed Instances AWS lets some run for 90; no answer does.)",
        _QUOTAS,
    ),
    Rule(
        (DURABLE,),
        "no",
        "limit",
        lambda workload: workload.run_seconds > LONGEST_EXECUTION,
        "An execution ends after 366 days.",
        _DURABLE,
    ),
    Rule(
        (DURABLE,),
        "no",
        "limit",
        lambda workload: _long(workload) and not _workflow(workload),
        "A step ends after 15 minutes, and this work is not said to come in steps (state=workflow).",
        _DURABLE,
    ),
    Rule(
        (DURABLE,),
        "for",
        "D1",
        lambda workload: _workflow(workload) and workload.run_seconds <= LONGEST_EXECUTION,
        "It keeps how far a unit has come, and no code is paid for while it waits, for up to 366 days.",
        _DURABLE,
    ),
    Rule(
        (DURABLE,),
        "against",
        "D1",
        lambda workload: workload.state == "none",
        "Every step is paid for and kept, and there is no state here to keep.",
        _DURABLE,
    ),
    Rule(
        _INVOKED,
        "against",
        "fit",
        lambda workload: _workflow(workload) and not _long(workload),
        "A retry begins anew: how far a unit has come is yours to keep, and its waits are paid for.",
    ),
    Rule(
        _CONTAINERS,
        "against",
        "fit",
        _workflow,
        "How far a unit has come is yours to keep, and machines run while it waits.",
    ),
    Rule(
        _OF_LAMBDA,
        "no",
        "limit",
        lambda workload: workload.state == "disk",
        "What is in /tmp goes with its execution environment, and no answer gives it another disk.",
        _QUOTAS,
    ),
    Rule(
        (FARGATE, SPOT, INSTANCES),
        "against",
        "fit",
        lambda workload: workload.state == "disk",
        "A task's disk goes with the task; files that stay need EFS, which you add to what is rendered.",
        _TASKS,
    ),
    Rule(
        (EKS,),
        "for",
        "E11",
        lambda workload: workload.state == "disk",
        "Volumes outlive their pods: the storage class is rendered.",
    ),
    Rule(
        (FUNCTIONS, DURABLE),
        "no",
        "limit",
        lambda workload: workload.memory_mb > LARGEST_FUNCTION,
        "A function has at most 10,240 MB.",
        _QUOTAS,
    ),
    Rule(
        (LMI,),
        "no",
        "L6",
        lambda workload: workload.memory_mb > LARGEST_MANAGED_FUNCTION,
        "A function has at most 32,768 MB there.",
        _MANAGED,
    ),
    Rule(
        (LMI,),
        "for",
        "L6",
        lambda workload: LARGEST_FUNCTION < workload.memory_mb <= LARGEST_MANAGED_FUNCTION,
        "A function may have up to 32,768 MB there.",
        _MANAGED,
    ),
    Rule(
        _FARGATE,
        "no",
        "limit",
        lambda workload: workload.memory_mb > LARGEST_TASK,
        "A Fargate task has at most 120 GB.",
        _TASKS,
    ),
    Rule(
        (INSTANCES,),
        "against",
        "C4",
        lambda workload: workload.memory_mb > LARGEST_TASK,
        "Answers ask for tasks of at most 16 vCPU and 120 GB; a larger one you write into what is rendered.",
        _ECS_INSTANCES,
    ),
    Rule(
        (FARGATE, INSTANCES),
        "against",
        "C17",
        lambda workload: workload.protocol == "batch" and workload.run_seconds > LONGEST_ITEM,
        "A task of a batch is given up after a day, unless you raise that in what is rendered.",
    ),
    Rule(
        _OF_LAMBDA,
        "no",
        "limit",
        lambda workload: workload.protocol in ("request", "stream") and workload.payload_mb > LARGEST_PAYLOAD,
        "A request and its answer have at most 6 MB each.",
        _INVOKE,
    ),
    Rule(
        _OF_LAMBDA,
        "against",
        "limit",
        lambda workload: workload.protocol in ("event", "batch") and workload.payload_mb > LARGEST_EVENT,
        "An event has at most 1 MB: put the content in S3 and send where it is.",
        _INVOKE,
    ),
    Rule(
        (LMI,),
        "no",
        "L8",
        lambda workload: workload.traffic == "spiky",
        "Traffic that more than doubles within five minutes is throttled, and three instances run whether anything "
        "calls (L10).",
        _MANAGED,
    ),
    Rule(
        (FUNCTIONS,),
        "for",
        "F1",
        lambda workload: workload.traffic == "spiky",
        "It scales with every request, and costs nothing while nothing calls.",
        _QUOTAS,
    ),
    Rule(
        (*_FARGATE, INSTANCES, EKS),
        "against",
        "C12",
        lambda workload: workload.traffic == "spiky" and workload.protocol != "batch",
        "More copies come within minutes, so that room for the peak runs all the time.",
    ),
    Rule(
        (FUNCTIONS, DURABLE),
        "against",
        "limit",
        _cold,
        "Cold starts add about a second, and with traffic that jumps they reach 5 of 100 requests.",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
    ),
    Rule(
        (DURABLE,),
        "against",
        "D2",
        lambda workload: workload.protocol == "request",
        "A caller begins an execution and asks for its result later.",
        _DURABLE,
    ),
    Rule(
        (DURABLE,),
        "no",
        "fit",
        lambda workload: workload.protocol == "stream",
        "An execution has no connection that stays open.",
        _DURABLE,
    ),
    Rule(
        _INVOKED,
        "against",
        "C16",
        lambda workload: workload.protocol == "stream",
        "A connection ends with its invocation, after 15 minutes at most, and is paid for as long as it is open.",
        _QUOTAS,
    ),
    Rule(
        (FARGATE, INSTANCES),
        "for",
        "C16",
        lambda workload: workload.protocol == "stream",
        "Connections stay open: idle timeout, health path and authenticated listener are rendered for it.",
    ),
    Rule(
        (SPOT,),
        "against",
        "C2",
        lambda workload: workload.protocol in ("stream", "request"),
        "A Spot task ends two minutes after its notice, with what it was doing.",
        _SPOT,
    ),
    Rule(
        (SPOT,),
        "no",
        "C2",
        lambda workload: workload.protocol == "batch",
        "Each item starts a task of its own, and the first two of each start stay off Spot: none would be on it.",
        _SPOT,
    ),
    Rule(
        (SPOT,),
        "for",
        "C2",
        lambda workload: workload.protocol == "event",
        "What an interruption breaks off comes back from the queue, and is done for less.",
        _SPOT,
    ),
    Rule(
        (FARGATE, INSTANCES),
        "for",
        "C17",
        lambda workload: workload.protocol == "batch",
        "A state machine runs a task for each item, so many at once, and lets a share of them fail.",
    ),
    Rule(
        _OF_LAMBDA,
        "against",
        "fit",
        lambda workload: workload.packaging == "container",
        "What is rendered packs a function's code; an image would have to be rebuilt for Lambda.",
    ),
    Rule(
        _CONTAINERS,
        "against",
        "fit",
        lambda workload: workload.packaging == "function",
        "The code has to be put into an image, with a server or a loop around it.",
    ),
    Rule(
        (FUNCTIONS,),
        "for",
        "F1",
        lambda workload: workload.protocol == "event",
        "Queue, retries, dead letters and partial batches are Lambda's.",
    ),
)
"""Everything that is to be said, in the order in which it is."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An option that is recommended where a workload is of some kind.

    Attributes:
        option: what is recommended, unless something rules it out.
        when: whether it is, given the workload and what each option costs.
        why: why, in a sentence.
        by: the opinions it rests on, by their ids; may be empty.
    """

    option: Option
    when: Callable[[Workload, Costs], bool]
    why: str
    by: tuple[str, ...] = ()


def _cheaper(costs: Costs, one: Option, other: Option) -> bool:
    left, right = costs.get(one.id), costs.get(other.id)
    return left is not None and right is not None and left < right


DECISIONS: tuple[Decision, ...] = (
    Decision(EKS, lambda workload, costs: workload.kubernetes, "Kubernetes is required.", ("E1",)),
    Decision(
        INSTANCES,
        lambda workload, costs: workload.gpu and workload.state != "disk",
        "It needs a GPU: instances that ECS starts and patches have one, and no cluster is needed for it.",
        ("C3", "L13"),
    ),
    Decision(
        EKS,
        lambda workload, costs: workload.state == "disk",
        "Its files have to outlive a restart, and volumes outlive pods.",
        ("E11",),
    ),
    Decision(
        DURABLE,
        lambda workload, costs: _workflow(workload),
        "It is a workflow: what is done is kept, and no code runs while it waits.",
        ("D1",),
    ),
    Decision(
        FARGATE,
        lambda workload, costs: workload.protocol == "stream",
        "Connections stay open, which a service behind a load balancer is made for.",
        ("C16",),
    ),
    Decision(
        FARGATE,
        lambda workload, costs: (
            workload.protocol == "batch"
            and (workload.packaging == "container" or _long(workload) or workload.memory_mb > LARGEST_FUNCTION)
        ),
        "It is a batch whose items are containers, or too long or too large for functions: a task runs for each.",
        ("C17",),
    ),
    Decision(
        SPOT,
        lambda workload, costs: (
            workload.protocol == "event"
            and workload.state == "none"
            and (workload.packaging == "container" or _long(workload) or workload.memory_mb > LARGEST_MANAGED_FUNCTION)
        ),
        "It works through events that come back when a task is interrupted: Spot, with a base on Fargate.",
        ("C2",),
    ),
    Decision(
        LMI,
        lambda workload, costs: (
            workload.traffic == "steady"
            and workload.packaging != "container"
            and workload.memory_mb > LARGEST_FUNCTION
            and workload.protocol != "batch"
        ),
        "Its traffic is steady, and it needs more memory than a function of standard Lambda has.",
        ("L6",),
    ),
    Decision(
        LMI,
        lambda workload, costs: (
            workload.traffic == "steady"
            and workload.packaging != "container"
            and workload.protocol != "batch"
            and _cheaper(costs, LMI, FUNCTIONS)
        ),
        "Its traffic is steady and heavy: instances, whose copies requests share, cost less than standard Lambda.",
        ("L10",),
    ),
    Decision(
        INSTANCES,
        lambda workload, costs: (
            workload.packaging == "container" and workload.traffic == "steady" and _cheaper(costs, INSTANCES, FARGATE)
        ),
        "It is a steady container, of a size at which instances cost less than Fargate, the fee included.",
        ("C3",),
    ),
    Decision(
        FARGATE,
        lambda workload, costs: workload.packaging == "container",
        "It is a container, and nothing needs instances or Kubernetes.",
        ("C9", "C12"),
    ),
    Decision(
        FARGATE,
        lambda workload, costs: _cold(workload),
        "Its target leaves no room for cold starts, and its traffic jumps: tasks that run already answer in time.",
        ("C12",),
    ),
    Decision(
        FUNCTIONS,
        lambda workload, costs: True,
        "It fits a function, which scales to nothing and has the least to look after.",
        ("F1",),
    ),
    Decision(
        FARGATE,
        lambda workload, costs: True,
        "It does not fit a function, and a container on Fargate has the least to look after of what is left.",
        ("C12",),
    ),
    Decision(
        INSTANCES,
        lambda workload, costs: True,
        "It is larger than functions and Fargate tasks can be.",
        ("C3",),
    ),
    Decision(EKS, lambda workload, costs: True, "Nothing else here can run it.", ("E1",)),
)
"""The first that holds, and whose option is not ruled out, is taken. Nothing rules out EKS: there always is one."""
