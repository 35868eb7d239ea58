"""Two blocks argument by argument, as they are written."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from scaffold.compare.alignment import ordered, unordered
from scaffold.compare.difference import AttributeDifference, Side
from scaffold.compare.elements import Written
from scaffold.compare.kinds import inside, type_of
from scaffold.compare.normal import is_null, normal
from scaffold.compare.pieces import Piece, items, members, shown, step
from scaffold.evaluate.root import Place
from scaffold.hcl import Attribute, Block, Body
from scaffold.verify.provider_data import Schema
from scaffold.verify.schema_types import Kind


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an element that is rendered is compared with the one that is there.

    Attributes:
        rendered: the file of the rendered one.
        there: the file of the other.
        null_is_absent: whether an argument that is null is as good as none, as in resources.
        broken: whether the one there does not parse, so that nobody knows what its values are.
    """

    rendered: Written
    there: Written
    null_is_absent: bool = False
    broken: bool = False

    def bodies(self, rendered: Body, there: Body, schema: Schema, path: str = "") -> Iterator[AttributeDifference]:
        """Yield what differs between two bodies."""
        ours, theirs = _by_name(rendered), _by_name(there)
        for name in {**ours, **theirs}:
            left, right = ours.get(name, []), theirs.get(name, [])
            kind = type_of(schema, name)
            for at in range(max(len(left), len(right))):
                if at < min(len(left), len(right)):
                    yield from self.values(step(path, name), _piece(left[at]), _piece(right[at]), kind)
                elif not (self.null_is_absent and is_null(max(left, right, key=len)[at].expression.text)):
                    yield self._one(
                        step(path, name), *(_piece(side[at]) if side[at:] else None for side in (left, right))
                    )
        yield from self._blocks(rendered, there, schema, path)

    def values(self, path: str, rendered: Piece, there: Piece, kind: Kind) -> Iterator[AttributeDifference]:
        """Yield what differs between two values: of objects, member by member."""
        if rendered.text == there.text or normal(rendered.text, kind) == normal(there.text, kind):
            return
        found = [*self._members(path, rendered, there, kind)]
        yield from found or [self._one(path or "value", rendered, there)]

    def _members(self, path: str, rendered: Piece, there: Piece, kind: Kind) -> Iterator[AttributeDifference]:
        ours, theirs = members(rendered), members(there)
        if ours is not None and theirs is not None:
            for key in {**ours, **theirs}:
                left, right = ours.get(key), theirs.get(key)
                if left is not None and right is not None:
                    yield from self.values(step(path, key), left, right, _member(kind, key))
                else:
                    yield self._one(step(path, key), left, right)
            return
        first, second = items(rendered), items(there)
        shape, inner = kind if isinstance(kind, list) else ("list", "dynamic")
        if first is None or second is None or len(first) != len(second) or shape == "set":
            return
        pairs = [(at, *pair) for at, pair in enumerate(zip(first, second, strict=True))]
        apart = [pair for pair in pairs if normal(pair[1].text, inner) != normal(pair[2].text, inner)]
        if all(left.text.startswith("{") and right.text.startswith("{") for _, left, right in apart):
            for at, left, right in apart:
                yield from self.values(f"{path}[{at}]", left, right, inner)

    def _blocks(self, rendered: Body, there: Body, schema: Schema, path: str) -> Iterator[AttributeDifference]:
        ours, theirs = _groups(rendered), _groups(there)
        for name in {**ours, **theirs}:
            yield from self._group(name, ours.get(name, []), theirs.get(name, []), schema, path)

    def _group(
        self, name: str, rendered: list[Block], there: list[Block], schema: Schema, path: str
    ) -> Iterator[AttributeDifference]:
        """Yield what differs between the nested blocks of one type, in the order or in any, as the schema has it."""
        left = [self._normal(block, schema) for block in rendered]
        right = [self._normal(block, schema) for block in there]
        if left == right:
            return

        def likeness(a: int, b: int) -> int:
            return len(_flat(left[a]) & _flat(right[b]))

        in_order = inside(schema, name).get("nesting") != "set"
        pairs = ordered(left, right) if in_order else unordered(left, right, likeness)
        several = max(len(left), len(right)) > 1
        for a, b in pairs:
            ours, theirs = (rendered[a] if a is not None else None), (there[b] if b is not None else None)
            number = f"[{a if a is not None else b}]" if several else ""
            if ours is not None and theirs is not None and ours.type == theirs.type:
                yield from self.bodies(
                    ours.body, theirs.body, _schema_of(ours, schema), _path(path, ours, name) + number
                )
                continue
            if ours is not None:
                yield self._one(_path(path, ours, name) + number, Piece(self.rendered.text(ours), ours.line), None)
            if theirs is not None:
                number = f"[{b}]" if several else ""
                yield self._one(_path(path, theirs, name) + number, None, Piece(self.there.text(theirs), theirs.line))

    def _normal(self, block: Block, schema: Schema) -> tuple[Hashable, ...]:
        """Return a nested block's normal form."""
        own = _schema_of(block, schema)
        arguments = frozenset(
            (attribute.name, normal(attribute.expression.text, type_of(own, attribute.name)))
            for attribute in block.body.attributes
            if not (self.null_is_absent and is_null(attribute.expression.text))
        )
        groups: list[Hashable] = []
        for name, blocks in _groups(block.body).items():
            inner = [self._normal(each, own) for each in blocks]
            in_order = inside(own, name).get("nesting") != "set"
            groups.append((name, tuple(inner) if in_order else frozenset(Counter(inner).items())))
        return (block.type, block.labels, arguments, frozenset(groups))

    def _one(self, path: str, rendered: Piece | None, there: Piece | None) -> AttributeDifference:
        ours, theirs = (rendered.text if rendered else None), (there.text if there else None)
        return AttributeDifference(
            path,
            Side(shown(ours, theirs), Place(self.rendered.file.path, rendered.line)) if rendered and ours else None,
            Side(shown(theirs, ours), Place(self.there.file.path, there.line)) if there and theirs else None,
            known=not self.broken and (there is not None or self.there.whole),
        )


