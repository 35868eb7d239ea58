"""What there is to choose from: presets, opinions, answers."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """One preset."""

    name: str
    date: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetsDocument:
    """The presets that `scaffold presets` lists."""

    kind: Literal["presets"] = "presets"
    presets: list[PresetEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetDocument:
    """The preset that `scaffold presets NAME` prints; `answers` is nested as in an answers file."""

    kind: Literal["preset"] = "preset"
    name: str
    date: str
    about: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpinionListEntry:
    """One opinion of the list: its title, or of one that cannot be judged, `reason` says why."""

    id: str
    judged: bool
    title: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionsDocument:
    """The opinions that `scaffold opinions` lists."""

    kind: Literal["opinions"] = "opinions"
    opinions: list[OpinionListEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDocument:
    """The opinion that `scaffold opinions ID` explains; `good` keeps it and `bad` breaks it, texts by their paths."""

    kind: Literal["opinion"] = "opinion"
    id: str
    title: str
    why: str
    mend: str
    source: str
    good: dict[str, str]
    bad: dict[str, str]


@dataclass(frozen=True, slots=True)
class AnswerDocumentEntry:
    """One answer: its path, its default as YAML (or `required`), and what it is."""

    path: str
    default: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersDocument:
    """Every answer that `scaffold answers` lists."""

    kind: Literal["answers"] = "answers"
    answers: list[AnswerDocumentEntry]
