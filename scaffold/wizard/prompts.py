"""Prompts in a terminal, on standard error: they are talk, and standard output is for results."""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import questionary
from prompt_toolkit.application import create_app_session
from prompt_toolkit.output import create_output
from rich.console import Console

from scaffold.wizard.question import Kind, Option, Question

_MARGIN = 6
"""What a pointer, a marker and the spaces around them take from a line."""

_STYLE = questionary.Style([("placeholder", "fg:ansibrightblack"), ("selected", "noreverse"), ("highlighted", "bold")])

_HOW = {
    Kind.ONE: "(arrows, Enter)",
    Kind.MANY: "(space marks, then Enter)",
    Kind.LIST: "(commas between)",
}


@contextmanager
def on_terminal() -> Iterator[None]:
    """Send the prompts inside the block to standard error."""
    with create_app_session(output=create_output(stdout=sys.stderr)):
        yield


def prompt(console: Console, question: Question, options: Sequence[Option], proposed: Any) -> Any:
    """Ask once and return the answer as it is for the answers models; nothing of the prompt stays on the screen.

    Args:
        console: the terminal, for its width.
        question: the question.
        options: what there is to choose, for the kinds that choose.
        proposed: what Enter answers, or None.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """
    if question.kind is Kind.ONE:
        return _one(console, question, options, proposed)
    if question.kind is Kind.MANY:
        return _many(console, question, options, proposed or [])
    typed = _typed(question, proposed).strip()
    return _read(question.kind, typed) if typed else proposed


def confirm(message: str) -> bool:
    """Ask for yes or no; Enter is yes."""
    return bool(questionary.confirm(message).unsafe_ask())


def shown(value: Any) -> str:
    """Return an answer as text for a person."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if value is None:
        return "none"
    return str(value)


def _one(console: Console, question: Question, options: Sequence[Option], proposed: Any) -> Any:
    choices = [questionary.Choice(title, option.value) for title, option in _titled(console, options)]
    how = _HOW[question.kind]
    return questionary.select(
        question.prompt, choices, default=proposed, instruction=how, style=_STYLE, erase_when_done=True
    ).unsafe_ask()


def _many(console: Console, question: Question, options: Sequence[Option], proposed: Sequence[Any]) -> Any:
    choices = [
        questionary.Choice(title, option.value, checked=option.value in proposed)
        for title, option in _titled(console, options)
    ]
    how = _HOW[question.kind]
    return questionary.checkbox(
        question.prompt, choices, instruction=how, style=_STYLE, erase_when_done=True
    ).unsafe_ask()


def _typed(question: Question, proposed: Any) -> str:
    placeholder = [("class:placeholder", shown(proposed))] if proposed not in (None, []) else None
    message = f"{question.prompt} {_HOW.get(question.kind, '')}".rstrip()
    typed = questionary.text(f"{message}:", style=_STYLE, placeholder=placeholder, erase_when_done=True)
    return str(typed.unsafe_ask())


def _read(kind: Kind, typed: str) -> Any:
    # What is no number stays text, so that the answers model says what it should be.
    if kind is Kind.NUMBER:
        return int(typed) if re.fullmatch(r"-?[0-9]{1,18}", typed) else typed
    return re.split(r"[,\s]+", typed.strip(", ")) if kind is Kind.LIST else typed


def _titled(console: Console, options: Sequence[Option]) -> Iterator[tuple[str, Option]]:
    """Yield each option with its title: the values in a column, and what there is to say about them beside it."""
    column = max(len(shown(option.value)) for option in options) + 2
    for option in options:
        head = shown(option.value).ljust(column)
        # A choice is not wrapped by the prompt, and what does not fit would be lost.
        lines = textwrap.wrap(head + option.about, console.width - _MARGIN, subsequent_indent=" " * _MARGIN)
        yield "\n".join(lines), option
