"""An expression as a tree, for those who evaluate expressions or compare what they mean.

Parentheses, comments and layout are gone; `"${x}"` is `x`, as Terraform has it; a heredoc is the text it stands for.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from tree_sitter import Node

from scaffold.hcl import grammar
from scaffold.hcl.literals import MAX_DIGITS, bare_name, heredoc_lines, scalar, unescape, unescape_heredoc
from scaffold.hcl.model import UNKNOWN
from scaffold.hcl.source import Source

MAX_DEPTH = 100
"""How deep expressions may be nested; what is deeper is `Opaque`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, boolean or null."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Template:
    """A text with interpolations: its literal parts, their escapes resolved, and the expressions between them."""

    parts: "tuple[str | Syntax, ...]"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at the start of a traversal, or one that `for` binds."""

    name: str


@dataclass(frozen=True, slots=True)
class GetAttribute:
    """`of.name`."""

    of: "Syntax"
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`, also `of.0`."""

    of: "Syntax"
    key: "Syntax"


@dataclass(frozen=True, slots=True)
class Item:
    """What a splat is applied to, inside `Splat.each`."""


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*].a` or `of.*.a`: `each` is what is taken of every item, with `Item` in the item's place."""

    of: "Syntax"
    each: "Syntax"


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name(arguments)`; with `spread`, the last argument is written with `...`."""

    name: str
    arguments: "tuple[Syntax, ...]"
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `!x`."""

    operator: str
    operand: "Syntax"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: "Syntax"
    right: "Syntax"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: "Syntax"
    then: "Syntax"
    otherwise: "Syntax"


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[a, b]`."""

    items: "tuple[Syntax, ...]"


@dataclass(frozen=True, slots=True)
class ObjectItem:
    """`key = value` of an object; `line` counts from the expression's first line, which is 0."""

    key: "Syntax"
    value: "Syntax"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Object:
    """`{ a = b }`, in the order it is written; a bare key is a `Literal` text."""

    items: tuple[ObjectItem, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in collection : value if condition]`, or with `key` the one in braces; `grouped` is its `...`."""

    key_name: str | None
    value_name: str
    collection: "Syntax"
    key: "Syntax | None"
    value: "Syntax"
    condition: "Syntax | None"
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not taken apart, as its text with single spaces: template directives, broken text, the too deep."""

    text: str


Syntax: TypeAlias = (
    Literal
    | Template
    | Name
    | GetAttribute
    | Index
    | Item
    | Splat
    | FunctionCall
    | Unary
    | Binary
    | Conditional
    | Tuple
    | Object
    | For
    | Opaque
)

_MARK = "\ue000"


@lru_cache(maxsize=8192)
def syntax(text: str) -> Syntax:
    """Return the tree of an expression as it is written, such as `hcl.Expression.text`; no text raises."""
    if grammar.blanks_without_end(text) is not None:
        return _opaque(text)
    source = Source(f"x = {text}\n")
    root = grammar.root_of(source.bytes)
    body = next((child for child in root.children if child.kind_id == grammar.BODY), None)
    attributes = body.children if body else []
    if root.has_error or len(attributes) != 1 or attributes[0].kind_id != grammar.ATTRIBUTE:
        return _opaque(text)
    return _expression(attributes[0].children[-1], source, 0)


def _opaque(text: str) -> Opaque:
    return Opaque(" ".join(text.split()))


def _parts(node: Node) -> list[Node]:
    return [child for child in node.children if child.kind_id != grammar.COMMENT]


def _expression(node: Node, source: Source, depth: int) -> Syntax:
    """Read an `expression` node: a term and the steps after it, or one in parentheses."""
    if depth > MAX_DEPTH:
        return _opaque(source.of(node))
    parts = _parts(node)
    if node.kind_id != grammar.EXPRESSION:
        return _term(node, source, depth)
    return _operand(parts, source, depth)


