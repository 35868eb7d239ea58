"""What a role's own policies allow: those that its root module writes, whichever way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.references import candidates, names
from scaffold.evaluate.root import Body, Instance, Place, Root
from scaffold.evaluate.values import Symbol, Value
from scaffold.facts.addresses import several
from scaffold.facts.documents import decoded, step


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows something.

    Attributes:
        actions: `s3:GetObject`, `s3:*`.
        resources: the ARNs it allows them on.
        place: where it is written.
        bounded: whether it has a condition, or may have one.
    """

    actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    place: Place
    bounded: bool

    def may(self, action: str) -> bool:
        """Return whether it allows an action, by its name or by one with an asterisk at its end."""
        wanted = action.lower()
        for each in self.actions:
            given = each.lower() if isinstance(each, str) else ""
            if given == wanted or (given.endswith("*") and wanted.startswith(given[:-1])):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a role's own policies allow.

    Attributes:
        statements: those that can be read.
        unread: why there may be more, in words; empty where nothing says so.
    """

    statements: tuple[Statement, ...]
    unread: str = ""


def allowed_of(root: Root, role: Instance) -> Allowed:
    """Return what the policies allow that a root module writes for a role; AWS's managed ones are `Role.policies`."""
    statements: list[Statement] = []
    unread = ""
    for owner, document, place in _documents(root, role):
        found = None if document is None else _statements(root, document, place)
        if found is None:
            unread = unread or f"what {owner} allows cannot be told"
        else:
            statements += found
    return Allowed(tuple(statements), unread)


def _documents(root: Root, role: Instance) -> Iterator[tuple[str, Value, Place]]:
    """Yield each policy of a role with the address of what holds it; None for one that may be the role's or not."""
    own = (Symbol(role.address), role.get("name"))
    for block in role.body.blocks.get("inline_policy", ()):
        yield role.address, block.get("policy"), block.place_of("policy")
    for policy in candidates(root, "aws_iam_role_policy", "role", *own):
        belongs = names(policy.get("role"), role)
        if belongs is not False:
            yield policy.address, policy.get("policy") if belongs else None, policy.place_of("policy")
    for attachment in candidates(root, "aws_iam_role_policy_attachment", "role", *own):
        made = root.find(attachment.get("policy_arn")) if names(attachment.get("role"), role) else None
        if made is not None and made.type == "aws_iam_policy" and not made.data:
            yield made.address, made.get("policy"), made.place_of("policy")


def _statements(root: Root, document: Value, place: Place) -> list[Statement] | None:
    source = root.find(document)
    if source is not None:
        if not source.data or source.type != "aws_iam_policy_document" or "statement" in source.body.open:
            return None
        if source.get("source_policy_documents") or source.get("override_policy_documents"):
            return None
        return [each for body in source.body.blocks.get("statement", ()) for each in _of_block(body)]
    found = []
    data = decoded(document)
    listed = step(data, "Statement")
    if isinstance(listed, Symbol) or not isinstance(data, Mapping):
        return None
    for each in several(listed):
        if not isinstance(each, Mapping):
            return None
        if each.get("Effect") == "Allow":
            actions, resources = several(step(each, "Action")), several(step(each, "Resource"))
            found.append(Statement(actions, resources, place, bounded=step(each, "Condition") is not None))
    return found


def _of_block(body: Body) -> Iterator[Statement]:
    if body.get("effect") in (None, "Allow"):
        bounded = bool(body.blocks.get("condition")) or "condition" in body.open
        yield Statement(several(body.get("actions")), several(body.get("resources")), body.place, bounded)
