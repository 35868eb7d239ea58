"""Every question, in the order in which they are asked."""

from scaffold.answers.model import Answers
from scaffold.declared import declared_of
from scaffold.wizard import declared, durable, ecs, eks, functions, lmi, network, project
from scaffold.wizard.question import Question

QUESTIONS: tuple[Question, ...] = (
    *project.QUESTIONS,
    *network.QUESTIONS,
    *eks.QUESTIONS,
    *ecs.QUESTIONS,
    *lmi.QUESTIONS,
    *durable.QUESTIONS,
    *functions.QUESTIONS,
)

PERSONAL = frozenset(question.path for question in QUESTIONS if question.personal)
"""Answers that a preset only has as examples."""


def questions_of(model: type[Answers]) -> tuple[Question, ...]:
    """Return every question about what can be answered, those of components from elsewhere last."""
    return (*QUESTIONS, *(question for each in declared_of(model) for question in declared.questions(each)))
