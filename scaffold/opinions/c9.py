"""C9: tasks lie in private subnets, and only the load balancer's security group reaches them."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.cluster import flag
from scaffold.facts.documents import step
from scaffold.facts.ecs import Ecs, EcsService
from scaffold.facts.security_groups import SecurityGroup
from scaffold.facts.workflows import Workflow
from scaffold.opinions.ecs_services import Faults, expected, for_each_service, in_private_subnets
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_NETWORK = "network_configuration"
_EVERYWHERE = ("0.0.0.0/0", "::/0")


def _faults(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement]:
    body, address = service.instance.body, service.address
    if _NETWORK not in body.blocks:
        yield from _without_network(service)
        return
    place = service.instance.place_of(_NETWORK, "assign_public_ip")
    public = flag(service.instance.get(_NETWORK, "assign_public_ip"), False)
    wrong = f"{address} gives its tasks public addresses."
    yield from expected(
        address, "assign_public_ip", public, place, lambda on: on is False, wrong, "Set assign_public_ip = false."
    )
    title, place = f"a task of {address}", service.instance.place_of(_NETWORK, "subnets")
    yield from in_private_subnets(facts, service.root, title, service.subnets, place)
    yield from _groups(service)


def _without_network(service: EcsService) -> Iterator[Judgement]:
    mode = service.task.network_mode if service.task is not None else Symbol("a task definition made elsewhere")
    if _NETWORK in service.instance.body.open or isinstance(mode, Symbol | Joined):
        yield unknown(f"{service.address}: how its tasks are networked cannot be told.", service.instance.place)
    elif mode == "awsvpc":
        yield broken(
            f"{service.address} names no subnets and no security groups for its tasks, which need them (awsvpc).",
            service.instance.place,
            "Set network_configuration, with private subnets and a security group of the service's own.",
        )
    else:
        yield broken(
            f"{service.address}: its tasks share the addresses and the security groups of their instance ({mode}).",
            service.instance.place,
            'Set network_mode = "awsvpc" in the task definition, and network_configuration in the service.',
        )


def _groups(service: EcsService) -> Iterator[Judgement]:
    place = service.instance.place_of(_NETWORK, "security_groups")
    if not service.groups:
        yield broken(f"{service.address} leaves its tasks in the VPC's default security group.", place)
    of_balancers = [service.refers.find(value) for balancer in service.balancers for value in balancer.groups]
    # A network load balancer without a security group passes its clients' addresses on, or its own.
    by_address = any(each.kind == "network" and not each.groups for each in service.balancers)
    for value in service.groups:
        found = service.refers.find(value)
        group = service.group_of.get(found.address) if found is not None else None
        if group is not None and any(each is found for each in of_balancers):
            yield broken(
                f"{service.address} shares {group.instance.address} with its load balancer, and with what reaches it.",
                place,
                "Make a security group for the tasks, which lets in that of the load balancer.",
            )
        else:
            yield from _group(service.address, value, group, place, by_address=by_address)


def _group(title: str, value: Value, group: SecurityGroup | None, place: Place, *, by_address: bool) -> Faults:
    """Yield that a security group of tasks lets addresses in, or that nobody can say."""
    if group is None:
        yield unknown(f"{title}: what {shown(value)} lets in cannot be told.", place)
        return
    if group.instance.type == "aws_default_security_group":
        yield broken(f"{title} has the VPC's default security group, not one of its own.", place)
        return
    for rule in group.ingress():
        let_in = [each for each in rule.cidrs if not by_address or each in _EVERYWHERE] + list(rule.prefix_lists)
        if let_in and not rule.certain:
            yield unknown(f"{rule.where} may be there or not.", rule.place)
        elif let_in:
            yield broken(
                f"{rule.where} lets addresses reach the tasks of {title}: {shown(tuple(let_in))}.",
                rule.place,
                "Let in the security group of the load balancer, or of the services that call it.",
            )
    if group.open:
        yield unknown(f"{group.instance.address}: its rules cannot all be told: {group.open}.", group.instance.place)


def _judge(facts: Facts) -> Iterator[Judgement]:
    yield from for_each_service(
        _faults, lambda service: f"{service.address}: its tasks are private, and reached by named security groups only."
    )(facts)
    for ecs in facts.ecs:
        for workflow in facts.workflows:
            if workflow.root is ecs.root:
                yield from _workflow(facts, ecs, workflow)


def _workflow(facts: Facts, ecs: Ecs, workflow: Workflow) -> Iterator[Judgement]:
    """Yield how the tasks that a state machine runs are networked, as far as it says."""
    for state in workflow.tasks:
        if state.network is None:
            continue
        title, place = f"{workflow.address}: {state.name}", workflow.place
        found = list(_started(facts, ecs, title, state.network, place))
        yield from found or [kept(f"{title}: its tasks are private.", place)]


def _started(facts: Facts, ecs: Ecs, title: str, network: Value, place: Place) -> Faults:
    public, groups = step(network, "AssignPublicIp"), several(step(network, "SecurityGroups"))
    wrong = f"{title} gives its tasks public addresses."
    yield from expected(title, "AssignPublicIp", public, place, lambda given: given in (None, "DISABLED"), wrong)
    subnets = several(step(network, "Subnets"))
    yield from in_private_subnets(facts, ecs.root, f"a task of {title}", subnets, place)
    if not groups:
        yield broken(f"{title} leaves its tasks in the VPC's default security group.", place)
    for value in groups:
        found = ecs.refers.find(value)
        group = ecs.group_of.get(found.address) if found is not None else None
        yield from _group(title, value, group, place, by_address=False)


_EXAMPLE = """\
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/20"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

resource "aws_security_group" "api" {
  name   = "api"
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "api" {
  security_group_id            = aws_security_group.api.id
  referenced_security_group_id = "sg-0123456789abcdef0"
  from_port                    = 8080
  to_port                      = 8080
  ip_protocol                  = "tcp"
}

resource "aws_ecs_service" "api" {
  name = "api"

  network_configuration {
    subnets          = [aws_subnet.private.id]
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = false
  }
}
"""

OPINION = Opinion(
    id="C9",
    title="Tasks in private subnets without public addresses, in a security group that only the load balancer reaches",
    why="What has a public address, or a security group for a whole network, is reached past the load balancer: past "
    "its TLS, its authentication and its logs.",
    mend="Name private subnets and a security group of the service's own in network_configuration, and let in the "
    "security group of the load balancer.",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("assign_public_ip = false", "assign_public_ip = true")},
)
