"""Answers about Amazon ECS: the cluster, and the service or the batch that runs on it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from scaffold.answers.alarms import ABOUT_TOPICS, TopicArns, unheard
from scaffold.answers.base import RetentionDays, Strict, UnfitError
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

Kind = Literal["service", "mcp-server", "batch"]
CapacityProvider = Literal["fargate", "fargate-spot", "managed-instances"]
LoadBalancer = Literal["none", "internal", "internet-facing"]
Deployment = Literal["rolling", "blue-green", "canary", "linear"]
Scaling = Literal["cpu", "requests", "step"]

FARGATE_MEMORY: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
"""The MiB a task can have, by its CPU units. Source: "Task CPU and memory",
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html."""

LONG_STREAM_SECONDS = 300
"""An MCP server holds its event streams open; an idle timeout below this cuts them off (C16)."""

IDLE_TIMEOUT: Mapping[Kind, int] = {"service": 60, "mcp-server": 3600, "batch": 60}
"""Seconds a connection may be silent, by kind."""

PRODUCTION_TASKS = 2
"""The fewest tasks of a production service, so that it outlives one zone (C12)."""

_NO_INSTANCES = "capacity providers choose where tasks run, and a launch type beside them is an error"

SAME_EVERYWHERE: tuple[str, ...] = (
    "kind",
    "capacity_provider",
    "load_balancer",
    "deployment",
    "scaling",
    "adot",
)
"""The module is one for all environments, and these decide what is in it."""

REQUIRED: dict[str, object] = {
    "load_balancer": "internal",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a",
}
"""A module of its own has a load balancer, so that its example shows one."""

REFUSED: dict[str, tuple[str, str, str]] = {
    "launch_type": ("C2", f"{_NO_INSTANCES}.", "Choose ecs.capacity_provider."),
    **dict.fromkeys(
        ("ec2", "asg", "auto_scaling_group", "instance_type", "instance_types"),
        (
            "C3",
            "instances of your own are not offered: somebody has to patch, drain and scale them.",
            "Use capacity_provider: managed-instances, which chooses instances by what tasks need.",
        ),
    ),
    **dict.fromkeys(
        ("arch", "cpu_architecture", "runtime_platform"),
        ("C4", "one answer feeds the task, the build of its image and its capacity.", "Set arch at the top level."),
    ),
    **dict.fromkeys(
        ("privileged", "readonly_root_filesystem"),
        (
            "C6",
            "containers are never privileged, and their root filesystem is always read-only; /tmp can be written to.",
            "Leave it out.",
        ),
    ),
    **dict.fromkeys(
        ("environment", "env"),
        (
            "C7",
            "what is written here ends up in files that many can read.",
            "Name secrets by ARN in ecs.secrets; plain variables go into the module's task_definition.tf.",
        ),
    ),
    **dict.fromkeys(
        ("assign_public_ip", "public_ip", "subnet_ids", "security_group_ids"),
        ("C9", "tasks run in the private subnets, with a security group of their own.", "Leave it out."),
    ),
    **dict.fromkeys(
        ("codedeploy", "deployment_controller"),
        ("C11", "ECS shifts traffic itself; CodeDeploy is not needed for it.", "Choose ecs.deployment."),
    ),
    **dict.fromkeys(
        ("desired_count", "desired_tasks"),
        ("C12", "Application Auto Scaling owns the number of tasks.", "Set ecs.min_tasks and ecs.max_tasks."),
    ),
    **dict.fromkeys(
        ("app_mesh", "service_discovery", "cloud_map"),
        ("C13", "services call each other through Service Connect, which is always on.", "Leave it out."),
    ),
    **dict.fromkeys(
        ("oidc", "client_secret", "oidc_client_secret"),
        (
            "C16",
            "a load balancer can sign people in by OIDC only with the client secret in the configuration and in the "
            "state.",
            "Use ecs.jwt, which checks bearer tokens and needs no secret, or ecs.cognito.",
        ),
    ),
}
"""Answers that people try and that are refused: the rule, the reason and the mend."""


def _image(value: str) -> str:
    name = value.rsplit("/", 1)[-1]
    if "@" not in name and (":" not in name or name.endswith(":latest")):
        raise UnfitError(
            f"{value} does not say which image it is: latest moves",
            "Name a tag that does not move, such as :1.4.2, or a digest.",
        )
    return value


def _user(value: str) -> str:
    if re.fullmatch(r"0+|root", value.partition(":")[0]):
        raise UnfitError(f"{value} is root", 'Name another user by number, such as "10001:10001".')
    return value


_SOURCE_ARN = (
    r"^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+"
    r"(:[A-Za-z0-9_.-]*:[A-Za-z0-9_.-]*:[A-Za-z0-9-]*)?|ssm:[a-z0-9-]+:[0-9]{12}:parameter/[A-Za-z0-9/_.-]+)$"
)


def _secret(value: str) -> str:
    # The message does not repeat it: it may be the secret itself.
    if not re.fullmatch(_SOURCE_ARN, value) or value.endswith("\n"):
        raise UnfitError(
            "a secret is named by the ARN of a Secrets Manager secret or of an SSM parameter, never by its value",
            "Put it into Secrets Manager, and its ARN here.",
        )
    return value


Image = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$", max_length=512),
    AfterValidator(_image),
]
CertificateArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}$")]
SecretArn = Annotated[str, AfterValidator(_secret), Field(json_schema_extra={"pattern": _SOURCE_ARN})]
HttpsUrl = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/%-]*)?$", max_length=256)]
Word = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]+$")]


class Jwt(Strict):
    """Whose bearer tokens the load balancer lets through."""

    issuer: HttpsUrl = Field(description="The iss claim of the tokens, an https URL.")
    jwks_endpoint: HttpsUrl = Field(description="The URL of the keys that the tokens are signed with.")


class Cognito(Strict):
    """The user pool with which the load balancer signs people in."""

    user_pool_arn: str = Field(
        description="The user pool, by ARN.",
        pattern=r"^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[A-Za-z0-9_-]+$",
    )
    user_pool_client_id: str = Field(
        description="The ID of its app client, which has a secret.", pattern=r"^[A-Za-z0-9_+]{1,128}$"
    )
    user_pool_domain: str = Field(
        description="Its domain prefix, or the domain of your own.", pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$"
    )


class Schedule(Strict):
    """Limits that hold from a time on."""

    cron: str = Field(
        description="When, as the six fields of a cron expression of AWS, such as 0 7 ? * MON-FRI *.",
        pattern=r"^[0-9A-Za-z,*?/#-]+( [0-9A-Za-z,*?/#-]+){5}$",
    )
    min_tasks: int = Field(ge=0, le=1000, description="The fewest tasks from then on.")
    max_tasks: int = Field(ge=1, le=1000, description="The most tasks from then on.")
    timezone: str = Field(
        default="UTC", description="The time zone of cron, such as Europe/Berlin.", pattern=r"^[A-Za-z0-9_+/-]{1,64}$"
    )


class Batch(Strict):
    """How a batch works through its items."""

    max_concurrency: int = Field(default=10, ge=1, le=1000, description="How many tasks run at once, 1 to 1000.")
    tolerated_failure_percentage: int = Field(
        default=5, ge=0, le=99, description="The share of items that may fail before the batch does, 0 to 99."
    )
    heartbeat_seconds: int = Field(
        default=300, ge=60, le=3600, description="A task silent for longer is given up, 60 to 3600 seconds."
    )
    timeout_seconds: int = Field(
        default=3600, ge=60, le=86400, description="A task that runs longer is given up, 60 to 86400 seconds."
    )


class EcsAnswers(Strict):
    """The cluster and what runs on it."""

    kind: Kind = Field(
        default="service",
        description="service; mcp-server, whose clients hold event streams open; batch, a state machine that runs one "
        "task for each item of a list. The same in every environment.",
        json_schema_extra={"opinion": "C16"},
    )
    capacity_provider: CapacityProvider = Field(
        default="fargate",
        description="fargate; fargate-spot, whose first two tasks stay off Spot, and four of five beyond them on it; "
        "managed-instances, EC2 instances that ECS chooses, starts and patches. The same in every environment.",
        json_schema_extra={"opinion": "C2"},
    )
    image: Image | None = Field(
        default=None,
        description="The container image, by a tag that does not move or by digest. null: a small Python web server "
        "that shows that it works; for a batch the image of containers/batch in the project's own repository.",
        json_schema_extra={"opinion": "C15"},
    )
    command: list[Word] | None = Field(
        default=None, min_length=1, max_length=50, description="What the container runs. null: what its image says."
    )
    user: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}(:[a-z0-9_-]{1,32})?$"), AfterValidator(_user)] = Field(
        default="10001:10001",
        description="The user and group that the container runs as; never root.",
        json_schema_extra={"opinion": "C6"},
    )
    cpu: Literal[256, 512, 1024, 2048, 4096, 8192, 16384] = Field(
        default=512, description="CPU units of a task; 1024 are one vCPU."
    )
    memory: int = Field(default=1024, ge=512, le=122880, description="MiB of a task; which there are depends on cpu.")
    container_port: int = Field(default=8080, ge=1024, le=65535, description="The port the container listens on.")
    health_path: str = Field(
        default="/",
        description="The path that answers 200 while all is well.",
        pattern=r"^/[A-Za-z0-9._~/-]{0,127}$",
        json_schema_extra={"opinion": "C6"},
    )
    health_command: list[Word] | None = Field(
        default=None,
        min_length=2,
        max_length=20,
        description="The container's own health check, beginning with CMD or CMD-SHELL. Needed with an image of your "
        "own, since nobody else knows which programs it has.",
        json_schema_extra={"opinion": "C6"},
    )
    secrets: dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")], SecretArn] = Field(
        default_factory=dict,
        max_length=50,
        description="Environment variables that ECS fills from Secrets Manager secrets or SSM parameters, each by ARN.",
        json_schema_extra={"opinion": "C7"},
    )
    load_balancer: LoadBalancer = Field(
        default="none",
        description="Who reaches the service: none, only services of the cluster; internal, the VPC; internet-facing. "
        "With a load balancer certificate_arn is needed. The same in every environment.",
        json_schema_extra={"opinion": "C10"},
    )
    certificate_arn: CertificateArn | None = Field(
        default=None,
        description="The ACM certificate of the load balancer.",
        json_schema_extra={"opinion": "C10"},
    )
    idle_timeout: Annotated[int, Field(ge=1, le=4000)] | None = Field(
        default=None,
        description="Seconds a connection may be silent, 1 to 4000. null: 3600 for an mcp-server, else 60.",
        json_schema_extra={"opinion": "C16"},
    )
    jwt: Jwt | None = Field(
        default=None,
        description="The load balancer lets only requests with a valid bearer token through: {issuer, jwks_endpoint}. "
        "Not with cognito.",
        json_schema_extra={"opinion": "C16"},
    )
    cognito: Cognito | None = Field(
        default=None,
        description="The load balancer signs people in by a Cognito user pool, for browsers: {user_pool_arn, "
        "user_pool_client_id, user_pool_domain}. Not with jwt.",
        json_schema_extra={"opinion": "C16"},
    )
    deployment: Deployment = Field(
        default="rolling",
        description="How a new version takes over: rolling; blue-green, all at once after it has started; canary, a "
        "tenth first; linear, a fifth at a time. All but rolling need a load balancer. The same in every environment.",
        json_schema_extra={"opinion": "C11"},
    )
    min_tasks: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None,
        description="The fewest tasks. null: 2 in production, else 1.",
        json_schema_extra={"opinion": "C12"},
    )
    max_tasks: int = Field(
        default=10, ge=1, le=1000, description="The most tasks.", json_schema_extra={"opinion": "C12"}
    )
    scaling: Scaling = Field(
        default="cpu",
        description="What the number of tasks follows: cpu, 60 % of it; requests, that and the requests of each task; "
        "step, more at once the busier they are. The same in every environment.",
        json_schema_extra={"opinion": "C12"},
    )
    requests_per_task: int = Field(
        default=1000, ge=1, le=1000000, description="With scaling: requests, how many a task is to get in a minute."
    )
    schedules: list[Schedule] = Field(
        default_factory=list,
        max_length=20,
        description="Times from which on other limits hold: {cron, min_tasks, max_tasks, timezone}.",
        json_schema_extra={"opinion": "C12"},
    )
    execute_command: bool = Field(
        default=False,
        description="Whether people may open a shell in the containers by ECS Exec; every session is logged. Not in "
        "production.",
        json_schema_extra={"opinion": "C14"},
    )
    adot: bool = Field(
        default=False,
        description="Whether a collector of the AWS Distro for OpenTelemetry runs beside the container and sends its "
        "traces to X-Ray. The same in every environment.",
    )
    batch: Batch = Field(
        default_factory=Batch,
        description="How a batch works through its items.",
        json_schema_extra={"opinion": "C17"},
    )
    alarm_topic_arns: TopicArns = Field(
        default_factory=list,
        description=ABOUT_TOPICS,
        json_schema_extra={"opinion": "C11"},
    )
    log_retention_days: RetentionDays = Field(
        default=365, description="Days to keep the logs.", json_schema_extra={"opinion": "C8"}
    )

    @property
    def idle_seconds(self) -> int:
        """Seconds a connection may be silent, with the default resolved."""
        return self.idle_timeout or IDLE_TIMEOUT[self.kind]

    @property
    def is_batch(self) -> bool:
        """Whether tasks run for the items of a list, and there is no service."""
        return self.kind == "batch"

    @property
    def balanced(self) -> bool:
        """Whether there is a load balancer."""
        return self.load_balancer != "none"


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints that tasks cannot do without when there is no NAT.

    Images come from ECR, whose layers come through the S3 gateway endpoint. Source: "Amazon ECS interface VPC
    endpoints", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html.
    """
    ecs = answers.ecs
    arns = ecs.secrets.values()
    needed = {
        "ecs": ecs.capacity_provider == "managed-instances",
        "ecs-agent": ecs.capacity_provider == "managed-instances",
        "ecs-telemetry": ecs.capacity_provider == "managed-instances",
        "kms": ecs.execute_command,
        "secretsmanager": any(":secretsmanager:" in arn for arn in arns),
        "ssm": any(":ssm:" in arn for arn in arns),
        "ssmmessages": ecs.execute_command,
        "states": ecs.is_batch,
        "xray": ecs.adot,
    }
    return ("ecr.api", "ecr.dkr", "logs", *(service for service, is_needed in needed.items() if is_needed))


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether something of it lies in public subnets: an internet-facing load balancer."""
    return answers.ecs.load_balancer == "internet-facing"


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC: always."""
    return True


