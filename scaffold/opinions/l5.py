"""L5: callers invoke a published version, since $LATEST never runs on an instance."""

from collections.abc import Iterator

from scaffold.evaluate.root import Place
from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.cluster import flag
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.callers import bare_calls
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_function, unread
from scaffold.opinions.opinion import Judgement, Opinion


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    publish, to = flag(function.instance.get("publish"), False), function.instance.get("publish_to")
    place = function.instance.place_of("publish")
    if to is None and publish is False:
        yield broken(f"{function.address} publishes no version, so that nothing runs on an instance.", place)
    elif to is None and not known(publish):
        yield unknown(f"{function.address}: whether it publishes versions cannot be told: {shown(publish)}.", place)
    elif to is None and not function.aliases:
        yield _without_alias(function, place)
    yield from bare_calls(function)


def _without_alias(function: ManagedFunction, place: Place) -> Judgement:
    what = f"{function.address} publishes numbered versions without an alias, each with three environments of its own"
    doubt = unread(function.root)
    if doubt:
        return unknown(f"{what}, or with one that is not seen here: {doubt}.", place)
    return broken(f"{what}.", place)


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  publish       = true
  publish_to    = "LATEST_PUBLISHED"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = "$LATEST.PUBLISHED"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_alias.live.arn
}
"""

OPINION = Opinion(
    id="L5",
    title="A published version behind an alias, and callers that name it",
    why="Only published versions run on instances. Who calls the bare function gets an error, and the instances are "
    "paid for all the same.",
    mend='Set publish = true, and publish_to = "LATEST_PUBLISHED" for one version that moves; make an alias, and name '
    "its ARN in event sources, permissions and integrations.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address} publishes its version, and all that calls it names that."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("aws_lambda_alias.live.arn", "aws_lambda_function.orders.arn")},
)
