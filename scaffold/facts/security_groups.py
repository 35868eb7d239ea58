"""What a security group lets in and out, whichever of the three ways its rules are written in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from scaffold.evaluate.root import Argument, Body, Instance, Place, Root
from scaffold.evaluate.values import Value
from scaffold.facts.addresses import References, several

Direction = Literal["ingress", "egress"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a security group.

    Attributes:
        where: the address of what it is written in: the group, or a resource of its own.
        direction: ingress or egress.
        protocol: as written: `tcp`, `-1`, …
        from_port: the first port, as evaluated.
        to_port: the last port, as evaluated.
        cidrs: IPv4 and IPv6 blocks, evaluated; a value that is no list where the list is not known.
        groups: the security groups it names, evaluated likewise.
        prefix_lists: the prefix lists it names, evaluated likewise.
        own: whether it lets in members of the group itself.
        place: where it starts.
        certain: whether it is there for sure.
    """

    where: str
    direction: Direction
    protocol: Value
    from_port: Value
    to_port: Value
    cidrs: tuple[Value, ...]
    groups: tuple[Value, ...]
    prefix_lists: tuple[Value, ...]
    own: bool
    place: Place
    certain: bool


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group.

    Attributes:
        instance: the group.
        rules: its rules.
        open: what of its own rules cannot be evaluated; empty where there is no such thing.
        stray: the address of a rule that may be this group's or another's; empty where there is none.
    """

    instance: Instance
    rules: tuple[Rule, ...]
    open: str = ""
    stray: str = ""

    def ingress(self) -> tuple[Rule, ...]:
        """Return what it lets in."""
        return tuple(rule for rule in self.rules if rule.direction == "ingress")

    def egress(self) -> tuple[Rule, ...]:
        """Return what it lets out."""
        return tuple(rule for rule in self.rules if rule.direction == "egress")


def security_groups(root: Root, refers: References) -> Mapping[str, SecurityGroup]:
    """Return a root module's security groups by address, each with its rules."""
    groups = {each.address: each for each in root.of("aws_security_group", "aws_default_security_group")}
    rules: dict[str, list[Rule]] = {address: list(_inline(group)) for address, group in groups.items()}
    more = {address: _open(group) for address, group in groups.items()}
    stray = ""
    for each in root.of(
        "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
    ):
        group = refers.find(each.get("security_group_id"))
        if group is not None and group.address in rules:
            own = list(_own_resource(each))
            rules[group.address] += own
            if not own or each.many:
                more[group.address] = each.address
        elif group is None:
            stray = each.address
    return {
        address: SecurityGroup(group, tuple(rules[address]), more[address], stray) for address, group in groups.items()
    }


def _open(group: Instance) -> str:
    kinds = sorted(group.body.open & {"ingress", "egress"})
    return f"{group.address} {kinds[0]}" if kinds else ""


def _inline(group: Instance) -> Iterator[Rule]:
    directions: tuple[Direction, ...] = ("ingress", "egress")
    for direction in directions:
        for body in group.body.blocks.get(direction, ()):
            yield _rule(group, direction, body, group.certain and direction not in group.body.open)
        # `ingress = [{ … }]`, which the provider's documentation calls attributes as blocks.
        listed = group.body.arguments.get(direction)
        for item in listed.value if listed and isinstance(listed.value, tuple) else ():
            if listed and isinstance(item, Mapping):
                arguments = {name: Argument(value, listed.place) for name, value in item.items() if type(name) is str}
                yield _rule(group, direction, Body(arguments, {}, frozenset(), listed.place), group.certain)


def _rule(of: Instance, direction: Direction, body: Body, certain: bool) -> Rule:
    return Rule(
        where=of.address,
        direction=direction,
        protocol=body.get("protocol"),
        from_port=body.get("from_port"),
        to_port=body.get("to_port"),
        cidrs=several(body.get("cidr_blocks")) + several(body.get("ipv6_cidr_blocks")),
        groups=several(body.get("security_groups")) + several(body.get("source_security_group_id")),
        prefix_lists=several(body.get("prefix_list_ids")),
        own=body.get("self") is True,
        place=body.place,
        certain=certain,
    )


def _own_resource(each: Instance) -> Iterator[Rule]:
    body = each.body
    if each.type == "aws_security_group_rule":
        kind = body.get("type")
        if kind in ("ingress", "egress"):
            yield _rule(each, "ingress" if kind == "ingress" else "egress", body, each.certain)
        return
    yield Rule(
        where=each.address,
        direction="ingress" if each.type == "aws_vpc_security_group_ingress_rule" else "egress",
        protocol=body.get("ip_protocol"),
        from_port=body.get("from_port"),
        to_port=body.get("to_port"),
        cidrs=several(body.get("cidr_ipv4")) + several(body.get("cidr_ipv6")),
        groups=several(body.get("referenced_security_group_id")),
        prefix_lists=several(body.get("prefix_list_id")),
        own=False,
        place=body.place,
        certain=each.certain,
    )
