"""What the parser could not read, in words that help."""

from tree_sitter import Node

from scaffold.hcl import grammar
from scaffold.hcl.model import Problem
from scaffold.hcl.source import Source

MAX_PROBLEMS = 10
"""How many of a file's problems are worth telling: the later ones mostly follow from the first."""

_OPENERS = {"{": "}", "[": "]", "(": ")", '"': '"', "${": "}", "%{": "}"}


def find_problems(root: Node, source: Source) -> list[Problem]:
    """Return the first problems of a tree, in the order of the text; none when the parser accepted it all."""
    problems: list[Problem] = []
    stack = [root]
    while stack and len(problems) < MAX_PROBLEMS:
        node = stack.pop()
        if node.is_missing:
            problems.append(_explain_missing(node, source))
        elif node.is_error:
            problems.append(_explain(node, source))
        elif node.has_error:
            stack.extend(reversed(node.children))
    return problems


def _problem(message: str, offset: int, source: Source) -> Problem:
    return Problem(message, source.line(offset), source.column(offset))


def _name(node: Node, source: Source) -> str:
    if node.kind_id == grammar.QUOTE_END:
        return 'The closing quote (")'
    if node.kind_id == grammar.HEREDOC_IDENTIFIER:
        return "The line that ends the heredoc"
    return f"`{node.type}`" if not node.is_named else f"The {node.type.replace('_', ' ')}"


def _explain_missing(node: Node, source: Source) -> Problem:
    parent = node.parent
    if parent is not None and parent.kind_id == grammar.BLOCK_END and parent.parent is not None:
        start = parent.parent.start_byte
        return _problem("The block that starts here is never closed with `}`.", start, source)
    return _problem(f"{_name(node, source)} is missing here.", node.start_byte, source)


def _explain(node: Node, source: Source) -> Problem:
    text = source.of(node)
    at = text.find("'")
    if at >= 0 and '"' not in text:
        offset = node.start_byte + len(text[:at].encode())
        return _problem("Strings are written in double quotes, not single ones.", offset, source)
    unclosed = _unclosed(node, source)
    if unclosed is not None:
        token = source.of(unclosed)
        closer = _OPENERS.get(token)
        if closer is None:
            return _problem("The heredoc that starts here is never ended.", unclosed.start_byte, source)
        return _problem(
            f"The `{token}` that is opened here is never closed with `{closer}`.", unclosed.start_byte, source
        )
    children = [child for child in node.children if child.kind_id != grammar.COMMENT]
    kinds = [child.kind_id for child in children]
    if kinds == [grammar.IDENTIFIER]:
        return _problem(
            f"`{text}` stands alone: an argument needs `=` and a value, a block needs `{{`.", node.start_byte, source
        )
    if len(children) >= 2 and kinds[0] == grammar.IDENTIFIER and source.of(children[1]) == "=":
        name = source.of(children[0])
        return _problem(f"The argument `{name}` has no value that can be read.", node.start_byte, source)
    first = text.strip().splitlines()[0][:40] if text.strip() else ""
    if not first:
        first = source.text(node.start_byte, node.start_byte + 20).splitlines()[0] or "this"
    return _problem(f"`{first}` is not understood here.", node.start_byte, source)


def _unclosed(node: Node, source: Source) -> Node | None:
    """Return the innermost opening bracket or quote among an error's tokens that nothing closes, or nothing."""
    open_: list[Node] = []
    for child in node.children:
        if child.kind_id in (grammar.COMMENT, grammar.ATTRIBUTE, grammar.BLOCK, grammar.EXPRESSION) or child.is_error:
            continue
        if child.end_byte - child.start_byte > 4:
            continue
        token = source.of(child)
        if open_ and (token == _OPENERS.get(source.of(open_[-1]))):
            open_.pop()
        elif token in _OPENERS or token in ("<<", "<<-"):
            open_.append(child)
    return open_[-1] if open_ else None
