"""Answers about durable Lambda functions: a workflow, the API that starts it and who may call that."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from scaffold.answers.alarms import ABOUT_TOPICS, TopicArns, unheard
from scaffold.answers.base import RetentionDays, Strict, distinct
from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

Runtime = Literal["python3.13", "python3.14", "nodejs22.x", "nodejs24.x"]
"""The managed runtimes of durable functions whose SDK packages as plain source. Source: "Supported runtimes for durable
functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html."""

LONGEST_EXECUTION = 31_622_400
"""Seconds, 366 days. Source: Lambda API, DurableConfig, ExecutionTimeout."""

LONGEST_RETENTION = 90
"""Days. Source: Lambda API, DurableConfig, RetentionPeriodInDays."""

SAME_EVERYWHERE: tuple[str, ...] = ("authorizer", "runtime")
"""The workflow and its API are one for all environments."""

REQUIRED: dict[str, object] = {}

REFUSED: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("arch", "architectures"),
        ("L4", "one answer feeds every function and its build.", "Set arch at the top level."),
    ),
    **dict.fromkeys(
        ("publish", "alias", "qualifier"),
        (
            "D2",
            "it is always published, behind the alias live: an execution stays on the version it began on.",
            "Leave it out.",
        ),
    ),
    **dict.fromkeys(
        ("event_source", "sqs"),
        (
            "D2",
            "an event source waits for a whole execution, and for 15 minutes at most.",
            "Leave it out: the API starts executions and does not wait, and so can a small function behind a queue.",
        ),
    ),
    **dict.fromkeys(
        ("destination", "destinations", "on_failure", "on_success"),
        (
            "D7",
            "durable functions have a dead-letter queue, and no destinations.",
            "Leave it out: what fails goes to the dead-letter queue.",
        ),
    ),
    "kms_key_arn": (
        "D6",
        "Lambda can keep checkpoints under a key of yours, but the Terraform AWS provider cannot name it yet.",
        "Leave it out: logs and progress are under a key of yours, checkpoints under one of AWS's.",
    ),
}
"""Answers that people try and that are refused: the rule, the reason and the mend."""


class DurableAnswers(Strict):
    """The workflow, its API and what becomes of it. Names are the AWS provider's own."""

    runtime: Runtime = Field(
        default="python3.13",
        description="The runtime of the workflow and of the functions of its API. The same in every environment.",
        json_schema_extra={"opinion": "D1"},
    )
    execution_timeout: int = Field(
        default=604_800,
        ge=1,
        le=LONGEST_EXECUTION,
        description="Seconds that an execution may take from start to end, waiting included: 1 to 31622400, which is "
        "366 days. The default is a week. Whoever approves has nine tenths of it.",
        json_schema_extra={"opinion": "D1"},
    )
    retention_period: int = Field(
        default=14,
        ge=1,
        le=LONGEST_RETENTION,
        description="Days that Lambda keeps the history of an execution that ended, 1 to 90.",
        json_schema_extra={"opinion": "D1"},
    )
    authorizer: Literal["iam", "jwt"] = Field(
        default="iam",
        description="Who may call the API: iam, principals of AWS by signed requests, which needs nothing else; jwt, "
        "holders of a token of jwt_issuer. The same in every environment.",
        json_schema_extra={"opinion": "D5"},
    )
    jwt_issuer: (
        Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+\.[a-z]{2,}(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$")] | None
    ) = Field(
        default=None,
        description="With authorizer jwt: the issuer, such as https://example.eu.auth0.com/ or the address of a "
        "Cognito user pool.",
        json_schema_extra={"opinion": "D5"},
    )
    jwt_audience: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9._~:/-]{1,200}$")]], AfterValidator(distinct)
    ] = Field(
        default_factory=list,
        max_length=10,
        description="With authorizer jwt: whom tokens have to be for, such as the ID of a client.",
        json_schema_extra={"opinion": "D5"},
    )
    throttling_rate_limit: int = Field(
        default=50,
        ge=1,
        le=10_000,
        description="Requests a second that the API lets through, 1 to 10000.",
        json_schema_extra={"opinion": "D5"},
    )
    throttling_burst_limit: int = Field(
        default=100,
        ge=1,
        le=5_000,
        description="Requests at once that the API lets through on top, 1 to 5000.",
        json_schema_extra={"opinion": "D5"},
    )
    alarm_topic_arns: TopicArns = Field(
        default_factory=list,
        description=ABOUT_TOPICS,
        json_schema_extra={"opinion": "D7"},
    )
    log_retention_days: RetentionDays = Field(
        default=365, description="Days to keep the logs of the functions and of the API."
    )

    @property
    def family(self) -> str:
        """What the runtime is a version of: `python` or `nodejs`."""
        return "python" if self.runtime.startswith("python") else "nodejs"


def required_endpoints(answers: "Answers") -> tuple[str, ...]:
    """Return the interface endpoints that it cannot do without when there is no NAT: none, as it is in no VPC."""
    return ()


def needs_public_subnets(answers: "Answers") -> bool:
    """Return whether something of it lies in public subnets: nothing does."""
    return False


def needs_network(answers: "Answers") -> bool:
    """Return whether it runs in a VPC: it does not."""
    return False


def rules(answers: "Answers") -> Iterator[Problem]:
    """Yield what the opinions on durable functions (D5, D7) have against one environment's answers."""
    yield from _authorizer_rules(answers)
    yield from unheard(answers, "durable", "D7")


def _authorizer_rules(answers: "Answers") -> Iterator[Problem]:
    durable = answers.durable
    given = {"durable.jwt_issuer": durable.jwt_issuer, "durable.jwt_audience": durable.jwt_audience}
    for path, value in given.items():
        if durable.authorizer == "jwt" and not value:
            yield Problem(
                path,
                "D5",
                "is required with authorizer jwt: without it nobody's token could be checked.",
                "Set it to what your identity provider says, or use authorizer: iam.",
            )
        elif durable.authorizer == "iam" and value:
            message = "is of no use with authorizer iam."
            yield Problem(path, "D5", message, "Set authorizer: jwt, or leave it out.", level="warning")
