"""Lambda Managed Instances: what the opinions refuse, what follows from the answers, and what is rendered."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest

from scaffold.answers.lmi import CONCURRENCY_PER_VCPU, REFUSED, LmiAnswers, Runtime, required_endpoints
from scaffold.answers.model import Answers, rules
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.blueprint.lmi import LANGUAGES, aws_provider_version, environment_facts, module_facts
from scaffold.render import render
from tests.support.schema_provider import schema_mirror, terraform_env

TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-call"
MODULE = "modules/lambda-managed-instances"
COMMON = """
name: shop
region: eu-central-1
owner: team
cost_center: shops
capacity: [lambda-managed-instances]
"""


def answers(**changes: Any) -> Answers:
    lmi = {"max_vcpu_count": 24, "alarm_topic_arns": [TOPIC], **changes.pop("lmi", {})}
    known: dict[str, Any] = {
        "name": "shop",
        "environment": "prod",
        "production": True,
        "region": "eu-central-1",
        "owner": "team",
        "cost_center": "shops",
        "capacity": ["lambda-managed-instances"],
    }
    return Answers.model_validate({**known, **changes, "lmi": lmi})


def problems(**changes: Any) -> dict[str, Problem]:
    return {problem.path: problem for problem in rules(answers(**changes))}


def rendered(text: str) -> dict[str, str]:
    """Return the files of COMMON with more answers, by path."""
    return {file.path: file.text for file in render(resolve(merge([from_text(COMMON + text, "test")]))).files}


def refused(text: str) -> list[Problem]:
    with pytest.raises(AnswersError) as error:
        resolve(merge([from_text(COMMON + text, "test")]))
    return list(error.value.problems)


# What the opinions refuse


def test_plain_answers_have_no_problems():
    assert problems() == {}


def test_alarms_that_tell_nobody_are_advised_against_in_production():
    found = problems(lmi={"alarm_topic_arns": []})["lmi.alarm_topic_arns"]
    assert (found.rule, found.level) == ("L8", "warning")
    assert "lmi.alarm_topic_arns" not in problems(lmi={"alarm_topic_arns": []}, production=False)


def test_the_cap_on_vcpus_has_no_default():
    found = problems(lmi={"max_vcpu_count": None})["lmi.max_vcpu_count"]
    assert (found.rule, found.level) == ("L3", "error")
    assert "400" in found.message


def test_a_cap_too_low_for_the_first_three_instances_is_advised_against():
    assert problems(lmi={"max_vcpu_count": 5})["lmi.max_vcpu_count"].level == "warning"
    assert problems(lmi={"max_vcpu_count": 6}) == {}
    wide = {"memory_size": 32768, "runtime": "java21"}
    assert "48" in problems(lmi={"max_vcpu_count": 47, **wide})["lmi.max_vcpu_count"].mend
    assert problems(lmi={"max_vcpu_count": 48, **wide}) == {}


@pytest.mark.parametrize(("lmi", "wanted"), [({"scaling_mode": "Manual"}, "60"), ({"target_value": 60}, "Manual")])
def test_a_target_belongs_to_manual_scaling_and_to_nothing_else(lmi: dict[str, Any], wanted: str):
    found = problems(lmi=lmi)["lmi.target_value"]
    assert (found.rule, found.level) == ("L8", "error")
    assert wanted in found.mend


def test_instance_types_are_allowed_or_excluded_but_not_both():
    lmi = {"allowed_instance_types": ["m8g.large"], "excluded_instance_types": ["c8g.large"]}
    assert problems(lmi=lmi)["lmi.excluded_instance_types"].rule == "L4"


@pytest.mark.parametrize(
    ("arch", "fits", "misfit"),
    [("arm64", ["m8g.large", "c7gn.xlarge", "r8gd.2xlarge"], "m7i.large"), ("x86_64", ["m7a.large"], "m8g.large")],
)
def test_allowed_instance_types_have_the_architecture_of_the_function(arch: str, fits: list[str], misfit: str):
    assert problems(arch=arch, lmi={"allowed_instance_types": fits}) == {}
    found = problems(arch=arch, lmi={"allowed_instance_types": [*fits, misfit]})["lmi.allowed_instance_types"]
    assert found.rule == "L4"
    assert found.message.startswith(f"{misfit} cannot run {arch}")


def test_less_than_one_vcpu_is_refused():
    found = problems(lmi={"memory_size": 2048, "execution_environment_memory_gib_per_vcpu": 4})["lmi.memory_size"]
    assert (found.rule, found.level) == ("L6", "error")
    assert "4096" in found.mend


def test_a_fraction_of_a_vcpu_is_advised_against():
    assert problems(lmi={"runtime": "java21", "memory_size": 5000})["lmi.memory_size"].level == "warning"


def test_more_than_64_requests_a_vcpu_are_refused():
    path = "lmi.per_execution_environment_max_concurrency"
    assert problems(lmi={"per_execution_environment_max_concurrency": 64}) == {}
    assert problems(lmi={"per_execution_environment_max_concurrency": 65})[path].rule == "L9"


def test_telemetry_needs_nat_or_the_logs_and_xray_endpoints():
    found = list(rules(answers(network={"nat": "none", "endpoints": "standard"})))
    assert [problem.path for problem in found if problem.rule == "L7"] == ["network.endpoints"]
    assert "xray" in next(problem.message for problem in found if problem.rule == "L7")
    assert problems(network={"nat": "none"}) == {}
    assert problems(network={"nat": "per-az", "endpoints": "none"}) == {}


def test_the_queue_needs_an_endpoint_only_where_there_is_a_queue():
    assert "sqs" in required_endpoints(answers())
    assert "sqs" not in required_endpoints(answers(lmi={"event_source": "none"}))


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_what_managed_instances_lacks_is_refused_with_the_reason(key: str):
    (found,) = refused(f"lmi: {{max_vcpu_count: 24, {key}: 1}}")
    assert (found.path, found.rule, found.message) == (f"lmi.{key}", REFUSED[key][0], REFUSED[key][1])


@pytest.mark.parametrize("runtime", ["python3.12", "nodejs20.x", "java17", "dotnet6", "provided.al2", "go1.x"])
def test_a_runtime_that_managed_instances_lacks_is_refused_with_the_list(runtime: str):
    (found,) = refused(f"lmi: {{max_vcpu_count: 24, runtime: {runtime}}}")
    assert (found.path, found.rule) == ("lmi.runtime", "L6")
    assert "python3.14" in found.message


def test_environments_share_one_runtime():
    (found,) = refused("lmi: {max_vcpu_count: 24}\nenvironments: {dev: {lmi: {runtime: java21}}, prod: {}}")
    assert found.path == "environments.dev.lmi.runtime"


# What follows from the answers


@pytest.mark.parametrize("runtime", get_args(Runtime))
def test_each_runtime_gets_its_own_default_concurrency(runtime: str):
    lmi = LmiAnswers.model_validate({"runtime": runtime, "memory_size": 8192})
    assert lmi.max_concurrency == CONCURRENCY_PER_VCPU[lmi.family] * 8 // lmi.gib_per_vcpu
    assert environment_facts(answers(lmi={"runtime": runtime})).handler == LANGUAGES[lmi.family].handler


def test_python_has_more_memory_for_each_vcpu():
    assert LmiAnswers(runtime="python3.14").gib_per_vcpu == 4
    assert LmiAnswers(runtime="nodejs24.x").gib_per_vcpu == 2
    assert LmiAnswers(runtime="python3.14", execution_environment_memory_gib_per_vcpu=8).gib_per_vcpu == 8


def test_rust_is_packaged_for_the_architecture_of_the_environment():
    rust = {"runtime": "provided.al2023"}
    arm, x86 = (environment_facts(answers(arch=arch, lmi=rust)) for arch in ("arm64", "x86_64"))
    assert (arm.source_dir, x86.source_dir) == ("functions/worker/build/arm64", "functions/worker/build/x86_64")
    command = module_facts([arm, x86]).function.build_command
    assert "aarch64-unknown-linux-gnu" in command
    assert "x86_64-unknown-linux-gnu" in command


def test_facts_without_a_cap_are_not_made():
    with pytest.raises(ValueError, match="max_vcpu_count"):
        environment_facts(answers(lmi={"max_vcpu_count": None}))


@pytest.mark.parametrize(("runtime", "version"), [("dotnet8", "6.24"), ("dotnet10", "6.27"), ("python3.14", "6.24")])
def test_the_provider_takes_the_runtime(runtime: str, version: str):
    assert aws_provider_version(module_facts([environment_facts(answers(lmi={"runtime": runtime}))])) == version


# What is rendered


def test_environments_without_nat_reach_the_vpc_and_the_gateway_endpoints_only():
    files = rendered("lmi: {max_vcpu_count: 24}\nenvironments: {dev: {network: {nat: none}}, prod: {}}")
    dev, prod = (files[f"environments/{name}/main.tf"] for name in ("dev", "prod"))
    assert re.search(r"egress_cidr_ipv4 += module\.network\.vpc_cidr", dev)
    assert re.search(r'gateway_endpoints += \["dynamodb", "s3"\]', dev)
    assert re.search(r'egress_cidr_ipv4 += "0\.0\.0\.0/0"', prod)
    assert re.search(r"gateway_endpoints += \[\]", prod)


def test_with_nat_everywhere_the_module_knows_no_gateway_endpoints():
    files = rendered("lmi: {max_vcpu_count: 24}\nnetwork: {nat: per-az}")
    assert not [path for path, text in files.items() if path.startswith(MODULE) and "gateway_endpoint" in text]


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ("max_vcpu_count: 24", "max_vcpu_count: 48", {"README.md"}),
        ("max_vcpu_count: 24, timeout: 60", "max_vcpu_count: 24, timeout: 90", set()),
        ("max_vcpu_count: 24, memory_size: 4096", "max_vcpu_count: 24, memory_size: 8192", {"README.md"}),
    ],
)
def test_one_answer_changes_only_the_lines_about_it(one: str, other: str, paths: set[str]):
    first, second = rendered(f"lmi: {{{one}}}"), rendered(f"lmi: {{{other}}}")
    changed = {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
    assert changed == {"scaffold.yaml", "environments/dev/main.tf", "environments/prod/main.tf", *paths}


def test_without_a_queue_nothing_of_one_is_rendered():
    files = rendered("lmi: {max_vcpu_count: 24, event_source: none}")
    text = "\n".join(text for path, text in files.items() if path.endswith(".tf"))
    assert "aws_lambda_event_source_mapping" not in text
    assert "aws_sqs_queue.work" not in text
    assert "dead_letter_config" in text
    assert "CKV_AWS_116" not in text


def test_the_suppression_of_short_log_retention_comes_with_short_log_retention():
    assert "CKV_AWS_338" not in rendered("lmi: {max_vcpu_count: 24}")[f"{MODULE}/logs.tf"]
    assert "CKV_AWS_338" in rendered("lmi: {max_vcpu_count: 24, log_retention_days: 30}")[f"{MODULE}/logs.tf"]


def test_every_suppression_gives_its_reason():
    files = rendered("lmi: {max_vcpu_count: 24, log_retention_days: 30}")
    suppressions = [
        line
        for path, text in files.items()
        if path.startswith(MODULE)
        for line in text.splitlines()
        if "checkov:skip" in line
    ]
    assert suppressions
    assert all(re.search(r"#checkov:skip=CKV2?_AWS_\d+: \w+.{10,}", line) for line in suppressions)


def test_the_readme_says_how_to_build_and_to_tear_down():
    readme = rendered("lmi: {max_vcpu_count: 24, runtime: java21}")["README.md"]
    assert "javac --release 21" in readme
    assert "list-function-versions-by-capacity-provider" in readme
    assert "make" in readme


def test_compiled_workers_are_built_before_a_plan():
    assert "\nplan: build-function\n" in rendered("lmi: {max_vcpu_count: 24, runtime: java25}")["Makefile"]
    assert "build-function" not in rendered("lmi: {max_vcpu_count: 24}")["Makefile"]


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
        pytest.param("lmi: {max_vcpu_count: 24}", id="plain"),
        pytest.param(
            "lmi: {max_vcpu_count: 24, runtime: java21, event_source: none, excluded_instance_types: ['*.metal'], "
            "alarm_topic_arns: ['arn:aws:sns:eu-central-1:123456789012:ops'], log_retention_days: 30}\n"
            "environments: {dev: {network: {nat: none}, lmi: {scaling_mode: Manual, target_value: 60}}, "
            "prod: {lmi: {excluded_instance_types: null, allowed_instance_types: [m8g.large]}}}",
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
