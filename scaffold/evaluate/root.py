"""What one `terraform apply` would make: a root module with every resource, each argument with its value and place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scaffold.evaluate.values import Key, Symbol, Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a file, relative to the repository's root, and a line from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument's value and where it is written: in a module, the module's own line."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Body:
    """An evaluated block.

    Attributes:
        arguments: by name.
        blocks: the nested blocks of each type, `dynamic` ones expanded.
        open: the types of nested blocks of which there may be more: a `dynamic` block that cannot be evaluated; what
            `blocks` has of it is one that stands for all.
        place: where the block starts.
        partial: whether it does not parse, so that there may be arguments and blocks that are not found.
    """

    arguments: Mapping[str, Argument]
    blocks: Mapping[str, tuple["Body", ...]]
    open: frozenset[str]
    place: Place
    partial: bool = False

    def get(self, *path: str) -> Value:
        """Return the value at a path such as `("vpc_config", "subnet_ids")`, the first block of each type taken.

        `None` where it is not set; a `Symbol` where it, or a block on the way, may be there or not.
        """
        argument = self.at(*path)
        if argument is not None:
            return argument.value
        if self.partial and path[0] not in self.arguments and self._first(path[0]) is None:
            return Symbol(f"{path[0]} may be in what does not parse")
        if len(path) > 1 and (path[0] in self.open or self._first(path[0]) is None):
            return Symbol(f"{path[0]} is not known") if path[0] in self.open else None
        inner = self._first(path[0])
        return inner.get(*path[1:]) if inner is not None and len(path) > 1 else None

    def at(self, *path: str) -> Argument | None:
        """Return the argument at a path; maps that are written `name = { key = … }` are stepped into as blocks are."""
        name, *rest = path
        if name in self.arguments:
            argument = self.arguments[name]
            value = argument.value
            for step in rest:
                if isinstance(value, tuple) and len(value) == 1:
                    value = value[0]
                if not isinstance(value, Mapping):
                    return Argument(value, argument.place) if isinstance(value, Symbol) else None
                if step not in value:
                    return None
                value = value[step]
            return Argument(value, argument.place)
        inner = self._first(name)
        return inner.at(*rest) if inner is not None and rest and name not in self.open else None

    def place_of(self, *path: str) -> Place:
        """Return where a path is written, or else the nearest block around it."""
        argument = self.at(*path)
        if argument is not None:
            return argument.place
        inner = self._first(path[0]) if path else None
        return (
            inner.place_of(*path[1:]) if inner is not None and len(path) > 1 else inner.place if inner else self.place
        )

    def _first(self, kind: str) -> "Body | None":
        blocks = self.blocks.get(kind, ())
        return blocks[0] if blocks else None


@dataclass(frozen=True, slots=True)
class Instance:
    """One resource or data source that a root module makes, after modules, `count` and `for_each`.

    Attributes:
        address: Terraform's: `module.network.aws_subnet.private["a"]`; with a key that is not known,
            `aws_subnet.private[each.key]`.
        data: whether it is a data source.
        type: `aws_subnet`.
        name: `private`.
        key: of `count` an integer, of `for_each` the key, else None.
        module: the address of the module call it is in: `module.network`; empty in the root module.
        body: its arguments and blocks.
        certain: whether it is there for sure; false where `count` or `for_each` of it or of a module around it cannot
            be evaluated.
        many: whether it stands for a number of instances that nobody knows.
        origin: for what a community module makes, the module's source; else empty. Its places are those of the call.
    """

    address: str
    data: bool
    type: str
    name: str
    key: Key | int | None
    module: str
    body: Body
    certain: bool = True
    many: bool = False
    origin: str = ""

    def get(self, *path: str) -> Value:
        """Return the value at a path; see `Body.get`."""
        return self.body.get(*path)

    def place_of(self, *path: str) -> Place:
        """Return where a path is written; see `Body.place_of`."""
        return self.body.place_of(*path)

    @property
    def place(self) -> Place:
        """Where the block starts."""
        return self.body.place


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that may make resources nobody here can see: a module from a registry, an unparsable file, a link.

    Attributes:
        what: `module.endpoints`, or a file's path.
        reason: `is cloudposse/vpc/aws, whose inside is not known here`.
        place: where it is.
        source: of a module, where it comes from: `cloudposse/vpc/aws`; else empty.
    """

    what: str
    reason: str
    place: Place
    source: str = ""


@dataclass(frozen=True)
class Root:
    """A root module with one set of variables: what one `terraform apply` would make.

    Attributes:
        path: its folder, relative to the repository's root; `.` for the repository's root itself.
        variables: the path of the `.tfvars` file it is evaluated with, where it is not one Terraform loads by itself.
        instances: every resource and data source, in address order within each module.
        unread: what may make more.
        default_tags: the provider's default tags, as far as they are known.
        region: the provider's region; a symbol where it is not known, None where none is written.
        production: whether it says that it is production, or that it is not; None where it says neither.
    """

    path: str
    variables: str
    instances: tuple[Instance, ...]
    unread: tuple[Unread, ...]
    default_tags: Mapping[Key, Value] = field(default_factory=dict)
    production: bool | None = None
    region: Value = None

    def of(self, *types: str, data: bool = False) -> Iterator[Instance]:
        """Yield the resources of the given types, or with `data` the data sources."""
        found = [each for kind in dict.fromkeys(types) for each in self._by_type.get((kind, data), ())]
        yield from (instance for _, instance in sorted(found, key=lambda each: each[0]))

    def find(self, value: Value) -> Instance | None:
        """Return the resource or data source that a value is an attribute of: `aws_vpc.this.id` → `aws_vpc.this`."""
        if not isinstance(value, Symbol) or not value.of:
            return None
        return self.by_address.get(value.of)

    @cached_property
    def by_address(self) -> Mapping[str, Instance]:
        """The resources and data sources by address."""
        return {each.address: each for each in self.instances}

    @cached_property
    def indexes(self) -> dict[tuple[str, str], Mapping[Key, tuple[Instance, ...]]]:
        """Room for what `references.candidates` works out once, by a type of resource and an argument."""
        return {}

    @cached_property
    def _by_type(self) -> Mapping[tuple[str, bool], tuple[tuple[int, Instance], ...]]:
        found: dict[tuple[str, bool], list[tuple[int, Instance]]] = {}
        for position, each in enumerate(self.instances):
            found.setdefault((each.type, each.data), []).append((position, each))
        return {key: tuple(instances) for key, instances in found.items()}
