"""L3: the capacity that may be paid for is a decision."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts import Facts
from scaffold.facts.managed_instances import CapacityProvider
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_provider
from scaffold.opinions.opinion import Judgement, Opinion

FEWEST_VCPUS, MOST_VCPUS = 2, 15_000
"""Source: Lambda API, CapacityProviderScalingConfig.MaxVCpuCount."""

_CAP = ("capacity_provider_scaling_config", "max_vcpu_count")


def _faults(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    cap, place = provider.instance.get(*_CAP), provider.instance.place_of(*_CAP)
    if cap is None:
        yield broken(f"{provider.address} names no max_vcpu_count, so that Lambda may start 400 vCPUs.", place)
    elif provider.instance.body.at(*_CAP) is None:
        yield unknown(f"{provider.address}: whether it has a max_vcpu_count cannot be told.", place)
    elif not isinstance(cap, Symbol | Joined) and not _in_range(cap):
        yield broken(f"{provider.address}: Lambda takes no max_vcpu_count of {shown(cap)}.", place)


def _in_range(cap: object) -> bool:
    number = int(cap) if isinstance(cap, int | float) or (isinstance(cap, str) and cap.isdecimal()) else 0
    return FEWEST_VCPUS <= number <= MOST_VCPUS


def _kept(provider: CapacityProvider) -> str:
    return f"{provider.address} may run {shown(provider.instance.get(*_CAP))} vCPUs, and no more."


_BAD = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  capacity_provider_scaling_config {
    scaling_mode = "Auto"
  }
}
"""

_GOOD = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  capacity_provider_scaling_config {
    max_vcpu_count = 48
    scaling_mode   = "Auto"
  }
}
"""

OPINION = Opinion(
    id="L3",
    title="A max_vcpu_count that somebody chose",
    why="It is the safety valve of the bill: without one, a retry loop may start instances with 400 vCPUs before "
    "anybody looks.",
    mend=f"Set capacity_provider_scaling_config.max_vcpu_count to the final cap, {FEWEST_VCPUS} to {MOST_VCPUS:,}.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html",
    judge=for_each_provider(_faults, _kept),
    good={"main.tf": _GOOD},
    bad={"main.tf": _BAD},
)
