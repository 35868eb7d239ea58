"""Route tables: which subnets use one, and where their default routes lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scaffold.evaluate.root import Argument, Body, Instance, Place, Root
from scaffold.evaluate.values import Symbol, Value, known
from scaffold.facts.addresses import References

Target = Literal["internet", "nat", "other", "unknown"]

EVERYWHERE = "0.0.0.0/0"

_OTHERS = (
    "carrier_gateway_id",
    "core_network_arn",
    "instance_id",
    "local_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
)


@dataclass(frozen=True, slots=True)
class Route:
    """A default route.

    Attributes:
        where: the address of what it is written in: an `aws_route`, or the route table.
        leads: to an internet gateway, a NAT gateway, something else, or nobody knows.
        to: the gateway, where it is one of the root module's.
        place: where the target is written, or the route.
        certain: whether it is there for sure, and a default route.
    """

    where: str
    leads: Target
    to: Instance | None
    place: Place
    certain: bool


@dataclass(frozen=True, slots=True)
class RouteTable:
    """A route table.

    Attributes:
        key: its address; of a VPC's main table that nobody took over, the VPC's address and `main_route_table_id`.
        instance: what it is written in; None for such a main table.
        routes: its default routes.
        open: why it may have more; empty where these are all.
    """

    key: str
    instance: Instance | None
    routes: tuple[Route, ...]
    open: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """A root module's route tables, and which subnets use them.

    Attributes:
        tables: by key.
        of_subnets: the key of the table of each subnet that has an association, by the subnet's address; None where
            the table is not known.
        stray: the address of an association of which it is not known which subnet it is for; empty without such.
        aliases: the keys of tables that are another by a second name.
    """

    tables: Mapping[str, RouteTable]
    of_subnets: Mapping[str, str | None]
    stray: str
    aliases: Mapping[str, str]

    def key(self, value: Value, refers: References) -> str | None:
        """Return the key of the table a value is the ID of, or None where that is not known."""
        if isinstance(value, Symbol) and value.attribute in ("main_route_table_id", "default_route_table_id"):
            vpc = refers.find(value)
            return self.aliases.get(main_key(vpc), main_key(vpc)) if vpc is not None and vpc.type == "aws_vpc" else None
        table = refers.find(value)
        return table.address if table is not None and table.address in self.tables else None


def main_key(vpc: Instance) -> str:
    """Return the key of a VPC's main route table."""
    return f"{vpc.address}.main_route_table_id"


def tables_of(root: Root, refers: References) -> Tables:
    """Read a root module's route tables."""
    instances = {each.address: each for each in root.of("aws_route_table", "aws_default_route_table")}
    empty = Tables({address: RouteTable(address, each, ()) for address, each in instances.items()}, {}, "", {})
    aliases = _main_tables(root, refers, empty)
    unread = Tables(
        {
            **empty.tables,
            **{
                main_key(vpc): RouteTable(main_key(vpc), None, ())
                for vpc in root.of("aws_vpc")
                if main_key(vpc) not in aliases
            },
        },
        {},
        "",
        aliases,
    )
    routes: dict[str, list[Route]] = {key: [] for key in unread.tables}
    stray = ""
    for each in root.of("aws_route"):
        if each.get("destination_cidr_block") is None:
            continue
        key = unread.key(each.get("route_table_id"), refers)
        if key is not None:
            routes[key] += _route(each, each.body, "destination_cidr_block", refers)
        elif refers.find(each.get("route_table_id")) is None:
            stray = f"it is not known which route table {each.address} belongs to"
    tables = {}
    for key, table in unread.tables.items():
        inline = tuple(_inline(table.instance, refers)) if table.instance else ()
        blocks_open = table.instance is not None and "route" in table.instance.body.open
        reason = f"the routes of {key} cannot be evaluated" if blocks_open else stray
        tables[key] = RouteTable(key, table.instance, (*inline, *routes[key]), reason)
    of_subnets, stray_association = _associations(root, refers, Tables(tables, {}, "", aliases))
    return Tables(tables, of_subnets, stray_association, aliases)


def _main_tables(root: Root, refers: References, tables: Tables) -> dict[str, str]:
    aliases = {}
    for each in root.of("aws_default_route_table"):
        vpc = refers.find(each.get("default_route_table_id"))
        if vpc is not None and vpc.type == "aws_vpc":
            aliases[main_key(vpc)] = each.address
    for each in root.of("aws_main_route_table_association"):
        vpc, key = refers.find(each.get("vpc_id")), tables.key(each.get("route_table_id"), refers)
        if vpc is not None and key is not None:
            aliases[main_key(vpc)] = key
    return aliases


def _inline(table: Instance, refers: References) -> Iterator[Route]:
    for body in table.body.blocks.get("route", ()):
        for route in _route(table, body, "cidr_block", refers):
            yield route if "route" not in table.body.open else Route(route.where, route.leads, None, route.place, False)
    listed = table.body.arguments.get("route")
    for item in listed.value if listed and isinstance(listed.value, tuple) else ():
        if listed and isinstance(item, Mapping):
            arguments = {name: Argument(value, listed.place) for name, value in item.items() if isinstance(name, str)}
            yield from _route(table, Body(arguments, {}, frozenset(), listed.place), "cidr_block", refers)


def _route(of: Instance, body: Body, destination: str, refers: References) -> Iterator[Route]:
    to = body.get(destination)
    if to != EVERYWHERE and (to is None or known(to)):
        return
    leads, gateway, argument = _target(body, refers)
    yield Route(
        where=of.address,
        leads=leads,
        to=gateway,
        place=body.place_of(argument) if argument else body.place,
        certain=of.certain and to == EVERYWHERE,
    )


def _target(body: Body, refers: References) -> tuple[Target, Instance | None, str]:
    if body.get("nat_gateway_id") not in (None, ""):
        nat = refers.find(body.get("nat_gateway_id"))
        return "nat", nat if nat is not None and nat.type == "aws_nat_gateway" else None, "nat_gateway_id"
    gateway = body.get("gateway_id")
    if gateway not in (None, ""):
        found = refers.find(gateway)
        if found is not None and found.type == "aws_internet_gateway":
            return "internet", found, "gateway_id"
        if isinstance(gateway, str) and gateway.startswith("igw-"):
            return "internet", None, "gateway_id"
        return ("unknown" if found is None else "other"), found, "gateway_id"
    other = next((name for name in _OTHERS if body.get(name) not in (None, "")), "")
    return ("other" if other else "unknown"), refers.find(body.get(other)) if other else None, other


def _associations(root: Root, refers: References, tables: Tables) -> tuple[dict[str, str | None], str]:
    of_subnets: dict[str, str | None] = {}
    stray = ""
    for each in root.of("aws_route_table_association"):
        if each.get("subnet_id") is None:
            continue
        subnet = refers.find(each.get("subnet_id"))
        if subnet is None or each.many:
            stray = each.address
        if subnet is not None:
            sure = each.certain and not (each.many and not subnet.many)
            of_subnets[subnet.address] = tables.key(each.get("route_table_id"), refers) if sure else None
    return of_subnets, stray
