"""JSON texts that arguments hold: policies, container definitions, state machines."""

import json
import re
from collections.abc import Mapping

from scaffold.evaluate.references import joined
from scaffold.evaluate.unknown import Encoded
from scaffold.evaluate.values import Joined, Key, Symbol, Value, may_hold_more

_MARK = "\ue000"
_MARKS = re.compile(f"{_MARK}([0-9]+){_MARK}")


def decoded(text: Value) -> Value:
    """Return what a JSON text says, as far as it is known.

    Args:
        text: a text, one that is known in part, what `jsonencode` makes of something known in part, or the data itself.

    Returns:
        Mappings, tuples and plain values, with symbols in the places of what is not known; a symbol where the text
        cannot be read as a whole; None where there is no text.
    """
    if isinstance(text, Encoded):
        return text.data
    if not isinstance(text, str | Joined):
        return text
    symbols: list[Symbol] = []
    marked, quoted = "", False
    for part in text.parts if isinstance(text, Joined) else (text,):
        if isinstance(part, Symbol):
            mark = f"{_MARK}{len(symbols)}{_MARK}"
            marked += mark if quoted else f'"{mark}"'
            symbols.append(part)
        else:
            marked += part
            quoted = _ends_in_quotes(part, quoted=quoted)
    try:
        return _value(json.loads(marked), symbols)
    except (ValueError, RecursionError):
        return Symbol("a text that is no JSON as far as it is known")


def step(value: Value, *path: str) -> Value:
    """Return what is at a path of decoded data: None where it is not set, a symbol where that is not known."""
    for name in path:
        if isinstance(value, Symbol | Joined):
            return Symbol(f"{name} of what is not known")
        if not isinstance(value, Mapping):
            return None
        if name not in value:
            return Symbol(f"{name}, which may be among what is not known") if may_hold_more(value) else None
        value = value[name]
    return value


def _ends_in_quotes(text: str, *, quoted: bool) -> bool:
    """Return whether a piece of JSON ends within a string, given whether it starts within one."""
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
    return quoted


def _value(data: object, symbols: list[Symbol]) -> Value:
    if isinstance(data, dict):
        return {_key(key, symbols): _value(each, symbols) for key, each in data.items()}
    if isinstance(data, list):
        return tuple(_value(each, symbols) for each in data)
    if isinstance(data, str):
        return _text(data, symbols)
    return data if isinstance(data, int | float) else None


def _key(key: str, symbols: list[Symbol]) -> Key:
    text = _text(key, symbols)
    return text if isinstance(text, str | Symbol | Joined) else key


def _text(text: str, symbols: list[Symbol]) -> Value:
    pieces = _MARKS.split(text)
    if len(pieces) == 1:
        return text
    return joined(*(symbols[int(each)] if place % 2 else each for place, each in enumerate(pieces)))
