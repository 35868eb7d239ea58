"""Answers about Terraform's remote state (S1)."""

from typing import Annotated

from pydantic import Field

from scaffold.answers.base import Strict

BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")
"""What S3 keeps for itself. Source: "General purpose bucket naming rules",
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""

StateKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.tfstate$", max_length=256)]


class StateAnswers(Strict):
    """The S3 bucket that holds an environment's state."""

    bucket: BucketName | None = Field(
        default=None,
        description="The environment's state bucket: 3 to 63 lower-case letters, digits and inner hyphens. "
        "null: <name>-<environment>-tfstate-<region>. "
        "Bucket names are unique in all of AWS: change it if yours is taken.",
        json_schema_extra={"opinion": "S1"},
    )
    key: StateKey | None = Field(
        default=None,
        description="The state's key in the bucket: letters, digits, _ and -, with / between folders, ending in "
        ".tfstate. null: <environment>/<name>.tfstate.",
        json_schema_extra={"opinion": "S1"},
    )
    enforce_tags: bool = Field(
        default=False,
        description="Add an IAM policy to bootstrap/ that refuses resources without the standard tags.",
        json_schema_extra={"opinion": "S2"},
    )
