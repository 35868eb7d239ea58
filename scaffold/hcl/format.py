"""Lays HCL out in the canonical format, that which `terraform fmt` (1.11) writes, without needing the binary.

The format knows lines, not meanings. A line has up to three cells: what leads, `= value` when the value ends on the
same line, and a comment at its end. Indentation follows the brackets that lines leave open; neighbouring lines that
have a second cell align it, and so for the third.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from scaffold.hcl.format_columns import columns
from scaffold.hcl.format_rewrites import rewrite
from scaffold.hcl.format_tokens import (
    CLOSERS,
    COMMENT,
    DIRECTIVE,
    HEREDOC,
    HEREDOC_END,
    IN,
    INTERPOLATION,
    LITERAL,
    NAMES,
    NESTING,
    NEWLINE,
    NUMBER,
    OPENERS,
    QUOTE,
    QUOTE_END,
    TEMPLATE_END,
    NotHclError,
    Token,
    tokenize,
)

_START = ""  # stands for the kind of the token before the first of a cell
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
_BEFORE_NEGATION = {_START, "(", "{", "[", "=", ":", ",", "?", "+", "*", "/", "%", "-", "&&", "||", "!"} | _COMPARISONS


def format_hcl(text: str) -> str:
    """Return `text` (a .tf, .tfvars or .tftest.hcl file) as `terraform fmt` would write it.

    Text that is no HCL is returned as it is: to say so is for the syntax verifier.
    """
    try:
        return canonical(text)
    except NotHclError:
        return text


def canonical(text: str) -> str:
    """Return `text` as `terraform fmt` would write it.

    Lines are neither added nor taken, and their ends are kept (LF or CRLF); a byte order mark is dropped.

    Raises:
        NotHclError: when the text is no HCL. Not all mistakes are noticed, only those that make its layout doubtful.
    """
    text = text.removeprefix("\ufeff")
    tokens = rewrite(tokenize(text))
    lines = [_cells(line) for line in _lines(tokens)]
    _indent(lines)
    _align(lines, lambda line: line.value)
    _align(lines, lambda line: line.comment)
    laid_out = "".join([line.text for line in lines])
    if laid_out.endswith((" ", "\t")):
        return laid_out  # a comment without its line's end, which holds the blanks itself
    return laid_out + " " * (len(text) - len(text.rstrip(" \t")))


def tidy(text: str) -> str:
    """Return `text` with the blank lines a person would leave: at most one in a row, and none at an edge.

    Edges are the beginning of the text, a line that ends with an opening bracket, a line of closing brackets only, and
    the end: the text ends with one line's end, unless it is empty. Heredocs and comments are kept as they are, and so
    is text that is no HCL. Tidy before `format_hcl`, for which a blank line ends a run of aligned lines.
    """
    try:
        lines = _lines(tokenize(text))
        source = [line + "\n" for line in text.split("\n")]
        tidied: list[str] = []
        gap = ""
        at = 0
        opened = True
        for line in lines:
            if line[0].kind == NEWLINE:
                gap = line[0].text
                at += 1
                continue
            if gap and not opened and not _only_closes(line):
                tidied.append(gap)
            height = sum(token.text.count("\n") for token in line) or 1
            tidied += source[at : at + height]
            at += height
            gap = ""
            opened = _ends_open(line)
    except NotHclError:
        return text
    return "".join(tidied)


def _only_closes(line: list[Token]) -> bool:
    return line[0].kind in CLOSERS and all(kind in CLOSERS or kind in (",", NEWLINE, COMMENT) for kind, _ in line)


def _ends_open(line: list[Token]) -> bool:
    code = [kind for kind, _ in line if kind not in (NEWLINE, COMMENT)]
    return bool(code) and code[-1] in OPENERS


@dataclass(slots=True)
class _Line:
    """A line being laid out.

    Attributes:
        text: what is laid out so far; at first the leading cell.
        value: the cell `= value`, or nothing.
        comment: the comment at the line's end, or nothing.
        opens: how many brackets it leaves open; below zero, how many more it closes.
    """

    text: str
    value: str
    comment: str
    opens: int


def _lines(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens line by line, in the sense that a heredoc or block comment does not end its line."""
    line: list[Token] = []
    for token in tokens:
        line.append(token)
        kind = token.kind
        if kind == NEWLINE or (kind == COMMENT and token.text[-1] == "\n"):
            yield line
            line = []
    if line:
        yield line


