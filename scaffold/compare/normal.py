"""The normal form of an expression: two expressions with one normal form are the same to Terraform."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from scaffold.compare.texts import VALUES, Normal, document, joined, literal
from scaffold.hcl.syntax import (
    Binary,
    Conditional,
    For,
    FunctionCall,
    GetAttribute,
    Index,
    Item,
    Literal,
    Name,
    Object,
    Opaque,
    Splat,
    Syntax,
    Template,
    Tuple,
    Unary,
    syntax,
)
from scaffold.verify.schema_types import Kind

REFERENCE = "reference"
"""The type of `provider`, of the items of `depends_on` and of a variable's `type`, which may be written in quotes."""

Scope: TypeAlias = tuple[tuple[str | None, str], ...]

_TO_RESOURCE = {"data": 2, "ephemeral": 2}
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,3})?")
_HEREDOC = re.compile(r"<<-?\s?(\S+) (.*) \1")


def normal(text: str, kind: Kind = "dynamic") -> Normal:
    """Return the normal form of an expression as it is written.

    Args:
        text: the expression.
        kind: the type it is converted to, by a provider's schema or a variable's type; `dynamic` where nobody knows.
    """
    try:
        return _normal(syntax(text), kind, (), data=True)
    except RecursionError:  # nested deeper than any configuration
        return ("opaque", " ".join(text.split()))


def is_null(text: str) -> bool:
    """Return whether an expression is the literal `null`."""
    return text == "null" or (text.startswith("(") and normal(text) == ("null",))


def _normal(node: Syntax, kind: Kind, scope: Scope, *, data: bool = False) -> Normal:
    """Return a node's normal form; `data` says that a text may be a document, not a pattern or a function's input."""
    match node:
        case Literal(value):
            return _converted(literal(value), kind, data)
        case Template(parts):
            return _template(parts, scope, data and kind in ("dynamic", "string"))
        case Opaque(text):
            return _opaque(text, kind)
        case Name() | GetAttribute() | Index() | Splat() | Item():
            return _traversal(node, scope)
        case Tuple(items):
            shape, inner = kind if _is_collection(kind) else ("list", "dynamic")
            return _items(shape, [_normal(item, inner, scope, data=data) for item in items])
        case Object(items):  # the last of two items with one key wins, as in Terraform
            pairs = {
                _text(_normal(item.key, "string", scope)): _normal(
                    item.value, _member(kind, item.key), scope, data=data
                )
                for item in items
            }
            return ("object", frozenset(pairs.items()))
        case FunctionCall():
            return _call(node, kind, scope)
        case Unary(operator, operand):
            return ("unary", operator, _normal(operand, "dynamic", scope))
        case Binary(operator, left, right):
            return ("binary", operator, _normal(left, "dynamic", scope), _normal(right, "dynamic", scope))
        case Conditional(condition, then, otherwise):
            branches = (_normal(each, kind, scope, data=data) for each in (then, otherwise))
            return ("if", _normal(condition, "bool", scope), *branches)
        case For():
            return _for(node, kind, scope)


def _is_collection(kind: Kind) -> bool:
    return isinstance(kind, list) and kind[0] in ("list", "set")


def _member(kind: Kind, key: Syntax) -> Kind:
    """Return the type of an object's member."""
    if isinstance(kind, list) and kind[0] == "map":
        return kind[1]
    if isinstance(kind, list) and kind[0] == "object" and isinstance(key, Literal):
        return kind[1].get(key.value, "dynamic")
    return "dynamic"


def _items(shape: str, items: Iterable[Normal]) -> Normal:
    return ("set", frozenset(items)) if shape == "set" else ("list", tuple(items))


def _converted(value: Any, kind: Kind, data: bool) -> Normal:
    """Convert a literal to a type as Terraform does; what cannot be converted stays as it is."""
    if value[0] == "text":
        if kind == REFERENCE:
            return _normal(syntax(value[1]), "dynamic", ())
        if kind == "number" and _NUMBER.fullmatch(value[1]):
            return ("number", _number(value[1]))
        if kind == "bool" and value[1] in ("true", "false"):
            return ("bool", value[1] == "true")
        return (document(value[1], []) or value) if data and kind in ("dynamic", "string") else value
    return _text(value) if kind == "string" else value


def _number(text: str) -> int | float:
    return float(text) if set(text) & set(".eE") else int(text)


