"""The shipped Kubernetes schemas, and a walk over a manifest that says where it departs from them."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scaffold.kubernetes.documents import Node, Violation
from scaffold.kubernetes.formats import FORMATS

Schema = Mapping[str, Any]

RENAMED = {
    "karpenter.k8s.aws/v1/EC2NodeClass": "eks.amazonaws.com/v1/NodeClass",
    "elbv2.k8s.aws/v1beta1/IngressClassParams": "eks.amazonaws.com/v1/IngressClassParams",
    "elbv2.k8s.aws/v1beta1/TargetGroupBinding": "eks.amazonaws.com/v1/TargetGroupBinding",
}
"""Kinds of the self-managed controllers and what EKS Auto Mode has in their place.

Source: https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html and .../create-node-pool.html.
"""

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of one Kubernetes version.

    Attributes:
        version: the version, such as `1.35`.
        kinds: the definition's name for each `apiVersion/kind`.
        definitions: the schemas, in the JSON Schema subset that `violations` reads.
    """

    version: str
    kinds: Mapping[str, str]
    definitions: Mapping[str, Schema]


@cache
def _shipped() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        (files("scaffold") / "data/kubernetes/schemas.json").read_text(encoding="utf-8")
    )
    return document


def versions() -> tuple[str, ...]:
    """Return the Kubernetes versions that schemas are shipped for, oldest first."""
    return tuple(_shipped()["versions"])


@cache
def schemas(version: str) -> Schemas:
    """Return the schemas of a Kubernetes version.

    Raises:
        KeyError: for a version that is not in `versions()`.
    """
    shipped = _shipped()
    if version not in shipped["versions"]:
        raise KeyError(version)
    until = shipped["versions"][: shipped["versions"].index(version) + 1]
    definitions = {
        name: next(history[one] for one in reversed(until) if one in history)
        for name, history in shipped["definitions"].items()
        if any(one in history for one in until)
    }
    return Schemas(version, shipped["kinds"], definitions)


def violations(document: Node, version: Schemas) -> Iterator[Violation]:
    """Yield every departure of a manifest from the schema of its kind.

    Args:
        document: a whole document.
        version: the schemas of the Kubernetes version it is meant for.
    """
    api, kind = document.at("apiVersion"), document.at("kind")
    if api is None or kind is None or api.string is None or kind.string is None:
        lacking = "apiVersion" if api is None or api.string is None else "kind"
        yield Violation("missing-field", f"The document has no {lacking}.", document.line, f"Add {lacking}.")
        return
    name = f"{api.value}/{kind.value}"
    if name not in version.kinds:
        yield Violation(
            "unknown-kind",
            f"Kubernetes {version.version} and EKS Auto Mode have no {kind.value} in {api.value} that is known here.",
            kind.line,
            _other_kind(str(api.value), str(kind.value), version.kinds),
        )
        return
    yield from _departures(document, version.definitions[version.kinds[name]], str(kind.value), version.definitions)


def _departures(node: Node, schema: Schema, path: str, definitions: Mapping[str, Schema]) -> Iterator[Violation]:
    if "$ref" in schema:
        yield from _departures(node, definitions[schema["$ref"].rsplit("/", 1)[1]], path, definitions)
    types = schema.get("type", ())
    allowed = (types,) if isinstance(types, str) else tuple(types)
    if allowed and not any(_is(one, node.value) for one in allowed):
        yield _wrong_type(node, allowed, path)
        return
    if isinstance(node.value, Mapping):
        yield from _object_departures(node, schema, path, definitions)
    elif isinstance(node.value, tuple):
        yield from _list_departures(node, schema, path, definitions)
    else:
        yield from _scalar_departures(node, schema, path)


def _object_departures(node: Node, schema: Schema, path: str, definitions: Mapping[str, Schema]) -> Iterator[Violation]:
    fields = node.fields
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    for name, value in fields.items():
        inside = f"{path}.{name}"
        if name in known:
            yield from _departures(value, known[name], inside, definitions)
        elif isinstance(rest, Mapping):
            yield from _departures(value, rest, inside, definitions)
        if "propertyNames" in schema:
            named = Node(name, value.line, name)
            yield from _scalar_departures(named, schema["propertyNames"], f"the key {name!r} of {path}")
    for name, value in node.value.items() if isinstance(node.value, Mapping) else ():
        if name not in known and rest is False:
            yield Violation("unknown-field", f"{path} has no field {name!r}.", value.line, _other_name(name, known))
        elif name not in known and value.value is None and rest is not True:
            yield Violation("wrong-type", f"{path}.{name} is empty.", value.line, f'Write "" or remove {name}.')
    yield from (_missing(node, name, path) for name in schema.get("required", ()) if name not in fields)
    for name, others in schema.get("dependentRequired", {}).items():
        if name in fields:
            yield from (_missing(fields[name], other, path, name) for other in others if other not in fields)
    for count, broken in (("minProperties", len(fields).__lt__), ("maxProperties", len(fields).__gt__)):
        if count in schema and broken(schema[count]):
            bound = "least" if count == "minProperties" else "most"
            yield _wrong(node, f"{path} has {_counted(fields)}", f"have at {bound} {schema[count]}", schema)
    if "oneOf" in schema:
        choices = [name for choice in schema["oneOf"] for name in choice["required"]]
        given = [name for name in choices if name in fields]
        if len(given) != 1:
            yield Violation(
                "exactly-one",
                f"{path} has {' and '.join(given) or 'none'} of {', '.join(choices)}; it needs exactly one.",
                fields[given[1]].line if given else node.line,
                f"Keep one of {', '.join(given)}." if given else f"Add {' or '.join(choices)}.",
            )


