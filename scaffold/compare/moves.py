"""Addresses that a new rendering changes: what Terraform has to be told, so that it moves and does not destroy.

Terraform knows a resource by its address alone. Where the new rendering calls one by another name, a `moved` block in
its folder says so; where no block can, `terraform state mv` does; and what is gone and keeps data or traffic is named,
because the next apply destroys it.
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scaffold.compare.calls import Configuration, Place
from scaffold.files import File
from scaffold.hcl import Block
from scaffold.hcl.syntax import FunctionCall, Literal, Object, ObjectItem, Tuple, syntax
from scaffold.workspace.renames import LEAST_SIMILARITY, similarity

_STATEFUL = frozenset(
    (
        "aws_vpc",
        "aws_subnet",
        "aws_nat_gateway",
        "aws_eip",
        "aws_eks_cluster",
        "aws_kms_key",
        "aws_s3_bucket",
        "aws_dynamodb_table",
        "aws_sqs_queue",
        "aws_cloudwatch_log_group",
        "aws_lambda_capacity_provider",
        "aws_lambda_function",
        "aws_ecr_repository",
        "aws_efs_file_system",
        "aws_ebs_volume",
        "aws_secretsmanager_secret",
    )
)
_STATEFUL_PREFIXES = ("aws_db_", "aws_rds_", "aws_elasticache_", "aws_opensearch_")
"""Types that keep data, or that others reach by an address which a new one does not have."""

_NAMES = re.compile(r"\b([a-z][a-z0-9]*_\w+|module)\.\w+")


@dataclass(frozen=True, slots=True)
class Move:
    """A `moved` block: in `folder`, what was at one address is at another."""

    folder: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A resource that holds data or traffic and is rendered no longer.

    Attributes:
        root: the root module whose next apply destroys it.
        address: its address there, without the keys of `count` and `for_each`.
    """

    root: str
    address: str


@dataclass(frozen=True, slots=True)
class Moves:
    """What changed addresses ask for.

    Attributes:
        moved: what a block can say.
        commands: `terraform state mv` for what none can; a `KEY` in one is to be filled in.
        destroyed: what the next apply destroys.
    """

    moved: tuple[Move, ...] = ()
    commands: tuple[str, ...] = ()
    destroyed: tuple[Destroyed, ...] = ()


def find_moves(before: Iterable[File], after: Iterable[File]) -> Moves:
    """Compare the addresses of two renderings of one repository.

    Args:
        before: the files as they were last rendered.
        after: the files as they are to be.
    """
    old, new = (Configuration.of(files) for files in (before, after))
    folders = _folders(old, new)
    renames: dict[Place, str] = {}
    moved: list[Move] = []
    commands: list[str] = []
    gone: dict[Place, Block] = {}
    fresh: dict[Place, Block] = {}
    for folder in sorted(old.modules):
        target = folders.get(folder, "")
        was, now = old.blocks(folder), new.blocks(target)
        missing = {address: block for address, block in was.items() if address not in now}
        added = {address: block for address, block in now.items() if address not in was}
        pairs = _pairs(missing, added)
        moved += (Move(target, address, pairs[address]) for address in sorted(pairs))
        renames |= {(folder, address): to for address, to in pairs.items()}
        for address in sorted(was.keys() & now.keys()):
            source, to = _keyed(address, was[address], now[address])
            if "KEY" in source + to:
                commands += (_command(root, path + source, path + to) for root, path in new.calls(target))
            elif to:
                moved.append(Move(target, source, to))
        gone |= {(folder, address): block for address, block in missing.items() if address not in pairs}
        fresh |= {(target, address): block for address, block in added.items() if address not in pairs.values()}
    for folder in new.modules.keys() - set(folders.values()):
        fresh |= {(folder, address): block for address, block in new.blocks(folder).items()}
    across = _across(gone, fresh)
    for (folder, address), (target, to) in across.items():
        paths = dict(new.calls(target))
        commands += (
            _command(root, path + address, paths[root] + to) for root, path in old.calls(folder) if root in paths
        )
    return Moves(tuple(moved), tuple(dict.fromkeys(commands)), tuple(_destroyed(old, new, renames, across)))


def holding(moves: Moves, before: Iterable[File], after: Iterable[File]) -> Moves:
    """Return what of two renderings' moves is true of a repository that its user has edited.

    Args:
        moves: what the renderings ask for.
        before: the repository's files as they are.
        after: its files as they are to be: a move is left out where the old address was not there or stays, or the new
            one is not there, and nothing is destroyed that stays or was not there.
    """
    old, new = (Configuration.of(files) for files in (before, after))
    moved = tuple(
        move
        for move in moves.moved
        if _had(old, move)
        and _bare(move.target) in (there := new.blocks(move.folder))
        and (_bare(move.source) not in there or _bare(move.source) == _bare(move.target))
    )
    roots = {each.root for each in moves.destroyed}
    had, has = (
        {(root, address) for root in roots for address, _, _ in side.resources(root, {})} for side in (old, new)
    )
    destroyed = tuple(each for each in moves.destroyed if (each.root, each.address) in had - has)
    return Moves(moved, moves.commands, destroyed)


def _had(old: Configuration, move: Move) -> bool:
    """Return whether a move's source is declared: in its folder, or where that is new, in any that it may have been."""
    folders = (move.folder,) if move.folder in old.modules else old.modules
    return any(_bare(move.source) in old.blocks(folder) for folder in folders)


def _bare(address: str) -> str:
    return address.partition("[")[0]


