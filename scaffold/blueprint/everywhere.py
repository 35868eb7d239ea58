"""Whether all environments have a thing, or only some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Everywhere:
    """Tells a module that serves several environments whether a thing is fixed, a variable, or not rendered at all.

    Attributes:
        every: all environments have it: the module always makes it.
        some: some have it and some have not: the module takes a variable.
        any: at least one has it: the module knows of it.
    """

    every: bool
    some: bool
    any: bool

    @classmethod
    def of(cls, having: Sequence[bool]) -> "Everywhere":
        """Return what holds of a thing that each environment has or has not."""
        return cls(every=all(having), some=any(having) and not all(having), any=any(having))


class Departing(Protocol):
    """The facts of an environment whose answers may go against opinions."""

    @property
    def departures(self) -> tuple[str, ...]:
        """The opinions that they go against on purpose, by id."""


def departures_of(environments: Sequence[Departing]) -> tuple[str, ...]:
    """Return the opinions that the answers of any environment go against, which the shared module has to say."""
    return tuple(dict.fromkeys(opinion for environment in environments for opinion in environment.departures))
