"""Whose logs each log group of a root module holds, whatever it is called and however it is referred to."""

from collections.abc import Iterator, Mapping

from scaffold.compare.function_parts import FunctionParts
from scaffold.compare.uses import Uses
from scaffold.evaluate.values import Joined, Value
from scaffold.facts.containers import task_definitions_of

CONTAINERS = "container logs"
FUNCTIONS = "function logs"
SHELLS = "shell logs"


def log_parts(uses: Uses, functions: FunctionParts) -> Mapping[str, str]:
    """Return the part of each log group that a function, a container or a cluster writes to, by address."""
    found: dict[str, str] = {}
    for name, part in _written(uses, functions):
        group = uses.named("aws_cloudwatch_log_group", name)
        if group is not None:
            found.setdefault(group.address, part)
    return found


def _written(uses: Uses, functions: FunctionParts) -> Iterator[tuple[Value, str]]:
    for address, function in functions.functions.items():
        given = function.log_group
        for name in (given, *(given.parts if isinstance(given, Joined) else ())):
            yield name, f"{FUNCTIONS}{functions.suffix(address)}"
    for task in task_definitions_of(uses.root):
        for container in task.containers or ():
            yield container.get("logConfiguration", "options", "awslogs-group"), CONTAINERS
    exec_logs = ("configuration", "execute_command_configuration", "log_configuration", "cloud_watch_log_group_name")
    for cluster in uses.root.of("aws_ecs_cluster"):
        yield cluster.get(*exec_logs), SHELLS
