"""D5: an HTTP API beside a durable function is throttled, keeps an access log, and asks on every route who is there."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Symbol, Value, known
from scaffold.facts import Facts
from scaffold.opinions.durable_functions import durable_functions
from scaffold.opinions.judging import broken, kept, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement, Opinion


def _judge(facts: Facts) -> Iterator[Judgement]:
    durable = [function.root for function in durable_functions(facts)]
    for root in facts.repository.roots:
        if not any(root is each for each in durable):
            continue
        for api in root.of("aws_apigatewayv2_api"):
            if api.get("protocol_type") == "HTTP":
                found = list(_faults(root, api))
                message = f"{api.address} is throttled, keeps an access log, and asks on every route who is there."
                yield from found or [kept(message, api.place)]


def _faults(root: Root, api: Instance) -> Iterator[Judgement]:
    stages = [each for each in root.of("aws_apigatewayv2_stage") if _is_of(api, each.get("api_id"))]
    for stage in stages:
        yield from _throttling(stage)
        yield from _access_log(stage)
    routes = [each for each in root.of("aws_apigatewayv2_route") if _is_of(api, each.get("api_id"))]
    for route in routes:
        yield from _authorisation(route)
    if api.get("target") is not None:
        message = f"{api.address} makes a route by itself, which asks nobody who they are."
        yield broken(message, api.place_of("target"), "Leave out target, and write the routes with an authoriser.")
    elif not (stages and routes):
        doubt = unread(root) or "its routes and stages may be made elsewhere"
        yield unknown(f"{api.address}: who may call it cannot be told; {doubt}.", api.place)


def _is_of(api: Instance, value: Value) -> bool:
    return isinstance(value, Symbol) and value.of == api.address


def _throttling(stage: Instance) -> Iterator[Judgement]:
    """Yield that a stage lacks a limit; one whose figure is not known is a limit all the same."""
    for name in ("throttling_rate_limit", "throttling_burst_limit"):
        value, place = stage.get("default_route_settings", name), stage.place_of("default_route_settings", name)
        if value is None or value == 0:
            yield broken(
                f"{stage.address} does not say its {name}: the account's 10,000 requests a second are the limit.",
                place,
                f"Set {name} in default_route_settings.",
            )
            return


def _access_log(stage: Instance) -> Iterator[Judgement]:
    if stage.get("access_log_settings", "destination_arn") is None:
        place = stage.place_of("access_log_settings")
        yield broken(f"{stage.address} keeps no access log.", place, "Set access_log_settings to a log group.")


def _authorisation(route: Instance) -> Iterator[Judgement]:
    key, kind = route.get("route_key"), route.get("authorization_type")
    # What a browser asks before the request proper carries no credentials.
    if isinstance(key, str) and key.startswith("OPTIONS "):
        return
    place = route.place_of("authorization_type")
    if kind is None or kind == "NONE":
        mend = "Set authorization_type to AWS_IAM, JWT or CUSTOM."
        yield broken(f"{route.address} asks nobody who they are.", place, mend)
    elif not known(kind):
        yield unknown(f"{route.address}: whether it asks who is there cannot be told: {shown(kind)}.", place)


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "start" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "POST /orders"
  authorization_type = "AWS_IAM"
  target             = "integrations/${aws_apigatewayv2_integration.start.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_burst_limit = 100
    throttling_rate_limit  = 50
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format          = "$context.requestId $context.routeKey $context.status"
  }
}
"""

OPINION = Opinion(
    id="D5",
    title="An HTTP API before a durable function is throttled and logged, and every route has an authoriser",
    why="Each request may start an execution that lasts for days, and an approval decides for a person. An open route "
    "lets anybody do both, as fast as they like, and without a log nobody knows who did.",
    mend="Set authorization_type on every route, and access_log_settings and throttling limits on every stage.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('"AWS_IAM"', '"NONE"')},
)
