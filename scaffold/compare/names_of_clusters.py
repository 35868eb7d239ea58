"""What parts are played in networks, and in clusters of Amazon EKS."""

from collections.abc import Mapping

from scaffold.compare.cast import Cast, Namer, text
from scaffold.evaluate.root import Instance
from scaffold.facts.endpoints import service_of


def _place(cast: Cast, instance: Instance) -> str:
    return cast.layout.places.get(instance.address, "")


def _table(cast: Cast, instance: Instance) -> str:
    # Public subnets share one table as a rule, and differ in nothing where each has its own.
    place = cast.layout.places.get(instance.address, "")
    return "public" if place == "public 1" else place


def _endpoint(cast: Cast, instance: Instance) -> str:
    return service_of(instance, cast.uses.references) or "of an unknown service"


def _access_entry(cast: Cast, instance: Instance) -> str:
    principal = instance.get("principal_arn")
    if text(instance.get("type")) not in ("", "STANDARD"):
        return "of nodes"
    return "of a user" if ":user/" in text(principal) else "of a role"


def _addon(cast: Cast, instance: Instance) -> str:
    return text(instance.get("addon_name"))


def capability(cast: Cast, instance: Instance) -> str:
    """Return which capability one is."""
    return text(instance.get("type"))


def _delivery_source(cast: Cast, instance: Instance) -> str:
    return text(instance.get("log_type"))


NAMES: Mapping[str, Namer] = {
    "aws_cloudwatch_log_delivery_source": _delivery_source,
    "aws_eks_access_entry": _access_entry,
    "aws_eks_addon": _addon,
    "aws_eks_capability": capability,
    "aws_nat_gateway": _place,
    "aws_route_table": _table,
    "aws_subnet": _place,
    "aws_vpc_endpoint": _endpoint,
}
"""By type."""
