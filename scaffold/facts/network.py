"""A VPC and what belongs to it, drawn from a root module's resources."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scaffold.evaluate.community import known_as
from scaffold.evaluate.production import production_of
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import References, references
from scaffold.facts.endpoints import Endpoint, endpoint
from scaffold.facts.routes import Route, RouteTable, Tables, main_key, tables_of
from scaffold.facts.security_groups import SecurityGroup, security_groups
from scaffold.facts.zones import distinct_zones, same_zone

Role = Literal["public", "private", "isolated", "unknown"]
NatKind = Literal["zonal", "regional", "private", "unknown"]
NatMode = Literal["per-az", "single", "regional", "none", "mixed", "unknown"]


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet.

    Attributes:
        instance: the `aws_subnet`.
        role: public with a default route to an internet gateway; private with one to anything else; isolated with
            none; unknown where its route table, or the table's routes, are not known.
        zone: the name or the ID of its availability zone.
        cidr: its IPv4 block.
        table: its route table, or None where that is not known.
    """

    instance: Instance
    role: Role
    zone: Value
    cidr: Value
    table: RouteTable | None

    @property
    def inside(self) -> bool:
        """Whether it is known that nothing on the internet reaches it by a default route."""
        return self.role in ("private", "isolated")


@dataclass(frozen=True, slots=True)
class Nat:
    """A NAT gateway.

    Attributes:
        instance: the `aws_nat_gateway`.
        kind: zonal, regional, private (no way to the internet), or unknown.
        zone: the zone of its subnet; None for a regional one, or where that is not known.
    """

    instance: Instance
    kind: NatKind
    zone: Value


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC and what belongs to it.

    Attributes:
        root: the root module that makes it.
        vpc: the `aws_vpc`.
        cidrs: its IPv4 blocks, the first one first.
        subnets: its subnets.
        tables: its route tables.
        nats: its NAT gateways.
        internet_gateways: its internet gateways.
        endpoints: its VPC endpoints.
        flow_logs: its flow logs.
        default_group: the resource that takes its default security group over.
        groups: every security group of the root module, by address; endpoints may use one of another VPC by mistake.
        stray: resources of which it is not known whether they belong to it.
        refers: looks up what a value leads to, in the root module.
        route_tables: looks up route tables.
        by_address: its subnets by their addresses.
    """

    root: Root
    vpc: Instance
    cidrs: tuple[Value, ...]
    subnets: tuple[Subnet, ...]
    tables: tuple[RouteTable, ...]
    nats: tuple[Nat, ...]
    internet_gateways: tuple[Instance, ...]
    endpoints: tuple[Endpoint, ...]
    flow_logs: tuple[Instance, ...]
    default_group: Instance | None
    groups: Mapping[str, SecurityGroup]
    stray: tuple[Instance, ...]
    refers: References
    route_tables: Tables
    by_address: Mapping[str, Subnet]

    @property
    def production(self) -> bool | None:
        """Whether the root module or the VPC's own names say that it is production; None where they say neither."""
        return production_of(self.root, self.vpc)

    def doubt(self, *types: str) -> str:
        """Return why there may be resources of the given types that were not found; empty where there are none.

        Names one reason: a resource that may be there or not, one that may belong here or not, or a part of the root
        module that cannot be read.
        """
        for each in self.stray:
            if each.type in types:
                return self._may_belong(each)
        for each in (*(nat.instance for nat in self.nats), *(each.instance for each in self.endpoints), *self._made()):
            if each.type in types and _is_uncertain(each):
                return _how_many(each)
        return self._unread(types)

    def doubt_of_endpoints(self, *services: str, kind: str = "") -> str:
        """Return why there may be endpoints that were not found; see `doubt`.

        An endpoint that is known to be of another kind, or for another service, is no reason, whatever their number.

        Args:
            services: the short names of the services that they would be for, `s3`; without, any.
            kind: `Gateway` or `Interface`; without, any.
        """
        for stray in self.stray:
            if stray.type == "aws_vpc_endpoint" and endpoint(stray, self.root, self.refers).may_be(kind, services):
                return self._may_belong(stray)
        for each in self.endpoints:
            if _is_uncertain(each.instance) and each.may_be(kind, services):
                return _how_many(each.instance)
        return self._unread(("aws_vpc_endpoint",))

    def _may_belong(self, instance: Instance) -> str:
        return f"it is not known whether {instance.address} belongs to {self.vpc.address}"

    def _unread(self, types: Collection[str]) -> str:
        return next((f"{each.what} {each.reason}" for each in self.root.unread if may_make(each.source, types)), "")

    def _made(self) -> Iterator[Instance]:
        yield from (subnet.instance for subnet in self.subnets)
        yield from (table.instance for table in self.tables if table.instance is not None)
        yield from self.flow_logs

    def subnet(self, value: Value) -> Subnet | None:
        """Return the subnet that a value is the ID of."""
        found = self.refers.find(value)
        return self.by_address.get(found.address) if found is not None else None

    def table(self, value: Value) -> RouteTable | None:
        """Return the route table that a value is the ID of."""
        key = self.route_tables.key(value, self.refers)
        return self.route_tables.tables.get(key) if key is not None else None

    @property
    def private_subnets(self) -> tuple[Subnet, ...]:
        """The subnets that are known not to be public."""
        return tuple(subnet for subnet in self.subnets if subnet.inside)

    @property
    def public_subnets(self) -> tuple[Subnet, ...]:
        """The subnets that are known to be public."""
        return tuple(subnet for subnet in self.subnets if subnet.role == "public")

    @property
    def zones(self) -> tuple[Value, ...] | None:
        """The zones of the private subnets with a way out, or else of all that are not public; None if not known."""
        leaving = [subnet for subnet in self.subnets if subnet.role == "private"]
        of = leaving or list(self.private_subnets)
        if any(subnet.instance.many for subnet in self.subnets):
            return None
        return distinct_zones(subnet.zone for subnet in of)

    @property
    def nat_mode(self) -> NatMode:
        """How the private subnets reach the internet; `mixed` is any arrangement that is none of the others."""
        if any(nat.kind == "unknown" or not nat.instance.certain or nat.instance.many for nat in self.nats):
            return "unknown"
        if any(route.leads in ("nat", "unknown") and route.to is None for route in self._routes()):
            return "unknown"
        if any(each.type == "aws_nat_gateway" for each in self.stray):
            return "unknown"
        nats = [nat for nat in self.nats if nat.kind != "private"]
        if not nats:
            return "unknown" if self.doubt("aws_nat_gateway") else "none"
        kinds = {nat.kind for nat in nats}
        if kinds == {"regional"}:
            return "regional"
        return "mixed" if len(kinds) > 1 else self._zonal(nats)

    def _zonal(self, nats: list[Nat]) -> NatMode:
        zones, first = self.zones, nats[0]
        if any(subnet.role == "unknown" for subnet in self.subnets) and not first.instance.origin:
            return "unknown"
        if len(nats) == 1:
            return "per-az" if zones is not None and len(zones) == 1 and same_zone(zones[0], first.zone) else "single"
        if zones is None or any(nat.zone is None for nat in nats):
            return "unknown"
        served = [[same_zone(zone, nat.zone) for nat in nats] for zone in zones]
        if all(True in each for each in served):
            return "per-az"
        return "unknown" if any(None in each and True not in each for each in served) else "mixed"

    def _routes(self) -> Iterator[Route]:
        for subnet in self.subnets:
            yield from subnet.table.routes if subnet.table else ()


