"""N4: interface endpoints let in HTTPS from the VPC, and nothing else in or out."""

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network

from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.network import Network
from scaffold.facts.security_groups import Rule, SecurityGroup
from scaffold.opinions.judging import broken, kept, once, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_HTTPS = 443


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        groups: dict[str, SecurityGroup] = {}
        yield from once(_endpoints(network, groups))
        for group in groups.values():
            found = once(_group(network, group))
            yield from found or [kept(_what(group), group.instance.place)]


def _what(group: SecurityGroup) -> str:
    return f"{group.instance.address} lets in HTTPS from the VPC, and nothing else in or out."


def _endpoints(network: Network, groups: dict[str, SecurityGroup]) -> Iterator[Judgement]:
    """Judge what groups the endpoints have, and collect those that are known."""
    for endpoint in network.endpoints:
        if endpoint.kind != "Interface":
            continue
        instance = endpoint.instance
        place = instance.place_of("security_group_ids")
        if not endpoint.groups and not endpoint.joins:
            yield broken(
                f"{instance.address} has no security group of its own, so it has the VPC's default one.",
                instance.place,
            )
        for value in endpoint.groups:
            group = _found(network, value, groups)
            if group == "default":
                yield broken(f"{instance.address} has the VPC's default security group.", place)
            elif group is None:
                yield unknown(f"It cannot be evaluated what the security group of {instance.address} lets in.", place)


def _found(network: Network, value: Value, groups: dict[str, SecurityGroup]) -> SecurityGroup | str | None:
    instance = network.refers.find(value)
    if isinstance(value, Symbol) and value.attribute == "default_security_group_id":
        return "default"
    if instance is None or instance.address not in network.groups:
        return None
    if instance.type == "aws_default_security_group":
        return "default"
    return groups.setdefault(instance.address, network.groups[instance.address])


def _group(network: Network, group: SecurityGroup) -> Iterator[Judgement]:
    instance = group.instance
    if group.open:
        yield unknown(f"The rules of {instance.address} cannot be evaluated.", instance.place)
    for rule in group.egress():
        yield _sure(rule, f"{rule.where} lets traffic out, and an endpoint never calls anyone.", "Take the rule out.")
    for rule in group.ingress():
        yield from _ingress(network, rule)
    if group.ingress() or group.open:
        return
    doubt = network.doubt("aws_security_group_rule")
    if group.stray or doubt:
        reason = doubt or f"it is not known which group {group.stray} belongs to"
        yield unknown(f"{instance.address} lets nothing in here, but {reason}.", instance.place)
        return
    yield broken(f"{instance.address} lets nothing in, so every call times out as if DNS failed.", instance.place)


def _sure(rule: Rule, message: str, mend: str) -> Judgement:
    if rule.certain:
        return broken(message, rule.place, mend)
    return unknown(f"It cannot be evaluated whether {rule.where} is there.", rule.place)


def _ingress(network: Network, rule: Rule) -> Iterator[Judgement]:
    ports = (rule.protocol, rule.from_port, rule.to_port)
    if any(isinstance(each, Symbol | Joined) for each in ports):
        yield unknown(f"It cannot be evaluated which ports {rule.where} lets in.", rule.place)
    elif str(rule.protocol).lower() not in ("tcp", "6") or [str(each) for each in ports[1:]] != [str(_HTTPS)] * 2:
        yield _sure(rule, f"{rule.where} lets in more than HTTPS, port 443.", "Let in tcp from 443 to 443.")
    for block in rule.cidrs:
        inside = _inside(network, block)
        if inside is None:
            yield unknown(f"It cannot be evaluated whether {rule.where} lets in the VPC alone.", rule.place)
        elif not inside:
            yield _sure(rule, f"{rule.where} lets in {block}, which is more than the VPC.", "Let in the VPC's CIDR.")
    if rule.prefix_lists:
        yield unknown(f"It cannot be evaluated who is in the prefix list of {rule.where}.", rule.place)


def _inside(network: Network, block: Value) -> bool | None:
    """Return whether a block is of the VPC; None where that is not known."""
    own = [*network.cidrs, *(subnet.cidr for subnet in network.subnets)]
    if block in own:
        return True
    if isinstance(block, Symbol):
        of = network.refers.find(block)
        return True if of is network.vpc and "cidr_block" in block.attribute else None
    if not isinstance(block, str):
        return None
    try:
        wanted = ip_network(block, strict=False)
    except ValueError:
        return None
    if wanted.prefixlen == 0:
        return False
    if not isinstance(wanted, IPv4Network):
        return None
    blocks = [_network(each) for each in network.cidrs]
    if any(each is not None and wanted.subnet_of(each) for each in blocks):
        return True
    return None if None in blocks else False


def _network(block: Value) -> IPv4Network | None:
    try:
        return IPv4Network(block) if isinstance(block, str) else None
    except ValueError:
        return None


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.endpoints.id
  cidr_ipv4         = aws_vpc.main.cidr_block
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_endpoint" "logs" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-central-1.logs"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
}
"""

OPINION = Opinion(
    id="N4",
    title="Interface endpoints let in HTTPS from the VPC alone, and nothing out.",
    why="Without the rule every call times out, which looks like a DNS failure; with a wider one, whoever reaches the "
    "network reaches AWS's APIs through it.",
    mend="Give the endpoints a security group of their own, with one ingress rule: tcp 443 from the VPC's CIDR, and no "
    "egress rule.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace("aws_vpc.main.cidr_block\n  from", '"0.0.0.0/0"\n  from')},
)
