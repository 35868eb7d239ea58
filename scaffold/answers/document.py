"""Reading YAML as answers: plain values only, each with the line it stands on.

YAML reads `1.30` as the number 1.3, `0123` as 83 and `2026-01-01` as a date. No answer is a fraction, an octal number
or a date, so such scalars stay the text that was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from scaffold.errors import ScaffoldError

MAX_BYTES = 1_000_000
"""An answers file is a page of text; one beyond a megabyte is a mistake or an attack."""

MAX_DEPTH = 12

MAX_KEY = 100

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")


def _spellings(*words: str) -> set[str]:
    # YAML 1.1 knows three of each, and writes any other, such as `yEs`, as plain text.
    return {spelling for word in words for spelling in (word, word.capitalize(), word.upper())}


_TRUE, _FALSE, _NULL = _spellings("true", "yes", "on"), _spellings("false", "no", "off"), _spellings("null", "~", "")


class DocumentError(ScaffoldError):
    """A text that cannot be read as answers; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Document:
    """Answers as they were written.

    Attributes:
        data: nested mappings, lists, texts, whole numbers, booleans and nulls.
        lines: for each dotted path in `data`, the line it stands on, counted from 1.
    """

    data: dict[str, Any]
    lines: dict[str, int]


def read_document(text: str, name: str) -> Document:
    """Read a YAML mapping of answers.

    Args:
        text: the YAML.
        name: what to call it in errors, such as its path.

    Raises:
        DocumentError: the text is too large, is not YAML, or uses more of YAML than plain values.
    """
    root = _compose(text, name)
    if root is None or (isinstance(root, yaml.ScalarNode) and _scalar(root) is None):
        return Document({}, {})
    if not isinstance(root, yaml.MappingNode):
        raise DocumentError(f"{name}: answers are a mapping such as `name: platform`, not a {_kind(root)}.")
    lines: dict[str, int] = {}
    data = _value(root, "", lines, name, 0)
    return Document(data, lines)


def read_value(text: str, name: str) -> Any:
    """Read one YAML value, such as the right-hand side of `--set`.

    Raises:
        DocumentError: the text is not YAML, or uses more of YAML than plain values.
    """
    root = _compose(text, name)
    return None if root is None else _value(root, "", {}, name, 0)


def _compose(text: str, name: str) -> yaml.Node | None:
    if len(text) > MAX_BYTES:
        raise DocumentError(f"{name}: {len(text):,} characters; answers are at most {MAX_BYTES:,}.")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_depth(text, name, loader)
        root: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DocumentError(f"{name}{line}: not YAML: {error.problem or error.context}.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"{name}: not YAML: {str(error).splitlines()[0]}.") from None
    return root


def _refuse_depth(text: str, name: str, loader: type) -> None:
    # Before composing, which recurses: nesting is bounded, and aliases, anchors and tags are refused where they stand.
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        where = f"{name} line {event.start_mark.line + 1}" if event.start_mark else name
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DocumentError(f"{where}: anchors and aliases are not accepted; write the value out.")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise DocumentError(f"{where}: the tag {tag} is not accepted; answers are plain values.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise DocumentError(f"{where}: nested more than {MAX_DEPTH} deep.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node, path: str, lines: dict[str, int], name: str, depth: int) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, f"{path}.{index}", lines, name, depth + 1) for index, item in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key, child, key_path, line in _entries(node, path, name):
        if key in mapping:
            raise DocumentError(f"{name} line {line}: {key_path} is given twice.")
        lines[key_path] = line
        mapping[key] = _value(child, key_path, lines, name, depth + 1)
    return mapping


def _entries(node: yaml.Node, path: str, name: str) -> Iterator[tuple[str, yaml.Node, str, int]]:
    for key_node, child in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str) or key in ("", "<<") or not key.isprintable() or len(key) > MAX_KEY:
            raise DocumentError(f"{name} line {line}: a key is a plain word.")
        yield key, child, f"{path}.{key}" if path else key, line


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return int(text) if _INTEGER.match(text) else text


def _kind(node: yaml.Node) -> str:
    return "list" if isinstance(node, yaml.SequenceNode) else "single value"