def _folders(old: Configuration, new: Configuration) -> dict[str, str]:
    """Return which old folder is which new one: the same path, or where one moved, the one that is most alike."""
    same = {folder: folder for folder in old.modules if folder in new.modules}
    # Only what is called can move: a root module has its state elsewhere than another folder.
    gone = {folder: _lines(old, folder) for folder in old.callers if folder not in same}
    fresh = {folder: _lines(new, folder) for folder in new.callers if folder not in same}
    pairs = sorted(((similarity(gone[a], fresh[b]), a, b) for a in gone for b in fresh), reverse=True)
    for alike, folder, target in pairs:
        if alike >= LEAST_SIMILARITY and folder not in same and target not in same.values():
            same[folder] = target
    return same


def _lines(side: Configuration, folder: str) -> Counter[str]:
    return sum((_arguments(block) for block in side.blocks(folder).values()), Counter())


def _arguments(block: Block) -> Counter[str]:
    """Return what a block says, without the names of other blocks, which may be renamed along with it."""
    return Counter(
        _NAMES.sub(r"\1.*", f"{attribute.name} = {' '.join(attribute.expression.text.split())}")
        for attribute in block.body.all_attributes()
    )


def _pairs(gone: Mapping[str, Block], fresh: Mapping[str, Block]) -> dict[str, str]:
    """Return for addresses that are gone the new ones of the same type that say much the same, each taken once."""
    found = []
    for address, block in gone.items():
        for other, candidate in fresh.items():
            if address.partition(".")[0] == other.partition(".")[0]:
                alike = similarity(_arguments(block), _arguments(candidate))
                if block.type == "module" and block.body.value("source") == candidate.body.value("source"):
                    alike = max(alike, LEAST_SIMILARITY)
                found.append((-alike, address, other))
    pairs: dict[str, str] = {}
    for alike, address, other in sorted(found):
        if -alike >= LEAST_SIMILARITY and address not in pairs and other not in pairs.values():
            pairs[address] = other
    return pairs


def _across(gone: Mapping[Place, Block], fresh: Mapping[Place, Block]) -> dict[Place, Place]:
    """Return for resources that are gone from a folder those of their name in others that say much the same."""
    found: dict[Place, Place] = {}
    for (folder, address), block in gone.items():
        candidates = [
            (-similarity(_arguments(block), _arguments(candidate)), place)
            for place, candidate in fresh.items()
            if candidate.type == block.type == "resource" and candidate.labels == block.labels
        ]
        for alike, place in sorted(candidates):
            if -alike >= LEAST_SIMILARITY and place not in found.values():
                found[folder, address] = place
                break
    return found


def _keyed(address: str, was: Block, now: Block) -> tuple[str, str]:
    """Return the address of an instance before and after `for_each` came, went or changed its key.

    Two empty texts where none did. `KEY` stands for one that cannot be told. What gets or loses a `count`, Terraform
    moves by itself.
    """
    before, after = was.body.attribute("for_each"), now.body.attribute("for_each")
    if not before and not after:
        return "", ""
    old, new = (_keys(attribute.expression.text) if attribute else None for attribute in (before, after))
    if before and after:
        gone, fresh = (old or set()) - (new or set()), (new or set()) - (old or set())
        if len(gone) == len(fresh) == 1:
            return f"{address}[{gone.pop()}]", f"{address}[{fresh.pop()}]"
        return "", ""
    (keys, other) = (new, was) if after else (old, now)
    if keys and len(keys) > 1 and was.type == "resource" and not is_stateful(was.labels[0]):
        return "", ""  # none of them is the one: Terraform makes what there is anew
    keyed = f"{address}[{keys.pop() if keys and len(keys) == 1 else chr(34) + 'KEY' + chr(34)}]"
    plain = f"{address}[0]" if other.body.attribute("count") else address
    return (plain, keyed) if after else (keyed, plain)


def _keys(text: str) -> set[str] | None:
    """Return the keys of a `for_each` as they are written in an address, or None where they are not literal."""
    tree = syntax(text)
    if isinstance(tree, FunctionCall) and tree.name == "toset" and len(tree.arguments) == 1:
        tree = tree.arguments[0]
    items = tree.items if isinstance(tree, Tuple | Object) else None
    if items is None:
        return None
    keys = [item.key if isinstance(item, ObjectItem) else item for item in items]
    texts = [key.value for key in keys if isinstance(key, Literal) and isinstance(key.value, str)]
    return {json.dumps(text, ensure_ascii=False) for text in texts} if len(texts) == len(keys) else None


def _command(root: str, source: str, target: str) -> str:
    return f"terraform -chdir={shlex.quote(root)} state mv {shlex.quote(source)} {shlex.quote(target)}"


def _destroyed(
    old: Configuration, new: Configuration, renames: Mapping[Place, str], across: Mapping[Place, Place]
) -> Iterator[Destroyed]:
    """Yield what keeps data or traffic in a root module that stays, and is not there any more."""
    for root in sorted(old.modules.keys() & new.modules.keys()):
        if root not in old.callers and root not in new.callers:
            there = {address for _, address, _ in new.resources(root, {})}
            for address, after, place in old.resources(root, renames):
                if after not in there and place not in across and is_stateful(old.blocks(place[0])[place[1]].labels[0]):
                    yield Destroyed(root, address)


def is_stateful(kind: str) -> bool:
    """Return whether resources of a type keep data, or are reached by an address that a new one does not have."""
    return kind in _STATEFUL or kind.startswith(_STATEFUL_PREFIXES)
