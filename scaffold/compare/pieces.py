"""The parts of an expression as they are written, and texts cut short for a report."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from scaffold.compare.normal import normal
from scaffold.hcl import grammar
from scaffold.hcl.literals import bare_name
from scaffold.hcl.source import Source

LONGEST = 160
"""How many characters of a value are shown."""

_BEFORE = 40
_DEEPEST = 50
_WORD = re.compile(r"[^\W\d][\w-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A value as it is written.

    Attributes:
        text: as written.
        line: the line it starts in.
    """

    text: str
    line: int


def members(piece: Piece) -> dict[str, Piece] | None:
    """Return the members of an object by key, also of one inside `jsonencode`; nothing where a key is not literal."""
    source = Source(f"x = {piece.text}\n")
    node = _collection(source)
    if node is None or node.kind_id != grammar.OBJECT:
        return None
    found: dict[str, Piece] = {}
    for element in node.children:
        if element.kind_id != grammar.OBJECT_ELEMENT:
            continue
        pair = [child for child in element.children if child.kind_id == grammar.EXPRESSION]
        if len(pair) != 2:
            return None
        bare = bare_name(pair[0])
        key = ("text", source.of(bare)) if bare is not None else normal(source.of(pair[0]), "string")
        if not isinstance(key, tuple) or key[0] != "text":
            return None
        found[key[1]] = Piece(source.of(pair[1]), piece.line + source.line(element.start_byte) - 1)
    return found


def items(piece: Piece) -> list[Piece] | None:
    """Return the items of a tuple, also of one inside `jsonencode`; nothing for any other expression."""
    source = Source(f"x = {piece.text}\n")
    node = _collection(source)
    if node is None or node.kind_id != grammar.TUPLE:
        return None
    return [
        Piece(source.of(child), piece.line + source.line(child.start_byte) - 1)
        for child in node.children
        if child.kind_id == grammar.EXPRESSION
    ]


def _attribute(source: Source) -> Node | None:
    root = grammar.root_of(source.bytes)
    body = next((child for child in root.children if child.kind_id == grammar.BODY), None)
    if root.has_error or body is None or len(body.children) != 1 or body.children[0].kind_id != grammar.ATTRIBUTE:
        return None
    return body.children[0]


def _collection(source: Source) -> Node | None:
    """Return the object or tuple that an expression is, out of its parentheses and out of `jsonencode`."""
    node = _attribute(source)
    node = node.children[-1] if node is not None else None
    for _ in range(_DEEPEST):
        if node is None:
            return None
        parts = [child for child in node.children if child.is_named and child.kind_id != grammar.COMMENT]
        if node.kind_id == grammar.COLLECTION:
            return parts[0]
        if node.kind_id == grammar.FUNCTION_CALL:
            given = parts[1] if len(parts) == 2 and source.of(parts[0]) == "jsonencode" else None
            node = given if given is not None and len(given.children) == 1 else None
        else:
            node = parts[0] if len(parts) == 1 else None
    return None


def step(path: str, name: str) -> str:
    """Return the path of a member: `tags.Name`, `tags["kubernetes.io/role/elb"]`."""
    if not _WORD.fullmatch(name):
        return f'{path}["{name}"]'
    return f"{path}.{name}" if path else name


def shown(text: str, other: str | None = None) -> str:
    """Return a value on one line, without comments; a long one from shortly before where it departs from `other`."""
    line = _one_line(text)
    if len(line) <= LONGEST:
        return line
    start = 0
    if other is not None:
        beside = _one_line(other)
        departs = next((at for at, (a, b) in enumerate(zip(line, beside, strict=False)) if a != b), len(beside))
        start = max(0, min(departs - _BEFORE, len(line) - LONGEST))
    cut = line[start : start + LONGEST]
    return ("…" if start else "") + cut + ("…" if start + LONGEST < len(line) else "")


def _one_line(text: str) -> str:
    return " ".join(_without_comments(text).split()) if "\n" in text else text.strip()


def _without_comments(text: str) -> str:
    for before in ("x = ", ""):  # an argument's value, or a block
        source = Source(f"{before}{text}\n")
        root = grammar.root_of(source.bytes)
        if root.has_error:
            continue
        kept: list[str] = []
        at = len(before)
        for comment in _comments(root):
            kept.append(source.text(at, comment.start_byte))
            at = comment.end_byte
        return "".join([*kept, source.text(at, len(source.bytes))])
    return text


def _comments(root: Node) -> list[Node]:
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind_id == grammar.COMMENT:
            found.append(node)
        waiting.extend(reversed(node.children))
    return found