def _is_uncertain(instance: Instance) -> bool:
    return instance.many or not instance.certain


def _how_many(instance: Instance) -> str:
    return f"it cannot be evaluated how many {instance.address} there are"


_MAKES = {
    "terraform-aws-modules/vpc//modules/flow-log": {"aws_flow_log"},
    "terraform-aws-modules/vpc//modules/vpc-endpoints": {"aws_security_group_rule", "aws_vpc_endpoint"},
}


def may_make(source: str, types: Collection[str]) -> bool:
    """Return whether what comes from a source may make resources of some types of those that make up a network.

    Of the community's modules, those for other things make none.
    """
    name = known_as(source)
    if name in _MAKES:
        return not _MAKES[name].isdisjoint(types)
    return not name or name.partition("//")[0] == "terraform-aws-modules/vpc"


def networks_of(root: Root) -> Iterator[Network]:
    """Yield every VPC a root module makes."""
    vpcs = list(root.of("aws_vpc"))
    if not vpcs:
        return
    refers = references(root)
    tables = tables_of(root, refers)
    groups = security_groups(root, refers)
    for vpc in vpcs:
        yield _network(root, vpc, refers, tables, groups)


def _network(
    root: Root, vpc: Instance, refers: References, tables: Tables, groups: Mapping[str, SecurityGroup]
) -> Network:
    def belongs(each: Instance) -> bool | None:
        return _in_vpc(each.get("vpc_id"), vpc, refers)

    subnets = tuple(_subnet(each, vpc, refers, tables) for each in root.of("aws_subnet") if belongs(each))
    mine = {subnet.instance.address: subnet for subnet in subnets}
    nats, stray_nats = [], []
    for each in root.of("aws_nat_gateway"):
        subnet = refers.find(each.get("subnet_id"))
        if (subnet is not None and subnet.address in mine) or (each.get("vpc_id") is not None and belongs(each)):
            nats.append(_nat(each, subnet))
        elif subnet is None and (each.get("vpc_id") is None or belongs(each) is None):
            stray_nats.append(each)
    owned = "aws_subnet", "aws_route_table", "aws_internet_gateway", "aws_vpc_endpoint", "aws_flow_log"
    secondary = [each for each in root.of("aws_vpc_ipv4_cidr_block_association") if belongs(each)]
    return Network(
        root=root,
        vpc=vpc,
        cidrs=(vpc.get("cidr_block"), *(each.get("cidr_block") for each in secondary)),
        subnets=subnets,
        tables=tuple(
            table
            for key, table in tables.tables.items()
            if key == main_key(vpc)
            or tables.aliases.get(main_key(vpc)) == key
            or (table.instance is not None and belongs(table.instance))
        ),
        nats=tuple(nats),
        internet_gateways=tuple(each for each in root.of("aws_internet_gateway") if belongs(each)),
        endpoints=tuple(endpoint(each, root, refers) for each in root.of("aws_vpc_endpoint") if belongs(each)),
        flow_logs=tuple(each for each in root.of("aws_flow_log") if belongs(each)),
        default_group=next((each for each in root.of("aws_default_security_group") if belongs(each)), None),
        groups=groups,
        stray=(*(each for each in root.of(*owned) if belongs(each) is None), *stray_nats),
        refers=refers,
        route_tables=tables,
        by_address=mine,
    )


