"""The harness itself: a plan against moto sees what is other than in the state."""

from pathlib import Path

import boto3

from tests.support.moto_server import moto_process_url as moto_process_url
from tests.support.moto_server import moto_url as moto_url
from tests.support.moto_server import prepare_stack

LOG_GROUP = """\
provider "aws" {
  region = "us-east-1"
}

resource "aws_cloudwatch_log_group" "this" {
  name = "example"
}
"""


def test_a_change_behind_terraforms_back_is_seen_by_the_plan(tmp_path: Path, moto_url: str) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "main.tf").write_text(LOG_GROUP)
    stack = prepare_stack(tmp_path / "stack", ".", tmp_path, moto_url)
    stack.terraform("init", "-input=false")
    stack.terraform("apply", "-auto-approve")
    logs = boto3.client("logs", "us-east-1", endpoint_url=moto_url, aws_access_key_id="x", aws_secret_access_key="x")
    logs.put_retention_policy(logGroupName="example", retentionInDays=7)
    assert "retention_in_days" in stack.terraform("plan", "-detailed-exitcode", "-no-color", codes=(2,)).stdout
