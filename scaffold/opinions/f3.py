"""F3: a function may invoke the functions it has to, and what fails that nobody waits for is kept."""

from collections.abc import Iterator

from scaffold.evaluate.values import Joined, Value
from scaffold.facts.functions import Function
from scaffold.facts.iam import Role
from scaffold.facts.rights import Rights, rights_of
from scaffold.opinions.events import failures_of, lost_events
from scaffold.opinions.functions import for_each_function
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

INVOKING = ("lambda:InvokeFunction", "lambda:InvokeAsync")
"""The actions that invoke a function."""

INVOKERS = ("AdministratorAccess", "AWSLambdaRole", "AWSLambda_FullAccess", "PowerUserAccess")
"""AWS's managed policies that allow them on every function."""

_NAME = "Name the functions it hands work to, by the ARNs of their aliases."


def _faults(function: Function) -> Iterator[Judgement]:
    yield from _invokes(function)
    yield from lost_events(function)
    yield from _destinations(function)


def _invokes(function: Function) -> Iterator[Judgement]:
    """Yield that a function may invoke any function of the account, or that nobody can say."""
    role = function.role
    if role is None:
        if function.instance.get("role") is not None:
            place = function.instance.place_of("role")
            yield unknown(f"{function.address}: what it may invoke cannot be told: its role is not made here.", place)
        return
    rights = rights_of(function.root, role)
    found = [*_by_managed_policies(function, role), *_by_statements(function, rights)]
    yield from found
    if rights.doubt and not found:
        yield unknown(f"{function.address}: what it may invoke cannot be told: {rights.doubt}.", role.instance.place)


def _by_managed_policies(function: Function, role: Role) -> Iterator[Judgement]:
    for policy in role.policies:
        if policy.name in INVOKERS:
            yield broken(f"{function.address} may invoke every function: it has {policy.name}.", policy.place, _NAME)


def _by_statements(function: Function, rights: Rights) -> Iterator[Judgement]:
    for statement in rights.statements:
        if not any(_is_any(each) for each in statement.resources):
            continue
        allowed = {statement.allows(action): action for action in reversed(INVOKING)}
        if True in allowed:
            yield broken(
                f"{function.address} may invoke every function: {statement.where} allows {allowed[True]} on all.",
                statement.place,
                _NAME,
            )
        elif None in allowed:
            yield unknown(
                f"{function.address}: whether {statement.where} allows {allowed[None]} on all cannot be told.",
                statement.place,
                _NAME,
            )


def _is_any(resource: Value) -> bool:
    last = resource.parts[-1] if isinstance(resource, Joined) else resource
    return isinstance(last, str) and (last == "*" or last.endswith((":function:*", ":*:*")))


def _destinations(function: Function) -> Iterator[Judgement]:
    """Yield that a function is set up for asynchronous invocations, and not for those that fail."""
    for config in function.root.of("aws_lambda_function_event_invoke_config"):
        if function.called_by(config.get("function_name")) and next(failures_of(function), None) is None:
            yield broken(
                f"{config.address}: what {function.address} fails at for good is lost.",
                config.place_of("destination_config"),
                "Set destination_config { on_failure { destination } } to an SQS queue.",
            )


_EXAMPLE = """\
data "aws_iam_policy_document" "front" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.worker.arn]
  }
}

resource "aws_iam_role" "front" {
  name               = "front"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "front" {
  role   = aws_iam_role.front.id
  policy = data.aws_iam_policy_document.front.json
}

resource "aws_lambda_function" "front" {
  function_name = "front"
  role          = aws_iam_role.front.arn
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
}

resource "aws_sqs_queue" "dead_letter" {
  name = "worker-dead-letter"
}

resource "aws_lambda_function_event_invoke_config" "worker" {
  function_name = aws_lambda_function.worker.function_name

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead_letter.arn
    }
  }
}
"""

OPINION = Opinion(
    id="F3",
    title="A function may invoke only the functions it names; asynchronous invocations have an on-failure destination",
    why="A front function that may invoke everything makes every function in the account as public as it is. What "
    "fails three times while nobody waits is gone, unless it has somewhere to go.",
    mend="Allow lambda:InvokeFunction on the workers' ARNs, and set destination_config { on_failure } of an "
    "aws_lambda_function_event_invoke_config, or dead_letter_config.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    judge=for_each_function(
        _faults, lambda function: f"{function.address} may invoke what it names, and what it fails at is kept."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("[aws_lambda_function.worker.arn]", '["*"]')},
)
