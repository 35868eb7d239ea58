"""What is said of clusters, services, task definitions and state machines, as paths and values that can be compared.

Left out are names, images and what containers run: those are an application's own.
"""

from collections.abc import Iterator, Mapping, Sequence

from scaffold.compare.cast import Cast
from scaffold.compare.uses import leaf
from scaffold.evaluate.root import Argument, Body, Instance
from scaffold.evaluate.values import Joined, Key, Symbol, Value
from scaffold.facts.containers import Container, containers_in
from scaffold.facts.documents import decoded
from scaffold.facts.workflows import State, workflows_of

_OF_THE_APPLICATION = frozenset(
    {"command", "entryPoint", "environment", "image", "name", "secrets", "workingDirectory"}
)
"""The fields of a container that are the application's own."""

_FIELDS_OF_MAPS = ("MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount")
_FIELDS_OF_TASKS = ("HeartbeatSeconds", "TimeoutSeconds", "Retry")


def named(cast: Cast, kind: str, value: Value) -> Value:
    """Return a reference to what a value names, or each of its items; the value where nothing here has the name."""
    if isinstance(value, tuple):
        return tuple(named(cast, kind, each) for each in value)
    # `"${aws_ecs_task_definition.a.family}:${aws_ecs_task_definition.a.revision}"`
    parts = value.parts if isinstance(value, Joined) else ()
    of_parts = (cast.uses.named(kind, part) for part in parts if isinstance(part, Symbol))
    found = cast.uses.named(kind, value) or next(filter(None, of_parts), None)
    return Symbol(found.address, found.address) if found is not None else value


def cluster(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield the settings of a cluster by their names, its capacity providers and its default strategy."""
    for block in instance.body.blocks.get("setting", ()):
        value = block.at("value")
        if value is not None:
            yield f"setting.{block.get('name')}", value
    for each in cast.uses.about.get(instance.address, ()):
        if each.type != "aws_ecs_cluster_capacity_providers":
            continue
        providers = each.body.at("capacity_providers")
        if providers is not None:
            value_ = named(cast, "aws_ecs_capacity_provider", providers.value)
            yield "capacity_providers", Argument(value_, providers.place)
        blocks = each.body.blocks.get("default_capacity_provider_strategy", ())
        if blocks:
            yield "capacity_providers.default_strategy", Argument(_strategy(cast, blocks), blocks[0].place)


def service(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield the capacity of a service: `launch_type = "FARGATE"` is the strategy of Fargate alone."""
    blocks = instance.body.blocks.get("capacity_provider_strategy", ())
    launch_type = instance.body.at("launch_type")
    if blocks:
        yield "capacity_provider_strategy", Argument(_strategy(cast, blocks), blocks[0].place)
    elif launch_type is not None and launch_type.value == "FARGATE":
        yield "launch_type", Argument(None, launch_type.place)
        yield "capacity_provider_strategy", Argument((_share("FARGATE"),), launch_type.place)


def _strategy(cast: Cast, blocks: Sequence[Body]) -> Value:
    return tuple(
        _share(
            named(cast, "aws_ecs_capacity_provider", each.get("capacity_provider")),
            each.get("base") or 0,
            # Alone, a provider has all the tasks, whatever its weight.
            each.get("weight") or 0 if len(blocks) > 1 else 1,
        )
        for each in blocks
    )


def _share(provider: Value, base: Value = 0, weight: Value = 1) -> Value:
    return {"provider": provider, "base": base, "weight": weight}


def repository(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield the rules by which images go, without what is written of them."""
    for each in cast.uses.about.get(instance.address, ()):
        policy = each.body.at("policy")
        if each.type == "aws_ecr_lifecycle_policy" and policy is not None:
            rules = decoded(policy.value)
            rules = rules.get("rules") if isinstance(rules, Mapping) else rules
            if isinstance(rules, tuple):
                rules = tuple(_without(rule, "description", "rulePriority") for rule in rules)
            yield "lifecycle_policy", Argument(rules, policy.place)


def _without(value: Value, *names: str) -> Value:
    if not isinstance(value, Mapping):
        return value
    return {key: each for key, each in value.items() if key not in names}


def task_definition(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield what is said of the containers of a task: of the main one as `container`, of others as `sidecar`."""
    containers = containers_in(instance)
    place = instance.place_of("container_definitions")
    if containers is None:
        yield "container", Argument(Symbol("containers that are not known"), place)
    for name, container in by_part(containers or ()):
        yield from leaf(name, Argument(_compared(container), place))


def by_part(containers: Sequence[Container]) -> Iterator[tuple[str, Container]]:
    """Yield the containers of a task by their parts: the first that is essential and has ports, or else is essential.

    Those beside it are in the order of their images, since the order in the list says nothing.
    """
    main = min(containers, key=lambda each: (each.essential is not True, not each.get("portMappings")), default=None)
    others = [each for each in containers if each is not main]
    if main is not None:
        yield "container", main
    for number, other in enumerate(sorted(others, key=lambda each: str(each.image)), 1):
        yield "sidecar" if number == 1 else f"sidecar {number}", other


def _compared(container: Container) -> Value:
    if not isinstance(container.data, Mapping):
        return container.data
    found = {key: value for key, value in container.data.items() if key not in _OF_THE_APPLICATION}
    found = {key: value for key, value in found.items() if value not in (None, (), False)}
    found["essential"] = container.essential
    if isinstance(ports := found.get("portMappings"), tuple):
        found["portMappings"] = tuple(
            each.get("containerPort") if isinstance(each, Mapping) else each for each in ports
        )
    check = found.get("healthCheck")
    if isinstance(check, Mapping):
        found["healthCheck"] = {**_CHECK, **_checked(check)}
    logs = found.get("logConfiguration")
    options = logs.get("options") if isinstance(logs, Mapping) else None
    if isinstance(logs, Mapping) and isinstance(options, Mapping):
        kept = {key: each for key, each in options.items() if not str(key).startswith("awslogs-")}
        found["logConfiguration"] = {**logs, "options": kept}
    return found


_CHECK: Mapping[Key, Value] = {"interval": 30, "retries": 3, "timeout": 5}
"""What a health check is where it says nothing. Source:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html."""


def _checked(check: Mapping[Key, Value]) -> dict[Key, Value]:
    return {key: each for key, each in check.items() if key != "command" and each is not None}


def state_machine(cast: Cast, instance: Instance) -> Iterator[tuple[str, Argument]]:
    """Yield how a state machine bounds the tasks it runs: how many at once, how many failures, how long a silence."""
    workflow = next((each for each in workflows_of(cast.root) if each.instance is instance), None)
    if workflow is None:
        return
    if not workflow.readable:
        yield "definition", Argument(Symbol("a definition that is not known"), workflow.place)
    for name, states, fields in (("map", workflow.maps, _FIELDS_OF_MAPS), ("task", workflow.tasks, _FIELDS_OF_TASKS)):
        for number, state in enumerate(states):
            step = name if len(states) == 1 else f"{name}[{number}]"
            for path, value in _fields(state, fields):
                yield f"definition.{step}.{path}", Argument(value, workflow.place)


def _fields(state: State, fields: Sequence[str]) -> Iterator[tuple[str, Value]]:
    for field in fields:
        value = state.get(field)
        if value is not None:
            yield field, value
    mode = state.get("ItemProcessor", "ProcessorConfig", "Mode")
    if mode is not None:
        yield "ItemProcessor.ProcessorConfig.Mode", mode
    resource = state.get("Resource")
    if resource is not None and isinstance(resource, str):
        yield "Resource", resource.rpartition(":")[2]
