"""One run of the wizard: what it begins with, where the project will lie, and the last word before it is written."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from scaffold.answers.model import Answers
from scaffold.answers.problems import AnswersError
from scaffold.answers.project import Project
from scaffold.answers.regions import REGIONS
from scaffold.answers.sources import Source
from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE
from scaffold.wizard.asking import ask, objections, propose
from scaffold.wizard.draft import Draft
from scaffold.wizard.project import name_from
from scaffold.wizard.prompts import confirm, on_terminal
from scaffold.wizard.questions import PERSONAL, questions_of
from scaffold.wizard.summary import show_summary
from scaffold.workspace.manifest import read_manifest
from scaffold.workspace.plan import TargetError, plan


def begin(
    preset: Source | None, others: Sequence[Source], directory: Path | None, model: type[Answers] = Answers
) -> Draft:
    """Return what is known before anything is asked.

    Args:
        preset: the preset's answers; the personal ones among them become proposals.
        others: every stronger source, weakest first.
        directory: the target, where it was named; it proposes the project's name.
        model: what can be answered.
    """
    hints: dict[str, Any] = {"region": _usual_region()}
    given = tuple(others)
    if preset is not None:
        hints |= {path: preset.data[path] for path in PERSONAL if path in preset.data}
        own = {key: value for key, value in preset.data.items() if key not in PERSONAL}
        given = (replace(preset, data=own), *others)
    if directory is not None and (name := name_from(directory.resolve().name)):
        hints["name"] = name
    return Draft(given, hints, model=model)


def complete(draft: Draft, directory: Path | None, force: bool, console: Console | None) -> Draft:
    """Return the draft with every question answered: by a person at the console, or without one by the proposals.

    Raises:
        AnswersError: what was given is wrong already.
        TargetError: the target cannot be written to, whatever the answers.
        KeyboardInterrupt: the user pressed Ctrl-C.
        EOFError: the user pressed Ctrl-D.
    """

    def objection(candidate: Draft) -> str:
        named = directory is not None or candidate.has("name")
        return obstacle(target_of(candidate, directory), force) if named else ""

    if console is None:
        return propose(questions_of(draft.model), draft)
    questions = questions_of(draft.model)
    if wrong := objections(draft, questions):
        raise AnswersError(wrong)
    if text := objection(draft):
        raise TargetError(text)
    with on_terminal():
        return ask(questions, draft, console, objection)


def target_of(draft: Draft, directory: Path | None) -> Path:
    """Return the folder to write: the one named, or one here with the project's name."""
    return directory or Path(draft.production.name)


def confirmed(console: Console, project: Project, target: Path) -> bool:
    """Show what is about to be written and return whether the user wants it."""
    show_summary(console, project, target)
    with on_terminal():
        return confirm("Write it?")


def obstacle(target: Path, force: bool) -> str:
    """Return why a new project cannot be written to a folder, or an empty text."""
    try:
        plan(target, (), force)
        if not force and read_manifest(target) is not None:
            return f"{target} is a project already: change {target / ANSWERS_FILE} and run scaffold render {target}."
    except ScaffoldError as error:
        return str(error)
    return ""


def _usual_region() -> str:
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    return region if region in REGIONS else ""
