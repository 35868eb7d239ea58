"""Task definitions of Amazon ECS and the containers in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Place, Root
from scaffold.evaluate.unknown import Either
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.cluster import flag
from scaffold.facts.documents import decoded, step
from scaffold.facts.iam import Role, role_of

DEFINITIONS = "container_definitions"
"""The argument that holds the containers, as JSON."""

_UNITS = 1024
"""CPU units in a vCPU, and MiB in a GB, as ECS counts."""

_WRITTEN = {
    "cpu": re.compile(r"([0-9]+|[0-9]*\.[0-9]+) ?vcpu\Z", re.IGNORECASE),
    "memory": re.compile(r"([0-9]+|[0-9]*\.[0-9]+) ?gb\Z", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a task definition.

    Attributes:
        task: the address of the task definition.
        data: its definition, decoded; a symbol where nothing of it is known.
        position: its place in the list, from 1.
        place: where the list is written.
    """

    task: str
    data: Value
    position: int
    place: Place

    @property
    def title(self) -> str:
        """What a message calls it."""
        name = self.get("name")
        return f"{self.task}: container {name if isinstance(name, str) else self.position}"

    @property
    def essential(self) -> Value:
        """Whether the task stops with it; the API's default is that it does."""
        return flag(self.get("essential"), True)

    @property
    def image(self) -> Value:
        """Its image."""
        return self.get("image")

    def get(self, *path: str) -> Value:
        """Return what is at a path of its definition: None where it is not set, a symbol where that is not known."""
        return step(self.data, *path)


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """A task definition.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_ecs_task_definition`.
        containers: its containers; None where the list is not known.
        task_role: the role of the code in it, where the root module makes it.
        execution_role: the role that ECS pulls images, reads secrets and writes logs with, likewise.
    """

    root: Root
    instance: Instance
    containers: tuple[Container, ...] | None
    task_role: Role | None
    execution_role: Role | None

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def family(self) -> Value:
        """Its name, which revisions share."""
        return self.instance.get("family")

    @property
    def compatibilities(self) -> Value:
        """What it is checked for: `FARGATE`, `EC2`, `MANAGED_INSTANCES`; empty where nothing is said."""
        given = self.instance.get("requires_compatibilities")
        return () if given is None else given

    @property
    def network_mode(self) -> Value:
        """How its containers are networked; the API's default on Linux is `bridge`."""
        given = self.instance.get("network_mode")
        return "bridge" if given is None else given

    @property
    def cpu(self) -> Value:
        """The CPU units of a task: 1024 are one vCPU; None where only its containers say."""
        return self.instance.get("cpu")

    @property
    def memory(self) -> Value:
        """The memory of a task in MiB; None where only its containers say."""
        return self.instance.get("memory")

    @property
    def architecture(self) -> Value:
        """The CPU architecture, `X86_64` or `ARM64`; None where it is left to the default."""
        return self.instance.get("runtime_platform", "cpu_architecture")

    @property
    def windows(self) -> bool:
        """Whether it is known to run on Windows, which has neither users nor a read-only root of Linux's kind."""
        system = self.instance.get("runtime_platform", "operating_system_family")
        return isinstance(system, str) and system.upper().startswith("WINDOWS")

    def runs_on(self, kind: str) -> bool | None:
        """Return whether it asks to be checked for `FARGATE` or another kind of capacity; None where nobody knows."""
        kinds = self.compatibilities
        if not isinstance(kinds, tuple):
            return None
        return True if kind in kinds else None if any(isinstance(each, Symbol | Joined) for each in kinds) else False


def size_of(argument: str, value: Value) -> int | None:
    """Return the CPU units or MiB of a task, which may be written `512`, `"512"`, or `".5 vCPU"` and `"1 GB"`.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, `cpu`, `memory`.

    Args:
        argument: of which of the two it is the value: `cpu` or `memory`.
        value: as written.

    Returns:
        None where it is not known, or is no size.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value.isascii() and value.isdigit():
            return int(value)
        if written := _WRITTEN[argument].match(value):
            return round(float(written[1]) * _UNITS)
    return None


def task_definitions_of(root: Root) -> Iterator[TaskDefinition]:
    """Yield every task definition that a root module makes."""
    for each in root.of("aws_ecs_task_definition"):
        yield TaskDefinition(
            root=root,
            instance=each,
            containers=containers_in(each),
            task_role=role_of(root, each.get("task_role_arn")),
            execution_role=role_of(root, each.get("execution_role_arn")),
        )


def containers_in(task: Instance) -> tuple[Container, ...] | None:
    """Return the containers of an `aws_ecs_task_definition`; None where the list is not known."""
    place = task.place_of(DEFINITIONS)
    given = task.get(DEFINITIONS)
    # Of several possible lists, each container that may be in the task counts.
    found: list[Value] = []
    for option in given.options if isinstance(given, Either) else (given,):
        listed = decoded(option)
        if not isinstance(listed, tuple):
            return None
        found += [each for each in listed if each not in found]
    return tuple(Container(task.address, each, position, place) for position, each in enumerate(found, 1))


def pairs(value: Value, key: str = "name", to: str = "value") -> Iterator[tuple[Value, Value]]:
    """Yield the pairs of a container's list of mappings, such as its `environment` or `secrets`."""
    for each in several(value):
        if isinstance(each, Mapping):
            yield step(each, key), step(each, to)
