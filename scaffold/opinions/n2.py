"""N2: gateway endpoints for S3 and DynamoDB.

S3's is always there. DynamoDB's is there by default, and whoever keeps nothing in DynamoDB may leave it out: without it
the opinion is kept, and says so.
"""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance
from scaffold.facts import Facts
from scaffold.facts.addresses import references
from scaffold.facts.endpoints import Endpoint, service_of
from scaffold.facts.network import Network
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.networks import elsewhere, with_clients
from scaffold.opinions.opinion import Judgement, Opinion, Status

_NAMES = {"s3": "S3", "dynamodb": "DynamoDB"}
_MEND = 'Add an aws_vpc_endpoint of type "Gateway" for %s, with the IDs of all private route tables.'


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        yield from _service(facts, network, "s3")
        yield from _service(facts, network, "dynamodb")


def _service(facts: Facts, network: Network, service: str) -> Iterator[Judgement]:
    name = _NAMES[service]
    found = [each for each in network.endpoints if each.may_be("Gateway", (service,))]
    sure = [each for each in found if each.kind and each.service and each.instance.certain]
    if sure:
        yield _joined(network, sure, name)
    elif service == "dynamodb":
        yield _optional(network, found)
    elif found:
        yield unknown(_doubt(found[0], name), found[0].instance.place, _MEND % name)
    elif doubt := network.doubt_of_endpoints(service, kind="Gateway"):
        yield unknown(f"{network.vpc.address} has no gateway endpoint for {name} here, but {doubt}.", network.vpc.place)
    elif (elsewhere := next(_for_others(facts, network, service), None)) is not None:
        yield unknown(
            f"{network.vpc.address} has no gateway endpoint for {name} here, but {elsewhere.address} of another root "
            "module may be its own.",
            network.vpc.place,
        )
    else:
        yield broken(f"{network.vpc.address} has no gateway endpoint for {name}.", network.vpc.place)


def _optional(network: Network, perhaps: list[Endpoint]) -> Judgement:
    """Judge the endpoint for DynamoDB where none is sure: none is fine, and so is one that serves all tables."""
    judgement = _joined(network, perhaps, "DynamoDB") if perhaps else None
    if judgement is not None and judgement.status is not Status.KEPT:
        return unknown(_doubt(perhaps[0], "DynamoDB"), perhaps[0].instance.place, _MEND % "DynamoDB")
    return kept(
        f"{network.vpc.address} is without a gateway endpoint for DynamoDB, which is there by default and may be left "
        "out.",
        network.vpc.place,
    )


def _doubt(endpoint: Endpoint, name: str) -> str:
    address = endpoint.instance.address
    if endpoint.kind is None or endpoint.service is None:
        return f"It cannot be evaluated whether {address} is a gateway endpoint for {name}."
    return f"It cannot be evaluated whether {address} is there, the gateway endpoint for {name}."


def _joined(network: Network, endpoints: list[Endpoint], name: str) -> Judgement:
    first = endpoints[0].instance
    place, mend = first.place_of("route_table_ids"), f"Give the endpoint for {name} every private route table."
    tables = [network.table(value) for each in endpoints for value in each.tables]
    joined = {table.key for table in tables if table is not None}
    outside = [subnet for subnet in with_clients(network) if subnet.table and subnet.table.key not in joined]
    if (outside and None in tables) or any(each.joins for each in endpoints):
        return unknown(f"It cannot be evaluated which route tables {first.address} is joined to.", place, mend)
    if outside and outside[0].table is not None:
        return broken(
            f"{first.address} is not joined to {outside[0].table.key}, so {name} is reached through NAT from there.",
            place,
            mend,
        )
    doubtful = next((subnet for subnet in network.subnets if subnet.role == "unknown"), None)
    if doubtful is not None:
        return unknown(
            f"It cannot be evaluated whether {first.address} serves {doubtful.instance.address}, whose route table is "
            "not known.",
            place,
            mend,
        )
    return kept(f"{first.address} serves every private route table of {network.vpc.address}.", place)


def _for_others(facts: Facts, network: Network, service: str) -> Iterator[Instance]:
    """Yield the endpoints of other root modules that may be for the service and are not for a VPC of their own."""
    for root, each in elsewhere(facts, network, "aws_vpc_endpoint"):
        if service_of(each, references(root)) in (service, None):
            yield each


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-central-1.s3"
  route_table_ids = [aws_route_table.private.id]
}
"""

OPINION = Opinion(
    id="N2",
    title="A gateway endpoint for S3 always, and for DynamoDB by default, on every private route table.",
    why="Gateway endpoints are free; without them this traffic pays a NAT gateway's $0.045/GB, and image layers come "
    "from S3.",
    mend=_MEND % "S3",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD[: _GOOD.index('\nresource "aws_vpc_endpoint"')]},
)
