"""Collections that nobody knows the items of, and what functions and loops make of them."""

from collections.abc import Callable, Mapping

from scaffold.evaluate import functions
from scaffold.evaluate.arguments import MAX_ITEMS, UnknownError
from scaffold.evaluate.choices import has_choice, over_options
from scaffold.evaluate.operators import index
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Encoded, Many, symbol, text_of
from scaffold.evaluate.values import Symbol, Value


def many_of(value: Symbol, scope: Scope) -> Many:
    """Return a collection that cannot be evaluated as one that can be iterated."""
    if isinstance(value, Many):
        return value
    return Many(value.text, value.of, value.attribute, keys=value.text, at=lambda key: index(value, key, scope))


def of_each(
    collection: Symbol, make: Callable[[Value, Value, Scope], Value], scope: Scope, *, mapping: bool = False
) -> Value:
    """Return what is made of each item of a collection that nobody knows the items of."""
    many = many_of(collection, scope)
    inner = scope.binding({}, deeper=True)

    def at(key: Value) -> Value:
        return make(key, many.at(key), inner)

    mark = Symbol(f"key {inner.depth} of {many.keys}")
    one = at(mark)
    base = many.text.strip("{ }").partition("[*]")[0]
    before, _, after = text_of(one).partition(f"[{mark.text}]")
    if isinstance(one, Symbol) and before == base and mark.text not in after:
        # `aws_subnet.private[*].id`, however it is written.
        text = f"{{ {base}[*]{after} }}" if mapping else f"{base}[*]{after}"
    else:
        text = f"{{for {many.text}: {text_of(one)}}}" if mapping else f"[for {many.text}: {text_of(one)}]"
    of, name = (one.of, one.attribute) if isinstance(one, Symbol) else ("", "")
    return Many(symbol(text).text, of, name, keys=many.keys, at=at, count=many.count)


def call_text(name: str, arguments: tuple[Value, ...]) -> str:
    """Return the text of a call that cannot be evaluated."""
    return f"{name}({', '.join(text_of(argument) for argument in arguments)})"


def call(name: str, arguments: tuple[Value, ...], scope: Scope) -> Value:
    """Return what a function makes of its arguments; a symbol where that cannot be said.

    Raises:
        FailureError: Terraform would refuse it.
    """

    def text() -> str:
        return call_text(name, arguments)

    if has_choice(*arguments):
        return over_options(scope, arguments, lambda *given: call(name, given, scope), text)
    special = _UNKNOWN_LISTS.get(name)
    if special is not None and arguments and isinstance(arguments[0], Symbol):
        value = special(scope, *arguments) if special.__code__.co_argcount == len(arguments) + 1 else None
        if value is not None:
            return value
    scope.work.charge(*arguments)
    scope.work.steps += functions.work_of(name, arguments)
    try:
        return functions.call(name, arguments)
    except UnknownError:
        if name == "jsonencode" and len(arguments) == 1:
            return Encoded(symbol(text()).text, data=arguments[0])
        return symbol(text())


def _slice_of_unknown(scope: Scope, items: Value, start: Value, end: Value) -> Value:
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= start + MAX_ITEMS:
        return None
    # There are that many for sure: Terraform would refuse anything else.
    return tuple(index(items, place, scope) for place in range(start, end))


def _element_of_unknown(scope: Scope, items: Value, place: Value) -> Value:
    if isinstance(place, int) and 0 <= place < (_zones_of(items) or 1):
        return index(items, place, scope)
    return None


def _zones_of(items: Value) -> int:
    """Return how many items a list has at least, where it is one of availability zones.

    A region has three or more: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    text = text_of(items)
    return 3 if "data.aws_availability_zones." in text and text.rstrip(")").endswith((".names", ".zone_ids")) else 0


def _length_of_unknown(scope: Scope, items: Value) -> Value:
    return (items.count or symbol(f"length({items.keys})")) if isinstance(items, Many) else None


def _values_of_unknown(scope: Scope, items: Value) -> Value:
    if not isinstance(items, Many):
        return None
    text = f"values({items.text})"
    if items.of and not items.attribute:
        text = items.text  # a resource's instances: what is made of each is the same for the map as for its values
    elif items.text.startswith("{") and items.text.endswith("}"):
        inner = items.text.strip("{ }")
        text = f"[{inner}]" if inner.startswith("for ") else inner
    return Many(text, items.of, items.attribute, items.keys, items.at, items.count)


_UNKNOWN_LISTS: Mapping[str, Callable[..., Value]] = {
    "element": _element_of_unknown,
    "length": _length_of_unknown,
    "slice": _slice_of_unknown,
    "values": _values_of_unknown,
}
