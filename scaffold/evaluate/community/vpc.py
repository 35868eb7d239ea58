"""`terraform-aws-modules/vpc/aws`, versions 3 to 6: the VPC, subnets, NAT gateways and routes that its inputs make.

Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/main.tf; what changed between versions:
https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/docs/UPGRADE-4.0.md.
"""

from collections.abc import Mapping, Sequence

from scaffold.evaluate.community import Call, Made
from scaffold.evaluate.community.building import both
from scaffold.evaluate.community.versions import majors
from scaffold.evaluate.community.vpc_flow_logs import DEFAULTS as FLOW_LOG_DEFAULTS
from scaffold.evaluate.community.vpc_flow_logs import flow_log
from scaffold.evaluate.community.vpc_inputs import Arguments, NetworkInputs, attribute, attributes, merged, unsure
from scaffold.evaluate.community.vpc_routes import associations, nat_gateways, route_tables, routes
from scaffold.evaluate.root import Argument, Body, Instance, Unread
from scaffold.evaluate.values import Symbol, Value

SUBNETS = ("public", "private", "database", "elasticache", "redshift", "intra")

_VERSIONS = (2, 3, 4, 5, 6)

_DEFAULTS: Mapping[str, Value] = {
    "azs": (),
    "cidr": "10.0.0.0/16",
    "create_igw": True,
    "create_private_nat_gateway_route": True,
    "create_vpc": True,
    "enable_dns_support": True,
    "name": "",
    "nat_gateway_destination_cidr_block": "0.0.0.0/0",
}

_SINCE_4: Mapping[str, tuple[bool, bool]] = {
    "enable_dns_hostnames": (False, True),
    "manage_default_security_group": (False, True),
    "map_public_ip_on_launch": (True, False),
}
"""Defaults before version 4 and since."""


def expand(call: Call) -> Made:
    """Return what a call makes."""
    versions = [major for major in majors(call, _VERSIONS) if major > 2]
    if not versions:
        reason = f"is {call.source} {call.version}".rstrip() + ", a version whose inside is not known here"
        return Made((), {}, (Unread(call.address, reason, call.place, call.source),))
    inputs = NetworkInputs(call, {**FLOW_LOG_DEFAULTS, **_DEFAULTS, **_dated(call, versions)})
    create = inputs.flag("create_vpc")
    if create is False:
        return Made((), {"azs": inputs.value("azs"), **{f"{kind}_subnets": () for kind in SUBNETS}})
    vpc = _vpc(inputs)
    vpc_id = Argument(attribute(vpc, "id"), call.place)
    subnets = {kind: _subnets(inputs, kind, vpc_id) for kind in SUBNETS}
    public = inputs.longest("public_subnets", "public_subnet_ipv6_prefixes")
    gateway = inputs.one(
        "aws_internet_gateway",
        "this",
        both(inputs.flag("create_igw"), None if public is None else public > 0),
        {"vpc_id": vpc_id},
        inputs.place("public_subnets"),
    )
    tables = route_tables(inputs, vpc_id, subnets, versions)
    nats = nat_gateways(inputs, vpc_id, subnets["public"], versions)
    instances = (
        vpc,
        *_secondary_blocks(inputs, vpc_id),
        *(each for kind in SUBNETS for each in subnets[kind]),
        *gateway,
        *(each for kind in SUBNETS for each in tables[kind]),
        *(each for kind in SUBNETS for each in associations(inputs, kind, subnets[kind], tables)),
        *nats,
        *routes(inputs, tables, nats, gateway),
        *_default_group(inputs, vpc_id),
        *flow_log(inputs, vpc_id),
    )
    return Made(
        instances if create else tuple(unsure(each) for each in instances),
        _outputs(inputs, vpc, subnets, tables, nats, gateway),
        tuple(_outposts(inputs)),
    )


def _dated(call: Call, versions: Sequence[int]) -> Mapping[str, Value]:
    dated = {name: {both[major >= 4] for major in versions} for name, both in _SINCE_4.items()}
    return {
        name: next(iter(values))
        if len(values) == 1
        else Symbol(f"{call.address}.var.{name}, whose default depends on the module's version")
        for name, values in dated.items()
    }


def _vpc(inputs: NetworkInputs) -> Instance:
    block = inputs.argument("cidr")
    if inputs.flag("use_ipam_pool") is not False:
        block = Argument(Symbol(f"{inputs.call.address}.aws_vpc.this[0].cidr_block"), inputs.place("use_ipam_pool"))
    arguments = {
        "cidr_block": block,
        "enable_dns_hostnames": inputs.argument("enable_dns_hostnames"),
        "enable_dns_support": inputs.argument("enable_dns_support"),
        "tags": Argument(_tags(inputs, inputs.value("name"), "vpc_tags"), inputs.place("vpc_tags", "tags")),
    }
    return inputs.make("aws_vpc", "this", 0, arguments, inputs.call.place)


def _secondary_blocks(inputs: NetworkInputs, vpc_id: Argument) -> Sequence[Instance]:
    name = "secondary_cidr_blocks"

    def arguments(at: int | None) -> Arguments:
        return {"vpc_id": vpc_id, "cidr_block": Argument(inputs.item(name, at), inputs.place(name))}

    kind = "aws_vpc_ipv4_cidr_block_association"
    return inputs.several(kind, "this", inputs.length(name), arguments, inputs.place(name))


