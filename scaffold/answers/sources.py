"""Where answers come from, strongest first: `--set`, environment variables, answers files, a preset, defaults."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scaffold.answers.document import KEEP_IT_SHORT, MAX_BYTES, MAX_DEPTH, DocumentError, read_document, read_value
from scaffold.answers.problems import AnswersError, Problem

MAX_SHOWN = 60

VARIABLE_PREFIX = "SCAFFOLD_"

# Variables of the tool itself, which are no answers.
TOOL_VARIABLES = frozenset({"SCAFFOLD_CACHE_DIR", "SCAFFOLD_NO_CACHE", "SCAFFOLD_TEMPLATES", "SCAFFOLD_TF_MIRROR"})

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """Answers from one place.

    Attributes:
        data: the answers, nested as in an answers file.
        label: what to call the place: `preset platform`, `answers.yaml`, `--set`, …
        lines: for each dotted path, the line it stands on, where the place has lines.
        names: for each dotted path, the flag or variable that gave it, where the place is made of those.
    """

    data: Mapping[str, Any]
    label: str
    lines: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """Return the label, with the line, or the name of the flag or variable, where it is known."""
        if line := self.lines.get(path):
            return f"{self.label} line {line}"
        return next((self.names[around] for around in _upwards(path) if around in self.names), self.label)


@dataclass(frozen=True, slots=True)
class Merged:
    """All sources as one.

    Attributes:
        data: the answers, nested as in an answers file.
        places: for each dotted path to a value, where it came from.
        mappings: for each dotted path to a mapping, where it was last added to.
    """

    data: dict[str, Any]
    places: dict[str, str]
    mappings: dict[str, str]

    def place(self, path: str) -> str:
        """Return where the value at a path, or the list or value around it, came from; else `default`."""
        if path in self.mappings:
            return self.mappings[path]
        return next((self.places[around] for around in _upwards(path) if around in self.places), "default")


def _upwards(path: str) -> Iterator[str]:
    """Yield a path, and the paths around it from the inside out."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def from_file(path: Path) -> Source:
    """Read an answers file.

    Raises:
        AnswersError: the file cannot be read, or is not YAML of plain values.
    """
    name = str(path)
    try:
        _refuse_other_than_files(path, name)
        return from_text(path.read_text(encoding="utf-8-sig"), name)
    except DocumentError as error:
        problem = Problem(name, "syntax", error.message, error.mend, source=error.place if error.line else "")
    except UnicodeDecodeError as error:
        problem = Problem(name, "syntax", f"is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.")
    except OSError as error:
        problem = Problem(name, "syntax", f"cannot be read: {error.strerror}.", "Name a file that you may read.")
    raise AnswersError([problem])


