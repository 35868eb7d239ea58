"""L1: Lambda has one role to start instances with, and the code has another."""

from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.managed_instances import CapacityProvider
from scaffold.opinions.judging import broken, unknown
from scaffold.opinions.managed_instances import for_each_provider
from scaffold.opinions.opinion import Judgement, Opinion

OPERATOR_POLICY = "AWSLambdaManagedEC2ResourceOperator"
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-operator-role.html."""

_LAMBDA = "lambda.amazonaws.com"
_BOUND = "aws:SourceAccount"


def _faults(facts: Facts, provider: CapacityProvider) -> Iterator[Judgement]:
    yield from _operator(provider)
    for function in facts.managed_functions:
        if function.root is provider.root and function.provider is provider.instance:
            place, role = function.instance.place_of("role"), function.instance.get("role")
            if role is not None and role == provider.operator_arn:
                yield broken(
                    f"{function.address} runs with the role that Lambda starts the instances of {provider.address} "
                    "with.",
                    place,
                    "Give the function an execution role of its own, with the rights of its code only.",
                )


def _operator(provider: CapacityProvider) -> Iterator[Judgement]:
    role = provider.operator
    if role is None:
        place = provider.instance.place_of("permissions_config", "capacity_provider_operator_role_arn")
        yield unknown(f"{provider.address}: its operator role is not made in this root module.", place)
        return
    address, trust = role.instance.address, role.instance.place_of("assume_role_policy")
    trusts = role.trusts(_LAMBDA, "sts:AssumeRole")
    if trusts is None:
        yield unknown(f"{address}: whether Lambda may assume it cannot be told.", trust)
    elif not trusts:
        yield broken(f"{address} does not let {_LAMBDA} use sts:AssumeRole.", trust, f"Trust {_LAMBDA} with it.")
    elif role.unbounded(_LAMBDA, _BOUND):
        yield broken(
            f"{address} lets Lambda in without a condition on {_BOUND}, for whichever account asks.",
            trust,
            f"Add a condition StringEquals {_BOUND} with the account's ID to the trust policy.",
        )
    has = role.has(OPERATOR_POLICY)
    if has is None:
        reason = role.more or role.unread or "its attachment may be there or not"
        yield unknown(f"{address}: nobody can say whether it has {OPERATOR_POLICY}: {reason}.", role.instance.place)
    elif not has:
        yield broken(f"{address} lacks {OPERATOR_POLICY}.", role.instance.place, f"Attach {OPERATOR_POLICY}.")


_EXAMPLE = """\
data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "operator_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "operator" {
  name               = "orders-operator"
  assume_role_policy = data.aws_iam_policy_document.operator_trust.json
}

resource "aws_iam_role_policy_attachment" "operator" {
  role       = aws_iam_role.operator.name
  policy_arn = "arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"
}

resource "aws_lambda_capacity_provider" "orders" {
  name = "orders"

  permissions_config {
    capacity_provider_operator_role_arn = aws_iam_role.operator.arn
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.execution.arn

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.orders.arn
    }
  }
}
"""

OPINION = Opinion(
    id="L1",
    title="Two roles: one for Lambda to start instances with, another for the code",
    why="The operator role may start and end instances in the account. Code that holds it may, too; and without a "
    "condition on aws:SourceAccount, Lambda may be talked into using it for somebody else.",
    mend="Make an operator role (trust lambda.amazonaws.com with a condition on aws:SourceAccount; policy "
    "AWSLambdaManagedEC2ResourceOperator) and an execution role with the code's own rights.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-operator-role.html",
    judge=for_each_provider(
        _faults, lambda provider: f"{provider.address}: Lambda has an operator role, and no code runs with it."
    ),
    good={"main.tf": _EXAMPLE},
    bad={"main.tf": _EXAMPLE.replace("aws_iam_role.execution.arn", "aws_iam_role.operator.arn")},
)
