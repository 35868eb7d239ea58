"""Terraform's functions for lists, sets and maps."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping

from scaffold.evaluate.arguments import (
    MAX_ITEMS,
    UnknownError,
    a_key,
    a_list,
    a_mapping,
    a_number,
    a_text,
    a_truth,
    an_integer,
    bounded,
    is_item,
    normal,
)
from scaffold.evaluate.unknown import FailureError, Many, entries, equal, symbol, text_of
from scaffold.evaluate.values import Joined, Key, Symbol, Value, any_key, may_hold_more


def index(of: Value, key: Value) -> Value:
    """Return `of[key]` for a collection that is known, at least in part."""
    if isinstance(of, tuple):
        if isinstance(key, Symbol | Joined):
            raise UnknownError
        place = an_integer(key)
        if not 0 <= place < len(of):
            message = f"there is no item {place} among {len(of)}"
            raise FailureError(message)
        return of[place]
    if not isinstance(of, Mapping):
        message = f"{text_of(of)} has no items"
        raise FailureError(message)
    wanted = a_key(key)
    if wanted in of:
        return of[wanted]
    if not isinstance(wanted, str) or not all(isinstance(each, str) for each in of):
        raise UnknownError
    message = f"there is no {wanted!r} in the map"
    raise FailureError(message)


def unique(items: Iterable[Value]) -> tuple[Value, ...]:
    """Return items without those that equal an earlier one for sure."""
    found: dict[str, Value] = {}
    for item in items:
        found.setdefault(text_of(item), item)
    return tuple(found.values())


def as_set(value: Value) -> Value:
    """Return `toset(value)`; texts sorted, as Terraform iterates them."""
    if isinstance(value, Symbol):
        if isinstance(value, Many) and value.at(any_key("")) == any_key(""):
            return value
        # A set's keys are its items.
        text = symbol(f"toset({value.text})").text
        return Many(text, keys=text, at=lambda key: key)
    items = unique(_primitives(a_list(value)))
    return tuple(sorted(items, key=str)) if all(isinstance(item, str) for item in items) else items


def _primitives(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """Bring items to one type, as a list's are: with a text among them, numbers and booleans are texts."""
    if any(isinstance(item, str | Joined) for item in items) and all(
        isinstance(item, str | int | float | Joined | Symbol) for item in items
    ):
        return tuple(a_text(item) if isinstance(item, int | float) else item for item in items)
    return items


def _length(value: Value) -> Value:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        if may_hold_more(value):
            raise UnknownError
        return len(value)
    return len(a_list(value))


def _merge(*maps: Value) -> Value:
    merged: dict[Key, Value] = {}
    for each in maps:
        if isinstance(each, Symbol):
            merged = _perhaps_overwritten(merged, each.text, {})
            merged[any_key(each.text)] = symbol(f"{each.text}[any key]")
        elif each is not None:
            given = a_mapping(each)
            if may_hold_more(given):
                merged = _perhaps_overwritten(merged, text_of(given), given)
            merged.update(given)
    return merged


def _perhaps_overwritten(before: Mapping[Key, Value], by: str, sure: Mapping[Key, Value]) -> dict[Key, Value]:
    """Return what is left of a map when one that may hold any key is merged into it."""
    return {key: old if key in sure else symbol(f"merge({text_of(old)}, {by})") for key, old in before.items()}


def _concat(*lists: Value) -> Value:
    return bounded(itertools.chain.from_iterable(a_list(each) for each in lists))


def _flatten(value: Value) -> Value:
    def items(each: Value) -> Iterable[Value]:
        if isinstance(each, tuple):
            for inner in each:
                yield from items(inner)
        elif isinstance(each, Symbol) and not is_item(each):
            raise UnknownError  # it may be a list, of any length
        else:
            yield each

    return value if isinstance(value, Many) and is_item(value.at(Symbol("item"))) else bounded(items(a_list(value)))


def _keys(value: Value) -> Value:
    mapping = a_mapping(value)
    if may_hold_more(mapping):
        raise UnknownError
    return tuple(key for key, _ in entries(mapping))


def _values(value: Value) -> Value:
    mapping = a_mapping(value)
    if may_hold_more(mapping):
        raise UnknownError
    return tuple(each for _, each in entries(mapping))


def _zipmap(keys: Value, values: Value) -> Value:
    left, right = a_list(keys), a_list(values)
    if len(left) != len(right):
        message = "zipmap takes as many values as keys"
        raise FailureError(message)
    return {a_key(key): value for key, value in zip(left, right, strict=True)}


def _lookup(mapping: Value, key: Value, *default: Value) -> Value:
    try:
        return index(a_mapping(mapping), key)
    except FailureError:
        if not default:
            raise
        return default[0]


def _element(items: Value, place: Value) -> Value:
    found = a_list(items)
    if isinstance(place, Symbol | Joined):
        raise UnknownError
    if not found:
        message = "element takes a list that is not empty"
        raise FailureError(message)
    return found[an_integer(place) % len(found)]


def _slice(items: Value, start: Value, end: Value) -> Value:
    found, first, last = a_list(items), an_integer(start), an_integer(end)
    if not 0 <= first <= last <= len(found):
        message = f"slice takes places within the list's {len(found)}"
        raise FailureError(message)
    return found[first:last]


