"""Whether CIDR blocks come from arithmetic or are typed by hand, as far as the written expressions tell."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scaffold.evaluate.root import Place, Root
from scaffold.hcl import Attribute, Block, Module, Reference
from scaffold.repository.model import Repository

_ARITHMETIC = frozenset({"cidrsubnet", "cidrsubnets"})
_BLOCK = re.compile(r'"\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}"')
_CARVING_MODULE = "subnets/cidr"
"""Of `hashicorp/subnets/cidr`, which is this arithmetic as a module."""

MAX_STEPS = 200
"""How many locals, variables and outputs are followed from one argument; generated repositories have cycles too."""


class Origin(StrEnum):
    """Where CIDR blocks come from."""

    CARVED = "carved"
    TYPED = "typed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Written:
    """An argument, the file and the folder it is in, and the top-level block around it."""

    attribute: Attribute
    file: str
    folder: str
    block: Block

    @property
    def place(self) -> Place:
        return Place(self.file, self.attribute.line)


class Carving:
    """Follows arguments of one repository to where their CIDR blocks are written."""

    def __init__(self, repository: Repository) -> None:
        """Index the repository's arguments by place."""
        self._modules = {module.path: module for module in repository.modules}
        self._arguments: dict[tuple[str, int], list[_Written]] = {}
        for module in repository.modules:
            for each in _arguments(module):
                self._arguments.setdefault((each.file, each.attribute.line), []).append(each)

    def origin(self, place: Place, root: Root) -> tuple[Origin, Place]:
        """Return where the CIDR blocks of the argument at a place come from, and the place where they are typed."""
        waiting = list(self._arguments.get((place.file, place.line), ()))
        seen: set[tuple[str, int]] = set()
        carved = False
        while waiting and len(seen) < MAX_STEPS:
            each = waiting.pop(0)
            if (each.file, each.attribute.expression.line) in seen:
                continue
            seen.add((each.file, each.attribute.expression.line))
            expression = each.attribute.expression
            if _ARITHMETIC & {call.name for call in expression.calls}:
                carved = True
            elif _BLOCK.search(expression.text):
                return Origin.TYPED, each.place
            else:
                for reference in expression.references:
                    carved = carved or self._is_carving_module(reference, each.folder)
                    waiting += self._follow(reference, each, root)
        return (Origin.CARVED if carved else Origin.UNKNOWN), place

    def _follow(self, reference: Reference, of: _Written, root: Root) -> Iterator[_Written]:
        match reference.parts:
            case ("local", name, *_):
                yield from self._named(of.folder, "locals", name)
            case ("var", name, *_):
                yield from self._variable(of.folder, name, root)
            case ("each", *_):
                for_each = of.block.body.attribute("for_each")
                if for_each is not None and of.attribute is not for_each:
                    yield _Written(for_each, of.file, of.folder, of.block)
            case ("module", name, output, *_):
                yield from self._output(of.folder, name, output if not output.startswith("[") else "")

    def _named(self, folder: str, kind: str, name: str) -> Iterator[_Written]:
        for file, block in self._blocks(folder, kind):
            attribute = block.body.attribute(name)
            if attribute is not None:
                yield _Written(attribute, file, folder, block)

    def _variable(self, folder: str, name: str, root: Root) -> Iterator[_Written]:
        callers = [
            _Written(attribute, file, caller, block)
            for caller in self._modules
            for file, block in self._blocks(caller, "module")
            if _folder_of(block, caller) == folder and (attribute := block.body.attribute(name)) is not None
        ]
        yield from [each for each in callers if each.folder == root.path] or callers
        for file, block in self._blocks(folder, "variable") if not callers else ():
            default = block.body.attribute("default")
            if block.labels == (name,) and default is not None:
                yield _Written(default, file, folder, block)

    def _output(self, folder: str, name: str, output: str) -> Iterator[_Written]:
        for _, call in self._blocks(folder, "module"):
            inside = _folder_of(call, folder)
            for file, block in self._blocks(inside, "output") if call.labels == (name,) and inside else ():
                value = block.body.attribute("value")
                if value is not None and output in ("", *block.labels):
                    yield _Written(value, file, inside, block)

    def _is_carving_module(self, reference: Reference, folder: str) -> bool:
        return reference.parts[0] == "module" and any(
            _CARVING_MODULE in str(block.body.value("source"))
            for _, block in self._blocks(folder, "module")
            if block.labels == reference.parts[1:2]
        )

    def _blocks(self, folder: str, kind: str) -> Iterator[tuple[str, Block]]:
        module = self._modules.get(folder)
        return module.blocks(kind) if module else iter(())


def _arguments(module: Module) -> Iterator[_Written]:
    for file, document in module.files:
        for block in document.body.blocks:
            for attribute in block.body.all_attributes():
                yield _Written(attribute, file, module.path, block)


def _folder_of(call: Block, folder: str) -> str:
    source = call.body.value("source")
    if not isinstance(source, str) or not source.startswith("."):
        return ""
    return posixpath.normpath(posixpath.join(folder, source))
