"""Lambda functions: what the opinions refuse, what follows from the answers, and what is rendered."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scaffold.answers.functions import FUNCTIONS, REFUSED, needs_network, required_endpoints
from scaffold.answers.model import Answers, rules
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.blueprint import build, inventory_of
from scaffold.blueprint.functions import aws_provider_version, environment_facts, module_facts
from scaffold.render import render
from tests.support.schema_provider import schema_mirror, terraform_env

TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-call"
MODULE = "modules/lambda"
SHAPES = ("command", "queue", "fan-out")
COMMON = """
name: shop
region: eu-central-1
owner: team
cost_center: shops
"""
LAMBDA = "capacity: [lambda]\n"


def answers(**changes: Any) -> Answers:
    functions = {"alarm_topic_arns": [TOPIC], **changes.pop("functions", {})}
    known: dict[str, Any] = {
        "name": "shop",
        "environment": "prod",
        "production": True,
        "region": "eu-central-1",
        "owner": "team",
        "cost_center": "shops",
        "capacity": ["lambda"],
    }
    return Answers.model_validate({**known, **changes, "functions": functions})


def problems(**changes: Any) -> dict[str, Problem]:
    return {problem.path: problem for problem in rules(answers(**changes))}


def rendered(text: str, capacity: str = LAMBDA) -> dict[str, str]:
    """Return the files of COMMON with more answers, by path."""
    return {
        file.path: file.text for file in render(resolve(merge([from_text(COMMON + capacity + text, "test")]))).files
    }


def refused(text: str) -> list[Problem]:
    with pytest.raises(AnswersError) as error:
        resolve(merge([from_text(COMMON + LAMBDA + text, "test")]))
    return list(error.value.problems)


def of_module(files: dict[str, str]) -> str:
    return "\n".join(text for path, text in sorted(files.items()) if re.fullmatch(rf"{MODULE}/\w+\.tf", path))


# What the opinions refuse


def test_plain_answers_have_no_problems():
    assert problems() == {}


def test_alarms_that_tell_nobody_are_advised_against_in_production():
    found = problems(functions={"alarm_topic_arns": []})["functions.alarm_topic_arns"]
    assert (found.rule, found.level) == ("F7", "warning")
    assert "functions.alarm_topic_arns" not in problems(functions={"alarm_topic_arns": []}, production=False)


def test_the_queue_starts_no_more_than_is_reserved():
    less = {"reserved_concurrency": 9, "maximum_concurrency": 10}
    found = problems(functions=less)["functions.reserved_concurrency"]
    assert (found.rule, found.level) == ("F1", "error")
    assert "10" in found.mend
    assert problems(functions={**less, "reserved_concurrency": 10}) == {}
    assert problems(functions={**less, "shapes": ["command"]}) == {}


@pytest.mark.parametrize(
    ("shapes", "most"),
    [(["queue"], 900), (["command"], 300), (["fan-out"], 450), (["command", "queue", "fan-out"], 150)],
)
def test_all_functions_together_reserve_what_an_account_can_reserve(shapes: list[str], most: int):
    assert problems(functions={"shapes": shapes, "reserved_concurrency": most}) == {}
    if most < 900:
        more = {"shapes": shapes, "reserved_concurrency": most + 1}
        found = problems(functions=more)["functions.reserved_concurrency"]
        assert (found.rule, found.level) == ("F1", "error")
        assert str((most + 1) * sum(FUNCTIONS[shape] for shape in shapes)) in found.message
        assert f"Use {most} or less" in found.mend


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_what_people_try_in_vain_is_refused_with_the_reason(key: str):
    (found,) = refused(f"functions: {{{key}: 1}}")
    assert (found.path, found.rule, found.message) == (f"functions.{key}", REFUSED[key][0], REFUSED[key][1])


@pytest.mark.parametrize("shapes", ["[]", "[queue, queue]", "[cron]"])
def test_shapes_are_known_and_named_once(shapes: str):
    assert {found.path.removesuffix(".0") for found in refused(f"functions: {{shapes: {shapes}}}")} == {
        "functions.shapes"
    }


@pytest.mark.parametrize("answer", ["shapes: [command]", "runtime: nodejs24.x", "fan_out_source: sns", "vpc: true"])
def test_environments_share_the_functions(answer: str):
    (found,) = refused(f"environments: {{dev: {{functions: {{{answer}}}}}, prod: {{}}}}")
    assert found.path == f"environments.dev.functions.{answer.partition(':')[0]}"


# What follows from the answers


def test_a_network_is_needed_only_where_it_was_asked_for():
    assert not needs_network(answers())
    assert needs_network(answers(functions={"vpc": True}))


def test_without_nat_the_front_function_needs_the_endpoint_of_lambda():
    assert required_endpoints(answers(functions={"vpc": True, "shapes": ["command"]})) == ("lambda",)
    assert required_endpoints(answers(functions={"vpc": True, "shapes": ["queue"]})) == ()
    assert required_endpoints(answers(functions={"shapes": ["command"]})) == ()


def test_lambda_makes_a_network_interface_in_each_zone():
    assert environment_facts(answers(azs=4, functions={"vpc": True})).interfaces == 4
    assert environment_facts(answers(azs=4)).interfaces == 0


def test_concurrency_is_reserved_where_any_environment_does():
    some = environment_facts(answers(functions={"reserved_concurrency": 20}))
    none = environment_facts(answers())
    assert [module_facts([some, each]).reserved_concurrency for each in (some, none)] == [True, True]
    assert [module_facts([some, each]).always_reserved for each in (some, none)] == [True, False]
    assert not module_facts([none]).reserved_concurrency


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_has_as_many_functions_as_the_rules_count(shape: str):
    project = resolve(merge([from_text(f"{COMMON}{LAMBDA}functions: {{shapes: [{shape}]}}", "test")]))
    assert len(inventory_of(build(project).environments[0]).functions) == FUNCTIONS[shape]


@pytest.mark.parametrize(
    ("runtime", "version"),
    [("python3.13", "6.0"), ("python3.14", "6.21"), ("nodejs22.x", "6.0"), ("nodejs24.x", "6.21")],
)
def test_the_provider_takes_the_runtime(runtime: str, version: str):
    assert aws_provider_version(module_facts([environment_facts(answers(functions={"runtime": runtime}))])) == version
    assert f'version = ">= {version}"' in rendered(f"functions: {{runtime: {runtime}}}")[f"{MODULE}/versions.tf"]


# What is rendered


@pytest.mark.parametrize("shape", SHAPES)
def test_of_a_shape_that_was_not_asked_for_nothing_is_rendered(shape: str):
    files = rendered(f"functions: {{shapes: [{', '.join(each for each in SHAPES if each != shape)}]}}")
    folder = shape.replace("-", "_")
    assert not [path for path in files if f"/{folder}/" in path or path.endswith(f"/{folder}.tf")]
    signs = {"command": "WORKERS", "queue": "aws_lambda_event_source_mapping", "fan-out": "aws_cloudwatch_event"}
    assert signs[shape] not in of_module(files)


def test_events_come_from_a_bus_or_from_a_topic():
    bus, topic = (
        of_module(rendered(f"functions: {{shapes: [fan-out], fan_out_source: {source}}}"))
        for source in ("eventbridge", "sns")
    )
    assert "aws_cloudwatch_event_bus" in bus
    assert "aws_sns_topic" not in bus
    assert "aws_sns_topic" in topic
    assert "aws_cloudwatch_event" not in topic


def test_publishers_are_told_what_a_message_holds_and_what_key_they_need():
    files = rendered("functions: {shapes: [fan-out], fan_out_source: sns}")
    assert "MessageBody" in files[f"{MODULE}/fan_out.tf"]
    assert 'output "event_key_arn"' in files["environments/prod/outputs.tf"]
    for told in ("event_key_arn", '{"id": "o-1", "type": "OrderPlaced"}'):
        assert told in files["README.md"]
    assert "event_key_arn" not in rendered("functions: {shapes: [fan-out]}")["environments/prod/outputs.tf"]


def test_the_readme_says_what_the_metrics_cost():
    assert "$0.30 a month" in rendered("")["README.md"]


def test_without_a_vpc_nothing_of_one_is_rendered():
    files = rendered("functions: {shapes: [command, queue, fan-out]}")
    assert f"{MODULE}/security_group.tf" not in files
    assert "vpc_config" not in of_module(files).replace("# vpc_config", "")
    call = files["environments/prod/main.tf"].partition('module "lambda"')[2]
    assert "module.network" not in call


def test_in_a_vpc_the_readme_says_how_many_network_interfaces_it_takes():
    readme = rendered("azs: 2\nfunctions: {vpc: true}")["README.md"]
    assert "2 in dev, 2 in prod" in readme
    assert "500" in readme


def test_environments_without_nat_reach_the_vpc_and_the_gateway_endpoints_only():
    files = rendered("functions: {vpc: true}\nenvironments: {dev: {network: {nat: none}}, prod: {}}")
    dev, prod = (files[f"environments/{name}/main.tf"].partition('module "lambda"')[2] for name in ("dev", "prod"))
    assert re.search(r"egress_cidr_ipv4 += module\.network\.vpc_cidr", dev)
    assert re.search(r'gateway_endpoints += \["dynamodb", "s3"\]', dev)
    assert re.search(r'egress_cidr_ipv4 += "0\.0\.0\.0/0"', prod)
    assert re.search(r"gateway_endpoints += \[\]", prod)


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ("timeout: 30", "timeout: 60", {"README.md"}),
        ("memory_size: 512", "memory_size: 1024", {"README.md"}),
        ("maximum_concurrency: 10", "maximum_concurrency: 20", {"README.md"}),
    ],
)
def test_one_answer_changes_only_the_lines_about_it(one: str, other: str, paths: set[str]):
    first, second = rendered(f"functions: {{{one}}}"), rendered(f"functions: {{{other}}}")
    changed = {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
    assert changed == {"scaffold.yaml", "environments/dev/main.tf", "environments/prod/main.tf", *paths}


def test_suppressions_come_with_what_they_suppress():
    plain = of_module(rendered(""))
    other = of_module(rendered("functions: {vpc: true, reserved_concurrency: 10, log_retention_days: 30}"))
    for code, without in (("CKV_AWS_115", plain), ("CKV_AWS_117", plain), ("CKV_AWS_338", other)):
        assert (code in plain, code in other) == (without is plain, without is other)


def test_every_suppression_gives_its_reason():
    lines = [line for line in of_module(rendered("functions: {vpc: true}")).splitlines() if "checkov:skip" in line]
    assert lines
    assert all(re.search(r"#checkov:skip=CKV2?_AWS_\d+: \w+.{10,}", line) for line in lines)


def test_nothing_of_another_component_is_in_the_way():
    files = rendered(
        "functions: {shapes: [command, queue, fan-out]}\nlmi: {max_vcpu_count: 24}",
        "capacity: [eks-auto-mode, lambda-managed-instances, lambda]\n",
    )
    outputs = re.findall(r'^output "(\w+)"', files["environments/prod/outputs.tf"], re.MULTILINE)
    assert len(outputs) == len(set(outputs))
    targets = re.findall(r"^([a-z-]+):.*## ", files["Makefile"], re.MULTILINE)
    assert len(targets) == len(set(targets))


# The functions, as rendered


@pytest.mark.parametrize("source", ["eventbridge", "sns"])
@pytest.mark.parametrize("runtime", ["python3.13", "nodejs22.x"])
def test_the_functions_tests_pass(runtime: str, source: str, tmp_path: Path):
    if runtime.startswith("nodejs") and shutil.which("node") is None:
        pytest.skip("node is not on PATH")
    files = rendered(f"functions: {{shapes: [command, queue, fan-out], runtime: {runtime}, fan_out_source: {source}}}")
    written = {path: text for path, text in files.items() if path.startswith("functions/")}
    for path, content in written.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    command = re.findall(r"^\tcd functions/\w+ && (.*)$", files["Makefile"], re.MULTILINE)[0]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for folder in ("command", "queue", "fan_out"):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path / "functions" / folder,
            env={"PATH": path, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"^(Ran|# tests|. tests) (9|1\d)\b", done.stdout + done.stderr, re.MULTILINE)


# Terraform's own word


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which Terraform finds providers that serve the newest schemas."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    return terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="plain"),
        pytest.param("functions: {shapes: [command]}", id="command"),
        pytest.param("functions: {shapes: [fan-out]}", id="fan-out"),
        pytest.param(
            "functions: {shapes: [command, queue, fan-out], fan_out_source: sns, runtime: nodejs24.x, vpc: true, "
            "reserved_concurrency: 20, log_retention_days: 30, "
            "alarm_topic_arns: ['arn:aws:sns:eu-central-1:123456789012:ops']}\n"
            "environments: {dev: {network: {nat: none}, functions: {reserved_concurrency: null}}, prod: {}}",
            id="everything",
        ),
    ],
)
def test_the_module_is_valid_and_its_tests_pass(text: str, terraform: dict[str, str], tmp_path: Path):
    for path, content in rendered(text).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)

    def run(folder: str, *arguments: str) -> None:
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"], cwd=tmp_path / folder, env=terraform, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(".", "fmt", "-check", "-recursive")
    for folder in (MODULE, "environments/dev", "environments/prod"):
        run(folder, "init", "-backend=false")
        run(folder, "validate")
    run(MODULE, "test")
