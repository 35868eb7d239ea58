"""How the number of tasks of a service of Amazon ECS changes."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.evaluate.references import candidates, joined, names
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Symbol, Value


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the number of a service's tasks changes.

    Attributes:
        target: the `aws_appautoscaling_target`, or None where there is none that is seen.
        policies: its `aws_appautoscaling_policy` and `aws_appautoscaling_scheduled_action`.
        doubt: why there may be another; empty where nothing says so.
    """

    target: Instance | None
    policies: tuple[Instance, ...]
    doubt: str = ""


def scaling_of(root: Root, service: Instance, cluster: Instance | None) -> Scaling:
    """Return how a service scales.

    Args:
        root: the root module.
        service: the `aws_ecs_service`.
        cluster: its `aws_ecs_cluster`, where the root module makes it.
    """
    own = (Symbol(service.address), service.get("name"))
    doubt = ""
    for target in candidates(root, "aws_appautoscaling_target", "resource_id", *own):
        resource = target.get("resource_id")
        belongs = _is_of(resource, service, cluster)
        if belongs:
            return Scaling(target, tuple(_policies(root, target)), "" if target.certain else _may_be(target))
        if belongs is None:
            doubt = doubt or f"nobody can say whether {target.address} is of it"
    return Scaling(None, (), doubt)


def _is_of(resource: Value, service: Instance, cluster: Instance | None) -> bool | None:
    """Return whether `service/<cluster>/<service>` is a service's; None where nobody can say."""
    if cluster is not None and isinstance(resource, str) and isinstance(service.get("name"), str):
        wanted = joined("service/", cluster.get("name"), "/", service.get("name"))
        if isinstance(wanted, str):
            return resource == wanted
    return names(resource, service)


def _policies(root: Root, target: Instance) -> Iterator[Instance]:
    resource = target.get("resource_id")
    for each in root.of("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action"):
        given = each.get("resource_id")
        if given == resource or (isinstance(given, Symbol) and given.of == target.address):
            yield each


def _may_be(instance: Instance) -> str:
    return f"{instance.address} may be there or not"
