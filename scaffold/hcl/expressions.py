"""Walking an expression once: references, function calls, comments, and the line breaks that Terraform would refuse."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tree_sitter import Node

from scaffold.hcl import grammar
from scaffold.hcl.literals import bare_name, value_of
from scaffold.hcl.model import Call, Comment, Expression, Problem, Reference
from scaffold.hcl.source import Source

_STEPS = frozenset((grammar.GET_ATTRIBUTE, grammar.INDEX, grammar.SPLAT))
_FREE_LINES = frozenset(
    (
        grammar.TUPLE,
        grammar.FOR_TUPLE,
        grammar.FOR_OBJECT,
        grammar.NEW_INDEX,
        grammar.FUNCTION_ARGUMENTS,
        grammar.TEMPLATE_INTERPOLATION,
        grammar.TEMPLATE_DIRECTIVE,
    )
)
"""Nodes whose inside may be broken into lines anywhere: what brackets enclose, except an object's items."""
_QUOTED = frozenset((grammar.STRING, grammar.QUOTED_TEMPLATE))
_TEXTS = _QUOTED | {grammar.HEREDOC}
_LEAVES = frozenset((grammar.LITERAL, grammar.IDENTIFIER))
_NOTHING: frozenset[str] = frozenset()

LINE_BREAK = "The expression is broken into two lines here. Put it on one line, or put parentheses around it."
STRING_BREAK = (
    "A string in quotes ends in the line it starts in. Write \\n for a line break, or use a heredoc (<<-EOT)."
)
OBJECT_BREAK = "The items of a map are separated by commas or line breaks; there is none before this one."
OBJECT_COMMA = "A comma stands at the end of an item, not at the start of the next line."
OBJECT_KEY = "A map's key with dots is a reference or a text: put it in parentheses, or in quotes."


