"""Resources and data sources: their instances, and what references to them are worth."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scaffold.evaluate.blocks import META, argument_of, blocks_of, kinds_of, told
from scaffold.evaluate.declarations import Declared
from scaffold.evaluate.expanded import Expanded
from scaffold.evaluate.expansion import Slot
from scaffold.evaluate.root import Argument, Body, Instance, Place
from scaffold.evaluate.unknown import Addressed, Many, symbol, text_of
from scaffold.evaluate.values import Key, Symbol, Value
from scaffold.hcl import Block

if TYPE_CHECKING:
    from scaffold.evaluate.inside import Inside


class Resource(Expanded):
    """A resource or data source."""

    def __init__(self, inside: "Inside", which: tuple[str, str, str], declared: Declared) -> None:
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
        return self.resource.inside.once(text, lambda: argument_of(self.written[name], self.scope))

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
            attribute.name: Argument(told(self._argument(attribute.name)), Place(file, attribute.line))
            for attribute in self.block.body.attributes
            if attribute.name not in META
        }
        blocks = {kind: self._of_kind(kind) for kind in kinds_of(self.block.body)}
        return Body(
            arguments,
            {kind: bodies for kind, (bodies, _) in blocks.items()},
            frozenset(kind for kind, (_, is_open) in blocks.items() if is_open),
            Place(file, self.block.line),
            partial=self.block.broken,
        )
