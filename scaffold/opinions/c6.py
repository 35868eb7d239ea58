"""C6: containers cannot write to their image, are not root, and say whether they are well."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.containers import Container, TaskDefinition
from scaffold.facts.ecs import Ecs
from scaffold.opinions.ecs_services import expected, for_each_container
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(facts: Facts, ecs: Ecs, task: TaskDefinition, container: Container) -> Iterator[Judgement]:
    title, place = container.title, container.place
    privileged = flag(container.get("privileged"), False)
    yield from expected(title, "privileged", privileged, place, lambda on: on is False, f"{title} is privileged.")
    if not task.windows:
        yield from expected(
            title,
            "readonlyRootFilesystem",
            flag(container.get("readonlyRootFilesystem"), False),
            place,
            lambda on: on is True,
            f"{title} can write to its root filesystem.",
            "Set readonlyRootFilesystem = true, and mount a volume where it has to write.",
        )
        yield from _user(container)
    if container.essential is not False and ecs.services_of(task):
        yield from _health(container)


def _user(container: Container) -> Iterator[Judgement]:
    user = container.get("user")
    if user is None or _is_root(user):
        mend = 'Set user = "1000", or another that the image has.'
        what = "leaves its user to the image, where it is root unless the image says otherwise" if user is None else ""
        yield broken(f"{container.title} {what or 'runs as root'}.", container.place, mend)
    elif not known(user):
        yield unknown(f"{container.title}: its user cannot be told: {shown(user)}.", container.place)


def _is_root(user: Value) -> bool:
    return known(user) and str(user).partition(":")[0] in ("0", "root", "")


def _health(container: Container) -> Iterator[Judgement]:
    command, title = container.get("healthCheck", "command"), container.title
    unsure = isinstance(container.essential, Symbol | Joined)
    if isinstance(command, Symbol | Joined) or (unsure and command is None):
        yield unknown(f"{title}: whether it has a health check, and needs one, cannot be told.", container.place)
    elif command in (None, (), ("NONE",)):
        yield broken(
            f"{title} has no health check: a task that hangs stays.",
            container.place,
            "Set healthCheck = { command = […] } to what the image has.",
        )


_EXAMPLE = """\
resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([{
    name                   = "api"
    image                  = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/api:1.4.2"
    user                   = "1000"
    readonlyRootFilesystem = true
    healthCheck            = { command = ["CMD", "/api", "--healthy"] }
  }])
}
"""

OPINION = Opinion(
    id="C6",
    title="Containers with a read-only root filesystem, neither root nor privileged, with a health check",
    why="What breaks into a container can then neither change its program nor reach the host. Without a health check "
    "ECS keeps a task that answers nothing.",
    mend="Set readonlyRootFilesystem, user and healthCheck in the container definition, and leave privileged out.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html",
    judge=for_each_container(_faults, lambda task: f"{task.address}: its containers are as closed as they can be."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("= true", "= false")},
)
