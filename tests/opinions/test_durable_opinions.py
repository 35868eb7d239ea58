"""D1 to D7, on the rendering of a preset with one thing changed and on what others may write."""

from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import OPINIONS, judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.repository.reading import read_repository, repository_of
from tests.support.rendering import preset

OURS = tuple(opinion.id for opinion in OPINIONS if opinion.id.startswith("D"))
MODULE = "modules/lambda-durable"
REPOSITORIES = Path(__file__).parent / "repositories"
JWT = (
    "durable.authorizer=jwt",
    "durable.jwt_issuer=https://login.example.com/",
    "durable.jwt_audience=[orders]",
    "durable.runtime=nodejs24.x",
)


def said(*files: File) -> dict[str, list[Judgement]]:
    return {one.opinion.id: list(one.judgements) for one in judge(facts_of(repository_of(files)), OURS)}


def faults(*files: File) -> set[tuple[str, Status]]:
    return {
        (name, each.status)
        for name, judgements in said(*files).items()
        for each in judgements
        if each.status is not Status.KEPT
    }


@pytest.mark.parametrize("settings", [(), ("arch=x86_64", "durable.runtime=python3.14"), JWT])
def test_a_preset_keeps_all(settings: tuple[str, ...]) -> None:
    found = said(*preset("durable-workflow", *settings).files)
    assert {name: {each.status for each in judgements} for name, judgements in found.items()} == {
        name: {Status.KEPT} for name in OURS
    }


def changed(path: str, old: str, new: str) -> list[File]:
    found = []
    for file in preset("durable-workflow").files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old}"
            file = replace(file, text=file.text.replace(old, new, 1))
        found.append(file)
    return found


CHECKPOINTS = '["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"]'
CALLBACKS = '["lambda:SendDurableExecutionCallbackFailure", "lambda:SendDurableExecutionCallbackSuccess"]'
DEAD_LETTERS = "  dead_letter_config {\n    target_arn = aws_sqs_queue.dead_letter.arn\n  }\n"
WORKFLOW_ARN = "WORKFLOW_ARN = aws_lambda_alias.live.arn"
INVOKE = "aws_lambda_function.orders.invoke_arn"
THROTTLE = "    throttling_rate_limit  = var.throttling_rate_limit\n"
ANOTHER = '"arn:aws:lambda:us-east-1:123456789012:function:another:*"'

MUTATIONS = [
    ("D1", "workflow.tf", "    retention_period  = var.retention_period\n", ""),
    ("D1", "workflow.tf", "= var.retention_period", "= 91"),
    ("D1", "workflow.tf", "= var.execution_timeout\n", "= 31622401\n"),
    ("D1", "workflow.tf", "= var.runtime", '= "python3.12"'),
    ("D1", "workflow.tf", "= var.runtime", '= "nodejs20.x"'),
    ("D2", "workflow.tf", "publish = true", "publish = false"),
    ("D2", "orders.tf", WORKFLOW_ARN, "WORKFLOW_ARN = aws_lambda_function.workflow.arn"),
    ("D2", "api.tf", INVOKE, "aws_lambda_function.workflow.invoke_arn"),
    ("D2", "orders.tf", "= aws_lambda_function.orders.function_name", "= aws_lambda_function.workflow.function_name"),
    ("D3", "workflow_role.tf", CHECKPOINTS, '["lambda:CheckpointDurableExecution"]'),
    ("D3", "workflow_role.tf", CHECKPOINTS, '["lambda:CheckpointDurableExecution", "lambda:GetDurableExecution"]'),
    ("D3", "workflow_role.tf", CHECKPOINTS, '["lambda:*"]'),
    ("D3", "workflow_role.tf", "[local.executions_arn]", "[aws_lambda_function.workflow.arn]"),
    ("D3", "workflow_role.tf", "[local.executions_arn]", f"[{ANOTHER}]"),
    ("D4", "decisions.tf", "[local.executions_arn]", '["*"]'),
    ("D4", "decisions.tf", "[local.executions_arn]", "[aws_lambda_alias.live.arn]"),
    ("D4", "decisions.tf", "[local.executions_arn]", "[aws_lambda_function.workflow.arn]"),
    ("D4", "decisions.tf", CALLBACKS, '["lambda:*"]'),
    ("D4", "decisions.tf", CALLBACKS, CALLBACKS.replace("]", ', "lambda:StopDurableExecution"]')),
    ("D5", "api.tf", '  authorization_type = "AWS_IAM"\n', ""),
    ("D5", "api.tf", '"AWS_IAM"', '"NONE"'),
    ("D5", "api.tf", THROTTLE, ""),
    ("D5", "api.tf", "  access_log_settings {", '  dynamic "access_log_settings" {\n    for_each = []\n'),
    ("D6", "progress.tf", '"PAY_PER_REQUEST"', '"PROVISIONED"'),
    (
        "D6",
        "progress.tf",
        "  point_in_time_recovery {\n    enabled = true",
        "  point_in_time_recovery {\n    enabled = false",
    ),
    ("D6", "progress.tf", "    kms_key_arn = aws_kms_key.this.arn\n", ""),
    ("D6", "progress.tf", "    enabled     = true", "    enabled     = false"),
    ("D7", "workflow.tf", DEAD_LETTERS, ""),
    ("D7", "alarms.tf", '"DurableExecutionFailed"', '"DurableExecutionStarted"'),
    ("D7", "alarms.tf", '"DurableExecutionTimedOut"', '"DurableExecutionStopped"'),
]


