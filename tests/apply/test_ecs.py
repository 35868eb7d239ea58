"""A service on Fargate lives through apply, plan and destroy with the real AWS provider, against moto on loopback.

The provider is 5.100.0, which lacks managed instances, native traffic shifting and JWT validation: they are left out.
"""

import re
from pathlib import Path

import boto3

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.render import render
from tests.support.moto_server import moto_process_url as moto_process_url
from tests.support.moto_server import moto_url as moto_url
from tests.support.moto_server import prepare_stack
from tests.support.rendering import write

ANSWERS = """
name: shop
region: us-east-1
owner: team
cost_center: shops
capacity: [ecs]
network: {query_logs: false}
environments: {dev: {}}
"""

BALANCED = """
ecs: {load_balancer: internet-facing, certificate_arn: %s, capacity_provider: fargate-spot, execute_command: true}
"""


def rendered(text: str, folder: Path) -> Path:
    """Write what answers render and return the folder."""
    return write(render(resolve(merge([from_text(text, "test")]))).files, folder)


def test_a_service_is_applied_planned_without_change_and_destroyed(tmp_path: Path, moto_url: str) -> None:
    stack = prepare_stack(rendered(ANSWERS, tmp_path / "rendered"), "environments/dev", tmp_path, moto_url)
    outcome = stack.live_through()
    assert outcome.unwanted_changes == ""
    assert outcome.added == outcome.destroyed > 40


def test_a_service_behind_a_load_balancer_is_applied_planned_without_change_and_destroyed(
    tmp_path: Path, moto_url: str
) -> None:
    # The provider waits for a certificate that is not there.
    tree = rendered(ANSWERS + BALANCED % certificate(moto_url), tmp_path / "rendered")
    # moto forgets parts of a lifecycle rule, and the provider waits for them; and the descriptions of rules that name a
    # security group. The rest of the stack is as rendered.
    for path in tree.glob("modules/ecs/*.tf"):
        text = re.sub(r'(?ms)^resource "aws_s3_bucket_lifecycle_configuration".*?^}\n', "", path.read_text())
        path.write_text(re.sub(r' +description += "Requests and health checks.*\n', "", text))
    outcome = prepare_stack(tree, "environments/dev", tmp_path, moto_url).live_through()
    assert outcome.unwanted_changes == ""
    assert outcome.added == outcome.destroyed > 60


def certificate(url: str) -> str:
    """Make a certificate and return its ARN."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    acm = boto3.client("acm", endpoint_url=url, region_name="us-east-1", **keys)
    return str(acm.request_certificate(DomainName="shop.example")["CertificateArn"])
