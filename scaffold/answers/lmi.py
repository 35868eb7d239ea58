"""Answers about Lambda Managed Instances: the capacity provider and the function that runs on it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from scaffold.answers.alarms import ABOUT_TOPICS, TopicArns, unheard
from scaffold.answers.base import RetentionDays, Strict
from scaffold.answers.problems import Problem
from scaffold.answers.regions import REGIONS

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

Runtime = Literal[
    "python3.13",
    "python3.14",
    "nodejs22.x",
    "nodejs24.x",
    "java21",
    "java25",
    "dotnet8",
    "dotnet10",
    "provided.al2023",
]
"""The runtimes Managed Instances supports; provided.al2023 is Rust's. Source: "Lambda Managed Instances runtimes",
https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html."""

CONCURRENCY_PER_VCPU: Mapping[str, int] = {"python": 16, "nodejs": 64, "java": 32, "dotnet": 32, "provided": 8}
"""Lambda's default for concurrent requests per vCPU, by the first letters of the runtime. Source: the page of each
runtime for Managed Instances, such as https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-python-runtime.html."""

MOST_CONCURRENCY_PER_VCPU = 64
"""Source: "Maximum concurrency", https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html."""

MOST_CONCURRENCY = 1600
"""Of one execution environment. Source: Lambda API, PerExecutionEnvironmentMaxConcurrency."""

FIRST_ENVIRONMENTS = 3
"""How many execution environments, each on an instance of its own, Lambda starts before a version is active. Source:
"The scaling lifecycle", https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html."""

SMALLEST_INSTANCE_VCPUS = 2
"""The vCPUs of a `.large`, the smallest size that Managed Instances uses."""

InstanceTypes = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-zA-Z0-9.*-]{1,30}$")]],
    Field(min_length=1, max_length=400),
]

_INSTANCES = "Managed Instances runs on EC2 instances that Lambda starts, patches and replaces"

SAME_EVERYWHERE: tuple[str, ...] = ("event_source", "runtime")
"""The function is one for all environments."""

REQUIRED: dict[str, object] = {"max_vcpu_count": 64}

REFUSED: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("accelerators", "accelerator_count", "gpu", "gpus"),
        (
            "L13",
            "Lambda has GPUs for Managed Instances, but the Terraform AWS provider cannot ask for them yet.",
            "Leave it out; run GPU work on another capacity until the provider can.",
        ),
    ),
    **dict.fromkeys(
        ("reserved_concurrency", "reserved_concurrent_executions", "provisioned_concurrency"),
        (
            "L3",
            "Managed Instances has neither reserved nor provisioned concurrency: instances are always warm.",
            "Bound it with lmi.max_vcpu_count and lmi.per_execution_environment_max_concurrency.",
        ),
    ),
    **dict.fromkeys(
        ("vpc_config", "subnet_ids", "security_group_ids"),
        (
            "L2",
            "the capacity provider holds the subnets and the security group; its functions cannot have a vpc_config.",
            "Leave it out: the private subnets of every AZ in azs are used.",
        ),
    ),
    **dict.fromkeys(
        ("spot", "capacity_type"),
        (
            "L3",
            f"{_INSTANCES}, on demand only; there is no Spot.",
            "Leave it out, and cut the bill with a Compute Savings Plan.",
        ),
    ),
    **dict.fromkeys(
        ("ami_id", "ssh_key", "key_name", "user_data"),
        ("L11", f"{_INSTANCES}; nobody logs in to them or chooses their image.", "Leave it out."),
    ),
    "arch": ("L4", "one answer feeds the capacity provider, the function and its build.", "Set arch at the top level."),
    "architectures": (
        "L4",
        "one answer feeds the capacity provider, the function and its build.",
        "Set arch at the top level.",
    ),
}
"""Answers that people try and that are refused: the rule, the reason and the mend."""


class LmiAnswers(Strict):
    """The capacity provider, the function on it and what brings it work. Names are the AWS provider's own."""

    max_vcpu_count: Annotated[int, Field(ge=2, le=15000)] | None = Field(
        default=None,
        description="The most vCPUs the capacity provider may run, 2 to 15000. It is the safety valve of the bill, so "
        "it has no default; choose the final cap.",
        json_schema_extra={"opinion": "L3"},
    )
    scaling_mode: Literal["Auto", "Manual"] = Field(
        default="Auto",
        description="Auto keeps room for traffic to double within five minutes; Manual holds target_value instead.",
        json_schema_extra={"opinion": "L8"},
    )
    target_value: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None,
        description="With scaling_mode Manual: the average CPU utilization to hold, in percent.",
        json_schema_extra={"opinion": "L8"},
    )
    allowed_instance_types: InstanceTypes | None = Field(
        default=None,
        description="The only instance types Lambda may start, such as m8g.xlarge. null: Lambda chooses, which AWS "
        "recommends. Not with excluded_instance_types.",
        json_schema_extra={"opinion": "L4"},
    )
    excluded_instance_types: InstanceTypes | None = Field(
        default=None,
        description="Instance types Lambda may not start; * is any characters. Not with allowed_instance_types.",
        json_schema_extra={"opinion": "L4"},
    )
    runtime: Runtime = Field(
        default="python3.13",
        description="The function's runtime; provided.al2023 is for Rust. The same in every environment.",
        json_schema_extra={"opinion": "L6"},
    )
    memory_size: int = Field(
        default=4096,
        ge=2048,
        le=32768,
        description="The memory of one execution environment in MB, 2048 to 32768.",
        json_schema_extra={"opinion": "L6"},
    )
    execution_environment_memory_gib_per_vcpu: Annotated[int, Field(ge=2, le=8)] | None = Field(
        default=None,
        description="GiB of memory for each vCPU, 2 to 8. null: 4 for Python, whose every request has a process of its "
        "own, else 2.",
        json_schema_extra={"opinion": "L6"},
    )
    per_execution_environment_max_concurrency: Annotated[int, Field(ge=1, le=MOST_CONCURRENCY)] | None = Field(
        default=None,
        description="How many requests one execution environment handles at once, 1 to 1600. null: per vCPU 16 for "
        "Python, 64 for Node.js, 32 for Java and .NET, 8 for Rust.",
        json_schema_extra={"opinion": "L9"},
    )
    timeout: int = Field(
        default=60,
        ge=5,
        le=900,
        description="Seconds until Lambda calls an invocation failed, 5 to 900. The code is not stopped: the worker "
        "watches the time, and begins nothing in the last two seconds.",
        json_schema_extra={"opinion": "L9"},
    )
    event_source: Literal["sqs", "none"] = Field(
        default="sqs",
        description="What brings work: sqs, a queue with a dead-letter queue; none, callers invoke the alias.",
        json_schema_extra={"opinion": "L8"},
    )
    alarm_topic_arns: TopicArns = Field(
        default_factory=list,
        description=ABOUT_TOPICS,
        json_schema_extra={"opinion": "L8"},
    )
    log_retention_days: RetentionDays = Field(default=365, description="Days to keep the function's logs.")

    @property
    def family(self) -> str:
        """What the runtime is a version of: `python`, `nodejs`, `java`, `dotnet` or `provided`."""
        return next(family for family in CONCURRENCY_PER_VCPU if self.runtime.startswith(family))

    @property
    def gib_per_vcpu(self) -> int:
        """GiB of memory for each vCPU, with the default resolved.

        Source of Python's 4: "Function memory and vCPUs",
        https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-scaling.html.
        """
        return self.execution_environment_memory_gib_per_vcpu or (4 if self.family == "python" else 2)

    @property
    def vcpus(self) -> float:
        """The vCPUs of one execution environment."""
        return self.memory_size / 1024 / self.gib_per_vcpu

    @property
    def max_concurrency(self) -> int:
        """Concurrent requests of one execution environment, with the default resolved."""
        default = max(1, min(MOST_CONCURRENCY, int(CONCURRENCY_PER_VCPU[self.family] * self.vcpus)))
        return self.per_execution_environment_max_concurrency or default


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints the function cannot do without when there is no NAT.

    Logs and traces leave from the instances' own subnets (L7). The others are what AWS's samples of Managed Instances
    without internet access reach: metrics of the code's own, and the queue. S3 and DynamoDB have gateway endpoints.
    """
    queue = ("sqs",) if answers.lmi.event_source == "sqs" else ()
    return ("logs", "monitoring", *queue, "xray")


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether something of it lies in public subnets: nothing does."""
    return False


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC: always."""
    return True


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the LMI opinions (L2 to L4, L6 to L9) have against one environment's answers."""
    if not REGIONS[answers.region].lmi:
        yield Problem(
            "region",
            "L2",
            f"Lambda Managed Instances does not exist in {answers.region}.",
            "Use another region, or take lambda-managed-instances out of capacity.",
        )
    yield from _scaling_rules(answers)
    yield from _instance_type_rules(answers)
    yield from _size_rules(answers)
    yield from _telemetry_rules(answers)
    yield from unheard(answers, "lmi", "L8")


