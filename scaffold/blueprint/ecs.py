"""What follows from the answers for Amazon ECS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scaffold.answers import ecs as asked
from scaffold.answers.base import AUDITABLE_RETENTION_DAYS
from scaffold.answers.model import Answers
from scaffold.blueprint.environment import ProviderFacts
from scaffold.blueprint.everywhere import Everywhere
from scaffold.cost.inventory import FargateTasks

AWS_PROVIDER_VERSION = "6.25"
"""Canary and linear deployments, managed instances and the validation of JWTs are all in it."""

PROVIDERS: tuple[ProviderFacts, ...] = ()

SAMPLE_IMAGE = "public.ecr.aws/docker/library/python:3.13.9-slim-bookworm"
"""Docker's official Python image as Amazon ECR Public has it, for arm64 and x86_64."""

SPOT_BASE = 2
"""The first tasks of a service on Fargate Spot, which stay off Spot (C2)."""

SPOT_SHARE = 4
"""For each task on Fargate beyond them, how many are on Spot (C2)."""

STOP_SECONDS = 30
"""What a container gets to end in; a service's requests are short."""

LONGEST_STOP_SECONDS = 120
"""The most a container on Fargate can get. Source: stopTimeout,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html."""

DRAIN_SECONDS = 30
"""How long a target that leaves may end its requests, for a service."""

STREAM_DRAIN_SECONDS = 300
"""The same for event streams, whose clients are told to come back."""


@dataclass(frozen=True, slots=True)
class JwtFacts:
    """Whose bearer tokens the load balancer lets through."""

    issuer: str
    jwks_endpoint: str


@dataclass(frozen=True, slots=True)
class CognitoFacts:
    """The user pool with which the load balancer signs people in."""

    user_pool_arn: str
    user_pool_client_id: str
    user_pool_domain: str


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """Limits that hold from a time on.

    Attributes:
        name: its place among the schedules, as a text.
        schedule: when, in the notation of Application Auto Scaling.
        min_tasks: the fewest tasks from then on.
        max_tasks: the most tasks from then on.
        timezone: of the schedule.
    """

    name: str
    schedule: str
    min_tasks: int
    max_tasks: int
    timezone: str


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """How a batch works through its items.

    Attributes:
        max_concurrency: how many tasks run at once.
        tolerated_failure_percentage: the share of items that may fail.
        heartbeat_seconds: the longest silence of a task.
        timeout_seconds: the longest run of a task.
    """

    max_concurrency: int
    tolerated_failure_percentage: int
    heartbeat_seconds: int
    timeout_seconds: int


@dataclass(frozen=True, slots=True)
class EcsFacts:
    """One environment's cluster and what runs on it.

    Attributes:
        name: the environment's name.
        arch: `arm64` or `x86_64`.
        kind: `service`, `mcp-server` or `batch`.
        capacity_provider: `fargate`, `fargate-spot` or `managed-instances`.
        load_balancer: `none`, `internal` or `internet-facing`.
        deployment: `rolling`, `blue-green`, `canary` or `linear`.
        scaling: `cpu`, `requests` or `step`.
        image: the container image; None where it comes from the project's own repository.
        sample: whether that is the sample image.
        command: what the container runs; None for what its image says.
        user: the user and group it runs as.
        cpu: CPU units of a task.
        memory: MiB of a task.
        container_port: the port the container listens on.
        health_path: the path that answers while all is well.
        health_command: the container's own health check.
        secrets: environment variables and the ARNs that they are filled from, in the order of their names.
        certificate_arn: the load balancer's certificate; None without a load balancer.
        idle_timeout: seconds a connection may be silent.
        jwt: whose bearer tokens are let through; None for no check.
        cognito: with what people sign in; None for not at all.
        min_tasks: the fewest tasks.
        max_tasks: the most tasks.
        requests_per_task: the requests of a task in a minute, with `scaling` requests.
        schedules: times from which on other limits hold.
        execute_command: whether people may open a shell.
        adot: whether the collector runs beside the container.
        batch: how a batch works through its items; None for a service.
        production: whether the environment is production.
        private: whether there is no NAT, so that tasks reach only the VPC and gateway endpoints.
        gateway_endpoints: the services with a gateway endpoint, in name order.
        alarm_topic_arns: the topics alarms notify.
        log_retention_days: days to keep logs.
    """

    name: str
    arch: str
    kind: str
    capacity_provider: str
    load_balancer: str
    deployment: str
    scaling: str
    image: str | None
    sample: bool
    command: tuple[str, ...] | None
    user: str
    cpu: int
    memory: int
    container_port: int
    health_path: str
    health_command: tuple[str, ...]
    secrets: dict[str, str]
    certificate_arn: str | None
    idle_timeout: int
    jwt: JwtFacts | None
    cognito: CognitoFacts | None
    min_tasks: int
    max_tasks: int
    requests_per_task: int
    schedules: tuple[ScheduleFacts, ...]
    execute_command: bool
    adot: bool
    batch: BatchFacts | None
    production: bool
    private: bool
    gateway_endpoints: tuple[str, ...]
    alarm_topic_arns: tuple[str, ...]
    log_retention_days: int


