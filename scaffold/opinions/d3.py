"""D3: the execution role of a durable function may keep its checkpoints, and nothing else to its executions."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.durable import CALLBACKS, CHECKPOINT_POLICY, CHECKPOINTS, MANAGEMENT, reach
from scaffold.facts.functions import Function
from scaffold.facts.iam import Role
from scaffold.facts.rights import Rights, rights_of
from scaffold.opinions.durable_functions import for_each_durable_function
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_EVERYTHING = ("AdministratorAccess", "AWSLambda_FullAccess", "PowerUserAccess")
"""AWS's managed policies that allow all of Lambda."""


def _faults(facts: Facts, function: Function) -> Iterator[Judgement]:
    role = function.role
    if role is None:
        place = function.instance.place_of("role")
        yield unknown(f"{function.address}: what its role may do cannot be told, as it is not made here.", place)
        return
    rights = rights_of(function.root, role)
    wide = [each for each in role.policies if each.name in _EVERYTHING]
    if not wide and role.has(CHECKPOINT_POLICY) is not True:
        for action in CHECKPOINTS:
            yield from _missing(function, rights, action)
    for each in wide:
        yield broken(
            f"{role.instance.address} has {each.name}: the code may end executions and answer its own callbacks.",
            each.place,
            "Detach it, and allow what the code does.",
        )
    yield from _too_much(function, role, rights)


def _too_much(function: Function, role: Role, rights: Rights) -> Iterator[Judgement]:
    """Yield what else of durable execution the code may do to its executions, or that nobody can say."""
    mend = f"Allow {' and '.join(CHECKPOINTS)} alone; give callbacks to a function of their own."
    for statement in rights.statements:
        if not {reach(function, each) for each in statement.resources} & {"its", "every"}:
            continue
        allowed = {statement.allows(action): action for action in reversed((*CALLBACKS, *MANAGEMENT))}
        if True in allowed:
            what = f"{role.instance.address} allows the code of {function.address} {allowed[True]}."
            yield broken(what, statement.place, mend)
        elif None in allowed:
            what = f"whether {statement.where} allows the code of {function.address} {allowed[None]} cannot be told."
            yield unknown(f"{role.instance.address}: {what}", statement.place, mend)


def _missing(function: Function, rights: Rights, action: str) -> Iterator[Judgement]:
    """Yield that a function may not use an action on its executions."""
    doubt = rights.doubt
    never = None
    for statement in rights.statements:
        allowed = statement.allows(action)
        on = {reach(function, each) for each in statement.resources}
        if allowed and statement.certain and on & {"its", "every"}:
            return
        if allowed is not False and on & {"its", "every", "unknown"}:
            doubt = doubt or "a statement of its role may"
        elif allowed and "never" in on:
            never = statement
    what = f"{function.address} may not use {action}"
    if never is not None:
        yield broken(
            f"{what}: its role allows that on an ARN that no execution has.",
            never.place,
            "Allow it on the function's ARN with :* behind it; executions belong to versions.",
        )
    elif doubt:
        yield unknown(f"{what} for all that is known here, but {doubt}.", function.instance.place_of("role"))
    else:
        yield broken(f"{what}: no execution gets past its first step.", function.instance.place_of("role"))


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }
}

resource "aws_iam_role" "orders" {
  name = "orders"
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = data.aws_iam_policy_document.orders.json
}

data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"]
    resources = ["arn:aws:lambda:eu-central-1:123456789012:function:orders:*"]
  }
}
"""

OPINION = Opinion(
    id="D3",
    title="The execution role may keep its function's checkpoints, and nothing else of durable execution",
    why="Without the two rights no execution gets past its first step. With more of them the code could approve what "
    "it waits for, or end the executions of others.",
    mend="Allow lambda:CheckpointDurableExecution and lambda:GetDurableExecutionState on the function's ARN with :* "
    "behind it, or attach AWSLambdaBasicDurableExecutionRolePolicy.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html",
    judge=for_each_durable_function(
        _faults, lambda function: f"{function.address} may keep its checkpoints, and nothing else to its executions."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("function:orders:*", "function:orders")},
)
