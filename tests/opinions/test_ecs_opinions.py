"""C1 to C17, on repositories in the styles found in the wild and on what scaffold renders."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scaffold.facts import Facts, facts_of
from scaffold.files import File
from scaffold.opinions.engine import OPINIONS, judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.render import render
from scaffold.repository.model import Repository
from scaffold.repository.reading import read_repository, repository_of
from tests.support.rendering import preset, project, with_text

OURS = tuple(opinion.id for opinion in OPINIONS if opinion.id.startswith("C"))

REPOSITORIES = sorted(Path(__file__).with_name("repositories").glob("ecs_*"))


def judged(repository: Repository) -> Iterator[tuple[str, Judgement]]:
    for result in judge(facts_of(repository), OURS):
        for judgement in result.judgements:
            yield result.opinion.id, judgement


@pytest.mark.parametrize("folder", REPOSITORIES, ids=lambda folder: folder.name)
def test_a_foreign_repository_is_judged_line_by_line(folder: Path) -> None:
    found = [
        f"{name} {judgement.status} {judgement.place.file}:{judgement.place.line}"
        for name, judgement in judged(read_repository(folder))
    ]
    assert found == (folder / "EXPECTED").read_text().splitlines()


def test_the_foreign_repositories_keep_break_and_leave_open_every_opinion() -> None:
    found = {(name, each.status) for folder in REPOSITORIES for name, each in judged(read_repository(folder))}
    for status in (Status.KEPT, Status.BROKEN):
        assert {name for name, each in found if each is status} == {*OURS}


def terraform(*texts: str) -> Repository:
    return repository_of([File("main.tf", "\n".join(texts))])


def of(opinion: str, *texts: str) -> list[Status]:
    return [judgement.status for name, judgement in judged(terraform(*texts)) if name == opinion]


def facts(*texts: str) -> Facts:
    return facts_of(terraform(*texts))


CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c-0000-4000-8000-000000000000"
BALANCER = {"load_balancer": "internal", "certificate_arn": CERTIFICATE}

ANSWERS: dict[str, dict[str, object]] = {
    "alone": {},
    "spot": {**BALANCER, "load_balancer": "internet-facing", "capacity_provider": "fargate-spot"},
    "managed": {**BALANCER, "capacity_provider": "managed-instances", "adot": True},
    "canary": {**BALANCER, "deployment": "canary", "scaling": "step"},
    "mcp": {**BALANCER, "kind": "mcp-server"},
    "mcp-jwt": {
        **BALANCER,
        "kind": "mcp-server",
        "load_balancer": "internet-facing",
        "jwt": {"issuer": "https://login.example.com/", "jwks_endpoint": "https://login.example.com/keys"},
    },
    "batch": {"kind": "batch"},
    "managed-batch": {"kind": "batch", "capacity_provider": "managed-instances"},
    "shells": BALANCER,
}
"""The answers under `ecs` of some renderings, each of one environment for development and one for production."""

NOTHING_TO_SAY = {
    "alone": {"C3", "C10", "C16", "C17"},
    "spot": {"C3", "C16", "C17"},
    "managed": {"C2", "C16", "C17"},
    "canary": {"C3", "C16", "C17"},
    "mcp": {"C3", "C17"},
    "mcp-jwt": {"C3", "C17"},
    "batch": {"C2", "C3", "C10", "C11", "C12", "C13", "C14", "C16"},
    "managed-batch": {"C2", "C10", "C11", "C12", "C13", "C14", "C16"},
    "shells": {"C3", "C16", "C17"},
}
"""The opinions that have nothing to be about in a rendering."""


@cache
def rendering(name: str) -> tuple[File, ...]:
    shells = {"ecs": {"execute_command": True}} if name == "shells" else {}
    answers = {
        "name": "mcp-tools" if name.startswith("mcp") else "shop",
        "capacity": ["ecs"],
        "arch": "arm64",
        "environments": {"dev": shells, "prod": {}},
        "ecs": ANSWERS[name],
    }
    return render(project(answers=answers)).files


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_rendered_keeps_all(name: str) -> None:
    found = list(judged(repository_of(rendering(name))))
    assert [(each, judgement.message) for each, judgement in found if judgement.status is not Status.KEPT] == []
    assert {*OURS} - {each for each, _ in found} == NOTHING_TO_SAY[name]


@pytest.mark.parametrize("name", ["ecs-api", "ecs-spot", "mcp-server"])
def test_a_preset_keeps_all(name: str) -> None:
    found = list(judged(repository_of(preset(name).files)))
    assert [(each, judgement.message) for each, judgement in found if judgement.status is not Status.KEPT] == []
    assert {*OURS} - {each for each, _ in found} <= {"C3", "C16", "C17"}


def changed(files: tuple[File, ...], path: str, old: str, new: str) -> Iterator[File]:
    assert any(file.path == path for file in files), f"there is no {path}"
    for file in files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old!r}"
            yield with_text(file, file.text.replace(old, new, 1))
        else:
            yield file


SPOT_SHARE = '  capacity_provider_strategy {\n    capacity_provider = "FARGATE"\n    base              = 2\n'
BREAKER = "  deployment_circuit_breaker {\n    enable   = true\n    rollback = true\n  }\n"
INSTANCE_ROLE = "aws_iam_role.instance.name"
FROM_BALANCER = "referenced_security_group_id = aws_security_group.load_balancer.id"
JWT = '    type  = "jwt-validation"'

MUTATIONS = [
    ("C1", "spot", "cluster", '"enhanced"', '"enabled"'),
    ("C1", "spot", "cluster", '  setting {\n    name  = "containerInsights"\n    value = "enhanced"\n  }\n', ""),
    ("C2", "spot", "service", "base              = 2", "base              = 1"),
    ("C2", "spot", "service", "weight            = 4", "weight            = 8"),
    ("C2", "spot", "service", f"{SPOT_SHARE}    weight            = 1\n  }}\n", ""),
    ("C3", "managed", "capacity_provider", "ecsInstanceRole-", "shop-instances-"),
    ("C3", "managed", "capacity_provider", '"ecs.amazonaws.com"', '"ec2.amazonaws.com"'),
    ("C3", "managed", "capacity_provider", "RolePolicyForManagedInstances", "RolePolicyForVolumes"),
    ("C3", "managed", "capacity_provider", "aws_iam_role.infrastructure.arn", "aws_iam_role.instance.arn"),
    ("C3", "managed-batch", "capacity_provider", f"= {INSTANCE_ROLE}\n}}", "= aws_iam_role.infrastructure.name\n}"),
    ("C4", "managed", "capacity_provider", '? ["amazon-web-services"]', '? ["amd"]'),
    ("C4", "managed-batch", "capacity_provider", '? ["amazon-web-services"]', '? ["amd"]'),
    ("C4", "spot", "task_definition", 'cpu_architecture        = var.arch == "arm64" ? "ARM64" : "X86_64"', "#"),
    ("C5", "spot", "task_definition", "aws_iam_role.task.arn", "aws_iam_role.execution.arn"),
    ("C5", "spot", "task_definition", "  execution_role_arn       = aws_iam_role.execution.arn\n", ""),
    ("C5", "spot", "task_roles", '"ecs-tasks.amazonaws.com"', '"ecs.amazonaws.com"'),
    ("C5", "spot", "task_roles", '"logs:CreateLogStream", "logs:PutLogEvents"', '"logs:CreateLogStream"'),
    ("C5", "spot", "task_roles", '"ecr:GetAuthorizationToken"', '"ecr:*"'),
    ("C6", "spot", "task_definition", "readonlyRootFilesystem = true", "readonlyRootFilesystem = false"),
    ("C6", "spot", "task_definition", "privileged             = false", "privileged             = true"),
    ("C6", "spot", "task_definition", "= var.user", '= "root"'),
    ("C6", "spot", "task_definition", "      healthCheck = {", "      startup = {"),
    ("C6", "managed", "task_definition", "      user                   = var.user\n", ""),
    ("C7", "spot", "task_definition", '{ name = "PORT", value', '{ name = "DB_PASSWORD", value'),
    ("C8", "spot", "task_definition", '"non-blocking"', '"blocking"'),
    ("C8", "batch", "task_definition", '          max-buffer-size       = "25m"\n', ""),
    ("C8", "spot", "logs", "  retention_in_days = var.log_retention_days\n", ""),
    ("C8", "managed", "task_definition", "      logConfiguration = {", "      loggedConfiguration = {"),
    ("C9", "spot", "service", "assign_public_ip = false", "assign_public_ip = true"),
    ("C9", "spot", "service", "[aws_security_group.tasks.id]", "[aws_security_group.load_balancer.id]"),
    ("C9", "spot", "service", "[aws_security_group.tasks.id]", "[]"),
    ("C9", "spot", "security_group", FROM_BALANCER, 'cidr_ipv4 = "10.0.0.0/8"'),
    ("C9", "spot", "service", "values(var.private_subnet_ids)", "values(var.load_balancer_subnet_ids)"),
    ("C9", "batch", "batch", '"DISABLED"', '"ENABLED"'),
    ("C10", "spot", "load_balancer", "drop_invalid_header_fields = true", "drop_invalid_header_fields = false"),
    ("C10", "spot", "load_balancer", "    enabled = true", "    enabled = false"),
    ("C10", "spot", "load_balancer", '= "ip"', '= "instance"'),
    ("C10", "spot", "listeners", "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS13-1-0-2021-06"),
    ("C10", "spot", "listeners", '      protocol    = "HTTPS"\n', ""),
    ("C10", "canary", "load_balancer", '= "ip"', '= "instance"'),
    ("C11", "spot", "service", BREAKER, ""),
    ("C11", "spot", "service", "    rollback = true", "    rollback = false"),
    ("C11", "canary", "service", "    enable      = true", "    enable      = false"),
    ("C12", "spot", "scaling", 'resource "aws_appautoscaling_policy"', 'resource "aws_autoscaling_policy"'),
    ("C12", "spot", "scaling", "/${aws_ecs_service.this.name}", "/another"),
    ("C12", "alone", "scaling", "= var.min_tasks", "= 1"),
    ("C12", "spot", "service", '= "ENABLED"', '= "DISABLED"'),
    ("C13", "spot", "service", "    enabled   = true", "    enabled   = false"),
    ("C14", "spot", "service", "enable_execute_command  = false", "enable_execute_command  = true"),
    ("C14", "shells", "cluster", '"OVERRIDE"', '"DEFAULT"'),
    ("C14", "shells", "cluster", "      kms_key_id = aws_kms_key.this.arn\n", ""),
    ("C15", "spot", "repository", '"IMMUTABLE"', '"MUTABLE"'),
    ("C15", "spot", "repository", "scan_on_push = true", "scan_on_push = false"),
    ("C15", "spot", "repository", 'resource "aws_ecr_lifecycle_policy"', 'resource "aws_ecr_repository_policy"'),
    ("C15", "batch", "task_definition", ":v1", ":latest"),
    ("C16", "mcp", "load_balancer", "= var.idle_timeout", "= 60"),
    ("C16", "mcp", "load_balancer", "internal           = true", "internal           = false"),
    ("C16", "mcp", "load_balancer", "    path                = var.health_path\n", ""),
    ("C16", "mcp-jwt", "listeners", JWT, '    type  = "fixed-response"'),
    ("C17", "batch", "batch", "MaxConcurrency             = var.batch.max_concurrency", "MaxConcurrency = 0"),
    ("C17", "batch", "batch", "ToleratedFailurePercentage =", "Comment ="),
    ("C17", "batch", "batch", "HeartbeatSeconds =", "Comment ="),
    ("C17", "batch", "batch", "TimeoutSeconds   =", "Comment ="),
    ("C17", "batch", "batch", '"DISTRIBUTED"', '"INLINE"'),
]  # fmt: skip
"""The opinion that breaks, the rendering, the file of its module, and what in it becomes what."""


@pytest.mark.parametrize(("opinion", "name", "file", "old", "new"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(opinion: str, name: str, file: str, old: str, new: str) -> None:
    files = changed(rendering(name), f"modules/ecs/{file}.tf", old, new)
    found = {(each, judgement.status) for each, judgement in judged(repository_of(files))}
    assert {each for each in found if each[1] is not Status.KEPT} == {(opinion, Status.BROKEN)}


CLUSTER = 'resource "aws_ecs_cluster" "a" {\n  name = "a"\n  %s\n}\n'
SERVICE = 'resource "aws_ecs_service" "a" {\n  name    = "a"\n  cluster = aws_ecs_cluster.a.id\n  %s\n}\n'
TASK = (
    'resource "aws_ecs_task_definition" "a" {\n  family = "a"\n'
    "  container_definitions = jsonencode([{ name = %s }])\n  %s\n}\n"
)


def container(text: str, more: str = "") -> str:
    return TASK % (f'"a", {text}', more)


SETTING = 'setting {\n    name  = "containerInsights"\n    value = %s\n  }'


@pytest.mark.parametrize(
    ("inside", "account", "status"),
    [
        (SETTING % '"enhanced"', "", Status.KEPT),
        (SETTING % '"disabled"', "", Status.BROKEN),
        (SETTING % "var.insights", "", Status.UNKNOWN),
        ("", "", Status.BROKEN),
        ("", '"enhanced"', Status.KEPT),
        ("", '"enabled"', Status.BROKEN),
        (SETTING % '"disabled"', '"enhanced"', Status.BROKEN),
    ],
)
def test_insights_are_the_clusters_or_the_accounts(inside: str, account: str, status: Status) -> None:
    setting = 'resource "aws_ecs_account_setting_default" "a" {\n  name = "containerInsights"\n  value = %s\n}\n'
    assert of("C1", CLUSTER % inside, setting % account if account else "") == [status]


def shares(*given: tuple[str, object, object]) -> str:
    return "\n".join(
        f'capacity_provider_strategy {{\n    capacity_provider = "{name}"\n'
        f"    base = {base}\n    weight = {weight}\n  }}"
        for name, base, weight in given
    )


DEFAULTS = (
    'resource "aws_ecs_cluster_capacity_providers" "a" {\n  cluster_name = aws_ecs_cluster.a.name\n'
    '  default_capacity_provider_strategy {\n    capacity_provider = "FARGATE_SPOT"\n    weight = 1\n  }\n}\n'
)


@pytest.mark.parametrize(
    ("inside", "more", "statuses"),
    [
        (shares(("FARGATE", 2, 1), ("FARGATE_SPOT", 0, 4)), "", [Status.KEPT]),
        (shares(("FARGATE", 2, 1), ("FARGATE_SPOT", 0, 5)), "", [Status.BROKEN]),
        (shares(("FARGATE", 2, 0), ("FARGATE_SPOT", 0, 1)), "", [Status.BROKEN]),
        (shares(("FARGATE", 1, 1), ("FARGATE_SPOT", 0, 1)), "", [Status.BROKEN]),
        (shares(("FARGATE", 0, 1), ("FARGATE_SPOT", 2, 1)), "", [Status.BROKEN]),
        (shares(("FARGATE", "var.base", 1), ("FARGATE_SPOT", 0, 1)), "", [Status.UNKNOWN]),
        (shares(("FARGATE_SPOT", 0, 1)), "", [Status.BROKEN]),
        (shares(("FARGATE", 0, 1)), "", [Status.KEPT]),
        ('launch_type = "FARGATE"', "", [Status.KEPT]),
        ('launch_type = "FARGATE"', DEFAULTS, [Status.KEPT]),
        ("", DEFAULTS, [Status.BROKEN]),
        ('launch_type = "EC2"', "", []),
        ("", "", []),
        (shares(("${var.provider}", 0, 1)), "", [Status.UNKNOWN]),
        ('tags = { Environment = "dev" }\n  ' + shares(("FARGATE", 0, 1), ("FARGATE_SPOT", 0, 9)), "", [Status.KEPT]),
        ('tags = { Environment = "dev" }\n  ' + shares(("FARGATE", 0, 0), ("FARGATE_SPOT", 0, 1)), "", [Status.BROKEN]),
    ],
)
def test_spot_stands_on_fargate(inside: str, more: str, statuses: list[Status]) -> None:
    assert of("C2", CLUSTER % "", SERVICE % inside, more) == statuses


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ('user = "1000", readonlyRootFilesystem = true', {Status.KEPT}),
        ('user = "0:0", readonlyRootFilesystem = true', {Status.BROKEN}),
        ("user = 0, readonlyRootFilesystem = true", {Status.BROKEN}),
        ('user = "1000", readonlyRootFilesystem = "true"', {Status.KEPT}),
        ('user = "1000", readonlyRootFilesystem = var.closed', {Status.UNKNOWN}),
        ('user = "${var.user}", readonlyRootFilesystem = true', {Status.UNKNOWN}),
        ('user = "1000", readonlyRootFilesystem = true, privileged = true', {Status.BROKEN}),
    ],
)
def test_a_container_is_closed(text: str, statuses: set[Status]) -> None:
    assert {*of("C6", container(text))} == statuses


def test_only_what_a_service_keeps_running_needs_a_health_check() -> None:
    closed = 'user = "1000", readonlyRootFilesystem = true'
    service = SERVICE % "task_definition = aws_ecs_task_definition.a.arn"
    assert of("C6", container(closed)) == [Status.KEPT]
    assert of("C6", container(closed), service) == [Status.BROKEN]
    assert of("C6", container(f"{closed}, essential = false"), service) == [Status.KEPT]
    assert of("C6", container(f"{closed}, essential = var.essential"), service) == [Status.UNKNOWN]
    assert of("C6", container(f'{closed}, healthCheck = {{ command = ["NONE"] }}'), service) == [Status.BROKEN]
    assert of("C6", container(f'{closed}, healthCheck = {{ command = ["CMD", "x"] }}'), service) == [Status.KEPT]


def test_windows_has_no_read_only_root() -> None:
    windows = 'runtime_platform {\n    operating_system_family = "WINDOWS_SERVER_2022_CORE"\n  }'
    assert of("C6", container("image = var.image", windows)) == [Status.KEPT]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('environment = [{ name = "DB_PASSWORD", value = "x" }]', Status.BROKEN),
        ('environment = [{ name = "API_KEY", value = var.key }]', Status.BROKEN),
        ('environment = [{ name = "DB_PASSWORD", value = "" }]', Status.KEPT),
        ('environment = [{ name = "DB_PASSWORD_ARN", value = var.arn }]', Status.KEPT),
        ('environment = [{ name = "MAX_TOKENS", value = "4096" }]', Status.KEPT),
        ('environment = [{ name = "URL", value = "db://u:${random_password.db.result}@h" }]', Status.BROKEN),
        ('environment = [{ name = "URL", value = data.aws_ssm_parameter.url.value }]', Status.BROKEN),
        ('environment = [{ name = "WHERE", value = aws_ssm_parameter.url.name }]', Status.KEPT),
        ("environment = var.environment", Status.UNKNOWN),
        ('secrets = [{ name = "DB_PASSWORD", valueFrom = var.arn }]', Status.KEPT),
        ('secrets = [{ name = "DB_PASSWORD", valueFrom = "/shop/db/password" }]', Status.KEPT),
        ('secrets = [{ name = "DB_PASSWORD", valueFrom = "hunter two!" }]', Status.BROKEN),
    ],
)
def test_a_secret_is_named_and_not_written(text: str, status: Status) -> None:
    resources = 'resource "random_password" "db" {}\nresource "aws_ssm_parameter" "url" {}\n'
    data = 'data "aws_ssm_parameter" "url" {}\n'
    assert of("C7", container(text), resources, data) == [status]


LOGS = (
    'logConfiguration = { logDriver = "awslogs", options = { mode = "non-blocking", max-buffer-size = "25m", '
    "awslogs-group = %s } }"
)


def test_logs_end_in_time() -> None:
    group = 'resource "aws_cloudwatch_log_group" "a" {\n  name = "${var.name}/a"\n  %s\n}\n'
    named = container(LOGS % "aws_cloudwatch_log_group.a.name")
    assert of("C8", named, group % "retention_in_days = 30") == [Status.KEPT]
    assert of("C8", container(LOGS % '"${var.name}/a"'), group % "retention_in_days = 30") == [Status.KEPT]
    assert of("C8", named, group % "retention_in_days = 0") == [Status.BROKEN]
    assert of("C8", named, group % "retention_in_days = var.days") == [Status.UNKNOWN]
    assert of("C8", container(LOGS % '"elsewhere"')) == [Status.UNKNOWN]
    assert of("C8", container(LOGS % '"elsewhere", awslogs-create-group = "true"')) == [Status.BROKEN]


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ('"nginx"', Status.BROKEN),
        ('"public.ecr.aws/nginx/nginx:latest"', Status.BROKEN),
        ('"localhost:5000/nginx"', Status.BROKEN),
        ('"localhost:5000/nginx:1.29"', Status.KEPT),
        ('"nginx@sha256:${var.digest}"', Status.KEPT),
        ('"${var.registry}/api:1.4.2"', Status.KEPT),
        ('"${var.registry}/api"', Status.BROKEN),
        ('"${var.repository}:latest"', Status.BROKEN),
        ('"${aws_ecr_repository.a.repository_url}:${var.release}"', Status.KEPT),
        ('"${aws_ecr_repository.b.repository_url}:${var.release}"', Status.UNKNOWN),
        ("var.image", Status.UNKNOWN),
    ],
)
def test_an_image_stays_what_it_is(image: str, status: Status) -> None:
    repositories = (
        'resource "aws_ecr_repository" "a" {\n  name = "a"\n  image_tag_mutability = "IMMUTABLE"\n}\n'
        'resource "aws_ecr_repository" "b" {\n  name = "b"\n}\n'
    )
    found = judged(terraform(container(f"image = {image}"), repositories))
    line = 3
    assert [each.status for name, each in found if name == "C15" and each.place.line <= line] == [status]


POLICY = 'resource "aws_iam_role_policy" "a" {\n  role = aws_iam_role.a.id\n  policy = jsonencode(%s)\n}\n'
ROLE = (
    'resource "aws_iam_role" "a" {\n  name = "a"\n  assume_role_policy = jsonencode({ Statement = [{\n'
    '    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" }\n'
    '    Condition = { StringEquals = { "aws:SourceAccount" = var.account } }\n  }] })\n}\n'
)


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ('{ Effect = "Allow", Action = "s3:GetObject", Resource = "${var.bucket}/*" }', Status.KEPT),
        ('{ Effect = "Allow", Action = ["s3:*"], Resource = "*" }', Status.BROKEN),
        ('{ Effect = "Allow", Action = "*", Resource = ["*"] }', Status.BROKEN),
        ('{ Effect = "Deny", Action = "*", Resource = "*" }', Status.KEPT),
        ('{ Effect = "Allow", Action = "s3:*", Resource = var.bucket }', Status.KEPT),
    ],
)
def test_a_role_is_no_wider_than_a_service(statement: str, status: Status) -> None:
    task = container("image = var.image", "task_role_arn = aws_iam_role.a.arn")
    assert of("C5", task, ROLE, POLICY % f"{{ Statement = [{statement}] }}") == [status]


def test_an_execution_role_has_what_it_needs() -> None:
    task = container("image = var.image", "execution_role_arn = aws_iam_role.a.arn")
    logs = POLICY % '{ Statement = { Effect = "Allow", Action = "logs:Put*", Resource = var.group } }'
    assert of("C5", task, ROLE) == [Status.BROKEN]
    assert of("C5", task, ROLE, logs) == [Status.KEPT]
    assert of("C5", task, ROLE, POLICY % "var.policy") == [Status.UNKNOWN]
    assert of("C5", container("image = var.image", 'requires_compatibilities = ["FARGATE"]')) == [Status.BROKEN]


@pytest.mark.parametrize(
    ("inside", "statuses"),
    [
        ('deployment_configuration {\n    strategy = "CANARY"\n  }\n  %s', [Status.KEPT]),
        ('deployment_configuration {\n    strategy = "CANARY"\n  }', [Status.BROKEN]),
        ("deployment_configuration {\n    strategy = var.strategy\n  }\n  %s", [Status.UNKNOWN]),
        ('deployment_configuration {\n    strategy = "ROLLING"\n  }\n  %s', [Status.BROKEN]),
        ("%s", [Status.BROKEN]),
        ('deployment_controller {\n    type = "CODE_DEPLOY"\n  }', [Status.BROKEN]),
        ('deployment_controller {\n    type = "EXTERNAL"\n  }', [Status.UNKNOWN]),
    ],
)
def test_a_deployment_goes_back(inside: str, statuses: list[Status]) -> None:
    alarms = 'alarms {\n    alarm_names = ["a"]\n    enable = true\n    rollback = true\n  }'
    assert of("C11", CLUSTER % "", SERVICE % inside.replace("%s", alarms)) == statuses


TARGET = (
    'resource "aws_appautoscaling_target" "%s" {\n  service_namespace = "ecs"\n  resource_id = %s\n'
    "  min_capacity = %s\n  max_capacity = 9\n}\n"
    'resource "aws_appautoscaling_policy" "%s" {\n  resource_id = aws_appautoscaling_target.%s.resource_id\n}\n'
)


def target(resource: str, least: object = 2, name: str = "a") -> str:
    return TARGET % (name, resource, least, name, name)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (target('"service/a/a"'), Status.KEPT),
        (target('"service/${aws_ecs_cluster.a.name}/${aws_ecs_service.a.name}"'), Status.KEPT),
        (target('"service/b/a"'), Status.BROKEN),
        (target('"service/a/a"', 1), Status.BROKEN),
        (target('"service/a/a"', "var.least"), Status.UNKNOWN),
        (target("var.service"), Status.UNKNOWN),
        (target('"service/a/a"').partition('resource "aws_appautoscaling_policy"')[0], Status.BROKEN),
        ("", Status.BROKEN),
    ],
)
def test_a_service_scales_by_a_target_of_its_own(text: str, status: Status) -> None:
    assert of("C12", CLUSTER % "", SERVICE % "", text) == [status]


def test_one_task_is_enough_outside_production_and_for_a_daemon() -> None:
    dev = SERVICE % 'tags = { Environment = "dev" }'
    assert of("C12", CLUSTER % "", dev, target('"service/a/a"', 1)) == [Status.KEPT]
    assert of("C12", CLUSTER % "", SERVICE % 'scheduling_strategy = "DAEMON"') == []


CONNECT = "service_connect_configuration {\n    enabled   = %s\n    namespace = %s\n  }"


def test_a_lone_service_needs_no_service_connect() -> None:
    other = (SERVICE % "").replace('"a"', '"b"')
    assert of("C13", CLUSTER % "", SERVICE % "") == []
    assert of("C13", CLUSTER % "", SERVICE % "", other) == [Status.BROKEN, Status.BROKEN]
    assert of("C13", CLUSTER % "", SERVICE % (CONNECT % ("true", "var.namespace"))) == [Status.KEPT]
    assert of("C13", CLUSTER % "", SERVICE % (CONNECT % ("true", "null"))) == [Status.BROKEN]
    assert of("C13", CLUSTER % "", SERVICE % "vpc_lattice_configurations {\n  }", other) == [Status.KEPT, Status.BROKEN]


EXEC = (
    "configuration {\n    execute_command_configuration {\n      %s\n"
    "      log_configuration {\n        cloud_watch_log_group_name = var.group\n      }\n    }\n  }"
)


@pytest.mark.parametrize(
    ("cluster", "service", "statuses"),
    [
        ("", "enable_execute_command = true", [Status.BROKEN]),
        ("", "enable_execute_command = false", [Status.KEPT]),
        ("", 'enable_execute_command = true\n  tags = { Environment = "dev" }', [Status.BROKEN, Status.BROKEN]),
        (
            EXEC % 'kms_key_id = var.key\n      logging = "OVERRIDE"',
            'enable_execute_command = true\n  tags = { Environment = "dev" }',
            [Status.KEPT],
        ),
        (
            EXEC % 'logging = "OVERRIDE"',
            'enable_execute_command = true\n  tags = { Environment = "dev" }',
            [Status.BROKEN],
        ),
    ],
)
def test_a_shell_leaves_a_trace(cluster: str, service: str, statuses: list[Status]) -> None:
    assert of("C14", CLUSTER % cluster, SERVICE % service) == statuses


BALANCED = (
    'resource "aws_lb" "a" {\n  internal = %s\n  idle_timeout = 600\n  drop_invalid_header_fields = true\n'
    "  access_logs {\n    bucket = var.bucket\n    enabled = true\n  }\n}\n"
    'resource "aws_lb_target_group" "a" {\n  target_type = "ip"\n  health_check {\n    path = "/mcp/health"\n  }\n}\n'
    'resource "aws_lb_listener" "a" {\n  load_balancer_arn = aws_lb.a.arn\n  protocol = "HTTPS"\n'
    '  certificate_arn = var.certificate\n  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"\n'
    '  %s\n  default_action {\n    type = "forward"\n    target_group_arn = aws_lb_target_group.a.arn\n  }\n}\n'
)
FORWARDED = SERVICE % (
    'load_balancer {\n    target_group_arn = aws_lb_target_group.a.arn\n    container_name = "a"\n'
    "    container_port = 80\n  }"
)


@pytest.mark.parametrize("action", ["authenticate-cognito", "authenticate-oidc", "jwt-validation"])
def test_an_mcp_server_is_behind_a_door(action: str) -> None:
    guarded = f'default_action {{\n    type = "{action}"\n  }}'
    assert of("C16", BALANCED % ("true", ""), FORWARDED) == [Status.KEPT]
    assert of("C16", BALANCED % ("false", guarded), FORWARDED) == [Status.KEPT]
    assert of("C16", BALANCED % ("false", ""), FORWARDED) == [Status.BROKEN]
    assert of("C16", BALANCED % ("var.internal", ""), FORWARDED) == [Status.UNKNOWN]
    assert of("C16", BALANCED.replace("/mcp/health", "/health") % ("false", ""), FORWARDED) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ('image = "acme/mcp-gateway:1.0"', True),
        ('image = "a:1", portMappings = [{ name = "mcp", containerPort = 8080 }]', True),
        ('image = "a:1", environment = [{ name = "MCP_PATH", value = "/" }]', True),
        ('image = "acme/mcpherson:1.0", environment = [{ name = "PORT", value = "80" }]', False),
    ],
)
def test_an_mcp_server_is_known_by_its_names(text: str, *, is_one: bool) -> None:
    service = SERVICE % "task_definition = aws_ecs_task_definition.a.arn"
    assert bool(of("C16", CLUSTER % "", container(text), service)) is is_one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"', ""),
        ('protocol = "HTTPS"', 'protocol = "HTTP"'),
        ('target_type = "ip"', ""),
        ("drop_invalid_header_fields = true", ""),
        ("enabled = true", "enabled = false"),
        ("certificate_arn = var.certificate", ""),
    ],
)
def test_a_load_balancer_without_one_of_its_parts_breaks_c10(old: str, new: str) -> None:
    right = BALANCED % ("true", "")
    assert of("C10", right, FORWARDED) == [Status.KEPT]
    assert {*of("C10", right.replace(old, new), FORWARDED)} == {Status.BROKEN}


@pytest.mark.parametrize(
    "named",
    [
        "aws_ecs_task_definition.a.arn",
        "aws_ecs_task_definition.a.arn_without_revision",
        '"a"',
        '"a:7"',
        '"arn:aws:ecs:eu-central-1:111122223333:task-definition/a:7"',
        '"${aws_ecs_task_definition.a.family}:${max(aws_ecs_task_definition.a.revision, var.revision)}"',
    ],
)
def test_a_service_finds_its_task_definition(named: str) -> None:
    (ecs,) = facts(CLUSTER % "", container("image = var.image"), SERVICE % f"task_definition = {named}").ecs
    assert [each.task and each.task.address for each in ecs.services] == ["aws_ecs_task_definition.a"]


NETWORKED = (
    "network_configuration {\n    subnets = var.subnets\n    security_groups = [aws_security_group.a.id]\n  }\n"
    '  load_balancer {\n    target_group_arn = aws_lb_target_group.a.arn\n    container_name = "a"\n'
    "    container_port = 80\n  }"
)
NETWORK_BALANCER = (
    'resource "aws_lb" "a" {\n  load_balancer_type = "network"\n  %s\n}\n'
    'resource "aws_lb_target_group" "a" {\n}\n'
    'resource "aws_lb_listener" "a" {\n  load_balancer_arn = aws_lb.a.arn\n'
    '  default_action {\n    type = "forward"\n    target_group_arn = aws_lb_target_group.a.arn\n  }\n}\n'
)


@pytest.mark.parametrize(
    ("cidr", "balancer", "broken"),
    [
        ("var.vpc_cidr", "", False),
        ('"0.0.0.0/0"', "", True),
        ("var.vpc_cidr", "security_groups = [var.group]", True),
    ],
)
def test_a_network_load_balancer_without_a_group_reaches_tasks_by_address(
    cidr: str, balancer: str, *, broken: bool
) -> None:
    group = (
        'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 80\n    to_port = 80\n'
        f'    protocol = "tcp"\n    cidr_blocks = [{cidr}]\n  }}\n}}\n'
    )
    found = of("C9", CLUSTER % "", SERVICE % NETWORKED, NETWORK_BALANCER % balancer, group)
    assert (Status.BROKEN in found) is broken


@pytest.mark.parametrize(
    ("mode", "said", "mend"),
    [
        ('network_mode = "awsvpc"', "names no subnets", "Set network_configuration,"),
        ("", "share the addresses", "Set network_mode ="),
    ],
)
def test_a_service_without_a_network_is_told_what_it_lacks(mode: str, said: str, mend: str) -> None:
    service = SERVICE % 'task_definition = aws_ecs_task_definition.a.arn\n  launch_type = "FARGATE"'
    repository = terraform(CLUSTER % "", container("image = var.image", mode), service)
    (found,) = (each for name, each in judged(repository) if name == "C9")
    assert found.status is Status.BROKEN
    assert said in found.message
    assert found.mend.startswith(mend)


def test_what_a_service_costs_is_among_the_facts() -> None:
    task = container("image = var.image", "cpu = 512\n  memory = 1024")
    service = SERVICE % (
        "task_definition = aws_ecs_task_definition.a.arn\n  desired_count = 3\n  "
        + shares(("FARGATE", 2, 1), ("FARGATE_SPOT", 0, 4))
    )
    (ecs,) = facts(CLUSTER % "", task, service, target('"service/a/a"', 2)).ecs
    (found,) = ecs.services
    assert found.task is not None
    assert (found.task.cpu, found.task.memory, found.desired, found.least) == (512, 1024, 3, 2)
    assert (found.strategy.fargate, found.strategy.spot) == (True, True)
    assert [(share.provider, share.base, share.weight) for share in found.strategy.shares] == [
        ("FARGATE", 2, 1),
        ("FARGATE_SPOT", 0, 4),
    ]


@pytest.mark.parametrize(
    "text",
    [
        container("environment = 1, secrets = {}, logConfiguration = [], healthCheck = 5, image = {}, user = []"),
        'resource "aws_ecs_task_definition" "a" {\n  container_definitions = "{\\"a\\": [1]}"\n}\n',
        'resource "aws_ecs_task_definition" "a" {\n  container_definitions = jsonencode([1, "x", null, [{}]])\n}\n',
        'resource "aws_ecs_task_definition" "a" {\n  container_definitions = "%s"\n}\n' % ("[" * 5000),
        SERVICE % "load_balancer = 1\n  network_configuration = []\n  capacity_provider_strategy = {}\n  cluster = []",
        SERVICE % "count = 1000000000\n  alarms {\n    alarm_names = {}\n  }",
        'resource "aws_sfn_state_machine" "a" {\n  definition = jsonencode({ States = { A = 1, B = [] } })\n}\n',
        'resource "aws_sfn_state_machine" "a" {\n  definition = "%s"\n}\n'
        % ('{\\"States\\":{\\"A\\":{\\"ItemProcessor\\":' * 60 + "1" + "}}}" * 60),
        'resource "aws_lb_listener" "a" {\n  default_action = 1\n  load_balancer_arn = [[]]\n}\n' + FORWARDED,
        'resource "aws_ecs_capacity_provider" "a" {\n  managed_instances_provider {\n  }\n}\n',
        'resource "aws_appautoscaling_target" "a" {\n  resource_id = {}\n  min_capacity = []\n}\n' + SERVICE % "",
    ],
)
def test_anything_of_any_shape_is_judged(text: str) -> None:
    list(judged(terraform(CLUSTER % "", text)))