def _refuse_other_than_files(path: Path, name: str) -> None:
    if path.is_fifo():  # reading it would wait for whoever writes, and it cannot be read twice
        raise DocumentError(name, None, "is a pipe.", "Write it to a file first.")
    if not path.is_file():
        message = "is not a file." if path.exists() else "there is no such file."
        raise DocumentError(name, None, message, "Name a YAML file of answers.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise DocumentError(name, None, f"{size:,} bytes; answers are at most {MAX_BYTES:,}.", KEEP_IT_SHORT)


def from_text(text: str, label: str) -> Source:
    """Read answers from text.

    Raises:
        DocumentError: the text is not YAML of plain values.
    """
    document = read_document(text, label)
    return Source(document.data, label, document.lines)


def from_settings(settings: Iterable[str]) -> Source:
    """Read `--set a.b=value` flags; a later one wins.

    Raises:
        AnswersError: a flag is not of that form, or its value is not YAML; all such flags at once.
    """
    return _from_pairs(((text, *text.partition("=")) for text in settings), "--set", "--set name=platform")


def from_environment(variables: Mapping[str, str]) -> Source:
    """Read `SCAFFOLD_A__B` environment variables.

    Raises:
        AnswersError: a value is not YAML; all such variables at once.
    """
    pairs = [
        (variable, variable.removeprefix(VARIABLE_PREFIX).lower().replace("__", "."), "=", value)
        for variable, value in sorted(variables.items())
        if variable.startswith(VARIABLE_PREFIX) and variable not in TOOL_VARIABLES
    ]
    return _from_pairs(pairs, "environment", "SCAFFOLD_NETWORK__NAT=per-az")


def _from_pairs(pairs: Iterable[tuple[str, str, str, str]], label: str, example: str) -> Source:
    data: dict[str, Any] = {}
    names: dict[str, str] = {}
    problems: list[Problem] = []
    for text, key, equals, value in pairs:
        if not equals or not _KEY.match(key) or key.count(".") >= MAX_DEPTH:
            shown = repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")
            problems.append(Problem(label, "syntax", f"{shown} sets no answer.", f"Write {example}."))
            continue
        names[key] = name = f"{label} {text.partition('=')[0]}"
        try:
            _put(data, key.split("."), read_value(value, name))
        except DocumentError as error:
            problems.append(Problem(key, "syntax", error.message, error.mend, source=name))
    if problems:
        raise AnswersError(problems)
    return Source(data, label, names=names)


def _put(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        inner = data.get(key)
        data[key] = inner = inner if isinstance(inner, dict) else {}
        data = inner
    data[keys[-1]] = value


def merge(sources: Sequence[Source]) -> Merged:
    """Merge sources, weakest first: mappings merge key by key, lists and values replace.

    An answer for all environments replaces what weaker sources say for single ones: `--set network.nat=none` holds
    everywhere, whatever the preset's environments say. An environment set to null is removed.
    """
    data: dict[str, Any] = {}
    places: dict[str, str] = {}
    mappings: dict[str, str] = {}
    for source in sources:
        for path in _leaves({key: value for key, value in source.data.items() if key != "environments"}):
            _drop_overrides(data, path)
        _merge_into(data, source.data, "", source, places, mappings)
    environments = data.get("environments")
    if isinstance(environments, dict):
        data["environments"] = {name: answers for name, answers in environments.items() if answers is not None}
    return Merged(data, places, mappings)


def _leaves(data: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for key, value in data.items():
        path = (*prefix, key)
        found += _leaves(value, path) if isinstance(value, Mapping) else [path]
    return found


def _drop_overrides(data: dict[str, Any], path: tuple[str, ...]) -> None:
    environments = data.get("environments")
    for override in environments.values() if isinstance(environments, dict) else ():
        inner: Any = override
        for key in path[:-1]:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.pop(path[-1], None)


def _merge_into(
    target: dict[str, Any],
    data: Mapping[str, Any],
    prefix: str,
    source: Source,
    places: dict[str, str],
    mappings: dict[str, str],
) -> None:
    for key, value in data.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            inner = target.get(key)
            target[key] = inner = inner if isinstance(inner, dict) else {}
            _merge_into(inner, value, path, source, places, mappings)
            mappings[path] = source.place(path)
            places.pop(path, None)
        else:
            target[key] = list(value) if isinstance(value, list) else value
            places[path] = source.place(path)
            mappings.pop(path, None)
            for item in range(len(value)) if isinstance(value, list) else ():
                places[f"{path}.{item}"] = source.place(f"{path}.{item}")


def holds(data: Any, path: str) -> bool:
    """Return whether answers say anything at a dotted path; a list on the way stands for all of its members."""
    for part in path.split("."):
        if isinstance(data, list):
            return True
        if not isinstance(data, Mapping) or part not in data:
            return False
        data = data[part]
    return True


def overlay(common: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """Return `common` with `override` merged over it; neither is changed."""
    merged: dict[str, Any] = dict(common)
    for key, value in override.items():
        inner = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(inner, Mapping)
        merged[key] = overlay(inner, value) if both else value  # type: ignore[arg-type]  # `both` says inner is one
    return merged