def min_tasks(answers: "Answers") -> int:
    """Return the fewest tasks of the service, with the default resolved (C12)."""
    return answers.ecs.min_tasks or (PRODUCTION_TASKS if answers.production else 1)


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the ECS opinions (C2, C6, C7, C9 to C12, C14 to C17) have against one environment's answers."""
    yield from _size_rules(answers)
    yield from _image_rules(answers)
    yield from _load_balancer_rules(answers)
    yield from _authentication_rules(answers)
    if answers.ecs.is_batch:
        yield from _batch_rules(answers)
    else:
        yield from _service_rules(answers)
    yield from _operation_rules(answers)


def _size_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    sizes = FARGATE_MEMORY[ecs.cpu]
    if ecs.memory not in sizes:
        nearest = min(sizes, key=lambda size: abs(size - ecs.memory))
        yield Problem(
            "ecs.memory",
            "C4",
            f"there is no task with {ecs.cpu} CPU units and {ecs.memory} MiB.",
            f"With that cpu use {sizes[0]} to {sizes[-1]} MiB, such as {nearest}.",
        )


def _image_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    own = ecs.image is not None
    if own and ecs.health_command is None:
        yield Problem(
            "ecs.health_command",
            "C6",
            f"nothing checks whether a container of {ecs.image} is well.",
            'Name a program of the image, such as ["CMD-SHELL", "curl -fs http://127.0.0.1:8080/ || exit 1"].',
        )
    if ecs.health_command is not None and ecs.health_command[0] not in ("CMD", "CMD-SHELL"):
        yield Problem(
            "ecs.health_command",
            "C6",
            f"a health check begins with CMD or CMD-SHELL, not {ecs.health_command[0]}.",
            "Put CMD first.",
        )
    if not own and (ecs.command is not None or ecs.health_command is not None):
        yield Problem(
            "ecs.command" if ecs.command is not None else "ecs.health_command",
            "C6",
            "the sample image comes with its command and its health check.",
            "Name your image in ecs.image, or leave it out.",
        )
    if not own and ecs.health_path != "/":
        yield Problem(
            "ecs.health_path",
            "C6",
            f"the sample image knows no {ecs.health_path}.",
            "Name your image in ecs.image, or leave health_path out.",
        )
    private = rf"[0-9]{{12}}\.dkr\.ecr\.{answers.region}\.amazonaws\.com(\.cn)?/.*"
    if answers.nat == "none" and not ecs.is_batch and not re.fullmatch(private, ecs.image or ""):
        yield Problem(
            "ecs.image",
            "N10",
            f"nat is none, and {ecs.image or 'the sample image'} comes from outside: only ECR in {answers.region} can "
            "be reached.",
            f"Push the image to the repository {answers.name}-{answers.environment}-ecs and name it in ecs.image, or "
            "use another nat.",
        )
    if answers.nat == "none" and ecs.adot:
        yield Problem(
            "ecs.adot",
            "N10",
            "nat is none, and the image of the collector comes from public.ecr.aws, which has no endpoint.",
            "Use another nat, or adot: false.",
        )