def _cells(line: list[Token]) -> _Line:
    """Return the line cut into cells, each with its spaces, not yet indented or aligned."""
    comment = line.pop().text if len(line) > 1 and line[-1].kind == COMMENT else ""
    kinds = [token.kind for token in line]
    if "=" in kinds[1:]:
        assign = kinds.index("=", 1)
        if _opens(kinds[assign:]) == 0:
            return _Line(_joined(line[:assign]), _joined(line[assign:]), comment, _opens(kinds[:assign]))
    # What a heredoc's template sequences leave open on the heredoc's first line is not counted.
    counted = kinds[: kinds.index(HEREDOC)] if HEREDOC in kinds else kinds
    return _Line(_joined(line), "", comment, _opens(counted))


def _opens(kinds: list[str]) -> int:
    return sum([NESTING[kind] for kind in kinds if kind in NESTING])


def _joined(tokens: list[Token]) -> str:
    parts: list[str] = []
    before = left = _START
    for kind, text in tokens:
        if _has_space(before, left, kind):
            parts.append(" ")
        parts.append(text)
        before, left = left, kind
    return "".join(parts)


@cache
def _has_space(before: str, left: str, right: str) -> bool:
    """Return whether a space stands between two neighbouring tokens, given all kinds and that of the one before.

    The order of the rules matters. They are hclwrite's, the formatter in Terraform (github.com/hashicorp/hcl).
    """
    if left == _START or right == NEWLINE:
        return False
    if "." in (left, right) or "::" in (left, right) or right in (",", "..."):
        return False
    if left in NAMES and right == "(":
        return False
    if left == ",":
        return True
    if left in (LITERAL, QUOTE, HEREDOC) or right in (LITERAL, QUOTE_END, HEREDOC_END):
        return False
    if left == IN and before in NAMES:
        return True  # `for x in [1]`, which is no index into `in`
    if right == "[" and (left in NAMES or left == NUMBER or left in CLOSERS):
        return False
    if left == "!":
        return False
    if left == "-":
        return before not in _BEFORE_NEGATION
    if left == "{" or right == "}":
        return (left, right) != ("{", "}")
    if (left in (INTERPOLATION, DIRECTIVE) and right == "{") or (left == "}" and right == TEMPLATE_END):
        return True
    if left == TEMPLATE_END and right in (INTERPOLATION, DIRECTIVE):
        return False
    return left not in OPENERS and right not in CLOSERS


def _indent(lines: list[_Line]) -> None:
    """Put two spaces per level before each line; all brackets that one line leaves open make one level."""
    levels: list[int] = []
    for line in lines:
        closed = -line.opens
        while closed > 0 and levels:
            closed -= levels[-1]
            if closed < 0:
                levels[-1] = -closed
            else:
                levels.pop()
        if line.text not in ("\n", "\r\n"):
            line.text = "  " * len(levels) + line.text
        if line.opens > 0:
            levels.append(line.opens)


def _align(lines: list[_Line], cell: Callable[[_Line], str]) -> None:
    """Add a cell to the lines that have it, in one column for each run of neighbouring lines."""
    for has_cell, group in groupby(lines, key=lambda line: bool(cell(line))):
        if not has_cell:
            continue
        run = list(group)
        widths = [columns(line.text) for line in run]
        widest = max(widths)
        for line, width in zip(run, widths, strict=True):
            line.text += " " * (widest - width + 1) + cell(line)
