"""What two repositories differ in, resource by resource."""

from dataclasses import dataclass
from enum import StrEnum

from scaffold.evaluate.root import Place


class ResourceStatus(StrEnum):
    """How a thing that is there stands to what is rendered."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: a value as it is written, and where."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class AttributeDifference:
    """An argument or nested block that differs.

    Attributes:
        path: `vpc_config.subnet_ids`, `ingress[1].from_port`, `tags.Name`.
        rendered: what is rendered, or None where nothing is.
        there: what is there, or None where nothing is.
        known: whether both sides could be evaluated; without, they may be the same.
    """

    path: str
    rendered: Side | None
    there: Side | None
    known: bool = True


@dataclass(frozen=True, slots=True)
class ResourceDifference:
    """A resource, data source, module, variable, output, provider or Kubernetes object that differs.

    Attributes:
        address: where it is known by: `modules/network: aws_vpc.this`, `environments/prod: module.eks`,
            `k8s/prod: NodePool general-purpose`.
        status: changed, missing (rendered, not there), extra (there, not rendered), or unknown.
        place: where it is written: there, or what is missing in the rendering.
        attributes: what of it differs.
        rendered_address: the address of what it was compared with, where that is another one.
        reason: why it is unknown: `main.tf could not be read whole`.
    """

    address: str
    status: ResourceStatus
    place: Place
    attributes: tuple[AttributeDifference, ...] = ()
    rendered_address: str = ""
    reason: str = ""