@pytest.mark.parametrize(("name", "file", "old", "new"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(name: str, file: str, old: str, new: str) -> None:
    assert faults(*changed(f"{MODULE}/{file}", old, new)) == {(name, Status.BROKEN)}


@pytest.mark.parametrize("folder", sorted(REPOSITORIES.glob("durable_*")), ids=lambda folder: folder.name)
def test_repositories_of_others_are_judged_as_written_down(folder: Path) -> None:
    results = judge(facts_of(read_repository(folder)), OURS)
    found = sorted(
        f"{one.opinion.id} {each.status} {each.place.file}:{each.place.line}"
        for one in results
        for each in one.judgements
    )
    assert found == sorted((folder / "EXPECTED").read_text().splitlines())


def of(name: str, text: str) -> list[Status]:
    return [each.status for each in said(File("main.tf", text))[name]]


FUNCTION = """
resource "aws_lambda_function" "a" {
  function_name = "a"
  role          = aws_iam_role.a.arn
  %s
}

resource "aws_iam_role" "a" {
  name = "a"
}
"""
DURABLE = FUNCTION % "durable_config {\n    execution_timeout = 60\n    retention_period  = 1\n  }"


def test_a_function_that_is_not_durable_is_not_judged() -> None:
    assert all(not found for found in said(File("main.tf", FUNCTION % "")).values())


def test_a_function_that_may_be_durable_is_unknown() -> None:
    dynamic = 'dynamic "durable_config" {\n    for_each = var.durable ? [1] : []\n    content {}\n  }'
    assert of("D1", FUNCTION % dynamic) == [Status.UNKNOWN]
    assert of("D7", DURABLE.replace("{", "{\n  count = var.count", 1)) == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("runtime", "status"),
    [
        ("java17", Status.KEPT),
        ("dotnet10", Status.KEPT),
        ("python3.9", Status.BROKEN),
        ("java8.al2", Status.BROKEN),
        ("provided.al2023", Status.BROKEN),
    ],
)
def test_the_runtimes_that_can_are_those_lambda_lists(runtime: str, status: Status) -> None:
    text = DURABLE.replace('function_name = "a"', f'function_name = "a"\n  runtime = "{runtime}"')
    assert of("D1", text) == [status]


POLICY = """
resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.a.name
  policy = %s
}
"""


def allowing(action: str, resource: str) -> str:
    return POLICY % f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = {action}, Resource = {resource} }}] }})'


BOTH = '["lambda:CheckpointDurableExecution", "lambda:GetDurable*State"]'


@pytest.mark.parametrize(
    ("policies", "status"),
    [
        (allowing(BOTH, '"${aws_lambda_function.a.arn}:*"'), Status.KEPT),
        (allowing(BOTH, '"arn:aws:lambda:eu-central-1:${var.account}:function:a:*"'), Status.KEPT),
        (allowing(BOTH, '"arn:aws:lambda:eu-central-1:${var.account}:function:a:1/durable-execution/*"'), Status.KEPT),
        (allowing(BOTH, '"*"'), Status.KEPT),
        (allowing(BOTH, "aws_lambda_function.a.arn"), Status.BROKEN),
        (allowing(BOTH, '"arn:aws:lambda:eu-central-1:${var.account}:function:a:live"'), Status.BROKEN),
        (allowing(BOTH, '"arn:aws:lambda:eu-central-1:${var.account}:function:b:*"'), Status.BROKEN),
        (allowing(BOTH, '"arn:aws:lambda:eu-central-1:${var.account}:function:${var.name}:*"'), Status.UNKNOWN),
        (allowing(BOTH, "var.resource"), Status.UNKNOWN),
        (POLICY % "var.policy", Status.UNKNOWN),
        (POLICY % '"{"', Status.UNKNOWN),
        ("", Status.BROKEN),
    ],
)
def test_checkpoints_are_allowed_on_what_executions_are_called(policies: str, status: Status) -> None:
    assert set(of("D3", DURABLE + policies)) == {status}


ATTACHED = """
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.a.name
  policy_arn = %s
}
"""


