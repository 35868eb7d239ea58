"""What is written where in a repository's Terraform: `main.tf:12` is `module.vpc.single_nat_gateway`."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from scaffold.evaluate.root import Place
from scaffold.hcl import Attribute, Block, Module

_VARIABLE = re.compile(r"var\.([A-Za-z_][\w-]*)\Z")

_MOST_LINES = 200
"""Lines of one argument that are known by its name; a longer list is not pointed into."""


@dataclass(frozen=True, slots=True)
class Written:
    """The arguments and blocks of every file, by their lines.

    Attributes:
        names: what each line is known by.
        variables: for each line that only passes a variable on, the variable's name.
        calls: for each folder, the calls of the module in it: the folder of the caller, its file, and the block.
    """

    names: Mapping[tuple[str, int], str]
    variables: Mapping[tuple[str, int], str]
    calls: Mapping[str, Sequence[tuple[str, str, Block]]]

    def at(self, place: Place) -> str:
        """Return what stands at a place, or an empty text: in a manifest, nothing is known by a name."""
        return self.names.get((place.file, place.line), "")

    def traced(self, place: Place, root: str) -> Place:
        """Return where the value of an argument of a local module is given: by the root module's call, as a rule.

        Args:
            place: where the argument is.
            root: the folder of the root module whose value it is.
        """
        folder = str(PurePosixPath(place.file).parent)
        name = self.variables.get((place.file, place.line))
        while name is not None and folder != root:
            callers = self.calls.get(folder, ())
            mine = [each for each in callers if each[0] == root] or list(callers)
            argument = mine[0][2].body.attribute(name) if len(mine) == 1 else None
            if argument is None:
                break
            folder, file, _ = mine[0]
            place = Place(file, argument.line)
            name = self.variables.get((file, argument.line))
        return place


def written(modules: Sequence[Module]) -> Written:
    """Index the files of all modules."""
    names: dict[tuple[str, int], str] = {}
    variables: dict[tuple[str, int], str] = {}
    calls: dict[str, list[tuple[str, str, Block]]] = {}
    for module in modules:
        for path, document in module.files:
            for block in document.body.blocks:
                for line, name, attribute in _lines(block, ""):
                    names.setdefault((path, line), name)
                    if attribute and (match := _VARIABLE.match(attribute.expression.text)):
                        variables.setdefault((path, line), match[1])
                source = block.body.value("source")
                if block.type == "module" and isinstance(source, str) and source.startswith("."):
                    folder = posixpath.normpath(posixpath.join(module.path, source))
                    calls.setdefault(folder, []).append((module.path, path, block))
    return Written(names, variables, calls)


def _lines(block: Block, around: str) -> Iterator[tuple[int, str, Attribute | None]]:
    labels = block.labels if block.type == "resource" else (block.type, *block.labels)
    name = ".".join((around, *labels) if around else labels)
    yield block.line, name, None
    for attribute in block.body.attributes:
        for line in range(attribute.line, min(attribute.end_line, attribute.line + _MOST_LINES) + 1):
            yield line, f"{name}.{attribute.name}", attribute
    for inner in block.body.blocks:
        yield from _lines(inner, name)
