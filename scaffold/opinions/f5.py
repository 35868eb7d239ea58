"""F5: each function has a role of its own, with rights on what it names."""

from collections.abc import Iterator

from scaffold.evaluate.values import Value, known
from scaffold.facts import Facts
from scaffold.facts.functions import Function
from scaffold.facts.rights import Statement, rights_of
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, shown, unknown
from scaffold.opinions.opinion import Judgement, Opinion

NAMEABLE = {
    "dynamodb": ("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"),
    "events": ("PutEvents",),
    "kms": ("Decrypt", "Encrypt", "GenerateDataKey"),
    "logs": ("CreateLogStream", "PutLogEvents"),
    "s3": ("DeleteObject", "GetObject", "ListBucket", "PutObject"),
    "secretsmanager": ("GetSecretValue",),
    "sns": ("Publish",),
    "sqs": ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage", "SendMessage"),
    "ssm": ("GetParameter", "GetParameters", "GetParametersByPath"),
    "states": ("SendTaskFailure", "SendTaskSuccess", "StartExecution"),
}
"""Actions that functions use whose resource can be named, by service; lambda:InvokeFunction is F3's. Source: the tables
of https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html."""

BROAD = ("AdministratorAccess", "PowerUserAccess")
"""Managed policies that allow all, or nearly; those that end in FullAccess allow all of a service."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    first: dict[tuple[int, Value], Function] = {}

    def faults(function: Function) -> Iterator[Judgement]:
        role = function.instance.get("role")
        if isinstance(role, tuple | dict) or role is None:
            return
        place = function.instance.place_of("role")
        owner = first.setdefault((id(function.root), role), function)
        if owner is not function:
            yield broken(
                f"{function.address} has the role of {owner.address}: each may do what the other has to.",
                place,
                "Make a role for each function, with the rights of its own code.",
            )
        elif function.role is None:
            yield unknown(f"{function.address}: its role is not made in this root module.", place)
        else:
            yield from _rights(function)

    yield from for_each_function(
        faults, lambda function: f"{function.address} has a role of its own, which names what it is for."
    )(facts)


def _rights(function: Function) -> Iterator[Judgement]:
    role = function.role
    if role is None:
        return
    for policy in role.policies:
        if policy.name in BROAD or policy.name.endswith("FullAccess"):
            yield broken(
                f"{function.address} has {policy.name}.",
                policy.place,
                "Allow the actions that its code uses, on the resources that it uses.",
            )
    rights = rights_of(function.root, role)
    wide = [(statement, action) for statement in rights.statements if (action := _too_wide(statement))]
    for statement, action in wide:
        yield broken(
            f"{function.address}: {statement.where} allows {action} on every resource.",
            statement.place,
            "Name the resources by ARN; a condition bounds them, too.",
        )
    if rights.doubt and not wide:
        yield unknown(f"{function.address}: what it may do cannot be told: {rights.doubt}.", role.instance.place)


def _too_wide(statement: Statement) -> str:
    """Return an action that a statement allows on everything though its resource can be named; empty if none."""
    if statement.bounded or "*" not in statement.resources:
        return ""
    return next((shown(each) for each in statement.actions if known(each) and _can_be_named(shown(each))), "")


def _can_be_named(action: str) -> bool:
    service, _, name = action.partition(":")
    if action == "*":
        return True
    stem = name.rstrip("*")
    names = NAMEABLE.get(service.lower(), ())
    return any(each == name or (stem != name and each.startswith(stem)) for each in names)


_EXAMPLE = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "mail" {
  name               = "mail"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "mail" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = ["arn:aws:dynamodb:eu-central-1:111122223333:table/orders"]
  }

  # X-Ray has no narrower resource.
  statement {
    actions   = ["xray:PutTraceSegments"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "mail" {
  role   = aws_iam_role.mail.id
  policy = data.aws_iam_policy_document.mail.json
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = aws_iam_role.mail.arn
}
"""

OPINION = Opinion(
    id="F5",
    title="Each function has a role of its own, with nothing on * where a resource can be named",
    why="With a shared role, or rights on everything, a hole in one function opens what every other one may touch.",
    mend="Make an aws_iam_role for each function, and name the resources in its policy.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('["arn:aws:dynamodb:eu-central-1:111122223333:table/orders"]', '["*"]')},
)
