"""Amazon ECS: what the opinions refuse, what follows from the answers, and what is rendered."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import pytest

from scaffold.answers.ecs import FARGATE_MEMORY, REFUSED, Deployment, required_endpoints
from scaffold.answers.model import Answers, rules
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.blueprint.ecs import costs, environment_facts
from scaffold.render import render
from tests.support.schema_provider import schema_mirror, terraform_env

TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-call"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf:json-key::"
PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/key"
OWN_IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-prod-ecs:1.4.2"
OWN = {"image": OWN_IMAGE, "health_command": ["CMD", "/app", "--healthy"]}
BALANCED = {"load_balancer": "internal", "certificate_arn": CERTIFICATE}
PUBLIC = {"load_balancer": "internet-facing", "certificate_arn": CERTIFICATE}
JWT = {"issuer": "https://id.example.com", "jwks_endpoint": "https://id.example.com/jwks.json"}
COGNITO = {
    "user_pool_arn": "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEfGhI",
    "user_pool_client_id": "0a1b2c3d4e",
    "user_pool_domain": "shop",
}
MODULE = "modules/ecs"
COMMON = """
name: shop
region: eu-central-1
owner: team
cost_center: shops
capacity: [ecs]
"""


def answers(**changes: Any) -> Answers:
    ecs = {"alarm_topic_arns": [TOPIC], **changes.pop("ecs", {})}
    known: dict[str, Any] = {
        "name": "shop",
        "environment": "prod",
        "production": True,
        "region": "eu-central-1",
        "owner": "team",
        "cost_center": "shops",
        "capacity": ["ecs"],
    }
    return Answers.model_validate({**known, **changes, "ecs": ecs})


def problems(**changes: Any) -> dict[str, Problem]:
    return {problem.path: problem for problem in rules(answers(**changes))}


def refused(text: str) -> list[Problem]:
    with pytest.raises(AnswersError) as error:
        resolve(merge([from_text(COMMON + text, "test")]))
    return list(error.value.problems)


def rendered(ecs: dict[str, Any] | None = None, **more: Any) -> dict[str, str]:
    """Return the files of COMMON with answers about ECS, and others, by path."""
    given = json.dumps({"ecs": ecs or {}, **more})
    sources = [from_text(COMMON, "common"), from_text(given, "test")]
    return {file.path: file.text for file in render(resolve(merge(sources))).files}


# What the opinions refuse


def test_plain_answers_have_no_problems():
    assert problems() == {}
    assert problems(ecs=BALANCED) == {}
    assert problems(ecs={"kind": "batch"}) == {}


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_what_is_not_offered_is_refused_with_the_reason(key: str):
    (found,) = refused(f"ecs: {{{key}: 1}}")
    assert (found.path, found.rule, found.message) == (f"ecs.{key}", REFUSED[key][0], REFUSED[key][1])


@pytest.mark.parametrize(
    ("ecs", "path", "rule"),
    [
        pytest.param({"memory": 1536, "cpu": 256}, "ecs.memory", "C4", id="no such size"),
        pytest.param({"image": OWN_IMAGE}, "ecs.health_command", "C6", id="no health check"),
        pytest.param({**OWN, "health_command": ["/app", "-h"]}, "ecs.health_command", "C6", id="no CMD"),
        pytest.param({"command": ["/app"]}, "ecs.command", "C6", id="command of no image"),
        pytest.param({"health_path": "/health"}, "ecs.health_path", "C6", id="path the sample lacks"),
        pytest.param({"load_balancer": "internal"}, "ecs.certificate_arn", "C10", id="no certificate"),
        pytest.param({"certificate_arn": CERTIFICATE}, "ecs.load_balancer", "C10", id="no load balancer"),
        pytest.param(
            {**BALANCED, "certificate_arn": CERTIFICATE.replace("central", "west")},
            "ecs.certificate_arn",
            "C10",
            id="certificate of another region",
        ),
        pytest.param({"jwt": JWT}, "ecs.jwt", "C16", id="nobody who checks"),
        pytest.param({**BALANCED, "jwt": JWT, "cognito": COGNITO}, "ecs.cognito", "C16", id="checked twice"),
        pytest.param({**BALANCED, "jwt": JWT, "deployment": "canary"}, "ecs.deployment", "C11", id="check and shift"),
        pytest.param({"kind": "mcp-server", **PUBLIC}, "ecs.load_balancer", "C16", id="open MCP server"),
        pytest.param({"kind": "mcp-server", "idle_timeout": 299}, "ecs.idle_timeout", "C16", id="short streams"),
        pytest.param({"deployment": "blue-green"}, "ecs.deployment", "C11", id="nothing to shift"),
        pytest.param({"scaling": "requests"}, "ecs.scaling", "C12", id="nobody counts"),
        pytest.param(
            {**BALANCED, "scaling": "requests", "deployment": "linear"}, "ecs.scaling", "C12", id="two groups"
        ),
        pytest.param({"min_tasks": 1}, "ecs.min_tasks", "C12", id="one task in production"),
        pytest.param({"max_tasks": 1}, "ecs.max_tasks", "C12", id="fewer at most than at least"),
        pytest.param(
            {"schedules": [{"cron": "0 7 ? * * *", "min_tasks": 4, "max_tasks": 3}]},
            "ecs.schedules[0].max_tasks",
            "C12",
            id="schedule upside down",
        ),
        pytest.param(
            {"schedules": [{"cron": "0 7 ? * * *", "min_tasks": 0, "max_tasks": 3}]},
            "ecs.schedules[0].min_tasks",
            "C12",
            id="nothing at night in production",
        ),
        pytest.param({"execute_command": True}, "ecs.execute_command", "C14", id="shells in production"),
        pytest.param({"kind": "batch", **BALANCED}, "ecs.load_balancer", "C17", id="batch behind a load balancer"),
        pytest.param({"kind": "batch", "capacity_provider": "fargate-spot"}, "ecs.capacity_provider", "C2", id="Spot"),
        pytest.param(
            {"kind": "batch", "schedules": [{"cron": "0 7 ? * * *", "min_tasks": 2, "max_tasks": 3}]},
            "ecs.schedules",
            "C17",
            id="batch with a schedule",
        ),
        pytest.param(
            {"kind": "batch", "batch": {"heartbeat_seconds": 600, "timeout_seconds": 600}},
            "ecs.batch.heartbeat_seconds",
            "C17",
            id="silence as long as the timeout",
        ),
    ],
)
def test_what_can_never_work_is_refused(ecs: dict[str, Any], path: str, rule: str):
    found = problems(ecs=ecs)[path]
    assert (found.rule, found.level) == (rule, "error")
    assert found.mend


@pytest.mark.parametrize(
    ("ecs", "path", "rule"),
    [
        ({"image": "app"}, "ecs.image", "C15"),
        ({"image": "app:latest"}, "ecs.image", "C15"),
        ({"image": "registry.example:5000/app"}, "ecs.image", "C15"),
        ({"user": "root"}, "ecs.user", "C6"),
        ({"user": "0:10001"}, "ecs.user", "C6"),
        ({"container_port": 80}, "ecs.container_port", None),
    ],
)
def test_values_that_an_answer_cannot_have_are_refused(ecs: dict[str, Any], path: str, rule: str | None):
    found = {problem.path: problem for problem in refused(f"ecs: {json.dumps(ecs)}")}
    assert path in found
    assert rule is None or found[path].rule == rule


def test_a_secret_that_is_no_arn_is_refused_and_not_repeated():
    (found,) = refused("ecs: {secrets: {KEY: hunter2}}")
    assert found.path == "ecs.secrets.KEY"
    assert "hunter2" not in found.message + found.mend


def test_outside_production_one_task_and_shells_are_allowed():
    ecs = {"execute_command": True, "min_tasks": 1}
    assert problems(ecs=ecs, environment="dev", production=False, network={"nat": "per-az"}) == {}


def test_streams_on_spot_and_alarms_that_tell_nobody_are_advised_against():
    ecs = {"kind": "mcp-server", "capacity_provider": "fargate-spot", "alarm_topic_arns": []}
    found = problems(ecs=ecs)
    assert {path: problem.level for path, problem in found.items()} == {
        "ecs.capacity_provider": "warning",
        "ecs.alarm_topic_arns": "warning",
    }


def test_without_nat_only_an_image_in_the_regions_ecr_can_be_pulled():
    private = {"nat": "none"}
    assert problems(network=private)["ecs.image"].rule == "N10"
    assert problems(network=private, ecs={**OWN, "image": "public.ecr.aws/a/b:1"})["ecs.image"].rule == "N10"
    assert problems(network=private, ecs=OWN) == {}
    assert problems(network=private, ecs={"kind": "batch"}) == {}
    assert problems(network=private, ecs={**OWN, "adot": True})["ecs.adot"].rule == "N10"


def test_without_nat_nobody_can_vouch_for_callers_or_reach_in_from_the_internet():
    private = {"nat": "none"}
    assert problems(network=private, ecs={**OWN, **BALANCED, "jwt": JWT})["ecs.jwt"].rule == "N10"
    assert problems(network=private, ecs={**OWN, **PUBLIC})["ecs.load_balancer"].rule == "C10"


def test_endpoints_are_asked_for_by_what_uses_them():
    assert required_endpoints(answers()) == ("ecr.api", "ecr.dkr", "logs")
    everything = {
        "kind": "batch",
        "capacity_provider": "managed-instances",
        "execute_command": True,
        "adot": True,
        "secrets": {"A": SECRET, "B": PARAMETER},
    }
    more = {"ecs", "ecs-agent", "ecs-telemetry", "kms", "secretsmanager", "ssm", "ssmmessages", "states", "xray"}
    assert set(required_endpoints(answers(ecs=everything))) == {"ecr.api", "ecr.dkr", "logs", *more}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "mcp-server"),
        ("capacity_provider", "fargate-spot"),
        ("load_balancer", "none"),
        ("deployment", "rolling"),
        ("scaling", "step"),
        ("adot", "true"),
    ],
)
def test_environments_share_what_decides_what_the_module_holds(key: str, value: str):
    (found,) = refused(f"environments: {{dev: {{ecs: {{{key}: {value}}}}}, prod: {{}}}}")
    assert found.path == f"environments.dev.ecs.{key}"


# What follows from the answers


def test_production_has_two_tasks_and_the_others_one():
    assert environment_facts(answers()).min_tasks == 2
    assert environment_facts(answers(environment="dev", production=False)).min_tasks == 1


def test_streams_may_be_silent_for_an_hour_and_requests_for_a_minute():
    assert environment_facts(answers(ecs={"kind": "mcp-server"})).idle_timeout == 3600
    assert environment_facts(answers()).idle_timeout == 60


def test_every_cpu_has_memory_of_its_own():
    assert all(4 * cpu in sizes for cpu, sizes in FARGATE_MEMORY.items())
    for cpu, sizes in FARGATE_MEMORY.items():
        assert problems(ecs={"cpu": cpu, "memory": sizes[0]}) == {}
        assert "ecs.memory" in problems(ecs={"cpu": cpu, "memory": sizes[-1] + 1024} if cpu < 16384 else {"cpu": cpu})


@pytest.mark.parametrize(
    ("provider", "least", "counts"),
    [
        ("fargate", 7, [(7, False)]),
        ("fargate-spot", 2, [(2, False)]),
        ("fargate-spot", 7, [(3, False), (4, True)]),
    ],
)
def test_the_cost_of_tasks_counts_those_on_spot_beyond_the_first_two(
    provider: str, least: int, counts: list[tuple[int, bool]]
):
    facts = rendering_facts({"capacity_provider": provider, "min_tasks": least})
    assert [(each.count, each.spot) for each in costs(facts)["fargate"]] == counts


def test_managed_instances_cost_an_instance_for_each_zone_that_has_a_task():
    facts = rendering_facts({"capacity_provider": "managed-instances", "min_tasks": 7})
    assert costs(facts)["ecs_instances"] == (("arm64", 3),)
    assert "fargate" not in costs(facts)


def test_a_batch_at_rest_costs_no_tasks():
    facts = costs(rendering_facts({"kind": "batch"}))
    assert facts["state_machines"] == 1
    assert not {"fargate", "ecs_instances"} & facts.keys()


def rendering_facts(ecs: dict[str, Any]) -> dict[str, Any]:
    """Return what `costs` gets of an environment in three zones."""
    return {"azs": {"count": 3}, "ecs": asdict(environment_facts(answers(ecs=ecs)))}


# What is rendered


def test_a_service_without_a_load_balancer_renders_nothing_of_one():
    files = rendered()
    assert not [path for path in files if "load_balancer" in path or "listeners" in path or "access_logs" in path]
    assert "aws_lb" not in "".join(text for path, text in files.items() if path.endswith(".tf"))


def test_environments_without_nat_reach_the_vpc_and_the_gateway_endpoints_only():
    files = rendered(OWN, environments={"dev": {"network": {"nat": "none"}}, "prod": {}})
    dev, prod = (files[f"environments/{name}/main.tf"] for name in ("dev", "prod"))
    assert re.search(r"egress_cidr_ipv4 += module\.network\.vpc_cidr", dev)
    assert re.search(r'gateway_endpoints += \["dynamodb", "s3"\]', dev)
    assert re.search(r'egress_cidr_ipv4 += "0\.0\.0\.0/0"', prod)
    assert re.search(r"gateway_endpoints += \[\]", prod)


def test_only_production_protects_its_load_balancer_from_deletion():
    files = rendered(BALANCED)
    assert re.search(r"deletion_protection += false", files["environments/dev/main.tf"])
    assert re.search(r"deletion_protection += true", files["environments/prod/main.tf"])


@pytest.mark.parametrize("deployment", get_args(Deployment))
def test_every_deployment_has_a_way_back(deployment: str):
    service = rendered({**BALANCED, "deployment": deployment})[f"{MODULE}/service.tf"]
    assert re.search(r"alarms \{\s+enable += true\s+rollback += true", service)
    assert re.search(r"deployment_circuit_breaker \{\s+enable += true\s+rollback += true", service)
    assert ("advanced_configuration" in service) == (deployment != "rolling")


def test_the_first_two_tasks_stay_off_spot():
    service = rendered({"capacity_provider": "fargate-spot"})[f"{MODULE}/service.tf"]
    assert re.search(r'"FARGATE"\s+base += 2\s+weight += 1\s', service)
    assert re.search(r'"FARGATE_SPOT"\s+weight += 4\s', service)


def test_secrets_stay_arns_and_only_their_own_rights_are_given():
    files = rendered({"secrets": {"KEY": SECRET}})
    assert SECRET in files["environments/prod/main.tf"]
    assert "secretsmanager:GetSecretValue" in files[f"{MODULE}/task_roles.tf"]
    assert "ssm:GetParameters" not in files[f"{MODULE}/task_roles.tf"]
    assert "secretsmanager" not in rendered()[f"{MODULE}/task_roles.tf"]


def test_shells_are_logged_where_they_are_and_nowhere_else():
    files = rendered(environments={"dev": {"ecs": {"execute_command": True}}, "prod": {}})
    assert "execute_command = true" in re.sub(" +", " ", files["environments/dev/main.tf"])
    assert "execute_command = false" in re.sub(" +", " ", files["environments/prod/main.tf"])
    assert 'logging    = "OVERRIDE"' in files[f"{MODULE}/cluster.tf"]
    assert "ssmmessages" not in rendered()[f"{MODULE}/task_roles.tf"]


@pytest.mark.parametrize("kind", ["service", "mcp-server"])
def test_nothing_is_cut_off_by_the_proxy_either(kind: str):
    files = rendered({"kind": kind})
    assert re.search(
        r"timeout \{\s+idle_timeout_seconds += var\.idle_timeout\s+per_request_timeout_seconds = 0\s+\}",
        files[f"{MODULE}/service.tf"],
    )
    assert f"idle_timeout = {3600 if kind == 'mcp-server' else 60}" in files["environments/prod/main.tf"]


def test_what_scales_to_nothing_by_a_schedule_rings_no_alarm_then():
    night = {"cron": "0 20 * * ? *", "min_tasks": 0, "max_tasks": 1}
    files = rendered(environments={"dev": {"ecs": {"schedules": [night]}}, "prod": {}})
    assert re.search(r'min_tasks == 0\]\) \? "notBreaching" : "breaching"', files[f"{MODULE}/alarms.tf"])


@pytest.mark.parametrize(
    ("one", "other", "readme"),
    [({"cpu": 512}, {"cpu": 1024, "memory": 2048}, True), ({"max_tasks": 10}, {"max_tasks": 20}, True)],
)
def test_one_answer_changes_only_the_lines_about_it(one: dict[str, Any], other: dict[str, Any], readme: bool):
    first, second = rendered(one), rendered(other)
    changed = {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
    assert changed == {
        "scaffold.yaml",
        "environments/dev/main.tf",
        "environments/prod/main.tf",
        *(["README.md"] if readme else []),
    }


def test_every_suppression_gives_its_reason():
    for ecs in ({**PUBLIC, "log_retention_days": 30}, {"kind": "batch"}, {"capacity_provider": "managed-instances"}):
        files = rendered(ecs)
        lines = [
            line
            for path, text in files.items()
            if path.startswith(MODULE)
            for line in text.splitlines()
            if "checkov:skip" in line
        ]
        assert lines
        assert all(re.search(r"#checkov:skip=CKV2?_AWS_\d+: \w+.{10,}", line) for line in lines)


def test_the_worker_of_a_batch_passes_its_tests_as_rendered(tmp_path: Path):
    folder = write(rendered({"kind": "batch"}), tmp_path) / "containers/batch"
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "discover", "-s", "tests"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"Ran [1-9]", done.stderr)


def test_images_are_built_for_the_architecture_of_their_tasks():
    files = rendered(environments={"dev": {"arch": "x86_64"}, "prod": {}})
    assert "ecs_platform_dev := linux/amd64" in files["Makefile"]
    assert "ecs_platform_prod := linux/arm64" in files["Makefile"]


def write(files: dict[str, str], folder: Path) -> Path:
    """Write files below a folder and return it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return folder


