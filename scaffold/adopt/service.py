"""The answers about Amazon ECS, from a root module's cluster, its service or its batch."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold.adopt.findings import Finding, Gap, Inferred, NotExpressible, answer
from scaffold.adopt.operations import retention, topics
from scaffold.adopt.task import task_answers
from scaffold.answers.ecs import LONG_STREAM_SECONDS
from scaffold.blueprint.ecs import STREAM_DRAIN_SECONDS
from scaffold.compare.cast import Cast, text
from scaffold.compare.log_parts import CONTAINERS
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Body, Instance
from scaffold.evaluate.values import Joined, Symbol, Value
from scaffold.facts.balancers import Balancer
from scaffold.facts.ecs import FARGATE, SPOT, Ecs, EcsService, Strategy, ecs_of
from scaffold.facts.workflows import Workflow, workflows_of
from scaffold.opinions.c16 import is_mcp_server
from scaffold.opinions.ecs_services import number

_NAMESPACES = ("AWS/ECS", "ECS/ContainerInsights", "AWS/ApplicationELB", "AWS/States")
_STRATEGIES = {"BLUE_GREEN": "blue-green", "CANARY": "canary", "LINEAR": "linear", "ROLLING": "rolling"}
_TRACKING = ("target_tracking_scaling_policy_configuration",)
_TIMEOUT = ("service_connect_configuration", "service", "timeout")
_METRIC = (*_TRACKING, "predefined_metric_specification", "predefined_metric_type")
_CRON = re.compile(r"cron\((.+)\)\Z")
_CHECKS: Mapping[str, tuple[str, ...]] = {
    "jwt": ("issuer", "jwks_endpoint"),
    "cognito": ("user_pool_arn", "user_pool_client_id", "user_pool_domain"),
}
_BLOCKS = {"jwt": "jwt_validation", "cognito": "authenticate_cognito"}
_BATCH = {
    "max_concurrency": "MaxConcurrency",
    "tolerated_failure_percentage": "ToleratedFailurePercentage",
    "heartbeat_seconds": "HeartbeatSeconds",
    "timeout_seconds": "TimeoutSeconds",
}


def ecs_answers(cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `ecs.*`; nothing where it makes nothing of Amazon ECS."""
    ecs = ecs_of(cast.root)
    if ecs is None:
        return
    # The one that a load balancer leads to is what people come for.
    services = sorted(ecs.services, key=lambda each: not each.balanced)
    batches = [each for each in workflows_of(cast.root) if each.readable]
    for other in ecs.clusters[1:]:
        yield NotExpressible(f"{other.address} is one more cluster; an environment has one", other.instance.place)
    for more in services[1:]:
        yield NotExpressible(f"{more.address} is one more service; an environment has one", more.instance.place)
    if services:
        yield from _with_image(list(_service(cast, services[0])))
        for batch in batches:
            yield NotExpressible(
                f"{batch.address} runs tasks too; an environment has a service or a batch", batch.instance.place
            )
    elif batches:
        yield from _batch(cast, ecs, batches[0])
        for cluster in ecs.clusters[:1]:
            if cluster.instance.body.blocks.get("configuration"):
                yield Inferred("ecs.execute_command", True, cluster.instance.place_of("configuration"))
    yield from topics(cast, "ecs", _is_of_tasks)
    yield from retention(cast, "ecs", CONTAINERS)


