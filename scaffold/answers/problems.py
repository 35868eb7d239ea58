"""What can be wrong with answers, and how it is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scaffold.errors import ScaffoldError

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one answer.

    Attributes:
        path: the answer, as in the answers file: `network.nat`, `environments.dev.azs`.
        rule: the opinion's id (`N10`), or `required`, `unknown`, `type`, `value`, `syntax`.
        message: what is wrong.
        mend: the answer that would be right.
        level: `error` refuses the answers; `warning` is reported beside the result.
        source: where the value came from: a file and line, a flag, a variable, a preset, or a default.
    """

    path: str
    rule: str
    message: str
    mend: str
    level: Level = "error"
    source: str = ""

    def __str__(self) -> str:
        """Return the problem on one line."""
        source = f" ({self.source})" if self.source else ""
        return f"{self.path}{source}: {self.message} [{self.rule}] {self.mend}"


class AnswersError(ScaffoldError):
    """The answers cannot be rendered; `problems` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{count} with the answers:", *(f"  {problem}" for problem in self.problems)]))
