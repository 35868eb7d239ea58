"""The answers about durable functions, from a root module's workflow and its API."""

from collections.abc import Iterator

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.adopt.operations import retention, topics
from scaffold.compare.cast import Cast
from scaffold.compare.function_parts import DURABLE
from scaffold.compare.log_parts import FUNCTIONS
from scaffold.evaluate.root import Instance
from scaffold.facts.functions import DURABLE as CONFIG

_RETENTION_DAYS = 14
"""What Lambda takes where nothing is set. Source: Lambda API, DurableConfig, RetentionPeriodInDays."""

_OF_IT = f" of a function {DURABLE}"


def durable_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `durable.*`; nothing where it makes no durable function."""
    functions = [
        function.instance
        for address, function in cast.functions.functions.items()
        if cast.functions.parts[address].startswith(DURABLE)
    ]
    if not functions:
        return
    for other in functions[1:]:
        yield NotExpressible(f"{other.address} is one more durable function; an environment has one", other.place)
    workflow = functions[0]
    yield from answer("durable.runtime", workflow.body.at("runtime"))
    yield from answer("durable.execution_timeout", workflow.body.at(CONFIG, "execution_timeout"), int)
    if workflow.get(CONFIG, "retention_period") is None:
        how = f"retention_period is not set, which is {_RETENTION_DAYS}"
        yield Inferred("durable.retention_period", _RETENTION_DAYS, workflow.place_of(CONFIG), how)
    yield from answer("durable.retention_period", workflow.body.at(CONFIG, "retention_period"), int)
    yield from _api(cast, workflow)
    yield from topics(cast, "durable", lambda cast, alarm: _OF_IT in cast.roles.get(alarm.address, ""))
    yield from retention(cast, "durable", f"{FUNCTIONS}{_OF_IT}")


def _api(cast: Cast, workflow: Instance) -> Iterator[Finding]:
    apis = list(cast.root.of("aws_apigatewayv2_api"))
    if not apis:
        hidden = next((f"{each.what} {each.reason}" for each in cast.root.unread), "")
        yield Gap("durable.authorizer", hidden or f"no HTTP API leads to {workflow.address}")
        return
    for other in apis[1:]:
        yield NotExpressible(f"{other.address} is one more API; an environment has one", other.place)
    about = cast.uses.about.get(apis[0].address, ())
    routes = [each for each in about if each.type == "aws_apigatewayv2_route"]
    yield from _authorizer(apis[0], routes, [each for each in about if each.type == "aws_apigatewayv2_authorizer"])
    for stage in cast.root.of("aws_apigatewayv2_stage"):
        if cast.uses.find(stage.get("api_id")) is apis[0]:
            for name in ("throttling_rate_limit", "throttling_burst_limit"):
                given = stage.body.at("default_route_settings", name)
                if given is None:
                    yield Gap(f"durable.{name}", f"{stage.address} lets through what the account does")
                yield from answer(f"durable.{name}", given, int)
            return


def _authorizer(api: Instance, routes: list[Instance], authorizers: list[Instance]) -> Iterator[Finding]:
    kinds = {each.get("authorization_type") for each in routes}
    path = "durable.authorizer"
    if kinds == {"AWS_IAM"}:
        yield Inferred(path, "iam", routes[0].place_of("authorization_type"))
    elif kinds == {"JWT"}:
        yield Inferred(path, "jwt", routes[0].place_of("authorization_type"))
        for each in authorizers[:1]:
            yield from answer("durable.jwt_issuer", each.body.at("jwt_configuration", "issuer"))
            yield from answer("durable.jwt_audience", each.body.at("jwt_configuration", "audience"), list)
    elif routes and not kinds & {None, "NONE"}:
        yield Gap(path, f"the routes of {api.address} have other authorisers than IAM or tokens alone")
    else:
        yield Gap(path, f"not all that {api.address} offers has an authoriser")
