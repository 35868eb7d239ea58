"""What parts are played around services of Amazon ECS: by load balancers, scaling, buckets."""

from collections.abc import Mapping

from scaffold.compare.cast import Cast, Namer, text, user
from scaffold.evaluate.root import Instance


def _target_group(cast: Cast, instance: Instance) -> str:
    return user(cast, instance, (("aws_ecs_service", "alternate_target_group_arn", "for the next version"),))


def _listener(cast: Cast, instance: Instance) -> str:
    return text(instance.get("protocol")) or f"of port {instance.get('port')}"


def _scaling_target(cast: Cast, instance: Instance) -> str:
    dimension = text(instance.get("scalable_dimension"))
    return "" if dimension in ("", "ecs:service:DesiredCount") else dimension


def _scaling_policy(cast: Cast, instance: Instance) -> str:
    tracking = "target_tracking_scaling_policy_configuration"
    for path in (("predefined_metric_specification", "predefined_metric_type"), ("customized_metric_specification",)):
        metric = text(instance.get(tracking, *path))
        if metric:
            return f"by {metric}"
    steps = instance.body.blocks.get("step_scaling_policy_configuration", ())
    adjustments = [each.get("scaling_adjustment") for step in steps for each in step.blocks.get("step_adjustment", ())]
    known = [each for each in adjustments if isinstance(each, int | float)]
    return "" if not known else "in steps, out" if max(known) > 0 else "in steps, in"


def _bucket(cast: Cast, instance: Instance) -> str:
    if any(_is_bucket(cast, each, instance) for each in cast.root.of("aws_lb")):
        return "load balancer logs"
    return user(cast, instance, (("aws_sfn_state_machine", "definition", "batch"),))


def _is_bucket(cast: Cast, balancer: Instance, bucket: Instance) -> bool:
    return cast.uses.named("aws_s3_bucket", balancer.get("access_logs", "bucket")) is bucket


NAMES: Mapping[str, Namer] = {
    "aws_appautoscaling_policy": _scaling_policy,
    "aws_appautoscaling_target": _scaling_target,
    "aws_lb_listener": _listener,
    "aws_lb_target_group": _target_group,
    "aws_s3_bucket": _bucket,
}
"""By type."""
