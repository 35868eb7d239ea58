"""Which resource a value means, however it is written: as another's attribute, by name, or as the end of an ARN."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Key, Symbol, Value

_ANYTHING = Symbol("what nobody knows")


def joined(*parts: Value) -> Value:
    """Return the text that values make side by side, as the evaluator writes it: known texts merged."""
    merged: list[str | Symbol] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            text = piece if isinstance(piece, Symbol) else str(piece)
            last = merged[-1] if merged else None
            if isinstance(text, str) and isinstance(last, str):
                merged[-1] = last + text
            elif text:
                merged.append(text)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Joined(tuple(merged))


def names(value: Value, instance: Instance) -> bool | None:
    """Return whether a value names a resource; None where nobody can say.

    Args:
        value: `aws_iam_role.node.name`, `"shop-node"`, or an ARN that ends in `/shop-node`.
        instance: the resource, called by its argument `name`.
    """
    if isinstance(value, Symbol) and value.of:
        return value.of == instance.address
    name = instance.get("name")
    if name is not None and name in (value, _last_step(value)):
        return True
    return None if isinstance(value, Symbol) else False


def candidates(root: Root, kind: str, argument: str, *wanted: Value) -> tuple[Instance, ...]:
    """Return the resources of a type whose argument may have, or refer to, one of some values; no others can.

    It looks them up rather than at all resources. Whether one does have it is for the caller to see.

    Args:
        root: the root module.
        kind: the resources' type.
        argument: the argument; of a list, each item counts.
        wanted: names and texts, and of resources the address as a `Symbol`.
    """
    if (kind, argument) not in root.indexes:
        root.indexes[kind, argument] = _index(root, kind, argument)
    index = root.indexes[kind, argument]
    keys = [key for each in wanted for key in (each, _last_step(each)) if isinstance(key, str | Symbol | Joined)]
    return tuple({id(each): each for key in (*keys, _ANYTHING) for each in index.get(key, ())}.values())


def _index(root: Root, kind: str, argument: str) -> Mapping[Key, tuple[Instance, ...]]:
    found: dict[Key, list[Instance]] = {}
    for instance in root.of(kind):
        value = instance.get(argument)
        for each in value if isinstance(value, tuple) else (value,):
            for key in dict.fromkeys(_keys(each)):
                found.setdefault(key, []).append(instance)
    return {key: tuple(instances) for key, instances in found.items()}


def _keys(value: Value) -> Iterator[Key]:
    if isinstance(value, Symbol):
        yield Symbol(value.of) if value.of else _ANYTHING
    elif isinstance(value, str | Joined):
        yield value
        step = _last_step(value)
        if isinstance(step, str | Symbol | Joined):
            yield step
        for part in value.parts if isinstance(value, Joined) else ():
            if isinstance(part, Symbol) and part.of:
                yield Symbol(part.of)


def last_step(value: Value) -> str | None:
    """Return what comes after the last `/` of an ARN or a path, where that is known: the name of a policy or role."""
    step = _last_step(value)
    return step if isinstance(step, str) else None


def _last_step(value: Value) -> Value:
    if isinstance(value, str):
        return value.rpartition("/")[2]
    if not isinstance(value, Joined):
        return value
    for index in range(len(value.parts) - 1, -1, -1):
        part = value.parts[index]
        if isinstance(part, str) and "/" in part:
            return joined(part.rpartition("/")[2], *value.parts[index + 1 :])
    return value
