"""The files of one folder, which Terraform reads as one module."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from scaffold.files import File
from scaffold.hcl.model import Block, Document
from scaffold.hcl.parse import parse_cached


@dataclass(frozen=True, slots=True)
class Module:
    """A folder with Terraform files.

    Attributes:
        path: the folder, relative to the repository's root; `.` for the root itself.
        files: the path and content of each `.tf` file, in path order.
        tests: the path and content of each `.tftest.hcl` file of the folder and of its `tests/` folder, in path order.
    """

    path: str
    files: tuple[tuple[str, Document], ...]
    tests: tuple[tuple[str, Document], ...] = ()

    def blocks(self, kind: str) -> Iterator[tuple[str, Block]]:
        """Yield the top-level blocks of type `kind`, each with the path of its file."""
        for path, document in self.files:
            for block in document.body.blocks:
                if block.type == kind:
                    yield path, block


def is_terraform(path: str) -> bool:
    """Return whether a file at `path` is one that `modules` reads."""
    return path.endswith((".tf", ".tftest.hcl"))


def modules(files: Iterable[File]) -> tuple[Module, ...]:
    """Group the Terraform files of a repository by module, in path order; other files are passed over."""
    configuration: dict[str, list[tuple[str, Document]]] = {}
    tests: dict[str, list[tuple[str, Document]]] = {}
    for file in sorted(files, key=lambda file: file.path):
        folder = str(PurePosixPath(file.path).parent)
        if file.path.endswith(".tf"):
            configuration.setdefault(folder, []).append((file.path, parse_cached(file.text)))
        elif file.path.endswith(".tftest.hcl"):
            tests.setdefault(folder, []).append((file.path, parse_cached(file.text)))
    # A `tests` folder without configuration of its own belongs to the module above it, which is where Terraform looks.
    for folder in [folder for folder in tests if folder not in configuration]:
        if PurePosixPath(folder).name == "tests":
            tests.setdefault(str(PurePosixPath(folder).parent), []).extend(tests.pop(folder))
    return tuple(
        Module(folder, tuple(configuration.get(folder, ())), tuple(tests.get(folder, ())))
        for folder in sorted(configuration.keys() | tests.keys())
    )
