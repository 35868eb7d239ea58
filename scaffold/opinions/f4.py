"""F4: a function is in a VPC only to reach something there."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.addresses import references, several
from scaffold.facts.functions import Function
from scaffold.facts.security_groups import Rule, SecurityGroup, security_groups
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement, Opinion

_GROUPS = ("vpc_config", "security_group_ids")
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def _judge(facts: Facts) -> Iterator[Judgement]:
    groups: dict[int, Mapping[str, SecurityGroup]] = {}

    def faults(function: Function) -> Iterator[Judgement]:
        ids, subnets = (function.instance.get("vpc_config", each) for each in ("security_group_ids", "subnet_ids"))
        if ids in (None, ()) or subnets in (None, ()):
            return
        if id(function.root) not in groups:
            groups[id(function.root)] = security_groups(function.root, references(function.root))
        yield from _reach(function, groups[id(function.root)])

    yield from for_each_function(
        faults, lambda function: f"{function.address} is in a VPC to reach something there, or in none."
    )(facts)


def _reach(function: Function, groups: Mapping[str, SecurityGroup]) -> Iterator[Judgement]:
    place = function.instance.place_of(*_GROUPS)
    found = [_group(function.root, each, groups) for each in several(function.instance.get(*_GROUPS))]
    known = [each for each in found if each is not None]
    rules = [rule for each in known for rule in each.egress() if not _leads_to_aws(function.root, rule)]
    if any(_leads_inside(rule) for rule in rules):
        return
    doubt = unread(function.root)
    if rules:
        doubt = "its security groups let out everywhere"
    elif len(known) < len(found) or any(each.open or each.stray for each in known):
        doubt = "what its security groups let out is not known"
    if doubt:
        yield unknown(
            f"{function.address} is in a VPC, and which of what is there its code reaches cannot be told: {doubt}.",
            place,
            "If it is nothing, remove vpc_config; else let its security group out to that alone.",
        )
    else:
        yield broken(
            f"{function.address} is in a VPC and its security groups let it reach nothing there.",
            place,
            "Remove vpc_config, or allow what the code has to reach.",
        )


def _group(root: Root, value: Value, groups: Mapping[str, SecurityGroup]) -> SecurityGroup | None:
    instance = root.find(value)
    return None if instance is None else groups.get(instance.address)


def _leads_to_aws(root: Root, rule: Rule) -> bool:
    """Return whether a rule lets out to gateway endpoints alone: their services are reached without a VPC, too."""
    lists = [root.find(each) for each in rule.prefix_lists]
    return bool(lists) and not (rule.cidrs or rule.groups or rule.own) and all(_is_of_aws(each) for each in lists)


def _is_of_aws(prefix_list: Instance | None) -> bool:
    if prefix_list is None:
        return False
    name = shown(prefix_list.get("name") or prefix_list.get("service_name"))
    return (prefix_list.data or prefix_list.type == "aws_vpc_endpoint") and name.startswith("com.amazonaws.")


def _leads_inside(rule: Rule) -> bool:
    """Return whether a rule lets out to something in particular, rather than everywhere."""
    return rule.own or bool(rule.groups or rule.prefix_lists) or any(each not in _EVERYWHERE for each in rule.cidrs)


_EXAMPLE = """\
resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = "sg-0123456789abcdef0"
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"

  vpc_config {
    subnet_ids         = ["subnet-0123456789abcdef0"]
    security_group_ids = [aws_security_group.orders.id]
  }
}
"""

OPINION = Opinion(
    id="F4",
    title="A function is in a VPC only where something in the VPC must be reached",
    why="In a VPC a function loses the internet and AWS's public endpoints unless there are NAT gateways or endpoints, "
    "which cost money, and it takes network interfaces, of which a VPC has 500 for Lambda by default.",
    mend="Remove vpc_config from functions that reach nothing in the VPC; let the security group of the others out to "
    "what they reach.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={
        "main.tf": _EXAMPLE[: _EXAMPLE.index('resource "aws_vpc_security_group_egress_rule"')]
        + _EXAMPLE[_EXAMPLE.index('resource "aws_lambda_function"') :]
    },
)
