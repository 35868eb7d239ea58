"""Answers about Lambda functions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from scaffold.answers.base import RetentionDays, Strict
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

SAME_EVERYWHERE: tuple[str, ...] = ()

REQUIRED: dict[str, object] = {}

REFUSED: dict[str, tuple[str, str, str]] = {}
"""Answers that people try and that are refused: the rule, the reason and the mend."""


class FunctionsAnswers(Strict):
    """Names are the AWS provider's own."""

    log_retention_days: RetentionDays = Field(default=365, description="Days to keep the logs.")


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints that it cannot do without when there is no NAT."""
    return ()


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether something of it lies in public subnets."""
    return False


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC."""
    return False


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the opinions have against one environment's answers."""
    yield from ()
