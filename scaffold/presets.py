"""Presets: answers with a name, a date and a sentence, shipped with the package and never changed once released."""

import re
from dataclasses import dataclass
from pathlib import Path

from scaffold.answers.document import read_document
from scaffold.answers.sources import Source
from scaffold.errors import ScaffoldError
from scaffold.resources import PRESETS

_FILE_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]*)-(?P<date>\d{4}-\d{2}-\d{2})\.yaml\Z")


class PresetError(ScaffoldError):
    """There is no such preset; the text names those there are."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset.

    Attributes:
        name: what to call it by.
        date: when it was released, as YYYY-MM-DD.
        about: one sentence on when to use it.
        text: the whole file.
        source: its answers.
    """

    name: str
    date: str
    about: str
    text: str
    source: Source


def load_presets(folder: Path = PRESETS) -> tuple[Preset, ...]:
    """Return every preset, in name order, the newest of a name first."""
    found = [_load(path, match) for path in folder.glob("*.yaml") if (match := _FILE_NAME.match(path.name))]
    return tuple(sorted(sorted(found, key=lambda preset: preset.date, reverse=True), key=lambda preset: preset.name))


def find_preset(name: str, folder: Path = PRESETS) -> Preset:
    """Return the newest preset of a name, or with `name@date` exactly that one.

    Raises:
        PresetError: there is none.
    """
    wanted, _, date = name.partition("@")
    presets = load_presets(folder)
    for preset in presets:
        if preset.name == wanted and date in ("", preset.date):
            return preset
    known = ", ".join(dict.fromkeys(f"{preset.name}@{preset.date}" if date else preset.name for preset in presets))
    raise PresetError(f"there is no preset {name}; there are {known}.")


def _load(path: Path, match: re.Match[str]) -> Preset:
    text = path.read_text(encoding="utf-8")
    document = read_document(text, path.name)
    lines = {key.removeprefix("answers."): line for key, line in document.lines.items() if key.startswith("answers.")}
    source = Source(document.data["answers"], f"preset {match['name']}", lines)
    return Preset(match["name"], match["date"], document.data["about"], text, source)
