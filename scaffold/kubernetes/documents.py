"""YAML documents as trees whose every value knows its line, read as `kubectl` reads them and no more trustingly."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

MAX_CHARACTERS = 1_048_576
"""The longest file that is read. The API server refuses objects of more than about 1.5 MiB, and ConfigMaps of 1 MiB."""

MAX_DEPTH = 64
"""How deeply values may be nested; the deepest field of a Deployment is at about 16."""

Scalar = str | int | float | bool | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The plain scalars of go-yaml 2, which kubectl uses through sigs.k8s.io/yaml: https://github.com/yaml/go-yaml
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_FALSE = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_OCTAL = re.compile(r"[-+]?0[0-7]{1,64}")
_INTEGER = re.compile(r"[-+]?(0b[01]{1,64}|0o[0-7]{1,64}|0x[0-9a-fA-F]{1,64}|0|[1-9][0-9]{0,63})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document.

    Attributes:
        value: a scalar, a tuple of nodes, or nodes by their field's name.
        line: where the value is written, from 1; for a field's value, the line of the field's name.
        text: how a scalar is written, without its quotes.
    """

    value: Scalar | tuple["Node", ...] | Mapping[str, "Node"]
    line: int
    text: str = ""

    @property
    def fields(self) -> Mapping[str, "Node"]:
        """The fields of a mapping that are not null; of any other value, none."""
        if not isinstance(self.value, Mapping):
            return {}
        return {name: node for name, node in self.value.items() if node.value is not None}

    @property
    def items(self) -> tuple["Node", ...]:
        """The items of a list; of any other value, none."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def string(self) -> str | None:
        """The value when it is a string."""
        return self.value if isinstance(self.value, str) else None

    def at(self, *path: str) -> "Node | None":
        """Return the node at the end of a path of field names, if there is one that is not null."""
        node: Node | None = self
        for name in path:
            node = node.fields.get(name) if node else None
        return node

    def strings(self, *path: str) -> dict[str, str]:
        """Return the string-valued fields of the mapping at the end of a path, such as labels."""
        node = self.at(*path)
        return {name: one.value for name, one in node.fields.items() if isinstance(one.value, str)} if node else {}

    def walk(self) -> Iterator["Node"]:
        """Yield the node and everything in it."""
        yield self
        for inner in (*self.fields.values(), *self.items):
            yield from inner.walk()


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with a manifest: the rule it breaks, where, and the mend."""

    rule: str
    message: str
    line: int
    mend: str


class UnreadableError(Exception):
    """A file that is not read any further, for the reason in `violation`."""

    def __init__(self, rule: str, message: str, line: int, mend: str) -> None:
        super().__init__(message)
        self.violation = Violation(rule, message, line, mend)


def read(text: str) -> tuple[Node, ...]:
    """Return the documents of a YAML file; empty ones are left out.

    Args:
        text: the file's content.

    Raises:
        UnreadableError: for broken YAML, and for what a manifest has no need of: tags, aliases, merge keys, duplicate
            field names, files or nesting beyond `MAX_CHARACTERS` and `MAX_DEPTH`.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(
            "too-large",
            f"The file has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
            1,
            "Write each object into a file of its own.",
        )
    try:
        return tuple(node for node in _documents(yaml.parse(text, Loader=_LOADER)) if node.value is not None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise UnreadableError(
            "yaml-syntax",
            f"Not valid YAML: {error.problem or error.context}.",
            mark.line + 1 if mark else 1,
            "Mend it there or just above; kubectl refuses the file, too.",
        ) from error
    except (yaml.YAMLError, UnicodeError) as error:
        message = "Not valid YAML: it holds a character that YAML forbids."
        raise UnreadableError("yaml-syntax", message, 1, "Write the file anew in UTF-8.") from error


class _Open:
    """A list or mapping whose end has not come yet."""

    def __init__(self, line: int, mapping: bool) -> None:
        self.line = line
        self.mapping = mapping
        self.items: list[Node] = []
        self.fields: dict[str, Node] = {}
        self.name: Node | None = None

    def take(self, node: Node) -> None:
        if not self.mapping:
            self.items.append(node)
        elif self.name is None:
            self._take_name(node)
        else:
            self.fields[self.name.text] = Node(node.value, self.name.line, node.text)
            self.name = None

    def _take_name(self, node: Node) -> None:
        if isinstance(node.value, tuple | Mapping):
            message = "A field's name must be a plain word."
            raise UnreadableError("yaml-syntax", message, node.line, "Write the name alone before the colon.")
        if node.text == "<<":
            raise UnreadableError("yaml-alias", "Merge keys (<<) are not read.", node.line, "Write the fields out.")
        if node.text in self.fields:
            raise UnreadableError(
                "duplicate-field",
                f"{node.text!r} is there twice, first in line {self.fields[node.text].line}.",
                node.line,
                "Keep one of them: the last would win silently.",
            )
        self.name = node

    def closed(self) -> Node:
        return Node(self.fields if self.mapping else tuple(self.items), self.line)


def _documents(events: Iterator[yaml.Event]) -> Iterator[Node]:
    opened: list[_Open] = []
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableError("yaml-alias", f"The alias *{event.anchor} is not read.", line, "Write the value out.")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            raise UnreadableError("yaml-tag", f"The tag {event.tag} is not read.", line, "Write a plain value.")
        if isinstance(event, yaml.CollectionStartEvent):
            if len(opened) == MAX_DEPTH:
                message = f"Values are nested more than {MAX_DEPTH} deep."
                raise UnreadableError("too-large", message, line, "Remove what is nested there; no kind has it.")
            opened.append(_Open(line, isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, yaml.ScalarEvent):
            node = Node(_scalar(event.value) if event.implicit[0] else event.value, line, event.value)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = opened.pop().closed()
        else:
            continue
        if opened:
            opened[-1].take(node)
        else:
            yield node


def _scalar(text: str) -> Scalar:
    """Return what an unquoted scalar stands for. Dates stay strings, as they do in kubectl."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _INTEGER.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def plain(node: Node) -> object:
    """Return a node as plain Python data, without the fields that are null: to the API server they are not there."""
    if isinstance(node.value, Mapping):
        return {name: plain(inner) for name, inner in node.fields.items()}
    if isinstance(node.value, tuple):
        return [plain(inner) for inner in node.value]
    return node.value
