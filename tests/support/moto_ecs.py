"""What moto lacks for a service of ECS: settings it forgets, and the tags of scalable targets, which it cannot list.

moto 5.2 keeps of a service what EC2's launch type needs, so that every plan after an apply wants to replace one with
capacity providers. Shapes follow the API references; what Terraform does not read is left out.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.ecs.responses import EC2ContainerServiceResponse

FORGOTTEN = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
}
"""What a service is made with and moto drops, with the attribute from which moto would answer it."""

_TAGS: dict[str, dict[str, str]] = {}

Method = Callable[[Any], Any]


def extend_ecs() -> None:
    """Teach moto what this module knows; twice does no harm."""
    if not hasattr(ApplicationAutoScalingResponse, "list_tags_for_resource"):
        ecs: Any = EC2ContainerServiceResponse
        scaling: Any = ApplicationAutoScalingResponse
        ecs.create_service = _keeping_settings(ecs.create_service)
        scaling.register_scalable_target = _keeping_tags(scaling.register_scalable_target)
        scaling.list_tags_for_resource = _list_tags_for_resource


def _keeping_settings(create: Method) -> Method:
    def create_and_keep(response: Any) -> Any:
        answer = create(response)
        service = answer.result["service"]
        for name, attribute in FORGOTTEN.items():
            setattr(service, attribute, response._get_param(name))
        if service.capacity_provider_strategy:
            service.launch_type = None
        return answer

    return create_and_keep


def _keeping_tags(register: Method) -> Method:
    def register_and_keep(response: Any) -> Any:
        answer = register(response)
        _TAGS.setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(response._get_param("Tags") or {})
        return answer

    return register_and_keep


def _list_tags_for_resource(response: Any) -> str:
    return json.dumps({"Tags": _TAGS.get(response._get_param("ResourceARN"), {})})
