"""F6: what a function says is kept for as long as somebody chose, can be searched, and is traced."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.evaluate.values import Joined, Symbol, Value, known
from scaffold.facts.functions import Function
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import unread
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(function: Function) -> Iterator[Judgement]:
    yield from _log_group(function)
    yield from _is(function, ("logging_config", "log_format"), "JSON", "writes its logs as plain text")
    yield from _is(function, ("tracing_config", "mode"), "Active", "is not traced")


def _log_group(function: Function) -> Iterator[Judgement]:
    place = function.instance.place_of("logging_config", "log_group")
    group = next((each for each in function.root.of("aws_cloudwatch_log_group") if _is_its(function, each)), None)
    if group is not None:
        days = group.get("retention_in_days")
        if days in (None, 0):
            yield broken(
                f"{group.address} keeps the logs of {function.address} for ever.",
                group.place_of("retention_in_days"),
                "Set retention_in_days.",
            )
        return
    doubt = unread(function.root)
    if not known(function.log_group):
        doubt = doubt or f"its name is {shown(function.log_group)}"
    what = f"{function.address}: its log group is not made here, so that Lambda makes one that is kept for ever"
    mend = "Make an aws_cloudwatch_log_group with retention_in_days, and name it in logging_config."
    yield unknown(f"{what}; but {doubt}.", place, mend) if doubt else broken(f"{what}.", place, mend)


def _is_its(function: Function, group: Instance) -> bool:
    wanted: Value = function.log_group
    return (group.get("name") is not None and group.get("name") == wanted) or (
        isinstance(wanted, Symbol) and wanted.of == group.address
    )


def _is(function: Function, path: tuple[str, str], wanted: str, otherwise: str) -> Iterator[Judgement]:
    value, place = function.instance.get(*path), function.instance.place_of(*path)
    if isinstance(value, Symbol | Joined):
        yield unknown(f"{function.address}: {path[1]} of its {path[0]} cannot be told: {shown(value)}.", place)
    elif value != wanted:
        yield broken(f"{function.address} {otherwise}.", place, f'Set {path[0]} {{ {path[1]} = "{wanted}" }}.')


_EXAMPLE = """\
resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 365
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.orders.name
  }

  tracing_config {
    mode = "Active"
  }
}
"""

OPINION = Opinion(
    id="F6",
    title="The log group is in Terraform with a retention, logs are JSON, tracing is active",
    why="A log group that Lambda makes keeps everything for ever and is paid for, plain text cannot be searched by "
    "field, and without traces nobody sees which call of many was slow.",
    mend='Make an aws_cloudwatch_log_group with retention_in_days, and set logging_config { log_format = "JSON" } and '
    'tracing_config { mode = "Active" }.',
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address}: its logs are JSON and kept as chosen, and it is traced."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('"Active"', '"PassThrough"')},
)
