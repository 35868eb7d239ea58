"""Module calls: of local modules, of community modules that are known, and of others."""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scaffold.evaluate import community
from scaffold.evaluate.blocks import META, argument_of, told
from scaffold.evaluate.declarations import Declarations, Declared
from scaffold.evaluate.expanded import Expanded
from scaffold.evaluate.expansion import Slot
from scaffold.evaluate.root import Argument, Instance, Place, Unread
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Addressed, Many, symbol, text_of
from scaffold.evaluate.values import Symbol, Value
from scaffold.hcl import Attribute

if TYPE_CHECKING:
    from scaffold.evaluate.inside import Inside

MAX_MODULE_DEPTH = 8
"""How deep modules may call modules."""

_CALL_ONLY = META | {"source", "version", "providers"}


class ModuleCall(Expanded):
    """A call of a module."""

    def __init__(self, inside: "Inside", name: str, declared: Declared) -> None:
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
        if made is not None and not isinstance(made, community.Made):
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
            inputs = {name: _later(each, scope) for name, each in given.items()}
            if self.block.broken:
                inputs = {
                    name: _unknown(f"{address}.{name}, unless it is unset") for name in declared.variables
                } | inputs
            return inside.child(declared, inputs, address, slot)
        if self.block.broken:
            self._complaint = "does not parse"
            return None
        arguments = {
            name: Argument(told(argument_of(each, scope)), Place(self.file, each.line)) for name, each in given.items()
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
            if made is None:
                continue
            if not isinstance(made, community.Made):
                yield from made.instances()
            else:
                tree.unread.extend(made.unread)
                certain, many = slot.certain and around.certain, slot.many or around.many
                for each in made.instances:
                    yield replace(each, certain=each.certain and certain, many=each.many or many)
        if self._complaint:
            tree.unread.append(Unread(self.base, self._complaint, self.place, self.source))


def _later(attribute: Attribute, scope: Scope) -> Callable[[], Value]:
    return lambda: argument_of(attribute, scope)


def _unknown(text: str) -> Callable[[], Value]:
    return lambda: symbol(text)
