"""D2: executions begin on a published version, by way of an alias, and whoever starts them names that."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.functions import Function
from scaffold.opinions.callers import bare_calls
from scaffold.opinions.durable_functions import for_each_durable_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(facts: Facts, function: Function) -> Iterator[Judgement]:
    publish, place = flag(function.instance.get("publish"), False), function.instance.place_of("publish")
    if publish is False:
        yield broken(f"{function.address} publishes no version: running executions meet code that changes.", place)
    elif not known(publish):
        yield unknown(f"{function.address}: whether it publishes versions cannot be told: {shown(publish)}.", place)
    elif not function.aliases:
        doubt = unread(function.root)
        what = f"{function.address} has no alias, so that callers have to learn the number of each version"
        yield (
            unknown(f"{what}, or has one that is not seen here: {doubt}.", place)
            if doubt
            else broken(f"{what}.", place)
        )
    yield from bare_calls(function)
    yield from _told(function)


def _told(function: Function) -> Iterator[Judgement]:
    """Yield that another function is told, in its environment, to start executions by the bare ARN."""
    for other in function.root.of("aws_lambda_function"):
        variables = other.get("environment", "variables")
        for value in variables.values() if isinstance(variables, Mapping) else ():
            if _is_arn(value) and function.called_by(value) == "bare":
                yield broken(
                    f"{other.address} is told the bare ARN of {function.address}, which starts nothing.",
                    other.place_of("environment", "variables"),
                    "Tell it the alias's ARN.",
                )


def _is_arn(value: Value) -> bool:
    """Return whether a value is a function's ARN rather than its name, which is of use for other things too."""
    if isinstance(value, Symbol):
        return value.attribute == "arn"
    text = shown(value) if isinstance(value, str | Joined) else ""
    return ":function:" in text or (isinstance(value, Joined) and any(_is_arn(part) for part in value.parts[:1]))


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  publish       = true

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_cloudwatch_event_target" "orders" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_alias.live.arn
}
"""

OPINION = Opinion(
    id="D2",
    title="A durable function is published behind an alias, and whoever starts executions names that",
    why="An execution is replayed from its first line for as long as it lasts. On a version it meets the code that it "
    "began with; on $LATEST it meets whatever was deployed since. Lambda refuses calls of the bare function.",
    mend="Set publish = true, make an alias, and name its ARN in integrations, permissions, targets and environments.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html",
    judge=for_each_durable_function(
        _faults, lambda function: f"{function.address} is published behind an alias, and all that starts it names that."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("aws_lambda_alias.live.arn", "aws_lambda_function.orders.arn")},
)
