"""What part each Lambda function of a root module plays, by what brings it work; whatever it is called.

What belongs to a function, such as its role, its log group and its alarms, is known by the function's part.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.compare.uses import Uses
from scaffold.evaluate.root import Instance
from scaffold.evaluate.unknown import text_of
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.documents import decoded
from scaffold.facts.durable import CALLBACKS
from scaffold.facts.functions import Function, functions_of, may_be_durable, may_be_managed
from scaffold.facts.rights import Statement, rights_of

MANAGED = "on managed instances"
DURABLE = "that is durable"
QUEUE = "behind a queue"
SUBSCRIBER = "that hears of events"
CALLBACK = "that completes callbacks"
API = "behind an API"
FRONT = "that hands work over"
WORKER = "that is handed work"

_PARTS = (MANAGED, DURABLE, QUEUE, SUBSCRIBER, CALLBACK, API, FRONT, WORKER)
_NAMED = re.compile(r":function:([\w-]+)")


@dataclass(frozen=True, slots=True)
class FunctionParts:
    """The functions of a root module.

    Attributes:
        functions: each, by address.
        parts: the part of each, by address: `behind a queue`, of a second one `behind a queue 2`, or an empty text.
        handles: the address of the function that an alias, or a name, is of.
    """

    functions: Mapping[str, Function]
    parts: Mapping[str, str]
    handles: Mapping[str, str]

    def of(self, value: Value) -> str | None:
        """Return the address of the function that a value names: by reference, name or ARN, of itself or an alias."""
        return _named(value, self.handles)

    def suffix(self, address: str | None) -> str:
        """Return what the name of a part ends in that belongs to a function: nothing for one on managed instances."""
        part = self.parts.get(address or "")
        return "" if part is None or part.startswith(MANAGED) else f" of a function {part}".rstrip()


def function_parts(uses: Uses) -> FunctionParts:
    """Find out which part each function plays."""
    functions = {each.address: each for each in functions_of(uses.root)}
    handles: dict[str, str] = {}
    for address, function in functions.items():
        handles[address] = address
        handles.update((alias.address, address) for alias in function.aliases)
        if isinstance(function.name, str):
            handles[function.name] = address
    found: dict[str, set[str]] = {}
    for address, part in _found(uses, functions, handles):
        found.setdefault(address, set()).add(part)
    wanted = _wanted_events(uses, handles)

    def rank(address: str) -> tuple[str, int]:
        """Put first what most belongs to: a function beside it is more likely the one too many."""
        users = len(uses.of.get(address, ())) + len(uses.about.get(address, ()))
        return wanted.get(address, ""), -users - len(functions[address].aliases)

    parts: dict[str, str] = {}
    counts: dict[str, int] = {}
    for address in sorted(functions, key=rank):
        part = next((part for part in _PARTS if part in found.get(address, ())), "")
        counts[part] = count = counts.get(part, 0) + 1
        parts[address] = part if count == 1 else f"{part} {count}".lstrip()
    return FunctionParts(functions, parts, handles)


def _named(value: Value, handles: Mapping[str, str]) -> str | None:
    if isinstance(value, Symbol):
        return handles.get(value.of)
    if isinstance(value, Joined):
        return next((found for part in value.parts if (found := _named(part, handles)) is not None), None)
    if isinstance(value, str):
        match = _NAMED.search(value)
        return handles.get(match[1] if match else value)
    return None


def _found(uses: Uses, functions: Mapping[str, Function], handles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what each function is, by its own blocks, by what calls it and by what it may do."""
    for address, function in functions.items():
        if may_be_managed(function.instance):
            yield address, MANAGED
        if may_be_durable(function.instance):
            yield address, DURABLE
        for part, other in _by_rights(uses, function, handles):
            yield other or address, part
    callers = (
        ("aws_lambda_event_source_mapping", "function_name", QUEUE),
        ("aws_cloudwatch_event_target", "arn", SUBSCRIBER),
        ("aws_sns_topic_subscription", "endpoint", SUBSCRIBER),
        ("aws_apigatewayv2_integration", "integration_uri", API),
        ("aws_api_gateway_integration", "uri", API),
    )
    for kind, argument, part in callers:
        for each in uses.root.of(kind):
            called = _named(each.get(argument), handles)
            if called is not None and (part != QUEUE or _is_queue(uses, each.get("event_source_arn"))):
                yield called, part


def _is_queue(uses: Uses, source: Value) -> bool:
    queue = uses.find(source)
    return queue.type == "aws_sqs_queue" if queue is not None else ":sqs:" in str(source)


def _by_rights(uses: Uses, function: Function, handles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    statements = rights_of(uses.root, function.role).statements if function.role is not None else ()
    for statement in statements:
        if any(statement.allows(action) for action in CALLBACKS[::2]):
            yield CALLBACK, ""
        for called in _invoked(statement, handles):
            if called != function.address:
                yield FRONT, ""
                yield WORKER, called


def _invoked(statement: Statement, handles: Mapping[str, str]) -> Iterator[str]:
    if statement.allows("lambda:InvokeFunction"):
        for resource in statement.resources:
            called = _named(resource, handles)
            if called is not None:
                yield called


def _wanted_events(uses: Uses, handles: Mapping[str, str]) -> dict[str, str]:
    """Return for each subscriber the events it wants, by which several are put in an order that no name decides."""
    found: dict[str, str] = {}
    for target in uses.root.of("aws_cloudwatch_event_target"):
        called = _named(target.get("arn"), handles)
        rule = uses.named("aws_cloudwatch_event_rule", target.get("rule"))
        if called is not None and rule is not None:
            found[called] = _text(rule, "event_pattern")
    for each in uses.root.of("aws_sns_topic_subscription"):
        called = _named(each.get("endpoint"), handles)
        if called is not None:
            found[called] = _text(each, "filter_policy")
    return found


def _text(instance: Instance, argument: str) -> str:
    return text_of(decoded(instance.get(argument)))
