"""N3: interface endpoints that earn their price.

Which services have one is a choice: from none to all that a network without NAT needs. So the list alone never breaks
the opinion. What breaks it is what no choice would do: an interface endpoint for S3 or DynamoDB without the gateway
endpoint, which is free; a service twice; an AZ left out, so that its calls cross AZs; and private DNS that is off
without a hosted zone in its place, so that nothing uses the endpoint.
"""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts import Facts
from scaffold.facts.endpoints import Endpoint
from scaffold.facts.network import Network
from scaffold.facts.zones import same_zone
from scaffold.opinions.judging import broken, kept, once, unknown
from scaffold.opinions.networks import with_clients
from scaffold.opinions.opinion import Judgement, Opinion

_FREE = ("s3", "dynamodb")


def _judge(facts: Facts) -> Iterator[Judgement]:
    for network in facts.networks:
        yield from _network(network)


def _network(network: Network) -> Iterator[Judgement]:
    interfaces = [each for each in network.endpoints if each.kind == "Interface"]
    found = once([*_twice(interfaces), *(each for endpoint in interfaces for each in _endpoint(network, endpoint))])
    yield from found
    if found:
        return
    names = sorted({each.service or each.instance.address for each in interfaces})
    if names:
        yield kept(f"{network.vpc.address} reaches {', '.join(names)} in every AZ.", interfaces[0].instance.place)
    elif doubt := network.doubt_of_endpoints(kind="Interface"):
        yield unknown(f"{network.vpc.address} has no interface endpoint here, but {doubt}.", network.vpc.place)
    elif network.subnets:
        yield kept(f"{network.vpc.address} has no interface endpoint.", network.vpc.place)


def _twice(interfaces: list[Endpoint]) -> Iterator[Judgement]:
    first: dict[str, Endpoint] = {}
    for each in interfaces:
        if each.service is None or not each.instance.certain:
            continue
        if each.service in first:
            yield broken(
                f"{each.instance.address} is for {each.service}, as {first[each.service].instance.address} is.",
                each.instance.place,
                "Keep one of the two.",
            )
        first.setdefault(each.service, each)


def _endpoint(network: Network, endpoint: Endpoint) -> Iterator[Judgement]:
    address = endpoint.instance.address
    if endpoint.instance.many or not endpoint.instance.certain:
        yield unknown(f"It cannot be evaluated which services {address} is for.", endpoint.instance.place)
        return
    if endpoint.service in _FREE:
        yield from _paid_for(network, endpoint, endpoint.service)
    else:
        yield from _private_dns(network, endpoint)
    yield from _zones(network, endpoint)


def _paid_for(network: Network, endpoint: Endpoint, service: str) -> Iterator[Judgement]:
    if any(each.may_be("Gateway", (service,)) for each in network.endpoints):
        return
    address, place = endpoint.instance.address, endpoint.instance.place_of("service_name")
    if doubt := network.doubt_of_endpoints(service, kind="Gateway"):
        yield unknown(f"{address} pays for {service} with no gateway endpoint here, but {doubt}.", place)
        return
    yield broken(
        f"{address} pays for {service}, which a gateway endpoint reaches for free.",
        place,
        f"Add the gateway endpoint for {service}; keep this one only for callers outside the VPC.",
    )


def _private_dns(network: Network, endpoint: Endpoint) -> Iterator[Judgement]:
    if endpoint.service is None and isinstance(endpoint.instance.get("service_name"), str):
        return  # Not a service of AWS's: whether it has a private name is its owner's decision.
    enabled = endpoint.instance.get("private_dns_enabled")
    place = endpoint.instance.place_of("private_dns_enabled")
    if isinstance(enabled, Symbol | Joined):
        yield unknown(f"It cannot be evaluated whether private DNS of {endpoint.instance.address} is on.", place)
    elif enabled not in (True, "true") and not any(network.root.of("aws_route53_zone")):
        yield broken(
            f"Private DNS of {endpoint.instance.address} is off, so calls go around it.",
            place,
            "Set private_dns_enabled = true; or answer its name from a private hosted zone.",
        )


def _zones(network: Network, endpoint: Endpoint) -> Iterator[Judgement]:
    place = endpoint.instance.place_of("subnet_ids")
    subnets = [network.subnet(value) for value in endpoint.subnets]
    doubtful = tuple(subnet for subnet in network.subnets if subnet.role == "unknown")
    covered = {each.instance.address for each in subnets if each is not None}
    for client in (*with_clients(network), *doubtful):
        if client.instance.address in covered:
            continue
        same = [None if each is None else same_zone(each.zone, client.zone) for each in subnets]
        if True in same:
            continue
        if None in same or endpoint.joins or client in doubtful:
            yield unknown(f"It cannot be evaluated in which AZs {endpoint.instance.address} is.", place)
        else:
            yield broken(
                f"{endpoint.instance.address} is not in the AZ of {client.instance.address}, whose calls cross AZs.",
                place,
                "Give the endpoint a private subnet of each AZ.",
            )
        return
    if None in subnets and (doubt := network.doubt("aws_subnet")):
        yield unknown(f"It cannot be evaluated in which AZs {endpoint.instance.address} is: {doubt}.", place)


_GOOD = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  count = 2

  vpc_id            = aws_vpc.main.id
  availability_zone = "eu-central-1${["a", "b"][count.index]}"
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 3, count.index)
}

resource "aws_vpc_endpoint" "ecr_dkr" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-central-1.ecr.dkr"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.private[*].id
  private_dns_enabled = true
}
"""

OPINION = Opinion(
    id="N3",
    title="Interface endpoints are few, in every AZ, and used.",
    why="An interface endpoint is about $7.20 a month in each AZ, and pays against NAT's $0.045/GB from about 480 GB a "
    "month through its service over three AZs. One that nothing resolves to, or in too few AZs, is paid for and saves "
    "nothing.",
    mend="Put each endpoint into one private subnet of each AZ, with private DNS, and use gateway endpoints for S3 and "
    "DynamoDB.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    judge=_judge,
    good={"main.tf": _GOOD},
    bad={"main.tf": _GOOD.replace("aws_subnet.private[*].id", "[aws_subnet.private[0].id]")},
)
