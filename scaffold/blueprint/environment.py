"""What follows from the answers for an environment as a whole: its place, its names and its state."""

from dataclasses import dataclass

from scaffold.answers.model import Answers
from scaffold.answers.regions import REGIONS


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """The availability zones.

    Attributes:
        count: how many.
        names: their names, when they were named; else empty, and Terraform takes the first `count`.
        exclude_ids: zone ids Terraform passes over when it takes the first `count` (N9).
        last_ids: zone ids Terraform takes after all others, where every zone is asked for: they move no subnet (N5).
        eks_refuses: zone ids whose subnets are kept from EKS, where they cannot all be passed over (N9).
    """

    count: int
    names: tuple[str, ...]
    exclude_ids: tuple[str, ...]
    last_ids: tuple[str, ...]
    eks_refuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateFacts:
    """Where the environment's state is kept (S1)."""

    bucket: str
    key: str
    region: str


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """One environment.

    Attributes:
        name: its name, such as `dev`.
        prefix: what the names of its resources begin with: `<project>-<environment>`.
        production: whether it is held to the opinions for production.
        region: the AWS region.
        owner: the Owner tag.
        cost_center: the CostCenter tag.
        arch: `arm64` or `x86_64`.
        capacity: the components that run in its network.
        azs: its availability zones.
        state: where its state is kept.
        enforce_tags: whether bootstrap/ adds the policy that enforces tags.
    """

    name: str
    prefix: str
    production: bool
    region: str
    owner: str
    cost_center: str
    arch: str
    capacity: tuple[str, ...]
    azs: ZoneFacts
    state: StateFacts
    enforce_tags: bool


def environment_facts(answers: Answers) -> EnvironmentFacts:
    """Return what holds for one environment as a whole."""
    return EnvironmentFacts(
        name=answers.environment,
        prefix=f"{answers.name}-{answers.environment}",
        production=answers.production,
        region=answers.region,
        owner=answers.owner,
        cost_center=answers.cost_center,
        arch=answers.arch,
        capacity=tuple(answers.capacity),
        azs=_zone_facts(answers),
        state=StateFacts(answers.state_bucket, answers.state_key, answers.region),
        enforce_tags=answers.state.enforce_tags,
    )


def _zone_facts(answers: Answers) -> ZoneFacts:
    region = REGIONS[answers.region]
    refused = region.eks_refuses if "eks-auto-mode" in answers.capacity else ()
    if isinstance(answers.azs, list):
        return ZoneFacts(len(answers.azs), tuple(answers.azs), exclude_ids=(), last_ids=(), eks_refuses=refused)
    # Every zone is asked for: none can be passed over, so EKS is kept from its subnets instead.
    if answers.azs > region.zones - len(region.eks_refuses):
        return ZoneFacts(answers.azs, (), exclude_ids=(), last_ids=region.eks_refuses, eks_refuses=refused)
    # With or without a cluster, or adding one later would move every subnet.
    return ZoneFacts(answers.azs, (), exclude_ids=region.eks_refuses, last_ids=(), eks_refuses=())
