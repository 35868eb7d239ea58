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


KEEP_IT_SHORT = f"Keep it under {MAX_BYTES:,} bytes."

# By what PyYAML says, with libyaml or without.
_MENDS = {
    "parsing a flow": "Close the bracket, or quote text with [ or {.",
    "quoted scalar": "Close the quote.",
    "mapping values are not allowed": "Indent answers alike, and quote text that has a colon in it.",
    "cannot start any token": "Indent with spaces, and quote text that begins with a sign.",
    "expected a single document": "Keep one document: remove the line ---.",
}


class DocumentError(ScaffoldError):
    """A text that cannot be read as answers.

    Attributes:
        name: what the text is called, such as its path.
        line: the line that is wrong, counted from 1, or None where it is the whole text.
        message: what is wrong.
        mend: what to do about it.
    """

    def __init__(self, name: str, line: int | None, message: str, mend: str) -> None:
        self.name, self.line, self.message, self.mend = name, line, message, mend
        super().__init__(f"{self.place}: {message} {mend}")

    @property
    def place(self) -> str:
        """The name, with the line where it is known."""
        return f"{self.name} line {self.line}" if self.line else self.name


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
        raise DocumentError(
            name, None, f"answers are a mapping, not a {_kind(root)}.", "Write `name: platform`, one answer to a line."
        )
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
        raise DocumentError(name, None, f"{len(text):,} characters; answers are at most {MAX_BYTES:,}.", KEEP_IT_SHORT)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_depth(text, name, loader)
        root: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DocumentError(name, line, f"not YAML: {error.problem or error.context}.", _mend(error)) from None
    except (yaml.YAMLError, ValueError) as error:
        message = f"not YAML: {str(error).splitlines()[0]}."
        raise DocumentError(name, None, message, "Take that out, or write it in plain YAML.") from None
    return root


def _mend(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context} {error.problem}"
    return next((mend for part, mend in _MENDS.items() if part in said), "Write it as `key: value`, in plain YAML.")


def _refuse_depth(text: str, name: str, loader: type) -> None:
    # Before composing, which recurses: nesting is bounded, and aliases, anchors and tags are refused where they stand.
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            mend = "Write the value out instead of the alias, or quote text with * or &."
            raise DocumentError(name, line, "anchors and aliases are not accepted.", mend)
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise DocumentError(
                name, line, f"the tag {tag} is not accepted: answers are plain values.", "Remove the tag."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise DocumentError(
                    name, line, f"nested more than {MAX_DEPTH} deep.", "Nest no deeper than the answers do."
                )
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
            raise DocumentError(name, line, f"{key_path} is given twice.", "Keep one of the two.")
        lines[key_path] = line
        mapping[key] = _value(child, key_path, lines, name, depth + 1)
    return mapping


def _entries(node: yaml.Node, path: str, name: str) -> Iterator[tuple[str, yaml.Node, str, int]]:
    for key_node, child in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str) or key in ("", "<<") or not key.isprintable() or len(key) > MAX_KEY:
            raise DocumentError(name, line, "a key is a plain word.", "Write the answer's name, such as `azs: 3`.")
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