def _in_vpc(value: Value, vpc: Instance, refers: References) -> bool | None:
    """Return whether a `vpc_id` is a VPC's; None where that is not known. Without one it is the account's default."""
    for _ in range(3):
        if not isinstance(value, Symbol | Joined):
            return False
        found = refers.find(value)
        if found is None:
            return None
        if found.type == "aws_vpc":
            return found is vpc
        # Such as the VPC of a secondary block, so that Terraform makes the block before the subnets in it.
        if not isinstance(value, Symbol) or value.attribute != "vpc_id":
            return None
        value = found.get("vpc_id")
    return None


def _subnet(subnet: Instance, vpc: Instance, refers: References, tables: Tables) -> Subnet:
    key = (
        tables.of_subnets[subnet.address]
        if subnet.address in tables.of_subnets
        else None
        if tables.stray
        else tables.aliases.get(main_key(vpc), main_key(vpc))
    )
    table = tables.tables.get(key) if key else None
    zone = subnet.get("availability_zone")
    return Subnet(
        instance=subnet,
        role=_role(table),
        zone=zone if zone is not None else subnet.get("availability_zone_id"),
        cidr=subnet.get("cidr_block"),
        table=table,
    )


def _role(table: RouteTable | None) -> Role:
    if table is None:
        return "unknown"
    for route in table.routes:
        if route.certain and route.leads != "unknown":
            return "public" if route.leads == "internet" else "private"
    return "unknown" if table.routes or table.open else "isolated"


def _nat(nat: Instance, subnet: Instance | None) -> Nat:
    mode, connectivity = nat.get("availability_mode"), nat.get("connectivity_type")
    kind: NatKind = "zonal"
    if isinstance(mode, Symbol | Joined) or isinstance(connectivity, Symbol | Joined):
        kind = "unknown"
    elif mode == "regional":
        kind = "regional"
    elif connectivity == "private":
        kind = "private"
    zone = subnet.get("availability_zone") if subnet else None
    if subnet and zone is None:
        zone = subnet.get("availability_zone_id")
    return Nat(nat, kind, zone)
