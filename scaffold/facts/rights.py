"""What a role's own policies allow: those written into it, and the customer-managed ones that it has."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from scaffold.evaluate.references import candidates, joined, names
from scaffold.evaluate.root import Body, Instance, Place, Root
from scaffold.evaluate.unknown import Encoded
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.iam import Role


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows something.

    Attributes:
        actions: `lambda:InvokeFunction`, `sqs:*`.
        resources: what they are allowed on.
        place: where it is written.
        certain: whether the role has it for sure.
    """

    actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    place: Place
    certain: bool = True

    def allows(self, action: str) -> bool | None:
        """Return whether an action is among its own; None where nobody can say."""
        known = [each for each in self.actions if isinstance(each, str)]
        if any(fnmatchcase(action.lower(), each.lower()) for each in known):
            return True
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
        yield from _of_text(of, policy, place)
    elif document.data and document.type == "aws_iam_policy_document":
        for other in ("source_policy_documents", "override_policy_documents"):
            if document.get(other):
                yield f"{document.address} takes statements from other documents"
        if "statement" in document.body.open:
            yield f"{document.address} has statements that are not known here"
        for statement in document.body.blocks.get("statement", ()):
            yield from _of_block(of, statement)
    else:
        yield f"the policy of {of.address} is not known here"


def _of_block(of: Instance, statement: Body) -> Iterator[Statement | str]:
    if statement.get("effect") not in (None, "Allow"):
        return
    if statement.get("not_actions") or statement.get("not_resources"):
        yield f"a policy of {of.address} allows all but what it names"
        return
    resources = several(statement.get("resources"))
    yield Statement(several(statement.get("actions")), resources, statement.place, of.certain)


_MARK = "\ue000"


def _of_text(of: Instance, policy: Value, place: Place) -> Iterator[Statement | str]:
    """Yield the statements of a policy that is written as JSON."""
    doubt = f"the policy of {of.address} is not known here"
    symbols: list[Symbol] = []
    document: object = policy.data if isinstance(policy, Encoded) else policy
    if isinstance(policy, str | Joined):
        text = ""
        for part in policy.parts if isinstance(policy, Joined) else (policy,):
            if isinstance(part, Symbol):
                text += f"{_MARK}{len(symbols)}{_MARK}"
                symbols.append(part)
            else:
                text += part
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            yield doubt
            return
    if not isinstance(document, Mapping):
        yield doubt
        return
    for statement in _list(document.get("Statement")):
        if not isinstance(statement, Mapping) or "NotAction" in statement or "NotResource" in statement:
            yield f"a policy of {of.address} allows all but what it names"
        elif statement.get("Effect") == "Allow":
            actions, resources = (
                tuple(_value(each, symbols) for each in _list(statement.get(name))) for name in ("Action", "Resource")
            )
            yield Statement(actions, resources, place, of.certain)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _value(value: object, symbols: list[Symbol]) -> Value:
    """Return a text of a policy with its symbols in their places again."""
    if isinstance(value, Symbol | Joined):
        return value
    pieces = str(value).split(_MARK)
    return joined(*(symbols[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)))
