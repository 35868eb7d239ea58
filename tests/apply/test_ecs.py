"""A service on Fargate lives through apply, plan and destroy with the real AWS provider, against moto on loopback.

The provider is 5.100.0, which lacks managed instances, native traffic shifting and JWT validation: they are left out.
"""

from pathlib import Path

import pytest

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.render import render
from tests.support.moto_server import moto_process_url as moto_process_url
from tests.support.moto_server import moto_url as moto_url
from tests.support.moto_server import prepare_stack
from tests.support.rendering import write

COMMON = """
name: shop
region: us-east-1
owner: team
cost_center: shops
capacity: [ecs]
network: {query_logs: false}
environments: {dev: {}}
"""
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"


@pytest.mark.parametrize(
    "ecs",
    [
        "ecs: {}",
        f"ecs: {{load_balancer: internet-facing, certificate_arn: '{CERTIFICATE}', capacity_provider: fargate-spot, "
        "execute_command: true}",
    ],
    ids=["alone", "behind a load balancer"],
)
def test_the_service_is_applied_planned_without_change_and_destroyed(tmp_path: Path, moto_url: str, ecs: str) -> None:
    files = render(resolve(merge([from_text(COMMON + ecs, "test")]))).files
    stack = prepare_stack(write(files, tmp_path / "rendered"), "environments/dev", tmp_path, moto_url)
    outcome = stack.live_through()
    assert outcome.unwanted_changes == ""
    assert outcome.added == outcome.destroyed > 40
