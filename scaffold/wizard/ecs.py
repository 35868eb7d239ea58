"""Questions about Amazon ECS."""

from collections.abc import Callable, Sequence
from typing import get_args

from scaffold.answers.ecs import CapacityProvider, Kind, LoadBalancer
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind as KindOfQuestion
from scaffold.wizard.question import Option, Question

_ABOUT = {
    "service": "answers requests, from other services or through a load balancer.",
    "mcp-server": "a service whose clients hold event streams open.",
    "batch": "a task for each item of a list, run by Step Functions.",
    "fargate": "no instances to look after.",
    "fargate-spot": "up to 70 % less for tasks that AWS may take back; the first two stay off Spot.",
    "managed-instances": "EC2 instances that ECS chooses and patches; several tasks share one.",
    "none": "only services of the cluster reach it; a certificate is not needed.",
    "internal": "the VPC reaches it; needs a certificate.",
    "internet-facing": "the internet reaches it; needs a certificate.",
}


def _has_tasks(draft: Draft) -> bool:
    return any("ecs" in each.capacity for each in draft.environments)


def _has_service(draft: Draft) -> bool:
    return _has_tasks(draft) and not any(each.ecs.is_batch for each in draft.environments)


def _has_load_balancer(draft: Draft) -> bool:
    return _has_tasks(draft) and any(each.ecs.balanced for each in draft.environments)


def _each_of(values: Sequence[str]) -> Callable[[Draft], Sequence[Option]]:
    return lambda draft: [Option(value, _ABOUT[value]) for value in values]


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="ecs.kind",
        prompt="What runs on ECS",
        why="It decides what is around the tasks, the same in every environment.",
        kind=KindOfQuestion.ONE,
        options=_each_of(get_args(Kind)),
        when=_has_tasks,
    ),
    Question(
        path="ecs.capacity_provider",
        prompt="Where tasks run",
        why="What they cost and who looks after the machines depends on it.",
        kind=KindOfQuestion.ONE,
        options=_each_of(get_args(CapacityProvider)),
        when=_has_tasks,
    ),
    Question(
        path="ecs.load_balancer",
        prompt="Who reaches the service",
        why="With none it waits safely until there is a certificate.",
        kind=KindOfQuestion.ONE,
        options=_each_of(get_args(LoadBalancer)),
        when=_has_service,
    ),
    Question(
        path="ecs.certificate_arn",
        prompt="ARN of its certificate",
        why="From ACM in the region; plain HTTP is not offered.",
        kind=KindOfQuestion.TEXT,
        when=_has_load_balancer,
        personal=True,
    ),
)
