"""Lambda functions, drawn from a root module's resources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.iam import Role, role_of

CONFIG = "capacity_provider_config"
"""The block that puts a function on a capacity provider of Lambda Managed Instances."""

DURABLE = "durable_config"
"""The block that makes a function durable."""

Target = Literal["qualified", "bare"]
"""What of a function is called: a published version or an alias, or `$LATEST`."""

_QUALIFIED = frozenset({"qualified_arn", "qualified_invoke_arn"})


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_lambda_function`.
        role: its execution role, where the root module makes it.
        aliases: its `aws_lambda_alias`.
    """

    root: Root
    instance: Instance
    role: Role | None
    aliases: tuple[Instance, ...]

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def name(self) -> Value:
        """Its name."""
        return self.instance.get("function_name")

    @property
    def architectures(self) -> Value:
        """Its CPU architectures; the API's default is x86_64."""
        given = self.instance.get("architectures")
        return ("x86_64",) if given is None else given

    @property
    def log_group(self) -> Value:
        """The name of the log group it writes to."""
        given = self.instance.get("logging_config", "log_group")
        return joined("/aws/lambda/", self.name) if given is None else given

    def is_named(self, value: Value) -> bool:
        """Return whether a value is its name."""
        return value is not None and (
            value == self.name
            or (isinstance(value, Symbol) and value.of == self.address and value.attribute in ("function_name", "id"))
        )

    def called_by(self, value: Value) -> Target | None:
        """Return what of the function a value names: an ARN or a name, as others refer to it; None if nothing."""
        if isinstance(value, Symbol):
            if value.of in {alias.address for alias in self.aliases}:
                return "qualified"
            if value.of == self.address:
                return "qualified" if value.attribute in _QUALIFIED else "bare"
        if self.is_named(value):
            return "bare"
        if isinstance(value, Joined):
            return self._called_in(value)
        if isinstance(value, str) and isinstance(self.name, str):
            found = re.fullmatch(rf"(?:.*:function:)?{re.escape(self.name)}(:[\w$-]+)?(?:/invocations)?", value)
            return None if found is None else "qualified" if found[1] else "bare"
        return None

    def _called_in(self, value: Joined) -> Target | None:
        """Return what of the function a text with its ARN in it names: `${aws_lambda_function.a.arn}:live`."""
        for place, part in enumerate(value.parts):
            found = self.called_by(part) if isinstance(part, Symbol) else None
            if found is not None:
                after = value.parts[place + 1] if place + 1 < len(value.parts) else ""
                return "qualified" if isinstance(after, str) and after.startswith(":") else found
        return None


def functions_of(root: Root) -> Iterator[Function]:
    """Yield every function that a root module makes."""
    for each in root.of("aws_lambda_function"):
        yield Function(
            root=root,
            instance=each,
            role=role_of(root, each.get("role")),
            aliases=tuple(alias for alias in root.of("aws_lambda_alias") if _is_of(alias, each)),
        )


def may_be_managed(function: Instance) -> bool:
    """Return whether a function runs, or may run, on a capacity provider of Lambda Managed Instances."""
    return CONFIG in function.body.blocks or _is_set(function, CONFIG)


def may_be_durable(function: Instance) -> bool:
    """Return whether a function is, or may be, durable."""
    return DURABLE in function.body.blocks or _is_set(function, DURABLE)


def _is_set(function: Instance, name: str) -> bool:
    given: Argument | None = function.body.arguments.get(name)
    return given is not None and given.value not in (None, ())


def _is_of(alias: Instance, function: Instance) -> bool:
    value = alias.get("function_name")
    named = value is not None and value == function.get("function_name")
    return named or (isinstance(value, Symbol) and value.of == function.address)
