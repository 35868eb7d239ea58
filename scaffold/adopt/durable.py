"""The answers of durable Lambda functions: the workflow, and the API that starts it."""

from collections.abc import Iterator, Sequence

from scaffold.adopt.findings import Finding, Inferred, NotExpressible, answer
from scaffold.compare.parts import Cast
from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts.durable import reach
from scaffold.facts.functions import DURABLE, Function, functions_of, may_be_durable
from scaffold.facts.rights import rights_of

_AUTHORIZERS = {"AWS_IAM": "iam", "JWT": "jwt"}


def durable_functions(cast: Cast) -> list[Function]:
    """Return the durable functions that a root module makes."""
    return [each for each in functions_of(cast.root) if may_be_durable(each.instance)]


def helpers(cast: Cast) -> frozenset[str]:
    """Return the addresses of the functions that serve a durable one: they start it, or answer its callbacks."""
    durable = durable_functions(cast)
    others = [each for each in functions_of(cast.root) if not may_be_durable(each.instance)] if durable else []
    return frozenset(each.address for each in others if _serves(cast, each, durable))


def _serves(cast: Cast, function: Function, durable: Sequence[Function]) -> bool:
    statements = rights_of(cast.root, function.role).statements if function.role is not None else ()
    resources = [each for statement in statements for each in statement.resources]
    return any(each.called_by(one) or reach(each, one) == "its" for each in durable for one in resources)


def durable_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `durable.*`, where it makes a durable function."""
    functions = durable_functions(cast)
    if not functions:
        return
    first, *more = functions
    for other in more:
        yield NotExpressible(
            f"{other.address} is one more; an environment has one durable function", other.instance.place
        )
    yield from answer("durable.runtime", first.instance.body.at("runtime"))
    for name in ("execution_timeout", "retention_period"):
        yield from answer(f"durable.{name}", first.instance.body.at(DURABLE, name), int)
    for api in cast.root.of("aws_apigatewayv2_api"):
        yield from _api(cast, api)
        break
    for alarm in cast.root.of("aws_cloudwatch_metric_alarm"):
        if alarm.get("alarm_actions") and alarm.get("metric_name") == "DurableExecutionFailed":
            yield from answer("durable.alarm_topic_arns", alarm.body.at("alarm_actions"), list)
            break
    for group in cast.root.of("aws_cloudwatch_log_group"):
        if _is_of(group, first.log_group) or group.get("name") == first.log_group:
            yield from answer("durable.log_retention_days", group.body.at("retention_in_days"), int)


def _api(cast: Cast, api: Instance) -> Iterator[Finding]:
    routes = [each for each in cast.root.of("aws_apigatewayv2_route") if _is_of(api, each.get("api_id"))]
    for route in routes:
        kind = route.get("authorization_type")
        if isinstance(kind, str) and kind in _AUTHORIZERS:
            yield Inferred("durable.authorizer", _AUTHORIZERS[kind], route.place_of("authorization_type"))
            break
    for authorizer in cast.root.of("aws_apigatewayv2_authorizer"):
        if _is_of(api, authorizer.get("api_id")):
            yield from answer("durable.jwt_issuer", authorizer.body.at("jwt_configuration", "issuer"))
            yield from answer("durable.jwt_audience", authorizer.body.at("jwt_configuration", "audience"), list)
    for stage in cast.root.of("aws_apigatewayv2_stage"):
        if _is_of(api, stage.get("api_id")):
            for name in ("throttling_rate_limit", "throttling_burst_limit"):
                yield from answer(f"durable.{name}", stage.body.at("default_route_settings", name), int)


def _is_of(instance: Instance, value: Value) -> bool:
    return isinstance(value, Symbol) and value.of == instance.address
