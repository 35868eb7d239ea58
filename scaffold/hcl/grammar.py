"""The grammar's parser and its node types by number: comparing numbers is several times faster than comparing names."""

import re

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_hcl.language())

MAX_BLANK_WORK = 50_000_000
"""The most that the squares of the lengths of a text's runs of blanks may add up to."""

_BLANKS = re.compile(r"[\s\0]{32,}+")


def blanks_without_end(text: str) -> int | None:
    """Return where the longest run of blanks starts in a text that has too many of them to be parsed, or None.

    The grammar, to which NUL is one, takes the square of a run's length in time: 7,000 take half a second, a million
    hours.
    """
    runs = [found.span() for found in _BLANKS.finditer(text)]
    if sum((end - start) ** 2 for start, end in runs) <= MAX_BLANK_WORK:
        return None
    return max(runs, key=lambda run: run[1] - run[0])[0]


_ODD = re.compile(rb"(?:(?<!\$)\$((?:\$\$)+\{)|(?<!%)%((?:%%)+\{))")


def parser() -> Parser:
    """Return a new parser; a parser belongs to one thread."""
    return Parser(LANGUAGE)


def root_of(text: bytes) -> Node:
    """Return the root of what a text parses to; offsets in it are the text's."""
    # `$$${` is a dollar and an escape, to Terraform; to the grammar it is a dollar and an interpolation of its own.
    if b"$$$" in text or b"%%%" in text:
        text = _ODD.sub(lambda found: b"_" + found[0][1:], text)
    return parser().parse(text).root_node


def _kind(name: str, *, named: bool = True) -> int:
    number = LANGUAGE.id_for_node_kind(name, named)
    if number is None:  # pragma: no cover - another edition of the grammar
        message = f"tree-sitter-hcl has no node type {name!r}; an edition between 1.2 and 2 is needed"
        raise ImportError(message)
    return number


ATTRIBUTE = _kind("attribute")
ATTR_SPLAT = _kind("attr_splat")
BLOCK = _kind("block")
BLOCK_END = _kind("block_end")
BLOCK_START = _kind("block_start")
BODY = _kind("body")
BOOL = _kind("bool_lit")
COLLECTION = _kind("collection_value")
COMMA = _kind(",", named=False)
COMMENT = _kind("comment")
CONDITIONAL = _kind("conditional")
EXPRESSION = _kind("expression")
FOR_EXPRESSION = _kind("for_expr")
FOR_INTRO = _kind("for_intro")
FOR_OBJECT = _kind("for_object_expr")
FOR_TUPLE = _kind("for_tuple_expr")
FULL_SPLAT = _kind("full_splat")
FUNCTION_ARGUMENTS = _kind("function_arguments")
FUNCTION_CALL = _kind("function_call")
GET_ATTRIBUTE = _kind("get_attr")
HEREDOC = _kind("heredoc_template")
HEREDOC_IDENTIFIER = _kind("heredoc_identifier")
IDENTIFIER = _kind("identifier")
INDEX = _kind("index")
LEGACY_INDEX = _kind("legacy_index")
LITERAL = _kind("literal_value")
NEW_INDEX = _kind("new_index")
NULL = _kind("null_lit")
NUMBER = _kind("numeric_lit")
OBJECT = _kind("object")
OBJECT_ELEMENT = _kind("object_elem")
OBJECT_START = _kind("object_start")
OPERATION = _kind("operation")
PAREN_CLOSE = _kind(")", named=False)
PAREN_OPEN = _kind("(", named=False)
QUOTED_TEMPLATE = _kind("quoted_template")
QUOTE_END = _kind("quoted_template_end")
QUOTE_START = _kind("quoted_template_start")
SPLAT = _kind("splat")
STRING = _kind("string_lit")
TEMPLATE = _kind("template_expr")
TEMPLATE_DIRECTIVE = _kind("template_directive")
TEMPLATE_FOR = _kind("template_for")
TEMPLATE_FOR_START = _kind("template_for_start")
TEMPLATE_INTERPOLATION = _kind("template_interpolation")
TEMPLATE_LITERAL = _kind("template_literal")
TUPLE = _kind("tuple")
TUPLE_START = _kind("tuple_start")
UNARY = _kind("unary_operation")
VARIABLE = _kind("variable_expr")
