"""The value of an expression as far as it is literal."""

import re

from tree_sitter import Node

from scaffold.hcl import grammar
from scaffold.hcl.model import UNKNOWN, Unknown, Value
from scaffold.hcl.source import Source

MAX_DEPTH = 64
"""How deep lists and maps may be nested before their inside counts as unknown."""

MAX_DIGITS = 300
"""How long a number may be written that anybody can mean; `int` of a much longer one is slow, and Python refuses it."""

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


def value_of(expression: Node, source: Source, depth: int = 0) -> Value:
    """Return the literal value of an `expression` node, `UNKNOWN` where it is not literal."""
    parts = [child for child in expression.children if child.kind_id != grammar.COMMENT]
    if len(parts) == 3 and parts[0].kind_id == grammar.PAREN_OPEN:
        return value_of(parts[1], source, depth + 1) if depth < MAX_DEPTH else UNKNOWN
    if len(parts) != 1:
        return UNKNOWN
    node = parts[0]
    kind = node.kind_id
    if kind == grammar.LITERAL:
        return scalar(node.children[0], source)
    if kind == grammar.COLLECTION and depth < MAX_DEPTH:
        collection = node.children[0]
        read = _map if collection.kind_id == grammar.OBJECT else _list
        return read(collection, source, depth)
    if kind == grammar.TEMPLATE:
        return _template(node.children[0], source)
    if kind == grammar.OPERATION:
        return _negative(node.children[0], source)
    return UNKNOWN


def string_of(node: Node, source: Source) -> str:
    """Return what a `string_lit` node stands for, its escapes resolved."""
    return unescape(source.text(node.children[0].end_byte, node.children[-1].start_byte))


def unescape(text: str) -> str:
    r"""Resolve the escapes of a quoted string: `\n`, `\"`, `\u00e9`, `$${`, `%%{`."""
    if "\\" not in text and "$${" not in text and "%%{" not in text:
        return text
    return _ESCAPE.sub(_resolved, text)


def _resolved(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return match[4] + "{" if match[4] else _PLAIN.get(match[3], match[3])


def scalar(node: Node, source: Source) -> Value:
    """Return the value of a number, text, boolean or null node; `UNKNOWN` for a number nobody can mean."""
    kind = node.kind_id
    if kind == grammar.STRING:
        return string_of(node, source)
    if kind == grammar.BOOL:
        return source.of(node) == "true"
    if kind == grammar.NULL:
        return None
    text = source.of(node)
    if len(text) > MAX_DIGITS:
        return UNKNOWN
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:  # what the grammar takes for a number and Terraform does not: `0x1f`
        return UNKNOWN


def _negative(operation: Node, source: Source) -> Value:
    if operation.kind_id != grammar.UNARY or len(operation.children) != 2:
        return UNKNOWN
    sign, operand = operation.children
    if source.of(sign) != "-" or operand.kind_id != grammar.LITERAL:
        return UNKNOWN
    value = scalar(operand.children[0], source)
    return -value if isinstance(value, int | float) and not isinstance(value, bool) else UNKNOWN


def _list(node: Node, source: Source, depth: int) -> Value:
    if node.kind_id != grammar.TUPLE:
        return UNKNOWN
    return [value_of(child, source, depth + 1) for child in node.children if child.kind_id == grammar.EXPRESSION]


def _map(node: Node, source: Source, depth: int) -> Value:
    items: dict[str, Value] = {}
    for element in node.children:
        if element.kind_id != grammar.OBJECT_ELEMENT:
            continue
        pair = [child for child in element.children if child.kind_id == grammar.EXPRESSION]
        if len(pair) != 2:
            return UNKNOWN
        bare = bare_name(pair[0])
        key = source.of(bare) if bare is not None else value_of(pair[0], source, depth + 1)
        if isinstance(key, Unknown):
            return UNKNOWN
        if isinstance(key, str | int | float):
            items[str(key).lower() if isinstance(key, bool) else str(key)] = value_of(pair[1], source, depth + 1)
    return items


def bare_name(key: Node) -> Node | None:
    """Return the name that an object's key consists of, or nothing when the key is anything else."""
    children = key.children
    return children[0] if len(children) == 1 and children[0].kind_id == grammar.VARIABLE else None


def _template(node: Node, source: Source) -> Value:
    if any(c.kind_id in (grammar.TEMPLATE_INTERPOLATION, grammar.TEMPLATE_DIRECTIVE) for c in node.children):
        return UNKNOWN
    if node.kind_id != grammar.HEREDOC:
        return string_of(node, source)
    return unescape_heredoc(heredoc_lines(source.of(node)))


def heredoc_lines(text: str) -> str:
    """Return the lines between a heredoc's markers, without the indent that `<<-` drops; its escapes are as written."""
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")[1:-1]
    if text.startswith("<<-"):
        common = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
        lines = [line[common:] for line in lines]
    return "".join(line + "\n" for line in lines)


def unescape_heredoc(text: str) -> str:
    """Resolve the escapes of a heredoc: `$${` and `%%{`, and no others."""
    return re.sub(r"([$%])\1\{", r"\1{", text)
