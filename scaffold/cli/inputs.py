"""Collecting a project's answers from a command's options."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, from_environment, from_file, from_settings, merge
from scaffold.presets import find_preset
from scaffold.render import ANSWERS_FILE


@dataclass(frozen=True, slots=True)
class Inputs:
    """A project and how its answers are to be written down.

    Attributes:
        project: the validated answers.
        answers_text: the text of the target's own answers file, where it already says just these answers.
    """

    project: Project
    answers_text: str | None


def collect(
    target: Path,
    preset: str | None,
    files: Sequence[Path],
    settings: Sequence[str],
    weakest: Mapping[str, Any] | None = None,
) -> Inputs:
    """Merge and validate the answers of every source.

    Args:
        target: where the project lies or will lie; without a preset or files, its `scaffold.yaml` is read.
        preset: a preset's name.
        files: answers files, weakest first.
        settings: `--set` flags.
        weakest: answers to use where no source has any, such as the wizard's proposals.

    Raises:
        AnswersError: with every problem.
        PresetError: there is no such preset.
    """
    sources: list[Source] = [Source(weakest, "default")] if weakest else []
    own = target / ANSWERS_FILE
    own_text: str | None = None
    if preset:
        sources.append(find_preset(preset).source)
    if files:
        sources += [from_file(path) for path in files]
    elif not preset and own.is_file() and not own.is_symlink():
        sources.append(from_file(own))
        own_text = own.read_text(encoding="utf-8-sig")
    alone = merge(sources).data
    sources += [from_environment(os.environ), from_settings(settings)]
    merged = merge(sources)
    project = resolve(merged)
    return Inputs(project, own_text if merged.data == alone else None)
