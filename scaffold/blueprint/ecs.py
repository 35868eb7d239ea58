"""What follows from the answers for Amazon ECS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.model import Answers
from scaffold.blueprint.environment import ProviderFacts

AWS_PROVIDER_VERSION = "6.25"

PROVIDERS: tuple[ProviderFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class EcsFacts:
    """One environment's.

    Attributes:
        name: the environment's name.
        log_retention_days: days to keep logs.
    """

    name: str
    log_retention_days: int


@dataclass(frozen=True, slots=True)
class EcsModuleFacts:
    """What the module must be able to do, for all environments together.

    Attributes:
        short_log_retention: whether any environment keeps logs for less than a year.
    """

    short_log_retention: bool


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what it adds to an environment's inventory, from the environment's facts."""
    return {}


def environment_facts(answers: Answers) -> EcsFacts:
    """Return one environment's."""
    return EcsFacts(answers.environment, answers.ecs.log_retention_days)


def module_facts(environments: Sequence[EcsFacts]) -> EcsModuleFacts:
    """Return what the module must serve so that all environments can use it."""
    return EcsModuleFacts(any(each.log_retention_days < AUDITABLE_RETENTION_DAYS for each in environments))


def aws_provider_version(facts: EcsModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses."""
    return AWS_PROVIDER_VERSION
