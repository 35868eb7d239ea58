"""Evaluated values as text, in Terraform's notation: `["10.0.0.0/16", var.office]`."""

import json
from collections.abc import Iterable, Mapping

from scaffold.evaluate.values import Joined, Key, Symbol, Value

LONGEST = 200
"""Characters of a value that are shown; what a person compares is shorter."""


def displayed(value: Value) -> str:
    """Return a value on one line, cut off after `LONGEST` characters; control characters are escaped."""
    text = _text(value, LONGEST)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(value: Value, room: int) -> str:
    # `room` stops early within values that are far too long to be shown whole.
    if isinstance(value, Mapping):
        return "{" + _listed((f"{_key(key)} = {_text(each, room)}" for key, each in value.items()), room) + "}"
    if isinstance(value, tuple):
        return "[" + _listed((_text(each, room) for each in value), room) + "]"
    if isinstance(value, Symbol):
        return " ".join(value.text[: LONGEST + 1].split())
    if isinstance(value, Joined):
        return '"' + "".join(part if isinstance(part, str) else f"${{{part.text}}}" for part in value.parts) + '"'
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(value[: LONGEST + 1], ensure_ascii=False)
    return json.dumps(value)


def _listed(texts: Iterable[str], room: int) -> str:
    shown: list[str] = []
    for text in texts:
        shown.append(text)
        room -= len(text)
        if room < 0:
            break
    return ", ".join(shown)


def _key(key: Key) -> str:
    if isinstance(key, str):
        return key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
    return f"({_text(key, LONGEST)})"
