"""What is inside a block, against the schema of its type."""

from dataclasses import dataclass, field
from typing import Any

from scaffold.hcl import UNKNOWN, Attribute, Block, Body
from scaffold.verify.api_rules import Rule, violation
from scaffold.verify.schema_types import describe, did_you_mean, mismatch, text_for_collection
from scaffold.verify.verdict import Finding


@dataclass
class Tally:
    """What one run found and counted."""

    findings: list[Finding] = field(default_factory=list)
    blocks: int = 0
    arguments: int = 0
    references: int = 0
    unverified: set[str] = field(default_factory=set)

    def find(self, rule: str, message: str, file: str, line: int, mend: str) -> None:
        """Keep a finding."""
        self.findings.append(Finding(rule, message, file, line, mend))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands.

    Attributes:
        file: the path of its file.
        name: what a reader calls the block: `aws_eks_cluster.this`, `vpc_config of aws_eks_cluster.this`.
        line: the line of the block.
        path: the names of the nested blocks that lead here from the resource.
        rules: the API's rules for the resource type, by the argument's path with dots.
    """

    file: str
    name: str
    line: int
    path: tuple[str, ...] = ()
    rules: dict[str, Rule] = field(default_factory=dict)

    def inside(self, block: str, line: int) -> "Place":
        """Return the place of a block nested in this one."""
        owner = self.name.rpartition(" of ")[2]
        return Place(self.file, f"{block} of {owner}", line, (*self.path, block), self.rules)


def check_body(
    body: Body,
    schema: dict[str, Any],
    place: Place,
    tally: Tally,
    *,
    meta_arguments: frozenset[str] = frozenset(),
    meta_blocks: frozenset[str] = frozenset(),
) -> None:
    """Check the arguments and nested blocks of `body`; blocks in `meta_blocks` are the caller's."""
    tally.blocks += 1
    attributes: dict[str, Any] = schema.get("attributes", {})
    blocks: dict[str, Any] = schema.get("blocks", {})
    given: set[str] = set()
    for attribute in body.attributes:
        name = attribute.name
        given.add(name)
        tally.arguments += 1
        if name in attributes:
            _check_argument(attribute, attributes[name], place, tally)
        elif name in blocks:
            message = f"`{name}` of {place.name} is a block, not an argument."
            tally.find("unknown-argument", message, place.file, attribute.line, f"Write `{name} {{ … }}` without `=`.")
        elif name not in meta_arguments:
            message = f"There is no argument `{name}` in {place.name}."
            mend = did_you_mean(
                name, [known for known, (flags, _) in attributes.items() if flags != "c"] + list(blocks)
            )
            tally.find("unknown-argument", message, place.file, attribute.line, mend)
    counts: dict[str, int] = {}
    dynamic: set[str] = set()
    for block in body.blocks:
        _check_block(block, attributes, blocks, place, tally, counts, dynamic, meta_blocks)
    _check_presence(attributes, blocks, given, counts, dynamic, place, tally, _null(body))


def _null(body: Body) -> set[str]:
    return {attribute.name for attribute in body.attributes if attribute.expression.value is None}


def _check_argument(attribute: Attribute, known: tuple[str, Any], place: Place, tally: Tally) -> None:
    flags, kind = known
    name, expression = attribute.name, attribute.expression
    if flags == "c":
        message = f"`{name}` of {place.name} is set by the provider and cannot be given."
        tally.find("computed-argument", message, place.file, attribute.line, "Remove the line.")
        return
    wrong = mismatch(expression.value, kind)
    if wrong is None and text_for_collection(expression, kind):
        wrong = f"{describe(kind)} is wanted, and this is a string"
    if wrong is not None:
        message = f"The value of `{name}` of {place.name} has the wrong type: {wrong}."
        tally.find("wrong-type", message, place.file, attribute.line, f"Give {describe(kind)}.")
        return
    rule = place.rules.get(".".join((*place.path, name))) if place.rules else None
    if rule is not None and expression.value is not UNKNOWN:
        broken = violation(rule, expression.value)
        if broken is not None:
            message = f"The value of `{name}` of {place.name} is refused by AWS: {broken}."
            mend = "Give a value within these limits; they are those of AWS's API."
            tally.find("api-rule", message, place.file, attribute.line, mend)


def _check_block(
    block: Block,
    attributes: dict[str, Any],
    blocks: dict[str, Any],
    place: Place,
    tally: Tally,
    counts: dict[str, int],
    dynamic: set[str],
    meta_blocks: frozenset[str],
) -> None:
    name, body = block.type, block.body
    if name in meta_blocks:
        return
    if name == "dynamic":
        name = block.labels[0] if block.labels else ""
        content = body.block("content")
        dynamic.add(name)
        if content is None or body.attribute("for_each") is None:
            lacking, mend = (
                ("`content` block", "Put what is repeated into `content { … }`.")
                if content is None
                else ("`for_each` argument", "Add `for_each = …`, or make it a plain block.")
            )
            tally.find("missing-argument", f"`dynamic` {name} has no {lacking}.", place.file, block.line, mend)
        body = content.body if content is not None else Body()
    counts[name] = counts.get(name, 0) + 1
    inside = place.inside(name, block.line)
    if name in blocks:
        if block.type != "dynamic" or body.attributes or body.blocks:
            check_body(body, blocks[name], inside, tally)
        return
    if name not in attributes:
        known = list(blocks) + [known for known, (_, kind) in attributes.items() if _object_in(kind) is not None]
        message = f"There is no block `{name}` in {place.name}."
        tally.find("unknown-block", message, place.file, block.line, did_you_mean(name, known))
        return
    flags, kind = attributes[name]
    fields = _object_in(kind)
    if fields is None or flags == "c":
        message = f"`{name}` of {place.name} is an argument, not a block."
        tally.find("unknown-block", message, place.file, block.line, f"Write `{name} = …`.")
        return
    check_body(body, {"attributes": {key: ["o", inner] for key, inner in fields.items()}}, inside, tally)


def _object_in(kind: Any) -> dict[str, Any] | None:
    """Return the fields of a list or set of objects, for which Terraform accepts block syntax too."""
    if isinstance(kind, list) and kind[0] in ("list", "set") and isinstance(kind[1], list) and kind[1][0] == "object":
        fields: dict[str, Any] = kind[1][1]
        return fields
    return None


def _check_presence(
    attributes: dict[str, Any],
    blocks: dict[str, Any],
    given: set[str],
    counts: dict[str, int],
    dynamic: set[str],
    place: Place,
    tally: Tally,
    null: set[str],
) -> None:
    for name, (flags, _) in attributes.items():
        if flags == "r" and (name not in given or name in null):
            message = f"The argument `{name}` is required in {place.name}."
            tally.find("missing-argument", message, place.file, place.line, f"Add `{name} = …`.")
    for name, block in blocks.items():
        count = counts.get(name, 0)
        least, most = block.get("min", 0), block.get("max", 0)
        if block["nesting"] == "single":
            most = 1
        if count < least and name not in dynamic:
            wanted = "a block" if least == 1 else f"{least} blocks"
            message = f"{place.name} needs {wanted} `{name}`" + (f" and has {count}." if count else ".")
            tally.find("missing-block", message, place.file, place.line, f"Add `{name} {{ … }}`.")
        elif most and count > most and name not in dynamic:
            message = f"{place.name} may have {most} `{name}` block{'s' if most > 1 else ''}, and has {count}."
            tally.find("too-many-blocks", message, place.file, place.line, f"Keep {most}, and remove the rest.")
