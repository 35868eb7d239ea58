"""What the policies of an IAM role allow, as far as the root module writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.references import candidates, names
from scaffold.evaluate.root import Instance, Place, Root
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.iam import Role
from scaffold.facts.json_texts import items_of, json_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows something.

    Attributes:
        where: the address of what it is written in.
        actions: what it allows: `sqs:SendMessage`; `*` where it says what it does not allow.
        resources: on what; `*` where it says on what not.
        bounded: whether it has a condition.
        place: where it is written.
    """

    where: str
    actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    bounded: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role is allowed.

    Attributes:
        statements: those that could be read.
        more: why there may be more: `aws_iam_role_policy.x cannot be read`; empty where nothing says so. What AWS's
            managed policies allow is not told here.
    """

    statements: tuple[Statement, ...]
    more: str


def rights_of(root: Root, role: Role) -> Rights:
    """Return what the policies allow that a root module writes for a role, inline or attached."""
    found = [each for source, policy in _policies(root, role) for each in _statements(root, source, policy)]
    return Rights(
        tuple(each for each in found if isinstance(each, Statement)),
        next((each for each in found if isinstance(each, str)), role.more or role.unread),
    )


def _policies(root: Root, role: Role) -> Iterator[tuple[Instance, Value]]:
    for block in role.instance.body.blocks.get("inline_policy", ()):
        yield role.instance, block.get("policy")
    own = (Symbol(role.instance.address), role.instance.get("name"))
    for policy in candidates(root, "aws_iam_role_policy", "role", *own):
        if names(policy.get("role"), role.instance):
            yield policy, policy.get("policy")
    for attachment in candidates(root, "aws_iam_role_policy_attachment", "role", *own):
        attached = root.find(attachment.get("policy_arn"))
        if names(attachment.get("role"), role.instance) and attached is not None and attached.type == "aws_iam_policy":
            yield attached, attached.get("policy")


def _statements(root: Root, source: Instance, policy: Value) -> Iterator[Statement | str]:
    """Yield the statements of a policy that allow something, or why there may be more."""
    unreadable = f"{source.address} cannot be read"
    document = root.find(policy)
    if document is not None and document.data and document.type == "aws_iam_policy_document":
        yield from _of_blocks(document)
        return
    read = json_of(policy)
    if not isinstance(read, Mapping):
        yield unreadable
        return
    for statement in items_of(read.get("Statement")):
        if not isinstance(statement, Mapping):
            yield unreadable
        elif statement.get("Effect") == "Allow":
            yield Statement(
                source.address,
                items_of(statement.get("Action", "*")),
                items_of(statement.get("Resource", "*")),
                bool(statement.get("Condition")),
                source.place_of("policy"),
            )


def _of_blocks(document: Instance) -> Iterator[Statement | str]:
    for each in ("source_policy_documents", "override_policy_documents"):
        if document.get(each) not in (None, ()):
            yield f"{document.address} takes in others"
    if "statement" in document.body.open:
        yield f"{document.address} cannot be read"
        return
    for statement in document.body.blocks.get("statement", ()):
        if statement.get("effect") in (None, "Allow"):
            actions, resources = statement.get("actions"), statement.get("resources")
            yield Statement(
                document.address,
                ("*",) if actions is None else several(actions),
                ("*",) if resources is None else several(resources),
                bool(statement.blocks.get("condition")),
                statement.place,
            )
