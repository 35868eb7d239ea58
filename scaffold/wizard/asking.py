"""Asking questions until every one has an answer that the rules accept."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.markup import escape

from scaffold.answers.problems import Problem
from scaffold.wizard.draft import PROPOSAL, Draft
from scaffold.wizard.prompts import prompt, shown
from scaffold.wizard.question import Option, Question

Objection = Callable[[Draft], str]
"""What stands against a draft besides the rules of its answers, as a text; empty for nothing."""


def ask(questions: Sequence[Question], draft: Draft, console: Console, objection: Objection) -> Draft:
    """Ask what is open and return the draft with the answers.

    Args:
        questions: the questions, in order.
        draft: what is known.
        console: where to talk.
        objection: what else to hold against an answer.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """
    for number, question in enumerate(questions):
        if question.is_open(draft):
            draft = _answered(question, questions[number + 1 :], draft, console, objection)
    return draft


def propose(questions: Sequence[Question], draft: Draft) -> Draft:
    """Return the draft with every open question answered by its proposal, where it has one."""
    for question in questions:
        if question.is_open(draft) and (proposed := question.proposed(draft)) is not None:
            draft = question.answered(draft, proposed)
    return replace(draft, label=PROPOSAL)


def objections(draft: Draft, still_to_ask: Sequence[Question]) -> list[Problem]:
    """Return what is wrong with a draft, but for the answers that are still to be asked."""
    to_come = [question for question in still_to_ask if question.is_open(draft)]
    return [problem for problem in draft.errors if not any(_is_about(problem, question) for question in to_come)]


def _is_about(problem: Problem, question: Question) -> bool:
    path = re.sub(r"^environments\.[^.]+\.", "", problem.path)
    return path == question.path or path.startswith(f"{question.path}.")


def ask_until_right(
    question: Question,
    options: Sequence[Option],
    proposed: Any,
    wrong_with: Callable[[Any], Sequence[str]],
    console: Console,
) -> Any:
    """Ask one question until nothing is wrong with its answer; leave both on the screen, and return the answer.

    Args:
        question: the question.
        options: what there is to choose, for the kinds that choose.
        proposed: what Enter answers, or None.
        wrong_with: returns what is wrong with an answer, in sentences.
        console: where to talk.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """

    def say(markup: str) -> None:
        console.print(markup, highlight=False)

    say(f"[dim]{escape(question.why)}[/]")
    while True:
        value = prompt(console, question, options, proposed)
        wrong = wrong_with(value)
        if not wrong:
            say(f"[bold]{escape(question.prompt)}:[/] {escape(shown(value))}")
            return value
        for text in wrong:
            say(f"[red]{escape(text)}[/]")


def _answered(
    question: Question, later: Sequence[Question], draft: Draft, console: Console, objection: Objection
) -> Draft:
    def wrong_with(value: Any) -> list[str]:
        answered = question.answered(draft, value)
        wrong = [_sentence(problem, question) for problem in objections(answered, later)]
        return wrong or [text for text in (objection(answered),) if text]

    value = ask_until_right(question, question.options(draft), question.proposed(draft), wrong_with, console)
    return question.answered(draft, value)


def _sentence(problem: Problem, question: Question) -> str:
    about = "" if _is_about(problem, question) else f"{problem.path}: "
    return f"{about}{problem.message} {problem.mend} [{problem.rule}]"
