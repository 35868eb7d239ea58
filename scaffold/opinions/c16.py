"""C16: a server of the Model Context Protocol keeps its streams, and lets nobody in who is not known."""

import re
from collections.abc import Iterator

from scaffold.evaluate.root import Body, Instance
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.balancers import Balancer, Listener, target_groups_of
from scaffold.facts.cluster import flag
from scaffold.facts.containers import pairs
from scaffold.facts.ecs import Ecs, EcsService
from scaffold.opinions.ecs_services import for_each_service, number
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

LEAST_IDLE = 300
"""The shortest idle timeout in seconds; without one, a load balancer ends a quiet stream after 60."""

AUTHENTICATING = ("authenticate-cognito", "authenticate-oidc", "jwt-validation")
"""The listener actions that let nobody past who is not known."""

_MCP = re.compile(r"(?:\A|[^a-z])mcp(?:[^a-z]|\Z)", re.IGNORECASE)


def is_mcp_server(service: EcsService) -> bool:
    """Return whether a service's own names, or those in its containers, say that it speaks MCP."""
    named: list[Value] = [service.address, service.instance.get("name")]
    if service.task is not None:
        named.append(service.task.family)
        for container in service.task.containers or ():
            named += [container.get("name"), container.image]
            named += [name for name, _ in pairs(container.get("portMappings"), to="containerPort")]
            named += [name for name, _ in pairs(container.get("environment"))]
    named += [group.get("health_check", "path") for group in service.targets]
    return any(_MCP.search(shown(each)) for each in named if each is not None)


def _judge(facts: Facts, _: Ecs, service: EcsService) -> Iterator[Judgement] | None:
    return _faults(service) if is_mcp_server(service) else None


def _faults(service: EcsService) -> Iterator[Judgement]:
    if service.balanced and not service.balancers:
        place = service.instance.place_of("load_balancer")
        yield unknown(f"{service.address}: its load balancer is not made in this root module.", place)
    for balancer in service.balancers:
        yield from _idle(service, balancer)
        yield from _door(service, balancer)
    for group in service.targets:
        if group.get("health_check", "path") is None and group.get("protocol") in (None, "HTTP", "HTTPS"):
            yield broken(
                f"{group.address} checks /, where an MCP server has nothing.",
                group.place_of("health_check"),
                "Set path in health_check to one that answers 200 without a session.",
            )


def _idle(service: EcsService, balancer: Balancer) -> Iterator[Judgement]:
    idle, place = balancer.instance.get("idle_timeout"), balancer.instance.place_of("idle_timeout")
    if balancer.kind != "application":
        return
    if not known(idle):
        yield unknown(f"{balancer.address}: its idle_timeout cannot be told: {shown(idle)}.", place)
    elif (number(idle) or 60) < LEAST_IDLE:
        seconds = 60 if idle is None else shown(idle)
        message = f"{balancer.address} ends a stream of {service.address} that is quiet for {seconds} seconds."
        yield broken(message, place, f"Set idle_timeout = {LEAST_IDLE} or more.")


def _door(service: EcsService, balancer: Balancer) -> Iterator[Judgement]:
    """Yield that whoever is on the internet gets to the server."""
    internal = flag(balancer.internal, False)
    if internal is True:
        return
    for listener in balancer.listeners:
        for holder, action in _ways_in(service, listener):
            if isinstance(internal, Symbol | Joined):
                place = balancer.instance.place_of("internal")
                yield unknown(f"{balancer.address}: whether it is internal cannot be told.", place)
                return
            yield broken(
                f"{holder.address} lets the whole internet call {service.address}.",
                action.place,
                f"Set internal = true, or put one of {', '.join(AUTHENTICATING)} before it.",
            )


def _ways_in(service: EcsService, listener: Listener) -> Iterator[tuple[Instance, Body]]:
    """Yield each action that leads to a service without another before it that lets nobody past unknown."""
    checked: dict[str, bool] = {}
    actions = list(listener.actions())
    for holder, action in actions:
        if action.get("type") in AUTHENTICATING:
            checked[holder.address] = True
    for holder, action in actions:
        if not checked.get(holder.address) and _leads(service, action):
            yield holder, action


def _leads(service: EcsService, action: Body) -> bool:
    return any(one is group for one in target_groups_of(action, service.refers) for group in service.targets)


_EXAMPLE = """\
resource "aws_lb" "tools" {
  name         = "tools"
  internal     = %s
  idle_timeout = 3600
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.tools.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.mcp.arn
  }
}

resource "aws_lb_target_group" "mcp" {
  name        = "mcp"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"

  health_check {
    path = "/health"
  }
}

resource "aws_ecs_service" "mcp" {
  name = "mcp"

  load_balancer {
    target_group_arn = aws_lb_target_group.mcp.arn
    container_name   = "mcp"
    container_port   = 8080
  }
}
"""

OPINION = Opinion(
    id="C16",
    title="MCP servers: idle timeout of 300 s or more, a health path, and never open to the internet",
    why="A load balancer ends a stream that is quiet for a minute, and the client's session with it. A server of tools "
    "that anybody may call does for anybody what its role may do.",
    mend="Set idle_timeout = 300 or more and a health_check path, and make the load balancer internal, or put "
    "authenticate-oidc, authenticate-cognito or jwt-validation before the forward action.",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    judge=for_each_service(_judge, lambda service: f"{service.address} keeps its streams, and is not open."),
    good={"main.tf": _EXAMPLE % "true"},
    bad={"main.tf": _EXAMPLE % "false"},
)
