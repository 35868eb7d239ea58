"""D4: who completes the callbacks of a durable function may do that to it, and nothing else."""

from collections.abc import Iterator

from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Symbol
from scaffold.facts import Facts
from scaffold.facts.durable import CALLBACKS, reach
from scaffold.facts.functions import Function
from scaffold.facts.iam import Role, role_of
from scaffold.facts.rights import Statement, rights_of
from scaffold.opinions.durable_functions import durable_functions
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_PREFIX = "lambda:senddurableexecutioncallback"


def _judge(facts: Facts) -> Iterator[Judgement]:
    functions = list(durable_functions(facts))
    own = {function.role.instance.address for function in functions if function.role is not None}
    for root in facts.repository.roots:
        here = [function for function in functions if function.root is root]
        for instance in root.of("aws_iam_role") if here else ():
            # What the function itself may do is D3's.
            if instance.address not in own:
                yield from _of_role(root, instance, here)


def _of_role(root: Root, instance: Instance, functions: list[Function]) -> Iterator[Judgement]:
    role = role_of(root, Symbol(f"{instance.address}.arn", instance.address, "arn"))
    statements = rights_of(root, role).statements if role is not None else ()
    if role is None or not any(_completes(each) for each in statements):
        return
    found = [fault for each in statements for fault in _faults(role, each, functions)]
    yield from found or [kept(f"{instance.address} may complete callbacks, and nothing else.", instance.place)]


def _completes(statement: Statement) -> bool:
    return any(statement.allows(action) for action in CALLBACKS)


def _faults(role: Role, statement: Statement, functions: list[Function]) -> Iterator[Judgement]:
    who = role.instance.address
    reached = {reach(function, resource) for function in functions for resource in statement.resources}
    if _completes(statement):
        if "every" in reached:
            yield broken(
                f"{who} may complete the callbacks of every durable function.",
                statement.place,
                "Name the function's ARN with :* behind it.",
            )
        elif "never" in reached:
            yield broken(
                f"{who} may complete callbacks on an ARN that no execution has.",
                statement.place,
                "Name the function's ARN with :* behind it; executions belong to versions.",
            )
        elif "unknown" in reached:
            yield unknown(f"{who}: of which function it may complete callbacks cannot be told.", statement.place)
    more = [each for each in statement.actions if isinstance(each, str) and _is_more(each)]
    if more and reached & {"its", "every", "never"}:
        yield broken(
            f"{who} completes callbacks and may use {more[0]} on the function besides.",
            statement.place,
            "Give that to a role of its own.",
        )


def _is_more(action: str) -> bool:
    """Return whether an action, or what stands for several, is one of Lambda's beside those that complete callbacks."""
    lower = action.lower()
    return lower == "*" or (lower.startswith("lambda:") and not lower.startswith(_PREFIX))


_EXAMPLE = """\
resource "aws_lambda_function" "orders" {
  function_name = "orders"

  durable_config {
    execution_timeout = 604800
    retention_period  = 14
  }
}

resource "aws_iam_role" "decisions" {
  name = "decisions"
}

resource "aws_iam_role_policy" "decisions" {
  role   = aws_iam_role.decisions.id
  policy = data.aws_iam_policy_document.decisions.json
}

data "aws_iam_policy_document" "decisions" {
  statement {
    actions   = ["lambda:SendDurableExecutionCallbackFailure", "lambda:SendDurableExecutionCallbackSuccess"]
    resources = ["${aws_lambda_function.orders.arn}:*"]
  }
}
"""

OPINION = Opinion(
    id="D4",
    title="Who completes callbacks may do that to the one function, and nothing else",
    why="Whoever completes a callback decides for a person. With a star that is every waiting workflow of the account; "
    "with more rights, an approval could start or end executions too.",
    mend="Allow lambda:SendDurableExecutionCallbackSuccess, Failure and Heartbeat on the function's ARN with :* behind "
    "it, to a role that does nothing else to the function.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html",
    judge=_judge,
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace('"${aws_lambda_function.orders.arn}:*"', '"*"')},
)
