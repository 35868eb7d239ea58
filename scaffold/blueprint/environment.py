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
    """

    count: int
    names: tuple[str, ...]
    exclude_ids: tuple[str, ...]
    last_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A Terraform provider: its local name, its source, and the constraint on its version (S3)."""

    name: str
    source: str
    version: str


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
    if isinstance(answers.azs, list):
        return ZoneFacts(len(answers.azs), tuple(answers.azs), exclude_ids=(), last_ids=())
    # With or without a cluster, or adding one later would move every subnet.
    refused = REGIONS[answers.region].eks_refuses
    if all_zones(answers):
        return ZoneFacts(answers.azs, (), exclude_ids=(), last_ids=refused)
    return ZoneFacts(answers.azs, (), exclude_ids=refused, last_ids=())


def all_zones(answers: Answers) -> bool:
    """Return whether so many zones are asked for that none can be passed over."""
    region = REGIONS[answers.region]
    return isinstance(answers.azs, int) and answers.azs > region.zones - len(region.eks_refuses)