def _list_departures(node: Node, schema: Schema, path: str, definitions: Mapping[str, Schema]) -> Iterator[Violation]:
    if len(node.items) < schema.get("minItems", 0):
        yield _wrong(node, f"{path} has {len(node.items)} items", f"have at least {schema['minItems']}", schema)
    if len(node.items) > schema.get("maxItems", len(node.items)):
        yield _wrong(node, f"{path} has {len(node.items)} items", f"have at most {schema['maxItems']}", schema)
    for index, item in enumerate(node.items):
        yield from _departures(item, schema.get("items", {}), f"{path}[{index}]", definitions)
    yield from _repeated(node, schema.get("x-kubernetes-list-map-keys", ()), path)


def _repeated(node: Node, keys: Iterable[str], path: str) -> Iterator[Violation]:
    """Yield the items of a list whose identifying fields another item already has, such as two containers' names."""
    seen: dict[tuple[str, ...], int] = {}
    for item in node.items if keys else ():
        identity = tuple(found.text if (found := item.at(key)) else "TCP" if key == "protocol" else "" for key in keys)
        if not any(identity):
            continue
        if identity in seen:
            what = ", ".join(f"{key} {value}" for key, value in zip(keys, identity, strict=True))
            yield Violation(
                "duplicate-item", f"{path} has {what} twice, first in line {seen[identity]}.", item.line, "Keep one."
            )
        seen.setdefault(identity, item.line)


def _scalar_departures(node: Node, schema: Schema, path: str) -> Iterator[Violation]:
    value = node.value
    if "enum" in schema and value not in schema["enum"]:
        known = ", ".join(map(str, schema["enum"]))
        near = difflib.get_close_matches(node.text, list(map(str, schema["enum"])), 1)
        mend = _described(schema) or (f"Write {near[0]}." if near else f"Write one of {known}.")
        yield Violation("wrong-value", f"{path} is {node.text!r}; it must be one of {known}.", node.line, mend)
    if "format" in schema and not FORMATS[schema["format"]].holds(value):
        yield _wrong(node, f"{path} is {node.text!r}", f"be {FORMATS[schema['format']].rule}", schema)
    if isinstance(value, str):
        if "pattern" in schema and re.search(schema["pattern"], value) is None:
            what = schema.get("description") or f"written like {schema['pattern']}"
            yield _wrong(node, f"{path} is {node.text!r}", f"be {what}", schema)
        if len(value) < schema.get("minLength", 0):
            yield _wrong(node, f"{path} is empty", "hold something", schema)
        if len(value) > schema.get("maxLength", len(value)):
            yield _wrong(node, f"{path} has {len(value)} characters", f"have at most {schema['maxLength']}", schema)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield _wrong(node, f"{path} is {node.text}", f"be at least {schema['minimum']}", schema)
        if value > schema.get("maximum", value):
            yield _wrong(node, f"{path} is {node.text}", f"be at most {schema['maximum']}", schema)


def _is(kind: str, value: object) -> bool:
    match kind:
        case "array":
            return isinstance(value, tuple)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "object":
            return isinstance(value, Mapping)
        case _:
            return isinstance(value, str)


def _wrong_type(node: Node, allowed: tuple[str, ...], path: str) -> Violation:
    wanted = " or ".join(_TYPES[one] for one in allowed)
    found = next((_TYPES[one] for one in ("null", "boolean", "number", "array", "object") if _found(one, node)), "")
    mend = f"Write {wanted} here."
    if "string" in allowed and found in (_TYPES["boolean"], _TYPES["number"]):
        mend = f'Quote it: "{node.text}".'
    elif isinstance(node.value, str) and re.fullmatch(r"-?[0-9]+|true|false", node.text) and "object" not in allowed:
        mend = "Write it without quotes."
    return Violation("wrong-type", f"{path} is {found or 'a string'}; it must be {wanted}.", node.line, mend)


def _found(kind: str, node: Node) -> bool:
    return node.value is None if kind == "null" else _is(kind, node.value)


def _counted(fields: Mapping[str, Node]) -> str:
    return f"{len(fields)} field{'' if len(fields) == 1 else 's'}"


def _missing(node: Node, name: str, path: str, because: str | None = None) -> Violation:
    where = f"{path} has {because} but no {name}" if because else f"{path} has no {name}"
    return Violation("missing-field", f"{where}.", node.line, f"Add {name}.")


def _wrong(node: Node, found: str, must: str, schema: Schema) -> Violation:
    mend = _described(schema) or f"Let it {must}."
    return Violation("wrong-value", f"{found}; it must {must}.", node.line, mend)


def _described(schema: Schema) -> str:
    """Return what the schema says to people about its values, as a sentence; empty where it says nothing."""
    text = schema.get("description") or ""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _other_name(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"Did you mean {near[0]}?" if near else f"It has {', '.join(sorted(known))}."


def _other_kind(api: str, kind: str, kinds: Iterable[str]) -> str:
    name = f"{api}/{kind}"
    same_kind = [one for one in kinds if one.rsplit("/", 1)[1] == kind]
    near = [RENAMED[name]] if name in RENAMED else same_kind or difflib.get_close_matches(name, list(kinds), 1)
    if not near:
        return "Keep what it defines in a folder of its own, if a controller of yours brings the kind."
    other_api, _, other_kind = near[0].rpartition("/")
    return f"Did you mean apiVersion: {other_api}, kind: {other_kind}?"
