"""The answers about Lambda functions: those behind a queue, those that hear of events, those that hand work over."""

from collections.abc import Iterator, Sequence

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.adopt.operations import retention, topics
from scaffold.compare.cast import Cast
from scaffold.compare.function_parts import API, CALLBACK, FRONT, QUEUE, SUBSCRIBER, WORKER
from scaffold.compare.log_parts import FUNCTIONS
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Instance

SHAPES = {FRONT: "command", QUEUE: "queue", SUBSCRIBER: "fan-out"}
"""The shape that a function of each part is of."""

_DEFAULTS = {"memory_size": 128, "timeout": 3}


def functions_of_shapes(cast: Cast) -> list[Instance]:
    """Return the functions of a root module that are of one of the shapes, workers with those who hand work over."""
    return _of(cast, (*SHAPES, WORKER))


def _of(cast: Cast, parts: Sequence[str]) -> list[Instance]:
    return [
        function.instance
        for address, function in cast.functions.functions.items()
        if cast.functions.parts[address].startswith(tuple(parts))
    ]


def functions_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `functions.*`, and the functions that no answer is about."""
    found = functions_of_shapes(cast)
    durable = any(each.body.blocks.get("durable_config") for each in cast.root.of("aws_lambda_function"))
    for address, part in cast.functions.parts.items():
        function = cast.functions.functions[address].instance
        if part.startswith((API, CALLBACK)) and not durable:
            yield NotExpressible(f"{address} answers an API by itself; there is no answer for that", function.place)
        elif not part or part.isdecimal():
            yield NotExpressible(
                f"{address} is brought work by nothing that is seen here; there are answers for queues, events and "
                "commands",
                function.place,
            )
    if not found:
        return
    shapes = [shape for part, shape in SHAPES.items() if _of(cast, (part,))]
    yield Inferred("functions.shapes", shapes, found[0].place)
    if "fan-out" in shapes:
        yield from _source(cast)
    for name in ("runtime", "memory_size", "timeout"):
        yield from _alike(found, name)
    yield from _concurrency(cast, found)
    yield from _vpc(found)
    suffixes = tuple(cast.functions.suffix(each.address) for each in found)
    yield from topics(cast, "functions", lambda cast, alarm: cast.roles.get(alarm.address, "").endswith(suffixes))
    yield from retention(cast, "functions", *(f"{FUNCTIONS}{suffix}" for suffix in suffixes))


def _source(cast: Cast) -> Iterator[Finding]:
    targets = [each for each in cast.root.of("aws_cloudwatch_event_target") if cast.functions.of(each.get("arn"))]
    heard = [each for each in cast.root.of("aws_sns_topic_subscription") if cast.functions.of(each.get("endpoint"))]
    first, others = (targets, heard) if targets else (heard, [])
    if first:
        yield Inferred("functions.fan_out_source", "eventbridge" if targets else "sns", first[0].place)
    for other in others:
        yield NotExpressible(f"{other.address} is of a topic; events come from a bus or from a topic", other.place)


def _alike(functions: Sequence[Instance], name: str) -> Iterator[Finding]:
    """Yield what all functions say of an argument, or that they do not say the same."""
    path = f"functions.{name}"
    values = {each.address: each.get(name) for each in functions}
    default = _DEFAULTS.get(name)
    distinct = list(dict.fromkeys(default if value is None else value for value in values.values()))
    if len(distinct) > 1:
        yield Gap(path, f"there are several: {', '.join(displayed(value) for value in distinct)}")
        return
    given = functions[0].body.at(name)
    if given is None and default is not None:
        yield Inferred(path, default, functions[0].place, f"{name} is not set, which is {default}")
    yield from answer(path, given, str if name == "runtime" else int)


def _concurrency(cast: Cast, functions: Sequence[Instance]) -> Iterator[Finding]:
    behind = _of(cast, (QUEUE,))
    for other in behind[1:]:
        yield NotExpressible(
            f"{other.address} is one more function behind a queue; an environment has one", other.place
        )
    mappings = [
        each
        for each in cast.root.of("aws_lambda_event_source_mapping")
        if behind and cast.functions.of(each.get("function_name")) == behind[0].address
    ]
    for each in mappings[:1]:
        given = each.body.at("scaling_config", "maximum_concurrency")
        if given is None:
            yield Gap("functions.maximum_concurrency", f"{each.address} sets none")
        yield from answer("functions.maximum_concurrency", given, int)
    reserved = [each.get("reserved_concurrent_executions") for each in functions]
    kept = [None if value in (-1, "-1") else value for value in reserved]
    if len(dict.fromkeys(kept)) > 1:
        yield Gap("functions.reserved_concurrency", "not all functions have the same")
    elif kept[0] is not None:
        place = functions[0].place_of("reserved_concurrent_executions")
        yield from answer("functions.reserved_concurrency", Argument(kept[0], place), int)


def _vpc(functions: Sequence[Instance]) -> Iterator[Finding]:
    inside = [each for each in functions if each.body.blocks.get("vpc_config")]
    first = (inside or functions)[0]
    if any("vpc_config" in each.body.open for each in functions):
        yield Gap("functions.vpc", f"whether {first.address} is in a VPC cannot be evaluated")
    elif inside and len(inside) < len(functions):
        yield Gap("functions.vpc", "some functions are in a VPC, and others are not")
    else:
        how = "" if inside else "no vpc_config"
        yield Inferred("functions.vpc", bool(inside), first.place_of("vpc_config") if inside else first.place, how)
