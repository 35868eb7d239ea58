"""A VPC and what belongs to it, drawn from a root module's resources."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.compare.repository import Instance, Root


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC."""

    root: Root
    vpc: Instance


def networks_of(root: Root) -> Iterator[Network]:
    """Yield every VPC a root module makes."""
    yield from (Network(root, vpc) for vpc in root.of("aws_vpc"))
