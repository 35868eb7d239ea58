"""Whether every name that a module uses is declared, and has the attribute that is asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from scaffold.hcl import Attribute, Block, Body, Expression, Module, Reference
from scaffold.verify import terraform_language as language
from scaffold.verify.provider_data import ProviderData
from scaffold.verify.schema_blocks import Tally
from scaffold.verify.schema_types import broken_path, did_you_mean

_NO_REFERENCES = frozenset(
    (
        ("dynamic", "iterator"),
        ("lifecycle", "ignore_changes"),
        ("moved", "from"),
        ("moved", "to"),
        ("override_data", "target"),
        ("override_module", "target"),
        ("override_resource", "target"),
        ("plan_options", "mode"),
        ("plan_options", "replace"),
        ("plan_options", "target"),
        ("provisioner", "on_failure"),
        ("provisioner", "when"),
        ("removed", "from"),
        ("run", "command"),
    )
)
"""Arguments, by block, whose names are no references."""

_TAKES_PROVIDERS = frozenset(("data", "ephemeral", "import", "module", "resource"))


@dataclass(frozen=True)
class Declared:
    """What a module declares.

    Attributes:
        variables: each variable's block.
        locals: the names of its local values.
        outputs: the names of its outputs.
        modules: each module call's block.
        objects: each resource's, data source's and ephemeral resource's block by (kind, type, name).
        providers: the names of the providers it configures or is given, `aws.east` for an alias.
    """

    variables: dict[str, Block]
    locals: frozenset[str]
    outputs: frozenset[str]
    modules: dict[str, Block]
    objects: dict[tuple[str, str, str], Block]
    providers: frozenset[str]


def declared_in(module: Module) -> Declared:
    """Collect what `module` declares."""
    objects: dict[tuple[str, str, str], Block] = {}
    for kind in ("resource", "data", "ephemeral"):
        for _, block in module.blocks(kind):
            if len(block.labels) == 2:
                objects[kind, block.labels[0], block.labels[1]] = block
    for _, check in module.blocks("check"):
        for block in check.body.blocks_of("data"):
            if len(block.labels) == 2:
                objects["data", block.labels[0], block.labels[1]] = block
    return Declared(
        variables={block.labels[0]: block for _, block in module.blocks("variable") if block.labels},
        locals=frozenset(a.name for _, block in module.blocks("locals") for a in block.body.attributes),
        outputs=frozenset(block.labels[0] for _, block in module.blocks("output") if block.labels),
        modules={block.labels[0]: block for _, block in module.blocks("module") if block.labels},
        objects=objects,
        providers=_providers(module),
    )


def _providers(module: Module) -> frozenset[str]:
    names: set[str] = set()
    for _, block in module.blocks("provider"):
        if block.labels:
            alias = block.body.value("alias")
            names.add(f"{block.labels[0]}.{alias}" if isinstance(alias, str) else block.labels[0])
    for _, block in module.blocks("terraform"):
        for required in block.body.blocks_of("required_providers"):
            for attribute in required.body.attributes:
                names.update(str(reference) for reference in attribute.expression.references)
    return frozenset(names)


def local_source(module: Module, block: Block) -> str | None:
    """Return the folder that a module call's `source` names, or nothing when it is not a local one.

    A folder above the repository's root begins with `..`.
    """
    source = block.body.value("source")
    if not isinstance(source, str) or not source.startswith(("./", "../")):
        return None
    return resolve(module.path, source)


def resolve(folder: str, source: str) -> str:
    """Return `source`, a path with `.` and `..` in it, relative to the repository's root instead of to `folder`."""
    parts: list[str] = []
    for part in (*PurePosixPath(folder).parts, *PurePosixPath(source).parts):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


@dataclass(frozen=True, slots=True)
class _Scope:
    file: str
    block: Block
    names: frozenset[str] = frozenset()
    own_type: Any = None
    test_variables: frozenset[str] | None = None


