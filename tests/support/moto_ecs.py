"""What moto lacks for a service of ECS: settings it forgets, and the tags of scalable targets, which it cannot list.

moto 5.2 keeps of a service what EC2's launch type needs, so that every plan after an apply wants to replace one with
capacity providers. Shapes follow the API references; what Terraform does not read is left out.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.ecs.responses import EC2ContainerServiceResponse

FORGOTTEN = ("availabilityZoneRebalancing", "capacityProviderStrategy", "enableECSManagedTags", "enableExecuteCommand")
"""What a service is made with and moto drops."""

_SERVICES: dict[str, dict[str, Any]] = {}
_TAGS: dict[str, dict[str, str]] = {}

Method = Callable[[Any], str]


def extend_ecs() -> None:
    """Teach moto what this module knows; twice does no harm."""
    if not hasattr(ApplicationAutoScalingResponse, "list_tags_for_resource"):
        ecs: Any = EC2ContainerServiceResponse
        scaling: Any = ApplicationAutoScalingResponse
        ecs.create_service = _keeping_settings(ecs.create_service)
        ecs.describe_services = _with_settings(ecs.describe_services)
        scaling.register_scalable_target = _keeping_tags(scaling.register_scalable_target)
        scaling.list_tags_for_resource = _list_tags_for_resource


def _keeping_settings(create: Method) -> Method:
    def create_and_keep(response: Any) -> str:
        answer = create(response)
        given = {name: response._get_param(name) for name in FORGOTTEN}
        arn = json.loads(answer)["service"]["serviceArn"]
        _SERVICES[arn] = {name: value for name, value in given.items() if value is not None}
        return answer

    return create_and_keep


def _with_settings(describe: Method) -> Method:
    def describe_with_them(response: Any) -> str:
        answer = json.loads(describe(response))
        for service in answer["services"]:
            kept = _SERVICES.get(service["serviceArn"], {})
            service.update(kept)
            if "capacityProviderStrategy" in kept:
                service.pop("launchType", None)
        return json.dumps(answer)

    return describe_with_them


def _keeping_tags(register: Method) -> Method:
    def register_and_keep(response: Any) -> str:
        answer = register(response)
        _TAGS.setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(response._get_param("Tags") or {})
        return answer

    return register_and_keep


def _list_tags_for_resource(response: Any) -> str:
    return json.dumps({"Tags": _TAGS.get(response._get_param("ResourceARN"), {})})
