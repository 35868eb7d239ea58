"""L1 to L14, on the renderings of presets with one thing changed and on what others may write."""

from dataclasses import replace

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import OPINIONS, judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset

OURS = tuple(opinion.id for opinion in OPINIONS if opinion.id.startswith("L"))
LMI = "modules/lambda-managed-instances"


def said(*files: File) -> dict[str, list[Judgement]]:
    return {one.opinion.id: list(one.judgements) for one in judge(facts_of(repository_of(files)), OURS)}


def faults(*files: File) -> set[tuple[str, Status]]:
    return {
        (name, each.status)
        for name, judgements in said(*files).items()
        for each in judgements
        if each.status is not Status.KEPT
    }


@pytest.mark.parametrize("settings", [(), ("lmi.event_source=none",), ("arch=x86_64", "lmi.runtime=java21")])
@pytest.mark.parametrize("name", ["lmi-private", "lmi-steady", "platform"])
def test_a_preset_keeps_all(name: str, settings: tuple[str, ...]) -> None:
    found = said(*preset(name, *settings).files)
    assert {name: {each.status for each in judgements} for name, judgements in found.items()} == {
        name: {Status.KEPT} for name in OURS
    }


def changed(path: str, old: str, new: str, name: str = "lmi-steady") -> list[File]:
    found = []
    for file in preset(name).files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old}"
            file = replace(file, text=file.text.replace(old, new, 1))
        found.append(file)
    return found


EXECUTION, OPERATOR = "aws_iam_role.execution.arn", "aws_iam_role.operator.arn"
BOUND = """
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
"""
INGRESS = """
resource "aws_vpc_security_group_ingress_rule" "any" {
  security_group_id = aws_security_group.instances.id
  cidr_ipv4         = "10.0.0.0/8"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

# DNS needs"""
CONCURRENCY = "      per_execution_environment_max_concurrency = var.per_execution_environment_max_concurrency\n"

MUTATIONS = [
    ("L1", "function.tf", f"= {EXECUTION}", f"= {OPERATOR}"),
    ("L1", "operator_role.tf", BOUND, ""),
    ("L1", "operator_role.tf", '"lambda.amazonaws.com"', '"ec2.amazonaws.com"'),
    ("L1", "operator_role.tf", "AWSLambdaManagedEC2ResourceOperator", "AWSLambda_FullAccess"),
    ("L2", "capacity_provider.tf", "values(var.private_subnet_ids)", "[values(var.private_subnet_ids)[0]]"),
    ("L2", "capacity_provider.tf", "[aws_security_group.instances.id]", "[]"),
    ("L2", "security_group.tf", "from_port         = 443", "from_port         = 0"),
    ("L2", "security_group.tf", 'ip_protocol       = "tcp"', 'ip_protocol       = "-1"'),
    ("L2", "security_group.tf", "# DNS needs", INGRESS.lstrip()),
    ("L3", "capacity_provider.tf", "    max_vcpu_count = var.max_vcpu_count\n", ""),
    ("L3", "capacity_provider.tf", "= var.max_vcpu_count", "= 1"),
    ("L4", "function.tf", "= [var.arch]", '= ["x86_64"]'),
    ("L4", "function.tf", "  architectures    = [var.arch]\n", ""),
    ("L5", "queue.tf", "aws_lambda_alias.live.arn", "aws_lambda_function.worker.arn"),
    ("L5", "queue.tf", "aws_lambda_alias.live.arn", "aws_lambda_function.worker.function_name"),
    ("L5", "function.tf", '  publish    = true\n  publish_to = "LATEST_PUBLISHED"\n', ""),
    ("L6", "function.tf", "= var.memory_size", "= 1024"),
    ("L6", "function.tf", "  memory_size      = var.memory_size\n", ""),
    ("L6", "function.tf", "= var.runtime", '= "python3.12"'),
    ("L6", "function.tf", "= var.runtime", '= "nodejs20.x"'),
    ("L6", "function.tf", "= var.execution_environment_memory_gib_per_vcpu", "= 16"),
    ("L8", "queue.tf", '  function_response_types = ["ReportBatchItemFailures"]\n', ""),
    ("L8", "queue.tf", "  redrive_policy = jsonencode(", "  policy = jsonencode("),
    ("L8", "alarms.tf", '"Throttles"', '"Duration"'),
    ("L8", "alarms.tf", '"Errors"', '"Invocations"'),
    ("L8", "alarms.tf", "aws_lambda_function.worker.function_name", '"another"'),
    ("L8", "alarms.tf", "SELECT AVG(CPUUtilization)", "SELECT AVG(MemoryUtilization)"),
    ("L9", "function.tf", CONCURRENCY, ""),
    ("L12", "alarms.tf", 'resource "aws_cloudwatch_log_metric_filter"', 'resource "aws_cloudwatch_log_stream"'),
    ("L12", "alarms.tf", "aws_cloudwatch_log_group.worker.name", '"/aws/lambda/another"'),
    ("L12", "alarms.tf", "platform.init*", "platform.report"),
    ("L13", "capacity_provider.tf", "= [var.arch]", '= [var.arch]\n    allowed_instance_types = ["g5g.xlarge"]'),
    ("L14", "function.tf", "[aws_lambda_capacity_provider.this.arn]", "[aws_iam_role.execution]"),
]


