"""F1 to F7, on repositories in the styles found in the wild and on what scaffold renders."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.opinions.engine import OPINIONS, judge
from scaffold.opinions.opinion import Judgement, Status
from scaffold.repository.model import Repository
from scaffold.repository.reading import read_repository, repository_of
from tests.support.rendering import preset

OURS = tuple(opinion.id for opinion in OPINIONS if opinion.id.startswith("F"))

REPOSITORIES = sorted(Path(__file__).with_name("repositories").glob("functions_*"))

LAMBDA = "modules/lambda"
ALL = ("event-functions", "functions.shapes=[command, queue, fan-out]")
TOPIC = (*ALL, "functions.fan_out_source=sns")


def judged(repository: Repository) -> Iterator[tuple[str, Judgement]]:
    for result in judge(facts_of(repository), OURS):
        for judgement in result.judgements:
            yield result.opinion.id, judgement


def of(name: str, text: str) -> list[Judgement]:
    return [each for opinion, each in judged(repository_of([File("main.tf", text)])) if opinion == name]


@pytest.mark.parametrize("folder", REPOSITORIES, ids=lambda folder: folder.name)
def test_a_foreign_repository_is_judged_line_by_line(folder: Path) -> None:
    found = sorted(
        f"{name} {judgement.status} {judgement.place.file}:{judgement.place.line}"
        for name, judgement in judged(read_repository(folder))
    )
    assert found == sorted((folder / "EXPECTED").read_text().splitlines())


@pytest.mark.parametrize("rendering", [("event-functions",), ALL, TOPIC, (*ALL, "functions.runtime=nodejs24.x")])
def test_what_is_rendered_keeps_all(rendering: tuple[str, ...]) -> None:
    found: dict[str, set[Status]] = {}
    for name, judgement in judged(repository_of(preset(*rendering).files)):
        found.setdefault(name, set()).add(judgement.status)
    assert found == {name: {Status.KEPT} for name in OURS}


def test_in_a_vpc_without_nat_the_functions_reach_what_is_inside() -> None:
    files = preset(*ALL, "functions.vpc=true", "network.nat=none", "network.endpoints=private").files
    assert {judgement.status for _, judgement in judged(repository_of(files))} == {Status.KEPT}


def test_in_a_vpc_that_leads_everywhere_nobody_can_say_what_the_functions_reach() -> None:
    found = list(judged(repository_of(preset(*ALL, "functions.vpc=true").files)))
    assert {name for name, judgement in found if judgement.status is not Status.KEPT} == {"F4"}
    assert {judgement.status for name, judgement in found if name == "F4"} == {Status.UNKNOWN}


DESTINATION = """
  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letter[each.value].arn
    }
  }
"""
DELIVERY = """
  # What cannot be delivered; what the function itself fails at goes to the same queue (F2).
  dead_letter_config {
    arn = aws_sqs_queue.dead_letter[each.key].arn
  }
"""
REDRIVE = "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn })\n"
SCALING = """
  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }
