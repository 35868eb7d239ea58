"""Answers on their way: what was given, and what has been asked so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scaffold.answers.model import Answers
from scaffold.answers.problems import Problem
from scaffold.answers.project import examine
from scaffold.answers.sources import Merged, Source, holds, merge, overlay

ANSWER, PROPOSAL = "your answer", "proposal"

DERIVED = "derived from your answers"
"""No question is about single environments: what the wizard says of those follows from other answers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a project's answers.

    Attributes:
        given: what was not asked: preset, files, variables and flags, weakest first.
        hints: proposals that depend on where the wizard runs, by path: a folder's name, a preset's examples.
        asked: what was asked, nested as in an answers file; weaker than what was given.
        label: where what was asked came from: a person, or proposals where nobody was asked.
        model: what can be answered.
    """

    given: tuple[Source, ...] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    label: str = ANSWER
    model: type[Answers] = Answers

    @property
    def merged(self) -> Merged:
        """Everything known, merged."""
        return merge([Source(self.asked, self.label, names={"environments": DERIVED}), *self.given])

    @property
    def environments(self) -> tuple[Answers, ...]:
        """Each environment as it stands, with defaults for what is not known yet."""
        return examine(self.merged, self.model)[0]

    @property
    def production(self) -> Answers:
        """The first environment that is production, or the first of all, as it stands."""
        environments = self.environments
        return next((each for each in environments if each.production), environments[0])

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What is wrong with the draft as it stands, missing answers included."""
        return tuple(problem for problem in examine(self.merged, self.model)[1] if problem.level == "error")

    def has(self, path: str) -> bool:
        """Return whether an answer is known: for all environments, or for each of them."""
        data = self.merged.data
        environments = data.get("environments")
        each = list(environments.values()) if isinstance(environments, Mapping) else []
        return holds(data, path) or (bool(each) and all(holds(override, path) for override in each))

    def adding(self, answers: Mapping[str, Any]) -> "Draft":
        """Return the draft with more answers asked."""
        return replace(self, asked=overlay(self.asked, answers))


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return a value at a dotted path, as an answers file has it."""
    head, _, rest = path.partition(".")
    return {head: nested(rest, value) if rest else value}


def value_at(answers: Answers, path: str) -> Any:
    """Return an answer by its dotted path."""
    value: Any = answers
    for name in path.split("."):
        value = getattr(value, name)
    return value
