"""What functions and operators ask of their arguments: that they are known, and what Terraform converts them to."""

import math
from collections.abc import Iterable, Mapping

from scaffold.evaluate.unknown import Addressed, FailureError, joined, number_text, text_of
from scaffold.evaluate.values import Joined, Key, Symbol, Value, is_zone

MAX_ITEMS = 10_000
"""How many items a list may come to have."""

MAX_CHARACTERS = 65_536
"""How long a text may come to be."""

MAX_NUMBER = 2**256
"""How large a number may come to be."""


class UnknownError(Exception):
    """The result depends on what is not known, or is too large to be worked out."""


def normal(number: float) -> int | float:
    """Return a number as Terraform has only one kind of them: a whole one as an `int`."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise UnknownError
        # Terraform counts in decimals of more digits than anybody writes: 0.1 + 0.2 is 0.3.
        number = int(number) if number.is_integer() else float(f"{number:.15g}")
    if abs(number) > MAX_NUMBER:
        raise UnknownError
    return number


def bounded(items: Iterable[Value]) -> tuple[Value, ...]:
    """Return items as a tuple, unless they are too many."""
    found: list[Value] = []
    for item in items:
        if len(found) == MAX_ITEMS:
            raise UnknownError
        found.append(item)
    return tuple(found)


def bounded_text(text: str) -> str:
    """Return a text, unless it is too long."""
    if len(text) > MAX_CHARACTERS:
        raise UnknownError
    return text


def joined_text(parts: list[str | Symbol | Joined]) -> Value:
    """Return the text made of parts, unless it is too long."""
    if sum(len(part) for part in parts if isinstance(part, str)) > MAX_CHARACTERS:
        raise UnknownError
    value = joined(parts)
    return bounded_text(value) if isinstance(value, str) else value


def is_item(value: Value) -> bool:
    """Return whether a value that is not known is a text all the same, neither null nor empty nor a list."""
    if isinstance(value, Joined):
        return any(isinstance(part, str) for part in value.parts)
    if not isinstance(value, Symbol):
        return isinstance(value, str) and bool(value)
    return (bool(value.of) and value.attribute in ("id", "arn")) or is_zone(value)


def a_list(value: Value) -> tuple[Value, ...]:
    """Return a list."""
    if isinstance(value, tuple):
        return value
    raise _refusal(value, "a list")


def a_mapping(value: Value) -> Mapping[Key, Value]:
    """Return a map."""
    if isinstance(value, Mapping):
        return value
    raise _refusal(value, "a map")


def a_text(value: Value) -> str:
    """Return a text; numbers and booleans are converted."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    raise _refusal(value, "a text")


def a_number(value: Value) -> int | float:
    """Return a number; texts are converted."""
    if type(value) in (int, float) and isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) < 100:
        try:
            return normal(int(value) if value.lstrip("-").isdecimal() else float(value))
        except ValueError:
            pass
    raise _refusal(value, "a number")


def an_integer(value: Value) -> int:
    """Return a whole number."""
    number = a_number(value)
    if isinstance(number, int):
        return number
    raise _refusal(value, "a whole number")


def a_truth(value: Value) -> bool:
    """Return a boolean; the texts `true` and `false` are converted."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise _refusal(value, "true or false")


def a_key(value: Value) -> Key:
    """Return a key of a map."""
    return value if isinstance(value, str | Symbol | Joined) else a_text(value)


def _refusal(value: Value, wanted: str) -> Exception:
    if isinstance(value, Symbol | Joined | Addressed):
        return UnknownError()
    return FailureError(f"{text_of(value)} is not {wanted}")