"""
WORKERS = '[for command in local.commands : aws_lambda_alias.live["command-${command}"].arn]'
TRACING = '\n  tracing_config {\n    mode = "Active"\n  }\n'
EGRESS = 'resource "aws_vpc_security_group_egress_rule" "https" {'
TAKE = '"sqs:ReceiveMessage"]\n    resources = '
VPC = (*ALL, "functions.vpc=true", "network.nat=none", "network.endpoints=private")

MUTATIONS = [
    ("F1", ALL, "queue.tf", "6 * var.timeout", "5 * var.timeout"),
    ("F1", ALL, "queue.tf", '  function_response_types = ["ReportBatchItemFailures"]\n', ""),
    ("F1", ALL, "queue.tf", "maxReceiveCount     = 5", "maxReceiveCount     = 2"),
    ("F1", ALL, "queue.tf", "  redrive_policy = jsonencode(", "  policy = jsonencode("),
    ("F1", ALL, "queue.tf", SCALING, ""),
    ("F2", ALL, "fan_out.tf", DELIVERY, ""),
    ("F2", ALL, "fan_out.tf", "dead_letter[each.key].arn", 'dead_letter["queue"].arn'),
    ("F2", TOPIC, "fan_out.tf", REDRIVE, ""),
    ("F2", TOPIC, "fan_out.tf", "dead_letter[each.key].arn", 'dead_letter["fan-out-audit"].arn'),
    ("F3", ALL, "asynchronous.tf", DESTINATION, ""),
    ("F3", ALL, "command.tf", WORKERS, '["*"]'),
    ("F3", ALL, "command.tf", WORKERS, '["arn:aws:lambda:us-east-1:111122223333:function:*"]'),
    # What is left leads to S3 and DynamoDB, which are reached without a VPC.
    ("F4", VPC, "security_group.tf", EGRESS, 'resource "aws_vpc_security_group_ingress_rule" "https" {'),
    ("F5", ALL, "functions.tf", "execution[each.key].arn", 'execution["queue"].arn'),
    ("F5", ALL, "queue.tf", f"{TAKE}[aws_sqs_queue.work.arn]", f'{TAKE}["*"]'),
    ("F5", VPC, "roles.tf", "service-role/AWSLambdaENIManagementAccess", "AmazonEC2FullAccess"),
    ("F6", ALL, "functions.tf", '"JSON"', '"Text"'),
    ("F6", ALL, "functions.tf", TRACING, ""),
    ("F6", ALL, "logs.tf", "  retention_in_days = var.log_retention_days\n", ""),
    ("F6", ALL, "functions.tf", "aws_cloudwatch_log_group.this[each.key].name", '"/aws/lambda/another"'),
    ("F7", ALL, "alarms.tf", '"Errors"', '"Invocations"'),
    ("F7", ALL, "alarms.tf", '"Throttles"', '"Duration"'),
    ("F7", ALL, "alarms.tf", '"ApproximateNumberOfMessagesVisible"', '"NumberOfMessagesReceived"'),
    ("F7", ALL, "alarms.tf", "QueueName = each.value.name", 'QueueName = "another"'),
]  # fmt: skip
"""The opinion that breaks, of which rendering, the module's file that changes, and how."""


def changed(rendering: tuple[str, ...], path: str, old: str, new: str) -> list[File]:
    found = []
    for file in preset(*rendering).files:
        if file.path == path:
            assert old in file.text, f"{path} has no {old}"
            file = replace(file, text=file.text.replace(old, new, 1))
        found.append(file)
    return found


@pytest.mark.parametrize(("name", "rendering", "file", "old", "new"), MUTATIONS)
def test_one_change_breaks_just_its_opinion(
    name: str, rendering: tuple[str, ...], file: str, old: str, new: str
) -> None:
    found = judged(repository_of(changed(rendering, f"{LAMBDA}/{file}", old, new)))
    assert {(id_, each.status) for id_, each in found if each.status is not Status.KEPT} == {(name, Status.BROKEN)}


def test_functions_on_managed_instances_are_not_judged() -> None:
    assert list(judged(repository_of(preset("lmi-steady").files))) == []


DURABLE = """
resource "aws_lambda_function" "a" {
  function_name = "a"

  durable_config {
    execution_timeout = 60
  }
}
"""


def test_durable_functions_are_judged_as_well() -> None:
    assert {each.status for each in of("F6", DURABLE)} == {Status.BROKEN}


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ('jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "*" }] })', Status.BROKEN),
        ('jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })', Status.BROKEN),
        ('jsonencode({ Statement = { Effect = "Allow", NotAction = "iam:*", Resource = "*" } })', Status.BROKEN),
        ('jsonencode({ Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "*" }] })', Status.KEPT),
        ('jsonencode({ Statement = { Effect = "Allow", Action = "xray:*", Resource = "*" } })', Status.KEPT),
        ('jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = aws_s3_bucket.b.arn } })', Status.KEPT),
        ("var.policy", Status.UNKNOWN),
        ('"not JSON"', Status.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_policy_allows_on_everything_is_read_in_every_way_it_is_written(policy: str, status: Status) -> None:
    text = f"""
resource "aws_iam_role" "a" {{
  name               = "a"
  assume_role_policy = "{{}}"
}}

resource "aws_iam_role_policy" "a" {{
  role   = aws_iam_role.a.name
  policy = {policy}
}}

resource "aws_s3_bucket" "b" {{
  bucket = "b"
}}

resource "aws_lambda_function" "a" {{
  function_name = "a"
  role          = aws_iam_role.a.arn
}}
"""
    assert [each.status for each in of("F5", text)] == [status]


INVOKES = """
resource "aws_iam_role" "a" {{
  name               = "a"
  assume_role_policy = "{{}}"
}}

resource "aws_iam_role_policy_attachment" "a" {{
  role       = aws_iam_role.a.name
  policy_arn = "arn:aws:iam::aws:policy/{managed}"
}}

resource "aws_iam_role_policy" "a" {{
  role   = aws_iam_role.a.name
  policy = {policy}
}}

resource "aws_lambda_function" "a" {{
  function_name = "a"
  role          = aws_iam_role.a.arn
}}
"""


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ('Action = "*", Resource = "*"', Status.BROKEN),
        ('Action = "lambda:invokefunction", Resource = "*"', Status.BROKEN),
        ('Action = ["s3:*", "lambda:I*"], Resource = "*"', Status.BROKEN),
        ('Action = "lambda:InvokeAsync", Resource = "*"', Status.BROKEN),
        ('NotAction = "iam:*", Resource = "*"', Status.UNKNOWN),
        ('Action = "lambda:InvokeFunction", NotResource = "arn:aws:s3:::b"', Status.UNKNOWN),
        ('Action = var.action, Resource = "*"', Status.UNKNOWN),
        ('Action = "lambda:GetFunction", Resource = "*"', Status.KEPT),
        ('Action = "*", Resource = "arn:aws:lambda:eu-central-1:111122223333:function:b:live"', Status.KEPT),
    ],
)
def test_what_allows_invoking_everything_is_read_in_every_way_it_is_written(statement: str, status: Status) -> None:
    policy = f'jsonencode({{ Statement = [{{ Effect = "Allow", {statement} }}] }})'
    text = INVOKES.format(managed="AWSXRayDaemonWriteAccess", policy=policy)
    assert [each.status for each in of("F3", text)] == [status]


