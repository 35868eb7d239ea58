"""What holds for every set of answers that the rules let through.

`PROPERTY_EXAMPLES` says how many sets are tried, for a longer search than CI's.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, from_text, merge
from scaffold.blueprint import build
from scaffold.blueprint.network import environment_facts
from scaffold.render import Rendering, render
from scaffold.verify import FAST, Level, verify
from scaffold.verify.verdict import Status
from tests.render.answer_space import ENVIRONMENTS, answers
from tests.support.rendering import tree_of

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "150"))


def searched(share: float = 1.0) -> settings:
    return settings(
        max_examples=max(1, int(EXAMPLES * share)),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )


def resolved(data: Mapping[str, Any]) -> Project:
    """Return the project of answers, or have another set tried where the rules refuse them."""
    try:
        return resolve(merge([Source(data, "test")]))
    except AnswersError as error:
        event(f"refused: {', '.join(sorted({problem.rule for problem in error.problems}))}")
        assume(False)
        raise


def reordered(data: Any) -> Any:
    """Return data with the keys of its mappings the other way round, but environments in their order."""
    if not isinstance(data, dict):
        return data
    return {
        key: {name: reordered(override) for name, override in data[key].items()}
        if key == "environments"
        else reordered(data[key])
        for key in reversed(data)
    }


def texts(rendering: Rendering) -> dict[str, str]:
    return {file.path: file.text for file in rendering.files}


_rendered = 0


@pytest.fixture(autouse=True)
def _count_of_answers(record_property: Callable[[str, object], None]) -> Iterator[None]:
    before = _rendered
    yield
    record_property("random sets of answers put to our own verifiers", _rendered - before)


@searched()
@given(answers())
def test_any_valid_answers_render_and_verify_and_render_the_same_again(data):
    global _rendered
    project = resolved(data)
    rendering = render(project)
    _rendered += 1
    for verdict in verify(tree_of(rendering), Level.FAST):
        if verdict.verifier in FAST:
            assert verdict.status is not Status.FAILED, verdict.findings
    assert_nothing_unasked(project, texts(rendering))
    again = resolve(merge([from_text(texts(rendering)["scaffold.yaml"], "scaffold.yaml")]))
    assert texts(render(again)) == texts(rendering)
    other_order = resolve(merge([Source(reordered(data), "test")]))
    assert build(other_order) == build(project)
    assert repr(other_order.given) == repr(project.given)


def assert_nothing_unasked(project: Project, files: Mapping[str, str]) -> None:
    environments = project.environments
    assert_absent(files, r'resource "aws_(nat_gateway|eip)"', unless=any(each.nat != "none" for each in environments))
    assert_absent(
        files, r'availability_mode *= "regional"', unless=any(each.nat == "regional" for each in environments)
    )
    assert_absent(files, r"aws_subnet.public", unless=any(each.public_subnets for each in environments))
    assert_absent(files, r'resource "aws_subnet" "pod', unless=any(each.network.pod_cidr for each in environments))
    assert_absent(files, r"\bcount *= *0\b", unless=False)
    for component, folders, word in (
        ("eks-auto-mode", ("modules/eks-auto-mode/", "k8s/"), r"aws_eks_|kubectl"),
        (
            "lambda-managed-instances",
            ("modules/lambda-managed-instances/", "functions/worker/"),
            r"aws_lambda_capacity_provider|capacity_provider_config",
        ),
        (
            "lambda-durable",
            ("modules/lambda-durable/", "functions/workflow/"),
            r"durable_config|aws_apigatewayv2_|aws_dynamodb_table",
        ),
    ):
        asked = any(component in each.capacity for each in environments)
        assert asked == any(path.startswith(folders) for path in files)
        assert_absent(files, word, unless=asked)
    named = {path.split("/")[1] for path in files if path.startswith("environments/")}
    assert named == {each.environment for each in environments}
    with_clusters = {each.environment for each in environments if "eks-auto-mode" in each.capacity}
    assert {path.split("/")[1] for path in files if path.startswith("k8s/")} == with_clusters


def assert_absent(files: Mapping[str, str], pattern: str, *, unless: bool) -> None:
    if not unless:
        found = [path for path, text in files.items() if re.search(pattern, text) and path != "scaffold.yaml"]
        assert not found, f"{pattern} in {found}"


@searched(5)
@given(answers())
def test_subnets_lie_in_their_block_and_never_overlap(data):
    for each in resolved(data).environments:
        facts = environment_facts(each)
        vpc = IPv4Network(facts.cidr)
        subnets = [IPv4Network(cidr) for cidr in (*facts.private_cidrs, *facts.public_cidrs)]
        assert len(facts.private_cidrs) == each.az_count
        assert len(facts.public_cidrs) == (each.az_count if each.public_subnets else 0)
        assert all(subnet.subnet_of(vpc) and subnet.prefixlen <= 28 for subnet in subnets)
        assert not any(one.overlaps(other) for one in subnets for other in subnets if one is not other)
        assert not facts.pod_cidr or not IPv4Network(facts.pod_cidr).overlaps(vpc)


@searched(5)
@given(answers(), st.integers(2, 5))
def test_another_zone_moves_no_subnet(data, zones):
    common = {key: value for key, value in data.items() if key != "environments"}
    fewer, more = (resolved({**common, "region": "us-east-1", "azs": count}) for count in (zones, zones + 1))
    for before, after in zip(fewer.environments, more.environments, strict=True):
        old, new = environment_facts(before), environment_facts(after)
        assert new.private_cidrs[:zones] == old.private_cidrs
        assert new.public_cidrs[:zones] == old.public_cidrs


@searched(0.3)
@given(answers(), st.sampled_from(ENVIRONMENTS))
def test_another_environment_touches_no_other_environments_folders(data, name):
    project = resolved(data)
    assume(all(each.environment != name for each in project.environments))
    # A copy of one that is there asks nothing more of the modules.
    twin = project.environments[0]
    override = (data.get("environments") or {}).get(twin.environment, {})
    named = data.get("environments") or {"dev": {}, "prod": {}}
    grown = resolved({**data, "environments": {**named, name: {**override, "production": twin.production}}})
    before, after = texts(render(project)), texts(render(grown))
    assert build(grown).modules == build(project).modules
    own = tuple(f"{folder}/{each.environment}/" for folder in ("environments", "k8s") for each in project.environments)
    for path, text in before.items():
        if path.startswith((*own, "modules/", "functions/")):
            assert after[path] == text, path
    assert {path for path in set(after) - set(before) if f"/{name}/" not in path} == set()


@pytest.mark.parametrize("name", ["for", "on", "null", "true"])
def test_an_environment_may_have_a_name_that_means_something_to_hcl_or_yaml(name):
    data = {"name": "shop", "region": "us-east-1", "owner": "a", "cost_center": "b", "environments": {name: {}}}
    rendering = render(resolve(merge([Source(data, "test")])))
    assert all(verdict.status is not Status.FAILED for verdict in verify(tree_of(rendering), Level.FAST))
