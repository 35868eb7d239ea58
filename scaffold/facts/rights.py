"""What a role's own policies allow: those written into it, and the customer-managed ones that it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from scaffold.evaluate.references import candidates, names
from scaffold.evaluate.root import Body, Instance, Place, Root
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.documents import decoded, step
from scaffold.facts.iam import Role


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows something.

    Attributes:
        actions: `lambda:InvokeFunction`, `sqs:*`; `*` where it says what it does not allow.
        resources: what they are allowed on; `*` where it says on what they are not.
        place: where it is written.
        certain: whether the role has it for sure.
        where: the address of what it is written in.
        bounded: whether it has a condition, or may have one.
        all_but: whether it says what it does not allow, or not on what.
    """

    actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    place: Place
    certain: bool = True
    where: str = ""
    bounded: bool = False
    all_but: bool = False

    def allows(self, action: str) -> bool | None:
        """Return whether an action is among its own; None where nobody can say."""
        known = [each for each in self.actions if isinstance(each, str)]
        if any(fnmatchcase(action.lower(), each.lower()) for each in known):
            return None if self.all_but else True
        return None if len(known) < len(self.actions) else False


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role's own policies allow. Managed policies of AWS's are not in it: see `Role.has`.

    Attributes:
        statements: each statement that allows something.
        doubt: why there may be more; empty where nothing that was read says so.
    """

    statements: tuple[Statement, ...]
    doubt: str


def rights_of(root: Root, role: Role) -> Rights:
    """Return what the policies of a role allow that its root module makes."""
    found = list(_found(root, role.instance))
    return Rights(
        tuple(each for each in found if isinstance(each, Statement)),
        next((each for each in found if isinstance(each, str)), "") or role.more or role.unread,
    )


def _found(root: Root, role: Instance) -> Iterator[Statement | str]:
    """Yield each statement, or why there may be more."""
    for block in role.body.blocks.get("inline_policy", ()):
        yield from _statements(root, role, block.get("policy"), block.place_of("policy"))
    own = (Symbol(role.address), role.get("name"))
    for policy in candidates(root, "aws_iam_role_policy", "role", *own):
        belongs = names(policy.get("role"), role)
        if belongs is None:
            yield f"{policy.address} may be a policy of it"
        elif belongs:
            yield from _statements(root, policy, policy.get("policy"), policy.place_of("policy"))
    for arn in several(role.get("managed_policy_arns")):
        yield from _managed(root, arn)
    for attachment in candidates(root, "aws_iam_role_policy_attachment", "role", *own):
        # One that may belong to another role is in the role's own `more`.
        if names(attachment.get("role"), role):
            yield from _managed(root, attachment.get("policy_arn"))


def _managed(root: Root, arn: Value) -> Iterator[Statement | str]:
    policy = root.find(arn)
    if policy is not None and policy.type == "aws_iam_policy" and not policy.data:
        yield from _statements(root, policy, policy.get("policy"), policy.place_of("policy"))


def _statements(root: Root, of: Instance, policy: Value, place: Place) -> Iterator[Statement | str]:
    document = root.find(policy)
    if document is None:
        yield from _of_json(of, policy, place)
    elif document.data and document.type == "aws_iam_policy_document":
        for other in ("source_policy_documents", "override_policy_documents"):
            if document.get(other):
                yield f"{document.address} takes statements from other documents"
        if "statement" in document.body.open:
            yield f"{document.address} has statements that are not known here"
        for statement in document.body.blocks.get("statement", ()):
            yield from _of_block(of, document, statement)
    else:
        yield f"the policy of {of.address} is not known here"


def _of_block(of: Instance, document: Instance, statement: Body) -> Iterator[Statement | str]:
    effect = statement.get("effect")
    if effect is not None and effect != "Allow":
        return
    yield from _statement(
        of,
        document.address,
        actions=statement.get("actions"),
        resources=statement.get("resources"),
        place=statement.place,
        bounded=bool(statement.blocks.get("condition")) or "condition" in statement.open,
    )


def _of_json(of: Instance, policy: Value, place: Place) -> Iterator[Statement | str]:
    """Yield the statements of a policy that is written as JSON."""
    document = decoded(policy)
    listed = step(document, "Statement")
    if not isinstance(document, Mapping) or isinstance(listed, Symbol | Joined):
        yield f"the policy of {of.address} is not known here"
        return
    for statement in several(listed):
        effect = step(statement, "Effect")
        if not isinstance(statement, Mapping) or isinstance(effect, Symbol | Joined):
            yield f"a statement of {of.address} is not known here"
        elif effect == "Allow":
            yield from _statement(
                of,
                of.address,
                actions=step(statement, "Action"),
                resources=step(statement, "Resource"),
                place=place,
                bounded=step(statement, "Condition") is not None,
            )


def _statement(
    of: Instance, where: str, *, actions: Value, resources: Value, place: Place, bounded: bool
) -> Iterator[Statement | str]:
    all_but = actions is None or resources is None
    if all_but:
        yield f"a policy of {of.address} allows all but what it names"
    yield Statement(
        actions=("*",) if actions is None else several(actions),
        resources=("*",) if resources is None else several(resources),
        place=place,
        certain=of.certain,
        where=where,
        bounded=bounded,
        all_but=all_but,
    )
