"""C4: one architecture for the task and the capacity it runs on."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.containers import TaskDefinition
from scaffold.facts.ecs import Ecs, EcsCapacityProvider
from scaffold.opinions.ecs_services import for_each_task
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

MANUFACTURERS: Mapping[str, tuple[str, ...]] = {"ARM64": ("amazon-web-services",), "X86_64": ("intel", "amd")}
"""Who makes the CPUs of an architecture. Source: ECS API, InstanceRequirementsRequest.cpuManufacturers."""

_PATH = ("runtime_platform", "cpu_architecture")
_CPUS = ("instance_requirements", "cpu_manufacturers")


def _judge(facts: Facts, ecs: Ecs, task: TaskDefinition) -> Iterator[Judgement] | None:
    providers = tuple(_providers(ecs, task))
    on_fargate = task.runs_on("FARGATE") or any(each.strategy.fargate for each in ecs.services_of(task))
    return _faults(task, providers) if on_fargate or providers else None


def _providers(ecs: Ecs, task: TaskDefinition) -> Iterator[EcsCapacityProvider]:
    """Yield the managed instances that a task definition runs on."""
    services = ecs.services_of(task)
    names = [share.provider for service in services for share in service.strategy.shares]
    # What a state machine runs has no service: then each may be meant.
    every = not services and task.runs_on("MANAGED_INSTANCES")
    for provider in ecs.providers:
        if provider.managed_instances and (every or any(provider.is_named(name) for name in names)):
            yield provider


def _faults(task: TaskDefinition, providers: tuple[EcsCapacityProvider, ...]) -> Iterator[Judgement]:
    architecture, place = task.architecture, task.instance.place_of(*_PATH)
    if architecture is None:
        yield broken(
            f"{task.address} says nothing of its architecture, which is X86_64 then, whatever its image is built for.",
            place,
        )
        return
    for provider in providers:
        makers, where = provider.launch(*_CPUS), provider.place_of_launch(*_CPUS)
        if makers is None:
            continue
        if not known(architecture) or not known(makers):
            yield unknown(f"{task.address}: whether {provider.address} has CPUs of its kind cannot be told.", where)
        elif any(each not in MANUFACTURERS.get(str(architecture), ()) for each in several(makers)):
            message = (
                f"{task.address} is for {shown(architecture)}, and {provider.address} has CPUs of {shown(makers)}."
            )
            yield broken(message, where, "Name the makers of the one architecture.")


_EXAMPLE = """\
resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
}
"""

OPINION = Opinion(
    id="C4",
    title="One architecture for the task, its image and the capacity",
    why="A task that says nothing runs on x86_64. An image that was built for the other architecture stops at its "
    "first instruction, and ECS starts it again and again.",
    mend="Set runtime_platform { cpu_architecture } to what the image is built for, from the value that chooses the "
    "instances.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
    judge=for_each_task(_judge, lambda task: f"{task.address} says which architecture it is for."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('    cpu_architecture        = "ARM64"\n', "")},
)
