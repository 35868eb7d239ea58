"""What the files of one module declare, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeAlias, TypeVar

from scaffold.evaluate.root import Place, Unread
from scaffold.hcl import Attribute, Block, Module

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")

Declared: TypeAlias = tuple[str, Block]
"""A block and the path of its file."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """What a module declares; of what is declared twice, which Terraform refuses, the first.

    Attributes:
        path: the module's folder.
        variables: by name.
        locals: by name, each with the path of its file.
        outputs: by name.
        resources: by kind (`resource` or `data`), type and name.
        calls: the module calls, by name.
        providers: those that it configures.
        is_root: whether it has what only root modules have: a backend, or a provider's configuration.
        unread: what of it is not understood.
    """

    path: str
    variables: Mapping[str, Declared] = field(default_factory=dict)
    locals: Mapping[str, tuple[str, Attribute]] = field(default_factory=dict)
    outputs: Mapping[str, Declared] = field(default_factory=dict)
    resources: Mapping[tuple[str, str, str], Declared] = field(default_factory=dict)
    calls: Mapping[str, Declared] = field(default_factory=dict)
    providers: tuple[Declared, ...] = ()
    is_root: bool = False
    unread: tuple[Unread, ...] = ()


def declarations_of(module: Module) -> Declarations:
    """Return what a module declares."""
    overrides = [path for path, _ in module.files if _overrides(path)]
    files = [(path, document.body) for path, document in module.files if not _overrides(path)]
    blocks = [(path, block) for path, body in files for block in body.blocks]
    providers = tuple((path, block) for path, block in blocks if block.type == "provider")
    settings = [block for _, block in blocks if block.type == "terraform"]
    return Declarations(
        module.path,
        _first(((block.labels[0], (path, block)) for path, block in blocks if _is(block, "variable", 1))),
        _first(
            (attribute.name, (path, attribute))
            for path, block in blocks
            if block.type == "locals"
            for attribute in block.body.attributes
        ),
        _first(((block.labels[0], (path, block)) for path, block in blocks if _is(block, "output", 1))),
        _first(
            ((block.type, block.labels[0], block.labels[1]), (path, block))
            for path, block in blocks
            if _is(block, "resource", 2) or _is(block, "data", 2)
        ),
        _first(((block.labels[0], (path, block)) for path, block in blocks if _is(block, "module", 1))),
        providers,
        bool(providers) or any(block.body.block("backend") or block.body.block("cloud") for block in settings),
        tuple(Unread(path, "overrides other files, which is not followed here", Place(path, 1)) for path in overrides),
    )


def _overrides(path: str) -> bool:
    name = PurePosixPath(path).name
    return name == "override.tf" or name.endswith("_override.tf")


def _is(block: Block, kind: str, labels: int) -> bool:
    return block.type == kind and len(block.labels) == labels


def _first(items: Iterable[tuple[_Key, _Item]]) -> dict[_Key, _Item]:
    found: dict[_Key, _Item] = {}
    for key, value in items:
        found.setdefault(key, value)
    return found
