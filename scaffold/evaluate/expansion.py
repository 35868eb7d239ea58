"""What `count` and `for_each` make: a slot for each instance, as far as it is known how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scaffold.evaluate.arguments import UnknownError, a_key, a_number
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Addressed, Either, FailureError, Many, entries, equal, symbol, text_of
from scaffold.evaluate.unknown_collections import many_of
from scaffold.evaluate.values import Joined, Key, Symbol, Value, is_any_key

MAX_INSTANCES = 500
"""How many instances of one resource are told apart."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an instance.

    Attributes:
        key: `count.index` or `each.key`; None where there is neither `count` nor `for_each`.
        value: `each.value`.
        certain: whether it is there for sure.
        many: whether it stands for a number of instances that nobody knows.
    """

    key: Key | int | None
    value: Value = None
    certain: bool = True
    many: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """The slots of a resource or module.

    Attributes:
        slots: one for each instance.
        collection: for slots that stand for many, what their keys are of.
    """

    slots: tuple[Slot, ...]
    collection: Many | None = None


SINGLE = Expansion((Slot(None),))


def of_count(count: Value, scope: Scope) -> Expansion:
    """Return what `count` makes."""
    options = _options(count)
    numbers = [_whole(option) for option in options]
    known = [number for number in numbers if number is not None]
    if len(known) < len(options) or max(known) > MAX_INSTANCES or scope.work.exhausted:
        text = text_of(count)
        given = count if isinstance(count, Symbol) else symbol(text)
        collection = Many(given.text, keys=given.text, at=lambda key: key, count=given)
        certain = len(known) == len(options) and min(known) > 0
        return Expansion((Slot(symbol(f"count.index of {text}"), None, certain, True),), collection)
    return Expansion(tuple(Slot(place, None, place < min(known)) for place in range(max(known))))


def _whole(count: Value) -> int | None:
    try:
        number = a_number(count)
    except (UnknownError, FailureError):
        return None
    return number if isinstance(number, int) and number >= 0 else None


def of_each(each: Value, scope: Scope) -> Expansion:
    """Return what the `for_each` of a resource or module makes."""
    return _of_items(each, [_listed(option) for option in _options(each)], scope)


def of_dynamic(each: Value, scope: Scope, *, is_set: bool) -> Expansion:
    """Return what the `for_each` of a `dynamic` block makes: of a list, which it takes too, the keys are places."""
    if is_set:
        return of_each(each, scope)
    numbered: list[dict[Key | int, Value] | None] = []
    for option in _options(each):
        if isinstance(option, tuple):
            numbered.append(dict(enumerate(option)))
        else:
            items = _listed(option)
            numbered.append(None if items is None else dict(items.items()))
    return _of_items(each, numbered, scope)


def _options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, Either) else (value,)


def _of_items(each: Value, listed: Sequence[Mapping[Key | int, Value] | None], scope: Scope) -> Expansion:
    collections = [items for items in listed if items is not None]
    too_many = scope.work.exhausted or any(len(items) > MAX_INSTANCES for items in collections)
    if len(collections) < len(listed) or too_many:
        many = many_of(each if isinstance(each, Symbol) else symbol(text_of(each)), scope)
        unknown = symbol(f"each.key of {many.keys}")
        return Expansion((Slot(unknown, many.at(unknown), False, True),), many)
    slots: list[Slot] = []
    for key in dict.fromkeys(key for items in collections for key in items):
        values = [items[key] for items in collections if key in items]
        same = all(equal(values[0], value) for value in values)
        value = values[0] if same else symbol(f"each.value of {text_of(key)} in {text_of(each)}")
        rest = is_any_key(key)
        slots.append(Slot(key, value, len(values) == len(listed) and not rest, rest))
    return Expansion(tuple(slots))


def _listed(collection: Value) -> dict[Key | int, Value] | None:
    """Return the items of a collection by key; None where they are not known."""
    items: dict[Key | int, Value] = {}
    if isinstance(collection, Mapping) and not isinstance(collection, Addressed):
        items.update(entries(collection))
        return items
    if not isinstance(collection, tuple):
        return None
    for item in collection:
        if not isinstance(item, str | int | float | Symbol | Joined):
            return None
        items[a_key(item)] = item if isinstance(item, Symbol | Joined) else a_key(item)
    return items
