"""IAM roles: who may assume one, and which managed policies it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.references import candidates, last_step, names
from scaffold.evaluate.root import Body, Instance, Place, Root
from scaffold.evaluate.values import Joined, Key, Symbol, Value
from scaffold.facts.documents import decoded, step


@dataclass(frozen=True, slots=True)
class Trust:
    """What one statement of a trust policy allows one service.

    Attributes:
        service: `eks.amazonaws.com`.
        actions: `sts:AssumeRole`, `sts:TagSession`.
        conditions: the keys it is bounded by, in lower case: `aws:sourceaccount`.
    """

    service: Value
    actions: tuple[Value, ...]
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Attached:
    """A managed policy of a role.

    Attributes:
        name: `AmazonEKSClusterPolicy`.
        place: where it is attached.
        certain: whether it is attached for sure.
    """

    name: str
    place: Place
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role.

    Attributes:
        instance: the `aws_iam_role`.
        trust: what its trust policy allows services, or None where it cannot be read.
        policies: the managed policies it has.
        more: why it may have others, `aws_iam_role_policy_attachment.x may attach a policy to it`; empty where nothing
            that was read says so.
        unread: what was not read and may attach others; empty where there is no such thing.
    """

    instance: Instance
    trust: tuple[Trust, ...] | None
    policies: tuple[Attached, ...]
    more: str
    unread: str

    def trusts(self, service: str, action: str) -> bool | None:
        """Return whether a service may use an action on the role; None where the trust policy cannot be read."""
        if self.trust is None:
            return None
        found: list[bool | None] = []
        for each in self.trust:
            if isinstance(each.service, str):
                if each.service != service and not _in_another_partition(each.service, service):
                    continue
                doubt = False
            else:
                # `eks.${data.aws_partition.current.dns_suffix}`
                start = each.service.parts[0] if isinstance(each.service, Joined) else None
                if isinstance(start, str) and not start.startswith(service.partition(".")[0] + "."):
                    continue
                doubt = not isinstance(start, str)
            if action in each.actions or "sts:*" in each.actions or "*" in each.actions:
                found.append(None if doubt else True)
            elif any(not isinstance(one, str) for one in each.actions):
                found.append(None)
        return True if True in found else None if found else False

    def unbounded(self, service: str, key: str) -> bool:
        """Return whether a statement of the trust policy lets a service in without a condition on a key."""
        return any(
            each.service == service and key.lower() not in each.conditions
            for each in self.trust or ()
            if isinstance(each.service, str)
        )

    def has(self, policy: str) -> bool | None:
        """Return whether it has a managed policy; None where nobody can say."""
        found = [each.certain for each in self.policies if each.name == policy]
        return True if True in found else None if found or self.more or self.unread else False


def role_of(root: Root, value: Value) -> Role | None:
    """Return the role whose ARN or name a value is, or None where the root module does not make it."""
    instance = root.find(value)
    if instance is None and not isinstance(value, Symbol | None):
        roles = candidates(root, "aws_iam_role", "name", value)
        instance = next((each for each in roles if names(value, each)), None)
    if instance is None or instance.data or instance.type != "aws_iam_role":
        return None
    attached = list(_attached(root, instance))
    return Role(
        instance,
        _trust(root, instance.get("assume_role_policy")),
        tuple(each for each in attached if isinstance(each, Attached)),
        next((each for each in attached if isinstance(each, str)), ""),
        next((f"{each.what} {each.reason}" for each in root.unread), ""),
    )


def _in_another_partition(service: str, wanted: str) -> bool:
    return service.startswith(wanted.partition(".")[0] + ".amazonaws.com.")


def _attached(root: Root, role: Instance) -> Iterator[Attached | str]:
    """Yield each managed policy, or why there may be more."""
    for policy in _items(role.get("managed_policy_arns")):
        yield _policy(root, role, policy, role.place_of("managed_policy_arns"))
    own = (Symbol(role.address), role.get("name"))
    for attachment in candidates(root, "aws_iam_role_policy_attachment", "role", *own):
        yield from _if_of(role, attachment, attachment.get("role"), (attachment.get("policy_arn"),), root, "policy_arn")
    for attachment in candidates(root, "aws_iam_role_policy_attachments_exclusive", "role_name", *own):
        policies = _items(attachment.get("policy_arns"))
        yield from _if_of(role, attachment, attachment.get("role_name"), policies, root, "policy_arns")
    for attachment in candidates(root, "aws_iam_policy_attachment", "roles", *own):
        for each in _items(attachment.get("roles")):
            yield from _if_of(role, attachment, each, (attachment.get("policy_arn"),), root, "policy_arn")


def _if_of(
    role: Instance, attachment: Instance, of: Value, policies: tuple[Value, ...], root: Root, argument: str
) -> Iterator[Attached | str]:
    belongs = names(of, role)
    if belongs is None:
        yield f"{attachment.address} may attach a policy to it"
    elif belongs:
        for policy in policies:
            yield _policy(root, attachment, policy, attachment.place_of(argument))


def _policy(root: Root, attachment: Instance, policy: Value, place: Place) -> Attached | str:
    source = root.find(policy)
    if source is not None:
        policy = source.get("arn") or source.get("name") or source.get("name_prefix") or source.name
    name = last_step(policy)
    if name is None:
        return f"{attachment.address} attaches a policy that is not known here"
    return Attached(name, place, attachment.certain or attachment.type == "aws_iam_role")


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _trust(root: Root, policy: Value) -> tuple[Trust, ...] | None:
    document = root.find(policy)
    if document is not None:
        if not (document.data and document.type == "aws_iam_policy_document"):
            return None
        if document.get("source_policy_documents") or document.get("override_policy_documents"):
            return None
        statements = document.body.blocks.get("statement", ())
        return None if "statement" in document.body.open else tuple(_of_blocks(statements))
    return _of_json(policy)


def _of_blocks(statements: tuple[Body, ...]) -> Iterator[Trust]:
    for statement in statements:
        if statement.get("effect") not in (None, "Allow"):
            continue
        variables = (condition.get("variable") for condition in statement.blocks.get("condition", ()))
        conditions = frozenset(each.lower() for each in variables if isinstance(each, str))
        for principals in statement.blocks.get("principals", ()):
            if principals.get("type") == "Service":
                for service in _items(principals.get("identifiers")):
                    yield Trust(service, _items(statement.get("actions")), conditions)


def _of_json(policy: Value) -> tuple[Trust, ...] | None:
    data = decoded(policy)
    return _of_document(data) if isinstance(data, Mapping) else None


def _of_document(document: Mapping[Key, Value]) -> tuple[Trust, ...] | None:
    found: list[Trust] = []
    for statement in _items(step(document, "Statement")):
        effect, principal, condition = (step(statement, name) for name in ("Effect", "Principal", "Condition"))
        if not isinstance(statement, Mapping) or any(
            isinstance(each, Symbol) for each in (effect, principal, condition)
        ):
            return None
        if effect != "Allow" or not isinstance(principal, Mapping):
            continue
        actions = _items(step(statement, "Action"))
        conditions = frozenset(_condition_keys(condition))
        found += [Trust(each, actions, conditions) for each in _items(step(principal, "Service"))]
    return tuple(found)


def _condition_keys(condition: Value) -> Iterator[str]:
    for test in condition.values() if isinstance(condition, Mapping) else ():
        yield from (str(key).lower() for key in (test if isinstance(test, Mapping) else ()))