# Terraform's own word


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which Terraform finds providers that serve the newest schemas."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    return terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema"))


SOME_SHELLS = {"dev": {"ecs": {"execute_command": True, "log_retention_days": 30}}, "prod": {}}


@pytest.mark.parametrize(
    ("ecs", "more"),
    [
        pytest.param({}, {}, id="plain"),
        pytest.param(
            {
                **PUBLIC,
                "deployment": "canary",
                "capacity_provider": "managed-instances",
                "scaling": "step",
                "adot": True,
                "secrets": {"A": SECRET, "B": PARAMETER},
                "schedules": [{"cron": "0 7 ? * MON-FRI *", "min_tasks": 4, "max_tasks": 9}],
            },
            {"environments": SOME_SHELLS},
            id="everything",
        ),
        pytest.param(
            {**BALANCED, "deployment": "linear", "execute_command": True}, {"environments": {"dev": {}}}, id="linear"
        ),
        pytest.param(
            {"kind": "mcp-server", **PUBLIC, "scaling": "requests", "jwt": JWT, "secrets": {"A": SECRET}},
            {},
            id="mcp-server",
        ),
        pytest.param(
            {**OWN, **BALANCED, "capacity_provider": "fargate-spot"},
            {
                "environments": {
                    "dev": {"network": {"nat": "none"}},
                    "test": {"ecs": {"jwt": JWT}},
                    "prod": {"ecs": {"cognito": COGNITO, "secrets": {"A": PARAMETER}}},
                }
            },
            id="environments that differ",
        ),
        pytest.param({**BALANCED, "deployment": "blue-green", "cognito": None}, {}, id="blue-green"),
        pytest.param(
            {**BALANCED, "scaling": "step"},
            {
                "capacity": ["eks-auto-mode", "ecs", "lambda-managed-instances"],
                "lmi": {"max_vcpu_count": 24},
                "environments": {"dev": {}},
            },
            id="beside others",
        ),
        pytest.param({**BALANCED, "cognito": COGNITO}, {}, id="cognito"),
        pytest.param(
            {"kind": "batch", "capacity_provider": "managed-instances"}, {"environments": SOME_SHELLS}, id="batch"
        ),
    ],
)
def test_the_module_is_valid_and_its_tests_pass(
    ecs: dict[str, Any], more: dict[str, Any], terraform: dict[str, str], tmp_path: Path
) -> None:
    write(rendered(ecs, **more), tmp_path)

    def run(folder: str, *arguments: str) -> None:
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"], cwd=tmp_path / folder, env=terraform, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(".", "fmt", "-check", "-recursive")
    for folder in (MODULE, *(f"environments/{path.name}" for path in (tmp_path / "environments").iterdir())):
        run(folder, "init", "-backend=false")
        run(folder, "validate")
    run(MODULE, "test")
