"""Texts as normal forms: those that are joined of parts, and those that are JSON documents."""

import json
import re
import unicodedata
from collections.abc import Hashable
from typing import Any, TypeAlias

Normal: TypeAlias = Hashable
"""Tuples that begin with what they are: `("number", 1)` is not `("bool", True)`, as Python would have it."""

# Names that stand for one value; what follows any other is the name of a resource, whose index picks an instance.
VALUES = frozenset(("var", "local", "each", "self", "path", "terraform", "count", "run"))
# Attributes that are texts in every type of the AWS provider, and what Terraform itself gives as text.
_ALWAYS_TEXT = frozenset(("arn", "id", "name"))
_TEXT_NAMES = frozenset((("each", "key"), ("path", "module"), ("path", "root"), ("path", "cwd")))
_MARK = re.compile("\ue000([0-9]+)\ue001")
_DEEPEST = 64


def literal(value: str | int | float | bool | None) -> Normal:
    """Return the normal form of a literal; texts are compared in Unicode's composed form, as Terraform has them."""
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, str):
        return ("text", value if value.isascii() else unicodedata.normalize("NFC", value))
    return ("number", value)


def joined(parts: list[Any]) -> Normal:
    """Return a text of parts, those that are literal and side by side made one."""
    joined: list[Any] = []
    for part in parts:
        if part[0] == "text" and joined and joined[-1][0] == "text":
            joined[-1] = ("text", joined[-1][1] + part[1])
        elif part != ("text", ""):
            joined.append(part)
    if not joined:
        return ("text", "")
    return joined[0] if len(joined) == 1 and joined[0][0] == "text" else ("template", *joined)


def document(text: str, inserts: list[Normal]) -> Normal | None:
    """Return a JSON object or array as what `jsonencode` would make it of; nothing for any other text."""
    if not text.lstrip().startswith(("{", "[")) or len(_MARK.findall(text)) != len(inserts):
        return None
    try:
        return ("json", _from_json(json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse), inserts, 0))
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _refuse(word: str) -> object:
    raise ValueError(word)


def _from_json(value: object, inserts: list[Normal], depth: int) -> Normal:
    if depth > _DEEPEST:
        raise ValueError
    if isinstance(value, dict):
        return (
            "object",
            frozenset((_inserted(key, inserts), _from_json(each, inserts, depth + 1)) for key, each in value.items()),
        )
    if isinstance(value, list):
        return ("list", tuple(_from_json(each, inserts, depth + 1) for each in value))
    if isinstance(value, str):
        return _inserted(value, inserts)
    return literal(value)  # type: ignore[arg-type] # what else there is in JSON


def _inserted(text: str, inserts: list[Normal]) -> Normal:
    """Return a JSON text with the interpolations back in place of their marks."""
    pieces = _MARK.split(text)
    parts = [inserts[int(piece)] if at % 2 else literal(piece) for at, piece in enumerate(pieces)]
    whole = len(pieces) == 3 and not pieces[0] and not pieces[2]
    return parts[1] if whole and _is_text(parts[1]) else joined(parts)


def _is_text(value: Any) -> bool:
    """Return whether a reference is surely a text, so that `"${x}"` inside JSON is `x`."""
    if value[0] != "path" or value[-1][0] != "get":
        return False
    root, name = value[1][-1], value[-1][1]
    return (root, name) in _TEXT_NAMES or (
        value[1][0] == "name" and root not in VALUES and root != "module" and name in _ALWAYS_TEXT
    )
