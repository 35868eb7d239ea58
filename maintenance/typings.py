"""Turn the typings of cdktn-provider-aws back into the provider schema they were generated from.

The generator (HashiCorp's, kept on by the CDK Terrain project) writes each argument's flags into a comment above its
getter, and its type into the getter; blocks are told from attributes by the documentation comments of the interfaces.
"""

import io
import json
import re
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
"""A block: `{"attributes": {name: [flags, type]}, "blocks": {name: block with "nesting", "min", "max"}}`.

Flags are `r` required, `o` optional, `c` computed, `oc` both; types are those of `terraform providers schema -json`.
"""

_CLASS = re.compile(r"^class (\w+) extends cdktn\.(\w+) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(
    r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n"
    r"(.*?)(?=^    // \w+ - computed|\Z)",
    re.MULTILINE | re.DOTALL,
)
_NESTED = re.compile(r"= new (\w+)\(this, \"\w+\"(?:, (true|false))?\)")
_SUFFIXES = {
    "ComplexObject": "OutputReference",
    "ComplexList": "List",
    "ComplexMap": "Map",
    "ComplexMapList": "MapList",
}
_GETTER = re.compile(r"^    get \w+\(\) \{\n\s+return (.*?);\n", re.MULTILINE | re.DOTALL)
_INTERFACE = re.compile(r"^export interface (\w+)[^{]*\{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_BLOCK_COMMENT = re.compile(r"^    \* (\w+) block$", re.MULTILINE)
_HCL_FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_HCL_FIELD = re.compile(r"^\s+(\w+): \{\n\s+value: .*\n\s+isBlock: \w+,\n\s+type: \"(\w+)\"", re.MULTILINE)
_MAPPED = re.compile(r"^\s+(\w+): (.*?),?$", re.MULTILINE)
_FUNCTION = re.compile(r"^function (\w+)ToTerraform\(struct\) \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)

_GETTERS = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}


@dataclass(frozen=True)
class Typings:
    """What the wheel gave.

    Attributes:
        version: the provider's version, as the typings name it.
        provider: the schema of `provider "aws"`.
        resources: the schema of every resource type.
        data_sources: the schema of every data source type.
    """

    version: str
    provider: Schema
    resources: dict[str, Schema]
    data_sources: dict[str, Schema]


def read_wheel(wheel: Path) -> Typings:
    """Read the wheel of cdktn-provider-aws, about ten seconds.

    Raises:
        ValueError: when the wheel does not hold what such wheels hold.
    """
    with zipfile.ZipFile(wheel) as archive:
        inner = next((name for name in archive.namelist() if name.endswith(".jsii.tgz")), None)
        if inner is None:
            message = f"{wheel} holds no typings (.jsii.tgz)"
            raise ValueError(message)
        tgz = archive.read(inner)
    texts: dict[str, dict[str, str]] = {}
    with tarfile.open(fileobj=io.BytesIO(tgz)) as tar:
        for member in tar:
            parts = member.name.split("/")
            if len(parts) == 4 and parts[1] == "lib" and parts[3] in ("index.js", "index.d.ts"):
                file = tar.extractfile(member)
                if file is not None:
                    texts.setdefault(parts[2], {})[parts[3]] = file.read().decode()
    provider: Schema = {}
    version = ""
    resources: dict[str, Schema] = {}
    data_sources: dict[str, Schema] = {}
    for folder, files in sorted(texts.items()):
        if folder in ("provider-functions",):
            continue
        script, types = files["index.js"], files["index.d.ts"]
        if folder == "provider":
            provider = _provider(script)
            continue
        found = _folder(script, types)
        if found is None:
            continue
        kind, name, schema = found
        {"TerraformResource": resources, "TerraformDataSource": data_sources}.get(kind, {})[name] = schema
        if not version:
            version = _search(r"providerVersion: '([\d.]+)'", script)
    return Typings(version, provider, resources, data_sources)


def write_full(typings: Typings, path: Path) -> None:
    """Write everything that was read as one JSON file."""
    content = {
        "version": typings.version,
        "provider": typings.provider,
        "resources": typings.resources,
        "data_sources": typings.data_sources,
    }
    path.write_text(json.dumps(content, separators=(",", ":"), sort_keys=True), encoding="utf-8")


def _search(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""


def _folder(script: str, types: str) -> tuple[str, str, Schema] | None:
    classes = {match[1]: (match[2], match[3]) for match in _CLASS.finditer(script)}
    blocks = {match[1]: frozenset(_BLOCK_COMMENT.findall(match[2])) for match in _INTERFACE.finditer(types)}
    kinds = {match[1].lower(): dict(_HCL_FIELD.findall(match[2])) for match in _HCL_FUNCTION.finditer(script)}
    for name, (base, body) in classes.items():
        if base in ("TerraformResource", "TerraformDataSource"):
            reader = _Reader(classes, blocks, kinds)
            own = dict(_HCL_FIELD.findall(body[body.find("synthesizeHclAttributes") :]))
            schema = reader.block(body, blocks.get(f"{name}Config", frozenset()), own)
            return base, _search(r'tfResourceType = "(\w+)"', body), schema
    return None


@dataclass(frozen=True)
class _Reader:
    classes: dict[str, tuple[str, str]]
    blocks: dict[str, frozenset[str]]
    kinds: dict[str, dict[str, str]]

    def block(self, body: str, blocks: frozenset[str], kinds: dict[str, str]) -> Schema:
        attributes: dict[str, Any] = {}
        nested: dict[str, Any] = {}
        for name, computed, optional, required, code in _FIELD.findall(body):
            flags = (
                "r" if required == "true" else ("o" if optional == "true" else "") + ("c" if computed == "true" else "")
            )
            structure = _NESTED.search(code)
            if name in blocks and structure is not None:
                nested[name] = self.nested_block(structure, flags, kinds.get(name, "list"))
            else:
                attributes[name] = [flags, self.type_of(code)]
        schema: Schema = {}
        if attributes:
            schema["attributes"] = attributes
        if nested:
            schema["blocks"] = nested
        return schema

    def nested_block(self, structure: re.Match[str], flags: str, kind: str) -> Schema:
        base, shape = self.shape(structure[1])
        wraps_set = structure[2]
        nesting = "single" if kind == "struct" else "set" if kind == "set" or wraps_set == "true" else "list"
        schema: Schema = {"nesting": nesting}
        if flags == "r":
            schema["min"] = 1
        if shape == "ComplexObject" and nesting != "single":
            schema["max"] = 1
        body = self.classes[f"{base}OutputReference"][1]
        return schema | self.block(body, self.blocks.get(base, frozenset()), self.kinds.get(base.lower(), {}))

    def shape(self, name: str) -> tuple[str, str]:
        """Return the name of the structure that the class `name` stands for, and the class it is made from."""
        kind = self.classes[name][0]
        return name.removesuffix(_SUFFIXES[kind]), kind

    def type_of(self, code: str) -> Any:
        structure = _NESTED.search(code)
        if structure is not None:
            base, shape = self.shape(structure[1])
            inner = self.object_type(base)
            if shape == "ComplexObject":
                return inner
            if shape == "ComplexMap":
                return ["map", inner]
            if shape == "ComplexMapList":
                return ["list", ["map", inner]]
            return ["set" if structure[2] == "true" else "list", inner]
        if "new cdktn." in code:
            return [
                "map",
                {"Number": "number", "Boolean": "bool"}.get(_search(r"new cdktn\.(\w+?)Map\(", code), "string"),
            ]
        getter = _GETTER.search(code)
        if getter is None:
            return "dynamic"
        known = _GETTERS.get(_search(r"this\.get(\w+?)Attribute\(", getter[1]))
        if known is None:
            return "dynamic"
        return ["set", known[1]] if "Fn.tolist(" in getter[1] and isinstance(known, list) else known

    def object_type(self, base: str) -> Any:
        body = self.classes[f"{base}OutputReference"][1]
        return ["object", {name: self.type_of(code) for name, _, _, _, code in _FIELD.findall(body)}]


def _provider(script: str) -> Schema:
    functions = {match[1]: match[2] for match in _FUNCTION.finditer(script)}
    body = script[script.find("synthesizeAttributes() {") :]
    return _mapped(body[: body.find("\n    }\n")], functions)


def _mapped(body: str, functions: dict[str, str]) -> Schema:
    attributes: dict[str, Any] = {}
    blocks: dict[str, Any] = {}
    for name, code in _MAPPED.findall(body[body.find("return {") + 8 :]):
        struct = re.search(r"(?:listMapper\()?(\w+)ToTerraform(, true\)|\()", code)
        if struct is not None and struct[1] in functions:
            one = {} if struct[2] == ", true)" else {"max": 1}
            blocks[name] = {"nesting": "list", **one, **_mapped(functions[struct[1]], functions)}
            continue
        scalar = {"number": "number", "boolean": "bool"}.get(_search(r"cdktn\.(\w+)ToTerraform", code), "string")
        collection = "set" if "listMapper(" in code else "map" if "hashMapper(" in code else None
        attributes[name] = ["o", [collection, scalar] if collection else scalar]
    return {"attributes": attributes, "blocks": blocks} if blocks else {"attributes": attributes}
