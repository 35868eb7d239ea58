"""Questions about Lambda functions."""

from scaffold.wizard.question import Question

QUESTIONS: tuple[Question, ...] = ()