def _scaling_rules(answers: "Answers") -> Iterator[Problem]:
    lmi = answers.lmi
    if lmi.max_vcpu_count is None:
        yield Problem(
            "lmi.max_vcpu_count",
            "L3",
            "is required with lambda-managed-instances: it caps the bill, and the service's own default is 400 vCPUs.",
            "Set the final cap, such as lmi: {max_vcpu_count: 24}.",
        )
    else:
        first = FIRST_ENVIRONMENTS * max(SMALLEST_INSTANCE_VCPUS, lmi.vcpus)
        if lmi.max_vcpu_count < first:
            yield Problem(
                "lmi.max_vcpu_count",
                "L3",
                f"{lmi.max_vcpu_count} vCPUs are too few for the {FIRST_ENVIRONMENTS} instances Lambda starts first, "
                f"which have {first:g} or more.",
                f"Use {first:g} or more.",
                level="warning",
            )
    if lmi.scaling_mode == "Manual" and lmi.target_value is None:
        yield Problem(
            "lmi.target_value",
            "L8",
            "scaling_mode Manual needs the CPU utilization to hold.",
            "Set lmi.target_value, such as 60, or use scaling_mode: Auto.",
        )
    if lmi.scaling_mode == "Auto" and lmi.target_value is not None:
        yield Problem(
            "lmi.target_value",
            "L8",
            "scaling_mode Auto chooses its own target.",
            "Remove it, or use scaling_mode: Manual.",
        )