@dataclass(frozen=True, slots=True)
class EcsModuleFacts:
    """What the module must be able to do, for all environments together.

    Attributes:
        service: whether a service runs, rather than a batch.
        batch: whether a batch runs.
        mcp: whether the service is an MCP server.
        fargate: whether tasks run on Fargate, Spot or not.
        spot: whether four of five tasks beyond the first two run on Fargate Spot.
        managed_instances: whether tasks run on instances that ECS manages.
        launch_type: what the tasks are made for, as the provider calls it.
        balanced: whether there is a load balancer.
        internet_facing: whether the internet reaches it.
        shifting: whether ECS shifts traffic between two target groups.
        strategy: the deployment's strategy, as the provider calls it.
        scaling_by_requests: whether the number of tasks follows requests, too.
        scaling_by_steps: whether it follows the CPU in steps.
        schedules: whether any environment has other limits from a time on.
        secrets: which environments have secrets.
        secret_kinds: which services the secrets of any come from: `secretsmanager`, `ssm`.
        execute_command: which environments let people open a shell.
        jwt: which environments check bearer tokens.
        cognito: which environments sign people in.
        adot: whether the collector runs beside the container.
        own_image: whether the image of any comes from the project's own repository by its name alone.
        private: whether any environment has no NAT.
        stop_seconds: what a container gets to end in.
        drain_seconds: how long a target that leaves may end its requests.
        short_log_retention: whether any environment keeps logs for less than a year.
    """

    service: bool
    batch: bool
    mcp: bool
    fargate: bool
    spot: bool
    managed_instances: bool
    launch_type: str
    balanced: bool
    internet_facing: bool
    shifting: bool
    strategy: str
    scaling_by_requests: bool
    scaling_by_steps: bool
    schedules: bool
    secrets: Everywhere
    secret_kinds: tuple[str, ...]
    execute_command: Everywhere
    jwt: Everywhere
    cognito: Everywhere
    adot: bool
    own_image: bool
    private: bool
    stop_seconds: int
    drain_seconds: int
    short_log_retention: bool


