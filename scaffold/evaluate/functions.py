"""Terraform's functions, as far as they are pure: https://developer.hashicorp.com/terraform/language/functions.

A function takes evaluated arguments. It raises `UnknownError` where its result cannot be said, and `FailureError` where
Terraform would refuse the call.
"""

import json
import math
from collections.abc import Callable, Mapping

from scaffold.evaluate import functions_collections, functions_network, functions_text, patterns
from scaffold.evaluate.arguments import (
    MAX_NUMBER,
    UnknownError,
    a_list,
    a_number,
    a_text,
    a_truth,
    normal,
)
from scaffold.evaluate.unknown import Encoded, FailureError
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.kubernetes import documents


def call(name: str, arguments: tuple[Value, ...]) -> Value:
    """Return what a function makes of its arguments.

    Raises:
        UnknownError: where that cannot be said: an unknown function, an argument that is not known.
        FailureError: where Terraform would refuse the call.
    """
    function = _FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        raise UnknownError
    try:
        return function(*arguments)
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        # A wrong number or kind of arguments: Terraform says what it thinks of it.
        raise UnknownError from error


def work_of(name: str, arguments: tuple[Value, ...]) -> int:
    """Return how much work a call is beyond looking at its arguments, in the steps of `scope.MAX_STEPS`."""
    pattern, text = _SEARCHES.get(name.removeprefix("core::"), (0, 0))
    if pattern == text or len(arguments) < 2:
        return 0
    sought, subject = arguments[pattern], arguments[text]
    return patterns.work_of(sought, subject) // 100 if isinstance(sought, str) and isinstance(subject, str) else 0


_SEARCHES: Mapping[str, tuple[int, int]] = {"regex": (0, 1), "regexall": (0, 1), "replace": (1, 0)}
"""The functions that search for a pattern, with the places of the pattern and of the text."""


def _sum(items: Value) -> Value:
    return normal(sum(a_number(item) for item in a_list(items)))


def _same(value: Value) -> Value:
    return value


def _tostring(value: Value) -> Value:
    return value if value is None or isinstance(value, Symbol | Joined) else a_text(value)


def _tonumber(value: Value) -> Value:
    return value if value is None or isinstance(value, Symbol) else normal(a_number(value))


def _tobool(value: Value) -> Value:
    return value if value is None or isinstance(value, Symbol) else a_truth(value)


def _jsondecode(text: Value) -> Value:
    if isinstance(text, Encoded):
        return text.data
    try:
        return _value(json.loads(a_text(text)))
    except json.JSONDecodeError as error:
        message = "jsondecode takes JSON"
        raise FailureError(message) from error


def _value(data: object) -> Value:
    if isinstance(data, dict):
        return {str(key): _value(each) for key, each in data.items()}
    if isinstance(data, list):
        return tuple(_value(each) for each in data)
    if isinstance(data, bool) or data is None:
        return data
    return normal(data) if isinstance(data, int | float) else str(data)


def _yamldecode(text: Value) -> Value:
    try:
        read = documents.read(a_text(text))
    except documents.UnreadableError as error:
        raise UnknownError from error
    if len(read) != 1:
        raise UnknownError
    return _node_value(read[0])


def _node_value(node: documents.Node) -> Value:
    if isinstance(node.value, Mapping):
        return {key: _node_value(each) for key, each in node.value.items()}
    if isinstance(node.value, tuple):
        return tuple(_node_value(each) for each in node.value)
    return _value(node.value)


def _jsonencode(value: Value) -> Value:
    if not known(value):
        raise UnknownError
    text = json.dumps(_data(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(value: Value) -> object:
    if isinstance(value, Mapping):
        return {str(key): _data(each) for key, each in value.items()}
    return [_data(each) for each in value] if isinstance(value, tuple) else value


def _log(value: Value, base: Value) -> Value:
    return normal(math.log(a_number(value), a_number(base)))


def _pow(base: Value, exponent: Value) -> Value:
    left, right = a_number(base), a_number(exponent)
    if left and abs(right) * math.log2(max(abs(left), 2)) > MAX_NUMBER.bit_length():
        raise UnknownError
    return normal(left**right)


def _minimum(*values: Value) -> Value:
    return normal(min(a_number(value) for value in values))


def _maximum(*values: Value) -> Value:
    return normal(max(a_number(value) for value in values))


def _signum(value: Value) -> Value:
    number = a_number(value)
    return (number > 0) - (number < 0)


_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    **functions_collections.FUNCTIONS,
    **functions_network.FUNCTIONS,
    **functions_text.FUNCTIONS,
    "abs": lambda value: normal(abs(a_number(value))),
    "ceil": lambda value: math.ceil(a_number(value)),
    "floor": lambda value: math.floor(a_number(value)),
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "log": _log,
    "max": _maximum,
    "min": _minimum,
    "nonsensitive": _same,
    "pow": _pow,
    "sensitive": _same,
    "signum": _signum,
    "sum": _sum,
    "tobool": _tobool,
    "tonumber": _tonumber,
    "tostring": _tostring,
    "yamldecode": _yamldecode,
}
