"""What the evaluator knows of values that it cannot evaluate: more than a `Symbol` says, and all of it a `Symbol`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from scaffold.evaluate.values import Joined, Key, Symbol, Value, different_zones, is_any_key

MAX_TEXT = 400
"""How long a symbol's text may be; of a longer one, the beginning and a hash of all of it stay."""


MAX_PARTS = 100
"""How many parts a text may have that is known in part."""


_NEVER_NULL = frozenset({"arn", "id"})
"""Attributes that whatever exists has."""


class FailureError(Exception):
    """Terraform would refuse the expression; `try` and `can` see it."""


@dataclass(frozen=True, slots=True, eq=False)
class Many(Symbol):
    """A collection of which nobody knows the keys; what is made of each item is known all the same.

    Attributes:
        keys: the text of the collection that the keys are those of: `{ for k, v in var.a : k => 1 }` has `var.a`'s.
        at: what it holds under a key.
        count: how many there are, where `count` says so.
    """

    keys: str = ""
    at: Callable[[Value], Value] = lambda key: key
    count: Symbol | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Either(Symbol):
    """One of several values: what a condition that cannot be evaluated chooses between."""

    options: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Encoded(Symbol):
    """The JSON text of something that is known in part: what `jsonencode` makes of it.

    Attributes:
        data: what is encoded.
    """

    data: Value = None


class Addressed(Mapping[Key, Value]):
    """An object whose attributes are worked out when asked for: a resource, a module's outputs, `var`.

    As a mapping it has the attributes that the configuration sets; `attribute` answers for any.
    """

    __slots__ = ("_names", "attribute", "text")

    def __init__(self, text: str, names: tuple[str, ...], attribute: Callable[[str], Value]) -> None:
        """Take the object's address, the names of what is set, and what gives an attribute's value."""
        self.text = text
        self.attribute = attribute
        self._names = names

    def __getitem__(self, key: Key) -> Value:
        if key not in self._names or not isinstance(key, str):
            raise KeyError(key)
        return self.attribute(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Addressed) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def shortened(text: str) -> str:
    """Return a text that is as different from others as it was, and not longer than a symbol's may be."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[: MAX_TEXT // 2]}…#{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def symbol(text: str, of: str = "", attribute: str = "") -> Symbol:
    """Return a symbol, its text shortened."""
    return Symbol(shortened(text), of, attribute)


def text_of(value: Value) -> str:
    """Return a value in Terraform's words: two values of one text are the same."""
    if isinstance(value, Symbol | Addressed):
        return value.text
    if isinstance(value, Joined):
        inner = (part.replace('"', '\\"') if isinstance(part, str) else f"${{{part.text}}}" for part in value.parts)
        return f'"{"".join(inner)}"'
    if isinstance(value, tuple):
        return shortened(f"[{', '.join(text_of(each) for each in value)}]")
    if isinstance(value, Mapping):
        return shortened(f"{{ {', '.join(f'{text_of(key)} = {text_of(each)}' for key, each in entries(value))} }}")
    if isinstance(value, str):
        return shortened(json.dumps(value, ensure_ascii=False))
    return number_text(value) if type(value) in (int, float) else {True: "true", False: "false", None: "null"}[value]  # type: ignore[index,arg-type] # a number, boolean or null: nothing else is left


def number_text(value: float) -> str:
    """Return a number as Terraform prints it."""
    return str(int(value)) if value == int(value) else repr(value)


def entries(mapping: Mapping[Key, Value]) -> list[tuple[Key, Value]]:
    """Return a mapping's items as Terraform iterates them: by key, as far as the keys are known."""
    items = list(mapping.items())
    return sorted(items, key=lambda item: str(item[0])) if all(isinstance(key, str) for key in mapping) else items


def joined(parts: list[str | Symbol | Joined]) -> Value:
    """Return the text made of parts: a `str` where all are known, a lone symbol as itself."""
    flat: list[str | Symbol] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if len(flat) <= 1:
        return flat[0] if flat else ""
    text = Joined(tuple(flat))
    return text if len(flat) <= MAX_PARTS else symbol(text_of(text))


def equal(one: Value, other: Value) -> bool | None:
    """Return whether two values are equal as Terraform's `==` has it; None where nobody knows."""
    if isinstance(one, Symbol) or isinstance(other, Symbol):
        return _equal_symbols(one, other)
    if isinstance(one, Joined) or isinstance(other, Joined):
        return _equal_texts(one, other)
    if isinstance(one, Addressed) or isinstance(other, Addressed):
        return True if one == other else None if isinstance(one, Mapping) and isinstance(other, Mapping) else False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _all(equal(a, b) for a, b in zip(one, other, strict=True)) if len(one) == len(other) else False
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _equal_mappings(one, other)
    if isinstance(one, bool) or isinstance(other, bool) or type(one) not in (int, float):
        return type(one) is type(other) and one == other
    return type(other) in (int, float) and one == other


def _all(answers: Iterator[bool | None]) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _equal_symbols(one: Value, other: Value) -> bool | None:
    if one == other:
        return True
    for either, against in ((one, other), (other, one)):
        if isinstance(either, Either):
            answers = {equal(option, against) for option in either.options}
            return answers.pop() if len(answers) == 1 else None
        if against is None and isinstance(either, Symbol) and either.of and either.attribute in _NEVER_NULL:
            return False
    return False if different_zones(one, other) else None


def _equal_texts(one: Value, other: Value) -> bool | None:
    if one == other:
        return True
    sides = [value.parts if isinstance(value, Joined) else (value,) for value in (one, other)]
    if not all(isinstance(value, str | Joined) for value in (one, other)):
        return False
    (left, right), (left_end, right_end) = [side[0] for side in sides], [side[-1] for side in sides]
    if isinstance(left, str) and isinstance(right, str) and not (left.startswith(right) or right.startswith(left)):
        return False
    if isinstance(left_end, str) and isinstance(right_end, str):
        return None if left_end.endswith(right_end) or right_end.endswith(left_end) else False
    return None


def _equal_mappings(one: Mapping[Key, Value], other: Mapping[Key, Value]) -> bool | None:
    if one.keys() != other.keys():
        return False if all(isinstance(key, str) for key in (*one, *other)) else None
    if any(is_any_key(key) for key in one):
        return True if all(equal(one[key], other[key]) for key in one) else None
    return _all(equal(one[key], other[key]) for key in one)
