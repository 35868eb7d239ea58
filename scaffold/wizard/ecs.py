"""Questions about Amazon ECS."""

from scaffold.wizard.question import Question

QUESTIONS: tuple[Question, ...] = ()
