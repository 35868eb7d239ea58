"""The network's answers, from a root module's network."""

from collections.abc import Iterator

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.answers.model import PROFILES
from scaffold.compare.cast import Cast
from scaffold.evaluate.root import Instance
from scaffold.facts.endpoints import DEFAULT_KIND, service_of
from scaffold.facts.network import Network, may_make, networks_of
from scaffold.facts.zones import same_zone

_GATEWAYS = ("s3", "dynamodb")


def network_answers(cast: Cast, required: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what a root module says of `azs` and `network.*`; nothing where it makes no VPC.

    Args:
        cast: the root module.
        required: the interface endpoints that the capacity cannot do without, where there is no NAT; the profile
            `private` has them, too, where there is one.
    """
    vpc = cast.layout.vpc
    if vpc is None:
        return
    network = next(each for each in networks_of(cast.root) if each.vpc is vpc)
    for other in cast.root.of("aws_vpc"):
        if other is not vpc:
            yield NotExpressible(
                f"{other.address} is a second VPC; an environment has one, and these answers are {vpc.address}'s",
                other.place,
            )
    yield from answer("network.cidr", vpc.body.at("cidr_block"))
    yield from _zones(cast, vpc)
    nat = list(_nat(network))
    yield from nat
    without = any(isinstance(each, Inferred) and each.value == "none" for each in nat)
    private = required or PROFILES["standard"] if _from_private(cast) else required if without else ()
    yield from _endpoints(cast, network, private)
    yield from _subnets(cast, vpc)
    yield from _pods(cast)
    yield from _query_logs(cast, vpc)
    group = next((each for each in cast.root.instances if cast.roles.get(each.address, "").endswith(_FLOW_LOGS)), None)
    if group is not None:
        yield from answer("network.log_retention_days", group.body.at("retention_in_days"), int)


_QUERY_LOGS = "aws_route53_resolver_query_log_config_association"
_FLOW_LOGS = "aws_cloudwatch_log_group flow logs"


def _of_kind(cast: Cast, kind: str) -> list[Instance]:
    places = cast.layout.places
    return [each for each in cast.root.of("aws_subnet") if places.get(each.address, "").rpartition(" ")[0] == kind]


def _hidden(cast: Cast, *types: str) -> str:
    """Return why there may be more resources of some types than can be seen, or an empty text."""
    for each in cast.root.of(*types):
        if each.many or not each.certain:
            return f"how many {each.address} there are cannot be evaluated"
    return next((f"{each.what} {each.reason}" for each in cast.root.unread if may_make(each.source, types)), "")


def _zones(cast: Cast, vpc: Instance) -> Iterator[Finding]:
    subnets = _of_kind(cast, "private") or _of_kind(cast, "public")
    if hidden := _hidden(cast, "aws_subnet"):
        yield Gap("azs", hidden)
        return
    if not subnets:
        yield Gap("azs", f"{vpc.address} has no subnets")
        return
    subnets.sort(key=lambda each: int(cast.layout.places[each.address].rpartition(" ")[2]))
    placed = [each for each in subnets if _zone(each) is not None]
    zones = list(dict.fromkeys(map(_zone, placed)))
    place = subnets[0].place_of("availability_zone")
    if len(placed) < len(subnets):
        unset = next(each for each in subnets if _zone(each) is None)
        yield Gap("azs", f"the availability zones of {unset.address} are not set")
    elif all(isinstance(zone, str) for zone in zones) and all(str(zone)[-1:].isalpha() for zone in zones):
        yield Inferred("azs", zones, place)
    else:
        yield Inferred("azs", len(zones), place)
    if len(zones) > 6:
        yield NotExpressible(f"{len(zones)} availability zones; an environment has 2 to 6", place)
    if len(placed) > len(zones):
        yield NotExpressible(
            f"{len(placed)} private subnets in {len(zones)} availability zones; an environment has one in each", place
        )


def _zone(subnet: Instance) -> object:
    zone = subnet.get("availability_zone")
    return subnet.get("availability_zone_id") if zone is None else zone


def _nat(network: Network) -> Iterator[Finding]:
    vpc, mode = network.vpc, network.nat_mode
    nats = [each for each in network.nats if each.kind != "private"]
    if mode == "unknown":
        doubt = network.doubt("aws_nat_gateway", "aws_subnet", "aws_route_table")
        yield Gap("network.nat", doubt or f"how the subnets of {vpc.address} reach the internet cannot be evaluated")
    elif mode == "none":
        yield Inferred("network.nat", "none", vpc.place, "no NAT gateway")
    elif mode == "mixed":
        yield from _other_nat(network, f"{len(nats)} NAT gateways are neither one nor one for each availability zone")
    elif mode == "per-az" and (astray := next(_astray(network), None)) is not None:
        yield from _other_nat(network, f"{astray} leads to a NAT gateway of another availability zone")
    elif not _leads_to_nat(network):
        yield from _other_nat(network, f"no route leads to {nats[0].instance.address}")
    else:
        at = ("availability_mode",) if mode == "regional" else ()
        first = nats[0].instance
        yield Inferred("network.nat", mode, first.place_of(*at) if at else first.place)


def _other_nat(network: Network, what: str) -> Iterator[Finding]:
    yield Gap("network.nat", what)
    yield NotExpressible(f"{what}; an environment has one, or one each", network.nats[0].instance.place)


def _leads_to_nat(network: Network) -> bool:
    """Return whether a subnet leads to a NAT gateway, or may."""
    return any(
        subnet.table is None
        or subnet.table.open
        or any(route.leads in ("nat", "unknown") for route in subnet.table.routes)
        for subnet in network.subnets
    )


def _astray(network: Network) -> Iterator[str]:
    """Yield the private subnets whose way to the internet is known to lead through another availability zone."""
    zones = {nat.instance.address: nat.zone for nat in network.nats}
    for subnet in network.private_subnets:
        for route in subnet.table.routes if subnet.table else ():
            zone = zones.get(route.to.address) if route.to is not None else None
            if same_zone(subnet.zone, zone) is False:
                yield f"the route table of {subnet.instance.address}"


def _from_private(cast: Cast) -> bool:
    """Return whether the interface endpoints let in the private subnets alone, as those of the profile `private` do."""
    blocks = {each.get("cidr_block") for each in _of_kind(cast, "private")}
    for address, group in cast.groups.items():
        if cast.roles.get(address) == "aws_security_group endpoints":
            cidrs = {cidr for rule in group.rules if rule.direction == "ingress" for cidr in rule.cidrs}
            return bool(cidrs) and cidrs <= blocks
    return False


def _endpoints(cast: Cast, network: Network, required: tuple[str, ...]) -> Iterator[Finding]:
    vpc = network.vpc
    services: dict[str, Instance] = {}
    gateways: dict[str, Instance] = {}
    for each in (*(one.instance for one in network.endpoints), *network.stray):
        if each.type != "aws_vpc_endpoint":
            continue
        service = service_of(each, cast.uses.references)
        kind = each.get("vpc_endpoint_type") or DEFAULT_KIND
        if service is None or kind not in ("Interface", "Gateway"):
            yield NotExpressible(f"{each.address} is an endpoint of a service that is not known", each.place)
        elif kind == "Gateway":
            gateways[service] = each
        elif service in _GATEWAYS:
            yield NotExpressible(
                f"{each.address} is an interface endpoint; {service} has a gateway endpoint", each.place
            )
        else:
            services[service] = each
    if hidden := _hidden(cast, "aws_vpc_endpoint"):
        yield Gap("network.endpoints", hidden)
        return
    place = next(iter(services.values()), vpc).place
    found = frozenset(services)
    profiles = {
        **({"private": required} if required else {}),
        **{name: PROFILES[name] for name in reversed([*PROFILES])},
    }
    profile = next(name for name, names in profiles.items() if found >= set(names))
    how = "" if services else "no interface endpoints"
    yield Inferred("network.endpoints", profile, place, how)
    if extra := sorted(found - set(profiles[profile])):
        yield Inferred("network.extra_endpoints", extra, services[extra[0]].place)
    dynamodb = gateways.get("dynamodb")
    how = "" if dynamodb else "no gateway endpoint for dynamodb"
    yield Inferred("network.dynamodb_endpoint", dynamodb is not None, (dynamodb or vpc).place, how)


def _subnets(cast: Cast, vpc: Instance) -> Iterator[Finding]:
    if not _hidden(cast, "aws_subnet"):
        public = _of_kind(cast, "public")
        how = "" if public else "no public subnets"
        yield Inferred("network.public_subnets", bool(public), (public[0] if public else vpc).place, how)
    kinds = {cast.layout.places[each.address].rpartition(" ")[0]: each for each in cast.root.of("aws_subnet")}
    for kind, subnet in kinds.items():
        if kind not in ("private", "public", "pods"):
            yield NotExpressible(
                f"{subnet.address} and its like are {kind} subnets; there is no answer for", subnet.place
            )


def _pods(cast: Cast) -> Iterator[Finding]:
    blocks = list(cast.root.of("aws_vpc_ipv4_cidr_block_association"))
    pods = bool(_of_kind(cast, "pods"))
    for number, block in enumerate(blocks):
        if pods and number == 0:
            yield from answer("network.pod_cidr", block.body.at("cidr_block"))
        else:
            yield NotExpressible(
                f"{block.address} is a secondary CIDR block; network.pod_cidr is one for pods alone", block.place
            )


def _query_logs(cast: Cast, vpc: Instance) -> Iterator[Finding]:
    if hidden := _hidden(cast, _QUERY_LOGS):
        yield Gap("network.query_logs", hidden)
        return
    found = next(cast.root.of(_QUERY_LOGS), None)
    how = "" if found else "no resolver query logs"
    yield Inferred("network.query_logs", found is not None, (found or vpc).place, how)
