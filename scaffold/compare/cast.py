"""The parts of a root module's resources, with what they are told from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scaffold.compare.function_parts import FunctionParts
from scaffold.compare.layout import Layout
from scaffold.compare.uses import Uses
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Value
from scaffold.facts.security_groups import SecurityGroup


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts of a root module.

    Attributes:
        uses: how its resources hang together.
        layout: where in the network they stand.
        roles: each resource's part, by address.
        groups: its security groups with their rules, by address.
        functions: its functions by the parts they play.
        logs: whose logs its log groups hold, by address.
    """

    uses: Uses
    layout: Layout
    roles: Mapping[str, str]
    groups: Mapping[str, SecurityGroup]
    functions: FunctionParts
    logs: Mapping[str, str]

    @property
    def root(self) -> Root:
        """The root module."""
        return self.uses.root


Namer = Callable[[Cast, Instance], str]
"""What gives a resource the name of its part; an empty text where its type says all."""


def user(cast: Cast, instance: Instance, users: Iterable[tuple[str, str, str]]) -> str:
    """Return what an instance is called for the first of its users; an empty text where it has none of them.

    Args:
        cast: the parts of the root module, as far as they are known.
        instance: the instance.
        users: for each a type, the end of the path of an argument, and what an instance is called that is used there.
    """
    for kind, argument, name in users:
        if cast.uses.used_as(instance, kind, argument) is not None:
            return name
    return ""


def text(value: Value) -> str:
    """Return what is known of a text, with `*` for the rest; of any other value an empty text."""
    if isinstance(value, Joined):
        return "".join(part if isinstance(part, str) else "*" for part in value.parts)
    return value if isinstance(value, str) else ""