@dataclass
class Harvest:
    """What the walks over a file's expressions find besides the expressions."""

    comments: list[Comment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def comment(self, node: Node, source: Source) -> None:
        """Keep the comment at `node`."""
        text = source.of(node).rstrip("\r\n")
        line = source.line(node.start_byte)
        self.comments.append(Comment(text, line, line + text.count("\n")))

    def problem(self, message: str, offset: int, source: Source) -> None:
        """Keep a problem at the byte `offset`."""
        self.problems.append(Problem(message, source.line(offset), source.column(offset)))


def read_expression(node: Node, source: Source, harvest: Harvest) -> Expression:
    """Return what an `expression` node holds; its comments and layout problems go to `harvest`."""
    references: list[tuple[int, Reference]] = []
    calls: list[tuple[int, Call]] = []
    _walk(node, source, harvest, references, calls)
    start = node.start_byte
    references.sort(key=_offset)
    calls.sort(key=_offset)
    return Expression(
        text=source.of(node),
        value=value_of(node, source),
        references=tuple(reference for _, reference in references),
        calls=tuple(call for _, call in calls),
        line=source.line(start),
        column=source.column(start),
    )


_offset: Callable[[tuple[int, object]], int] = lambda item: item[0]  # noqa: E731 - typed for two kinds of list


def _walk(
    root: Node,
    source: Source,
    harvest: Harvest,
    references: list[tuple[int, Reference]],
    calls: list[tuple[int, Call]],
) -> None:
    # Each entry: a node, the names that `for` binds around it, whether a line break inside it is an error.
    stack: list[tuple[Node, frozenset[str], bool]] = [(root, _NOTHING, True)]
    while stack:
        node, bound, strict = stack.pop()
        kind = node.kind_id
        if kind in _QUOTED:
            _check_quoted(node, source, harvest)
        elif kind == grammar.FOR_EXPRESSION or kind == grammar.TEMPLATE_FOR:
            bound = bound | _bound_by(node, source)
        children = node.children
        if kind == grammar.OBJECT:
            strict = True
            _check_object(children, source, harvest)
        elif kind in _FREE_LINES:
            strict = False
        elif strict and kind not in _TEXTS and len(children) > 1:
            _check_line_breaks(children, source, harvest)
        if kind == grammar.TEMPLATE_INTERPOLATION and all(child.kind_id != grammar.EXPRESSION for child in children):
            harvest.problem("`${}` needs an expression inside.", node.start_byte, source)
        elif kind == grammar.HEREDOC and source.bytes[children[1].end_byte : children[1].end_byte + 1] not in b"\r\n":
            harvest.problem("A heredoc's text starts in the line after its marker.", children[1].end_byte, source)
        position = 0
        while position < len(children):
            child = children[position]
            child_kind = child.kind_id
            position += 1
            if child_kind == grammar.VARIABLE:
                end = position
                while end < len(children) and children[end].kind_id in _STEPS:
                    end += 1
                name = source.of(child)
                if name not in bound:
                    steps = (name, *_steps(children[position:end], source))
                    start = child.start_byte
                    references.append((start, Reference(steps, source.line(start), source.column(start))))
            elif child_kind == grammar.OBJECT_ELEMENT:
                inner = child.children
                if strict:
                    _check_line_breaks(inner, source, harvest)
                for at, part in enumerate(inner):
                    if part.kind_id == grammar.EXPRESSION and not (at == 0 and bare_name(part) is not None):
                        if at == 0 and part.children and part.children[0].kind_id == grammar.VARIABLE:
                            harvest.problem(OBJECT_KEY, part.start_byte, source)
                        stack.append((part, bound, strict))
                    elif part.kind_id == grammar.COMMENT:
                        harvest.comment(part, source)
            elif child_kind == grammar.COMMENT:
                harvest.comment(child, source)
            elif child_kind == grammar.LITERAL:
                _check_literal(child.children[0], source, harvest)
            elif child_kind not in _LEAVES and child.child_count:
                if child_kind == grammar.FUNCTION_CALL:
                    start = child.start_byte
                    name = source.of(child.children[0])
                    calls.append((start, Call(name, source.line(start), source.column(start))))
                after = children[position - 2].kind_id if position > 1 else 0
                stack.append((child, bound, strict and after != grammar.PAREN_OPEN))


def _steps(nodes: list[Node], source: Source) -> list[str]:
    steps: list[str] = []
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        kind = node.kind_id
        if kind == grammar.GET_ATTRIBUTE:
            steps.append(source.of(node.children[-1]))
        elif kind == grammar.NEW_INDEX:
            steps.append("[" + source.of(node)[1:-1].strip() + "]")
        elif kind == grammar.LEGACY_INDEX:
            steps.append(f"[{source.of(node)[1:].strip()}]")
        else:
            if kind in (grammar.ATTR_SPLAT, grammar.FULL_SPLAT):
                steps.append("[*]")
            pending.extend(reversed(node.children if kind in _STEPS else node.children[1:]))
    return steps


def _bound_by(node: Node, source: Source) -> set[str]:
    intro = node.children[0]
    if node.kind_id == grammar.FOR_EXPRESSION:
        intro = next((child for child in intro.children if child.kind_id == grammar.FOR_INTRO), intro)
    return {source.of(child) for child in intro.children if child.kind_id == grammar.IDENTIFIER}


def _check_line_breaks(children: list[Node], source: Source, harvest: Harvest) -> None:
    in_parentheses = True  # before the first child there is nothing to check either
    end = 0
    for child in children:
        start = child.start_byte
        if child.kind_id == grammar.PAREN_CLOSE:
            in_parentheses = False
        elif not in_parentheses and source.broken(end, start):
            harvest.problem(LINE_BREAK, start, source)
            return
        else:
            comment_inside = in_parentheses and child.kind_id == grammar.COMMENT
            in_parentheses = child.kind_id == grammar.PAREN_OPEN or comment_inside
        end = child.end_byte


def _check_object(children: list[Node], source: Source, harvest: Harvest) -> None:
    previous: Node | None = None
    for child in children:
        kind = child.kind_id
        if kind == grammar.COMMENT:
            continue
        if previous is not None:
            broken = source.broken(previous.end_byte, child.start_byte)
            if kind == grammar.OBJECT_ELEMENT and not broken:
                harvest.problem(OBJECT_BREAK, child.start_byte, source)
            elif kind == grammar.COMMA and broken:
                harvest.problem(OBJECT_COMMA, child.start_byte, source)
        previous = child if kind == grammar.OBJECT_ELEMENT else None


def _check_literal(node: Node, source: Source, harvest: Harvest) -> None:
    kind = node.kind_id
    if kind == grammar.STRING:
        _check_quoted(node, source, harvest)
    elif kind == grammar.NUMBER and source.bytes[node.start_byte : node.start_byte + 2].lower() == b"0x":
        harvest.problem("Numbers are written in decimal; there are no hexadecimal ones.", node.start_byte, source)


def _check_quoted(node: Node, source: Source, harvest: Harvest) -> None:
    if not source.broken(node.start_byte, node.end_byte):
        return
    end = node.start_byte
    for child in node.children:
        if source.broken(end, child.start_byte) or (
            child.kind_id == grammar.TEMPLATE_LITERAL and source.broken(child.start_byte, child.end_byte)
        ):
            harvest.problem(STRING_BREAK, node.start_byte, source)
            return
        end = child.end_byte
