"""L9: how many requests share an execution environment is a decision."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.judging import broken, shown
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion

_CONCURRENCY = "per_execution_environment_max_concurrency"


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    if function.setting(_CONCURRENCY) is None:
        yield broken(
            f"{function.address} leaves to Lambda how many requests share one execution environment.",
            function.place_of_setting(_CONCURRENCY),
        )


_GOOD = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn                     = aws_lambda_capacity_provider.orders.arn
      per_execution_environment_max_concurrency = 16
    }
  }
}
"""

_BAD = """\
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
    id="L9",
    title="per_execution_environment_max_concurrency set, not assumed",
    why="Lambda's default is up to 64 requests for each vCPU at once. They share /tmp, and in every runtime but Python "
    "memory too: code that was never meant for it mixes requests up.",
    mend=f"Set {_CONCURRENCY} to what the handler is written and tested for; 1 is standard Lambda's way.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html",
    judge=for_each_function(
        _faults,
        lambda function: (
            f"{function.address}: {shown(function.setting(_CONCURRENCY))} requests may share one execution environment."
        ),
    ),
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
