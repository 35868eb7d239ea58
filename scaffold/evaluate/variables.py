"""Input variables: what their types make of a value, and what `.tfvars` files set."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from scaffold.evaluate.arguments import UnknownError, a_key, a_list, a_mapping, a_number, a_text, a_truth
from scaffold.evaluate.blocks import argument_of
from scaffold.evaluate.expressions import evaluate
from scaffold.evaluate.functions_collections import as_set
from scaffold.evaluate.scope import empty_scope
from scaffold.evaluate.unknown import Either, FailureError, Many, symbol
from scaffold.evaluate.values import Joined, Key, Symbol, Value
from scaffold.hcl import Document
from scaffold.hcl import syntax as hcl


def converted(value: Value, kind: hcl.Syntax | None) -> Value:
    """Return what a variable of a type is when it is given a value.

    Args:
        value: what is given.
        kind: the type's expression; None where there is none.

    Returns:
        The value as Terraform converts it; as it is given, where the type or the conversion is not understood.
    """
    if kind is None or value is None:
        return value
    if isinstance(value, Either):
        return Either(value.text, options=tuple(converted(option, kind) for option in value.options))
    try:
        return _converted(value, kind)
    except (UnknownError, FailureError):
        return value


def _converted(value: Value, kind: hcl.Syntax) -> Value:
    if isinstance(kind, hcl.Name):
        return _primitive(value, kind.name)
    if not isinstance(kind, hcl.FunctionCall) or not kind.arguments or value is None:
        return value
    inner = kind.arguments[0]
    if kind.name == "set":
        return as_set(_items(value, inner)) if isinstance(value, tuple | Symbol) else value
    if isinstance(value, Symbol):
        return value
    if kind.name == "list":
        return _items(value, inner)
    if kind.name == "map":
        return {key: converted(each, inner) for key, each in a_mapping(value).items()}
    if kind.name == "tuple" and isinstance(inner, hcl.Tuple):
        return tuple(converted(*pair) for pair in zip(a_list(value), inner.items, strict=False))
    if kind.name == "object" and isinstance(inner, hcl.Object):
        return _object(a_mapping(value), inner)
    return value


def _primitive(value: Value, name: str) -> Value:
    if isinstance(value, Symbol | Joined):
        return value
    if name == "string":
        return a_text(value)
    if name == "number":
        return a_number(value)
    return a_truth(value) if name == "bool" else value


def _items(value: Value, kind: hcl.Syntax) -> Value:
    return value if isinstance(value, Symbol) else tuple(converted(item, kind) for item in a_list(value))


def _object(value: Mapping[Key, Value], kind: hcl.Object) -> Value:
    result: dict[Key, Value] = {}
    for item in kind.items:
        if not isinstance(item.key, hcl.Literal):
            return value
        name, inner, default = a_key(item.key.value), item.value, None
        optional = False
        if isinstance(inner, hcl.FunctionCall) and inner.name == "optional" and inner.arguments:
            optional, default = True, inner.arguments[1] if len(inner.arguments) > 1 else None
            inner = inner.arguments[0]
        given = value.get(name)
        if given is None and default is not None:
            given = evaluate(default, empty_scope())
        if name in value or optional:
            result[name] = converted(given, inner)
    return result


def unset(text: str, kind: hcl.Syntax | None) -> Value:
    """Return the value of a variable that nothing sets, such as `var.region`."""
    if isinstance(kind, hcl.FunctionCall) and kind.name == "set":
        return Many(text, keys=text, at=lambda key: key)
    return symbol(text)


def settings(documents: Iterable[Document]) -> dict[str, Value]:
    """Return what `.tfvars` files set, the later ones over the earlier."""
    scope = empty_scope()
    return {
        attribute.name: argument_of(attribute, scope)
        for document in documents
        for attribute in document.body.attributes
    }


def is_automatic(path: str) -> bool:
    """Return whether Terraform loads a `.tfvars` file of its working folder by itself."""
    name = PurePosixPath(path).name
    return name == "terraform.tfvars" or name.endswith(".auto.tfvars")


def precedence(path: str) -> tuple[bool, str]:
    """Return what sorts the files that Terraform loads by itself: `terraform.tfvars`, then `*.auto.tfvars` by name."""
    name = PurePosixPath(path).name
    return name != "terraform.tfvars", name
