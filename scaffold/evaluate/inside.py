"""The inside of a module: its variables, locals, resources, module calls and outputs, evaluated when asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from scaffold.evaluate.blocks import argument_of
from scaffold.evaluate.declarations import Declarations
from scaffold.evaluate.expansion import SINGLE, Slot
from scaffold.evaluate.module_calls import ModuleCall
from scaffold.evaluate.resources import Resource
from scaffold.evaluate.root import Instance, Unread
from scaffold.evaluate.scope import Scope, Work, empty_scope
from scaffold.evaluate.unknown import Addressed, symbol
from scaffold.evaluate.values import Value
from scaffold.evaluate.variables import converted, unset
from scaffold.hcl.syntax import syntax


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

    def child(
        self, declared: Declarations, inputs: Mapping[str, Callable[[], Value]], address: str, slot: Slot
    ) -> "Inside":
        """Return the inside of a module that this one calls."""
        around = Slot(slot.key, None, slot.certain and self.slot.certain, slot.many or self.slot.many)
        return Inside(self.tree, declared, inputs, address, around, self.callers)

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
        return converted(argument_of(default, empty_scope()), kind)

    def local(self, name: str) -> Value:
        """Return the value of `local.<name>`."""
        if name not in self.declared.locals:
            return symbol(f"{self.prefix}local.{name}")
        attribute = self.declared.locals[name][1]
        return self.once(f"local.{name}", lambda: argument_of(attribute, self.scope))

    def output(self, name: str) -> Value:
        """Return the value of an output, as a caller sees it."""
        declared = self.declared.outputs.get(name)
        attribute = declared[1].body.attribute("value") if declared else None
        if attribute is None:
            return symbol(f"{self.prefix}{name}")
        return self.once(f"output.{name}", lambda: argument_of(attribute, self.scope))

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
