"""Asking for the facts that `scaffold advise` cannot do without, and for those that decide most."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from scaffold.advise.workload import LONGEST_RUN, workload_from
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.sources import Source, merge
from scaffold.wizard.prompts import on_terminal, prompt, shown
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
    asked: dict[str, Any] = {}
    known = merge(given).data
    questions = [(question, options) for question, options in QUESTIONS if question.path not in known]
    if wrong := _problems([_stand_ins(questions), *given]):
        raise AnswersError(wrong)
    with on_terminal():
        for number, (question, options) in enumerate(questions, start=1):
            console.print(Text(question.why, "dim"))
            value = _ask_until_right(question, options, asked, [_stand_ins(questions[number:]), *given], console)
            if value is not None:
                asked[question.path] = value
            answer = "none" if value is None else shown(value)
            console.print(Text.assemble((f"{question.prompt}:", "bold"), f" {answer}"))
    return Source(asked, YOURS)


def _ask_until_right(
    question: Question,
    options: Sequence[Option],
    asked: Mapping[str, Any],
    others: Sequence[Source],
    console: Console,
) -> Any:
    while True:
        value = prompt(console, question, options, options[0].value if options else None)
        candidate = asked if value is None else {**asked, question.path: value}
        wrong = _problems([Source(candidate, YOURS), *others])
        if not wrong:
            return value
        for problem in wrong:
            console.print(Text(f"{problem.path}: {problem.message}", "red"))


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
