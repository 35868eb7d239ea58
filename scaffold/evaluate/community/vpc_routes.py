"""The route tables, routes and NAT gateways of `terraform-aws-modules/vpc/aws`.

Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/main.tf
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scaffold.evaluate.community.vpc_inputs import Arguments, NetworkInputs, attribute, unsure
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.values import Symbol

_OWN = ("database", "elasticache", "redshift")
"""Subnets that have route tables of their own on request, and use the private ones otherwise."""


def nat_gateway_count(inputs: NetworkInputs, versions: Sequence[int]) -> int | None:
    """Return how many zonal NAT gateways, and so private route tables, a call makes; None where that is not known.

    Without `single_nat_gateway` or `one_nat_gateway_per_az` it is one for each subnet of the longest list of subnets,
    which counts the public ones since version 4, and until 5.1.1 those without a way out as well.

    Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/pull/920, /issues/970 and /pull/968.
    """
    single, per_zone = inputs.flag("single_nat_gateway"), inputs.flag("one_nat_gateway_per_az")
    if single is not False:
        return 1 if single else None
    if per_zone is not False:
        return inputs.length("azs") if per_zone else None
    lists = [f"{kind}_{what}" for kind in ("private", *_OWN) for what in ("subnets", "subnet_ipv6_prefixes")]
    public = ["public_subnets", "public_subnet_ipv6_prefixes"]
    intra = ["intra_subnets", "intra_subnet_ipv6_prefixes"]
    counted = {3: [lists], 4: [lists + public + intra], 5: [lists + public, lists + public + intra]}
    counts = {inputs.longest(*each) for major in versions for each in counted.get(major, [lists + public])}
    return counts.pop() if len(counts) == 1 else None


def is_regional(inputs: NetworkInputs) -> bool | None:
    """Return whether the NAT gateway is a regional one; None where that is not known."""
    wanted = inputs.value("nat_gateway_connectivity_type")
    mode = wanted.get("availability_mode") if isinstance(wanted, Mapping) else wanted
    return False if mode is None else True if mode == "regional" else None


def nat_gateways(
    inputs: NetworkInputs, vpc_id: Argument, public: Sequence[Instance], versions: Sequence[int]
) -> Sequence[Instance]:
    """Return the NAT gateways; their place is the input that says how many there are."""
    enabled, regional = inputs.flag("enable_nat_gateway"), is_regional(inputs)
    if enabled is False:
        return ()
    if regional:
        mode = Argument("regional", inputs.place("nat_gateway_connectivity_type"))
        arguments = {"vpc_id": vpc_id, "availability_mode": mode}
        return inputs.one("aws_nat_gateway", "regional", enabled, arguments, inputs.place("enable_nat_gateway"))
    chosen = [name for name in ("single_nat_gateway", "one_nat_gateway_per_az") if inputs.flag(name) is not False]
    place = inputs.place(*chosen[:1], "enable_nat_gateway")

    def subnet(at: int | None) -> Arguments:
        known = public and at is not None and not any(each.many for each in public)
        of = public[(at or 0) % len(public)] if known else public[0] if public else None
        return {"subnet_id": Argument(attribute(of, "id") if of else Symbol("a public subnet's id"), place)}

    made = inputs.several("aws_nat_gateway", "this", nat_gateway_count(inputs, versions), subnet, place)
    made = _at_least_one(inputs, made)
    if enabled and regional is False:
        return made
    return tuple(unsure(each) for each in made)


def route_tables(
    inputs: NetworkInputs, vpc_id: Argument, subnets: Mapping[str, Sequence[Instance]], versions: Sequence[int]
) -> Mapping[str, Sequence[Instance]]:
    """Return the route tables of each kind of subnet."""

    def arguments(_: int | None) -> Arguments:
        return {"vpc_id": vpc_id}

    def length(kind: str) -> int | None:
        return None if any(each.many for each in subnets[kind]) else len(subnets[kind])

    counts: dict[str, int | None] = {
        "private": length("private") if is_regional(inputs) else nat_gateway_count(inputs, versions)
    }
    for kind in ("public", "intra"):
        several = inputs.flag(f"create_multiple_{kind}_route_tables")
        counts[kind] = 1 if several is False else length(kind) if several else None
    for kind in _OWN:
        own = inputs.flag(f"create_{kind}_subnet_route_table")
        shared = kind != "database" or inputs.flag("single_nat_gateway") or _given(inputs, _TO_INTERNET)
        counts[kind] = 0 if own is False else None if own is None else 1 if shared else length(kind)
    made = {
        kind: inputs.several("aws_route_table", kind, count, arguments, inputs.place(f"{kind}_subnets"))
        if subnets[kind]
        else ()
        for kind, count in counts.items()
    }
    made["private"] = _at_least_one(inputs, made["private"])
    if is_regional(inputs) is None:
        made["private"] = tuple(unsure(each) for each in made["private"])
    return made


def associations(
    inputs: NetworkInputs, kind: str, subnets: Sequence[Instance], tables: Mapping[str, Sequence[Instance]]
) -> Sequence[Instance]:
    """Return the associations of one kind of subnet with its route tables."""
    own = tables[kind]
    if not own and kind in _OWN:
        public = kind == "redshift" and inputs.flag("enable_public_redshift")
        own = tables["public" if public else "private"]
    place = inputs.place(f"{kind}_subnets")
    made = []
    for subnet in subnets if own else ():
        at = subnet.key if isinstance(subnet.key, int) else None
        sure = not any(table.many for table in own)
        table = own[at % len(own)] if at is not None and sure else own[0]
        arguments = {
            "subnet_id": Argument(attribute(subnet, "id"), place),
            "route_table_id": Argument(attribute(table, "id"), place),
        }
        made.append(inputs.make("aws_route_table_association", kind, at, arguments, place, many=at is None))
    return made


def routes(
    inputs: NetworkInputs,
    tables: Mapping[str, Sequence[Instance]],
    nats: Sequence[Instance],
    gateway: Sequence[Instance],
) -> Sequence[Instance]:
    """Return the default routes, each as sure as its table and its gateway are."""
    made = _to(inputs, "public_internet_gateway", tables["public"], "gateway_id", gateway, "public_subnets")
    to_nat = inputs.flag("create_private_nat_gateway_route")
    blame = "single_nat_gateway" if inputs.flag("single_nat_gateway") else "enable_nat_gateway"
    if to_nat is not False:
        private = _to(inputs, "private_nat_gateway", tables["private"], "nat_gateway_id", nats, blame)
        destination = inputs.argument("nat_gateway_destination_cidr_block")
        made += [_towards(each, destination) if to_nat else unsure(_towards(each, destination)) for each in private]
    if _given(inputs, _TO_INTERNET):
        own = _to(inputs, "database_internet_gateway", tables["database"], "gateway_id", gateway, _TO_INTERNET)
        made += own if inputs.flag(_TO_INTERNET) else [unsure(each) for each in own]
    elif _given(inputs, _TO_NAT):
        own = _to(inputs, "database_nat_gateway", tables["database"], "nat_gateway_id", nats, _TO_NAT)
        made += own if inputs.flag(_TO_NAT) else [unsure(each) for each in own]
    return made


_TO_INTERNET = "create_database_internet_gateway_route"
_TO_NAT = "create_database_nat_gateway_route"


def _to(
    inputs: NetworkInputs,
    name: str,
    tables: Sequence[Instance],
    argument: str,
    gateways: Sequence[Instance],
    blame: str,
) -> list[Instance]:
    place = inputs.place(blame)
    made = []
    for number, table in enumerate(tables if gateways else ()):
        gateway = gateways[number % len(gateways)]
        arguments = {
            "route_table_id": Argument(attribute(table, "id"), place),
            "destination_cidr_block": Argument("0.0.0.0/0", place),
            argument: Argument(attribute(gateway, "id"), place),
        }
        route = inputs.make("aws_route", name, table.key, arguments, place, many=table.many)
        made.append(replace(route, certain=table.certain and gateway.certain))
    return made


def _at_least_one(inputs: NetworkInputs, made: tuple[Instance, ...]) -> tuple[Instance, ...]:
    """Return what stands for an unknown number of gateways or tables as sure, where there are private subnets."""
    return tuple(replace(each, certain=True) for each in made) if inputs.length("private_subnets") else made


def _towards(route: Instance, destination: Argument) -> Instance:
    body = replace(route.body, arguments={**route.body.arguments, "destination_cidr_block": destination})
    return replace(route, body=body)


def _given(inputs: NetworkInputs, name: str) -> bool:
    return inputs.flag(name) is not False
