"""The community modules that most repositories call: which resources their inputs make.

One module each, with `expand(call) -> Made`. It makes the resources that opinions look at, under the addresses that
the community module really gives them, and nothing that it is not sure of: an input that cannot be evaluated makes
instances that are not `certain`, or a value that is a `Symbol`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scaffold.evaluate.root import Argument, Instance, Place, Unread
from scaffold.evaluate.values import Value


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a module.

    Attributes:
        address: of the call: `module.vpc`, `module.platform.module.vpc["a"]`.
        source: as written.
        version: the constraint as written, or empty.
        arguments: its inputs, evaluated.
        place: where the call starts.
    """

    address: str
    source: str
    version: str
    arguments: Mapping[str, Argument]
    place: Place


@dataclass(frozen=True, slots=True)
class Made:
    """What a call makes.

    Attributes:
        instances: the resources; each `Instance.origin` is the module's source, its places are those of the inputs.
        outputs: what `module.x.<output>` is worth; an output that is missing here is a symbol.
        unread: what it may make besides.
    """

    instances: tuple[Instance, ...]
    outputs: Mapping[str, Value]
    unread: tuple[Unread, ...] = field(default=())


_REGISTRY = re.compile(
    r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?(terraform-aws-modules/[a-z0-9-]+)/aws(//.*)?\Z"
)
_GIT = re.compile(
    r"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]terraform-aws-modules/terraform-aws-([a-z0-9-]+?)(?:\.git)?"
    r"(//[^?]*)?(?:\?.*)?\Z"
)


_LABEL = re.compile(
    r"(?:(?:registry\.(?:terraform\.io|opentofu\.org)/)?cloudposse/label/null"
    r"|(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]cloudposse/terraform-null-label(?:\.git)?(?:\?.*)?)\Z"
)


def known_as(source: str) -> str:
    """Return the registry's name of a community module's source, `terraform-aws-modules/vpc`, or an empty text."""
    if _LABEL.match(source):
        return "cloudposse/label"
    if match := _REGISTRY.match(source):
        return match[1] + (match[2] or "")
    if match := _GIT.match(source):
        return f"terraform-aws-modules/{match[1]}" + (match[2] or "")
    return ""


def expand(call: Call) -> Made | None:
    """Return what a call of a community module makes, or None where the module is not known here."""
    maker = _makers().get(known_as(call.source))
    return maker(call) if maker else None


def _makers() -> Mapping[str, Callable[[Call], Made]]:
    from scaffold.evaluate.community import eks, lambda_function, vpc, vpc_endpoints

    return {
        # It only puts names and tags together.
        "cloudposse/label": lambda _: Made((), {}),
        "terraform-aws-modules/eks": eks.expand,
        "terraform-aws-modules/lambda": lambda_function.expand,
        "terraform-aws-modules/vpc": vpc.expand,
        "terraform-aws-modules/vpc//modules/vpc-endpoints": vpc_endpoints.expand,
    }
