"""What an expression is worth, as far as can be said without calling anything; the rest keeps its identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Symbol:
    """A value that only Terraform or AWS can know. Two symbols of one text are one value; of two texts, nobody knows.

    Attributes:
        text: what it is, in Terraform's words and with the module it belongs to: `var.region`,
            `module.network.aws_vpc.this.id`, `data.aws_availability_zones.available.names[0]`,
            `aws_subnet.private["a"].id`, `each.key of aws_subnet.private`, or an expression nobody can evaluate.
        of: the address of the resource or data source whose attribute it is, an `Instance.address`; else empty.
        attribute: the attribute of that resource, `id` or `arn`; else empty.
    """

    text: str
    of: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """A text of which only parts are known: `com.amazonaws.`, a symbol, `.s3`. Never two texts side by side."""

    parts: tuple[str | Symbol, ...]


Key: TypeAlias = str | Symbol | Joined
"""The key of a map or of a `for_each` instance."""

Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Mapping[Key, Value] | Symbol | Joined | None"
"""A value of Terraform's language. Lists, tuples and sets are all tuples; a set's items come in the order found."""


def known(value: Value) -> bool:
    """Return whether nothing in a value is unknown."""
    if isinstance(value, Symbol | Joined):
        return False
    if isinstance(value, tuple):
        return all(known(each) for each in value)
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and known(each) for key, each in value.items())
    return True
