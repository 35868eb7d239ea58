"""Questions about Lambda Managed Instances."""

from collections.abc import Sequence
from typing import get_args

from scaffold.answers.lmi import Runtime
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def _has_functions(draft: Draft) -> bool:
    return any("lambda-managed-instances" in each.capacity for each in draft.environments)


def _runtimes(draft: Draft) -> Sequence[Option]:
    about = {"provided.al2023": "Rust."}
    return [Option(runtime, about.get(runtime, "")) for runtime in get_args(Runtime)]


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="lmi.max_vcpu_count",
        prompt="Most vCPUs, 2 to 15000",
        why="The safety valve of the bill, so there is no default; choose the final cap.",
        kind=Kind.NUMBER,
        when=_has_functions,
    ),
    Question(
        path="lmi.runtime",
        prompt="Runtime",
        why="The sample function is written for it, the same in every environment.",
        kind=Kind.ONE,
        options=_runtimes,
        when=_has_functions,
    ),
)
