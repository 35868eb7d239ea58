"""L13: no GPU instances, which the provider cannot ask for."""

import re
from collections.abc import Iterator

from scaffold.evaluate.values import known
from scaffold.facts import Facts
from scaffold.facts.addresses import several
from scaffold.facts.managed_instances import CapacityProvider
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.managed_instances import for_each_provider
from scaffold.opinions.opinion import Judgement, Opinion

_TYPES = ("instance_requirements", "allowed_instance_types")
_ACCELERATED = re.compile(r"(?:dl|f|g|gr|inf|p|trn|vt)\d")
"""How accelerated instance types begin: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html."""


def _faults(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    allowed, place = provider.instance.get(*_TYPES), provider.instance.place_of(*_TYPES)
    found = [each for each in several(allowed) if isinstance(each, str) and _ACCELERATED.match(each)]
    if found:
        yield broken(f"{provider.address} allows {', '.join(found)}, whose GPUs no function of it can use.", place)
    elif not known(allowed):
        yield unknown(f"{provider.address}: its instance types cannot be told: {shown(allowed)}.", place)


_EXAMPLE = """\
resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  instance_requirements {
    architectures          = ["x86_64"]
    allowed_instance_types = ["%s"]
  }
}
"""

OPINION = Opinion(
    id="L13",
    title="No GPU instances",
    why="Lambda has GPUs for Managed Instances, but the Terraform provider cannot ask for them yet: the instances are "
    "refused, or paid for without use.",
    mend="Allow types of the families C, M and R, and run GPU work elsewhere until the provider can ask for it.",
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_capacity_provider",
    judge=for_each_provider(_faults, lambda provider: f"{provider.address} asks for no GPU."),
    good={"main.tf": _EXAMPLE % "m7i.xlarge"},
    bad={"main.tf": _EXAMPLE % "g6.xlarge"},
)
