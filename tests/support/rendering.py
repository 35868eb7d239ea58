"""Rendering presets with other answers, for tests that look at what comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, from_settings, merge
from scaffold.files import File
from scaffold.presets import find_preset
from scaffold.render import Rendering, render
from scaffold.verify.verdict import Tree

LEAST = {"name": "shop", "region": "us-east-1", "owner": "team-shop", "cost_center": "4711"}
"""The answers that nobody can do without."""


def project(*settings: str, answers: Mapping[str, object] | None = None) -> Project:
    """Return the project of `LEAST`, other answers over it, and `--set` flags over those."""
    return resolve(merge([Source(LEAST, "test"), Source(answers or {}, "test"), from_settings(settings)]))


@cache
def preset(name: str, *settings: str) -> Rendering:
    """Return a preset's rendering, with `--set` flags over it."""
    return render(resolve(merge([find_preset(name).source, from_settings(settings)])))


def tree_of(rendering: Rendering) -> Tree:
    """Return a rendering as a tree to verify."""
    return Tree(rendering.files, rendering.kubernetes_versions)


def write(files: Iterable[File], folder: Path) -> Path:
    """Write files into a folder and return it."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode())
        path.chmod(0o755 if file.executable else 0o644)
    return folder


def text_of(rendering: Rendering, path: str) -> str:
    """Return the text of one rendered file."""
    return next(file.text for file in rendering.files if file.path == path)


def with_text(file: File, text: str) -> File:
    """Return a file with another text."""
    return replace(file, text=text)
