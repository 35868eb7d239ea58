"""Which resources Terraform makes one after another: those of which one refers to the other, directly or not."""

from collections.abc import Collection, Iterator, Mapping

from scaffold.evaluate.root import Instance, Root
from scaffold.hcl import Block
from scaffold.repository.model import Repository


class Ordering:
    """The references between the blocks of some types of resources in one root module, `depends_on` included."""

    def __init__(self, repository: Repository, root: Root, types: Collection[str]) -> None:
        """Read the blocks of the types."""
        self._written = {
            (path, block.line): block
            for module in repository.modules
            for path, block in module.blocks("resource")
            if block.labels[:1] and block.labels[0] in types
        }
        self._after: Mapping[str, set[str]] = {
            _base(instance): set(self._references(instance)) for instance in root.of(*types)
        }

    def _references(self, instance: Instance) -> Iterator[str]:
        block: Block | None = self._written.get((instance.place.file, instance.place.line))
        prefix = f"{instance.module}." if instance.module else ""
        for attribute in block.body.all_attributes() if block is not None else ():
            for reference in attribute.expression.references:
                yield f"{prefix}{'.'.join(reference.parts[:2])}"

    def one_after_another(self, one: Instance, other: Instance) -> bool:
        """Return whether one of two resources waits for the other; instances of one block never do."""
        return self._waits(_base(one), _base(other)) or self._waits(_base(other), _base(one))

    def _waits(self, one: str, other: str) -> bool:
        seen, left = {one}, [one]
        while left:
            for each in self._after.get(left.pop(), ()):
                if each == other:
                    return one != other
                if each not in seen:
                    seen.add(each)
                    left.append(each)
        return False


def _base(instance: Instance) -> str:
    prefix = f"{instance.module}." if instance.module else ""
    return f"{prefix}{instance.type}.{instance.name}"
