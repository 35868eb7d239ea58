"""L6: memory, its share for each vCPU, and a runtime that Managed Instances takes."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import get_args

from scaffold.answers.lmi import Runtime
from scaffold.evaluate.root import Place
from scaffold.evaluate.values import Value, known
from scaffold.facts import Facts
from scaffold.facts.managed_instances import ManagedFunction
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_function
from scaffold.opinions.opinion import Judgement, Opinion

LEAST_MEMORY_MB = 2048
"""Source: "Function memory and vCPUs", the page that the opinion names as its source."""

FEWEST_GIB_PER_VCPU, MOST_GIB_PER_VCPU = 2, 8
"""Source: Lambda API, LambdaManagedInstancesCapacityProviderConfig.ExecutionEnvironmentMemoryGiBPerVCpu."""

_DEFAULT_MEMORY_MB = 128
_GIB = "execution_environment_memory_gib_per_vcpu"
_RUNTIME = re.compile(r"(?P<family>[a-z]+)(?P<version>[\d.]*\d)(?:\.x)?\Z")


def _oldest() -> Mapping[str, tuple[int, ...]]:
    """Return the oldest version of each language that Managed Instances takes."""
    found: dict[str, tuple[int, ...]] = {}
    for runtime in get_args(Runtime):
        family, version = _parsed(runtime)
        found[family] = min(found.get(family, version), version)
    return found


def _parsed(runtime: str) -> tuple[str, tuple[int, ...]]:
    """Return a runtime's language and version; `provided.al2023` has no version but its own name."""
    match = _RUNTIME.match(runtime)
    return (match["family"], tuple(map(int, match["version"].split(".")))) if match else (runtime, ())


_OLDEST = _oldest()


def _faults(facts: Facts, function: ManagedFunction) -> Iterator[Judgement]:
    given, place = function.instance.get("memory_size"), function.instance.place_of("memory_size")
    memory = _DEFAULT_MEMORY_MB if given is None else given
    yield from _bounded(function, "memory_size", memory, place, LEAST_MEMORY_MB, math.inf)
    gib, place = function.setting(_GIB), function.place_of_setting(_GIB)
    if gib is not None:
        yield from _bounded(function, _GIB, gib, place, FEWEST_GIB_PER_VCPU, MOST_GIB_PER_VCPU)
    runtime, place = function.instance.get("runtime"), function.instance.place_of("runtime")
    if not known(runtime):
        yield unknown(f"{function.address}: its runtime cannot be told: {shown(runtime)}.", place)
    elif isinstance(runtime, str) and runtime and not _is_taken(runtime):  # an image's runtime is in the image
        yield broken(
            f"{function.address}: Managed Instances does not run {runtime}.",
            place,
            f"Use one of {', '.join(get_args(Runtime))}, or a newer one.",
        )


def _is_taken(runtime: str) -> bool:
    family, version = _parsed(runtime)
    return family in _OLDEST and version >= _OLDEST[family]


def _bounded(
    function: ManagedFunction, name: str, value: Value, place: Place, least: float, most: float
) -> Iterator[Judgement]:
    """Yield that a number is too small or too large, or that nobody knows it."""
    if not known(value):
        yield unknown(f"{function.address}: {name} cannot be told: {shown(value)}.", place)
        return
    number = float(value) if isinstance(value, int | float | str) and _is_number(value) else 0.0
    if not least <= number <= most:
        wanted = f"{least} or more" if math.isinf(most) else f"{least} to {most}"
        message = f"{function.address}: Managed Instances takes a {name} of {wanted}, not {shown(value)}."
        yield broken(message, place, f"Set {name} to {wanted}.")


def _is_number(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value) is not None


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  memory_size   = 4096

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn                     = aws_lambda_capacity_provider.orders.arn
      execution_environment_memory_gib_per_vcpu = 4
    }
  }
}
"""

OPINION = Opinion(
    id="L6",
    title="At least 2048 MB, 2 to 8 GiB for each vCPU, and a runtime of Managed Instances",
    why="Lambda refuses anything else, but only when the function is deployed. A function without memory_size has "
    "128 MB.",
    mend="Set memory_size to 2048 or more, execution_environment_memory_gib_per_vcpu to 2 to 8, and a runtime from "
    "Python 3.13, Node.js 22, Java 21, .NET 8 or provided.al2023 on.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address} has the memory and the runtime that Managed Instances takes."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("4096", "1024")},
)
