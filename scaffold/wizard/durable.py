"""Questions about durable Lambda functions."""

from collections.abc import Sequence
from typing import get_args

from scaffold.answers.durable import Runtime
from scaffold.wizard.draft import Draft
from scaffold.wizard.question import Kind, Option, Question


def _has_workflow(draft: Draft) -> bool:
    return any("lambda-durable" in each.capacity for each in draft.environments)


def _takes_tokens(draft: Draft) -> bool:
    return any("lambda-durable" in each.capacity and each.durable.authorizer == "jwt" for each in draft.environments)


def _runtimes(draft: Draft) -> Sequence[Option]:
    return [Option(runtime) for runtime in get_args(Runtime)]


def _authorizers(draft: Draft) -> Sequence[Option]:
    return [
        Option("iam", "principals of AWS, by signed requests; needs nothing else."),
        Option("jwt", "people and programs with a token of an identity provider."),
    ]


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="durable.runtime",
        prompt="Runtime of the workflow",
        why="The sample workflow is written for it, the same in every environment.",
        kind=Kind.ONE,
        options=_runtimes,
        when=_has_workflow,
    ),
    Question(
        path="durable.authorizer",
        prompt="Who may call the workflow's API",
        why="Whoever may call it starts executions and decides; no route is open.",
        kind=Kind.ONE,
        options=_authorizers,
        when=_has_workflow,
    ),
    Question(
        path="durable.jwt_issuer",
        prompt="Issuer of the tokens",
        why="The https address that your identity provider puts into them.",
        kind=Kind.TEXT,
        when=_takes_tokens,
    ),
    Question(
        path="durable.jwt_audience",
        prompt="Audience of the tokens",
        why="Tokens for anybody else are refused; often the ID of a client.",
        kind=Kind.LIST,
        when=_takes_tokens,
    ),
)
