"""L14: that a function goes when its capacity provider goes is written down, not found out."""

from collections.abc import Iterator

from scaffold.evaluate.unknown import Addressed
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.judging import broken
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion

_TRIGGERS = ("lifecycle", "replace_triggered_by")


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    provider = function.provider
    if provider is None:
        return
    triggers = several(function.instance.get(*_TRIGGERS))
    if not any(_address(each) == provider.address for each in triggers):
        yield broken(
            f"{function.address} stays when {provider.address} is replaced, and holds it back.",
            function.instance.place_of(*_TRIGGERS),
        )


def _address(value: Value) -> str:
    if isinstance(value, Symbol):
        return value.of
    return value.text if isinstance(value, Addressed) else ""


_GOOD = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }

  lifecycle {
    replace_triggered_by = [aws_lambda_capacity_provider.orders.arn]
  }
}
"""

_BAD = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}
"""

OPINION = Opinion(
    id="L14",
    title="Replacing the capacity provider replaces its functions first",
    why="Almost every change of a capacity provider replaces it, one with versions attached cannot be deleted, and a "
    "function cannot move: without the rule, the apply fails after minutes, half done.",
    mend="Set lifecycle { replace_triggered_by = [the capacity provider's arn] } on the function.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-capacity-providers.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address}: nothing of its capacity provider is changed beneath it."
    ),
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
