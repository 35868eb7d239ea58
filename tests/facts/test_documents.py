"""JSON in arguments, as far as it is known."""

import pytest

from scaffold.evaluate.values import Joined, Symbol, Value, any_key
from scaffold.facts.documents import decoded, step
from scaffold.files import File
from scaffold.repository.reading import repository_of

ARN = Symbol("aws_s3_bucket.a.arn", "aws_s3_bucket.a", "arn")


def value_of(expression: str) -> Value:
    text = f'resource "aws_s3_bucket" "a" {{\n}}\nresource "aws_sqs_queue" "a" {{\n  policy = {expression}\n}}\n'
    (root,) = repository_of([File("main.tf", text)]).roots
    return decoded(next(root.of("aws_sqs_queue")).get("policy"))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("jsonencode({ a = [1, true] })", {"a": (1, True)}),
        ("jsonencode({ a = aws_s3_bucket.a.arn })", {"a": ARN}),
        ('jsonencode({ a = "${aws_s3_bucket.a.arn}/*" })', {"a": Joined((ARN, "/*"))}),
        ("jsonencode(jsondecode(jsonencode({ a = aws_s3_bucket.a.arn })))", {"a": ARN}),
        ('"{\\"a\\": \\"${aws_s3_bucket.a.arn}/*\\", \\"b\\": null}"', {"a": Joined((ARN, "/*")), "b": None}),
        ('"{\\"a\\": ${aws_s3_bucket.a.arn}, \\"b\\": \\"\\\\\\"\\"}"', {"a": ARN, "b": '"'}),
        ('"{\\"${aws_s3_bucket.a.arn}\\": 1}"', {ARN: 1}),
    ],
)
def test_what_is_known_of_a_document_is_read(expression: str, value: Value) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize("expression", ["var.policy", '"no JSON"', '"${var.start}{}"', "jsonencode(var.policy)"])
def test_what_cannot_be_read_is_a_symbol(expression: str) -> None:
    assert isinstance(value_of(expression), Symbol)


def test_a_step_into_what_is_not_known_is_not_known() -> None:
    merged: Value = {"a": {"b": 1}, any_key("var.more"): Symbol("var.more")}
    assert step(merged, "a", "b") == 1
    assert step(merged, "a", "c") is None
    assert isinstance(step(merged, "c"), Symbol)
    assert isinstance(step({"a": ARN}, "a", "b"), Symbol)
    assert step({"a": "text"}, "a", "b") is None
