"""Reading a community module's inputs and writing the resources it makes of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.evaluate.community import Call
from scaffold.evaluate.root import Argument, Body, Instance, Place
from scaffold.evaluate.values import Joined, Key, Symbol, Value, may_hold_more


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a call. What is not set has its default, and for its place that of the call."""

    call: Call

    def read(self, *names: str, default: Value = None) -> Argument:
        """Return the input that is set under one of its names, or else its default."""
        for name in names:
            if name in self.call.arguments:
                return self.call.arguments[name]
        return Argument(default, self.call.place)

    def on(self, *names: str, default: Value = False) -> bool | None:
        """Return whether a boolean input is true; None where nobody can say."""
        return truth(self.read(*names, default=default).value)

    def argument(self, value: Value) -> Argument:
        """Return what the module itself sets."""
        return Argument(value, self.call.place)

    def output(self, resource: Instance, attribute: str) -> Symbol:
        """Return an attribute of a resource it makes."""
        return Symbol(f"{resource.address}.{attribute}", resource.address, attribute)

    def make(
        self,
        kind: str,
        name: str,
        arguments: Mapping[str, Argument],
        blocks: Mapping[str, tuple[Body, ...]] | None = None,
        *,
        key: Key | int | None = 0,
        inside: str = "",
        sure: bool | None = True,
        unsure_blocks: frozenset[str] = frozenset(),
        place: Place | None = None,
    ) -> Instance:
        """Return a resource it makes.

        Args:
            kind: the resource's type.
            name: its name.
            arguments: what is set.
            blocks: its nested blocks.
            key: of its `count` or `for_each`.
            inside: the module calls within the community module: `module.kms`.
            sure: whether it is made: True, or None where nobody can say.
            unsure_blocks: the types of blocks that may be there or not.
            place: where it comes from, if not from the call as a whole.
        """
        module = f"{self.call.address}.{inside}" if inside else self.call.address
        return Instance(
            address=f"{module}.{kind}.{name}{index(key)}",
            data=False,
            type=kind,
            name=name,
            key=key,
            module=module,
            body=Body(dict(arguments), dict(blocks or {}), unsure_blocks, place or self.call.place),
            certain=sure is True,
            origin=self.call.source,
        )

    def block(self, arguments: Mapping[str, Argument], **blocks: Body) -> Body:
        """Return a nested block."""
        places = [each.place for each in arguments.values() if each.place != self.call.place]
        place = places[0] if places else self.call.place
        return Body(dict(arguments), {kind: (body,) for kind, body in blocks.items()}, frozenset(), place)


def truth(value: Value) -> bool | None:
    """Return whether Terraform takes a value for true; None where it is not known."""
    if isinstance(value, Symbol | Joined):
        return None
    return value is True or value == "true"


def item(mapping: Mapping[Key, Value], key: str, default: Value = None) -> Value:
    """Return the value of a key; a symbol where nobody knows whether the mapping has it."""
    if key not in mapping and may_hold_more(mapping):
        return Symbol(f"{key}, which may be among what is not known")
    return mapping.get(key, default)


def both(*conditions: bool | None) -> bool | None:
    """Return whether all conditions hold; None where that depends on one that is not known."""
    return False if False in conditions else None if None in conditions else True


def either(condition: bool | None, then: Value, otherwise: Value, text: str) -> Value:
    """Return what `condition ? then : otherwise` is, or a symbol called `text` where that is not known."""
    if condition is None and then != otherwise:
        return Symbol(text)
    return then if condition is not False else otherwise


def index(key: Key | int | None) -> str:
    """Return a key as it stands in an address."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    return f'["{key}"]' if isinstance(key, str) else "[each.key]"


def trust_policy(service: str, *actions: str) -> str:
    """Return the policy of a role that a service may take."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
