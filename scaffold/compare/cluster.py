"""An EKS cluster and what belongs to it, drawn from a root module's resources."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.compare.repository import Instance, Root


@dataclass(frozen=True, slots=True)
class Cluster:
    """An EKS cluster."""

    root: Root
    cluster: Instance


def clusters_of(root: Root) -> Iterator[Cluster]:
    """Yield every EKS cluster a root module makes."""
    yield from (Cluster(root, cluster) for cluster in root.of("aws_eks_cluster"))
