"""Writes valid HCL as untidily as it can be, from a source of chance."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_NAMES = ["a", "in", "for_each", "vpc-id", "type", "if", "null", "each", "Ünïcode", "x1", "availability_zones", "_"]
_TEXTS = [
    "", "a", "é", "e\u0301", "日本", "👩‍👩‍👧", "🇫🇷🇩🇪", "a b", "  ", "$", "%", "$$", "$${x}", "%%{ y }", "$$${ x }",
    r"\"", r"\\", r"\n", "{", "}", "# no comment", "// nor this", "/* nor */", "arn:aws:s3:::*",
    "<<EOT", "=", "10.0.0.0/16",
]  # fmt: skip
_LITERALS = ["0", "1", "-1", "1.5", "2e3", "1E-9", "true", "null", "- 2", "! true", '""']
_OPERATORS = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
_LINE_COMMENTS = ["#", "# why", "//because", "#   é 日", "# a = 1 {"]
_BLOCK_COMMENTS = ["/**/", "/* c */", "/* = { */", "/* two\n   lines */"]


class Messy:
    """Writes files; everything it writes follows from `chance`."""

    def __init__(self, chance: Random, newline: str = "\n") -> None:
        self.chance = chance
        self.newline = newline
        self.heredocs = True

    def file(self) -> str:
        text = self.body(self.chance.choice((1, 2, 3)))
        return text.replace("\n", self.newline)

    def body(self, depth: int) -> str:
        return "".join(self.statement(depth) for _ in range(self.chance.randint(0, 6)))

    def statement(self, depth: int) -> str:
        # Numbered names, because an attribute may be set only once in a body.
        name = f"{self.one(_NAMES)}{self.chance.randint(0, 10**6)}"
        if name[0].isdigit():
            name = "_" + name
        kind = self.chance.random()
        if kind < 0.12:
            return self.one(["\n", "  \n", "\t\n", "\n\n\n"])
        if kind < 0.2:
            return f"{self.blank()}{self.one(_LINE_COMMENTS)}\n"
        if kind < 0.24:
            return f"{self.blank()}{self.one(_BLOCK_COMMENTS)}{self.blank()}{self.one(['', 'z' + name + ' = 1'])}\n"
        if kind < 0.75 or depth == 0:
            return f"{self.blank()}{self.attribute(name, depth)}{self.line_end()}"
        return self.blank() + self.block(name, depth) + self.line_end()

    def attribute(self, name: str, depth: int) -> str:
        return f"{name}{self.gap()}={self.gap()}{self.top_expression(depth)}"

    def block(self, name: str, depth: int) -> str:
        if self.chance.random() < 0.2:
            kind = self.one(
                ['"string"', '"list"', '"map"', "list", "map", "set", "any", "list(string)", '"any"', '"a b"']
            )
            lines = [f"type{self.blank()}={self.gap()}{kind}{self.line_end()}", self.statement(0)]
            self.chance.shuffle(lines)
            return f'variable{self.blank() or " "}"{name}"{self.gap()}{{\n{"".join(lines)}}}'
        labels = self.chance.randint(0, 2)
        header = name + "".join(self.gap() + " " + self.one(['"l"', "l", '"a b"', '"é"']) for _ in range(labels))
        header += self.one([" ", self.gap()])
        if self.chance.random() < 0.15:
            self.heredocs = False
            inside = self.one(["", f"{self.blank()}{self.attribute('b', 1)}{self.blank()}"])
            self.heredocs = True
            return f"{header}{{{inside}}}" if "\n" not in inside else f"{header}{{}}"
        return f"{header}{{{self.line_end()}{self.body(depth - 1)}{self.blank()}}}"

    def top_expression(self, depth: int) -> str:
        if self.chance.random() < 0.12 and self.heredocs:
            return self.heredoc()
        if self.chance.random() < 0.1:
            return f'"${{{self.template_gap()}{self.expression(depth)}{self.template_gap()}}}"'
        return self.expression(depth + 1)

    def heredoc(self) -> str:
        marker = self.one(["EOT", "É", "in", "END-1"])
        lines = [
            self.one(
                ["", "  ", "text", "  a = 1", "\t# x", '"', r"\ ", "$", marker + " x", f"x {marker}", self.template()]
            )
            for _ in range(self.chance.randint(0, 4))
        ]
        text = "".join(f"{line}\n" for line in lines)
        return f"<<{self.one(['', '-'])}{marker}\n{text}{self.blank()}{marker}{self.blank()}\n"

    def template(self) -> str:
        mark, end = self.one(["", "~"]), self.one(["", "~"])
        writers: list[Callable[[], str]] = [
            lambda: f"${{{mark}{self.blank()}{self.expression(1)}{self.blank()}{end}}}",
            lambda: f"x%{{{mark}{self.blank()}if{self.blank() or ' '}a{self.blank()}{end}}} y %{{ else }}z%{{endif}}",
            lambda: f"%{{ for k,v in x {end}}}${{k}}-${{ v }}%{{{mark}endfor }}",
            lambda: f"${{{self.blank()}a}}${{b{self.blank()}}}",
            lambda: f"${{{{{self.blank()}}}}}",
            lambda: self.one([text for text in _TEXTS if "\\" not in text]),
        ]
        return self.one(writers)()

    def string(self) -> str:
        if self.chance.random() < 0.6:
            return f'"{self.one(_TEXTS)}"'
        flat = self.one([self.template() for _ in range(2)])
        return f'"{self.one(_TEXTS)}{flat}{self.one(_TEXTS)}"' if "\n" not in flat else '"x"'

    def expression(self, depth: int) -> str:
        if depth <= 0 or self.chance.random() < 0.35:
            return self.one([self.string(), self.one(_LITERALS), self.reference()])
        g = self.gap

        def inner() -> str:
            return self.expression(depth - 1)

        writers: list[Callable[[], str]] = [
            lambda: f"{inner()}{g()} {self.one(_OPERATORS)}{g()} {inner()}",
            lambda: f"{inner()}{g()} ?{g()}{inner()}{g()} :{g()} {inner()}",
            lambda: f"({self.wide()}{inner()}{self.wide()})",
            lambda: f"-{g()}{self.reference()}",
            lambda: f"!{g()}{self.reference()}",
            lambda: f"{self.one(['f', 'in', 'provider::aws::f', 'a-b'])}{self.blank()}({self.listed(inner, '...')})",
            lambda: f"[{self.listed(inner)}]",
            lambda: f"[{self.listed(self.heredoc_item)}]" if self.heredocs else "[]",
            lambda: self.object(depth),
            lambda: f"[{self.wide()}for{self.wide()} v in {g()}{inner()}{g()} :{self.wide()}{inner()}{self.wide()}]",
            lambda: (
                f"{{for k,v in {inner()} :{g()}k=>{g()}{inner()}{self.one(['', '...'])} if {inner()}{self.wide()}}}"
            ),
            # Not [true] or [null]: Terraform loses them.
            lambda: f"{self.reference()}[{g()}{self.one([self.string(), self.reference(), '1', '-1+ 2'])}{g()}]",
        ]
        return self.one(writers)()

    def reference(self) -> str:
        return self.one(
            [
                "var.name",
                "a . b",
                "x[0]",
                "x [ 0 ]",
                "x . 0",
                "x.*.id",
                "x[*].id",
                "each . value",
                'm["k"].v',
                "local.a-b",
            ]
        )

    def heredoc_item(self) -> str:
        return f"<<EOT\n{self.one(['', 'x', '${ y }', '%{ if a }b%{ endif }'])}\n{self.blank()}EOT\n"

    def object(self, depth: int) -> str:
        keys = ["a", '"b"', "(c)", '"${ d }"', "long_name_here", '"é"', "in", "(var.x)"]
        parts: list[str] = []
        for _ in range(self.chance.randint(0, 3)):
            end = self.one([",", self.line_end(), "," + self.line_end(), "\n\n"])
            value = f"{self.one(keys)}{self.gap()}{self.one(['=', '=', ':'])}{self.gap()}{self.expression(depth - 1)}"
            parts.append(f"{self.wide() if not parts else self.blank()}{value}{self.blank()}{end}")
        return "{" + "".join(parts) + self.one([self.blank(), self.wide()]) + "}"

    def listed(self, item: Callable[[], str], last: str = "") -> str:
        items = [item() for _ in range(self.chance.randint(0, 3))]
        text = self.wide() + f"{self.wide()},{self.wide()}".join(items) + self.wide()
        return text + self.one(["", last]) if items else text

    def blank(self) -> str:
        return self.one(["", "", " ", "   ", "\t"])

    def gap(self) -> str:
        return self.blank() + (self.one(["/* c */", "/**/"]) if self.chance.random() < 0.04 else "") + self.blank()

    def wide(self) -> str:
        """What may stand inside of brackets: also lines' ends and line comments."""
        return self.one([self.gap(), self.gap(), "\n", " \n  \n", f" {self.one(_LINE_COMMENTS)}\n"])

    def template_gap(self) -> str:
        return self.one([self.blank(), self.blank(), "\n  "])

    def line_end(self) -> str:
        return self.blank() + self.one(["\n", "\n", f" {self.one(_LINE_COMMENTS)}\n", f"{self.one(_BLOCK_COMMENTS)}\n"])

    def one(self, choices: Sequence[T]) -> T:
        return self.chance.choice(choices)
