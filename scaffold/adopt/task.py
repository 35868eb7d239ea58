"""The answers about the container of a task of Amazon ECS."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.blueprint.ecs import SAMPLE_IMAGE
from scaffold.compare.cast import Cast, text
from scaffold.compare.service_particulars import by_part
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument
from scaffold.evaluate.values import Joined, Value
from scaffold.facts.containers import Container, TaskDefinition, pairs, size_of

_COLLECTOR = "aws-otel-collector"


def task_answers(cast: Cast, task: TaskDefinition, *, batch: bool) -> Iterator[Finding]:
    """Yield what a task definition says of `ecs.*`.

    Args:
        cast: the root module.
        task: the task definition.
        batch: whether a state machine runs it, rather than a service.
    """
    for name in ("cpu", "memory"):
        yield from answer(f"ecs.{name}", _size(name, task.instance.body.at(name)), int)
    found = dict(by_part(task.containers or ()))
    if "container" not in found:
        yield Gap("ecs.image", f"the containers of {task.address} cannot be evaluated")
        return
    main = found.pop("container")
    yield from _container(cast, main, batch=batch)
    for other in found.values():
        if _COLLECTOR in text(other.image):
            yield Inferred("ecs.adot", True, other.place)
        else:
            yield NotExpressible(f"{other.title} runs beside the main one; there is no answer for it", other.place)


def _size(name: str, given: Argument | None) -> Argument | None:
    """Return a size in CPU units or MiB, `"1 vCPU"` and `"2 GB"` too; as it is where it cannot be told."""
    size = None if given is None else size_of(name, given.value)
    return given if given is None or size is None else replace(given, value=size)


def _container(cast: Cast, container: Container, *, batch: bool) -> Iterator[Finding]:
    own = container.image != SAMPLE_IMAGE and not (batch and _is_own_repository(cast, container.image))
    if own:
        yield from answer("ecs.image", Argument(container.image, container.place))
        for path, value in (
            ("ecs.command", container.get("command")),
            ("ecs.health_command", container.get("healthCheck", "command")),
        ):
            if value not in (None, ()):
                yield from answer(path, Argument(value, container.place), list)
        if container.get("healthCheck", "command") is None:
            yield Gap("ecs.health_command", f"{container.title} has no health check", required=True)
    user = container.get("user")
    if user is None:
        yield Gap("ecs.user", f"{container.title} runs as whom its image says")
    else:
        yield from answer("ecs.user", Argument(user, container.place))
    yield from _port(container)
    yield from _secrets(container)


def _is_own_repository(cast: Cast, image: Value) -> bool:
    """Return whether an image is the first version of a repository that the root module makes."""
    if not isinstance(image, Joined) or image.parts[1:] != (":v1",):
        return False
    found = cast.uses.find(image.parts[0])
    return found is not None and found.type == "aws_ecr_repository"


def _port(container: Container) -> Iterator[Finding]:
    ports = container.get("portMappings")
    if not isinstance(ports, tuple):
        if ports is not None:
            yield from answer("ecs.container_port", Argument(ports, container.place), int)
        return
    for number, each in enumerate(ports):
        port = each.get("containerPort") if isinstance(each, Mapping) else each
        if number:
            yield NotExpressible(f"{container.title} has one more port, {displayed(port)}", container.place)
        else:
            yield from answer("ecs.container_port", Argument(port, container.place), int)


def _secrets(container: Container) -> Iterator[Finding]:
    secrets = container.get("secrets")
    if secrets in (None, ()):
        return
    found = list(pairs(secrets, to="valueFrom")) if isinstance(secrets, tuple) else []
    known = {name: arn for name, arn in found if isinstance(name, str) and isinstance(arn, str)}
    if found and len(known) == len(found):
        yield Inferred("ecs.secrets", known, container.place)
    else:
        names = ", ".join(displayed(name) for name, _ in found) or displayed(secrets)
        yield Gap("ecs.secrets", f"the ARNs of {names} cannot be evaluated")
