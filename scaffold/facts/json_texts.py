"""JSON texts, such as policies, as data: also those of which only parts are known."""

import json
from collections.abc import Mapping

from scaffold.evaluate.references import joined
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.hcl import syntax as hcl

_MARK = "\ue000"
_ENCODED = "jsonencode("


def json_of(value: Value) -> Value:
    """Return what a JSON text stands for, with the symbols that are in it; None where it cannot be read.

    Args:
        value: a text, one with symbols in it, or a `jsonencode(…)` that the evaluator left as it is written, since not
            all in it is known. A mapping is returned as it is.
    """
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Symbol):
        if not value.text.startswith(_ENCODED):
            return None
        read = hcl.syntax(value.text)
        call = read if isinstance(read, hcl.FunctionCall) and read.name == "jsonencode" else None
        return _of_syntax(call.arguments[0]) if call is not None and len(call.arguments) == 1 else None
    if not isinstance(value, str | Joined):
        return None
    parts = value.parts if isinstance(value, Joined) else (value,)
    text = "".join(part if isinstance(part, str) else f"{_MARK}{place}{_MARK}" for place, part in enumerate(parts))
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _of_data(data, parts)


def items_of(value: Value) -> tuple[Value, ...]:
    """Return what a policy has at a place where one thing may stand for a list of one."""
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _of_data(data: object, parts: tuple[str | Symbol, ...]) -> Value:
    if isinstance(data, dict):
        return {str(key): _of_data(each, parts) for key, each in data.items()}
    if isinstance(data, list):
        return tuple(_of_data(each, parts) for each in data)
    if isinstance(data, str) and _MARK in data:
        # Between two marks stands the number of a symbol.
        pieces = data.split(_MARK)
        return joined(*(_part(piece, parts) if place % 2 else piece for place, piece in enumerate(pieces)))
    return data if isinstance(data, str | int | float | bool) else None


def _part(number: str, parts: tuple[str | Symbol, ...]) -> Value:
    return parts[int(number)] if number.isdecimal() and int(number) < len(parts) else Symbol("a part of a JSON text")


def _of_syntax(read: hcl.Syntax) -> Value:
    if isinstance(read, hcl.Literal):
        return read.value
    if isinstance(read, hcl.Tuple):
        return tuple(_of_syntax(each) for each in read.items)
    if isinstance(read, hcl.Object):
        return {str(_key(item.key)): _of_syntax(item.value) for item in read.items}
    if isinstance(read, hcl.Template):
        return joined(*(part if isinstance(part, str) else _of_syntax(part) for part in read.parts))
    if isinstance(read, hcl.GetAttribute):
        of = _address(read.of)
        return Symbol(f"{of}.{read.name}", of, read.name) if of else Symbol("a part of a JSON text")
    return Symbol("a part of a JSON text")


def _key(read: hcl.Syntax) -> Value:
    return read.name if isinstance(read, hcl.Name) else read.value if isinstance(read, hcl.Literal) else "?"


def _address(read: hcl.Syntax) -> str:
    """Return the address that an expression is: `aws_sqs_queue.work["a"]`; empty where it is none."""
    if isinstance(read, hcl.Name):
        return read.name
    if isinstance(read, hcl.GetAttribute):
        of = _address(read.of)
        return f"{of}.{read.name}" if of else ""
    if isinstance(read, hcl.Index) and isinstance(read.key, hcl.Literal):
        of, key = _address(read.of), read.key.value
        return f"{of}[{json.dumps(key, ensure_ascii=False)}]" if of and isinstance(key, str | int) else ""
    return ""
