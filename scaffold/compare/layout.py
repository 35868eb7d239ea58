"""Where in a network its subnets, route tables and NAT gateways stand: public or private, and by which number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from scaffold.compare.uses import Uses, leaves
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Joined, Symbol, Value

INTERNAL_ROLE, PUBLIC_ROLE, POD_ROLE = (f"kubernetes.io/role/{role}" for role in ("internal-elb", "elb", "pod"))

_ISOLATED = ("database", "elasticache", "redshift", "intra", "isolated", "outpost")
"""Words by which subnets without a way out are called, by the VPC module of the community too."""

_TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
    "network_interface_id",
    "egress_only_gateway_id",
    "carrier_gateway_id",
    "core_network_arn",
    "local_gateway_id",
)
_DESTINATIONS = (
    "destination_cidr_block",
    "cidr_block",
    "destination_ipv6_cidr_block",
    "ipv6_cidr_block",
    "destination_prefix_list_id",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a network.

    Attributes:
        places: for each subnet, route table and NAT gateway its place, such as `private 2`; by address.
        tables: for each subnet its route table, where one is associated with it.
        routes: for each route table its routes: the destination, and what leads there.
        zones: the availability zones as evaluated, in the order of the subnets.
        vpc: the VPC with the most subnets.
    """

    places: Mapping[str, str]
    tables: Mapping[str, Argument]
    routes: Mapping[str, tuple[tuple[Value, Argument], ...]]
    zones: tuple[Value, ...]
    vpc: Instance | None


def layout_of(uses: Uses) -> Layout:
    """Return the places of a root module's network."""
    subnets = list(uses.root.of("aws_subnet"))
    vpc = _largest(uses, subnets)
    tables = {
        subnet.address: Argument(each.get("route_table_id"), each.place)
        for subnet in subnets
        for each in uses.about.get(subnet.address, ())
        if each.type == "aws_route_table_association"
    }
    routes = {table.address: tuple(_routes(uses, table)) for table in uses.root.of("aws_route_table")}
    kinds: dict[str, list[Instance]] = {}
    for subnet in subnets:
        table = uses.find(tables[subnet.address].value) if subnet.address in tables else None
        kind = _kind(uses, subnet, routes.get(table.address, ()) if table else ())
        if vpc is not None and uses.find(subnet.get("vpc_id")) not in (vpc, None) and kind != "pods":
            kind += " in another VPC"
        kinds.setdefault(kind, []).append(subnet)
    places: dict[str, str] = {}
    zones: list[Value] = []
    for kind in sorted(kinds, key=lambda kind: (kind != "private", kind)):
        for number, subnet in enumerate(sorted(kinds[kind], key=_position), 1):
            places[subnet.address] = f"{kind} {number}"
            zone = subnet.get("availability_zone") or subnet.get("availability_zone_id")
            if zone is not None and zone not in zones:
                zones.append(zone)
            table = uses.find(tables[subnet.address].value) if subnet.address in tables else None
            if table is not None:
                # A table of several subnets stands where the first of them does.
                places.setdefault(table.address, f"{kind} {number}")
    for gateway in uses.root.of("aws_nat_gateway"):
        where = uses.find(gateway.get("subnet_id"))
        if gateway.get("availability_mode") == "regional":
            places[gateway.address] = "regional"
        elif where is not None and where.address in places:
            places[gateway.address] = places[where.address].removeprefix("public ")
    return Layout(places, tables, routes, tuple(zones), vpc)


def _largest(uses: Uses, subnets: Iterable[Instance]) -> Instance | None:
    counts: dict[str, int] = {}
    for subnet in subnets:
        vpc = uses.find(subnet.get("vpc_id"))
        if vpc is not None:
            counts[vpc.address] = counts.get(vpc.address, 0) + 1
    return max(uses.root.of("aws_vpc"), key=lambda vpc: counts.get(vpc.address, 0), default=None)


def _routes(uses: Uses, table: Instance) -> Iterator[tuple[Value, Argument]]:
    bodies = [*table.body.blocks.get("route", ())]
    bodies += [each.body for each in uses.about.get(table.address, ()) if each.type == "aws_route"]
    for body in bodies:
        arguments = dict(leaves(body))
        destination = next((arguments[name].value for name in _DESTINATIONS if name in arguments), None)
        yield destination, next((arguments[name] for name in _TARGETS if name in arguments), Argument(None, body.place))


def _kind(uses: Uses, subnet: Instance, routes: Iterable[tuple[Value, Argument]]) -> str:
    words = f"{subnet.address} {_words(subnet.get('tags', 'Name'))}".lower()
    targets = [uses.find(argument.value) for _, argument in routes]
    if _tagged(subnet, POD_ROLE):
        return "pods"
    if any(target is not None and target.type == "aws_internet_gateway" for target in targets):
        return "public"
    for word in _ISOLATED:
        if word in words:
            return word
    if _tagged(subnet, INTERNAL_ROLE) or any(
        target is not None and target.type == "aws_nat_gateway" for target in targets
    ):
        return "private"
    public = _tagged(subnet, PUBLIC_ROLE) or subnet.get("map_public_ip_on_launch") is True
    return "public" if public or "public" in words else "private"


def _tagged(subnet: Instance, key: str) -> bool:
    """Return whether a subnet has a tag for sure: tags that are not known may hold any, or none."""
    value = subnet.get("tags", key)
    return value is not None and not isinstance(value, Symbol | Joined)


def _words(value: Value) -> str:
    if isinstance(value, Joined):
        return " ".join(part for part in value.parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _position(subnet: Instance) -> tuple[int, int]:
    cidr = subnet.get("cidr_block")
    try:
        return (0, int(ip_network(cidr, strict=False).network_address)) if isinstance(cidr, str) else (1, 0)
    except ValueError:
        return (1, 0)


def zone_number(layout: Layout, value: Value) -> Value:
    """Return a zone as its number among the network's zones, so that zones of two repositories can be compared."""
    if value in layout.zones:
        return f"zone {layout.zones.index(value) + 1}"
    return value if isinstance(value, Symbol) else Symbol(f"zone {value}")
