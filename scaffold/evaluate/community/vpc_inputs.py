"""The inputs of the community's network modules with their defaults, and the resources that lists of them make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from scaffold.evaluate.community import Call
from scaffold.evaluate.community.building import index, truth
from scaffold.evaluate.root import Argument, Body, Instance, Place
from scaffold.evaluate.values import Key, Symbol, Value

Arguments = Mapping[str, Argument]


@dataclass(frozen=True, slots=True)
class NetworkInputs:
    """The inputs of a call.

    Attributes:
        call: the call.
        defaults: the module's defaults; a `Symbol` where versions that may be meant differ.
    """

    call: Call
    defaults: Mapping[str, Value]

    def value(self, name: str) -> Value:
        """Return an input's value, or its default."""
        given = self.call.arguments.get(name)
        return self.defaults.get(name) if given is None or given.value is None else given.value

    def place(self, *names: str) -> Place:
        """Return where the first of the inputs that is given is written, or else the call."""
        return next((self.call.arguments[name].place for name in names if name in self.call.arguments), self.call.place)

    def argument(self, name: str) -> Argument:
        """Return an input's value and where it is written."""
        return Argument(self.value(name), self.place(name))

    def flag(self, name: str) -> bool | None:
        """Return a yes or no; None where it is not known."""
        return truth(self.value(name))

    def length(self, name: str) -> int | None:
        """Return how many items a list has; None where that is not known."""
        value = self.value(name)
        return len(value) if isinstance(value, tuple) else 0 if value is None else None

    def longest(self, *names: str) -> int | None:
        """Return how many items the longest of some lists has; None where that is not known of all."""
        lengths = [self.length(name) for name in names]
        sure = [length for length in lengths if length is not None]
        return max(sure) if len(sure) == len(lengths) else None

    def item(self, name: str, at: int | None) -> Value:
        """Return `element(list, at)`, which begins again at the list's end."""
        value = self.value(name)
        if isinstance(value, tuple) and at is not None:
            return value[at % len(value)] if value else None
        text = value.text if isinstance(value, Symbol) else f"{self.call.address}.var.{name}"
        return Symbol(f"element({text}, {'count.index' if at is None else at})")

    def several(
        self, kind: str, name: str, count: int | None, arguments: Callable[[int | None], Arguments], place: Place
    ) -> tuple[Instance, ...]:
        """Return the resources of a `count`; one that stands for all, given no index, where the count is not known."""
        if count is None:
            return (self.make(kind, name, None, arguments(None), place, many=True),)
        return tuple(self.make(kind, name, each, arguments(each), place) for each in range(count))

    def one(
        self,
        kind: str,
        name: str,
        wanted: bool | None,
        arguments: Arguments,
        place: Place,
        blocks: Mapping[str, tuple[Body, ...]] | None = None,
    ) -> tuple[Instance, ...]:
        """Return the resource of `count = wanted ? 1 : 0`."""
        made = self.make(kind, name, 0, arguments, place, blocks)
        return () if wanted is False else (made,) if wanted else (unsure(made),)

    def make(
        self,
        kind: str,
        name: str,
        key: Key | int | None,
        arguments: Arguments,
        place: Place,
        blocks: Mapping[str, tuple[Body, ...]] | None = None,
        *,
        many: bool = False,
        data: bool = False,
    ) -> Instance:
        """Return a resource; `many` stands for as many as nobody knows."""
        base = f"{self.call.address}.{'data.' if data else ''}{kind}.{name}"
        return Instance(
            address=f"{base}[count.index]" if many and key is None else f"{base}{index(key)}",
            data=data,
            type=kind,
            name=name,
            key=key,
            module=self.call.address,
            body=Body(
                {name: each for name, each in arguments.items() if each.value is not None},
                blocks or {},
                frozenset(),
                place,
            ),
            certain=not many,
            many=many,
            origin=self.call.source,
        )


def unsure(instance: Instance) -> Instance:
    """Return a resource as one that may be there or not."""
    return replace(instance, certain=False)


def attribute(instance: Instance, name: str) -> Symbol:
    """Return what another resource is given of one: `aws_vpc.this[0].id`."""
    return Symbol(f"{instance.address}.{name}", instance.address, name)


def attributes(instances: Sequence[Instance], name: str) -> Value:
    """Return `aws_subnet.private[*].id`; a symbol where nobody knows how many there are."""
    if any(each.many for each in instances):
        return attribute(instances[0], name)
    return tuple(attribute(each, name) for each in instances)


def merged(*maps: Value) -> Value:
    """Return `merge(maps...)`; of one that is not known, what may be in it stands under a key that is a symbol."""
    result: dict[Key, Value] = {}
    for each in maps:
        if isinstance(each, Mapping):
            result.update(each)
        elif each is not None:
            # What was there before may have been overwritten.
            text = each.text if isinstance(each, Symbol) else "a map that is not known"
            result = {**{key: Symbol(f"{key} of merge(…, {text})") for key in result}, Symbol(text): Symbol(text)}
    return result