def _subnets(inputs: NetworkInputs, kind: str, vpc_id: Argument) -> Sequence[Instance]:
    count = inputs.longest(f"{kind}_subnets", f"{kind}_subnet_ipv6_prefixes")
    per_zone = inputs.flag("one_nat_gateway_per_az")
    if kind == "public" and per_zone is not False and count:
        # The module makes no public subnet at all rather than too few for one NAT gateway per AZ.
        zones = inputs.length("azs")
        enough = None if zones is None else count >= zones
        count = count if enough or zones is None else 0 if per_zone else None

    def arguments(at: int | None) -> Arguments:
        zone = inputs.item("azs", at)
        is_id = isinstance(zone, str) and not zone.partition("-")[0].isalpha()
        return {
            "vpc_id": vpc_id,
            "availability_zone_id" if is_id else "availability_zone": Argument(zone, inputs.place("azs")),
            "cidr_block": Argument(inputs.item(f"{kind}_subnets", at), inputs.place(f"{kind}_subnets")),
            "map_public_ip_on_launch": inputs.argument("map_public_ip_on_launch")
            if kind == "public"
            else Argument(None, inputs.call.place),
            "tags": Argument(
                _subnet_tags(inputs, kind, at, zone), inputs.place(f"{kind}_subnet_tags", f"{kind}_subnets")
            ),
        }

    return inputs.several("aws_subnet", kind, count, arguments, inputs.place(f"{kind}_subnets"))


def _subnet_tags(inputs: NetworkInputs, kind: str, at: int | None, zone: Value) -> Value:
    name, names = inputs.value("name"), inputs.value(f"{kind}_subnet_names")
    suffix = inputs.value(f"{kind}_subnet_suffix") or ("db" if kind == "database" else kind)
    own: Value = Symbol(f"{inputs.call.address}.aws_subnet.{kind}[{at}].tags.Name")
    if isinstance(names, tuple) and at is not None and at < len(names):
        own = names[at]
    elif names in (None, ()) and isinstance(name, str) and isinstance(suffix, str) and isinstance(zone, str):
        own = f"{name}-{suffix}-{zone}"
    by_zone = inputs.value(f"{kind}_subnet_tags_per_az")
    if isinstance(by_zone, Mapping):
        by_zone = by_zone.get(zone, {}) if isinstance(zone, str) else Symbol(f"{kind}_subnet_tags_per_az")
    return merged(_tags(inputs, own, f"{kind}_subnet_tags"), by_zone)


def _tags(inputs: NetworkInputs, name: Value, own: str) -> Value:
    return merged({"Name": name}, inputs.value("tags"), inputs.value(own))


def _default_group(inputs: NetworkInputs, vpc_id: Argument) -> Sequence[Instance]:
    blocks: dict[str, tuple[Body, ...]] = {}
    for direction in ("ingress", "egress"):
        rules = inputs.argument(f"default_security_group_{direction}")
        blocks[direction] = tuple(
            Body(
                {key: Argument(value, rules.place) for key, value in rule.items() if isinstance(key, str)},
                {},
                frozenset(),
                rules.place,
            )
            for rule in (rules.value if isinstance(rules.value, tuple) else ())
            if isinstance(rule, Mapping)
        )
    name = "manage_default_security_group"
    arguments = {"vpc_id": vpc_id}
    return inputs.one("aws_default_security_group", "this", inputs.flag(name), arguments, inputs.place(name), blocks)


def _outposts(inputs: NetworkInputs) -> Sequence[Unread]:
    if inputs.value("outpost_subnets") in (None, ()):
        return ()
    reason = "makes subnets on an Outpost, which are not known here"
    return (Unread(inputs.call.address, reason, inputs.place("outpost_subnets"), inputs.call.source),)


def _outputs(
    inputs: NetworkInputs,
    vpc: Instance,
    subnets: Mapping[str, Sequence[Instance]],
    tables: Mapping[str, Sequence[Instance]],
    nats: Sequence[Instance],
    gateway: Sequence[Instance],
) -> Mapping[str, Value]:
    outputs: dict[str, Value] = {
        "azs": inputs.value("azs"),
        "default_security_group_id": attribute(vpc, "default_security_group_id"),
        "igw_id": attribute(gateway[0], "id") if gateway else None,
        "name": inputs.value("name"),
        "natgw_ids": attributes(nats, "id"),
        "vpc_arn": attribute(vpc, "arn"),
        "vpc_cidr_block": vpc.get("cidr_block"),
        "vpc_id": attribute(vpc, "id"),
        "vpc_main_route_table_id": attribute(vpc, "main_route_table_id"),
        "vpc_secondary_cidr_blocks": inputs.value("secondary_cidr_blocks") or (),
    }
    for kind in SUBNETS:
        own = tables[kind] or (tables["private"] if kind not in ("public", "intra") else ())
        blocks = inputs.value(f"{kind}_subnets")
        outputs[f"{kind}_subnets"] = attributes(subnets[kind], "id")
        outputs[f"{kind}_subnet_arns"] = attributes(subnets[kind], "arn")
        outputs[f"{kind}_subnets_cidr_blocks"] = () if not subnets[kind] or blocks is None else blocks
        outputs[f"{kind}_route_table_ids"] = attributes(own, "id")
    return outputs
