"""VPC endpoints: which service, of which kind, and what they are joined to."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import References, several

_SERVICE_NAME = re.compile(r"(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(.+)\Z")

DEFAULT_KIND = "Gateway"
"""What an endpoint is where `vpc_endpoint_type` is not given.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint#vpc_endpoint_type-1
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint.

    Attributes:
        instance: the `aws_vpc_endpoint`.
        service: its short name, `s3` or `ecr.dkr`; None where it is not known.
        kind: `Gateway`, `Interface`, … ; None where it is not known.
        tables: the route tables it is joined to, as they are referred to.
        subnets: the subnets it has an address in, likewise.
        groups: its security groups, likewise.
        joins: the addresses of resources that join it to more, of which nobody knows how many.
    """

    instance: Instance
    service: str | None
    kind: str | None
    tables: tuple[Value, ...]
    subnets: tuple[Value, ...]
    groups: tuple[Value, ...]
    joins: tuple[str, ...] = ()

    def may_be(self, kind: str = "", services: Collection[str] = ()) -> bool:
        """Return whether it may be, for all that is known, of a kind and for one of some services; without, of any."""
        return (not kind or self.kind in (kind, None)) and (
            not services or self.service is None or self.service in services
        )


def endpoint(instance: Instance, root: Root, refers: References) -> Endpoint:
    """Return an `aws_vpc_endpoint` with the associations that are resources of their own."""
    kind = instance.get("vpc_endpoint_type")
    tables, uncertain_tables = _joined(instance, root, refers, "route_table")
    subnets, uncertain_subnets = _joined(instance, root, refers, "subnet")
    groups, uncertain_groups = _joined(instance, root, refers, "security_group")
    return Endpoint(
        instance,
        service=service_of(instance, refers),
        kind=DEFAULT_KIND if kind is None else kind if isinstance(kind, str) else None,
        tables=several(instance.get("route_table_ids")) + tables,
        subnets=several(instance.get("subnet_ids"))
        + tuple(body.get("subnet_id") for body in instance.body.blocks.get("subnet_configuration", ()))
        + subnets,
        groups=several(instance.get("security_group_ids")) + groups,
        joins=uncertain_tables + uncertain_subnets + uncertain_groups,
    )


def service_of(instance: Instance, refers: References) -> str | None:
    """Return the short name of an endpoint's service, or None where it is not known."""
    name = instance.get("service_name")
    if isinstance(name, Symbol):
        looked_up = refers.find(name)
        if looked_up is None or looked_up.type != "aws_vpc_endpoint_service":
            return None
        service = looked_up.get("service")
        if isinstance(service, str):
            return service
        name = looked_up.get("service_name")
    return service_name(name)


def service_name(name: Value) -> str | None:
    """Return `s3` for `com.amazonaws.<region>.s3`, whether the region is known or not."""
    if isinstance(name, str):
        match = _SERVICE_NAME.match(name)
        # `com.amazonaws.vpce.…` is a service of anyone's.
        return match[1] if match and ".vpce-svc-" not in name else None
    if isinstance(name, Joined) and len(name.parts) == 3:
        start, region, end = name.parts
        if start in ("com.amazonaws.", "cn.com.amazonaws.") and isinstance(region, Symbol) and isinstance(end, str):
            return end.removeprefix(".") if end.startswith(".") else None
    return None


def _joined(instance: Instance, root: Root, refers: References, what: str) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    sure: list[Value] = []
    unsure: list[str] = []
    for each in root.of(f"aws_vpc_endpoint_{what}_association"):
        joins = refers.find(each.get("vpc_endpoint_id"))
        if joins is instance and each.certain and not each.many:
            sure.append(each.get(f"{what}_id"))
        elif joins is instance or joins is None:
            unsure.append(each.address)
    return tuple(sure), tuple(unsure)
