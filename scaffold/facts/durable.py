"""Durable Lambda functions: which function is one, its settings, and what of it an ARN in a policy reaches."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Literal

from scaffold.evaluate.root import Instance, Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.functions import DURABLE, Function
from scaffold.facts.rights import Statement

CHECKPOINTS = ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState")
"""What the execution role of a durable function needs. Source: "Execution role permissions",
https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html."""

CALLBACKS = (
    "lambda:SendDurableExecutionCallbackFailure",
    "lambda:SendDurableExecutionCallbackHeartbeat",
    "lambda:SendDurableExecutionCallbackSuccess",
)
"""What completes a callback, or says that somebody is still at it. Source: the same page."""

MANAGEMENT = (
    "lambda:GetDurableExecution",
    "lambda:GetDurableExecutionHistory",
    "lambda:ListDurableExecutionsByFunction",
    "lambda:StopDurableExecution",
)
"""What looks at executions and ends them. Source: the same page."""

CHECKPOINT_POLICY = "AWSLambdaBasicDurableExecutionRolePolicy"
"""AWS's managed policy with the rights of `CHECKPOINTS` on every durable function, and to write logs."""

Reach = Literal["its", "every", "never", "other", "unknown"]
"""What of a durable function's executions an ARN in a policy reaches: its own; those of every function, or of several;
none, though it names the function, since no execution has a bare ARN or an alias's; another thing altogether; or nobody
knows. Source: "IAM permissions for durable functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html.
"""


def is_sure(function: Function) -> bool:
    """Return whether a function that may be durable is so for sure."""
    return DURABLE not in function.instance.body.open and function.instance.certain


def setting(function: Function, name: str) -> Value:
    """Return a setting of its durable_config."""
    return function.instance.get(DURABLE, name)


def place_of_setting(function: Function, name: str) -> Place:
    """Return where a setting of its durable_config is written, or else the block."""
    return function.instance.place_of(DURABLE, name)


def reach(function: Function, resource: Value) -> Reach:
    """Return which executions of a durable function a resource of a policy reaches."""
    if isinstance(resource, Symbol):
        if _is_of(function, resource):
            return "never"
        return "other" if resource.of else "unknown"
    parts = resource.parts if isinstance(resource, Joined) else (resource,)
    if isinstance(parts[0], Symbol) and _is_of(function, parts[0]):
        # `${aws_lambda_function.a.arn}:*`
        return "its" if parts[0].attribute == "arn" and _is_version(_text(parts[1:])) else "never"
    text = _text(parts)
    _, found, tail = text.partition(":function:")
    if not found:
        return "every" if text.endswith("*") else "unknown" if "${" in text else "other"
    name, _, qualifier = tail.partition(":")
    own = _text((function.name,))
    if name == own:
        return "its" if _is_version(f":{qualifier}") else "never"
    if "*" in name:
        return "every" if fnmatchcase(own, name) else "other"
    return "unknown" if "${" in name or "${" in own else "other"


def tables_of(function: Function, statements: tuple[Statement, ...]) -> Iterator[Instance]:
    """Yield the DynamoDB tables that a function is told of in its environment, or may use by its role."""
    variables = function.instance.get("environment", "variables")
    told = tuple(variables.values()) if isinstance(variables, dict) else ()
    allowed = tuple(each for statement in statements for each in statement.resources)
    seen = set()
    for value in (*told, *allowed):
        table = _table(function.root, value)
        if table is not None and table.address not in seen:
            seen.add(table.address)
            yield table


def _table(root: Root, value: Value) -> Instance | None:
    for part in value.parts if isinstance(value, Joined) else several(value):
        found = root.find(part)
        if found is not None and found.type == "aws_dynamodb_table" and not found.data:
            return found
    return next((each for each in root.of("aws_dynamodb_table") if value and each.get("name") == value), None)


def _is_of(function: Function, value: Symbol) -> bool:
    return value.of == function.address or value.of in {alias.address for alias in function.aliases}


def _is_version(qualifier: str) -> bool:
    """Return whether what comes after a function's ARN takes in executions of versions; an alias's name does not."""
    return qualifier == "*" or qualifier[:2] in (":*", ":$") or (qualifier[:1] == ":" and qualifier[1:2].isdigit())


def _text(parts: tuple[Value, ...]) -> str:
    return "".join(f"${{{part.text}}}" if isinstance(part, Symbol) else _inner(part) for part in parts)


def _inner(part: Value) -> str:
    return _text(part.parts) if isinstance(part, Joined) else str(part)
