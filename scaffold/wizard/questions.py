"""Every question, in the order in which they are asked."""

from scaffold.wizard import durable, ecs, eks, functions, lmi, network, project
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
