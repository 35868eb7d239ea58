"""From a block as it is written to a `Body`: its arguments evaluated, its `dynamic` blocks expanded."""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.choices import either
from scaffold.evaluate.expansion import Slot, of_dynamic
from scaffold.evaluate.expressions import value_of
from scaffold.evaluate.root import Argument, Body, Place
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Addressed, Either, symbol, text_of
from scaffold.evaluate.values import Key, Value, any_key
from scaffold.hcl import Attribute, Block
from scaffold.hcl import Body as Written
from scaffold.hcl import syntax as hcl

_STEPS = 10
"""What a block that `dynamic` makes counts for as work: nested ones are soon millions."""

META = frozenset({"count", "for_each", "depends_on"})
"""Arguments of resources and modules that are Terraform's own and say nothing of what is made."""


def argument_of(attribute: Attribute, scope: Scope) -> Value:
    """Evaluate an argument; nobody knows the value of one that does not parse."""
    if attribute.broken:
        return symbol(f"{attribute.name} in line {attribute.line}, which does not parse, of {scope.here}")
    return value_of(attribute.expression, scope)


def body_of(block: Block, scope: Scope, file: str) -> Body:
    """Evaluate a nested block."""
    arguments = {
        attribute.name: Argument(told(argument_of(attribute, scope)), Place(file, attribute.line))
        for attribute in block.body.attributes
    }
    blocks: dict[str, tuple[Body, ...]] = {}
    unsure: set[str] = set()
    for kind in kinds_of(block.body):
        blocks[kind], is_open = blocks_of(block.body, kind, scope, file)
        unsure |= {kind} if is_open else set()
    return Body(arguments, blocks, frozenset(unsure), Place(file, block.line), partial=block.broken)


def told(value: Value) -> Value:
    """Return an argument's value for those who read it: of one of several maps, what they have in common.

    What only some of them have makes it a map that may hold more.
    """
    if not isinstance(value, Either):
        return value
    maps = [option for option in value.options if isinstance(option, Mapping) and not isinstance(option, Addressed)]
    if len(maps) < len(value.options):
        return value

    def of_all(key: Key) -> Value:
        return either(lambda: f"{value.text}[{text_of(key)}]", [each[key] for each in maps])

    result = {key: of_all(key) for key in maps[0] if all(key in each for each in maps)}
    if any(len(each) > len(result) for each in maps):
        result[any_key(value.text)] = symbol(f"{value.text}[any key]")
    return result


def kinds_of(body: Written) -> tuple[str, ...]:
    """Return the types of a body's nested blocks, those of `dynamic` ones too."""
    kinds = (_kind(block) for block in body.blocks)
    return tuple(dict.fromkeys(kind for kind in kinds if kind))


def _kind(block: Block) -> str:
    if block.type != "dynamic":
        return block.type
    return block.labels[0] if block.labels else ""


def blocks_of(body: Written, kind: str, scope: Scope, file: str) -> tuple[tuple[Body, ...], bool]:
    """Evaluate the nested blocks of a type; with them, whether there may be others."""
    found: list[Body] = []
    is_open = False
    for block in body.blocks:
        if _kind(block) != kind:
            continue
        if block.type != "dynamic":
            found.append(body_of(block, scope, file))
            continue
        for slot, content, inner in _expanded(block, scope):
            is_open = is_open or not slot.certain
            found.append(body_of(content, inner, file))
    return tuple(found), is_open


def _expanded(block: Block, scope: Scope) -> Iterator[tuple[Slot, Block, Scope]]:
    each, content = block.body.attribute("for_each"), block.body.block("content")
    if each is None or content is None:
        return
    iterator = block.body.attribute("iterator")
    name = iterator.expression.text.strip() if iterator else block.labels[0]
    tree = hcl.syntax(each.expression.text)
    is_set = isinstance(tree, hcl.FunctionCall) and tree.name == "toset"
    for slot in of_dynamic(argument_of(each, scope), scope, is_set=is_set).slots:
        scope.work.steps += _STEPS
        yield slot, content, scope.binding({name: {"key": slot.key, "value": slot.value}})
