"""Asking for the facts that `scaffold advise` cannot do without, and for those that decide most."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from scaffold.advise.workload import workload_from
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.sources import Merged, Source, merge
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


def ask_facts(given: Merged, console: Console) -> Source:
    """Ask a person for the facts that are not given, each until it is right, and return what was said.

    Args:
        given: what is known; it is not asked.
        console: where to talk.

    Raises:
        AnswersError: what was given is wrong already.
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """
    asked: dict[str, Any] = {}
    questions = [(question, options) for question, options in QUESTIONS if question.path not in given.data]
    to_come = {question.path for question, _ in questions}
    if wrong := [problem for problem in _problems(given, asked) if problem.path not in to_come]:
        raise AnswersError(wrong)
    with on_terminal():
        for question, options in questions:
            console.print(Text(question.why, "dim"))
            value = _ask_until_right(question, options, given, asked, console)
            if value is not None:
                asked[question.path] = value
            answer = "none" if value is None else shown(value)
            console.print(Text.assemble((f"{question.prompt}:", "bold"), f" {answer}"))
    return Source(asked, YOURS)


def _ask_until_right(
    question: Question, options: Sequence[Option], given: Merged, asked: Mapping[str, Any], console: Console
) -> Any:
    while True:
        value = prompt(console, question, options, options[0].value if options else None)
        candidate = asked if value is None else {**asked, question.path: value}
        wrong = [problem for problem in _problems(given, candidate) if problem.path == question.path]
        if not wrong:
            return value
        for problem in wrong:
            console.print(Text(f"That {problem.message}" if value is None else problem.message.capitalize(), "red"))


def _problems(given: Merged, asked: Mapping[str, Any]) -> Sequence[Problem]:
    try:
        workload_from(merge([Source(asked, YOURS), Source(given.data, "given")]))
    except AnswersError as error:
        return error.problems
    return ()
