"""What a question is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from scaffold.wizard.draft import Draft, nested, value_at


class Kind(Enum):
    """How a question is answered."""

    TEXT = auto()
    """By typing text."""

    NUMBER = auto()
    """By typing a whole number."""

    LIST = auto()
    """By typing values with commas or spaces between them."""

    ONE = auto()
    """By choosing one option."""

    MANY = auto()
    """By marking any number of options."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose.

    Attributes:
        value: the answer it stands for.
        about: what it costs and when to choose it, in one line.
    """

    value: Any
    about: str = ""


def _resolved_default(question: "Question", draft: Draft) -> Any:
    return value_at(draft.production, question.path)


def _always(draft: Draft) -> bool:
    return True


def _no_options(draft: Draft) -> Sequence[Option]:
    return ()


def _in_place(question: "Question", draft: Draft, value: Any) -> Mapping[str, Any]:
    return nested(question.path, value)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as data; rules about its answer are the answers models' own.

    Attributes:
        path: the answer, as in the answers file: `network.nat`.
        prompt: what is asked.
        why: one line on why it is asked.
        kind: how it is answered.
        options: what there is to choose, for the kinds that choose.
        proposal: what Enter answers, or None where it must be typed; by default the model's default, resolved.
        when: whether what is known so far makes it a question at all.
        personal: whether a preset's answer is only an example of it, so that it is asked nevertheless.
        answers: the answers that a value makes, nested as in an answers file; by default that value at `path`.
    """

    path: str
    prompt: str
    why: str
    kind: Kind
    options: Callable[[Draft], Sequence[Option]] = _no_options
    proposal: Callable[["Question", Draft], Any] = _resolved_default
    when: Callable[[Draft], bool] = _always
    personal: bool = False
    answers: Callable[["Question", Draft, Any], Mapping[str, Any]] = _in_place

    def is_open(self, draft: Draft) -> bool:
        """Return whether it is still to be asked."""
        return not draft.has(self.path) and self.when(draft)

    def proposed(self, draft: Draft) -> Any:
        """Return what Enter answers, or None."""
        return self.proposal(self, draft)

    def answered(self, draft: Draft, value: Any) -> Draft:
        """Return the draft with this answer."""
        return draft.adding(self.answers(self, draft, value))