@pytest.mark.parametrize(("name", "file", "old", "new"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(name: str, file: str, old: str, new: str) -> None:
    assert faults(*changed(f"{LMI}/{file}", old, new)) == {(name, Status.BROKEN)}


@pytest.mark.parametrize("service", ["logs", "xray"])
def test_without_nat_telemetry_needs_its_endpoints(service: str) -> None:
    main = next(
        each for each in preset("lmi-private").files if each.path.endswith("/main.tf") and "network" in each.text
    )
    assert f'"{service}"' in main.text
    files = changed(main.path, f'"{service}"', '"sts"' if '"sts"' not in main.text else '"ssm"', "lmi-private")
    assert faults(*files) == {("L7", Status.BROKEN)}


def test_no_lambda_function_without_a_capacity_provider_is_judged() -> None:
    assert all(not found for found in said(File("main.tf", 'resource "aws_lambda_function" "a" {}\n')).values())


FUNCTION = """
resource "aws_lambda_function" "a" {
  function_name = "a"
  %s
}
"""
CONFIG = "capacity_provider_config {\n    lambda_managed_instances_capacity_provider_config {\n      %s\n    }\n  }"
IMPORTED = FUNCTION % (CONFIG % "capacity_provider_arn = var.capacity_provider_arn")


def of(name: str, text: str) -> list[Status]:
    return [each.status for each in said(File("main.tf", text))[name]]


def test_a_function_that_may_run_on_a_capacity_provider_is_unknown() -> None:
    dynamic = 'dynamic "capacity_provider_config" {\n    for_each = var.lmi ? [1] : []\n    content {}\n  }'
    assert of("L9", FUNCTION % dynamic) == [Status.UNKNOWN]
    assert of("L9", IMPORTED.replace("{", "{\n  count = var.count", 1)) == [Status.UNKNOWN]


def test_what_is_made_elsewhere_is_unknown() -> None:
    assert of("L4", IMPORTED) == [Status.UNKNOWN]
    assert of("L11", IMPORTED) == [Status.UNKNOWN]
    provider = 'resource "aws_lambda_capacity_provider" "a" {\n  %s\n}\n'
    elsewhere = (
        "vpc_config {\n    subnet_ids         = var.subnets\n    security_group_ids = var.groups\n  }\n"
        "  permissions_config {\n    capacity_provider_operator_role_arn = var.role\n  }\n"
        "  capacity_provider_scaling_config {\n    max_vcpu_count = var.cap\n  }\n"
    )
    assert of("L1", provider % elsewhere) == [Status.UNKNOWN]
    assert of("L2", provider % elsewhere) == [Status.UNKNOWN, Status.UNKNOWN]
    assert of("L7", provider % elsewhere) == [Status.UNKNOWN]
    assert of("L3", provider % elsewhere) == [Status.KEPT]
    assert of("L13", provider % "instance_requirements {\n    allowed_instance_types = var.types\n  }") == [
        Status.UNKNOWN
    ]


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        ('resource "aws_lambda_permission" "x" {\n  function_name = "a"\n}\n', Status.BROKEN),
        ('resource "aws_lambda_permission" "x" {\n  function_name = "a"\n  qualifier = "live"\n}\n', Status.KEPT),
        ('resource "aws_lambda_permission" "x" {\n  function_name = "a:live"\n}\n', Status.KEPT),
        ('resource "aws_sns_topic_subscription" "x" {\n  endpoint = aws_lambda_function.a.arn\n}\n', Status.BROKEN),
        (
            'resource "aws_sns_topic_subscription" "x" {\n  endpoint = "${aws_lambda_function.a.arn}:live"\n}\n',
            Status.KEPT,
        ),
        (
            'resource "aws_apigatewayv2_integration" "x" {\n'
            "  integration_uri = aws_lambda_function.a.qualified_invoke_arn\n}\n",
            Status.KEPT,
        ),
        (
            'resource "aws_cloudwatch_event_target" "x" {\n'
            '  arn = "arn:aws:lambda:eu-central-1:111122223333:function:a"\n}\n',
            Status.BROKEN,
        ),
        (
            'resource "aws_cloudwatch_event_target" "x" {\n'
            '  arn = "arn:aws:lambda:eu-central-1:111122223333:function:a:live"\n}\n',
            Status.KEPT,
        ),
        (
            'resource "aws_cloudwatch_event_target" "x" {\n'
            '  arn = "arn:aws:lambda:eu-central-1:111122223333:function:ab"\n}\n',
            Status.KEPT,
        ),
        (
            'resource "aws_s3_bucket_notification" "x" {\n  lambda_function {\n'
            "    lambda_function_arn = aws_lambda_function.a.arn\n  }\n}\n",
            Status.BROKEN,
        ),
    ],
)
def test_a_caller_names_a_version(caller: str, status: Status) -> None:
    function = FUNCTION % ('publish_to = "LATEST_PUBLISHED"\n  ' + CONFIG % "")
    assert of("L5", function + caller) == [status]


