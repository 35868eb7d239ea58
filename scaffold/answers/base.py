"""What every answers model shares."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

LOG_RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""The retentions CloudWatch Logs accepts, in days. Source: CloudWatch Logs API, PutRetentionPolicy."""


AUDITABLE_RETENTION_DAYS = 365
"""Below this checkov's CKV_AWS_338 objects to a log group: an audit looks back a year."""


LONGEST_TEXT = 1024
"""Longer than any text AWS takes for an answer, and still short enough to repeat in a message."""


class Strict(BaseModel):
    """A model that refuses keys it does not know and values of the wrong type, and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_max_length=LONGEST_TEXT)


class UnfitError(ValueError):
    """A value that its answer cannot have.

    Attributes:
        mend: the value it can have.
    """

    def __init__(self, message: str, mend: str) -> None:
        self.mend = mend
        super().__init__(message)


def distinct(values: list[str]) -> list[str]:
    """Return a list as it is.

    Raises:
        UnfitError: a value is in it more than once.
    """
    for value in values:
        if values.count(value) > 1:
            raise UnfitError(f"{value} is listed twice", "List it once.")
    return values


def _text_of_a_number(value: Any) -> Any:
    # A cost centre such as 4711 is a name that YAML happens to read as a number.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _known_retention(days: int) -> int:
    if days not in LOG_RETENTION_DAYS:
        allowed = ", ".join(str(known) for known in LOG_RETENTION_DAYS)
        raise ValueError(f"CloudWatch Logs keeps logs for one of {allowed} days")
    return days


Text = Annotated[str, BeforeValidator(_text_of_a_number), Field(json_schema_extra={"type": ["string", "integer"]})]
"""Text that may also be written as a whole number."""

RetentionDays = Annotated[int, AfterValidator(_known_retention)]
"""A log retention in days that CloudWatch Logs accepts."""
