"""Cuts HCL native syntax into tokens: enough to lay text out anew, not to understand it.

The rules are those of the HCL native syntax specification (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md):
templates nest in quoted strings and heredocs, and code nests in templates, to any depth.
"""

import re
from typing import NamedTuple

# The kind of a bracket, operator or separator is its text; these are the kinds of everything else.
IDENTIFIER = "identifier"
IN = "in"  # an identifier, which `for` expressions use as a keyword
NUMBER = "number"
COMMENT = "comment"  # a line comment holds its line's end
NEWLINE = "newline"
STRING = "string"  # a whole quoted string without template sequences
QUOTE = "quote"  # opens a quoted string with template sequences
QUOTE_END = "quote end"
HEREDOC = "heredoc"  # `<<EOT` and its line's end
HEREDOC_END = "heredoc end"  # the marker, with the blanks around it
LITERAL = "literal"  # text in a template; in a heredoc at most one line, with its end
INTERPOLATION = "${"  # also `${~`
DIRECTIVE = "%{"  # also `%{~`
TEMPLATE_END = "template end"  # the `}` or `~}` of the two above

NAMES = frozenset({IDENTIFIER, IN})
OPENERS = frozenset({"{", "[", "(", INTERPOLATION, DIRECTIVE})
CLOSERS = frozenset({"}", "]", ")", TEMPLATE_END})
NESTING = dict.fromkeys(OPENERS, 1) | dict.fromkeys(CLOSERS, -1)


class Token(NamedTuple):
    """A token's kind (see the constants of this module) and its text, without the blanks before it."""

    kind: str
    text: str


class NotHclError(ValueError):
    """The text is no HCL."""


# Possessive quantifiers keep every one of these linear, whatever the text.
_CODE = re.compile(
    r"""[ \t]*+(?:
      (?P<newline>\r?\n)
    | (?P<identifier>[^\W\d][\w-]*+)
    | (?P<string>"(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+")
    | (?P<comment>(?:\#|//)[^\n]*+\n?|/\*(?s:.*?)\*/)
    | (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
    | (?P<heredoc><<-?(?P<marker>[^\W\d][\w-]*+)\r?\n)
    | (?P<quote>")
    | (?P<unclosed>/\*)
    | (?P<operator>=>|==|!=|<=|>=|&&|\|\||\.\.\.|::|~\}|[][{}().,:?=<>!+*/%-])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_QUOTED = re.compile(
    r"""(?P<literal>(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))++)
    | (?P<quote_end>")
    | (?P<interpolation>\$\{~?)
    | (?P<directive>%\{~?)""",
    re.VERBOSE,
)
_HEREDOC_LINE = re.compile(
    r"""(?P<literal>(?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{))++\n?|\n)
    | (?P<interpolation>\$\{~?)
    | (?P<directive>%\{~?)""",
    re.VERBOSE,
)
_KIND = {"interpolation": INTERPOLATION, "directive": DIRECTIVE, "quote_end": QUOTE_END}


def tokenize(text: str) -> list[Token]:
    """Return all tokens of `text`, which joined give it again but for the blanks between them.

    Raises:
        NotHclError: when something is no token, or a string, heredoc, comment or template is left open.
    """
    return _Scanner(text).scan()


class _Scanner:
    """Where the scan stands: a place in the text, and the templates that are open there, innermost last.

    `_markers` has the marker of each open heredoc and an empty one for each open quoted string; `_braces` has,
    for the file and each template sequence, how many braces its code has open. So code is being scanned
    when there is one more of these than of those.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tokens: list[Token] = []
        self._markers: list[str] = []
        self._braces = [0]

    def scan(self) -> list[Token]:
        while True:
            if len(self._braces) > len(self._markers):
                if self._code():
                    return self._tokens
            elif self._markers[-1]:
                self._heredoc()
            else:
                self._quoted()

    def _code(self) -> bool:
        """Scan up to where a template begins or goes on; return whether that is the end of the text."""
        text, at, match, append = self._text, self._at, _CODE.match, self._tokens.append
        in_template = len(self._braces) > 1
        while found := match(text, at):
            kind = found.lastgroup
            assert kind is not None
            at = found.end()
            value = found[kind]
            if kind == "operator":
                kind = value
                if kind == "{":
                    self._braces[-1] += 1
                elif kind in ("}", "~}"):
                    if in_template and not self._braces[-1]:
                        append(Token(TEMPLATE_END, value))
                        self._braces.pop()
                        self._at = at
                        return False
                    if kind == "~}":
                        break
                    self._braces[-1] -= 1
            elif value == "in":
                kind = IN
            elif kind in ("end", "unclosed"):
                if kind == "unclosed" or in_template:
                    break
                return True
            elif kind in (QUOTE, HEREDOC):
                append(Token(kind, value))
                self._markers.append(found["marker"] or "")
                self._at = at
                return False
            append(Token(kind, value))
        raise NotHclError(f"no token at offset {at}")

    def _quoted(self) -> None:
        """Scan to the quote that ends the string, or to the code of its next template sequence."""
        while found := _QUOTED.match(self._text, self._at):
            if self._template_token(found):
                return
        raise NotHclError(f"unclosed string at offset {self._at}")

    def _heredoc(self) -> None:
        """Scan to the heredoc's marker, or to the code of its next template sequence."""
        marker = self._markers[-1]
        while found := _HEREDOC_LINE.match(self._text, self._at):
            line = found[0]
            if line.endswith("\n") and line.strip() == marker and self._tokens[-1].text.endswith("\n"):
                text = line.removesuffix("\n").removesuffix("\r")
                self._tokens.append(Token(HEREDOC_END, text))
                self._at += len(text)
                self._markers.pop()
                return
            if self._template_token(found):
                return
        raise NotHclError(f"unclosed heredoc at offset {self._at}")

    def _template_token(self, found: re.Match[str]) -> bool:
        """Take a token of a template; return whether the template ends or is interrupted by code."""
        group = found.lastgroup
        assert group is not None
        self._tokens.append(Token(_KIND.get(group, group), found[0]))
        self._at = found.end()
        if group == "quote_end":
            self._markers.pop()
        elif group in ("interpolation", "directive"):
            self._braces.append(0)
        return group != "literal"
