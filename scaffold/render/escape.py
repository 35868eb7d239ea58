"""Turning values into source text: every value a template prints goes through one of these."""

import json
import re
from collections.abc import Mapping
from typing import Any

from scaffold.errors import ScaffoldError

_PLAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 _./:@+-]*[A-Za-z0-9_./@+-])?\Z")
_NOT_TEXT_IN_YAML = re.compile(
    r"(true|false|yes|no|on|off|null|y|n|[-+]?[0-9][0-9_.,:exo+-]*[a-f0-9]*|[0-9]{4}-[0-9]+-[0-9]+.*|.*: .*|.* #.*)\Z",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")

# `_` only at the end of a word, where it would close what another opened: inside one, as in max_vcpu_count, it is text.
_HALF = re.compile(r"[\ud800-\udfff]")
_MARKUP = re.compile(r"[&<>|`\[\]*~\\]|_(?![A-Za-z0-9])")


class UnsafeValueError(ScaffoldError):
    """A value that cannot be written at this place of this kind of file."""


def hcl_text(value: Any) -> str:
    """Return a value as the inside of a quoted HCL string: quotes, backslashes, newlines, `${` and `%{` escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        raise UnsafeValueError(f"{value!r} is not a plain value; print it with the hcl filter.")
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    text = text.replace("${", "$${").replace("%{", "%%{")
    return _with_controls_named(text)


def _with_controls_named(text: str) -> str:
    _refuse_halves(text)
    # HCL, YAML and JSON write a character by its number in the same way.
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _refuse_halves(text: str) -> None:
    if _HALF.search(text):
        raise UnsafeValueError(f"{text!r} has half a character, which no UTF-8 file can hold.")


def hcl_value(value: Any) -> str:
    """Return a value as a whole HCL expression: `"text"`, `3`, `true`, `null`, `[…]`, `{…}` on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return hcl_text(value)
    if isinstance(value, str):
        return f'"{hcl_text(value)}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(hcl_value(item) for item in value)}]"
    if isinstance(value, Mapping):
        pairs = (f"{hcl_key(key)} = {hcl_value(inner)}" for key, inner in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    raise UnsafeValueError(f"{value!r} has no HCL form.")


def hcl_key(key: str) -> str:
    """Return a text as the key of an object: bare where it is an identifier, and not taken for a `for` expression."""
    return key if _IDENTIFIER.match(key) and key != "for" else hcl_value(key)


def yaml_value(value: Any) -> str:
    """Return a value as YAML on one line: plain text where that reads back as text, else as JSON's notation."""
    if isinstance(value, str) and _PLAIN.match(value) and not _NOT_TEXT_IN_YAML.match(value):
        return value
    # Not `json_value`: JSON writes a character beyond U+FFFF as two, which YAML does not put together.
    return _with_controls_named(json.dumps(value, ensure_ascii=False))


def json_value(value: Any) -> str:
    """Return a value as JSON, in ASCII."""
    return json.dumps(value, ensure_ascii=True)


def plain_text(value: Any) -> str:
    """Return a value that needs no quoting in any of our other files.

    Raises:
        UnsafeValueError: the value has characters that could mean something there.
    """
    text = hcl_text(value) if isinstance(value, bool) else str(value)
    if not isinstance(value, str | int) or (text and not _PLAIN.match(text)) or ": " in text:
        raise UnsafeValueError(f"{value!r} cannot stand unquoted here.")
    return text


def markdown_text(value: Any) -> str:
    """Return a value as Markdown text that starts no markup inside a line: one line, its markup as entities."""
    if not isinstance(value, str | int):
        raise UnsafeValueError(f"{value!r} is not a plain value.")
    text = " ".join(str(value).split())
    _refuse_halves(text)
    return _MARKUP.sub(lambda match: f"&#{ord(match.group())};", text)