def _load_balancer_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    if ecs.balanced and ecs.certificate_arn is None:
        yield Problem(
            "ecs.certificate_arn",
            "C10",
            f"the {ecs.load_balancer} load balancer of {answers.environment} has no certificate, and plain HTTP is not "
            "offered.",
            "Name an ACM certificate, or use load_balancer: none until there is one.",
        )
    if not ecs.balanced and ecs.certificate_arn is not None:
        yield Problem(
            "ecs.load_balancer",
            "C10",
            "there is a certificate and no load balancer to use it.",
            "Use load_balancer: internal or internet-facing, or leave certificate_arn out.",
        )
    if ecs.certificate_arn is not None and ecs.certificate_arn.split(":")[3] != answers.region:
        yield Problem(
            "ecs.certificate_arn",
            "C10",
            f"the certificate is not in {answers.region}, and a load balancer uses none of another region.",
            f"Name a certificate in {answers.region}.",
        )
    if ecs.load_balancer == "internet-facing" and not answers.public_subnets:
        yield Problem(
            "ecs.load_balancer",
            "C10",
            "an internet-facing load balancer needs public subnets.",
            "Leave network.public_subnets out, or use load_balancer: internal.",
        )
    if ecs.load_balancer == "internet-facing" and answers.nat == "none":
        yield Problem(
            "ecs.load_balancer",
            "C10",
            "nat is none: there are no public subnets for an internet-facing load balancer.",
            "Use load_balancer: internal, or choose a NAT.",
        )