def _with_image(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings, those that go with an image as gaps where it is not known: the sample image has its own."""
    unknown = any(isinstance(each, Gap) and each.path == "ecs.image" for each in findings)
    for each in findings:
        if unknown and isinstance(each, Inferred) and each.path in _OF_THE_IMAGE and each.value != "/":
            yield Gap(each.path, f"goes with ecs.image, which is not known: {displayed(_value(each.value))}")
        else:
            yield each


_OF_THE_IMAGE = ("ecs.command", "ecs.health_command", "ecs.health_path")


def _value(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else str(value)


def _is_of_tasks(cast: Cast, alarm: Instance) -> bool:
    queries = [each.get("metric", "namespace") for each in alarm.body.blocks.get("metric_query", ())]
    return any(text(each) in _NAMESPACES for each in (alarm.get("namespace"), *queries))


def _service(cast: Cast, service: EcsService) -> Iterator[Finding]:
    kind = _kind(service)
    yield kind
    yield from _capacity(cast, service.instance, service.strategy)
    if service.task is not None:
        yield from task_answers(cast, service.task, batch=False)
    else:
        yield Gap("ecs.image", f"the task definition of {service.address} is not seen here")
    yield from _balancer(service)
    yield from _deployment(service)
    yield from _scaling(service)
    yield from answer("ecs.execute_command", service.instance.body.at("enable_execute_command"), bool)


def _kind(service: EcsService) -> Inferred:
    if _holds_streams(service):
        return Inferred("ecs.kind", "mcp-server", service.instance.place_of(*_TIMEOUT))
    if is_mcp_server(service):
        return Inferred("ecs.kind", "mcp-server", service.instance.place, "its name")
    return Inferred("ecs.kind", "service", service.instance.place)


def _holds_streams(service: EcsService) -> bool:
    """Return whether nothing on the way to the tasks ends a stream that is silent for long, nor when a task leaves."""
    proxy = [service.instance.get(*_TIMEOUT, f"{name}_timeout_seconds") for name in ("per_request", "idle")]
    endless, silence = (number(each) for each in proxy)
    drains = [number(each.get("deregistration_delay")) for each in service.targets]
    return (
        endless == 0
        and silence is not None
        and silence >= LONG_STREAM_SECONDS
        and all(each is not None and each >= STREAM_DRAIN_SECONDS for each in drains)
    )


def _capacity(cast: Cast, instance: Instance, strategy: Strategy) -> Iterator[Finding]:
    managed = [each for each in cast.root.of("aws_ecs_capacity_provider") if _is_managed(each)]
    providers = [share.provider for share in strategy.shares] or [strategy.launch_type]
    place = strategy.shares[0].place if strategy.shares else instance.place_of("launch_type")
    path = "ecs.capacity_provider"
    made = [cast.uses.named("aws_ecs_capacity_provider", each) for each in providers]
    if strategy.open:
        yield Gap(path, f"which capacity {instance.address} runs on cannot be evaluated")
    elif SPOT in providers:
        yield Inferred(path, "fargate-spot", place)
    elif strategy.fargate:
        yield Inferred(path, "fargate", place)
    elif any(each is not None and each in managed for each in made):
        yield Inferred(path, "managed-instances", place)
    elif any(isinstance(each, Symbol | Joined) for each in providers) and not any(made):
        yield Gap(path, f"which capacity {instance.address} runs on cannot be evaluated")
    else:
        yield Gap(path, "instances of one's own are no answer; managed-instances are the nearest")
        yield NotExpressible(f"{instance.address} runs on instances of one's own; there is no answer for those", place)


def _is_managed(provider: Instance) -> bool:
    return bool(provider.body.blocks.get("managed_instances_provider"))


def _balancer(service: EcsService) -> Iterator[Finding]:
    if not service.balanced:
        yield Inferred("ecs.load_balancer", "none", service.instance.place, "no load_balancer")
        yield from answer("ecs.idle_timeout", service.instance.body.at(*_TIMEOUT, "idle_timeout_seconds"), int)
        return
    if not service.balancers:
        yield Gap("ecs.load_balancer", f"the load balancer of {service.address} is not seen here")
        return
    balancer = service.balancers[0]
    for other in service.balancers[1:]:
        yield NotExpressible(f"{other.address} is one more load balancer; a service has one", other.instance.place)
    if isinstance(balancer.internal, Symbol | Joined):
        yield Gap("ecs.load_balancer", f"whether {balancer.address} is internal cannot be evaluated")
    else:
        internal = balancer.internal in (True, "true")
        yield Inferred(
            "ecs.load_balancer",
            "internal" if internal else "internet-facing",
            balancer.instance.place_of("internal"),
            "" if balancer.instance.get("internal") is not None else "internal is not set, which is false",
        )
    if balancer.kind != "application":
        yield NotExpressible(f"{balancer.address} is no application load balancer", balancer.instance.place)
        return
    yield from _set_or(balancer.instance, "ecs.idle_timeout", "idle_timeout", 60)
    yield from _listeners(balancer)
    if service.targets:
        yield from _health(service.targets[0])


def _set_or(instance: Instance, path: str, argument: str, default: int) -> Iterator[Finding]:
    given = instance.body.at(argument)
    if given is None or given.value is None:
        yield Inferred(path, default, instance.place, f"{argument} is not set, which is {default}")
    else:
        yield from answer(path, given, int)


def _listeners(balancer: Balancer) -> Iterator[Finding]:
    secure = [each for each in balancer.listeners if each.protocol == "HTTPS"]
    for listener in secure[:1]:
        yield from answer("ecs.certificate_arn", listener.instance.body.at("certificate_arn"))
    for other in secure[1:]:
        yield NotExpressible(f"{other.instance.address} is one more listener of HTTPS", other.instance.place)
    if not secure:
        yield Gap("ecs.certificate_arn", f"{balancer.address} has no listener of HTTPS")
    actions = [action for listener in secure for _, action in listener.actions()]
    for check, names in _CHECKS.items():
        blocks = [block for action in actions for block in action.blocks.get(_BLOCKS[check], ())]
        if blocks:
            yield from _check(check, blocks[0], names)
    for action in actions:
        if action.get("type") == "authenticate-oidc":
            yield NotExpressible("people are signed in by OIDC, whose client secret is in the state", action.place)


def _check(check: str, block: Body, names: Sequence[str]) -> Iterator[Finding]:
    values = {name: block.get(name) for name in names}
    unknown = next((name for name, value in values.items() if not isinstance(value, str)), None)
    if unknown is None:
        yield Inferred(f"ecs.{check}", values, block.place)
    else:
        yield Gap(f"ecs.{check}", f"{unknown}, {displayed(values[unknown])}, cannot be evaluated")


def _health(target: Instance) -> Iterator[Finding]:
    given = target.body.at("health_check", "path")
    if given is None or given.value is None:
        yield Inferred("ecs.health_path", "/", target.place, "health_check.path is not set, which is /")
    else:
        yield from answer("ecs.health_path", given)


def _deployment(service: EcsService) -> Iterator[Finding]:
    if service.controller != "ECS":
        place = service.instance.place_of("deployment_controller")
        yield Gap("ecs.deployment", f"{displayed(service.controller)} deploys {service.address}, and not ECS itself")
        yield NotExpressible(f"{service.address} is not deployed by ECS itself", place)
        return
    given = service.instance.body.at("deployment_configuration", "strategy")
    if given is None or given.value is None:
        yield Inferred("ecs.deployment", "rolling", service.instance.place, "no deployment strategy, which is ROLLING")
    elif isinstance(given.value, str) and given.value in _STRATEGIES:
        yield Inferred("ecs.deployment", _STRATEGIES[given.value], given.place)
    else:
        yield from answer("ecs.deployment", given)


def _scaling(service: EcsService) -> Iterator[Finding]:
    target = service.scaling.target
    if target is None:
        if service.scaling.doubt:
            yield Gap("ecs.max_tasks", service.scaling.doubt)
            return
        yield from answer("ecs.min_tasks", service.instance.body.at("desired_count"), int)
        yield Gap("ecs.max_tasks", f"nothing changes the number of tasks of {service.address}")
        return
    yield from answer("ecs.min_tasks", target.body.at("min_capacity"), int)
    yield from answer("ecs.max_tasks", target.body.at("max_capacity"), int)
    policies = [each for each in service.scaling.policies if each.type == "aws_appautoscaling_policy"]
    yield from _policies(service, policies)
    yield from _schedules([each for each in service.scaling.policies if each not in policies])


def _policies(service: EcsService, policies: Sequence[Instance]) -> Iterator[Finding]:
    steps = [each for each in policies if each.get("policy_type") == "StepScaling"]
    metrics = {text(each.get(*_METRIC)): each for each in policies if each not in steps}
    requests = metrics.pop("ALBRequestCountPerTarget", None)
    cpu = metrics.pop("ECSServiceAverageCPUUtilization", None)
    first = requests or (steps[0] if steps else cpu)
    if first is None:
        yield Gap("ecs.scaling", f"nothing known here changes the number of tasks of {service.address}")
    else:
        yield Inferred("ecs.scaling", "requests" if requests else "step" if steps else "cpu", first.place)
    if requests is not None:
        yield from answer("ecs.requests_per_task", requests.body.at(*_TRACKING, "target_value"), int)
    for other in metrics.values():
        yield NotExpressible(f"{other.address} follows something else than CPU and requests", other.place)


def _schedules(actions: Sequence[Instance]) -> Iterator[Finding]:
    found: list[dict[str, Any]] = []
    for each in sorted(actions, key=lambda one: (len(one.address), one.address)):
        match = _CRON.fullmatch(text(each.get("schedule")))
        least, most = (each.get("scalable_target_action", name) for name in ("min_capacity", "max_capacity"))
        if match is None or not isinstance(least, int) or not isinstance(most, int) or not each.certain:
            yield Gap("ecs.schedules", f"{each.address} is no cron expression with limits that are known")
            return
        zone = each.get("timezone")
        schedule: dict[str, Any] = {"cron": match[1], "min_tasks": least, "max_tasks": most}
        found.append({**schedule, **({"timezone": zone} if isinstance(zone, str) and zone != "UTC" else {})})
    if found:
        yield Inferred("ecs.schedules", found, actions[0].place)


def _batch(cast: Cast, ecs: Ecs, batch: Workflow) -> Iterator[Finding]:
    yield Inferred("ecs.kind", "batch", batch.instance.place)
    yield from _batch_capacity(cast, batch)
    tasks = [cast.uses.named("aws_ecs_task_definition", each.get(*_TASK)) for each in batch.tasks]
    task = next((each for each in ecs.tasks if each.instance in tasks), None)
    if task is not None:
        yield from task_answers(cast, task, batch=True)
    else:
        yield Gap("ecs.image", f"the task definition of {batch.address} is not seen here")
    states = {**dict.fromkeys(list(_BATCH)[:2], batch.maps), **dict.fromkeys(list(_BATCH)[2:], batch.tasks)}
    for name, found in states.items():
        value = found[0].get(_BATCH[name]) if found else None
        if value is None:
            yield Gap(f"ecs.batch.{name}", f"{batch.address} sets no {_BATCH[name]}")
        else:
            yield from answer(f"ecs.batch.{name}", Argument(value, batch.place), int)


_TASK = ("Parameters", "TaskDefinition")


def _batch_capacity(cast: Cast, batch: Workflow) -> Iterator[Finding]:
    for state in batch.tasks[:1]:
        shares = state.get("Parameters", "CapacityProviderStrategy")
        providers = [each.get("CapacityProvider") for each in _maps(shares)]
        launch_type = state.get("Parameters", "LaunchType")
        path = "ecs.capacity_provider"
        made = [cast.uses.named("aws_ecs_capacity_provider", each) for each in providers]
        if any(each is not None and _is_managed(each) for each in made):
            yield Inferred(path, "managed-instances", batch.place)
        elif launch_type == FARGATE or (providers and all(each in (FARGATE, SPOT) for each in providers)):
            yield Inferred(path, "fargate-spot" if SPOT in providers else "fargate", batch.place)
        else:
            yield Gap(path, f"which capacity {batch.address} runs tasks on is not known")


def _maps(value: object) -> list[Mapping[Any, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, tuple) else []
