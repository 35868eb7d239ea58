"""The harness itself: a small network and an EKS Auto Mode cluster live through apply, plan and destroy on moto."""

from pathlib import Path

import boto3

from tests.support.moto_server import moto_process_url as moto_process_url
from tests.support.moto_server import moto_url as moto_url
from tests.support.moto_server import prepare_stack

EXAMPLE = Path(__file__).with_name("example")
LOG_GROUP = """\
provider "aws" {
  region = "us-east-1"
}

resource "aws_cloudwatch_log_group" "this" {
  name = "example"
}
"""


def test_a_cluster_with_auto_mode_is_applied_is_planned_without_change_and_is_destroyed(
    tmp_path: Path, moto_url: str
) -> None:
    outcome = prepare_stack(EXAMPLE, "environments/dev", tmp_path, moto_url).live_through()
    assert outcome.unwanted_changes == ""
    assert outcome.added == outcome.destroyed == 31


def test_a_change_behind_terraforms_back_is_seen_by_the_plan(tmp_path: Path, moto_url: str) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "main.tf").write_text(LOG_GROUP)
    stack = prepare_stack(tmp_path / "stack", ".", tmp_path, moto_url)
    stack.terraform("init", "-input=false")
    stack.terraform("apply", "-auto-approve")
    logs = boto3.client("logs", "us-east-1", endpoint_url=moto_url, aws_access_key_id="x", aws_secret_access_key="x")
    logs.put_retention_policy(logGroupName="example", retentionInDays=7)
    assert "retention_in_days" in stack.terraform("plan", "-detailed-exitcode", "-no-color", codes=(2,)).stdout
