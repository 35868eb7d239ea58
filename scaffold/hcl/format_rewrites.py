"""The few things `terraform fmt` writes otherwise than it found them, beyond blanks.

Terraform 1.11 quotes bare block labels and drops the comments before the last of them, takes the quotes off an
attribute that is one interpolation (`"${x}"`), and spells out old variable types (`"list"`, `list`). Source: its `fmt`
command and what that writes.
"""

from itertools import takewhile

from scaffold.hcl.format_tokens import (
    COMMENT,
    IDENTIFIER,
    INTERPOLATION,
    NAMES,
    NESTING,
    NEWLINE,
    QUOTE,
    QUOTE_END,
    STRING,
    TEMPLATE_END,
    NotHclError,
    Token,
)

_QUOTED_TYPES = {'"string"': ("string", ""), '"list"': ("list", "string"), '"map"': ("map", "string")}
_BARE_TYPES = {"list": ("list", "any"), "map": ("map", "any"), "set": ("set", "any")}


def rewrite(tokens: list[Token]) -> list[Token]:
    """Return the tokens of a whole file with labels, interpolations and types written as Terraform writes them.

    Raises:
        NotHclError: when the tokens are not attributes and blocks.
    """
    done: list[Token] = []
    blocks: list[str] = []  # types of the open blocks, outermost first
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        if kind in NAMES:
            assign = _skip_comments(tokens, at + 1)
            if assign < len(tokens) and tokens[assign].kind == "=":
                start = _skip_comments(tokens, assign + 1)
                end = _expression_end(tokens, start)
                done += tokens[at:start]
                is_type = text == "type" and blocks == ["variable"]
                done += (_variable_type if is_type else _unwrapped)(tokens[start:end])
                at = end
                continue
            done.append(tokens[at])
            brace = _header_end(tokens, at + 1)
            done += _labels(tokens[at + 1 : brace])
            blocks.append(text)
            at = brace
        elif kind == "}" and blocks:
            blocks.pop()
        elif kind not in (NEWLINE, COMMENT):
            raise NotHclError(f"neither attribute nor block: {text!r}")
        done.append(tokens[at])
        at += 1
    if blocks:
        raise NotHclError(f"unclosed block {blocks[-1]!r}")
    return done


def _skip_comments(tokens: list[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind == COMMENT:
        at += 1
    return at


def _expression_end(tokens: list[Token], start: int) -> int:
    """Return where the attribute's expression that begins at `start` ends, comments after it left out."""
    depth = 0
    end = start
    for at in range(start, len(tokens)):
        kind = tokens[at].kind
        if kind in NESTING:
            depth += NESTING[kind]
            if depth < 0:
                break
        elif depth == 0 and kind in (NEWLINE, COMMENT):
            if tokens[at].text.endswith("\n"):
                break
            continue
        end = at + 1
    if end == start:
        raise NotHclError("attribute without a value")
    return end


def _header_end(tokens: list[Token], start: int) -> int:
    """Return where the brace of the block header is whose labels begin at `start`."""
    for at in range(start, len(tokens)):
        kind, text = tokens[at]
        if kind == "{":
            return at
        if kind not in NAMES and kind != STRING and (kind != COMMENT or text.endswith("\n")):
            break
    raise NotHclError("neither attribute nor block")


def _labels(header: list[Token]) -> list[Token]:
    """Return a block header's labels in quotes, without the comments among them; those after the last one stay."""
    comments = list(takewhile(lambda token: token.kind == COMMENT, reversed(header)))
    if len(comments) == len(header):
        return header
    labels = [token for token in header if token.kind != COMMENT]
    return [token if token.kind == STRING else Token(STRING, f'"{token.text}"') for token in labels] + comments[::-1]


def _unwrapped(value: list[Token]) -> list[Token]:
    """Return `x` for `"${x}"`, in parentheses when it goes over several lines; any other expression as it is."""
    edges = [token.kind for token in value[:2] + value[-2:]]
    if len(value) < 5 or edges != [QUOTE, INTERPOLATION, TEMPLATE_END, QUOTE_END]:
        return value
    inside = value[2:-2]
    quotes = depth = 0
    many_lines = False
    for kind, text in inside:
        quotes += (kind == QUOTE) - (kind == QUOTE_END)
        if not quotes and kind in (INTERPOLATION, TEMPLATE_END):
            return value
        depth += NESTING.get(kind, 0)
        # A line comment ends a line too. Terraform forgets that, and then can't read what it wrote.
        many_lines = many_lines or (kind == COMMENT and text.endswith("\n") and not depth)
    solid = [at for at, token in enumerate(inside) if token.kind != NEWLINE]
    if not solid:
        return value
    inside = inside[solid[0] : solid[-1] + 1]
    many_lines = many_lines or any(token.kind == NEWLINE for token in inside)
    if many_lines and (inside[0].kind, inside[-1].kind) != ("(", ")"):
        return [Token("(", "("), *inside, Token(")", ")")]
    return inside


def _variable_type(value: list[Token]) -> list[Token]:
    """Return a `variable` block's type with its element type, when that is one of those that used to go without."""
    if len(value) != 1:
        return value
    kind, text = value[0]
    name, element = (_QUOTED_TYPES if kind == STRING else _BARE_TYPES).get(text, ("", ""))
    if not name:
        return value
    constructor = Token(IDENTIFIER, name)
    return [constructor, Token("(", "("), Token(IDENTIFIER, element), Token(")", ")")] if element else [constructor]
