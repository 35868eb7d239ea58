"""Makes one change to a repository and says, without asking what is tested, which difference that is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import yaml

from scaffold.files import File
from scaffold.hcl import Attribute, Block, Body, parse
from tests.compare.laying_out import folder_of

_WORD = re.compile(r"[A-Za-z_]\w*")
_ITEM = r'(?:"[^",\[\]{}]*"|[^",\[\]{}]+)'
_LIST = re.compile(rf"\[{_ITEM}(?:, {_ITEM})+\]")


@dataclass(frozen=True)
class Change:
    """A repository with one change, and the difference that it is, in the words of the test."""

    what: str
    file: File
    expected: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Spot:
    """An argument on one line of a rendered file."""

    file: File
    address: str
    place: int
    path: str
    attribute: Attribute

    @property
    def text(self) -> str:
        return self.attribute.expression.text

    def with_value(self, what: str, value: str) -> Change:
        lines = self.file.text.split("\n")
        at = self.attribute.line - 1
        before, after = (
            lines[at][: self.attribute.expression.column - 1],
            lines[at][self.attribute.expression.column - 1 :],
        )
        lines[at] = before + value + after[len(self.text) :]
        line = self.attribute.line
        attribute = (self.path, (self.text, self.file.path, line), (value, self.file.path, line))
        return Change(what, File(self.file.path, "\n".join(lines)), (self.changed(attribute),))

    def dropped(self) -> Change:
        lines = self.file.text.split("\n")
        del lines[self.attribute.line - 1]
        attribute = (self.path, (self.text, self.file.path, self.attribute.line), None)
        return Change("an argument dropped", File(self.file.path, "\n".join(lines)), (self.changed(attribute),))

    def changed(self, *attributes: object) -> tuple[object, ...]:
        return (self.address, "changed", self.file.path, self.place, attributes)


def _scope(file: File) -> str:
    return f"{file.path}: " if file.path.endswith(".hcl") else f"{folder_of(file.path)}: "


def _name(block: Block) -> str:
    label = ".".join(block.labels)
    words = {"resource": label, "variable": f"var.{label}"}
    return words.get(block.type, f"{block.type}.{label}" if label else block.type)


@cache
def _top(files: tuple[File, ...]) -> list[tuple[File, Block]]:
    return [*_blocks(files)]


def _blocks(files: tuple[File, ...]) -> Iterator[tuple[File, Block]]:
    for file in files:
        if file.path.endswith((".tf", ".tftest.hcl")):
            for block in parse(file.text).body.blocks:
                if block.type not in ("terraform", "locals"):
                    yield file, block


def _nested(body: Body, path: str) -> Iterator[tuple[Block, str]]:
    for block in body.blocks:
        name = ".".join((block.type, *block.labels))
        if block.type == "dynamic":
            name = f"dynamic.{block.labels[0]}"
        alike = [b for b in body.blocks if (b.type, b.labels) == (block.type, block.labels)]
        number = f"[{[id(b) for b in alike].index(id(block))}]" if len(alike) > 1 else ""
        yield block, path + name + number
        yield from _nested(block.body, f"{path}{name}{number}.")


@cache
def _spots(files: tuple[File, ...]) -> list[Spot]:
    found: list[Spot] = []
    for file, block in _top(files):
        bodies = [(block.body, ""), *((b.body, f"{path}.") for b, path in _nested(block.body, ""))]
        found += [
            Spot(file, _scope(file) + _name(block), block.line, path + attribute.name, attribute)
            for body, path in bodies
            for attribute in body.attributes
            if attribute.line == attribute.end_line and "#" not in file.text.split("\n")[attribute.line - 1]
        ]
    return found


def _literal(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if re.fullmatch(r'"[a-z][\w .-]*"', s.text)])
    return spot.with_value("a text", spot.text[:-1] + ' by hand"')


def _number(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if s.text.isdigit()])
    return spot.with_value("a number", str(int(spot.text) + 1))


def _bool(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if s.text in ("true", "false")])
    return spot.with_value("a boolean", "false" if spot.text == "true" else "true")


def _one_for_true(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if s.text == "true"])
    return spot.with_value("1 for true", "1")


def _reference(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if re.fullmatch(r"(aws_|var\.|local\.|module\.)[\w.]+", s.text)])
    return spot.with_value("a reference", spot.text + "_other")


def _loop(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if re.fullmatch(r"[\[{] ?for .*[\]}]", s.text)])
    return spot.with_value(
        "a for expression",
        spot.text[:-1].rstrip() + (" && true" if " if " in spot.text else " if true") + spot.text[-1],
    )


def _item(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice([s for s in _spots(files) if _LIST.fullmatch(s.text)])
    return spot.with_value("a list's last item dropped", spot.text.rpartition(", ")[0] + "]")


def _argument_dropped(files: tuple[File, ...], chance: Random) -> Change:
    return chance.choice([s for s in _spots(files) if s.attribute.name not in ("source", "type")]).dropped()


def _argument_added(files: tuple[File, ...], chance: Random) -> Change:
    spot = chance.choice(_spots(files))
    lines = spot.file.text.split("\n")
    lines.insert(spot.attribute.line, "by_hand = var.by_hand")
    path = spot.path[: -len(spot.attribute.name)] + "by_hand"
    added = spot.changed((path, None, ("var.by_hand", spot.file.path, spot.attribute.line + 1)))
    return Change("an argument added", File(spot.file.path, "\n".join(lines)), (added,))


def _tag(files: tuple[File, ...], chance: Random) -> Change:
    found = [
        (file, block, line, member)
        for file, block in _top(files)
        for attribute in block.body.attributes
        if attribute.name == "tags"
        for line in range(attribute.line + 1, attribute.end_line)
        if (member := re.fullmatch(r'\s+("?)([\w./-]+)"?\s+= (".*")', file.text.split("\n")[line - 1]))
    ]
    file, block, line, member = chance.choice(found)
    lines = file.text.split("\n")
    lines[line - 1] = lines[line - 1].replace(member[3], '"by-hand"')
    path = f"tags.{member[2]}" if _WORD.fullmatch(member[2]) else f'tags["{member[2]}"]'
    difference = (path, (member[3], file.path, line), ('"by-hand"', file.path, line))
    expected = (_scope(file) + _name(block), "changed", file.path, block.line, (difference,))
    return Change("a tag", File(file.path, "\n".join(lines)), (expected,))


def _block_dropped(files: tuple[File, ...], chance: Random) -> Change:
    found = [
        (file, top, block, path)
        for file, top in _top(files)
        for block, path in _nested(top.body, "")
        if "#" not in "\n".join(file.text.split("\n")[block.line - 1 : block.end_line])
    ]
    file, top, block, path = chance.choice(found)
    lines = file.text.split("\n")
    written = " ".join(" ".join(lines[block.line - 1 : block.end_line]).split())
    if len(written) > 160:
        written = written[:160] + "…"
    del lines[block.line - 1 : block.end_line]
    difference = (path, (written, file.path, block.line), None)
    expected = (_scope(file) + _name(top), "changed", file.path, top.line, (difference,))
    return Change("a nested block dropped", File(file.path, "\n".join(lines)), (expected,))


def _resource_dropped(files: tuple[File, ...], chance: Random) -> Change:
    file, block = chance.choice(
        [(f, b) for f, b in _top(files) if b.type in ("resource", "data", "output", "variable", "run")]
    )
    lines = file.text.split("\n")
    del lines[block.line - 1 : block.end_line]
    expected = (_scope(file) + _name(block), "missing", file.path, block.line, ())
    return Change("a block dropped", File(file.path, "\n".join(lines)), (expected,))


def _resource_added(files: tuple[File, ...], chance: Random) -> Change:
    file = chance.choice([f for f in files if f.path.endswith(".tf")])
    line = file.text.count("\n") + 2
    text = file.text + '\nresource "aws_s3_bucket" "by_hand" {\n  bucket = "by-hand"\n}\n'
    expected = (f"{folder_of(file.path)}: aws_s3_bucket.by_hand", "extra", file.path, line, ())
    return Change("a resource added", File(file.path, text), (expected,))


def _output_renamed(files: tuple[File, ...], chance: Random) -> Change:
    file, block = chance.choice([(f, b) for f, b in _top(files) if b.type == "output"])
    text = file.text.replace(f'output "{block.labels[0]}"', f'output "{block.labels[0]}_by_hand"')
    name = f"{folder_of(file.path)}: output.{block.labels[0]}"
    expected = ((name, "missing", file.path, block.line, ()), (f"{name}_by_hand", "extra", file.path, block.line, ()))
    return Change("an output renamed", File(file.path, text), expected)


def _local(files: tuple[File, ...], chance: Random) -> Change:
    found = [
        (file, attribute)
        for file in files
        if file.path.endswith(".tf")
        for block in parse(file.text).body.blocks_of("locals")
        for attribute in block.body.attributes
        if attribute.line == attribute.end_line
    ]
    file, attribute = chance.choice(found)
    spot = Spot(file, f"{folder_of(file.path)}: local.{attribute.name}", attribute.line, "value", attribute)
    return spot.with_value("a local value", "var.by_hand")


def _scalars(node: yaml.Node, path: str) -> Iterator[tuple[str, yaml.ScalarNode, bool]]:
    """Yield each scalar of a document with its path, and whether it is an item of a list."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if _WORD.fullmatch(key.value) else None
            inside = f'{path}["{key.value}"]' if name is None else f"{path}.{name}" if path else name
            if isinstance(value, yaml.ScalarNode):
                yield inside, value, False
            yield from _scalars(value, inside)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            fields = {k.value: v.value for k, v in value.value} if isinstance(value, yaml.MappingNode) else {}
            inside = f"{path}[{fields.get('name', number)}]"
            if isinstance(value, yaml.ScalarNode):
                yield inside, value, True
            yield from _scalars(value, inside)


