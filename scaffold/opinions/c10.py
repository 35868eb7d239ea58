"""C10: load balancers speak TLS alone, send requests to tasks by address, and keep a log of them."""

from collections.abc import Iterator

from scaffold.evaluate.root import Body
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.balancers import Balancer, Listener
from scaffold.facts.cluster import flag
from scaffold.facts.ecs import Ecs
from scaffold.opinions.ecs_services import expected, missing
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

MODERN = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-")
"""How the security policies are called that take TLS 1.3, and nothing below 1.2. Source: the page the opinion names."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    for ecs in facts.ecs:
        for balancer in ecs.balancers:
            if balancer.kind == "application":
                found = list(_faults(balancer))
                message = f"{balancer.address} takes HTTPS alone, sends it to tasks by address, and keeps a log."
                yield from found or [kept(message, balancer.instance.place)]
            elif isinstance(balancer.kind, Symbol | Joined):
                place = balancer.instance.place_of("load_balancer_type")
                yield unknown(f"{balancer.address}: of which kind it is cannot be told.", place)
        yield from _elsewhere(ecs)


def _elsewhere(ecs: Ecs) -> Iterator[Judgement]:
    for service in ecs.services:
        if service.balanced and not service.balancers:
            place = service.instance.place_of("load_balancer")
            yield unknown(f"{service.address}: its load balancer is not made in this root module.", place)


def _faults(balancer: Balancer) -> Iterator[Judgement]:
    address, instance = balancer.address, balancer.instance
    yield from expected(
        address,
        "drop_invalid_header_fields",
        flag(instance.get("drop_invalid_header_fields"), False),
        instance.place_of("drop_invalid_header_fields"),
        lambda on: on is True,
        f"{address} passes invalid headers on.",
        "Set drop_invalid_header_fields = true.",
    )
    yield from expected(
        address,
        "access_logs",
        flag(instance.get("access_logs", "enabled"), False),
        instance.place_of("access_logs", "enabled"),
        lambda on: on is True,
        f"{address} keeps no log of requests.",
        "Set access_logs { bucket = …, enabled = true }.",
    )
    yield from _listeners(balancer)
    for group in balancer.targets:
        given = group.get("target_type")
        wrong = f"{group.address} sends requests to instances rather than to tasks."
        kind: Value = "instance" if given is None else given
        place = group.place_of("target_type")
        yield from expected(
            group.address, "target_type", kind, place, lambda to: to == "ip", wrong, 'Set target_type = "ip".'
        )


def _listeners(balancer: Balancer) -> Iterator[Judgement]:
    protocols = [each.protocol for each in balancer.listeners]
    if "HTTPS" not in protocols and not any(isinstance(each, Symbol | Joined) for each in protocols):
        message = f"{balancer.address} has no HTTPS listener"
        place = balancer.instance.place
        if balancer.stray:
            yield unknown(f"{message}, unless {balancer.stray} is its.", place)
        else:
            yield missing(balancer.root, message, place, "Add one with the ARN of a certificate.")
    for listener in balancer.listeners:
        if listener.protocol == "HTTPS":
            yield from _https(listener)
        elif listener.protocol in (None, "HTTP"):
            yield from _http(listener)
        else:
            place = listener.instance.place_of("protocol")
            yield unknown(f"{listener.instance.address}: its protocol cannot be told.", place)


def _https(listener: Listener) -> Iterator[Judgement]:
    address, instance = listener.instance.address, listener.instance
    if instance.get("certificate_arn") is None:
        yield broken(f"{address} has no certificate.", instance.place, "Set certificate_arn.")
    policy, place = instance.get("ssl_policy"), instance.place_of("ssl_policy")
    named = shown(policy) if policy is not None else "the oldest policy there is, by default"
    yield from expected(
        address,
        "ssl_policy",
        policy,
        place,
        lambda given: isinstance(given, str) and given.startswith(MODERN),
        f"{address} has {named}, without TLS 1.3 or with versions below 1.2.",
        'Set ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06" or a newer one.',
    )


def _http(listener: Listener) -> Iterator[Judgement]:
    for holder, action in listener.actions():
        if _redirects(action) is False:
            yield broken(
                f"{holder.address} answers over plain HTTP rather than redirecting to HTTPS.",
                action.place,
                'Make it redirect { port = "443", protocol = "HTTPS", status_code = "HTTP_301" }.',
            )
        elif _redirects(action) is None:
            yield unknown(f"{holder.address}: whether it redirects to HTTPS cannot be told.", action.place)


def _redirects(action: Body) -> bool | None:
    kind, protocol = action.get("type"), action.get("redirect", "protocol")
    if isinstance(kind, Symbol | Joined) or isinstance(protocol, Symbol | Joined):
        return None
    return kind == "redirect" and protocol == "HTTPS"


_EXAMPLE = """\
resource "aws_lb" "shop" {
  name                       = "shop"
  internal                   = true
  drop_invalid_header_fields = true

  access_logs {
    bucket  = "shop-access-logs"
    enabled = true
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/0f1e2d3c"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_target_group" "api" {
  name        = "api"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
}

resource "aws_ecs_service" "api" {
  name = "api"

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8080
  }
}
"""

OPINION = Opinion(
    id="C10",
    title="TLS with a modern policy, HTTP that only redirects, IP targets, access logs, invalid headers dropped",
    why="A listener without a policy takes versions of TLS that are broken; plain HTTP is read on its way. Headers "
    "that are none are how requests are smuggled past a check. Without a log nobody can say who called.",
    mend="Give the HTTPS listener a certificate and an ELBSecurityPolicy-TLS13-1-2 policy, let HTTP redirect, and set "
    "target_type, access_logs and drop_invalid_header_fields.",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08")},
)
