"""C8: logs never hold a container up, and their group ends in time."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.containers import Container, TaskDefinition
from scaffold.facts.ecs import Ecs
from scaffold.opinions.ecs_services import expected, for_each_container, number
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_LOGS = "logConfiguration"


def _faults(facts: Facts, _: Ecs, task: TaskDefinition, container: Container) -> Iterator[Judgement]:
    title, place = container.title, container.place
    driver = container.get(_LOGS, "logDriver")
    if driver is None:
        yield broken(f"{title} has no {_LOGS}: what it says is lost.", place)
    elif isinstance(driver, Symbol | Joined):
        yield unknown(f"{title}: where its logs go cannot be told: {shown(driver)}.", place)
    elif driver == "awslogs":
        yield from _options(container)
        yield from _group(task, container)


def _options(container: Container) -> Iterator[Judgement]:
    title, place = container.title, container.place
    mode = container.get(_LOGS, "options", "mode")
    left = "leaves the mode of its logs to the account's setting" if mode is None else f"has logs with mode {mode}"
    wrong = f"{title} {left}: it may stand still while CloudWatch is slow."
    yield from expected(
        title, "mode", mode, place, lambda given: given == "non-blocking", wrong, 'Set mode = "non-blocking".'
    )
    if container.get(_LOGS, "options", "max-buffer-size") is None:
        message = f"{title} does not say how much of its logs is kept while CloudWatch is slow."
        yield broken(message, place, 'Set max-buffer-size = "25m" or so.')


def _group(task: TaskDefinition, container: Container) -> Iterator[Judgement]:
    title, place = container.title, container.place
    name = container.get(_LOGS, "options", "awslogs-group")
    group = _made(task, name)
    if group is not None:
        days, where = group.get("retention_in_days"), group.place_of("retention_in_days")
        wrong = f"{group.address} keeps the logs of {title} for ever."
        yield from expected(
            group.address,
            "retention_in_days",
            days,
            where,
            lambda given: (number(given) or 0) > 0,
            wrong,
            "Set retention_in_days.",
        )
    elif flag(container.get(_LOGS, "options", "awslogs-create-group"), False) is True:
        mend = "Make an aws_cloudwatch_log_group with retention_in_days, and leave awslogs-create-group out."
        yield broken(f"{title} makes its log group itself, which keeps logs for ever.", place, mend)
    else:
        yield unknown(f"{title}: its log group {shown(name)} is not made in this root module.", place)


def _made(task: TaskDefinition, name: Value) -> Instance | None:
    found = task.root.find(name)
    if found is not None:
        return found if found.type == "aws_cloudwatch_log_group" and not found.data else None
    groups = task.root.of("aws_cloudwatch_log_group")
    return next((each for each in groups if name is not None and each.get("name") == name), None)


_EXAMPLE = """\
resource "aws_cloudwatch_log_group" "api" {
  name              = "/shop/api"
  retention_in_days = 90
}

resource "aws_ecs_task_definition" "api" {
  family = "api"

  container_definitions = jsonencode([{
    name  = "api"
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/api:1.4.2"

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.api.name
        awslogs-region        = "eu-central-1"
        awslogs-stream-prefix = "api"
        mode                  = "non-blocking"
        max-buffer-size       = "25m"
      }
    }
  }])
}
"""

OPINION = Opinion(
    id="C8",
    title="Non-blocking logs with a buffer of a stated size, to a log group with retention in Terraform",
    why="In blocking mode a container waits for CloudWatch at every line, and a slow minute there becomes an outage "
    "here. A log group that ECS makes keeps everything for ever, at a price.",
    mend='Set mode = "non-blocking" and max-buffer-size in the options of awslogs, and make the log group with '
    "retention_in_days.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    judge=for_each_container(_faults, lambda task: f"{task.address}: its logs hold nothing up, and end in time."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('"non-blocking"', '"blocking"')},
)
