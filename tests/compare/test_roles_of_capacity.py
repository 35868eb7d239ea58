"""What runs, against the same under other names and in another layout, and with one change."""

from functools import cache

import pytest

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_settings, merge
from scaffold.compare.roles import compare_roles
from scaffold.files import File
from scaffold.presets import find_preset
from scaffold.render import render
from scaffold.repository.model import Repository
from scaffold.repository.reading import repository_of
from tests.compare.laying_out import Shuffler
from tests.compare.renaming import renamed

API, SPOT, MCP, DURABLE, EVENTS = "ecs-api", "ecs-spot", "mcp-server", "durable-workflow", "event-functions"
BLUE_GREEN = (API, "ecs.deployment=blue-green")
INSTANCES = (API, "ecs.capacity_provider=managed-instances", "ecs.scaling=step")
BATCH = (API, "ecs.kind=batch", "ecs.load_balancer=none", "ecs.certificate_arn=null", "ecs.deployment=rolling")
SHELLS = (SPOT, "environments.dev.ecs.execute_command=true", "ecs.adot=true")
TOKENS = (
    DURABLE,
    "durable.authorizer=jwt",
    "durable.jwt_issuer=https://id.example.com/",
    "durable.jwt_audience=[orders]",
)
TOPIC = (EVENTS, "functions.shapes=[command, queue, fan-out]", "functions.fan_out_source=sns", "functions.vpc=true")
ALL = (
    "platform",
    "capacity=[eks-auto-mode, ecs, lambda-managed-instances, lambda-durable, lambda]",
    "functions.shapes=[command, queue, fan-out]",
    "ecs.scaling=step",
)

KEYS = ("accept", "cancel", "fan-out-audit", "fan-out-notify")

TRACKING = "target_tracking_scaling_policy_configuration"
REQUIREMENTS = "managed_instances_provider.instance_launch_template.instance_requirements"

SETTINGS = [(API,), (SPOT,), (MCP,), (DURABLE,), (EVENTS,), BLUE_GREEN, INSTANCES, BATCH, SHELLS, TOKENS, TOPIC, ALL]


@cache
def files(preset: str, *settings: str) -> tuple[File, ...]:
    return render(resolve(merge([find_preset(preset).source, from_settings(settings)]))).files


@cache
def rendering(*settings: str) -> Repository:
    return repository_of(files(*settings))


@pytest.mark.parametrize("settings", SETTINGS, ids=" ".join)
def test_another_naming_and_another_layout_are_no_difference(settings: tuple[str, ...]) -> None:
    laid = Shuffler(3).files(files(*settings, "name=other"))
    there = repository_of(renamed(laid, KEYS))
    ours = {each.address for root in rendering(*settings).roots for each in root.instances if not each.data}
    theirs = {each.address for root in there.roots for each in root.instances if not each.data}
    assert len(ours) == len(theirs)
    assert not {each for each in ours & theirs if not each.startswith("aws_")}
    assert compare_roles(rendering(*settings), there) == ()


