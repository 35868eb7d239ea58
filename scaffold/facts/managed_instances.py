"""Lambda Managed Instances: capacity providers and the functions on them, drawn from a root module's resources."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance, Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import References, references, several
from scaffold.facts.iam import Role, role_of
from scaffold.facts.security_groups import SecurityGroup, security_groups

_CONFIG = "capacity_provider_config"
_SETTINGS = (_CONFIG, "lambda_managed_instances_capacity_provider_config")

Target = Literal["qualified", "bare"]
"""What of a function is called: a published version or an alias, or `$LATEST`."""

_QUALIFIED = frozenset({"qualified_arn", "qualified_invoke_arn"})


@dataclass(frozen=True, slots=True)
class CapacityProvider:
    """A capacity provider.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_lambda_capacity_provider`.
        operator: the role that Lambda starts instances with, where the root module makes it.
        subnets: the subnets of its instances, as they are referred to.
        groups: their security groups, likewise.
        group_of: the security groups of the root module by address.
        refers: looks up what a value leads to, in the root module.
    """

    root: Root
    instance: Instance
    operator: Role | None
    subnets: tuple[Value, ...]
    groups: tuple[Value, ...]
    group_of: Mapping[str, SecurityGroup]
    refers: References

    @property
    def address(self) -> str:
        """Its address."""
        return self.instance.address

    @property
    def operator_arn(self) -> Value:
        """The ARN of the role that Lambda starts instances with."""
        return self.instance.get("permissions_config", "capacity_provider_operator_role_arn")

    @property
    def architectures(self) -> Value:
        """The CPU architectures of its instances, None where that is left to Lambda."""
        return self.instance.get("instance_requirements", "architectures")


@dataclass(frozen=True, slots=True)
class ManagedFunction:
    """A Lambda function that runs on a capacity provider.

    Attributes:
        root: the root module that makes it.
        instance: the `aws_lambda_function`.
        sure: whether it is known to run on one: that its block is there.
        provider: the capacity provider, where the root module makes it.
        role: its execution role, likewise.
        aliases: its `aws_lambda_alias`.
    """

    root: Root
    instance: Instance
    sure: bool
    provider: Instance | None
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
    def provider_arn(self) -> Value:
        """The ARN of the capacity provider."""
        return self.setting("capacity_provider_arn")

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

    def setting(self, name: str) -> Value:
        """Return a setting of its capacity provider's block."""
        return self.instance.get(*_SETTINGS, name)

    def place_of_setting(self, name: str) -> Place:
        """Return where a setting of its capacity provider's block is written, or else the block."""
        return self.instance.place_of(*_SETTINGS, name)

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


def capacity_providers_of(root: Root) -> Iterator[CapacityProvider]:
    """Yield every capacity provider of Lambda Managed Instances that a root module makes."""
    found = list(root.of("aws_lambda_capacity_provider"))
    if not found:
        return
    refers = references(root)
    groups = security_groups(root, refers)
    for each in found:
        yield CapacityProvider(
            root=root,
            instance=each,
            operator=role_of(root, each.get("permissions_config", "capacity_provider_operator_role_arn")),
            subnets=several(each.get("vpc_config", "subnet_ids")),
            groups=several(each.get("vpc_config", "security_group_ids")),
            group_of=groups,
            refers=refers,
        )


def managed_functions_of(root: Root) -> Iterator[ManagedFunction]:
    """Yield every function of a root module that runs, or may run, on a capacity provider."""
    found = [each for each in root.of("aws_lambda_function") if _CONFIG in each.body.blocks or _is_set(each)]
    for each in found:
        provider = root.find(each.get(*_SETTINGS, "capacity_provider_arn"))
        yield ManagedFunction(
            root=root,
            instance=each,
            sure=_CONFIG not in each.body.open and each.certain,
            provider=provider if provider is not None and not provider.data else None,
            role=role_of(root, each.get("role")),
            aliases=tuple(alias for alias in root.of("aws_lambda_alias") if _is_of(alias, each)),
        )


def _is_set(function: Instance) -> bool:
    given: Argument | None = function.body.arguments.get(_CONFIG)
    return given is not None and given.value not in (None, ())


def _is_of(alias: Instance, function: Instance) -> bool:
    value = alias.get("function_name")
    named = value is not None and value == function.get("function_name")
    return named or (isinstance(value, Symbol) and value.of == function.address)
