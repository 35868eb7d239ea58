"""The answer that every component with alarms has: whom they tell."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from scaffold.answers.problems import Problem

if TYPE_CHECKING:
    from scaffold.answers.model import Answers

TopicArns = Annotated[
    list[Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$")]],
    Field(max_length=5),
]
"""SNS topics by ARN; CloudWatch takes five actions of an alarm. Source: CloudWatch API, PutMetricAlarm."""

ABOUT_TOPICS = "SNS topics that the alarms notify, by ARN. The alarms exist without any."


def unheard(answers: "Answers", key: str, opinion: str) -> Iterator[Problem]:
    """Yield that the alarms of production tell nobody.

    Args:
        answers: one environment's.
        key: the component's key in them; it has `alarm_topic_arns`.
        opinion: the component's own on alarms, by id.
    """
    if answers.production and not getattr(answers, key).alarm_topic_arns:
        yield Problem(
            f"{key}.alarm_topic_arns",
            opinion,
            f"the alarms of {answers.environment} tell nobody.",
            "Name the SNS topics that your on-call reads.",
            level="warning",
        )
