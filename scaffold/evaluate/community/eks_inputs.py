"""The inputs of terraform-aws-modules/eks/aws, whose names and defaults differ between versions.

Known are versions 19, 20 and 21; of older ones, nothing that is not set. Source:
https://github.com/terraform-aws-modules/terraform-aws-eks (variables.tf, docs/UPGRADE-21.0.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.evaluate.community import Call
from scaffold.evaluate.community.building import Inputs, item, truth
from scaffold.evaluate.community.versions import majors
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Symbol, Value

_OLDER = 18
_MAJORS = (_OLDER, 19, 20, 21)

_RENAMED = {
    "name": "cluster_name",
    "kubernetes_version": "cluster_version",
    "enabled_log_types": "cluster_enabled_log_types",
    "compute_config": "cluster_compute_config",
    "upgrade_policy": "cluster_upgrade_policy",
    "zonal_shift_config": "cluster_zonal_shift_config",
    "endpoint_private_access": "cluster_endpoint_private_access",
    "endpoint_public_access": "cluster_endpoint_public_access",
    "endpoint_public_access_cidrs": "cluster_endpoint_public_access_cidrs",
    "service_ipv4_cidr": "cluster_service_ipv4_cidr",
    "encryption_config": "cluster_encryption_config",
    "addons": "cluster_addons",
}
"""What version 21 took the prefix from."""


_SINCE_20 = ("access_entries", "authentication_mode", "enable_cluster_creator_admin_permissions")


def _candidates(call: Call) -> tuple[int, ...]:
    """Return the major versions it may be: those the constraint allows and whose names its inputs have."""
    found = majors(call, _MAJORS)
    # Terraform takes the newest that is allowed: an older one than those known here only where nothing else is.
    found = tuple(each for each in found if each != _OLDER) or found
    if any(name in call.arguments for name in _RENAMED):
        found = tuple(each for each in found if each == 21) or found
    elif any(name in call.arguments for name in _RENAMED.values()):
        found = tuple(each for each in found if each < 21) or found
    if any(name in call.arguments for name in _SINCE_20):
        found = tuple(each for each in found if each >= 20) or found
    return found


@dataclass(frozen=True, slots=True)
class Eks:
    """A call of the module.

    Attributes:
        inputs: its inputs.
        versions: the major versions it may be.
    """

    inputs: Inputs
    versions: tuple[int, ...]

    def read(self, name: str, default: Value = None) -> Argument:
        """Return an input of these versions; the default of a version older than those known here is not known."""
        if _OLDER in self.versions:
            default = self.differs(name)
        return self.inputs.read(name, _RENAMED.get(name, name), default=default)

    def on(self, name: str, default: Value) -> bool | None:
        """Return whether a boolean input is true; None where nobody can say."""
        return truth(self.read(name, default).value)

    def by_version(self, name: str, values: Mapping[int, Value]) -> Value:
        """Return what all versions it may be have in common, or else a symbol."""
        found = [values.get(each, self.differs(name)) for each in self.versions]
        return found[0] if all(each == found[0] for each in found) else self.differs(name)

    def differs(self, name: str) -> Symbol:
        """Return what stands for what nobody can tell without the version."""
        return Symbol(f"{self.inputs.call.address}: {name}, which differs between versions of the module")

    @property
    def name(self) -> Argument:
        """The cluster's name."""
        return self.read("name", "")

    @property
    def auto_mode(self) -> bool | None:
        """Whether it asks for Auto Mode; None where nobody can say."""
        config = self.read("compute_config").value
        return truth(item(config, "enabled")) if isinstance(config, Mapping) else None if config is not None else False

    def arn_or(self, roles: list[Instance], name: str, given: str) -> Argument:
        """Return the ARN of a role it makes, or else the one it is given."""
        role = next((each for each in roles if each.type == "aws_iam_role" and each.name == name), None)
        if role is not None and role.certain:
            return self.inputs.argument(self.inputs.output(role, "arn"))
        if role is not None:
            return self.inputs.argument(Symbol(f"{role.address}.arn, if it is made"))
        return self.inputs.read(given)


def eks_of(call: Call) -> Eks:
    """Return a call with the versions it may be."""
    return Eks(Inputs(call), _candidates(call))