def _manifests(files: tuple[File, ...]) -> Iterator[tuple[File, str, str, yaml.ScalarNode, bool]]:
    for file in files:
        if file.path.startswith("k8s/"):
            data = yaml.safe_load(file.text)
            names = data.get("metadata", {})
            name = "/".join(filter(None, (names.get("namespace"), names.get("name"))))
            address = f"{folder_of(file.path)}: {data['kind']} {name}".rstrip()
            for path, node, item in _scalars(yaml.compose(file.text), ""):
                if path.rpartition(".")[2] not in ("name", "kind", "apiVersion", "namespace") and node.style is None:
                    yield file, address, path, node, item


def _field(files: tuple[File, ...], chance: Random) -> Change:
    file, address, path, node, _ = chance.choice([*_manifests(files)])
    lines = file.text.split("\n")
    at = node.start_mark.line
    lines[at] = lines[at][: node.start_mark.column] + "by-hand" + lines[at][node.end_mark.column :]
    difference = (path, (node.value, file.path, at + 1), ("by-hand", file.path, at + 1))
    first = yaml.compose(file.text).start_mark.line + 1
    return Change(
        "a field", File(file.path, "\n".join(lines)), ((address, "changed", file.path, first, (difference,)),)
    )


def _entry_dropped(files: tuple[File, ...], chance: Random) -> Change:
    found = [
        (file, address, path, node)
        for file, address, path, node, item in _manifests(files)
        if item
        and file.text.split("\n")[node.start_mark.line].strip() == f"- {node.value}"
        and file.text.split("\n")[node.start_mark.line + 1].strip().startswith("- ")
    ]
    file, address, path, node = chance.choice(found)
    lines = file.text.split("\n")
    del lines[node.start_mark.line]
    difference = (path, (node.value, file.path, node.start_mark.line + 1), None)
    first = yaml.compose(file.text).start_mark.line + 1
    return Change(
        "an entry dropped", File(file.path, "\n".join(lines)), ((address, "changed", file.path, first, (difference,)),)
    )


CHANGES: list[Callable[[tuple[File, ...], Random], Change]] = [
    _literal, _number, _bool, _one_for_true, _reference, _loop, _item, _argument_dropped, _argument_added, _tag,
    _block_dropped, _resource_dropped, _resource_added, _output_renamed, _local, _field, _entry_dropped,
]  # fmt: skip
