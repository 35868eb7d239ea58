"""What a Terraform file holds, as frozen dataclasses. Lines and columns count from 1; columns count characters."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""The value of an expression that only Terraform can evaluate."""

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | Literal[Unknown.UNKNOWN] | None"
"""A literal value; lists and maps may hold `UNKNOWN` where only some of their items are literal."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something Terraform would refuse to parse.

    Attributes:
        message: what is wrong and how to mend it, as one or two sentences.
        line: where it is.
        column: where in the line it is.
    """

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment.

    Attributes:
        text: with its `#`, `//` or `/* */`.
        line: the line it starts in.
        end_line: the line it ends in; another one only for `/* */`.
    """

    text: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A traversal that starts at a name which the expression itself does not bind.

    Attributes:
        parts: its steps as written: names as they are, indexes and splats with their brackets, so that
            `aws_subnet.a["b"].id` is `("aws_subnet", "a", '["b"]', "id")` and `x.*.id` is `("x", "[*]", "id")`.
        line: where it starts.
        column: where in the line it starts.
    """

    parts: tuple[str, ...]
    line: int
    column: int

    def __str__(self) -> str:
        """Return it as Terraform's text."""
        return self.parts[0] + "".join(part if part.startswith("[") else f".{part}" for part in self.parts[1:])


@dataclass(frozen=True, slots=True)
class Call:
    """A function call.

    Attributes:
        name: the function's name, `cidrsubnet` or `provider::aws::arn_parse`.
        line: where it starts.
        column: where in the line it starts.
    """

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Expression:
    """The right side of an argument.

    Attributes:
        text: as written.
        value: its value as far as it is literal, else `UNKNOWN`. A bare name is not literal.
        references: every reference in it, in the order of the text; names bound by a `for` are none.
        calls: every function call in it, in the order of the text.
        line: where it starts.
        column: where in the line it starts.
    """

    text: str
    value: Value
    references: tuple[Reference, ...]
    calls: tuple[Call, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument: `name = expression`.

    Attributes:
        name: the left side.
        expression: the right side.
        line: the line it starts in.
        end_line: the line it ends in.
        broken: whether it, or the block or file whose body it stands in, does not parse, so that nobody knows what
            `expression` is.
    """

    name: str
    expression: Expression
    line: int
    end_line: int
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block: `type "label" { body }`.

    Attributes:
        type: its first word.
        labels: the words after it, without quotes.
        body: what is between its braces.
        line: the line it starts in.
        end_line: the line of its closing brace.
        broken: whether it does not parse, so that `body` may lack what is written and hold what is not.
    """

    type: str
    labels: tuple[str, ...]
    body: "Body"
    line: int
    end_line: int
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What a file or a block holds, in the order of the text.

    Attributes:
        attributes: its arguments; a name that is given twice is here twice.
        blocks: its blocks.
    """

    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """Return the first argument called `name`, or nothing."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)

    def value(self, name: str) -> Value:
        """Return the literal value of the argument called `name`: `None` when absent, `UNKNOWN` when not literal."""
        attribute = self.attribute(name)
        return None if attribute is None else attribute.expression.value

    def blocks_of(self, kind: str) -> tuple[Block, ...]:
        """Return the blocks of type `kind`, those of the body itself only."""
        return tuple(block for block in self.blocks if block.type == kind)

    def block(self, kind: str, *labels: str) -> Block | None:
        """Return the first block of type `kind` whose labels begin with `labels`, or nothing."""
        return next((b for b in self.blocks if b.type == kind and b.labels[: len(labels)] == labels), None)

    def all_attributes(self) -> Iterator[Attribute]:
        """Yield every argument of this body and of all blocks inside it."""
        bodies = [self]
        while bodies:
            body = bodies.pop()
            yield from body.attributes
            bodies.extend(block.body for block in reversed(body.blocks))


@dataclass(frozen=True, slots=True)
class Document:
    """One file.

    Attributes:
        body: what it holds; of a file with problems, what could be read of it.
        comments: every comment, in the order of the text.
        problems: all that Terraform's parser would refuse, in the order of the text; empty for a good file.
    """

    body: Body
    comments: tuple[Comment, ...]
    problems: tuple[Problem, ...]
