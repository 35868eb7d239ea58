"""The types that arguments are converted to, by the provider's schema, the language, or a variable's declaration."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from scaffold.compare.normal import REFERENCE
from scaffold.hcl import Block, Module
from scaffold.hcl.syntax import FunctionCall, Literal, Name, Object, Syntax, syntax
from scaffold.verify.provider_data import Schema, load_provider_data
from scaffold.verify.schema_types import Kind
from scaffold.verify.terraform_language import BLOCKS

_DEEPEST = 20
_REFERENCES = ["set", REFERENCE]
_CONDITIONS = {**BLOCKS["variable"]["blocks"]["validation"], "nesting": "set"}
_META: Schema = {
    "attributes": {
        "count": ["o", "number"],
        "depends_on": ["o", _REFERENCES],
        "provider": ["o", REFERENCE],
        "providers": ["o", ["map", REFERENCE]],
    },
    "blocks": {
        "lifecycle": {
            "attributes": {
                "create_before_destroy": ["o", "bool"],
                "ignore_changes": ["o", _REFERENCES],
                "prevent_destroy": ["o", "bool"],
                "replace_triggered_by": ["o", _REFERENCES],
            },
            "blocks": {"postcondition": _CONDITIONS, "precondition": _CONDITIONS},
        },
    },
}

Variables = Mapping[str, Kind]
"""The types of a module's variables by name."""


class Kinds:
    """The types of all variables of both repositories; where both declare one, the rendered one's."""

    def __init__(self, rendered: Iterable[Module], there: Iterable[Module]) -> None:
        """Take both repositories' modules."""
        self._modules = [*there, *rendered]
        self._found: dict[str, dict[str, Kind]] | None = None

    def of_folder(self, folder: str) -> Variables:
        """Return the types of the variables of the module in a folder."""
        if self._found is None:
            self._found = {}
            for module in self._modules:
                found = self._found.setdefault(module.path, {})
                for _, block in module.blocks("variable"):
                    if block.labels:
                        found[block.labels[0]] = _declared(block)
        return self._found.get(folder, {})

    def schema(self, block: Block, folder: str) -> Schema:
        """Return the schema of a top-level block, or an empty one where none is known.

        Args:
            block: the block.
            folder: of the module it belongs to.
        """
        if block.type in ("resource", "data", "ephemeral", "provider") and block.labels:
            return _provider_schema(block.type, block.labels[0])
        if block.type == "module":
            return _with_meta(_arguments(self._called(block, folder)))
        if block.type == "variable" and block.labels:
            kinds = {"default": self.of_folder(folder).get(block.labels[0], "dynamic"), "type": REFERENCE}
            return _over(BLOCKS["variable"], kinds, {"validation": _CONDITIONS})
        if block.type == "output":
            return _over(BLOCKS["output"], {"depends_on": _REFERENCES}, {"precondition": _CONDITIONS})
        if block.type == "variables":
            return _arguments(self.of_folder(folder))
        if block.type == "run":
            own = {} if block.body.block("module") else self.of_folder(folder)
            references = {"command": REFERENCE, "expect_failures": _REFERENCES, "providers": ["map", REFERENCE]}
            return _over(_arguments(references), {}, {"assert": _CONDITIONS, "variables": _arguments(own)})
        if block.type == "check":
            return {"blocks": {"assert": _CONDITIONS}}
        references = dict.fromkeys(("from", "to", "provider"), REFERENCE)
        return _over(_arguments(references), {}, _META["blocks"])

    def _called(self, block: Block, folder: str) -> Variables:
        source = block.body.value("source")
        if not isinstance(source, str) or not source.startswith(("./", "../")):
            return {}
        parts: list[str] = []
        for part in PurePosixPath(folder, source).parts:
            if part != "..":
                parts.append(part)
            elif parts:
                parts.pop()
        return self.of_folder("/".join(parts) or ".")


def inside(schema: Schema, name: str) -> Schema:
    """Return the schema of the nested blocks called `name`; `nesting` says whether their order matters."""
    if name in schema.get("blocks", {}):
        found: Schema = schema["blocks"][name]
        return found
    kind = type_of(schema, name)
    if isinstance(kind, list) and kind[0] in ("list", "set") and isinstance(kind[1], list) and kind[1][0] == "object":
        return {**_arguments(kind[1][1]), "nesting": kind[0]}
    return {}


def type_of(schema: Schema, name: str) -> Kind:
    """Return the type of an argument, `dynamic` where it is not known."""
    known = schema.get("attributes", {}).get(name)
    return known[1] if known is not None else "dynamic"


def _declared(variable: Block) -> Kind:
    attribute = variable.body.attribute("type")
    try:
        return _kind(syntax(attribute.expression.text), 0) if attribute is not None else "dynamic"
    except RecursionError:
        return "dynamic"


def _kind(written: Syntax, depth: int) -> Kind:
    if depth > _DEEPEST:
        return "dynamic"
    name = written.name if isinstance(written, Name | FunctionCall) else ""
    if isinstance(written, Literal) and isinstance(written.value, str):
        name = written.value  # as Terraform 0.11 had it
    if name in ("string", "number", "bool"):
        return name
    if not isinstance(written, FunctionCall) or not written.arguments:
        return [name, "dynamic"] if name in ("list", "map", "set") else "dynamic"
    inner = written.arguments[0]
    if name in ("list", "set", "map"):
        return [name, _kind(inner, depth + 1)]
    if name == "optional":
        return _kind(inner, depth + 1)
    if name == "object" and isinstance(inner, Object):
        fields = ((item.key, item.value) for item in inner.items)
        return [
            "object",
            {str(key.value): _kind(value, depth + 1) for key, value in fields if isinstance(key, Literal)},
        ]
    return "dynamic"


def _arguments(kinds: Variables) -> Schema:
    return {"attributes": {name: ["o", kind] for name, kind in kinds.items()}}


def _over(schema: Schema, kinds: Variables, blocks: Mapping[str, Any]) -> Schema:
    return {
        "attributes": {**schema.get("attributes", {}), **_arguments(kinds)["attributes"]},
        "blocks": {**schema.get("blocks", {}), **blocks},
    }


def _with_meta(schema: Schema) -> Schema:
    return {
        "attributes": {**schema.get("attributes", {}), **_META["attributes"]},
        "blocks": {**schema.get("blocks", {}), **_META["blocks"]},
    }


@cache
def _provider_schema(kind: str, name: str) -> Schema:
    if name == "terraform_data":
        return _with_meta(BLOCKS["terraform_data"])
    schema = load_provider_data().schema(kind, name) or {}
    return schema if kind == "provider" else _with_meta(schema)
