"""What a role's own policies allow, however they are written."""

import pytest

from scaffold.evaluate.values import Joined, Symbol
from scaffold.facts.iam import role_of
from scaffold.facts.rights import Rights, rights_of
from scaffold.files import File
from scaffold.repository.reading import repository_of

ROLE = 'resource "aws_iam_role" "a" {\n  name = "a"\n  %s\n}\n'
INLINE = 'resource "aws_iam_role_policy" "a" {\n  role   = aws_iam_role.a.id\n  policy = %s\n}\n'
ALL = '"*"'
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
SENDING = 'Statement = [{ Effect = "Allow", Action = "sqs:Send*", Resource = %s }]'
DOCUMENT = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["sqs:Send*"]
    resources = [aws_sqs_queue.q.arn]
  }

  statement {
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["*"]
  }
  %s
}
"""


def rights(text: str) -> Rights:
    (root,) = repository_of([File("main.tf", text)]).roots
    role = role_of(root, Symbol("aws_iam_role.a.arn", "aws_iam_role.a", "arn"))
    assert role is not None
    return rights_of(root, role)


TEXT = r'"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sqs:Send*\",\"Resource\":\"${aws_sqs_queue.q.arn}\"}}"'

WRITTEN = {
    "a document": ROLE % "" + INLINE % "data.aws_iam_policy_document.d.json" + DOCUMENT % "",
    "jsonencode of what is not all known": ROLE % "" + INLINE % f"jsonencode({{ {SENDING % 'aws_sqs_queue.q.arn'} }})",
    "inside the role": ROLE
    % f"inline_policy {{\n    policy = jsonencode({{ {SENDING % 'aws_sqs_queue.q.arn'} }})\n  }}",
    "text with the ARN in it": ROLE % "" + INLINE % TEXT,
    "a policy of its own": ROLE % ""
    + 'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n'
    + 'resource "aws_iam_role_policy_attachment" "p" {\n  role = "a"\n  policy_arn = aws_iam_policy.p.arn\n}\n'
    + DOCUMENT % "",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_policy_says_the_same_however_it_is_written(text: str) -> None:
    found = rights(text + QUEUE)
    assert found.doubt == ""
    (statement,) = found.statements
    assert statement.resources == (Symbol("aws_sqs_queue.q.arn"),)
    assert statement.allows("SQS:SendMessage")
    assert statement.allows("sqs:DeleteMessage") is False


def test_what_is_known_of_an_arn_in_text_stays_known() -> None:
    resource = '"arn:aws:sqs:eu-central-1:${var.account}:q"'
    (statement,) = rights(ROLE % "" + INLINE % f"jsonencode({{ {SENDING % resource} }})").statements
    assert statement.resources == (Joined(("arn:aws:sqs:eu-central-1:", Symbol("var.account"), ":q")),)


@pytest.mark.parametrize(
    "text",
    [
        INLINE % "var.policy",
        INLINE % '"{"',
        INLINE % 'file("policy.json")',
        INLINE % 'jsonencode({ Statement = [{ Effect = "Allow", NotAction = "iam:*", Resource = "*" }] })',
        INLINE % "data.aws_iam_policy_document.d.json" + DOCUMENT % "source_policy_documents = [var.more]",
        INLINE % "data.aws_iam_policy_document.d.json"
        + DOCUMENT % 'dynamic "statement" {\n    for_each = var.more\n    content {}\n  }',
        (INLINE % '"{}"').replace("aws_iam_role.a.id", "var.role"),
        'resource "aws_iam_role_policy_attachment" "p" {\n  role = aws_iam_role.a.name\n  policy_arn = var.arn\n}\n',
    ],
)
def test_what_may_allow_more_is_a_doubt(text: str) -> None:
    assert rights(ROLE % "" + text + QUEUE).doubt


def test_an_action_that_is_not_known_may_be_any() -> None:
    (statement,) = rights(
        ROLE % "" + INLINE % f"jsonencode({{ {SENDING % 'var.q'} }})".replace('"sqs:Send*"', "var.a")
    ).statements
    assert statement.allows("sqs:SendMessage") is None


def test_policies_of_other_roles_are_not_its_own() -> None:
    other = (INLINE % f"jsonencode({{ {SENDING % ALL} }})").replace("aws_iam_role.a.id", '"b"')
    assert rights(ROLE % "" + other) == Rights((), "")