@pytest.mark.parametrize(
    ("arn", "status"),
    [
        ('"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicDurableExecutionRolePolicy"', Status.KEPT),
        ('"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"', Status.BROKEN),
        ('"arn:aws:iam::aws:policy/AWSLambda_FullAccess"', Status.BROKEN),
        ("var.policy_arn", Status.UNKNOWN),
        ("aws_iam_policy.a.arn", Status.KEPT),
    ],
)
def test_managed_policies_count_too(arn: str, status: Status) -> None:
    own = allowing(BOTH, '"${aws_lambda_function.a.arn}:*"')
    policy = own.replace('"aws_iam_role_policy"', '"aws_iam_policy"').replace("  role   = aws_iam_role.a.name\n", "")
    assert set(of("D3", DURABLE + ATTACHED % arn + policy)) == {status}


@pytest.mark.parametrize(
    "statement",
    ['NotAction = "iam:*", Resource = "*"', 'Action = var.action, Resource = "${aws_lambda_function.a.arn}:*"'],
)
def test_of_a_statement_whose_actions_are_not_known_nobody_can_say_what_else_it_allows(statement: str) -> None:
    policy = POLICY % f'jsonencode({{ Statement = [{{ Effect = "Allow", {statement} }}] }})'
    assert of("D3", DURABLE + policy + ATTACHED % '"AWSLambdaBasicDurableExecutionRolePolicy"') == [Status.UNKNOWN]


def test_a_role_that_is_made_elsewhere_is_unknown() -> None:
    assert of("D3", DURABLE.replace("aws_iam_role.a.arn", "var.role_arn")) == [Status.UNKNOWN]


def test_callbacks_of_another_durable_function_are_anothers_matter() -> None:
    other = allowing('"lambda:SendDurableExecutionCallbackSuccess"', '"arn:aws:lambda:a:1:function:b:*"')
    role = 'resource "aws_iam_role" "b" {\n  name = "b"\n}\n'
    assert of("D4", DURABLE + role + other.replace("aws_iam_role.a", "aws_iam_role.b")) == [Status.KEPT]
    assert of("D3", DURABLE + other + ATTACHED % '"AWSLambdaBasicDurableExecutionRolePolicy"') == [Status.KEPT]


def test_who_approves_may_not_start_as_well() -> None:
    both = '["lambda:SendDurableExecutionCallbackSuccess", "lambda:InvokeFunction"]'
    role = 'resource "aws_iam_role" "b" {\n  name = "b"\n}\n'
    text = (
        DURABLE + role + allowing(both, '"${aws_lambda_function.a.arn}:*"').replace("aws_iam_role.a", "aws_iam_role.b")
    )
    assert of("D4", text) == [Status.BROKEN]
    assert of("D4", text.replace(', "lambda:InvokeFunction"', "")) == [Status.KEPT]


API = """
resource "aws_apigatewayv2_api" "a" {
  name          = "a"
  protocol_type = "HTTP"
  %s
}
"""


def test_an_api_that_makes_its_route_by_itself_is_open() -> None:
    assert of("D5", DURABLE + API % "target = aws_lambda_alias.a.arn") == [Status.BROKEN]


def test_an_api_whose_routes_are_made_elsewhere_is_unknown() -> None:
    assert of("D5", DURABLE + API % "") == [Status.UNKNOWN]


def test_an_api_without_a_durable_function_is_not_judged() -> None:
    assert of("D5", API % "target = aws_lambda_alias.a.arn") == []


ROUTE = """
resource "aws_apigatewayv2_route" "a" {
  api_id    = aws_apigatewayv2_api.a.id
  route_key = "%s /a"
}

resource "aws_apigatewayv2_stage" "a" {
  api_id = aws_apigatewayv2_api.a.id

  default_route_settings {
    throttling_burst_limit = 1
    throttling_rate_limit  = var.rate
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.a.arn
  }
}
"""


def test_what_browsers_ask_first_needs_no_authoriser() -> None:
    assert of("D5", DURABLE + API % "" + ROUTE % "OPTIONS") == [Status.KEPT]
    assert of("D5", DURABLE + API % "" + ROUTE % "GET") == [Status.BROKEN]


ALARM = """
resource "aws_cloudwatch_metric_alarm" "%s" {
  namespace   = "AWS/Lambda"
  metric_name = "%s"
  dimensions  = { FunctionName = "%s" }
}
"""


def test_an_alarm_of_another_root_module_counts_by_the_functions_name() -> None:
    queue = DURABLE.replace('"a"\n  role', '"a"\n  dead_letter_config {\n    target_arn = "q"\n  }\n  role', 1)
    metrics = ("DurableExecutionFailed", "DurableExecutionTimedOut")
    for name, status in (("a", Status.KEPT), ("b", Status.BROKEN)):
        alarms = "".join(ALARM % (metric, metric, name) for metric in metrics)
        found = said(File("app/main.tf", queue), File("alarms/main.tf", alarms))["D7"]
        assert {each.status for each in found} == {status}
