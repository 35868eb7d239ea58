"""D1: a durable function says how long an execution may take and is remembered, and has a runtime that can."""

import re
from collections.abc import Iterator, Mapping

from scaffold.answers.durable import LONGEST_EXECUTION, LONGEST_RETENTION
from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Value, known
from scaffold.facts import Facts
from scaffold.facts.durable import place_of_setting, setting
from scaffold.facts.functions import Function
from scaffold.opinions.durable_functions import for_each_durable_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

OLDEST: Mapping[str, tuple[int, ...]] = {"python": (3, 13), "nodejs": (22,), "java": (17,), "dotnet": (8,)}
"""The oldest version of each managed runtime that has durable functions. Source: "Supported runtimes for durable
functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html."""

_FIGURES: Mapping[str, tuple[int, str]] = {
    "execution_timeout": (LONGEST_EXECUTION, "seconds"),
    "retention_period": (LONGEST_RETENTION, "days"),
}


def _faults(facts: Facts, function: Function) -> Iterator[Judgement]:
    for name, (most, unit) in _FIGURES.items():
        yield from _figure(function, name, most, unit)
    yield from _runtime(function)


def _figure(function: Function, name: str, most: int, unit: str) -> Iterator[Judgement]:
    value, place = setting(function, name), place_of_setting(function, name)
    if value is None:
        what = "how long an execution may take" if name == "execution_timeout" else "how long its history is kept"
        yield broken(f"{function.address} does not say {what}.", place, f"Set {name} to 1 to {most} {unit}.")
    elif not known(value):
        yield unknown(f"{function.address}: its {name} cannot be told: {shown(value)}.", place)
    elif not _is_within(value, most):
        message = f"{function.address}: Lambda takes a {name} of 1 to {most} {unit}, not {shown(value)}."
        yield broken(message, place, f"Set {name} to 1 to {most} {unit}.")


def _is_within(value: Value, most: int) -> bool:
    text = str(value)
    return not isinstance(value, bool) and re.fullmatch(r"\d{1,9}", text) is not None and 1 <= int(text) <= most


def _runtime(function: Function) -> Iterator[Judgement]:
    runtime, place = function.instance.get("runtime"), function.instance.place_of("runtime")
    if runtime is None:  # an image's runtime is in the image
        return
    if not isinstance(runtime, str):
        yield unknown(f"{function.address}: its runtime cannot be told: {shown(runtime)}.", place)
    elif not _can(runtime):
        yield _incapable(function, runtime, place)


def _incapable(function: Function, runtime: str, place: Place) -> Judgement:
    mend = "Use Python 3.13, Node.js 22, Java 17 or .NET 8, a newer one, or an image with a runtime of your own."
    return broken(f"{function.address}: {runtime} has no durable functions.", place, mend)


def _can(runtime: str) -> bool:
    found = re.fullmatch(r"(python|nodejs|java|dotnet)(\d+)(?:\.(\d+))?(?:\.x|\.al2)?", runtime)
    if found is None:
        return False
    version = tuple(int(each) for each in found.groups()[1:] if each)
    return version >= OLDEST[found[1]]


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }
}
"""

OPINION = Opinion(
    id="D1",
    title="A durable function says how long executions may take and are remembered, and has a runtime that can",
    why="An execution that nobody bounds may wait for a year, and one that failed is forgotten after a time that "
    "nobody chose. An older runtime is refused, but only when the function is deployed.",
    mend="Set execution_timeout and retention_period in durable_config, and a runtime from Python 3.13, Node.js 22, "
    "Java 17 or .NET 8 on.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html",
    judge=for_each_durable_function(
        _faults,
        lambda function: (
            f"{function.address} says how long an execution takes and is remembered, on a runtime that can."
        ),
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("    retention_period  = 14\n", "")},
)
