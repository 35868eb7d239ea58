"""A service on Fargate lives through apply, plan and destroy with the real AWS provider, against moto on loopback.

The provider is 5.100.0, which lacks managed instances, native traffic shifting and JWT validation: they are left out.
"""

from pathlib import Path

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


def test_a_service_is_applied_planned_without_change_and_destroyed(tmp_path: Path, moto_url: str) -> None:
    files = render(resolve(merge([from_text(ANSWERS, "test")]))).files
    stack = prepare_stack(write(files, tmp_path / "rendered"), "environments/dev", tmp_path, moto_url)
    outcome = stack.live_through()
    assert outcome.unwanted_changes == ""
    assert outcome.added == outcome.destroyed > 40
