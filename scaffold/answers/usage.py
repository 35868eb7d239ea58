"""Answers about use: what is estimated or measured of an environment's load. They price it and render nothing."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from scaffold.answers.base import Strict

LARGEST_AMOUNT = 1_000_000_000_000
"""Of anything: beyond it there is a slip in the unit."""

LONGEST_MONTH = 750
"""Hours that some calculations take a month for, a little more than any has."""

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,12})?\Z", re.ASCII)


def _decimal(value: Any) -> Any:
    # YAML's fractions are read as the text that was written, so that nothing is lost on the way to a decimal.
    if isinstance(value, Decimal):
        return value
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or not _NUMBER.match(text):
        raise ValueError(f"{text[:40]!r} is not a number such as 2 or 0.5")
    return Decimal(text)


_Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(str, when_used="json"),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0}),
]

Amount = Annotated[_Number, Field(ge=0, le=LARGEST_AMOUNT)]
"""A number from 0 on, with a fraction or without."""

Share = Annotated[_Number, Field(ge=0, le=1)]
"""A number from 0 to 1."""

Hours = Annotated[_Number, Field(ge=0, le=LONGEST_MONTH)]
"""Hours a month."""


class InstanceUsage(Strict):
    """Instances of one type that run in an environment."""

    type: str = Field(
        description="The instance type, such as m7g.large.", pattern=r"^[a-z][a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$"
    )
    count: int = Field(description="How many.", ge=0, le=100_000)
    hours: Hours | None = Field(default=None, description="Hours a month of each. null: the price file's month.")
    purpose: Literal["eks-auto-mode", "ecs-managed-instances", "lambda-managed-instances", "self-managed"] | None = (
        Field(
            default=None,
            alias="for",
            description="What starts them, and takes its fee: eks-auto-mode and ecs-managed-instances 12 %, "
            "lambda-managed-instances 15 % of on demand, self-managed none. null: the first of EKS Auto Mode, Lambda's "
            "and ECS's managed instances that there is.",
        )
    )


class UsageAnswers(Strict):
    """What an environment is used for in a month. A TB is 1000 GB."""

    east_west_tb: Amount = Field(
        default=Decimal(0), description="TB a month between workloads, whether it crosses AZs or not."
    )
    crossing_share: Share | None = Field(
        default=None,
        description="The share of it that crosses AZs, 0 to 1. null: (n-1)/n of n AZs, as chance has it; 0 to 0.1 with "
        "traffic kept in its zone (E13).",
        json_schema_extra={"opinion": "E13"},
    )
    aws_service_tb: Amount = Field(
        default=Decimal(0),
        description="TB a month to and from AWS services: through the interface endpoints where there are any, else "
        "through the NAT.",
        json_schema_extra={"opinion": "N3"},
    )
    s3_tb: Amount = Field(
        default=Decimal(0),
        description="TB a month to and from S3: free through its gateway endpoint, through the NAT without.",
        json_schema_extra={"opinion": "N2"},
    )
    internet_tb: Amount = Field(
        default=Decimal(0),
        description="TB a month to and from the internet through the NAT. What AWS takes for sending it out besides, "
        "whatever is answered, is not priced.",
        json_schema_extra={"opinion": "N1"},
    )
    instances: list[InstanceUsage] = Field(
        default_factory=list,
        max_length=50,
        description="EC2 instances: [{type: m7g.large, count: 3, hours: 720, for: eks-auto-mode}]; hours and for may "
        "be left out.",
        json_schema_extra={"opinion": "L10"},
    )
    requests_millions: Amount = Field(
        default=Decimal(0), description="Millions of Lambda requests a month.", json_schema_extra={"opinion": "L10"}
    )
    lambda_gb_seconds: Amount = Field(
        default=Decimal(0),
        description="GB-seconds a month that the requests take on standard Lambda; where all functions are on Managed "
        "Instances, what they are compared with.",
        json_schema_extra={"opinion": "L10"},
    )
    durable_operations_millions: Amount = Field(
        default=Decimal(0),
        description="Millions of durable operations a month: starts, steps, waits and callbacks, retries among them.",
        json_schema_extra={"opinion": "D1"},
    )
    durable_gb_written: Amount = Field(
        default=Decimal(0),
        description="GB a month that durable functions write to their checkpoints.",
        json_schema_extra={"opinion": "D1"},
    )
    durable_gb_retained: Amount = Field(
        default=Decimal(0),
        description="GB of checkpoints kept on average, while executions run and for their retention.",
        json_schema_extra={"opinion": "D1"},
    )
    api_requests_millions: Amount = Field(
        default=Decimal(0),
        description="Millions of HTTP API requests a month, in steps of 512 KB.",
        json_schema_extra={"opinion": "D5"},
    )
    state_transitions_millions: Amount = Field(
        default=Decimal(0),
        description="Millions of state transitions a month of standard Step Functions workflows.",
        json_schema_extra={"opinion": "C17"},
    )
    load_balancer_lcus: Amount = Field(
        default=Decimal(0), description="Load balancer capacity units (LCUs) on average, of all load balancers."
    )
    logs_gb: Amount = Field(default=Decimal(0), description="GB of logs a month that are written to CloudWatch Logs.")


NOTHING_USED = UsageAnswers()
"""An environment that does nothing: what it costs is fixed."""
