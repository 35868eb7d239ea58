"""Collecting a project's answers from a command's options."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scaffold.answers.model import Answers
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Merged, Source, from_environment, from_file, from_settings, merge
from scaffold.files import ANSWERS_FILE
from scaffold.presets import find_preset


@dataclass(frozen=True, slots=True)
class Inputs:
    """A project and how its answers are to be written down.

    Attributes:
        project: the validated answers.
        answers_text: the text of the target's own answers file, where it already says just these answers.
    """

    project: Project
    answers_text: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """What a command's options and surroundings say, before anything is validated.

    Attributes:
        preset: the preset's answers, or None; every other source is stronger.
        others: answers files, environment variables and `--set` flags, weakest first.
        own: the target's own answers file, where it is among the others.
        own_text: the text of that file.
        model: what can be answered.
    """

    preset: Source | None
    others: tuple[Source, ...]
    own: Source | None = None
    own_text: str | None = None
    model: type[Answers] = Answers

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source, weakest first."""
        return (*([self.preset] if self.preset else []), *self.others)


def gather(
    target: Path | None,
    preset: str | None,
    files: Sequence[Path],
    settings: Sequence[str],
    templates: Path | None = None,
) -> Given:
    """Read the answers of every source.

    Args:
        target: where the project lies or will lie, or None where that is not known yet; without a preset or other
            files, its `scaffold.yaml` is read.
        preset: a preset's name.
        files: answers files, weakest first.
        settings: `--set` flags.
        templates: a folder of components beside ours.

    Raises:
        AnswersError: sources cannot be read; with every problem of each.
        PresetError: there is no such preset.
        ComponentError: a component of that folder is not as it should be.
    """
    model = model_of(templates)
    flags = (partial(from_environment, os.environ), partial(from_settings, settings))
    own = target / ANSWERS_FILE if target else None
    if preset is None and own and own.is_file() and all(file.exists() and file.samefile(own) for file in files):
        sources = _read([partial(from_file, own), *flags])
        return Given(None, sources, sources[0], own.read_bytes().decode(), model)
    weakest = find_preset(preset).source if preset is not None else None
    return Given(weakest, _read([*(partial(from_file, file) for file in files), *flags]), model=model)


def model_of(templates: Path | None) -> type[Answers]:
    """Return what can be answered, with the components of a folder where there is one.

    Raises:
        ComponentError: a component of that folder is not as it should be.
    """
    if templates is None:
        return Answers
    from scaffold.declared import model_with

    return model_with(templates.resolve())


def _read(readers: Iterable[Callable[[], Source]]) -> tuple[Source, ...]:
    sources: list[Source] = []
    problems: list[Problem] = []
    for read in readers:
        try:
            sources.append(read())
        except AnswersError as error:
            problems += error.problems
    if problems:
        raise AnswersError(problems)
    return tuple(sources)


def settle(given: Given, merged: Merged) -> Inputs:
    """Validate merged answers, and keep the text of the target's own answers file where it says just these.

    Raises:
        AnswersError: with every problem.
    """
    same = given.own is not None and merge([given.own]).data == merged.data
    return Inputs(resolve(merged, given.model), given.own_text if same else None)


def collect(
    target: Path,
    preset: str | None,
    files: Sequence[Path],
    settings: Sequence[str],
    weakest: Mapping[str, Any] | None = None,
    templates: Path | None = None,
) -> Inputs:
    """Merge and validate the answers of every source.

    Args:
        target: as for `gather`, as are `preset`, `files` and `settings`.
        preset: a preset's name.
        files: answers files, weakest first.
        settings: `--set` flags.
        weakest: answers to use where no source has any.
        templates: as for `gather`.

    Raises:
        AnswersError: with every problem.
        PresetError: there is no such preset.
    """
    given = gather(target, preset, files, settings, templates)
    return settle(given, merge([*([Source(weakest, "default")] if weakest else []), *given.sources]))