def _operand(parts: list[Node], source: Source, depth: int) -> Syntax:
    """Read a term, or an expression in parentheses, and the steps after it."""
    if parts[0].kind_id == grammar.PAREN_OPEN:
        close = next(index for index, part in enumerate(parts) if part.kind_id == grammar.PAREN_CLOSE)
        return _steps(_expression(parts[1], source, depth + 1), parts[close + 1 :], source, depth)
    return _steps(_term(parts[0], source, depth + 1), parts[1:], source, depth)


def _steps(of: Syntax, steps: list[Node], source: Source, depth: int) -> Syntax:
    for position, step in enumerate(steps):
        kind = step.kind_id
        if kind == grammar.GET_ATTRIBUTE:
            of = GetAttribute(of, source.of(step.children[-1]))
        elif kind == grammar.INDEX:
            of = Index(of, _index(step.children[0], source, depth))
        elif kind == grammar.SPLAT:
            # The grammar puts what follows a splat inside it; what it leaves outside belongs there too.
            if depth > MAX_DEPTH:
                return _opaque(source.text(steps[0].parent.start_byte if steps[0].parent else 0, steps[-1].end_byte))
            after = [*_parts(step.children[0])[1:], *steps[position + 1 :]]
            if step.children[0].kind_id != grammar.ATTR_SPLAT:
                return Splat(of, _steps(Item(), after, source, depth + 1))
            # `a.*.b[0]` is `(a[*].b)[0]`: of an item it takes attributes alone.
            names = next((at for at, each in enumerate(after) if each.kind_id != grammar.GET_ATTRIBUTE), len(after))
            each = _steps(Item(), after[:names], source, depth + 1)
            return _steps(Splat(of, each), after[names:], source, depth + 1)
        else:
            return _opaque(source.text(steps[0].parent.start_byte if steps[0].parent else 0, steps[-1].end_byte))
    return of


def _index(node: Node, source: Source, depth: int) -> Syntax:
    if node.kind_id == grammar.LEGACY_INDEX:
        digits = source.of(node)[1:].strip()
        return Literal(int(digits)) if len(digits) <= MAX_DIGITS else _opaque(digits)
    return _expression(_parts(node)[1], source, depth + 1)


def _term(node: Node, source: Source, depth: int) -> Syntax:
    kind = node.kind_id
    if depth > MAX_DEPTH:
        return _opaque(source.of(node))
    if kind == grammar.EXPRESSION:
        return _expression(node, source, depth)
    if kind == grammar.LITERAL:
        value = scalar(node.children[0], source)
        return _opaque(source.of(node)) if value is UNKNOWN or isinstance(value, list | dict) else Literal(value)
    if kind == grammar.VARIABLE:
        return Name(source.of(node))
    if kind == grammar.TEMPLATE:
        return _template(node.children[0], source, depth)
    if kind == grammar.COLLECTION:
        return _collection(node.children[0], source, depth)
    if kind == grammar.FUNCTION_CALL:
        return _call(node, source, depth)
    if kind == grammar.FOR_EXPRESSION:
        return _for(node.children[0], source, depth)
    if kind == grammar.CONDITIONAL:
        parts = [part for part in _parts(node) if part.is_named]
        return Conditional(*(_expression(part, source, depth + 1) for part in parts))
    if kind == grammar.OPERATION:
        return _operation(node.children[0], source, depth)
    return _opaque(source.of(node))


def _operation(node: Node, source: Source, depth: int) -> Syntax:
    parts = _parts(node)
    if node.kind_id == grammar.UNARY:
        operand = _operand(parts[1:], source, depth)
        if source.of(parts[0]) == "-" and isinstance(operand, Literal) and type(operand.value) in (int, float):
            return Literal(-operand.value)  # type: ignore[operator] # it is one of the two, as just asked
        return Unary(source.of(parts[0]), operand)
    # Both sides may be a term with steps or in parentheses, all in one list around the operator.
    parentheses = (grammar.PAREN_OPEN, grammar.PAREN_CLOSE)
    middle = next(index for index, part in enumerate(parts) if not part.is_named and part.kind_id not in parentheses)
    left, right = _operand(parts[:middle], source, depth), _operand(parts[middle + 1 :], source, depth)
    return Binary(source.of(parts[middle]), left, right)