def _piece(attribute: Attribute) -> Piece:
    return Piece(attribute.expression.text, attribute.line)


def _by_name(body: Body) -> dict[str, list[Attribute]]:
    """Return the arguments by name: a list of one each, save where Terraform would refuse them."""
    found: dict[str, list[Attribute]] = {}
    for attribute in body.attributes:
        found.setdefault(attribute.name, []).append(attribute)
    return found


def _groups(body: Body) -> dict[str, list[Block]]:
    """Return the nested blocks by type, `dynamic` ones with those they make; blocks with labels by these, too."""
    found: dict[str, list[Block]] = {}
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            name = block.labels[0]
        elif block.type == "provisioner":
            name = block.type  # their order matters across their labels
        else:
            name = ".".join((block.type, *block.labels))
        found.setdefault(name, []).append(block)
    return found


def _path(path: str, block: Block, group: str) -> str:
    name = f"dynamic.{group}" if block.type == "dynamic" else group
    return f"{path}.{name}" if path else name


def _schema_of(block: Block, schema: Schema) -> Schema:
    if block.type == "dynamic" and block.labels:
        return {"blocks": {"content": inside(schema, block.labels[0])}}
    return inside(schema, block.type)


def _member(kind: Kind, key: str) -> Kind:
    if isinstance(kind, list) and kind[0] == "map":
        return kind[1]
    return kind[1].get(key, "dynamic") if isinstance(kind, list) and kind[0] == "object" else "dynamic"


def _flat(block: Sequence[Hashable]) -> frozenset[Hashable]:
    arguments, groups = block[2], block[3]
    return (arguments if isinstance(arguments, frozenset) else frozenset()) | (
        groups if isinstance(groups, frozenset) else frozenset()
    )
