"""L11: production shares its instances with nobody.

Which functions trust each other, no repository says; that production does not trust development, all agree on. So what
is judged is whether one capacity provider serves environments of both kinds.
"""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion

_ARN = "capacity_provider_arn"


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    if function.provider is not None:
        return
    arn, place = function.provider_arn, function.place_of_setting(_ARN)
    if not isinstance(arn, str):
        yield unknown(f"{function.address}: who shares its capacity provider cannot be told: {shown(arn)}.", place)
        return
    for other in facts.managed_functions:
        if other.provider_arn == arn and {function.root.production, other.root.production} == {True, False}:
            yield broken(
                f"{function.address} shares a capacity provider with {other.address} of {other.root.path}, and one of "
                "the two is production.",
                place,
            )
            return


_FUNCTION = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders-%s"

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = "arn:aws:lambda:eu-central-1:111122223333:capacity-provider:%s"
    }
  }
}
"""

OPINION = Opinion(
    id="L11",
    title="One capacity provider for each trust zone: production shares none with development",
    why="Functions on one capacity provider run in containers on the same instances, and a container is no wall: "
    "whoever breaks out of one is in all of them.",
    mend="Make a capacity provider for each environment, and within one for each group of functions that trust each "
    "other.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-security.html",
    judge=for_each_function(
        _faults,
        lambda function: f"{function.address}: no environment of another kind is known to share its capacity provider.",
    ),
    good={f"environments/{name}/main.tf": _FUNCTION % (name, f"orders-{name}") for name in ("dev", "prod")},
    bad={f"environments/{name}/main.tf": _FUNCTION % (name, "orders") for name in ("dev", "prod")},
)
