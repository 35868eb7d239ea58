"""What opinions judge: the networks, clusters and Kubernetes objects of a repository."""

from dataclasses import dataclass

from scaffold.compare.cluster import Cluster, clusters_of
from scaffold.compare.network import Network, networks_of
from scaffold.compare.repository import Repository


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a repository.

    Attributes:
        repository: everything that was read.
        networks: every VPC of every root module.
        clusters: every EKS cluster of every root module.
    """

    repository: Repository
    networks: tuple[Network, ...]
    clusters: tuple[Cluster, ...]


def facts_of(repository: Repository) -> Facts:
    """Draw the facts from a repository."""
    return Facts(
        repository,
        tuple(network for root in repository.roots for network in networks_of(root)),
        tuple(cluster for root in repository.roots for cluster in clusters_of(root)),
    )
