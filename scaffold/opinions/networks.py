"""What the opinions on networks share."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Root
from scaffold.facts import Facts
from scaffold.facts.network import Network, Subnet


def with_clients(network: Network) -> tuple[Subnet, ...]:
    """Return the subnets that workloads run in: those with a way out, or else all that are not public.

    Beside subnets with a way out, those without one are for databases and the like.
    """
    leaving = tuple(subnet for subnet in network.subnets if subnet.role == "private")
    return leaving or network.private_subnets


def elsewhere(facts: Facts, network: Network, kind: str) -> Iterator[tuple[Root, Instance]]:
    """Yield resources of other root modules, with those, that are for no VPC there and so perhaps for this one."""
    own = {
        id(each)
        for other in facts.networks
        for each in (*(endpoint.instance for endpoint in other.endpoints), *other.flow_logs)
    }
    for root in facts.repository.roots:
        if root is not network.root:
            yield from ((root, each) for each in root.of(kind) if id(each) not in own)