def costs(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what it adds to an environment's inventory, from the environment's facts."""
    facts = environment["ecs"]
    batch = facts["kind"] == "batch"
    balanced = facts["load_balancer"] != "none"
    on_instances = facts["capacity_provider"] == "managed-instances"
    added: dict[str, Any] = {
        "kms_keys": 1,
        # The container's and the cluster's own; and the shells', or the state machine's.
        "log_groups": 2 + facts["execute_command"] + batch,
        # Failed and timed-out executions; or tasks, CPU and memory, with errors and refused requests of the load
        # balancer and two that make steps.
        "alarms": 2 if batch else 3 + 2 * balanced + 2 * (facts["scaling"] == "step"),
        "load_balancers": int(balanced),
        "public_ipv4": environment["azs"]["count"] if facts["load_balancer"] == "internet-facing" else 0,
        "state_machines": int(batch),
    }
    if not batch and not on_instances:
        added["fargate"] = _fargate_tasks(facts)
    if not batch and on_instances:
        # ECS spreads tasks over zones before it fills instances.
        added["ecs_instances"] = ((facts["arch"], min(facts["min_tasks"], environment["azs"]["count"])),)
    return added


def _fargate_tasks(facts: Mapping[str, Any]) -> tuple[FargateTasks, ...]:
    least, spot = facts["min_tasks"], 0
    if facts["capacity_provider"] == "fargate-spot":
        beyond = max(0, least - SPOT_BASE)
        spot = beyond * SPOT_SHARE // (SPOT_SHARE + 1)
    size = (facts["arch"], facts["cpu"], facts["memory"])
    tasks = (FargateTasks(*size, count=least - spot), FargateTasks(*size, count=spot, spot=True))
    return tuple(each for each in tasks if each.count)


def environment_facts(answers: Answers) -> EcsFacts:
    """Return one environment's cluster and what runs on it."""
    ecs = answers.ecs
    sample = ecs.image is None and not ecs.is_batch
    return EcsFacts(
        name=answers.environment,
        arch=answers.arch,
        kind=ecs.kind,
        capacity_provider=ecs.capacity_provider,
        load_balancer=ecs.load_balancer,
        deployment=ecs.deployment,
        scaling=ecs.scaling,
        image=SAMPLE_IMAGE if sample else ecs.image,
        sample=sample,
        command=_command(answers, sample),
        user=ecs.user,
        cpu=ecs.cpu,
        memory=ecs.memory,
        container_port=ecs.container_port,
        health_path=ecs.health_path,
        health_command=_health_command(answers),
        secrets=dict(sorted(ecs.secrets.items())),
        certificate_arn=ecs.certificate_arn,
        idle_timeout=ecs.idle_seconds,
        jwt=JwtFacts(ecs.jwt.issuer, ecs.jwt.jwks_endpoint) if ecs.jwt else None,
        cognito=CognitoFacts(**ecs.cognito.model_dump()) if ecs.cognito else None,
        min_tasks=asked.min_tasks(answers),
        max_tasks=ecs.max_tasks,
        requests_per_task=ecs.requests_per_task,
        schedules=tuple(
            ScheduleFacts(f"schedule-{number}", f"cron({each.cron})", each.min_tasks, each.max_tasks, each.timezone)
            for number, each in enumerate(ecs.schedules, start=1)
        ),
        execute_command=ecs.execute_command,
        adot=ecs.adot,
        batch=BatchFacts(**ecs.batch.model_dump()) if ecs.is_batch else None,
        production=answers.production,
        private=answers.nat == "none",
        gateway_endpoints=("dynamodb", "s3") if answers.network.dynamodb_endpoint else ("s3",),
        alarm_topic_arns=tuple(ecs.alarm_topic_arns),
        log_retention_days=ecs.log_retention_days,
    )


def _command(answers: Answers, sample: bool) -> tuple[str, ...] | None:
    if sample:
        return ("python", "-m", "http.server", str(answers.ecs.container_port), "--directory", "/srv")
    return tuple(answers.ecs.command) if answers.ecs.command else None


def _health_command(answers: Answers) -> tuple[str, ...]:
    ecs = answers.ecs
    if ecs.health_command is not None:
        return tuple(ecs.health_command)
    if ecs.is_batch:
        return ("CMD", "python", "worker.py", "--healthy")
    url = f"http://127.0.0.1:{ecs.container_port}/"
    return ("CMD", "python", "-c", f"from urllib.request import urlopen; urlopen('{url}', timeout=3)")


def module_facts(environments: Sequence[EcsFacts]) -> EcsModuleFacts:
    """Return what the module must serve so that all environments can use it.

    Args:
        environments: those that have Amazon ECS, at least one. They agree in what `SAME_EVERYWHERE` names.
    """
    first = environments[0]
    mcp = first.kind == "mcp-server"
    spot = first.capacity_provider == "fargate-spot"
    managed_instances = first.capacity_provider == "managed-instances"
    arns = [arn for environment in environments for arn in environment.secrets.values()]
    return EcsModuleFacts(
        service=first.kind != "batch",
        batch=first.kind == "batch",
        mcp=mcp,
        fargate=not managed_instances,
        spot=spot,
        managed_instances=managed_instances,
        launch_type="MANAGED_INSTANCES" if managed_instances else "FARGATE",
        balanced=first.load_balancer != "none",
        internet_facing=first.load_balancer == "internet-facing",
        shifting=first.deployment != "rolling",
        strategy=first.deployment.upper().replace("-", "_"),
        scaling_by_requests=first.scaling == "requests",
        scaling_by_steps=first.scaling == "step",
        schedules=any(environment.schedules for environment in environments),
        secrets=Everywhere.of([bool(environment.secrets) for environment in environments]),
        secret_kinds=tuple(kind for kind in ("secretsmanager", "ssm") if any(f":{kind}:" in arn for arn in arns)),
        execute_command=Everywhere.of([environment.execute_command for environment in environments]),
        jwt=Everywhere.of([environment.jwt is not None for environment in environments]),
        cognito=Everywhere.of([environment.cognito is not None for environment in environments]),
        adot=first.adot,
        own_image=any(environment.image is None for environment in environments),
        private=any(environment.private for environment in environments),
        # Spot gives two minutes' notice, and a client of an MCP server has to open its streams anew.
        stop_seconds=LONGEST_STOP_SECONDS if mcp or spot else STOP_SECONDS,
        drain_seconds=STREAM_DRAIN_SECONDS if mcp else DRAIN_SECONDS,
        short_log_retention=any(
            environment.log_retention_days < AUDITABLE_RETENTION_DAYS for environment in environments
        ),
    )


def aws_provider_version(facts: EcsModuleFacts) -> str:
    """Return the first provider minor that has every argument the module uses."""
    return AWS_PROVIDER_VERSION
