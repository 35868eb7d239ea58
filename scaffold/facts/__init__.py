"""What opinions judge: the networks, clusters, ECS, Lambda and Kubernetes objects of a repository."""

from dataclasses import dataclass

from scaffold.facts.cluster import Cluster, clusters_of
from scaffold.facts.ecs import Ecs, ecs_of
from scaffold.facts.functions import Function, functions_of, may_be_managed
from scaffold.facts.managed_instances import (
    CapacityProvider,
    ManagedFunction,
    capacity_providers_of,
    managed_functions_of,
)
from scaffold.facts.network import Network, networks_of
from scaffold.facts.workflows import Workflow, workflows_of
from scaffold.repository.model import Repository


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a repository.

    Attributes:
        repository: everything that was read.
        networks: every VPC of every root module.
        clusters: every EKS cluster of every root module.
        capacity_providers: every capacity provider of Lambda Managed Instances of every root module.
        managed_functions: every function of every root module that runs on one.
        functions: every other function, durable ones among them.
        ecs: what each root module makes of Amazon ECS, of those that make something of it.
        workflows: every state machine of every root module that runs tasks of ECS, or may.
    """

    repository: Repository
    networks: tuple[Network, ...]
    clusters: tuple[Cluster, ...]
    capacity_providers: tuple[CapacityProvider, ...] = ()
    managed_functions: tuple[ManagedFunction, ...] = ()
    functions: tuple[Function, ...] = ()
    ecs: tuple[Ecs, ...] = ()
    workflows: tuple[Workflow, ...] = ()


def facts_of(repository: Repository) -> Facts:
    """Draw the facts from a repository."""
    return Facts(
        repository,
        tuple(network for root in repository.roots for network in networks_of(root)),
        tuple(cluster for root in repository.roots for cluster in clusters_of(root)),
        tuple(provider for root in repository.roots for provider in capacity_providers_of(root)),
        tuple(function for root in repository.roots for function in managed_functions_of(root)),
        tuple(
            function
            for root in repository.roots
            for function in functions_of(root)
            if not may_be_managed(function.instance)
        ),
        tuple(ecs for root in repository.roots if (ecs := ecs_of(root)) is not None),
        tuple(workflow for root in repository.roots for workflow in workflows_of(root)),
    )
