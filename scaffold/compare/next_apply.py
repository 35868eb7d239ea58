"""What the next apply of each root module does, besides moving, to what keeps data or traffic: two trees evaluated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scaffold.compare.calls import Configuration
from scaffold.compare.moves import Destroyed, Move, is_stateful
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.unknown import equal, text_of
from scaffold.files import File
from scaffold.repository.reading import repository_of

_REPLACES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_cloudwatch_log_group": (("name",),),
    "aws_dynamodb_table": (("name",), ("hash_key",), ("range_key",)),
    "aws_ecr_repository": (("name",),),
    "aws_efs_file_system": (("creation_token",), ("encrypted",)),
    "aws_eks_cluster": (("name",), ("kubernetes_network_config", "service_ipv4_cidr")),
    "aws_lambda_capacity_provider": (("name",), ("instance_requirements",), ("vpc_config", "subnet_ids")),
    "aws_lambda_function": (("function_name",), ("package_type",)),
    "aws_s3_bucket": (("bucket",),),
    "aws_secretsmanager_secret": (("name",),),
    "aws_sqs_queue": (("name",), ("fifo_queue",)),
    "aws_subnet": (("cidr_block",), ("availability_zone",)),
    "aws_vpc": (("cidr_block",),),
}
"""Arguments that are fixed once something is made, as the AWS provider's documentation of each resource has them."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A resource that the next apply destroys and makes anew.

    Attributes:
        root: the root module whose next apply does.
        address: its address there.
        argument: the argument that cannot be changed in place: `kubernetes_network_config.service_ipv4_cidr`.
    """

    root: str
    address: str
    argument: str


@dataclass(frozen=True, slots=True)
class NextApply:
    """What becomes of what is there.

    Attributes:
        destroyed: the instances that go although their block stays: those of a `count` or `for_each` that shrinks.
        replaced: what is made anew.
        notes: what has to be done by hand with states, as sentences.
    """

    destroyed: tuple[Destroyed, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    notes: tuple[str, ...] = ()


def next_apply(before: Iterable[File], after: Iterable[File], moved: Sequence[Move] = ()) -> NextApply:
    """Compare what two states of one repository make; what cannot be evaluated is passed over.

    Args:
        before: the files that were applied.
        after: the files as they are to be.
        moved: what `moved` blocks take care of.
    """
    was, now = ([file for file in files if file.path.endswith((".tf", ".tfvars"))] for files in (before, after))
    if {(file.path, file.text) for file in was} == {(file.path, file.text) for file in now}:
        return NextApply()
    old, new = Configuration.of(was), Configuration.of(now)
    roots = {(root.path, root.variables): root for root in repository_of(now).roots}
    destroyed: list[Destroyed] = []
    replaced: list[Replaced] = []
    notes: list[str] = []
    gone: list[str] = []
    for root in repository_of(was).roots:
        other = roots.get((root.path, root.variables))
        if root.path not in new.modules:
            if any(not each.data for each in root.instances) and root.path not in gone:
                gone.append(root.path)
        elif other is not None:
            declared = {address for _, address, _ in new.resources(root.path, {})}
            destroyed += (Destroyed(root.path, address) for address in _shrunk(root, other, declared, moved))
            if equal(root.region, other.region) is False:
                regions = f"from {text_of(root.region)} to {text_of(other.region)}"
                notes.append(f"The region of {root.path} changes {regions}: the next apply replaces all that it holds.")
            else:
                replaced += _replaced(root, other)
    notes += (f"{path} still has state: run terraform destroy there before you commit this." for path in gone)
    notes += _backends(old, new)
    return NextApply(tuple(dict.fromkeys(destroyed)), tuple(dict.fromkeys(replaced)), tuple(dict.fromkeys(notes)))


def _shrunk(root: Root, other: Root, declared: set[str], moved: Sequence[Move]) -> Iterator[str]:
    """Yield the instances that are gone for sure while their block is still declared."""
    there: dict[tuple[str, str, str], list[Instance]] = {}
    for each in other.instances:
        if not each.data:
            there.setdefault(_block(each), []).append(each)
    for each in root.instances:
        left = there.get(_block(each), [])
        if (
            not each.data
            and is_stateful(each.type)
            and each.certain
            and not each.many
            and _keyless(each.address) in declared
            and all(_is_another(each, one) for one in left)
            and not any(f".{each.address}".endswith(f".{move.source}") for move in moved)
        ):
            yield each.address


def _block(instance: Instance) -> tuple[str, str, str]:
    return instance.module, instance.type, instance.name


def _is_another(one: Instance, other: Instance) -> bool:
    """Return whether two instances of one block are two for sure, and not one that gets or loses a key."""
    return not other.many and (one.key is None) == (other.key is None) and equal(one.key, other.key) is False


def _keyless(address: str) -> str:
    depth, kept = 0, []
    for character in address:
        depth += character == "["
        if not depth:
            kept.append(character)
        depth -= character == "]"
    return "".join(kept)


def _replaced(root: Root, other: Root) -> Iterator[Replaced]:
    for each in root.instances:
        same = other.by_address.get(each.address)
        for path in _REPLACES.get(each.type, ()) if same is not None and not each.data else ():
            if same is not None and equal(each.get(*path), same.get(*path)) is False:
                yield Replaced(root.path, each.address, ".".join(path))


def _backends(old: Configuration, new: Configuration) -> Iterator[str]:
    for folder in sorted(old.modules.keys() & new.modules.keys()):
        was, now = _backend(old, folder), _backend(new, folder)
        changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        if was and changed:
            yield (
                f"The backend of {folder} changes ({', '.join(changed)}): make what it names, and run terraform init "
                f"-migrate-state in {folder}; with an empty state, the next apply would make everything a second time."
            )


def _backend(side: Configuration, folder: str) -> dict[str, str]:
    """Return what a root module says of its backend; empty where it has none."""
    for _, settings in side.modules[folder].blocks("terraform"):
        for backend in settings.body.blocks_of("backend"):
            said = {each.name: each.expression.text for each in backend.body.attributes}
            return {"type": " ".join(backend.labels), **said}
    return {}
