"""Whether all environments have a thing, or only some of them."""

from collections.abc import Sequence
from dataclasses import dataclass


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