def _authentication_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    authenticated = ecs.jwt is not None or ecs.cognito is not None
    key = "jwt" if ecs.jwt is not None else "cognito"
    if ecs.jwt is not None and ecs.cognito is not None:
        yield Problem(
            "ecs.cognito", "C16", "a request is checked in one way, not in two.", "Keep one of ecs.jwt and ecs.cognito."
        )
    if authenticated and not ecs.balanced:
        yield Problem(
            f"ecs.{key}",
            "C16",
            "the load balancer checks who calls, and there is none.",
            f"Use load_balancer: internal or internet-facing, or leave {key} out.",
        )
    if authenticated and answers.nat == "none":
        yield Problem(
            f"ecs.{key}",
            "N10",
            "nat is none: the load balancer could not reach who vouches for its callers.",
            f"Use another nat, or leave {key} out and check tokens in the container.",
        )
    if authenticated and ecs.deployment != "rolling":
        yield Problem(
            "ecs.deployment",
            "C11",
            f"{ecs.deployment} has ECS rewrite the rule that forwards requests, and AWS does not say that it keeps the "
            "check before it.",
            f"Use deployment: rolling, or leave {key} out and check tokens in the container.",
        )
    if ecs.kind == "mcp-server" and ecs.load_balancer == "internet-facing" and not authenticated:
        yield Problem(
            "ecs.load_balancer",
            "C16",
            "anybody on the internet could use the tools of the MCP server.",
            "Set ecs.jwt or ecs.cognito, or use load_balancer: internal.",
        )


