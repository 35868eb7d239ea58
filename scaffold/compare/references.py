"""Which resource a value means, however it is written: as another's attribute, by name, or as the end of an ARN."""

from scaffold.compare.repository import Instance
from scaffold.compare.values import Joined, Symbol, Value


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