def test_numbered_versions_without_an_alias_break_l5() -> None:
    function = FUNCTION % ("publish = true\n  " + CONFIG % "")
    alias = 'resource "aws_lambda_alias" "live" {\n  function_name = "a"\n}\n'
    assert of("L5", function) == [Status.BROKEN]
    assert of("L5", function + alias) == [Status.KEPT]


def test_an_alarm_may_be_made_by_another_root_module() -> None:
    function = FUNCTION % (CONFIG % 'capacity_provider_arn = "arn:aws:lambda:eu-central-1:1:capacity-provider:a"')
    alarm = (
        'resource "aws_cloudwatch_metric_alarm" "a" {\n  for_each = toset(["Errors", "Throttles"])\n'
        '  namespace = "AWS/Lambda"\n  metric_name = each.key\n  dimensions = { FunctionName = %s }\n}\n'
    )
    files = File("service/main.tf", function), File("alarms/main.tf", alarm % '"a"')
    assert {each.status for each in said(*files)["L8"]} == {Status.KEPT}
    files = File("service/main.tf", function), File("alarms/main.tf", alarm % "var.function")
    assert {each.status for each in said(*files)["L8"]} == {Status.UNKNOWN}
    files = File("service/main.tf", function), File("alarms/main.tf", alarm % '"b"')
    assert {each.status for each in said(*files)["L8"]} == {Status.BROKEN}


def test_events_of_asynchronous_callers_are_kept_when_they_fail() -> None:
    function = FUNCTION % (CONFIG % "%s")
    subscription = 'resource "aws_sns_topic_subscription" "x" {\n  endpoint = "${aws_lambda_function.a.arn}:live"\n}\n'
    alarms = (
        'resource "aws_cloudwatch_metric_alarm" "a" {\n  for_each = toset(["Errors", "Throttles"])\n'
        '  namespace = "AWS/Lambda"\n  metric_name = each.key\n}\n'
    )
    dead_letters = FUNCTION % (CONFIG % "" + '\n  dead_letter_config {\n    target_arn = "arn:aws:sqs:a:1:b"\n  }')
    assert of("L8", function % "" + alarms) == [Status.KEPT]
    assert of("L8", function % "" + alarms + subscription) == [Status.BROKEN]
    assert of("L8", dead_letters + alarms + subscription) == [Status.KEPT]


@pytest.mark.parametrize(
    "text",
    [
        IMPORTED.replace("var.capacity_provider_arn", "[1, {}]"),
        FUNCTION % 'capacity_provider_config = "x"',
        FUNCTION % "memory_size = {}\n  runtime = []\n  architectures = 5\n  publish = []\n  " + "\n",
        FUNCTION % ("memory_size = {}\n  runtime = []\n  architectures = 5\n  publish = []\n  " + CONFIG % "x = 1"),
        'resource "aws_lambda_capacity_provider" "a" {\n  vpc_config = 1\n  instance_requirements = [[]]\n}\n',
        'resource "aws_lambda_capacity_provider" "a" {\n  count = 1000000000\n}\n',
    ],
)
def test_functions_of_any_shape_are_judged(text: str) -> None:
    said(File("main.tf", text))
