"""Questions about durable Lambda functions."""

from scaffold.wizard.question import Question

QUESTIONS: tuple[Question, ...] = ()
