"""Answers about Lambda functions: what brings them work, and what they run on."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from scaffold.answers.alarms import ABOUT_TOPICS, TopicArns, unheard
from scaffold.answers.base import RetentionDays, Strict, distinct
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

Shape = Literal["command", "queue", "fan-out"]
Runtime = Literal["python3.13", "python3.14", "nodejs22.x", "nodejs24.x"]

COMMANDS = ("accept", "cancel")
"""The commands of the sample, each with a worker of its own."""

SUBSCRIBERS = ("audit", "notify")
"""The subscribers of the sample: one to every event, one to some."""

FUNCTIONS: Mapping[Shape, int] = {"command": 1 + len(COMMANDS), "queue": 1, "fan-out": len(SUBSCRIBERS)}
"""How many functions a shape has: a front function and its workers; one; the subscribers."""

MOST_RESERVED = 900
"""How much concurrency an account can reserve by default: of 1000, 100 stay for functions that reserve none. Source:
"Lambda quotas", https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, and PutFunctionConcurrency."""

MOST_INTERFACES = 500
"""How many network interfaces a VPC has for Lambda by default. Source:
https://repost.aws/knowledge-center/lambda-hyperplane-vpc."""

SAME_EVERYWHERE: tuple[str, ...] = ("fan_out_source", "runtime", "shapes", "vpc")
"""The functions are the same for all environments."""

REQUIRED: dict[str, object] = {}

REFUSED: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("arch", "architectures"),
        ("L4", "one answer feeds every function and its build.", "Set arch at the top level."),
    ),
    **dict.fromkeys(
        ("vpc_config", "subnet_ids", "security_group_ids"),
        (
            "F4",
            "functions that have to reach something in the VPC use its private subnets and a security group of their "
            "own.",
            "Set functions.vpc: true, or leave it out.",
        ),
    ),
    **dict.fromkeys(
        ("visibility_timeout", "visibility_timeout_seconds"),
        ("F1", "the queue's visibility timeout is six times the function's timeout.", "Set functions.timeout."),
    ),
    **dict.fromkeys(
        ("function_url", "url", "authorization_type"),
        (
            "F3",
            "the front function has no URL: callers invoke its alias, by IAM.",
            "Leave it out; give callers lambda:InvokeFunction for the output command_function_arn.",
        ),
    ),
    "event_source": ("F1", "what brings work is named by shapes.", "Use functions.shapes: [queue]."),
    "reserved_concurrent_executions": (
        "F1",
        "the answer has another name here.",
        "Use functions.reserved_concurrency.",
    ),
    "provisioned_concurrency": (
        "F1",
        "these functions scale to zero.",
        "Leave it out; for steady traffic there is the capacity lambda-managed-instances.",
    ),
}
"""Answers that people try and that are refused: the rule, the reason and the mend."""


class FunctionsAnswers(Strict):
    """The functions and what brings them work. Names are the AWS provider's own where it has one."""

    shapes: Annotated[list[Shape], Field(min_length=1), AfterValidator(distinct)] = Field(
        default=["queue"],
        description="What is rendered: command, a front function that hands commands to workers; queue, a function "
        "behind an SQS queue; fan-out, several functions that each get every event they want. The same in every "
        "environment.",
        json_schema_extra={"opinion": "F1"},
    )
    fan_out_source: Literal["eventbridge", "sns"] = Field(
        default="eventbridge",
        description="Where events of the shape fan-out come from: eventbridge, a bus with a rule for each subscriber; "
        "sns, a topic with a subscription for each. The same in every environment.",
        json_schema_extra={"opinion": "F2"},
    )
    runtime: Runtime = Field(
        default="python3.13",
        description="The functions' runtime. The same in every environment.",
        json_schema_extra={"opinion": "F6"},
    )
    memory_size: int = Field(
        default=512,
        ge=128,
        le=10240,
        description="Memory of each function in MB, 128 to 10240; CPU comes with it, one vCPU at 1769 MB.",
        json_schema_extra={"opinion": "F6"},
    )
    timeout: int = Field(
        default=30,
        ge=3,
        le=900,
        description="Seconds until Lambda ends an invocation, 3 to 900; the queue hides messages for six times it.",
        json_schema_extra={"opinion": "F1"},
    )
    maximum_concurrency: int = Field(
        default=10,
        ge=2,
        le=1000,
        description="How many invocations at once the queue may start, 2 to 1000: what lies behind the function must "
        "bear that many.",
        json_schema_extra={"opinion": "F1"},
    )
    reserved_concurrency: Annotated[int, Field(ge=1, le=MOST_RESERVED)] | None = Field(
        default=None,
        description="Concurrent invocations kept for each function, which it cannot exceed; for all functions of an "
        "environment together 900 at most. null: they share the account's.",
        json_schema_extra={"opinion": "F1"},
    )
    vpc: bool = Field(
        default=False,
        description="Whether the functions run in the private subnets, because they have to reach something in the "
        "VPC. The same in every environment.",
        json_schema_extra={"opinion": "F4"},
    )
    alarm_topic_arns: TopicArns = Field(
        default_factory=list,
        description=ABOUT_TOPICS,
        json_schema_extra={"opinion": "F7"},
    )
    log_retention_days: RetentionDays = Field(
        default=365, description="Days to keep the functions' logs.", json_schema_extra={"opinion": "F6"}
    )


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints the functions cannot do without when there is no NAT.

    Lambda itself takes their logs and traces, polls the queue and sets failures aside: none of it goes through the
    VPC. Only the front function calls AWS from its own code.
    """
    return ("lambda",) if answers.functions.vpc and "command" in answers.functions.shapes else ()


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether something of it lies in public subnets: nothing does."""
    return False


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC: only where it was asked for (F4)."""
    return answers.functions.vpc


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the opinions on functions (F1, F7) have against one environment's answers."""
    functions = answers.functions
    reserved = functions.reserved_concurrency
    if "queue" in functions.shapes and reserved is not None and reserved < functions.maximum_concurrency:
        yield Problem(
            "functions.reserved_concurrency",
            "F1",
            f"the queue may start {functions.maximum_concurrency} invocations at once and the function is allowed "
            f"{reserved}: the rest is throttled, and ends in the dead-letter queue though nothing is wrong with it.",
            f"Use {functions.maximum_concurrency} or more, or lower functions.maximum_concurrency.",
        )
    count = sum(FUNCTIONS[shape] for shape in functions.shapes)
    if reserved is not None and reserved * count > MOST_RESERVED:
        yield Problem(
            "functions.reserved_concurrency",
            "F1",
            f"{reserved} for each of {count} functions are {reserved * count}: an account has 1000 by default, and can "
            f"reserve {MOST_RESERVED} of them.",
            f"Use {MOST_RESERVED // count} or less, or null: the functions then share the account's.",
        )
    yield from unheard(answers, "functions", "F7")
