"""The inside of a module: its variables, locals, resources, module calls and outputs, evaluated when asked for."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scaffold.compare import community
from scaffold.compare.blocks import META, blocks_of, kinds_of
from scaffold.compare.declarations import Declarations, Declared
from scaffold.compare.evaluate import value_of
from scaffold.compare.expansion import SINGLE, Expansion, Slot, of_count, of_each
from scaffold.compare.repository import Argument, Body, Instance, Place, Unread
from scaffold.compare.scope import Scope, Work, empty_scope
from scaffold.compare.unknown import Addressed, Either, Many, symbol, text_of
from scaffold.compare.values import Key, Symbol, Value, is_any_key
from scaffold.compare.variables import converted, unset
from scaffold.hcl import Attribute, Block
from scaffold.hcl.syntax import syntax

MAX_MODULE_DEPTH = 8
"""How deep modules may call modules."""

_CALL_ONLY = META | {"source", "version", "providers"}


@dataclass(slots=True)
class Tree:
    """What the modules of one root module share.

    Attributes:
        modules: the repository's modules, by folder.
        root: the root module's folder.
        work: the work done so far.
        folders: the folders that are part of it.
        unread: what may make more than is known.
    """

    modules: Mapping[str, Declarations]
    root: str
    work: Work = field(default_factory=Work)
    folders: set[str] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)


class Inside:
    """A module under one address, with one set of inputs."""

    def __init__(
        self,
        tree: Tree,
        declared: Declarations,
        inputs: Mapping[str, Callable[[], Value]],
        address: str = "",
        slot: Slot = SINGLE.slots[0],
        callers: tuple[str, ...] = (),
    ) -> None:
        """Take what the module declares and is given; nothing is evaluated yet.

        Args:
            tree: what it shares with the other modules of its root module.
            declared: what it declares.
            inputs: its variables, as far as they are given.
            address: of the call that this is the inside of; empty for the root module.
            slot: whether it is there at all, and more than once.
            callers: the folders of the modules around it.
        """
        self.tree, self.declared, self.address, self.slot = tree, declared, address, slot
        self.prefix = f"{address}." if address else ""
        self.callers = (*callers, declared.path)
        self.scope = Scope(self._resolve, tree.work, address or declared.path)
        self._inputs = inputs
        self._found: dict[str, Value] = {}
        self._running: set[str] = set()
        self._resources: dict[tuple[str, str, str], Resource] = {}
        self._calls: dict[str, ModuleCall] = {}
        self._types = {kind for mode, kind, _ in declared.resources if mode == "resource"}
        tree.folders.add(declared.path)

    def once(self, text: str, find: Callable[[], Value]) -> Value:
        """Return what is known under a text; what needs itself to be evaluated is a symbol."""
        if text in self._found:
            return self._found[text]
        if text in self._running:
            return symbol(f"{self.prefix}{text}")
        self._running.add(text)
        self.tree.work.depth += 1
        try:
            self._found[text] = find()
        finally:
            self.tree.work.depth -= 1
            self._running.discard(text)
        return self._found[text]

    def _resolve(self, name: str) -> Value:
        spaces: Mapping[str, Callable[[str], Value]] = {
            "var": self.variable,
            "local": self.local,
            "module": self._call_value,
            "data": self._data,
            "path": self._path,
            "terraform": lambda which: symbol(f"terraform.{which}"),
        }
        if name in spaces:
            return Addressed(f"{self.prefix}{name}", (), spaces[name])
        if name in self._types:
            return Addressed(f"{self.prefix}{name}", (), lambda which: self._resource_value("resource", name, which))
        return symbol(f"{self.prefix}{name}")

    def _data(self, kind: str) -> Value:
        return Addressed(f"{self.prefix}data.{kind}", (), lambda name: self._resource_value("data", kind, name))

    def _path(self, which: str) -> Value:
        return symbol(f"path.module of {self.declared.path}" if which == "module" else f"path.{which}")

    def variable(self, name: str) -> Value:
        """Return the value of `var.<name>`."""
        return self.once(f"var.{name}", lambda: self._variable(name))

    def _variable(self, name: str) -> Value:
        text = f"{self.prefix}var.{name}"
        if name not in self.declared.variables:
            return symbol(text)
        body = self.declared.variables[name][1].body
        written = body.attribute("type")
        kind = syntax(written.expression.text) if written else None
        default = body.attribute("default")
        if name in self._inputs:
            value = converted(self._inputs[name](), kind)
            if value is not None or body.value("nullable") is not False or default is None:
                return value
        if default is None:
            return unset(text, kind)
        return converted(value_of(default.expression, empty_scope()), kind)

    def local(self, name: str) -> Value:
        """Return the value of `local.<name>`."""
        if name not in self.declared.locals:
            return symbol(f"{self.prefix}local.{name}")
        attribute = self.declared.locals[name][1]
        return self.once(f"local.{name}", lambda: value_of(attribute.expression, self.scope))

    def output(self, name: str) -> Value:
        """Return the value of an output, as a caller sees it."""
        declared = self.declared.outputs.get(name)
        attribute = declared[1].body.attribute("value") if declared else None
        if attribute is None:
            return symbol(f"{self.prefix}{name}")
        return self.once(f"output.{name}", lambda: value_of(attribute.expression, self.scope))

    def _resource_value(self, mode: str, kind: str, name: str) -> Value:
        if (mode, kind, name) not in self.declared.resources:
            return symbol(f"{self.prefix}{'data.' if mode == 'data' else ''}{kind}.{name}")
        return self._resource((mode, kind, name)).value()

    def _resource(self, which: tuple[str, str, str]) -> "Resource":
        if which not in self._resources:
            self._resources[which] = Resource(self, which, self.declared.resources[which])
        return self._resources[which]

    def _call_value(self, name: str) -> Value:
        return self._call(name).value() if name in self.declared.calls else symbol(f"{self.prefix}module.{name}")

    def _call(self, name: str) -> "ModuleCall":
        if name not in self._calls:
            self._calls[name] = ModuleCall(self, name, self.declared.calls[name])
        return self._calls[name]

    def instances(self) -> Iterator[Instance]:
        """Yield every resource and data source of the module and of the modules it calls."""
        self.tree.unread.extend(self.declared.unread)
        resources = [self._resource(which) for which in self.declared.resources]
        for resource in sorted(resources, key=lambda each: each.base):
            yield from resource.instances()
        for name in sorted(self.declared.calls):
            yield from self._call(name).instances()


class _Expanded:
    """A block with `count` or `for_each`, or neither: what a resource and a module call have in common."""

    def __init__(self, inside: Inside, base: str, declared: Declared) -> None:
        self.inside, self.base = inside, base
        self.file, self.block = declared
        self._expansion: Expansion | None = None
        self._expanding = False

    def expansion(self) -> Expansion:
        """Return its slots; where they depend on themselves, nobody knows how many there are."""
        if self._expansion is None:
            if self._expanding:
                return of_each(symbol(f"{self.base} itself"), self.inside.scope)
            self._expanding = True
            self.inside.tree.work.depth += 1
            try:
                self._expansion = self._expand()
            finally:
                self.inside.tree.work.depth -= 1
                self._expanding = False
        return self._expansion

    def _expand(self) -> Expansion:
        scope = self.inside.scope
        for name, expand in (("count", of_count), ("for_each", of_each)):
            attribute = self.block.body.attribute(name)
            if attribute is not None:
                return expand(value_of(attribute.expression, scope), scope)
        return SINGLE

    def address(self, slot: Slot) -> str:
        """Return the address of what is in a slot."""
        if slot.key is None:
            return self.base
        if slot.many:
            return f"{self.base}[{'count.index' if self._counted else 'each.key'}]"
        return f"{self.base}[{text_of(slot.key)}]"

    def scope(self, slot: Slot, here: str) -> Scope:
        """Return the scope of a slot's arguments."""
        names: dict[str, Value] = {}
        if slot.key is not None:
            names = (
                {"count": {"index": slot.key}} if self._counted else {"each": {"key": slot.key, "value": slot.value}}
            )
        return replace(self.inside.scope, here=here).binding(names)

    @property
    def _counted(self) -> bool:
        return self.block.body.attribute("count") is not None

    def value(self) -> Value:
        """Return what a reference to all of it is worth."""
        expansion = self.expansion()
        slots = expansion.slots
        if len(slots) == 1 and slots[0].key is None:
            return self.object(slots[0])
        if expansion.collection is not None:
            many = expansion.collection
            return Many(self.base, self.address(slots[0]), "", many.keys, self._at, many.count)
        every = self._collected(slots)
        sure = tuple(slot for slot in slots if slot.certain or is_any_key(slot.key))
        return every if len(sure) == len(slots) else Either(self.base, options=(every, self._collected(sure)))

    def _collected(self, slots: tuple[Slot, ...]) -> Value:
        if self._counted:
            return tuple(self.object(slot) for slot in slots)
        return {slot.key: self.object(slot) for slot in slots if isinstance(slot.key, Key)}

    def _at(self, key: Value) -> Value:
        """Return the object under a key, where nobody knows which keys there are."""
        expansion = self.expansion()
        if key == expansion.slots[0].key or expansion.collection is None:
            return self.object(expansion.slots[0])
        if not (isinstance(key, Symbol) and key.text.startswith("key ")):
            self.inside.tree.work.assumed += 1  # that it is one of them
        return self.under(key, expansion.slots[0], expansion.collection)

    def object(self, slot: Slot) -> Value:
        """Return what a reference to the instance in a slot is worth."""
        raise NotImplementedError

    def under(self, key: Value, slot: Slot, collection: Many) -> Value:
        """Return what a reference to the instance under a key is worth, where one slot stands for all instances."""
        raise NotImplementedError