@pytest.mark.parametrize(
    ("settings", "old", "new", "expected"),
    [
        ((API,), '"enhanced"', '"enabled"', "aws_ecs_cluster setting.containerInsights"),
        ((API,), 'propagate_tags          = "SERVICE"', "", "aws_ecs_service propagate_tags"),
        (
            (API,),
            'strategy             = "CANARY"',
            'strategy = "LINEAR"',
            "aws_ecs_service deployment_configuration.strategy",
        ),
        (
            (API,),
            "readonlyRootFilesystem = true",
            "readonlyRootFilesystem = false",
            "aws_ecs_task_definition container.readonlyRootFilesystem",
        ),
        (
            (API,),
            'mode                  = "non-blocking"\n        }\n      }\n    },',
            'mode = "blocking"\n        }\n      }\n    },',
            "aws_ecs_task_definition container.logConfiguration.options.mode",
        ),
        ((API,), "interval    = 15", "interval    = 30", "aws_ecs_task_definition container.healthCheck.interval"),
        (
            (API,),
            '? "ARM64" : "X86_64"',
            '? "X86_64" : "ARM64"',
            "aws_ecs_task_definition runtime_platform.cpu_architecture",
        ),
        (
            (API,),
            "target_value       = 60",
            "target_value       = 70",
            f"aws_appautoscaling_policy {TRACKING}.target_value",
        ),
        ((API,), "max_tasks = 20", "max_tasks = 30", "aws_appautoscaling_target max_capacity"),
        ((API,), '"IMMUTABLE"', '"MUTABLE"', "aws_ecr_repository image_tag_mutability"),
        ((API,), "countNumber = 30", "countNumber = 3", "aws_ecr_repository lifecycle_policy"),
        ((API,), "drop_invalid_header_fields = true", "", "aws_lb drop_invalid_header_fields"),
        ((API,), "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08", "aws_lb_listener ssl_policy"),
        ((API,), '"HTTP_301"', '"HTTP_302"', "aws_lb_listener default_action.redirect.status_code"),
        (
            (API,),
            "unhealthy_threshold = 3",
            "unhealthy_threshold = 5",
            "aws_lb_target_group health_check.unhealthy_threshold",
        ),
        ((API,), "AmazonECSInfrastructureRolePolicyForLoadBalancers", "AdministratorAccess", "aws_iam_role policies"),
        (
            (API,),
            "referenced_security_group_id = aws_security_group.load_balancer.id",
            'cidr_ipv4 = "0.0.0.0/0"',
            "aws_security_group ingress",
        ),
        (
            (SPOT,),
            "base              = 2\n    weight            = 1\n  }\n\n  capacity_provider_strategy",
            "weight = 1\n  }\n\n  capacity_provider_strategy",
            "aws_ecs_service capacity_provider_strategy",
        ),
        (
            (MCP,),
            "idle_timeout_seconds        = var.idle_timeout",
            "idle_timeout_seconds = 60",
            "aws_ecs_service service_connect_configuration.service.timeout.idle_timeout_seconds",
        ),
        (
            INSTANCES,
            'burstable_performance = "excluded"',
            'burstable_performance = "included"',
            f"aws_ecs_capacity_provider {REQUIREMENTS}.burstable_performance",
        ),
        (
            BATCH,
            "MaxConcurrency             = var.batch.max_concurrency",
            "MaxConcurrency = 1000",
            "aws_sfn_state_machine definition.map.MaxConcurrency",
        ),
        (
            BATCH,
            "HeartbeatSeconds = var.batch.heartbeat_seconds",
            "",
            "aws_sfn_state_machine definition.task.HeartbeatSeconds",
        ),
        (
            (DURABLE,),
            "retention_period  = var.retention_period",
            "retention_period = 7",
            "aws_lambda_function durable_config.retention_period",
        ),
        ((DURABLE,), 'authorization_type = "AWS_IAM"', 'authorization_type = "NONE"', "aws_apigatewayv2_api routes"),
        (
            (DURABLE,),
            "throttling_rate_limit  = var.throttling_rate_limit",
            "throttling_rate_limit = 9",
            "aws_apigatewayv2_stage default_route_settings.throttling_rate_limit",
        ),
        ((DURABLE,), '"PAY_PER_REQUEST"', '"PROVISIONED"', "aws_dynamodb_table billing_mode"),
        (
            (EVENTS,),
            "maxReceiveCount     = 5",
            "maxReceiveCount     = 1",
            "aws_sqs_queue redrive_policy.maxReceiveCount",
        ),
        (
            (EVENTS,),
            'function_response_types = ["ReportBatchItemFailures"]',
            "",
            "aws_lambda_event_source_mapping function_response_types",
        ),
        ((EVENTS,), '["OrderPlaced"]', '["OrderLost"]', "aws_cloudwatch_event_rule event_pattern"),
        (
            (EVENTS,),
            "message_retention_seconds = 1209600",
            "message_retention_seconds = 60",
            "aws_sqs_queue message_retention_seconds",
        ),
        (TOPIC, '["OrderPlaced"]', '["OrderLost"]', "aws_sns_topic_subscription filter_policy"),
        (TOPIC, "kms_master_key_id = aws_kms_key.this.arn", "", "aws_sns_topic kms_master_key_id"),
    ],
    ids=lambda each: each if isinstance(each, str) and each.startswith("aws_") else "",
)
def test_one_change_is_one_difference(settings: tuple[str, ...], old: str, new: str, expected: str) -> None:
    given = files(*settings)
    changed = [file for file in given if file.path.endswith(".tf") and old in file.text]
    assert changed
    texts = {file.path: file.text.replace(old, new) for file in changed}
    there = repository_of([File(file.path, texts.get(file.path, file.text)) for file in given])
    found = compare_roles(rendering(*settings), there)
    said = {f"{each.address.partition(': ')[2].split('.')[-2]} {one.path}" for each in found for one in each.attributes}
    assert said == {expected}
    assert {each.status.value for each in found} == {"changed"}


