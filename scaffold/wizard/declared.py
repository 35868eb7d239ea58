"""Questions about components from elsewhere, as their `component.yaml` words them."""

from collections.abc import Iterator, Sequence
from functools import partial

from scaffold.declared import Declared, DeclaredAnswer
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def questions(declared: Declared) -> Iterator[Question]:
    """Yield a question for each answer of a component that is to be asked."""
    for name, answer in declared.declaration.answers.items():
        if answer.ask:
            yield Question(
                path=f"{declared.component.key}.{name}",
                prompt=answer.ask,
                why=answer.description,
                kind=_kind(answer),
                options=partial(_options, answer),
                when=partial(_is_wanted, declared.component.name),
            )


def _kind(answer: DeclaredAnswer) -> Kind:
    if answer.type == "list":
        return Kind.MANY if answer.values else Kind.LIST
    if answer.type == "boolean" or answer.values:
        return Kind.ONE
    return Kind.NUMBER if answer.type == "integer" else Kind.TEXT


def _options(answer: DeclaredAnswer, draft: Draft) -> Sequence[Option]:
    return [Option(value) for value in ((True, False) if answer.type == "boolean" else answer.values or ())]


def _is_wanted(name: str, draft: Draft) -> bool:
    return any(name in each.capacity for each in draft.environments)
