"""What the names in an expression mean, and how much work evaluating may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scaffold.evaluate.arguments import MAX_ITEMS
from scaffold.evaluate.unknown import symbol
from scaffold.evaluate.values import Symbol, Value

MAX_STEPS = 400_000
"""How many expressions and items are evaluated for one root module; what is left is unknown. A root module of fifty
files and a hundred resources takes about ten thousand."""

MAX_DEPTH = 120
"""How deep expressions may be in one another, through locals, variables and outputs; Python's own limit is near 250."""


@dataclass(slots=True)
class Work:
    """The work done for one root module.

    Attributes:
        steps: how much of it.
        depth: how many expressions are being evaluated inside one another.
        assumed: how often a possibility was left out since Terraform would fail with it.
        drawn: how many symbols of their own were made.
    """

    steps: int = 0
    depth: int = 0
    assumed: int = 0
    drawn: int = 0

    @property
    def exhausted(self) -> bool:
        """Whether nothing more is evaluated."""
        return self.steps > MAX_STEPS

    def charge(self, *values: Value) -> int:
        """Count the items of values, to their depth, as work; return how many they are."""
        waiting, weight = list(values), 0
        while waiting and weight <= MAX_ITEMS * len(values):
            value = waiting.pop()
            if isinstance(value, tuple):
                waiting.extend(value)
                weight += len(value)
            elif isinstance(value, dict):
                waiting.extend(value.values())
                weight += len(value)
        self.steps += weight // 8
        return weight

    def unlike_any(self, text: str) -> Symbol:
        """Return a symbol that equals nothing, not even what the same expression gives the next time."""
        self.drawn += 1
        return symbol(f"{text} #{self.drawn}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in a place.

    Attributes:
        resolve: what the first name of a traversal is worth: `var`, `local`, `aws_vpc`.
        work: the work done so far.
        here: where the place is, for what is told apart by it: `module.network, main.tf`.
        bound: what `for`, splats, `each`, `count` and `dynamic` bind.
        depth: how many collections of unknown keys are being iterated.
    """

    resolve: Callable[[str], Value]
    work: Work
    here: str = ""
    bound: Mapping[str, Value] = field(default_factory=dict)
    depth: int = 0

    def name(self, name: str) -> Value:
        """Return what a name means."""
        return self.bound[name] if name in self.bound else self.resolve(name)

    def binding(self, names: Mapping[str, Value], *, deeper: bool = False) -> "Scope":
        """Return the scope with more names bound."""
        return Scope(self.resolve, self.work, self.here, {**self.bound, **names}, self.depth + deeper)


def empty_scope() -> Scope:
    """Return the scope of a `.tfvars` file, where names mean nothing."""
    return Scope(lambda name: symbol(name), Work())
