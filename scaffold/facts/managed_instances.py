"""Lambda Managed Instances: capacity providers and the functions on them, drawn from a root module's resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Place, Root
from scaffold.evaluate.values import Value
from scaffold.facts.addresses import References, references, several
from scaffold.facts.functions import CONFIG, Function, functions_of, may_be_managed
from scaffold.facts.iam import Role, role_of
from scaffold.facts.security_groups import SecurityGroup, security_groups

_SETTINGS = (CONFIG, "lambda_managed_instances_capacity_provider_config")


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
class ManagedFunction(Function):
    """A Lambda function that runs on a capacity provider.

    Attributes:
        sure: whether it is known to run on one: that its block is there.
        provider: the capacity provider, where the root module makes it.
    """

    sure: bool
    provider: Instance | None

    @property
    def provider_arn(self) -> Value:
        """The ARN of the capacity provider."""
        return self.setting("capacity_provider_arn")

    def setting(self, name: str) -> Value:
        """Return a setting of its capacity provider's block."""
        return self.instance.get(*_SETTINGS, name)

    def place_of_setting(self, name: str) -> Place:
        """Return where a setting of its capacity provider's block is written, or else the block."""
        return self.instance.place_of(*_SETTINGS, name)


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
    for function in functions_of(root):
        instance = function.instance
        if not may_be_managed(instance):
            continue
        provider = root.find(instance.get(*_SETTINGS, "capacity_provider_arn"))
        yield ManagedFunction(
            root=root,
            instance=instance,
            role=function.role,
            aliases=function.aliases,
            sure=CONFIG not in instance.body.open and instance.certain,
            provider=provider if provider is not None and not provider.data else None,
        )
