"""The answers of Lambda Managed Instances, from a root module's capacity provider and function."""

from collections.abc import Iterator

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.adopt.operations import retention, topics
from scaffold.compare.cast import Cast, text
from scaffold.compare.function_parts import MANAGED
from scaffold.compare.log_parts import FUNCTIONS
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Value

_PLACEMENT = ("capacity_provider_config", "lambda_managed_instances_capacity_provider_config")


def function_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `lmi.*`; nothing where it makes no capacity provider."""
    functions = list(cast.root.of("aws_lambda_function"))
    managed = [each for each in functions if each.body.blocks.get(_PLACEMENT[0])]
    providers = list(cast.root.of("aws_lambda_capacity_provider"))
    if not providers:
        return
    for other in (*providers[1:], *managed[1:]):
        yield NotExpressible(f"{other.address} is one more; an environment has one", other.place)
    yield from _provider(providers[0])
    if managed:
        yield from _function(cast, managed[0])


def _provider(provider: Instance) -> Iterator[Finding]:
    scaling = ("capacity_provider_scaling_config",)
    yield from answer("lmi.max_vcpu_count", provider.body.at(*scaling, "max_vcpu_count"), int)
    yield from answer("lmi.scaling_mode", provider.body.at(*scaling, "scaling_mode"))
    yield from answer("lmi.target_value", provider.body.at(*scaling, "scaling_policies", "target_value"), int)
    for name in ("allowed_instance_types", "excluded_instance_types"):
        yield from answer(f"lmi.{name}", provider.body.at("instance_requirements", name), list)


def _function(cast: Cast, function: Instance) -> Iterator[Finding]:
    yield from answer("lmi.runtime", function.body.at("runtime"))
    for name in ("memory_size", "timeout"):
        yield from answer(f"lmi.{name}", function.body.at(name), int)
    for name in ("execution_environment_memory_gib_per_vcpu", "per_execution_environment_max_concurrency"):
        yield from answer(f"lmi.{name}", function.body.at(*_PLACEMENT, name), int)
    mappings = []
    for each in cast.root.of("aws_lambda_event_source_mapping"):
        if cast.functions.of(each.get("function_name")) not in (function.address, None):
            continue
        if _is_queue(cast, each.get("event_source_arn")):
            mappings.append(each)
        else:
            yield NotExpressible(
                f"{each.address} is of no SQS queue that is seen here; a function has one or none", each.place
            )
    if not mappings and cast.root.unread:
        yield Gap("lmi.event_source", f"{cast.root.unread[0].what} {cast.root.unread[0].reason}")
    else:
        place = mappings[0].place if mappings else function.place
        how = "" if mappings else "no event source mapping"
        yield Inferred("lmi.event_source", "sqs" if mappings else "none", place, how)
    yield from topics(cast, "lmi", _is_its)
    yield from retention(cast, "lmi", FUNCTIONS)


def _is_its(cast: Cast, alarm: Instance) -> bool:
    part = cast.roles.get(alarm.address, "")
    return " of a function" not in part and text(alarm.get("namespace")) not in _OTHERS


_OTHERS = ("AWS/ApiGateway", "AWS/ApplicationELB", "AWS/ECS", "AWS/States", "ECS/ContainerInsights")
"""Of whose alarms none is of a function on managed instances."""


def _is_queue(cast: Cast, source: Value) -> bool:
    queue = cast.uses.find(source)
    return ":sqs:" in text(source) or (queue is not None and queue.type == "aws_sqs_queue")


def architectures(cast: Cast) -> Iterator[Finding]:
    """Yield what capacity providers, functions and task definitions say of `arch`."""
    for each in cast.root.of("aws_lambda_capacity_provider", "aws_lambda_function"):
        within = ("instance_requirements",) if each.type == "aws_lambda_capacity_provider" else ()
        argument = each.body.at(*within, "architectures")
        if argument is not None and isinstance(argument.value, tuple) and len(argument.value) == 1:
            value = argument.value[0]
            if isinstance(value, str):
                yield Inferred("arch", value, argument.place)
            else:
                yield Gap("arch", f"the architecture of {each.address} cannot be evaluated")
        elif argument is None and cast.functions.parts.get(each.address, MANAGED) not in ("", MANAGED):
            yield Inferred("arch", "x86_64", each.place, "architectures is not set, which is x86_64")
    for task in cast.root.of("aws_ecs_task_definition"):
        argument = task.body.at("runtime_platform", "cpu_architecture")
        if task.get("runtime_platform", "cpu_architecture") is None:
            yield Inferred("arch", "x86_64", task.place, "cpu_architecture is not set, which is X86_64")
        yield from answer("arch", argument)