def _contains(items: Value, wanted: Value) -> Value:
    answers = [equal(item, wanted) for item in a_list(items)]
    if True in answers:
        return True
    if None in answers:
        raise UnknownError
    return False


def _index(items: Value, wanted: Value) -> Value:
    for place, item in enumerate(a_list(items)):
        answer = equal(item, wanted)
        if answer is None:
            raise UnknownError
        if answer:
            return place
    message = "the list does not hold the item"
    raise FailureError(message)


def _distinct(items: Value) -> Value:
    return unique(a_list(items))


def _compact(items: Value) -> Value:
    if isinstance(items, Many) and is_item(items.at(Symbol("item"))):
        return items
    found = a_list(items)
    if any(isinstance(item, Symbol) and not is_item(item) for item in found):
        raise UnknownError  # it may be empty
    return tuple(item for item in found if item is not None and item != "")


def _coalesce(*values: Value) -> Value:
    for value in values:
        if isinstance(value, Symbol) and not is_item(value):
            raise UnknownError
        if value is not None and value != "":
            return value
    message = "coalesce takes a value that is neither null nor empty"
    raise FailureError(message)


def _coalescelist(*lists: Value) -> Value:
    for each in lists:
        if each is not None and a_list(each):
            return each
    message = "coalescelist takes a list that is not empty"
    raise FailureError(message)


def _setproduct(*sets: Value) -> Value:
    lists = [a_list(each) for each in sets]
    if math.prod(len(each) for each in lists) * len(lists) > MAX_ITEMS:
        raise UnknownError
    return tuple(itertools.product(*lists))


def _setunion(*sets: Value) -> Value:
    return as_set(_concat(*sets))


def _holds(items: tuple[Value, ...], wanted: Value) -> bool:
    return bool(_contains(items, wanted))


def _setintersection(first: Value, *others: Value) -> Value:
    return as_set(tuple(item for item in a_list(first) if all(_holds(a_list(each), item) for each in others)))


def _setsubtract(first: Value, second: Value) -> Value:
    return as_set(tuple(item for item in a_list(first) if not _holds(a_list(second), item)))


def _range(*limits: Value) -> Value:
    numbers = [a_number(limit) for limit in limits]
    start, end = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) > 2 else (1 if end >= start else -1)
    if step == 0 or (end - start) / step > 1024:  # Terraform's own limit
        message = "range makes at most 1024 numbers"
        raise FailureError(message)
    return tuple(normal(start + step * place) for place in range(max(0, math.ceil((end - start) / step))))


def _sort(items: Value) -> Value:
    return tuple(sorted(a_text(item) for item in a_list(items)))


def _reverse(items: Value) -> Value:
    return a_list(items)[::-1]


def _chunklist(items: Value, size: Value) -> Value:
    found, width = a_list(items), an_integer(size)
    if width < 0:
        message = "chunklist takes a size that is not negative"
        raise FailureError(message)
    return tuple(found[place : place + width] for place in range(0, len(found), width)) if width else (found,)


def _one(items: Value) -> Value:
    if not isinstance(items, tuple):
        raise UnknownError
    if len(items) > 1:
        message = "one takes at most one item"
        raise FailureError(message)
    return items[0] if items else None


def _alltrue(items: Value) -> Value:
    answers = [_truth_or_unknown(item) for item in a_list(items)]
    if False in answers:
        return False
    if None in answers:
        raise UnknownError
    return True


def _anytrue(items: Value) -> Value:
    answers = [_truth_or_unknown(item) for item in a_list(items)]
    if True in answers:
        return True
    if None in answers:
        raise UnknownError
    return False


def _truth_or_unknown(item: Value) -> bool | None:
    return None if isinstance(item, Symbol) else item is not None and a_truth(item)


def _matchkeys(values: Value, keys: Value, wanted: Value) -> Value:
    pairs = zip(a_list(values), a_list(keys), strict=True)
    return tuple(value for value, key in pairs if _holds(a_list(wanted), key))


def _transpose(mapping: Value) -> Value:
    found: dict[Key, list[Value]] = {}
    for key, items in entries(a_mapping(mapping)):
        for item in a_list(items):
            found.setdefault(a_key(item), []).append(key)
    return {key: tuple(keys) for key, keys in found.items()}


def _tolist(value: Value) -> Value:
    return value if isinstance(value, Symbol) else _primitives(a_list(value))


def _tomap(value: Value) -> Value:
    if isinstance(value, Symbol):
        return value
    items = a_mapping(value)
    return dict(zip(items, _primitives(tuple(items.values())), strict=True))


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "alltrue": _alltrue,
    "anytrue": _anytrue,
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "flatten": _flatten,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "matchkeys": _matchkeys,
    "merge": _merge,
    "one": _one,
    "range": _range,
    "reverse": _reverse,
    "setintersection": _setintersection,
    "setproduct": _setproduct,
    "setsubtract": _setsubtract,
    "setunion": _setunion,
    "slice": _slice,
    "sort": _sort,
    "tolist": _tolist,
    "tomap": _tomap,
    "toset": as_set,
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
}
