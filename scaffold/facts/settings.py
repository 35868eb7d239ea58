"""What a root module says of Terraform itself, as it is written: its backend, versions and providers.

None of it takes variables, so nothing is evaluated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from scaffold.evaluate.root import Place, Root
from scaffold.hcl import UNKNOWN, Block, Module, Value
from scaffold.repository.model import Repository

_SHOWN = frozenset({"example", "examples", "fixture", "fixtures", "test", "tests"})
"""The names of folders with root modules that nobody keeps running."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a root module keeps its state.

    Attributes:
        kind: `s3`, `local`, …; `cloud` for HCP Terraform's own block.
        block: the block.
        file: the path of its file.
    """

    kind: str
    block: Block
    file: str

    def get(self, name: str) -> Value:
        """Return an argument: None where it is not written, `UNKNOWN` where it is no literal."""
        return self.block.body.value(name)

    def place_of(self, name: str) -> Place:
        """Return where an argument is written, or else the block."""
        attribute = self.block.body.attribute(name)
        return Place(self.file, attribute.line if attribute else self.block.line)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A provider that a module requires.

    Attributes:
        name: its local name, `aws`.
        version: the constraint; empty where there is none, None where it is no literal.
        place: where it is written.
    """

    name: str
    version: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Settings:
    """What a module says of Terraform itself.

    Attributes:
        path: its folder.
        backend: where it keeps its state, if it says so.
        terraform: the constraint on Terraform's version; empty where there is none.
        requirements: the providers it requires, by local name.
        providers: the provider blocks it has, each with the path of its file.
        place: where its first `terraform` block starts, or else its first block.
    """

    path: str
    backend: Backend | None
    terraform: str
    requirements: Mapping[str, Requirement]
    providers: tuple[tuple[str, Block], ...]
    place: Place

    @property
    def title(self) -> str:
        """What a message calls it."""
        return "The root module" if self.path == "." else self.path


def applied(repository: Repository) -> Iterator[tuple[Root, Settings]]:
    """Yield the root modules that somebody applies: with a backend, a provider or a file of variables of their own.

    What has none of these is a module for others, and examples and tests are there to be read or thrown away.
    """
    modules = {module.path: module for module in repository.modules}
    for root in repository.roots:
        if root.path in modules and not _SHOWN & set(PurePosixPath(root.path).parts):
            settings = settings_of(modules[root.path])
            if settings.backend or settings.providers or root.variables:
                yield root, settings


def settings_of(module: Module) -> Settings:
    """Return what a module says of Terraform itself."""
    blocks = tuple(module.blocks("terraform"))
    first = next(((path, each) for path, document in module.files for each in document.body.blocks), None)
    path, block = blocks[0] if blocks else first or (module.files[0][0] if module.files else module.path, None)
    version = next(
        (each.body.value("required_version") for _, each in blocks if each.body.value("required_version")), ""
    )
    return Settings(
        module.path,
        next(_backends(blocks), None),
        version if isinstance(version, str) else "",
        {each.name: each for each in _requirements(blocks)},
        tuple(module.blocks("provider")),
        Place(path, block.line if block else 1),
    )


def _backends(blocks: tuple[tuple[str, Block], ...]) -> Iterator[Backend]:
    for path, block in blocks:
        for each in block.body.blocks:
            if each.type == "backend" and each.labels:
                yield Backend(each.labels[0], each, path)
            elif each.type == "cloud":
                yield Backend("cloud", each, path)


def _requirements(blocks: tuple[tuple[str, Block], ...]) -> Iterator[Requirement]:
    for path, block in blocks:
        for required in block.body.blocks_of("required_providers"):
            for attribute in required.body.attributes:
                value = attribute.expression.value
                version = value.get("version", "") if isinstance(value, dict) else value
                literal = version if isinstance(version, str) else None if version is UNKNOWN else ""
                yield Requirement(attribute.name, literal, Place(path, attribute.line))
