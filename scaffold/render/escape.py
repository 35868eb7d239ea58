"""Turning values into source text: every value a template prints goes through one of these."""

import json
import re
from collections.abc import Mapping
from typing import Any

from scaffold.errors import ScaffoldError

_PLAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 _./:@+-]*[A-Za-z0-9_./@+-])?\Z")
_NOT_TEXT_IN_YAML = re.compile(
    r"(true|false|yes|no|on|off|null|y|n|[-+]?[0-9][0-9_.,:eExXoO+-]*[a-fA-F0-9]*|.*: .*|.* #.*)\Z", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


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
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


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
        pairs = (f"{_hcl_key(key)} = {hcl_value(inner)}" for key, inner in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    raise UnsafeValueError(f"{value!r} has no HCL form.")


def _hcl_key(key: str) -> str:
    return key if _IDENTIFIER.match(key) else hcl_value(key)


def yaml_value(value: Any) -> str:
    """Return a value as YAML on one line: plain text where that reads back as text, else as JSON."""
    if isinstance(value, str) and _PLAIN.match(value) and not _NOT_TEXT_IN_YAML.match(value):
        return value
    return json_value(value)


def json_value(value: Any) -> str:
    """Return a value as JSON, which is also YAML."""
    return json.dumps(value, ensure_ascii=True)


def plain_text(value: Any) -> str:
    """Return a value that needs no quoting in any of our other files.

    Raises:
        UnsafeValueError: the value has characters that could mean something there.
    """
    text = hcl_text(value) if isinstance(value, bool) else str(value)
    if not isinstance(value, str | int) or (text and not _PLAIN.match(text)):
        raise UnsafeValueError(f"{value!r} cannot stand unquoted here.")
    return text


def markdown_text(value: Any) -> str:
    """Return a value as Markdown text that starts no markup: one line, with `<`, `|`, `` ` `` and `[` disarmed."""
    text = " ".join(str(value).split())
    for character, harmless in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("`", "&#96;"), ("[", "&#91;")):
        text = text.replace(character, harmless)
    return text