def _text(value: Any) -> Normal:
    """Return a literal as the text Terraform makes of it; everything else as it is."""
    if value[0] == "bool":
        return ("text", str(value[1]).lower())
    if value[0] == "number":
        whole = isinstance(value[1], float) and value[1].is_integer()
        return ("text", str(int(value[1]) if whole else value[1]))
    return ("text", value[1]) if value[0] == "text" else value


def _opaque(text: str, kind: Kind) -> Normal:
    if _NUMBER.fullmatch(text):
        return _converted(("number", _number(text)), kind, False)
    heredoc = _HEREDOC.fullmatch(text)
    return ("opaque", heredoc[2] if heredoc else text)


def _traversal(node: Syntax, scope: Scope) -> Normal:
    """Flatten a traversal: `a["b"]` is `a.b`, save where the index picks one instance of a resource or module."""
    steps: list[Normal] = []
    while isinstance(node, GetAttribute | Index):
        if isinstance(node, GetAttribute):
            steps.append(("get", node.name))
        elif isinstance(node.key, Literal) and isinstance(node.key.value, str):
            steps.append(("get", node.key.value) if not _is_instance(node.of, scope) else ("key", node.key.value))
        else:
            steps.append(("index", _normal(node.key, "dynamic", scope)))
        node = node.of
    steps.reverse()
    root: Normal
    if isinstance(node, Name):
        root = _bound(node.name, scope) or ("name", node.name)
    elif isinstance(node, Splat):
        root = ("splat", _normal(node.of, "dynamic", scope), _normal(node.each, "dynamic", scope))
    elif isinstance(node, Item):
        root = ("item",)
    else:
        root = _normal(node, "dynamic", scope)
    return ("path", root, *steps) if steps else root


def _is_instance(of: Syntax, scope: Scope) -> bool:
    """Return whether `of` is the name of a resource, data source or module, which an index picks an instance of."""
    names: list[str] = []
    while isinstance(of, GetAttribute) and len(names) < 3:
        names.append(of.name)
        of = of.of
    if not isinstance(of, Name) or of.name in VALUES or _bound(of.name, scope):
        return False
    # `setting.value["x"]` is of a dynamic block's iterator.
    return len(names) == _TO_RESOURCE.get(of.name, 1) and names[0] not in ("key", "value")


def _bound(name: str, scope: Scope) -> Normal | None:
    """Return what a name that a `for` binds stands for: the `for`, counted from outside, and whether it is its key."""
    for depth in range(len(scope) - 1, -1, -1):
        if name in scope[depth]:
            return ("bound", depth, scope[depth][1] == name)
    return None


def _for(node: For, kind: Kind, scope: Scope) -> Normal:
    inside = (*scope, (node.key_name, node.value_name))
    inner = kind[1] if isinstance(kind, list) and kind[0] in ("list", "set", "map") else "dynamic"
    return (
        "for",
        node.grouped,
        _normal(node.collection, "dynamic", scope),
        None if node.key is None else _normal(node.key, "string", inside),
        _normal(node.value, "dynamic" if node.grouped else inner, inside),
        None if node.condition is None else _normal(node.condition, "bool", inside),
    )


def _call(node: FunctionCall, kind: Kind, scope: Scope) -> Normal:
    alone = node.arguments[0] if len(node.arguments) == 1 and not node.spread else None
    if alone is not None and node.name == "jsonencode":
        return ("json", _normal(alone, "dynamic", scope))
    if alone is not None and node.name == "toset":
        if isinstance(kind, list) and kind[0] == "set":
            return _normal(alone, kind, scope)
        if isinstance(alone, Tuple):
            return _normal(alone, ["set", "dynamic"], scope)
    return ("call", node.name, node.spread, *(_normal(each, "dynamic", scope) for each in node.arguments))


def _template(parts: tuple[str | Syntax, ...], scope: Scope, data: bool) -> Normal:
    flat: list[Normal] = []
    for part in parts:
        value: Any = literal(part) if isinstance(part, str) else _text(_normal(part, "dynamic", scope))
        flat += value[1:] if value[0] == "template" else [value]
    if data:
        inserts = [each for each in flat if each[0] != "text"]  # type: ignore[index] # every normal form is a tuple
        numbers = iter(range(len(inserts)))
        marked = (each[1] if each[0] == "text" else f"\ue000{next(numbers)}\ue001" for each in flat)  # type: ignore[index] # as above
        found = document("".join(marked), inserts)
        if found is not None:
            return found
    return joined(flat)
