"""L2: instances start in the private subnets of every AZ, and nothing reaches them."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.managed_instances import CapacityProvider
from scaffold.facts.network import Network, Subnet
from scaffold.facts.security_groups import Rule, SecurityGroup
from scaffold.facts.zones import same_zone
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_provider
from scaffold.opinions.opinion import Judgement, Opinion

_SUBNETS = ("vpc_config", "subnet_ids")
_GROUPS = ("vpc_config", "security_group_ids")


def subnets_of(facts: Facts, provider: CapacityProvider) -> tuple[tuple[Network, Subnet], ...] | None:
    """Return the subnets of a capacity provider with their networks, or None where not all are made here."""
    networks = [network for network in facts.networks if network.root is provider.root]
    found = [
        next(((network, subnet) for network in networks if (subnet := network.subnet(value))), None)
        for value in provider.subnets
    ]
    sure = [each for each in found if each is not None]
    return tuple(sure) if sure and len(sure) == len(found) else None


def _faults(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    yield from _placement(facts, provider)
    yield from _groups(provider)


def _placement(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    place = provider.instance.place_of(*_SUBNETS)
    found = subnets_of(facts, provider)
    if found is None:
        yield unknown(f"{provider.address}: which subnets its instances start in cannot be told.", place)
        return
    public = next((subnet for _, subnet in found if subnet.role == "public"), None)
    if public is not None:
        yield broken(
            f"{provider.address} starts instances in {public.instance.address}, which is public.",
            place,
            "Name the private subnets.",
        )
        return
    zones = found[0][0].zones
    if zones is None or any(subnet.role == "unknown" for _, subnet in found):
        yield unknown(f"{provider.address}: whether it covers every AZ cannot be told.", place)
        return
    covered = [[same_zone(zone, subnet.zone) for _, subnet in found] for zone in zones]
    if any(True not in each and None not in each for each in covered):
        number = sum(True in each for each in covered)
        yield broken(
            f"{provider.address} starts instances in {number} of the {len(zones)} AZs.",
            place,
            "Name a private subnet of every AZ: Lambda spreads its first three instances over them.",
        )
    elif any(True not in each for each in covered):
        yield unknown(f"{provider.address}: whether it covers every AZ cannot be told.", place)


def _groups(provider: CapacityProvider) -> Iterator[Judgement]:
    place = provider.instance.place_of(*_GROUPS)
    if not provider.groups:
        yield broken(f"{provider.address} has no security group of its own.", place)
    for value in provider.groups:
        found = provider.refers.find(value)
        group = provider.group_of.get(found.address) if found is not None else None
        if group is None:
            yield unknown(f"{provider.address}: what {shown(value)} lets in and out cannot be told.", place)
        elif group.instance.type == "aws_default_security_group":
            yield broken(f"{provider.address} has the VPC's default security group, not one of its own.", place)
        else:
            yield from _rules(group)


def _rules(group: SecurityGroup) -> Iterator[Judgement]:
    address = group.instance.address
    for rule in group.ingress():
        message = f"{address} lets traffic in, and no invocation arrives through the VPC."
        yield _unless_unsure(rule, message, "remove the rule")
    right = [_is_https(rule) for rule in group.egress()]
    for rule, is_https in zip(group.egress(), right, strict=True):
        if is_https is False:
            yield _unless_unsure(rule, f"{address} lets out more than port 443.", "allow tcp 443 alone")
        elif is_https is None:
            yield unknown(f"{rule.where}: which ports it opens cannot be told.", rule.place)
    if group.open:
        yield unknown(f"{address}: its rules cannot all be told: {group.open}.", group.instance.place)
    elif not right:
        yield broken(
            f"{address} lets nothing out, not even logs.", group.instance.place, "Add an egress rule for tcp 443."
        )


def _unless_unsure(rule: Rule, message: str, mend: str) -> Judgement:
    if rule.certain:
        return broken(message, rule.place, mend)
    return unknown(f"{rule.where} may be there or not: then {message}", rule.place)


def _is_https(rule: Rule) -> bool | None:
    if isinstance(rule.protocol, Symbol | Joined) or not (known(rule.from_port) and known(rule.to_port)):
        return None
    return rule.protocol in ("tcp", "6", 6) and _port(rule.from_port) == _port(rule.to_port) == "443"


def _port(value: Value) -> str:
    return str(value)


def _kept(provider: CapacityProvider) -> str:
    return f"{provider.address} starts instances in the private subnets of every AZ; nothing comes in, HTTPS goes out."


_EXAMPLE = """\
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each = { a = "10.0.0.0/20", b = "10.0.16.0/20", c = "10.0.32.0/20" }

  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-central-1${each.key}"
  cidr_block        = each.value
}

resource "aws_security_group" "instances" {
  name   = "orders"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.instances.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [aws_security_group.instances.id]
  }
}
"""

OPINION = Opinion(
    id="L2",
    title="Instances in the private subnets of every AZ, in a security group that lets nothing in and 443 out",
    why="Lambda starts three instances to survive the loss of an AZ, and can only spread them over the subnets it is "
    "given. Invocations do not come through the VPC, so an open port serves nobody but intruders.",
    mend="Name a private subnet of every AZ in vpc_config.subnet_ids, and a security group of its own with one egress "
    "rule for tcp 443.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-capacity-providers.html",
    judge=for_each_provider(_faults, _kept),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("[for subnet in aws_subnet.private : subnet.id]", '[aws_subnet.private["a"].id]')},
)
