"""Asking for the facts that `scaffold advise` cannot do without, and for those that decide most."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from rich.console import Console

from scaffold.advise.workload import LONGEST_RUN, workload_from
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.sources import Source, merge
from scaffold.wizard.asking import ask_until_right
from scaffold.wizard.prompts import on_terminal
from scaffold.wizard.question import Kind, Option, Question

YOURS = "your answer"

QUESTIONS: tuple[tuple[Question, tuple[Option, ...]], ...] = (
    (
        Question("protocol", "What arrives", "What a unit of work is decides what can serve it.", Kind.ONE),
        (
            Option("request", "somebody waits for the answer."),
            Option("event", "from a queue, a bus or a schedule."),
            Option("stream", "a connection that stays open, such as MCP or server-sent events."),
            Option("batch", "many items at once."),
        ),
    ),
    (
        Question(
            "traffic", "How it arrives", "What follows a jump in traffic at once costs more while it is busy.", Kind.ONE
        ),
        (
            Option("steady", "it never more than doubles within five minutes."),
            Option("spiky", "it does, or it falls to nothing."),
        ),
    ),
    (
        Question(
            "requests_per_second",
            "Units a second",
            "On average over a month, such as 20, or 0.01 for one in 100 seconds.",
            Kind.TEXT,
        ),
        (),
    ),
    (
        Question(
            "run_seconds",
            "Seconds a unit takes",
            "From its beginning to its end, waits for people included: 0.2, or 604800 for a week.",
            Kind.TEXT,
        ),
        (),
    ),
    (
        Question("memory_mb", "MB of memory", "What one running copy of the code needs, such as 512.", Kind.NUMBER),
        (),
    ),
    (
        Question(
            "p95_ms",
            "Target in ms",
            "In which 95 of 100 requests are to be answered; Enter where there is no target.",
            Kind.NUMBER,
        ),
        (),
    ),
    (
        Question("state", "What outlives a restart", "Functions and tasks begin with empty disks.", Kind.ONE),
        (
            Option("none", "nothing, or it is in a database."),
            Option("workflow", "how far each unit has come."),
            Option("disk", "files."),
        ),
    ),
    (
        Question("gpu", "A GPU", "Few capacities have one.", Kind.ONE),
        (Option(False, "code that computes on CPUs."), Option(True, "code that needs CUDA, such as inference.")),
    ),
)
"""Each question with what there is to choose; the other facts have defaults that seldom decide."""


_HARMLESS: Mapping[str, Any] = {
    "protocol": "request",
    "traffic": "steady",
    "requests_per_second": Decimal("0.000001"),
    "run_seconds": LONGEST_RUN,
    "memory_mb": 1,
}


def ask_facts(given: Sequence[Source], console: Console) -> Source:
    """Ask a person for the facts that are not given, each until it is right, and return what was said.

    Args:
        given: where what is known comes from, weakest first; it is not asked.
        console: where to talk.

    Raises:
        AnswersError: what was given is wrong already.
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """
    asked: Mapping[str, Any] = {}
    known = merge(given).data
    questions = [(question, options) for question, options in QUESTIONS if question.path not in known]
    if wrong := _problems([_stand_ins(questions), *given]):
        raise AnswersError(wrong)
    with on_terminal():
        for number, (question, options) in enumerate(questions, start=1):
            others = [_stand_ins(questions[number:]), *given]
            proposed = options[0].value if options else None
            wrong_with = partial(_wrong_with, question.path, asked, others)
            value = ask_until_right(question, options, proposed, wrong_with, console)
            asked = _with(asked, question.path, value)
    return Source(asked, YOURS)


def _wrong_with(name: str, asked: Mapping[str, Any], others: Sequence[Source], value: Any) -> list[str]:
    candidate = Source(_with(asked, name, value), YOURS)
    return [f"{problem.path}: {problem.message}" for problem in _problems([candidate, *others])]


def _with(asked: Mapping[str, Any], name: str, value: Any) -> Mapping[str, Any]:
    """Return what was said with one more fact; none is not given."""
    return asked if value is None else {**asked, name: value}


def _stand_ins(to_come: Sequence[tuple[Question, object]]) -> Source:
    """Return for facts that are still to be asked what contradicts no other."""
    return Source(
        {question.path: _HARMLESS[question.path] for question, _ in to_come if question.path in _HARMLESS}, ""
    )


def _problems(sources: Sequence[Source]) -> Sequence[Problem]:
    try:
        workload_from(merge(sources))
    except AnswersError as error:
        return error.problems
    return ()