def _call(node: Node, source: Source, depth: int) -> Syntax:
    arguments = next((child for child in node.children if child.kind_id == grammar.FUNCTION_ARGUMENTS), None)
    given = [child for child in arguments.children if child.kind_id == grammar.EXPRESSION] if arguments else []
    spread = bool(arguments and any(child.type == "ellipsis" for child in arguments.children))
    return FunctionCall(
        source.of(node.children[0]), tuple(_expression(each, source, depth + 1) for each in given), spread
    )


def _collection(node: Node, source: Source, depth: int) -> Syntax:
    if node.kind_id == grammar.TUPLE:
        return Tuple(
            tuple(_expression(each, source, depth + 1) for each in node.children if each.kind_id == grammar.EXPRESSION)
        )
    items: list[ObjectItem] = []
    for element in node.children:
        if element.kind_id != grammar.OBJECT_ELEMENT:
            continue
        pair = [child for child in element.children if child.kind_id == grammar.EXPRESSION]
        if len(pair) != 2:
            return _opaque(source.of(node))
        bare = bare_name(pair[0])
        key = Literal(source.of(bare)) if bare is not None else _expression(pair[0], source, depth + 1)
        items.append(ObjectItem(key, _expression(pair[1], source, depth + 1), source.line(element.start_byte) - 1))
    return Object(tuple(items))


def _for(node: Node, source: Source, depth: int) -> Syntax:
    parts = _parts(node)
    intro = next(part for part in parts if part.kind_id == grammar.FOR_INTRO)
    names = [source.of(child) for child in intro.children if child.kind_id == grammar.IDENTIFIER]
    collection = next(child for child in intro.children if child.kind_id == grammar.EXPRESSION)
    results = [_expression(part, source, depth + 1) for part in parts if part.kind_id == grammar.EXPRESSION]
    condition = next((part for part in parts if part.type == "for_cond"), None)
    tests = [child for child in condition.children if child.kind_id == grammar.EXPRESSION] if condition else []
    if not names or not results:
        return _opaque(source.of(node))
    return For(
        key_name=names[0] if len(names) > 1 else None,
        value_name=names[-1],
        collection=_expression(collection, source, depth + 1),
        key=results[0] if node.kind_id == grammar.FOR_OBJECT else None,
        value=results[-1],
        condition=_expression(tests[0], source, depth + 1) if tests else None,
        grouped=any(part.type == "ellipsis" for part in parts),
    )


def _template(node: Node, source: Source, depth: int) -> Syntax:
    if any(child.kind_id == grammar.TEMPLATE_DIRECTIVE for child in node.children):
        return _opaque(source.of(node))
    inserts = [child for child in node.children if child.kind_id == grammar.TEMPLATE_INTERPOLATION]
    if any(child.type == "strip_marker" for insert in inserts for child in insert.children):
        return _opaque(source.of(node))
    heredoc = node.kind_id == grammar.HEREDOC
    # The literal text with a mark for each interpolation, so that a heredoc's indent is removed from whole lines.
    pieces: list[str] = []
    at = node.start_byte if heredoc else node.children[0].end_byte
    for insert in inserts:
        pieces += [source.text(at, insert.start_byte), _MARK]
        at = insert.end_byte
    pieces.append(source.text(at, node.end_byte if heredoc else node.children[-1].start_byte))
    text = "".join(pieces)
    texts = (heredoc_lines(text) if heredoc else text).split(_MARK)
    resolve = unescape_heredoc if heredoc else unescape
    parts: list[str | Syntax] = []
    for index, piece in enumerate(texts):
        if piece:
            parts.append(resolve(piece))
        if index < len(inserts):
            inner = next((child for child in inserts[index].children if child.kind_id == grammar.EXPRESSION), None)
            if inner is None:
                return _opaque(source.of(node))
            parts.append(_expression(inner, source, depth + 1))
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    if all(isinstance(part, str) for part in parts):
        return Literal("".join(part for part in parts if isinstance(part, str)))
    return Template(tuple(parts))