class Resource(_Expanded):
    """A resource or data source."""

    def __init__(self, inside: Inside, which: tuple[str, str, str], declared: Declared) -> None:
        mode, self.kind, self.name = which
        self.data = mode == "data"
        super().__init__(inside, f"{inside.prefix}{'data.' if self.data else ''}{self.kind}.{self.name}", declared)
        self._made: dict[str, Occupant] = {}

    def object(self, slot: Slot) -> Value:
        """Return what a reference to the instance in a slot is worth."""
        return self.occupant(slot).object()

    def under(self, key: Value, slot: Slot, collection: Many) -> Value:
        """Return what a reference to the instance under a key is worth, where one slot stands for all instances."""
        other = Slot(key if isinstance(key, Key | int) else text_of(key), collection.at(key))
        return self.occupant(other, self.address(slot)).object()

    def occupant(self, slot: Slot, of: str = "") -> "Occupant":
        """Return the instance in a slot."""
        address = self.address(slot)
        if address not in self._made:
            self._made[address] = Occupant(self, slot, address, of or address)
        return self._made[address]

    def instances(self) -> Iterator[Instance]:
        """Yield every instance, evaluated."""
        around = self.inside.slot
        for slot in self.expansion().slots:
            self.inside.tree.work.steps += 20
            occupant = self.occupant(slot)
            yield Instance(
                occupant.address,
                self.data,
                self.kind,
                self.name,
                slot.key,
                self.inside.address,
                occupant.body(),
                certain=slot.certain and around.certain,
                many=slot.many or around.many,
            )


