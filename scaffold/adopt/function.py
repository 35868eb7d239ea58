"""The answers of Lambda functions: on Managed Instances, and on Lambda itself."""

from collections.abc import Iterator, Mapping, Sequence

from scaffold.adopt.durable import helpers
from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.compare.parts import Cast, text
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Value
from scaffold.facts.functions import Function, functions_of, may_be_durable, may_be_managed
from scaffold.facts.rights import rights_of

_PLACEMENT = ("capacity_provider_config", "lambda_managed_instances_capacity_provider_config")
_SHAPES = ("command", "queue", "fan-out")
_SOURCES = {
    "eventbridge": ("aws_cloudwatch_event_target", "arn"),
    "sns": ("aws_sns_topic_subscription", "endpoint"),
}
"""Where events come from, with the resource that names a function, and its argument."""


def function_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `lmi.*` and `functions.*`, where it makes what they are about."""
    functions = list(cast.root.of("aws_lambda_function"))
    managed = [each for each in functions if each.body.blocks.get(_PLACEMENT[0])]
    yield from _standard(cast, standard_functions(cast))
    providers = list(cast.root.of("aws_lambda_capacity_provider"))
    if not providers:
        return
    for other in (*providers[1:], *managed[1:]):
        yield NotExpressible(f"{other.address} is one more; an environment has one", other.place)
    yield from _provider(providers[0])
    if managed:
        yield from _function(cast, managed[0])


def standard_functions(cast: Cast) -> list[Instance]:
    """Return the functions that run on Lambda itself, end with their invocation, and serve no durable one."""
    serving = helpers(cast)
    return [
        each
        for each in cast.root.of("aws_lambda_function")
        if not may_be_managed(each) and not may_be_durable(each) and each.address not in serving
    ]


def _standard(cast: Cast, functions: Sequence[Instance]) -> Iterator[Finding]:
    if not functions:
        return
    first = functions[0]
    yield from answer("functions.runtime", first.body.at("runtime"))
    for name in ("memory_size", "timeout"):
        yield from answer(f"functions.{name}", first.body.at(name), int)
    reserved = first.body.at("reserved_concurrent_executions")
    if reserved is not None and reserved.value is not None:
        yield from answer("functions.reserved_concurrency", reserved, int)
    vpc = first.get("vpc_config", "subnet_ids") not in (None, ())
    yield Inferred("functions.vpc", vpc, first.place, "vpc_config" if vpc else "no vpc_config")
    yield from _shapes(cast, functions)
    ours = {each.address for each in functions}
    alarms = _alarms_of(cast, [each for each in functions_of(cast.root) if each.instance in functions])
    if alarms:
        yield from answer("functions.alarm_topic_arns", alarms[0].body.at("alarm_actions"), list)
    for group in cast.root.of("aws_cloudwatch_log_group"):
        if any(user.address in ours for user, _ in cast.uses.of.get(group.address, ())) or any(
            group.get("name") == each.get("logging_config", "log_group") for each in functions
        ):
            yield from answer("functions.log_retention_days", group.body.at("retention_in_days"), int)
            break


def _shapes(cast: Cast, functions: Sequence[Instance]) -> Iterator[Finding]:
    """Yield what brings the functions work; that one hands it to others stands in its role or its environment."""
    found: dict[str, Instance] = {}
    facts = [each for each in functions_of(cast.root) if each.instance in functions]
    for mapping in cast.root.of("aws_lambda_event_source_mapping"):
        if _is_queue(cast, mapping.get("event_source_arn")) and _is_of(facts, mapping.get("function_name")):
            found.setdefault("queue", mapping)
            yield from answer(
                "functions.maximum_concurrency", mapping.body.at("scaling_config", "maximum_concurrency"), int
            )
    for source, (kind, argument) in _SOURCES.items():
        for each in cast.root.of(kind):
            if _is_of(facts, each.get(argument)) and "fan-out" not in found:
                found["fan-out"] = each
                yield Inferred("functions.fan_out_source", source, each.place, each.address)
    for one in facts:
        rights = rights_of(cast.root, one.role).statements if one.role is not None else ()
        if any("lambda:InvokeFunction" in statement.actions for statement in rights):
            found.setdefault("command", one.instance)
    if found:
        first = next(iter(found.values()))
        yield Inferred(
            "functions.shapes", [name for name in _SHAPES if name in found], first.place, "what invokes them"
        )
    else:
        yield Gap("functions.shapes", "nothing here says what brings the functions work")


def _notifying(cast: Cast) -> list[Instance]:
    return [each for each in cast.root.of("aws_cloudwatch_metric_alarm") if each.get("alarm_actions")]


def _alarms_of(cast: Cast, functions: Sequence[Function]) -> list[Instance]:
    """Return the alarms on metrics of functions that notify somebody."""
    found = []
    for alarm in _notifying(cast):
        dimensions = alarm.get("dimensions")
        name = dimensions.get("FunctionName") if isinstance(dimensions, Mapping) else None
        if any(each.is_named(name) for each in functions):
            found.append(alarm)
    return found


def _is_of(functions: Sequence[Function], value: Value) -> bool:
    return any(each.called_by(value) for each in functions)


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
    others = [each for each in functions_of(cast.root) if each.instance is not function]
    for each in cast.root.of("aws_lambda_event_source_mapping"):
        if _is_of(others, each.get("function_name")):
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
    own = [each for each in functions_of(cast.root) if each.instance is function]
    alarms = _alarms_of(cast, own) or ([] if others else _notifying(cast))
    if alarms:
        yield from answer("lmi.alarm_topic_arns", alarms[0].body.at("alarm_actions"), list)
    for group in cast.root.of("aws_cloudwatch_log_group"):
        if group.get("name") == function.get("logging_config", "log_group"):
            yield from answer("lmi.log_retention_days", group.body.at("retention_in_days"), int)


def _is_queue(cast: Cast, source: Value) -> bool:
    queue = cast.uses.find(source)
    return ":sqs:" in text(source) or (queue is not None and queue.type == "aws_sqs_queue")


def architectures(cast: Cast) -> Iterator[Finding]:
    """Yield what the capacity provider and the functions say of `arch`."""
    for each in cast.root.of("aws_lambda_capacity_provider", "aws_lambda_function"):
        within = ("instance_requirements",) if each.type == "aws_lambda_capacity_provider" else ()
        argument = each.body.at(*within, "architectures")
        if argument is not None and isinstance(argument.value, tuple) and len(argument.value) == 1:
            value = argument.value[0]
            if isinstance(value, str):
                yield Inferred("arch", value, argument.place)
            else:
                yield Gap("arch", f"the architecture of {each.address} cannot be evaluated")