def _instance_type_rules(answers: "Answers") -> Iterator[Problem]:
    allowed, excluded = answers.lmi.allowed_instance_types, answers.lmi.excluded_instance_types
    if allowed and excluded:
        yield Problem(
            "lmi.excluded_instance_types",
            "L4",
            "instance types are either allowed or excluded, not both.",
            "Keep one of allowed_instance_types and excluded_instance_types.",
        )
    misfits = [name for name in allowed or [] if "*" not in name and is_graviton(name) != (answers.arch == "arm64")]
    if misfits:
        yield Problem(
            "lmi.allowed_instance_types",
            "L4",
            f"{', '.join(misfits)} cannot run {answers.arch}.",
            "Name types of that architecture, or change arch.",
        )


def is_graviton(instance_type: str) -> bool:
    """Return whether an instance type, `m8g.xlarge`, has AWS's own arm64 processor."""
    # The letters after the generation say what the processor is: m8g, c7gn and r8gd are Graviton; m7i and c7a are not.
    family = instance_type.partition(".")[0]
    return "g" in family.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0123456789")


def _size_rules(answers: "Answers") -> Iterator[Problem]:
    lmi = answers.lmi
    if lmi.vcpus < 1:
        yield Problem(
            "lmi.memory_size",
            "L6",
            f"{lmi.memory_size} MB at {lmi.gib_per_vcpu} GiB per vCPU is {lmi.vcpus:g} vCPU; an execution environment "
            "has at least one.",
            f"Use memory_size: {lmi.gib_per_vcpu * 1024}, or fewer GiB per vCPU.",
        )
    elif lmi.vcpus % 1:
        yield Problem(
            "lmi.memory_size",
            "L6",
            f"{lmi.memory_size} MB at {lmi.gib_per_vcpu} GiB per vCPU is {lmi.vcpus:g} vCPUs, not a whole number.",
            f"Use a multiple of {lmi.gib_per_vcpu * 1024} MB.",
            level="warning",
        )
    most = int(MOST_CONCURRENCY_PER_VCPU * lmi.vcpus)
    if most >= 1 and lmi.max_concurrency > most:
        yield Problem(
            "lmi.per_execution_environment_max_concurrency",
            "L9",
            f"{lmi.max_concurrency} concurrent requests are more than {MOST_CONCURRENCY_PER_VCPU} for each of "
            f"{lmi.vcpus:g} vCPUs.",
            f"Use {most} or fewer, or more memory_size.",
        )


def _telemetry_rules(answers: "Answers") -> Iterator[Problem]:
    missing = [service for service in ("logs", "xray") if service not in answers.interface_endpoints]
    if answers.nat == "none" and missing:
        yield Problem(
            "network.endpoints",
            "L7",
            f"nat is none and there is no endpoint for {' and '.join(missing)}: the instances send telemetry from "
            "these subnets, and it would vanish.",
            "Use endpoints: private, or add them to network.extra_endpoints.",
        )
