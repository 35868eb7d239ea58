"""Questions about Lambda functions."""

from collections.abc import Sequence
from typing import get_args

from scaffold.answers.functions import Runtime
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def _has_functions(draft: Draft) -> bool:
    return any("lambda" in each.capacity for each in draft.environments)


def _shapes(draft: Draft) -> Sequence[Option]:
    return [
        Option("queue", "A function behind an SQS queue."),
        Option("fan-out", "Several functions that each get every event they want."),
        Option("command", "A front function that hands commands to workers."),
    ]


def _runtimes(draft: Draft) -> Sequence[Option]:
    return [Option(runtime, "") for runtime in get_args(Runtime)]


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="functions.shapes",
        prompt="What brings the functions work",
        why="Each has its queues for what fails, its roles and its alarms; the same in every environment.",
        kind=Kind.MANY,
        options=_shapes,
        when=_has_functions,
    ),
    Question(
        path="functions.runtime",
        prompt="Runtime of the functions",
        why="The sample functions are written for it, the same in every environment.",
        kind=Kind.ONE,
        options=_runtimes,
        when=_has_functions,
    ),
)
