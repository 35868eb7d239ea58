"""What a repository's Terraform files declare, each thing under the name it is known by, whatever file it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scaffold.evaluate.root import Place
from scaffold.files import File
from scaffold.hcl import Attribute, Block, parse_cached


@dataclass(frozen=True)
class Written:
    """A file of Terraform's language and its text."""

    file: File

    @property
    def whole(self) -> bool:
        """Whether all of it could be read."""
        return not parse_cached(self.file.text).problems

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, those of CRLF files without their carriage returns."""
        return [line.removesuffix("\r") for line in self.file.text.split("\n")]

    def text(self, block: Block) -> str:
        """Return a block as it is written."""
        return "\n".join(self.lines[block.line - 1 : block.end_line])


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that Terraform files declare.

    Attributes:
        name: `aws_vpc.this`, `data.aws_ami.al2023`, `var.region`, `local.name`, `provider.aws.us_east_1`.
        written: its file.
        content: its block; of a local value, a setting or a `.tfvars` line, the argument.
    """

    name: str
    written: Written
    content: Block | Attribute

    @property
    def key(self) -> str:
        """What it is paired by."""
        return self.name

    @property
    def place(self) -> Place:
        """Where it starts."""
        return Place(self.written.file.path, self.content.line)

    @property
    def text(self) -> str:
        """It as it is written; two of one text are equal."""
        if isinstance(self.content, Block):
            return self.written.text(self.content)
        return self.content.expression.text


def declared(written: Written) -> Iterator[Element]:
    """Yield what a `.tf` file declares."""
    for block in parse_cached(written.file.text).body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                yield Element(f"local.{attribute.name}", written, attribute)
        elif block.type == "terraform":
            yield from _settings(block, written)
        else:
            yield Element(_name(block), written, block)


def tested(written: Written) -> Iterator[Element]:
    """Yield what a `.tftest.hcl` file holds."""
    for block in parse_cached(written.file.text).body.blocks:
        yield Element(_name(block), written, block)


def assigned(written: Written) -> Iterator[Element]:
    """Yield the lines of a `.tfvars` file."""
    for attribute in parse_cached(written.file.text).body.attributes:
        yield Element(attribute.name, written, attribute)


def _settings(block: Block, written: Written) -> Iterator[Element]:
    """Yield the settings of a `terraform` block, of which a module may have several."""
    for attribute in block.body.attributes:
        yield Element(f"terraform.{attribute.name}", written, attribute)
    for inner in block.body.blocks:
        if inner.type == "required_providers":
            for attribute in inner.body.attributes:
                yield Element(f"terraform.required_providers.{attribute.name}", written, attribute)
        else:
            yield Element(".".join(("terraform", inner.type, *inner.labels)), written, inner)


def _name(block: Block) -> str:
    labels = ".".join(block.labels)
    match block.type:
        case "resource":
            return labels
        case "variable":
            return f"var.{labels}"
        case "provider" | "mock_provider":
            alias = block.body.value("alias")
            return f"{block.type}.{labels}" + (f".{alias}" if isinstance(alias, str) else "")
        case "moved" | "removed":
            return f"{block.type} {_reference(block, 'from')}"
        case "import":
            return f"import {_reference(block, 'to')}"
        case "override_resource" | "override_data" | "override_module":
            return f"{block.type} {_reference(block, 'target')}"
    return f"{block.type}.{labels}" if labels else block.type


def _reference(block: Block, name: str) -> str:
    attribute = block.body.attribute(name)
    return "".join(attribute.expression.text.split()) if attribute is not None else "of nothing"
