"""Blocks with `count` or `for_each`, or neither: what resources and module calls have in common."""

from typing import TYPE_CHECKING

from scaffold.evaluate.blocks import argument_of
from scaffold.evaluate.declarations import Declared
from scaffold.evaluate.expansion import SINGLE, Expansion, Slot, of_count, of_each
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Either, Many, symbol, text_of
from scaffold.evaluate.values import Key, Symbol, Value, is_any_key

if TYPE_CHECKING:
    from scaffold.evaluate.inside import Inside


class Expanded:
    """A block of a module, with a slot for each of its instances."""

    def __init__(self, inside: "Inside", base: str, declared: Declared) -> None:
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
                return expand(argument_of(attribute, scope), scope)
        # What does not parse may have a `count` or `for_each` that is not found.
        return Expansion((Slot(None, certain=False),)) if self.block.broken else SINGLE

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
        return Scope(self.inside.scope.resolve, self.inside.tree.work, here, names)

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
