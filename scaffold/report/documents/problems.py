"""Problems with answers, and a command that could not do its work."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scaffold.answers.problems import Problem


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    """One problem or warning about an answer."""

    path: str
    rule: str
    message: str
    mend: str
    source: str

    @classmethod
    def of(cls, problem: "Problem") -> "ProblemEntry":
        """Return a problem's entry."""
        return cls(problem.path, problem.rule, problem.message, problem.mend, problem.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDocument:
    """Why a command could not do its work; `problems` names answers where answers are the reason."""

    kind: Literal["error"] = "error"
    message: str
    problems: list[ProblemEntry]
