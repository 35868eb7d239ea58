"""Which resource a value leads to, among all that one root module makes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Symbol, Value

_KEY = re.compile(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\Z")


@dataclass(frozen=True, slots=True)
class References:
    """The resources and data sources of a root module by address, so that looking one up costs nothing.

    Attributes:
        addresses: every instance by its address.
        uncertain: those that stand for instances nobody can count, by the address without its key.
    """

    addresses: Mapping[str, Instance]
    uncertain: Mapping[str, Instance]

    def find(self, value: Value) -> Instance | None:
        """Return what a value is an attribute of: `aws_vpc.this.id` → `aws_vpc.this`; None where that is not told."""
        if not isinstance(value, Symbol) or not value.of:
            return None
        found = self.addresses.get(value.of)
        return found if found is not None else self.uncertain.get(_base(value.of))


def references(root: Root) -> References:
    """Index a root module's instances."""
    return References(
        {each.address: each for each in root.instances},
        {_base(each.address): each for each in root.instances if each.many or not each.certain},
    )


def several(value: Value) -> tuple[Value, ...]:
    """Return a list's items; of a value that is no list, because nobody knows it, the value itself."""
    return () if value is None else value if isinstance(value, tuple) else (value,)


def _base(address: str) -> str:
    return _KEY.sub("", address)
