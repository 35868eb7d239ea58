"""L4: the function is built for the architecture of its instances."""

from collections.abc import Iterator

from scaffold.answers.lmi import is_graviton
from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.managed_instances import CapacityProvider, ManagedFunction
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion

_TYPES = ("instance_requirements", "allowed_instance_types")


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    place = function.instance.place_of("architectures")
    of = (each for each in facts.capacity_providers if each.root is function.root)
    provider = next((each for each in of if each.instance is function.provider), None)
    if provider is None:
        arn = shown(function.provider_arn)
        message = (
            f"{function.address}: the architecture of its capacity provider cannot be told: {arn} is not made here."
        )
        yield unknown(message, function.place_of_setting("capacity_provider_arn"))
        return
    ours, theirs = function.architectures, provider.architectures
    if ours != theirs and (theirs is None or not known(ours) or not known(theirs)):
        yield unknown(
            f"{function.address} is built for {shown(ours)}; that the instances of {provider.address} are the same "
            f"cannot be told: {'it names no architecture' if theirs is None else shown(theirs)}.",
            place,
        )
    elif ours != theirs:
        yield broken(
            f"{function.address} is built for {shown(ours)}, and the instances of {provider.address} are "
            f"{shown(theirs)}.",
            place,
        )
    yield from _types(provider)


def _types(provider: CapacityProvider) -> Iterator[Judgement]:
    """Yield the instance types that are not of the architecture beside them."""
    if provider.architectures not in (("arm64",), ("x86_64",)):
        return
    wanted = shown(provider.architectures)
    for each in several(provider.instance.get(*_TYPES)):
        if isinstance(each, str) and "*" not in each and is_graviton(each) != (wanted == "arm64"):
            yield broken(
                f"{provider.address} allows {each}, which cannot run {wanted}.",
                provider.instance.place_of(*_TYPES),
                f"Name types for {wanted}.",
            )


_EXAMPLE = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  instance_requirements {
    architectures = ["arm64"]
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  architectures = ["arm64"]

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}
"""

OPINION = Opinion(
    id="L4",
    title="One architecture for the capacity provider, its instance types, and the function",
    why="A function that is not built for its instances is refused at deployment, after the instances were paid for. "
    "Without the argument a function is x86_64.",
    mend="Set architectures of the function and of instance_requirements from one variable, and build for it.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-capacity-providers.html",
    judge=for_each_function(_faults, lambda function: f"{function.address} and its instances are of one architecture."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('  architectures = ["arm64"]\n\n', "\n")},
)