def _batch_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    if ecs.balanced:
        yield Problem(
            "ecs.load_balancer", "C17", "a batch serves no requests.", "Use load_balancer: none, or another kind."
        )
    if ecs.capacity_provider == "fargate-spot":
        yield Problem(
            "ecs.capacity_provider",
            "C2",
            "each item starts a task of its own, and the first two of each start stay off Spot: none would be on it.",
            "Use capacity_provider: fargate or managed-instances.",
        )
    if ecs.schedules:
        yield Problem(
            "ecs.schedules",
            "C17",
            "a batch has no service whose number of tasks could change.",
            "Leave it out; ecs.batch.max_concurrency bounds it.",
        )
    if ecs.batch.heartbeat_seconds >= ecs.batch.timeout_seconds:
        yield Problem(
            "ecs.batch.heartbeat_seconds",
            "C17",
            f"a silence of {ecs.batch.heartbeat_seconds} s is never noticed before the timeout of "
            f"{ecs.batch.timeout_seconds} s.",
            f"Use less than {ecs.batch.timeout_seconds}.",
        )


def _service_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    fewest = min_tasks(answers)
    if ecs.max_tasks < fewest:
        yield Problem(
            "ecs.max_tasks",
            "C12",
            f"{ecs.max_tasks} is fewer than the {fewest} tasks that run at least.",
            f"Use {fewest} or more.",
        )
    if answers.production and fewest < PRODUCTION_TASKS:
        yield Problem(
            "ecs.min_tasks",
            "C12",
            f"{fewest} task of {answers.environment} is gone with its zone.",
            f"Use {PRODUCTION_TASKS} or more in production.",
        )
    for index, schedule in enumerate(ecs.schedules):
        if schedule.max_tasks < schedule.min_tasks:
            yield Problem(
                f"ecs.schedules[{index}].max_tasks",
                "C12",
                f"{schedule.max_tasks} is fewer than min_tasks, {schedule.min_tasks}.",
                f"Use {schedule.min_tasks} or more.",
            )
        if answers.production and schedule.min_tasks < PRODUCTION_TASKS:
            yield Problem(
                f"ecs.schedules[{index}].min_tasks",
                "C12",
                f"{schedule.min_tasks} tasks of {answers.environment} do not outlive a zone.",
                f"Use {PRODUCTION_TASKS} or more in production.",
            )
    if ecs.deployment != "rolling" and not ecs.balanced:
        yield Problem(
            "ecs.deployment",
            "C11",
            f"{ecs.deployment} shifts the traffic of a load balancer, and there is none.",
            "Use load_balancer: internal or internet-facing, or deployment: rolling.",
        )
    if ecs.scaling == "requests" and (not ecs.balanced or ecs.deployment != "rolling"):
        reason = (
            "nobody counts the requests without a load balancer"
            if not ecs.balanced
            else f"requests are counted for one target group, and {ecs.deployment} moves them between two"
        )
        yield Problem("ecs.scaling", "C12", f"{reason}.", "Use scaling: cpu or step.")
    if ecs.kind == "mcp-server" and ecs.idle_seconds < LONG_STREAM_SECONDS:
        yield Problem(
            "ecs.idle_timeout",
            "C16",
            f"after {ecs.idle_seconds} s of silence the event streams of MCP clients would be cut off.",
            f"Use {LONG_STREAM_SECONDS} or more, or leave it out for {IDLE_TIMEOUT['mcp-server']}.",
        )
    if ecs.kind == "mcp-server" and ecs.capacity_provider == "fargate-spot":
        yield Problem(
            "ecs.capacity_provider",
            "C2",
            "Spot takes a task back two minutes after it says so, and its event streams with it.",
            "Use capacity_provider: fargate, or clients that resume their streams.",
            level="warning",
        )


def _operation_rules(answers: "Answers") -> Iterator[Problem]:
    ecs = answers.ecs
    if answers.production and ecs.execute_command:
        yield Problem(
            "ecs.execute_command",
            "C14",
            f"shells in the containers of {answers.environment} change what no deployment made.",
            "Leave it out in production; use it in another environment.",
        )
    yield from unheard(answers, "ecs", "C11")