class Occupant:
    """One instance of a resource."""

    def __init__(self, resource: Resource, slot: Slot, address: str, of: str) -> None:
        self.resource, self.address, self.of = resource, address, of
        self.block: Block = resource.block
        self.written = {attribute.name: attribute for attribute in reversed(self.block.body.attributes)}
        self.kinds = frozenset(kinds_of(self.block.body))
        self._blocks: dict[str, tuple[tuple[Body, ...], bool]] = {}
        scope = resource.scope(slot, address)
        self.scope = scope.binding({"self": self.object()})

    def object(self) -> Addressed:
        """Return what a reference to it is worth."""
        names = tuple(name for name in self.written if name not in META)
        return Addressed(self.address, (*names, *self.kinds), self._attribute)

    def _attribute(self, name: str) -> Value:
        if name in self.written and name not in META:
            value = self._argument(name)
            # What is null is the provider's to choose.
            return self._computed(name) if value is None else value
        if name in self.kinds:
            return self._block_objects(name)
        return self._computed(name)

    def _computed(self, path: str) -> Symbol:
        return symbol(f"{self.address}.{path}", self.of, path)

    def _argument(self, name: str) -> Value:
        text = f"{self.address.removeprefix(self.resource.inside.prefix)}.{name}"
        expression = self.written[name].expression
        return self.resource.inside.once(text, lambda: value_of(expression, self.scope))

    def _of_kind(self, kind: str) -> tuple[tuple[Body, ...], bool]:
        if kind not in self._blocks:
            self._blocks[kind] = ((), True)  # what it is to itself, while it is evaluated
            self._blocks[kind] = blocks_of(self.block.body, kind, self.scope, self.resource.file)
        return self._blocks[kind]

    def _block_objects(self, kind: str) -> Value:
        bodies, is_open = self._of_kind(kind)
        if is_open:
            return self._computed(kind)
        return tuple(self._block_object(body, f"{kind}[{place}]") for place, body in enumerate(bodies))

    def _block_object(self, body: Body, path: str) -> Value:
        def attribute(name: str) -> Value:
            if name in body.arguments:
                value = body.arguments[name].value
                return self._computed(f"{path}.{name}") if value is None else value
            if name in body.blocks and name not in body.open:
                inner = enumerate(body.blocks[name])
                return tuple(self._block_object(each, f"{path}.{name}[{place}]") for place, each in inner)
            return self._computed(f"{path}.{name}")

        return Addressed(f"{self.address}.{path}", (*body.arguments, *body.blocks), attribute)

    def body(self) -> Body:
        """Return all of it, evaluated."""
        file = self.resource.file
        arguments = {
            attribute.name: Argument(self._argument(attribute.name), Place(file, attribute.line))
            for attribute in self.block.body.attributes
            if attribute.name not in META
        }
        blocks = {kind: self._of_kind(kind) for kind in kinds_of(self.block.body)}
        return Body(
            arguments,
            {kind: bodies for kind, (bodies, _) in blocks.items()},
            frozenset(kind for kind, (_, is_open) in blocks.items() if is_open),
            Place(file, self.block.line),
        )


