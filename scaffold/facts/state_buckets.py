"""The S3 buckets that a root module makes for Terraform's state, and whether they are safe."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Joined, Symbol, Value, known

_NAMED = re.compile(r"(?:^|[^a-z])(?:tf|terraform|remote)[-_.]?state(?:[^a-z]|\Z)", re.IGNORECASE)

BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


@dataclass(frozen=True, slots=True)
class Safety:
    """One thing that a state bucket needs.

    Attributes:
        what: `versioning`.
        kind: the type of the resource that gives it.
        there: whether it is there; None where that is not known.
    """

    what: str
    kind: str
    there: bool | None


def is_state(text: str) -> bool:
    """Return whether a name says that it is about Terraform's state: `tfstate`, `acme-terraform-state`."""
    return text == "state" or _NAMED.search(text) is not None


def state_buckets(root: Root, names: Collection[str]) -> Iterator[Instance]:
    """Yield the buckets that a root module makes for state.

    Args:
        root: the root module.
        names: the buckets that backends of the repository name.
    """
    for bucket in root.of("aws_s3_bucket"):
        name = bucket.get("bucket")
        parts = name.parts if isinstance(name, Joined) else (name,)
        said = [bucket.name, *(part for part in parts if isinstance(part, str))]
        if (isinstance(name, str) and name in names) or any(is_state(text) for text in said):
            yield bucket


def safety_of(root: Root, bucket: Instance) -> Iterator[Safety]:
    """Yield what a state bucket needs, and whether it has that: in a resource beside it, or in a block of its own."""
    status = [each.get("versioning_configuration", "status") for each in _beside(root, bucket, "versioning")]
    enabled = [*(_is(value, "Enabled") for value in status), _is(bucket.get("versioning", "enabled"), True)]
    yield _safety(root, bucket, "versioning", "versioning", enabled)
    name = "server_side_encryption_configuration"
    encrypted = [True for _ in _beside(root, bucket, name)] + [name in bucket.body.blocks]
    yield _safety(root, bucket, "encryption", name, list[bool | None](encrypted))
    blocked = [
        _all(_is(each.get(name), True) for name in BLOCKS)
        for each in (*_beside(root, bucket, "public_access_block"), *root.of("aws_s3_account_public_access_block"))
    ]
    yield _safety(root, bucket, "public access block", "public_access_block", blocked)
    policies = [*(each.get("policy") for each in _beside(root, bucket, "policy")), bucket.get("policy")]
    tls = [_denies_plain_http(root, policy) for policy in policies]
    yield _safety(root, bucket, "policy that refuses plain HTTP", "policy", tls)


def _safety(root: Root, bucket: Instance, what: str, kind: str, found: list[bool | None]) -> Safety:
    if True in found:
        return Safety(what, f"aws_s3_bucket_{kind}", True)
    doubt = None in found or any(not each.source for each in root.unread)
    stray = any(_whose(root, each, bucket) is None for each in root.of(f"aws_s3_bucket_{kind}"))
    return Safety(what, f"aws_s3_bucket_{kind}", None if doubt or stray else False)


def _beside(root: Root, bucket: Instance, kind: str) -> Iterator[Instance]:
    yield from (each for each in root.of(f"aws_s3_bucket_{kind}") if _whose(root, each, bucket))


def _whose(root: Root, each: Instance, bucket: Instance) -> bool | None:
    """Return whether a resource is the bucket's; None where that is not known."""
    value = each.get("bucket")
    made = root.find(value)
    if made is not None:
        return made is bucket
    if isinstance(value, str):
        return value == bucket.get("bucket") or (None if isinstance(bucket.get("bucket"), Symbol | Joined) else False)
    return True if value == bucket.get("bucket") and value is not None else None


def _is(value: Value, wanted: str | bool) -> bool | None:
    if isinstance(value, Symbol | Joined):
        return None
    return value == wanted or (wanted is True and value == "true")


def _all(values: Iterator[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def _denies_plain_http(root: Root, policy: Value) -> bool | None:
    if policy is None:
        return False
    document = root.find(policy)
    if document is not None and document.type == "aws_iam_policy_document":
        for statement in document.body.blocks.get("statement", ()):
            variables = [each.get("variable") for each in statement.blocks.get("condition", ())]
            if statement.get("effect") == "Deny" and "aws:SecureTransport" in variables:
                return True
        more = "statement" in document.body.open or document.get("source_policy_documents") is not None
        return None if more else False
    text = _text(policy).lower()
    if "aws:securetransport" in text and "deny" in text:
        return True
    return False if known(policy) or isinstance(policy, Joined | Mapping) else None


def _text(policy: Value) -> str:
    if isinstance(policy, Joined):
        return "".join(part if isinstance(part, str) else "" for part in policy.parts)
    return policy if isinstance(policy, str) else str(policy)
