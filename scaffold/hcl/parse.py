"""From text to `Document`."""

import re
from functools import lru_cache

from tree_sitter import Node

from scaffold.hcl import grammar
from scaffold.hcl.conflicts import Conflicts
from scaffold.hcl.expressions import Harvest, read_expression
from scaffold.hcl.literals import string_of
from scaffold.hcl.model import Attribute, Block, Body, Document, Problem
from scaffold.hcl.problems import MAX_PROBLEMS, find_problems
from scaffold.hcl.source import Source

MAX_BLOCK_DEPTH = 64
"""How deep blocks may be nested; Terraform's own deepest (QuickSight) take about twenty."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_BLANKS = "Thousands of blanks or empty lines stand here in a row, and the file is not read. Take them out."
_TEMPLATE = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")


def parse(text: str) -> Document:
    """Read a file of Terraform's language: `.tf`, `.tfvars`, `.tftest.hcl`.

    Args:
        text: the file's text; a byte order mark and CRLF line ends are fine.

    Returns:
        What it holds, and all that is wrong with its syntax. No text raises.
    """
    blanks = grammar.blanks_without_end(text)
    if blanks is not None:
        return Document(Body(), (), (Problem(_BLANKS, *_position(text, blanks)),))
    source = Source(text)
    root = grammar.root_of(source.bytes)
    conflicts = Conflicts(text if root.has_error else "")
    if conflicts:
        source = Source(conflicts.text, conflicts)
        root = grammar.root_of(source.bytes)
    harvest = Harvest()
    body = Body()
    for child in root.children:
        if child.kind_id == grammar.COMMENT:
            harvest.comment(child, source)
        elif child.kind_id == grammar.BODY:
            body = _body(child, source, harvest, 0, root.has_error or bool(conflicts))
    problems = find_problems(root, source) if root.has_error else harvest.problems
    problems = conflicts.problems()[:MAX_PROBLEMS] or problems  # the others mostly follow from these
    control = _CONTROL.search(text)
    if control is not None:
        place = _position(text, control.start())
        problems = [Problem(f"The control character {control[0]!r} is not allowed.", *place), *problems]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    harvest.comments.sort(key=lambda comment: comment.line)
    return Document(body, tuple(harvest.comments), tuple(problems))


@lru_cache(maxsize=8192)
def parse_cached(text: str) -> Document:
    """Read a file as `parse` does, and remember the last 8,192 texts: verifiers of one tree share the work."""
    return parse(text)


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of a place in a text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _body(node: Node, source: Source, harvest: Harvest, depth: int, broken: bool = False) -> Body:
    """Read a body; with `broken`, of a block or file that does not parse."""
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    previous: Node | None = None
    for child in node.children:
        kind = child.kind_id
        if kind == grammar.ATTRIBUTE:
            attribute = _attribute(child, source, harvest, broken)
            if attribute is not None:
                attributes.append(attribute)
        elif kind == grammar.BLOCK:
            blocks.append(_block(child, source, harvest, depth))
        else:
            if kind == grammar.COMMENT:
                harvest.comment(child, source)
            continue
        if previous is not None and not source.broken(previous.end_byte, child.start_byte):
            harvest.problem("An argument or block starts on a line of its own.", child.start_byte, source)
        previous = child
    return Body(tuple(attributes), tuple(blocks))


def _attribute(node: Node, source: Source, harvest: Harvest, broken: bool) -> Attribute | None:
    children = [child for child in node.children if child.kind_id != grammar.COMMENT]
    expression = children[-1]
    if children[0].kind_id != grammar.IDENTIFIER or expression.kind_id != grammar.EXPRESSION:
        return None
    if source.broken(children[0].end_byte, expression.start_byte):
        harvest.problem("The value starts in the line of the `=`.", expression.start_byte, source)
    name = source.of(children[0])
    end = max(node.start_byte, node.end_byte - 1)
    value = read_expression(expression, source, harvest)
    return Attribute(name, value, source.line(node.start_byte), source.line(end), broken or source.doubtful(node))


def _block(node: Node, source: Source, harvest: Harvest, depth: int) -> Block:
    kind = ""
    labels: list[str] = []
    body: Node | None = None
    opened = node.end_byte
    closed = node.end_byte
    for child in node.children:
        child_kind = child.kind_id
        if child_kind == grammar.IDENTIFIER:
            if kind:
                labels.append(source.of(child))
            else:
                kind = source.of(child)
        elif child_kind == grammar.STRING:
            labels.append(string_of(child, source))
            if _TEMPLATE.search(source.of(child)):
                harvest.problem("A block's label is plain text, without `${` or `%{`.", child.start_byte, source)
        elif child_kind == grammar.BLOCK_START:
            opened = child.end_byte
        elif child_kind == grammar.BODY:
            body = child
        elif child_kind == grammar.BLOCK_END:
            closed = child.start_byte
        elif child_kind == grammar.COMMENT:
            harvest.comment(child, source)
    if source.broken(node.start_byte, opened):
        harvest.problem("A block's labels and its `{` stand in the line of its type.", node.start_byte, source)
    inside = Body()
    if body is not None:
        _check_braces(body, opened, closed, source, harvest)
        if depth < MAX_BLOCK_DEPTH:
            inside = _body(body, source, harvest, depth + 1, source.doubtful(node))
        else:
            harvest.problem(f"Blocks are nested more than {MAX_BLOCK_DEPTH} deep.", body.start_byte, source)
    end = source.line(max(0, node.end_byte - 1))
    return Block(kind, tuple(labels), inside, source.line(node.start_byte), end, source.doubtful(node))


def _check_braces(body: Node, opened: int, closed: int, source: Source, harvest: Harvest) -> None:
    items = [child for child in body.children if child.kind_id in (grammar.ATTRIBUTE, grammar.BLOCK)]
    if not items:
        return
    if not source.broken(opened, items[0].start_byte):
        if len(items) > 1 or items[0].kind_id == grammar.BLOCK or source.broken(items[0].end_byte, closed):
            message = "A block in one line holds at most one argument, and no block. Break the line after its `{`."
            harvest.problem(message, items[0].start_byte, source)
    elif not source.broken(items[-1].end_byte, closed):
        harvest.problem("The closing brace of a block in several lines stands on a line of its own.", closed, source)