class ReferenceChecker:
    """Checks the references of one module."""

    def __init__(
        self,
        module: Module,
        declared: Declared,
        tree: Mapping[str, Declared | None],
        data: ProviderData,
        tally: Tally,
    ) -> None:
        """Take the module, what it and each module of the repository declares, the schemas, and where findings go."""
        self._module = module
        self._tree = tree
        self._declared = declared
        self._data = data
        self._tally = tally
        self._used: set[str] = set()

    def check(self) -> None:
        """Check every expression of the module and of its tests, and find the variables that none uses."""
        for path, document in self._module.files:
            for block in document.body.blocks:
                own = block.labels[0] if block.type == "variable" and block.labels else None
                before = own in self._used
                self._body(block.body, block.type, _Scope(path, block, own_type=self._type_of(block)))
                if own is not None and not before:  # its own validation is no use of a variable
                    self._used.discard(own)
        self._unused()
        for path, document in self._module.tests:
            given = frozenset(a.name for b in document.body.blocks_of("variables") for a in b.body.attributes)
            for block in document.body.blocks_of("run"):
                if block.body.block("module") is None:  # another module's names are not known here
                    self._body(block.body, block.type, _Scope(path, block, frozenset(("run",)), test_variables=given))

    def _type_of(self, block: Block) -> Any:
        if block.type not in ("resource", "data", "ephemeral") or not block.labels:
            return None
        return self._schema_type(block.type, block.labels[0])

    def _schema_type(self, kind: str, name: str) -> Any:
        if name == "terraform_data":
            return ["block", language.BLOCKS[name]]
        schema = self._data.schema(kind, name)
        return None if schema is None else ["block", schema]

    def _unused(self) -> None:
        if not self._module.files:
            return
        for path, block in self._module.blocks("variable"):
            name = block.labels[0] if block.labels else ""
            if name and name not in self._used:
                message = f"The variable `{name}` is declared and never used."
                self._tally.find("unused-variable", message, path, block.line, "Use it or remove it.")

    def _body(self, body: Body, owner: str, scope: _Scope) -> None:
        for attribute in body.attributes:
            self._attribute(attribute, owner, scope)
        for block in body.blocks:
            inner = scope
            if block.type == "dynamic":
                iterator = block.body.attribute("iterator")
                name = iterator.expression.text if iterator is not None else (block.labels or ("",))[0]
                inner = _Scope(scope.file, scope.block, scope.names | {name}, scope.own_type, scope.test_variables)
            self._body(block.body, block.type, inner)

    def _attribute(self, attribute: Attribute, owner: str, scope: _Scope) -> None:
        name = attribute.name
        expression = attribute.expression
        if owner == "required_providers" or (owner, name) in _NO_REFERENCES:
            return
        if (owner, name) == ("variable", "type"):
            self._type_constraint(expression, scope)
            return
        if name in ("provider", "providers") and owner in _TAKES_PROVIDERS:
            self._provider(expression, scope)
            return
        for call in expression.calls:
            if call.name not in language.FUNCTIONS and "::" not in call.name:
                message = f"There is no function `{call.name}`."
                mend = did_you_mean(call.name, language.FUNCTIONS)
                self._tally.find("unknown-function", message, scope.file, call.line, mend)
        for reference in expression.references:
            self._tally.references += 1
            self._reference(reference, scope)

    def _type_constraint(self, expression: Expression, scope: _Scope) -> None:
        words = [(call.name, call.line, language.TYPE_CONSTRUCTORS) for call in expression.calls]
        words += [(str(reference), reference.line, language.TYPES) for reference in expression.references]
        for word, line, known in words:
            if word not in known:
                message = f"`{word}` is no type of Terraform's."
                self._tally.find("wrong-type", message, scope.file, line, did_you_mean(word, known))

    def _provider(self, expression: Expression, scope: _Scope) -> None:
        for reference in expression.references:
            name = str(reference)
            # A plain name may be a provider without any configuration; an alias must be declared.
            if "." in name and name not in self._declared.providers:
                message = f"The provider configuration `{name}` is not declared in this module."
                mend = did_you_mean(name, self._declared.providers, f"Add a provider block with this alias: {name}.")
                self._tally.find("dangling-reference", message, scope.file, reference.line, mend)

    def _reference(self, reference: Reference, scope: _Scope) -> None:
        root, *rest = reference.parts
        if root in scope.names:
            return
        if root in language.NAMES_OF:
            self._built_in(reference, scope)
        elif root == "var":
            self._variable(reference, scope)
        elif root == "local":
            self._named(reference, scope, self._declared.locals, "local value")
        elif root == "module":
            self._module_output(reference, scope)
        elif root == "output" and scope.test_variables is not None:
            self._named(reference, scope, self._declared.outputs, "output")
        elif root == "self":
            if scope.own_type is not None:
                self._path(reference, scope.own_type, tuple(rest), scope)
        elif root in ("data", "ephemeral"):
            self._object(reference, root, reference.parts[1:], scope)
        else:
            self._object(reference, "resource", reference.parts, scope)

    def _dangling(self, message: str, scope: _Scope, reference: Reference, mend: str) -> None:
        self._tally.find("dangling-reference", message, scope.file, reference.line, mend)

    def _built_in(self, reference: Reference, scope: _Scope) -> None:
        root = reference.parts[0]
        name = reference.parts[1] if len(reference.parts) > 1 else ""
        known = language.NAMES_OF[root]
        if name not in known:
            message = f"`{root}` has no attribute `{name}`, only {' and '.join(sorted(known))}."
            self._tally.find("unknown-attribute", message, scope.file, reference.line, did_you_mean(name, known))
        argument = {"each": "for_each", "count": "count"}.get(root)
        if argument is not None and scope.block.body.attribute(argument) is None:
            message = f"`{reference}` needs `{argument}` in {_address(scope.block)}, which has none."
            self._dangling(message, scope, reference, f"Add `{argument}`, or write what is meant instead.")

    def _variable(self, reference: Reference, scope: _Scope) -> None:
        known = frozenset(self._declared.variables)
        if scope.test_variables is not None:
            known |= scope.test_variables
        elif len(reference.parts) > 1:
            self._used.add(reference.parts[1])
        self._named(reference, scope, known, "variable")

    def _named(self, reference: Reference, scope: _Scope, known: frozenset[str], what: str) -> None:
        name = reference.parts[1] if len(reference.parts) > 1 else ""
        if name not in known:
            message = f"`{reference.parts[0]}.{name}` is used, and this module declares no such {what}."
            self._dangling(message, scope, reference, did_you_mean(name, known, f"Declare the {what}."))

    def _module_output(self, reference: Reference, scope: _Scope) -> None:
        name = reference.parts[1] if len(reference.parts) > 1 else ""
        call = self._declared.modules.get(name)
        if call is None:
            message = f"`module.{name}` is used, and no such module is called here."
            mend = did_you_mean(name, self._declared.modules, f"Add a block `module` named {name}.")
            self._dangling(message, scope, reference, mend)
            return
        rest = self._instance(reference, call, reference.parts[2:], scope)
        source = local_source(self._module, call)
        target = self._tree.get(source) if source is not None else None
        if rest and target is not None and not rest[0].startswith("[") and rest[0] not in target.outputs:
            message = f"The module `{name}` has no output `{rest[0]}`."
            mend = did_you_mean(rest[0], target.outputs)
            self._tally.find("unknown-output", message, scope.file, reference.line, mend)

    def _object(self, reference: Reference, kind: str, parts: tuple[str, ...], scope: _Scope) -> None:
        if len(parts) < 2 or parts[1].startswith("["):
            message = f"`{reference}` is no reference: a text needs quotes."
            self._dangling(message, scope, reference, f'Write "{reference}", or the whole address of what is meant.')
            return
        block = self._declared.objects.get((kind, parts[0], parts[1]))
        if block is None:
            what = "data source" if kind == "data" else "resource"
            message = f"`{reference}` is used, and this module declares no {what} `{parts[0]}.{parts[1]}`."
            known = [f"{k[1]}.{k[2]}" for k in self._declared.objects if k[0] == kind]
            mend = did_you_mean(f"{parts[0]}.{parts[1]}", known, f"Declare the {what}.")
            self._dangling(message, scope, reference, mend)
            return
        schema = self._schema_type(kind, parts[0])
        rest = self._instance(reference, block, parts[2:], scope)
        if schema is not None and rest:
            self._path(reference, schema, rest, scope)

    def _instance(self, reference: Reference, block: Block, rest: tuple[str, ...], scope: _Scope) -> tuple[str, ...]:
        """Return the steps after the instance key; find a key that is missing or out of place."""
        repeated = next((n for n in ("for_each", "count") if block.body.attribute(n) is not None), None)
        if repeated is None:
            if rest and rest[0].startswith("[") and rest[0] != "[*]":
                message = (
                    f"`{reference}` has an instance key, and {_address(block)} has neither `for_each` nor `count`."
                )
                self._tally.find("instance-key", message, scope.file, reference.line, f"Leave out {rest[0]}.")
                return ()
            return () if rest and rest[0] == "[*]" else rest
        if not rest:
            return ()
        if rest[0].startswith("["):
            if rest[0] == "[*]" and repeated == "for_each":
                message = f"`{reference}`: {_address(block)} has `for_each`, so it is a map, which has no `[*]`."
                mend = f"Use `values({_prefix(reference, len(rest))})[*]` or a `for` expression."
                self._tally.find("instance-key", message, scope.file, reference.line, mend)
                return ()
            return rest[1:]
        key = 'a key, `["…"]`,' if repeated == "for_each" else "an index, `[0]`,"
        message = f"`{reference}`: {_address(block)} has `{repeated}`, so {key} comes before `.{rest[0]}`."
        mend = f"Name the instance that is meant: `{_prefix(reference, len(rest))}[…].{rest[0]}`."
        self._tally.find("instance-key", message, scope.file, reference.line, mend)
        return ()

    def _path(self, reference: Reference, kind: Any, rest: tuple[str, ...], scope: _Scope) -> None:
        broken = broken_path(kind, rest)
        if broken is not None:
            subject = _prefix(reference, len(rest) - broken.step)
            shown = f"`{reference}`: `{subject}` {broken.problem}."
            self._tally.find("unknown-attribute", shown, scope.file, reference.line, broken.mend)


def _prefix(reference: Reference, dropped: int) -> str:
    parts = reference.parts[: len(reference.parts) - dropped]
    return str(Reference(parts, reference.line, reference.column))


def _address(block: Block) -> str:
    kind = "" if block.type == "resource" else f"{block.type}."
    return f"`{kind}{'.'.join(block.labels)}`"