STRATEGY = """  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
"""
CONTAINERS = "container_definitions = jsonencode([\n"


@pytest.mark.parametrize(
    ("settings", "old", "new"),
    [
        ((API,), STRATEGY, '  launch_type = "FARGATE"\n'),
        ((API,), STRATEGY, STRATEGY.replace("= 1", "= 100")),
        ((API,), "aws_ecs_cluster.this.id", "aws_ecs_cluster.this.name"),
        (
            (API,),
            "= aws_ecs_task_definition.this.arn",
            '= "${aws_ecs_task_definition.this.family}:${aws_ecs_task_definition.this.revision}"',
        ),
        ((API,), "readonlyRootFilesystem = true", "interactive = false\n      readonlyRootFilesystem = true"),
        ((API,), "drop_invalid_header_fields = true", "drop_invalid_header_fields = true\n  enable_http2 = true"),
        (
            (MCP,),
            CONTAINERS,
            f'{CONTAINERS}    {{ name = "init", image = "init:1", essential = false }},\n',
        ),
        (
            TOPIC,
            "redrive_policy = jsonencode({ deadLetterTargetArn",
            'redrive_policy = jsonencode({ "deadLetterTargetArn"',
        ),
        (
            (EVENTS,),
            'function_name    = aws_lambda_alias.live["queue"].arn',
            'function_name = aws_lambda_function.this["queue"].function_name',
        ),
    ],
    ids=[
        "launch type",
        "weight alone",
        "cluster by name",
        "family and revision",
        "a default of a container",
        "a default",
        "order",
        "a key in quotes",
        "a function by name",
    ],
)
def test_another_way_of_writing_it_is_no_difference_of_what_it_says(
    settings: tuple[str, ...], old: str, new: str
) -> None:
    given = files(*settings)
    assert any(old in file.text for file in given if file.path.endswith(".tf"))
    there = [File(file.path, file.text.replace(old, new)) if file.path.endswith(".tf") else file for file in given]
    found = compare_roles(rendering(*settings), repository_of(there))
    assert {one.path.partition(".")[0] for each in found for one in each.attributes} <= {"sidecar", "sidecar 2"}


def test_what_a_second_function_behind_a_queue_has_is_its_own() -> None:
    more = """
resource "aws_sqs_queue" "more" {
  name           = "more"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.more_failed.arn, maxReceiveCount = 3 })
}

resource "aws_sqs_queue" "more_failed" {
  name = "more-failed"
}

resource "aws_lambda_function" "more" {
  function_name = "zz-more"
}

resource "aws_lambda_event_source_mapping" "more" {
  event_source_arn = aws_sqs_queue.more.arn
  function_name    = aws_lambda_function.more.arn
}
"""
    there = repository_of([*files(EVENTS), File("environments/prod/more.tf", more)])
    found = compare_roles(rendering(EVENTS), there)
    assert {each.status.value for each in found} == {"extra"}
    assert sorted(each.address.partition(": ")[2] for each in found) == [
        "aws_lambda_event_source_mapping.more",
        "aws_lambda_function.more",
        "aws_sqs_queue.more",
        "aws_sqs_queue.more_failed",
    ]
