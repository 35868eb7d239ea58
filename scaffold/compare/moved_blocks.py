"""The text of `moved.tf`, where a folder's `moved` blocks are."""

from collections.abc import Sequence

from scaffold.compare.moves import Move
from scaffold.hcl import Block, parse_cached

MOVED_FILE = "moved.tf"


def with_moves(text: str, moves: Sequence[Move]) -> str:
    """Return a `moved.tf` that also says what `moves` do; older blocks stay, since old states still need them.

    A block that would contradict a new one, being its reverse or another from the same address, goes: Terraform
    refuses the two together.
    """
    lines = text.splitlines(keepends=True)
    said = set()
    for block in reversed(parse_cached(text).body.blocks):
        source, target = (_address_in(block, name) for name in ("from", "to"))
        if any((move.source, move.target) == (source, target) for move in moves):
            said.add((source, target))
        elif block.type == "moved" and any(source in (move.source, move.target) for move in moves):
            del lines[block.line - 1 : block.end_line]
    blocks = [
        f"moved {{\n  from = {move.source}\n  to   = {move.target}\n}}\n"
        for move in moves
        if (move.source, move.target) not in said
    ]
    kept = "".join(lines).strip("\n")
    parts = [f"{kept}\n"] if kept else []
    return "\n".join([*parts, *blocks]) if blocks else text


def _address_in(block: Block, name: str) -> str:
    attribute = block.body.attribute(name)
    return attribute.expression.text if attribute else ""
