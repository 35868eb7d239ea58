"""Which module calls which as they are written, and what that makes of addresses; nothing is evaluated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import normpath
from typing import TypeAlias

from scaffold.files import File
from scaffold.hcl import Block, Module, modules

Place: TypeAlias = "tuple[str, str]"
"""A folder and the address of a block in it."""


@dataclass(frozen=True)
class Configuration:
    """A repository's Terraform: its modules by folder."""

    modules: Mapping[str, Module]

    @classmethod
    def of(cls, files: Iterable[File]) -> "Configuration":
        """Return the configuration that files are."""
        return cls({module.path: module for module in modules(files)})

    def blocks(self, folder: str) -> dict[str, Block]:
        """Return a folder's resources and module calls by address."""
        if folder not in self.modules:
            return {}
        found = {}
        for _, document in self.modules[folder].files:
            for block in document.body.blocks:
                if block.type == "resource" and len(block.labels) == 2:
                    found[".".join(block.labels)] = block
                elif block.type == "module" and len(block.labels) == 1:
                    found[f"module.{block.labels[0]}"] = block
        return found

    @cached_property
    def callers(self) -> dict[str, list[tuple[str, str]]]:
        """For each folder that is called as a module, the folders that call it and the calls' addresses."""
        found: dict[str, list[tuple[str, str]]] = {}
        for folder in self.modules:
            for address, block in self.blocks(folder).items():
                if address.startswith("module.") and (source := _called(folder, block)) in self.modules:
                    found.setdefault(source, []).append((folder, address))
        return found

    def calls(self, folder: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """Yield each root module that a folder is part of, and what its addresses begin with there."""
        if folder in seen:
            return
        if folder not in self.callers:
            yield folder, ""
        for caller, address in self.callers.get(folder, ()):
            yield from ((root, f"{path}{address}.") for root, path in self.calls(caller, (*seen, folder)))

    def resources(
        self, folder: str, renames: Mapping[Place, str], seen: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, str, Place]]:
        """Yield every resource of a module and of those it calls: its address, the one after renames, its place."""
        for address, block in self.blocks(folder).items():
            renamed = renames.get((folder, address), address)
            if block.type == "resource":
                yield address, renamed, (folder, address)
            elif (called := _called(folder, block)) in self.modules and called not in seen:
                for inner, after, place in self.resources(called, renames, (*seen, called)):
                    yield f"{address}.{inner}", f"{renamed}.{after}", place


def _called(folder: str, call: Block) -> str:
    source = call.body.value("source")
    return normpath(f"{folder}/{source}") if isinstance(source, str) and source.startswith(".") else ""
