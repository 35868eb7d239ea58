"""What an expression is worth, as far as can be said without calling anything; the rest keeps its identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A value that only Terraform or AWS can know. Two symbols of one text are one value; of two texts, nobody knows.

    Attributes:
        text: what it is, in Terraform's words and with the module it belongs to: `var.region`,
            `module.network.aws_vpc.this.id`, `data.aws_availability_zones.available.names[0]`,
            `aws_subnet.private["a"].id`, `each.key of aws_subnet.private`, or an expression nobody can evaluate.
        of: the address of the resource or data source whose attribute it is, an `Instance.address`; else empty.
        attribute: the attribute of that resource, `id` or `arn` or `vpc_config[0].vpc_id`; else empty.
    """

    text: str
    of: str = ""
    attribute: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Joined:
    """A text of which only parts are known: `com.amazonaws.`, a symbol, `.s3`. Never two texts side by side."""

    parts: tuple[str | Symbol, ...]


Key: TypeAlias = str | Symbol | Joined
"""The key of a map or of a `for_each` instance."""

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Mapping[Key, Value] | Symbol | Joined | None"
"""A value of Terraform's language.

Lists, tuples and sets are all tuples; a set's items are sorted where all of them are texts, else in the order found. A
mapping that `may_hold_more` has one key that stands for those nobody knows.
"""

_ANY_KEY = "any other key of "
_ZONES = re.compile(r"(.*\bdata\.aws_availability_zones\..*)\[(\d+)\]\Z", re.DOTALL)


def any_key(of: str) -> Symbol:
    """Return the key that stands in a mapping for all keys of a collection that cannot be evaluated."""
    return Symbol(_ANY_KEY + of)


def is_any_key(key: object) -> bool:
    """Return whether a mapping's key is one that `any_key` made."""
    return isinstance(key, Symbol) and key.text.startswith(_ANY_KEY)


def may_hold_more(mapping: Mapping[Key, "Value"]) -> bool:
    """Return whether a mapping may have further keys: `merge(var.tags, { Name = "a" })` with unknown `var.tags`."""
    return any(is_any_key(key) for key in mapping)


def is_zone(value: "Value") -> bool:
    """Return whether a symbol is an item of a list of a data source of availability zones."""
    return isinstance(value, Symbol) and _ZONES.match(value.text) is not None


def different_zones(one: "Value", other: "Value") -> bool:
    """Return whether two symbols are two places of one list of a data source of availability zones.

    AWS names no zone twice, so they are different for sure: `data.aws_availability_zones.x.names[0]` and `…[1]`.
    """
    if not isinstance(one, Symbol) or not isinstance(other, Symbol):
        return False
    left, right = _ZONES.match(one.text), _ZONES.match(other.text)
    return left is not None and right is not None and left[1] == right[1] and left[2] != right[2]


def known(value: Value) -> bool:
    """Return whether nothing in a value is unknown."""
    if isinstance(value, Symbol | Joined):
        return False
    if isinstance(value, tuple):
        return all(known(each) for each in value)
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and known(each) for key, each in value.items())
    return True
