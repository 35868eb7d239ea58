"""N7: a VPC logs its flows, lends nothing by accident, and answers names."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.network import Network
from scaffold.opinions.judging import broken, kept, once, unknown
from scaffold.opinions.networks import elsewhere
from scaffold.opinions.opinion import Judgement, Opinion

_DNS = (("enable_dns_support", True), ("enable_dns_hostnames", False))
"""What a VPC answers names by, and the provider's defaults.

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc
"""


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        found = [*_flow_logs(facts, network), *_default_group(network), *_dns(network.vpc), *_public_addresses(network)]
        yield from found
        if not found:
            yield kept(
                f"{network.vpc.address} logs its flows, has an emptied default security group, answers names, and "
                "gives out no public address.",
                network.vpc.place,
            )


def _flow_logs(facts: Facts, network: Network) -> Iterator[Judgement]:
    vpc = network.vpc
    if any(each.certain for each in network.flow_logs):
        return
    parts = [each for each in network.root.of("aws_flow_log") if each.get("vpc_id") is None]
    parts += [each for _, each in elsewhere(facts, network, "aws_flow_log")]
    doubt = network.doubt("aws_flow_log") or (f"{parts[0].address} may be for it" if parts else "")
    if doubt:
        yield unknown(f"{vpc.address} has no flow log here, but {doubt}.", vpc.place)
    else:
        yield broken(
            f"{vpc.address} has no flow log.",
            vpc.place,
            "Add an aws_flow_log for the VPC (`enable_flow_log = true`).",
        )


def _default_group(network: Network) -> Iterator[Judgement]:
    group, vpc = network.default_group, network.vpc
    if group is None:
        stray = next((each for each in network.root.of("aws_default_security_group") if _is_stray(network, each)), None)
        doubt = f"{stray.address} may be its own" if stray is not None else network.doubt("aws_default_security_group")
        if doubt:
            yield unknown(f"Nothing here empties the default security group of {vpc.address}, but {doubt}.", vpc.place)
        else:
            yield broken(
                f"Nothing empties the default security group of {vpc.address}.",
                vpc.place,
                "Add an aws_default_security_group without rules (`manage_default_security_group = true`).",
            )
        return
    found = network.groups.get(group.address)
    rules = found.rules if found is not None else ()
    if any(rule.certain for rule in rules):
        yield broken(f"{group.address} has rules.", rules[0].place, "Take its rules out.")
    elif rules or not group.certain or (found is not None and found.open):
        yield unknown(f"It cannot be evaluated whether {group.address} is emptied.", group.place)


def _is_stray(network: Network, group: Instance) -> bool:
    vpc = network.refers.find(group.get("vpc_id"))
    return vpc is None or vpc.type != "aws_vpc"


def _dns(vpc: Instance) -> Iterator[Judgement]:
    for name, default in _DNS:
        on = _flag(vpc.get(name), default)
        if on is None:
            yield unknown(f"It cannot be evaluated whether {name} of {vpc.address} is on.", vpc.place_of(name))
        elif not on:
            yield broken(f"{name} of {vpc.address} is off.", vpc.place_of(name), f"Set {name} = true.")


def _public_addresses(network: Network) -> Iterator[Judgement]:
    name, found = "map_public_ip_on_launch", []
    for subnet in network.subnets:
        instance = subnet.instance
        on = _flag(instance.get(name), False)
        if on is None:
            message = f"It cannot be evaluated whether {instance.address} gives out public addresses."
            found.append(unknown(message, instance.place_of(name)))
        elif on:
            message = f"{instance.address} gives a public address to whatever starts in it."
            found.append(broken(message, instance.place_of(name), f"Set {name} = false."))
    yield from once(found)


def _flag(value: Value, default: bool) -> bool | None:
    if isinstance(value, Symbol | Joined):
        return None
    return default if value is None else value in (True, "true")


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_flow_log" "main" {
  vpc_id               = aws_vpc.main.id
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::example-flow-logs"
  traffic_type         = "ALL"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 3, 0)
}
"""

OPINION = Opinion(
    id="N7",
    title="Flow logs on, the default security group emptied, DNS names on, no public address on launch.",
    why="Without flow logs nobody can tell later who talked to whom. What forgets its security group gets the default "
    "one, whose members reach each other. Private DNS of endpoints and EKS need both DNS settings. A public address "
    "that nobody asked for is a way in, and $3.60 a month.",
    mend="Add aws_flow_log and an aws_default_security_group without rules, set enable_dns_hostnames = true, and leave "
    "map_public_ip_on_launch off.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace("3, 0)\n", "3, 0)\n\n  map_public_ip_on_launch = true\n")},
)
