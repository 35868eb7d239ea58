"""L7: logs and traces have a way out of the instances' own subnets."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.managed_instances import CapacityProvider
from scaffold.facts.network import Network, Subnet
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.l2 import subnets_of
from scaffold.opinions.managed_instances import for_each_provider
from scaffold.opinions.opinion import Judgement, Opinion

TELEMETRY = ("logs", "xray")
"""The services that instances send logs and traces to."""


def _faults(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    place = provider.instance.place_of("vpc_config", "subnet_ids")
    found = subnets_of(facts, provider)
    if found is None:
        yield unknown(f"{provider.address}: which way its logs leave cannot be told.", place)
        return
    for network, subnet in found:
        judgement = _way_out(provider, network, subnet)
        if judgement is not None:
            yield judgement
            return


def _way_out(provider: CapacityProvider, network: Network, subnet: Subnet) -> Judgement | None:
    place = provider.instance.place_of("vpc_config", "subnet_ids")
    address = subnet.instance.address
    if subnet.role in ("private", "public"):
        return None  # with an address of their own or not, instances in public subnets are another opinion's affair
    if subnet.role == "unknown":
        return unknown(f"{provider.address}: where {address} leads cannot be told.", place)
    there = {each.service for each in network.endpoints if each.kind == "Interface" and each.instance.certain}
    missing = [service for service in TELEMETRY if service not in there]
    if not missing:
        return None
    what = f"{provider.address}: {address} leads nowhere, and has no endpoint for {' and '.join(missing)}"
    doubt = network.doubt_of_endpoints(*missing, kind="Interface") or network.doubt("aws_nat_gateway")
    return unknown(f"{what} that is known of: {doubt}.", place) if doubt else broken(f"{what}.", place)


_EXAMPLE = """\
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/20"
}

resource "aws_vpc_endpoint" "telemetry" {
  for_each = toset(["logs", "xray"])

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.eu-central-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private.id]
  private_dns_enabled = true
}

resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  vpc_config {
    subnet_ids         = [aws_subnet.private.id]
    security_group_ids = [aws_security_group.instances.id]
  }
}
"""

OPINION = Opinion(
    id="L7",
    title="A way for logs and traces: NAT, or the logs and xray endpoints",
    why="Instances send telemetry from your subnets, which standard Lambda does not. Without a way out the function "
    "runs, and its logs vanish without an error.",
    mend="Lead the private subnets to a NAT gateway, or add interface endpoints for logs and xray.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-capacity-providers.html",
    judge=for_each_provider(_faults, lambda provider: f"{provider.address}: logs and traces have a way out."),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('["logs", "xray"]', '["sts"]')},
)