class ModuleCall(_Expanded):
    """A call of a module."""

    def __init__(self, inside: Inside, name: str, declared: Declared) -> None:
        super().__init__(inside, f"{inside.prefix}module.{name}", declared)
        source = self.block.body.value("source")
        version = self.block.body.value("version")
        self.source = source if isinstance(source, str) else ""
        self.version = version if isinstance(version, str) else ""
        self._made: dict[str, Inside | community.Made | None] = {}
        self._complaint = ""

    @property
    def place(self) -> Place:
        """Where the call starts."""
        return Place(self.file, self.block.line)

    def object(self, slot: Slot) -> Value:
        """Return what a reference to the instance in a slot is worth: its outputs."""
        made = self._content(slot)
        address = self.address(slot)
        if isinstance(made, Inside):
            return Addressed(address, tuple(made.declared.outputs), made.output)
        outputs = made.outputs if made else {}

        def output(name: str) -> Value:
            return outputs[name] if name in outputs else symbol(f"{address}.{name}")

        return Addressed(address, tuple(outputs), output)

    def under(self, key: Value, slot: Slot, collection: Many) -> Value:
        """Return what a reference to the instance under a key is worth, where one slot stands for all instances."""
        whole, own, address = self.object(slot), self.address(slot), f"{self.base}[{text_of(key)}]"
        mark = text_of(slot.key) if not isinstance(slot.key, int) else ""

        def output(name: str) -> Value:
            value = whole.attribute(name) if isinstance(whole, Addressed) else None
            text = text_of(value)
            if own not in text and mark not in text:
                return value
            of, attribute = (value.of, value.attribute) if isinstance(value, Symbol) else ("", "")
            return symbol(f"{address}.{name}", of, attribute)

        return Addressed(address, (), output)

    def _content(self, slot: Slot) -> "Inside | community.Made | None":
        address = self.address(slot)
        if address not in self._made:
            self._made[address] = None  # what it is to itself, while it is evaluated
            self._made[address] = self._open(slot, address)
        return self._made[address]

    def _open(self, slot: Slot, address: str) -> "Inside | community.Made | None":
        tree, inside = self.inside.tree, self.inside
        tree.work.steps += 100
        scope = self.scope(slot, address)
        given = {each.name: each for each in self.block.body.attributes if each.name not in _CALL_ONLY}
        if self.source.startswith(("./", "../")):
            declared = self._local()
            if declared is None:
                return None
            around = Slot(slot.key, None, slot.certain and inside.slot.certain, slot.many or inside.slot.many)
            inputs = {name: _later(each, scope) for name, each in given.items()}
            return Inside(tree, declared, inputs, address, around, inside.callers)
        arguments = {
            name: Argument(value_of(each.expression, scope), Place(self.file, each.line))
            for name, each in given.items()
        }
        made = community.expand(community.Call(address, self.source, self.version, arguments, self.place))
        if made is None:
            self._complaint = f"is {self.source or 'from somewhere that is not written as a text'}"
            self._complaint += ", whose inside is not known here"
        return made

    def _local(self) -> Declarations | None:
        folder = posixpath.normpath(posixpath.join(self.inside.declared.path, self.source))
        if folder.startswith(".."):
            self._complaint = f"is {self.source}, which is outside of the repository"
        elif folder not in self.inside.tree.modules:
            self._complaint = f"is {self.source}, where no Terraform is"
        elif folder in self.inside.callers:
            self._complaint = f"is {self.source}, which calls itself"
        elif len(self.inside.callers) > MAX_MODULE_DEPTH:
            self._complaint = f"is {self.source}, more than {MAX_MODULE_DEPTH} modules deep"
        elif self.inside.tree.work.exhausted:
            self._complaint = f"is {self.source}, and the root module is too large to look into all of it"
        else:
            return self.inside.tree.modules[folder]
        return None

    def instances(self) -> Iterator[Instance]:
        """Yield what every instance of the module makes."""
        tree, around = self.inside.tree, self.inside.slot
        for slot in self.expansion().slots:
            made = self._content(slot)
            if isinstance(made, Inside):
                yield from made.instances()
            elif made is not None:
                tree.unread.extend(made.unread)
                certain, many = slot.certain and around.certain, slot.many or around.many
                for each in made.instances:
                    yield replace(each, certain=each.certain and certain, many=each.many or many)
        if self._complaint:
            tree.unread.append(Unread(self.base, self._complaint, self.place))


def _later(attribute: Attribute, scope: Scope) -> Callable[[], Value]:
    return lambda: value_of(attribute.expression, scope)