@pytest.mark.parametrize(
    "managed", ["AdministratorAccess", "AWSLambda_FullAccess", "PowerUserAccess", "service-role/AWSLambdaRole"]
)
def test_managed_policies_that_allow_invoking_everything_count(managed: str) -> None:
    text = INVOKES.format(managed=managed, policy="jsonencode({ Statement = [] })")
    assert [each.status for each in of("F3", text)] == [Status.BROKEN]


def test_what_a_function_may_invoke_by_a_policy_that_is_not_known_is_unknown() -> None:
    text = INVOKES.format(managed="AWSXRayDaemonWriteAccess", policy="var.policy")
    assert [each.status for each in of("F3", text)] == [Status.UNKNOWN]
    elsewhere = 'resource "aws_lambda_function" "a" {\n  function_name = "a"\n  role = var.role\n}\n'
    assert [each.status for each in of("F3", elsewhere)] == [Status.UNKNOWN]


def test_a_policy_of_ones_own_that_is_attached_is_read() -> None:
    text = """
resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = "{}"
}

resource "aws_iam_policy" "a" {
  name   = "a"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.a.name
  policy_arn = aws_iam_policy.a.arn
}

resource "aws_lambda_function" "a" {
  function_name = "a"
  role          = aws_iam_role.a.arn
}
"""
    assert [each.status for each in of("F5", text)] == [Status.BROKEN]


def test_provisioned_pollers_have_a_limit_of_their_own() -> None:
    text = """
resource "aws_lambda_function" "a" {
  function_name = "a"
}

resource "aws_sqs_queue" "a" {
  name           = "a"
  redrive_policy = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu-central-1:111122223333:d", maxReceiveCount = 5 })
}

resource "aws_lambda_event_source_mapping" "a" {
  event_source_arn        = aws_sqs_queue.a.arn
  function_name           = aws_lambda_function.a.arn
  function_response_types = ["ReportBatchItemFailures"]

  provisioned_poller_config {
    maximum_pollers = 10
  }
}
"""
    assert [each.status for each in of("F1", text)] == [Status.KEPT]


@pytest.mark.parametrize(
    ("arn", "status"),
    [
        ("var.arn", Status.UNKNOWN),
        ('"arn:aws:sqs:${var.region}:111122223333:a"', Status.UNKNOWN),
        ('"arn:aws:kinesis:${var.region}:111122223333:stream/a"', Status.KEPT),
        ("aws_dynamodb_table.a.stream_arn", Status.KEPT),
    ],
)
def test_of_what_may_be_a_queue_nobody_can_say_how_it_holds_messages(arn: str, status: Status) -> None:
    text = f"""
variable "arn" {{}}

variable "region" {{}}

resource "aws_dynamodb_table" "a" {{
  name = "a"
}}

resource "aws_lambda_function" "a" {{
  function_name = "a"
}}

resource "aws_lambda_event_source_mapping" "a" {{
  event_source_arn = {arn}
  function_name    = aws_lambda_function.a.arn
}}
"""
    assert [each.status for each in of("F1", text)] == [status]
