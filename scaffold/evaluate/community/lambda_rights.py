"""terraform-aws-modules/lambda/aws: what a function's role may do, as its inputs say.

The module's own policies (logs, network interfaces, X-Ray, dead letters, destinations) name what they are for, or what
has no narrower name; they are left out.
"""

from collections.abc import Iterator, Mapping

from scaffold.evaluate.community.building import Inputs, both, item
from scaffold.evaluate.references import joined
from scaffold.evaluate.root import Argument, Instance
from scaffold.evaluate.unknown import Encoded
from scaffold.evaluate.values import Symbol, Value

_ATTACHED, _POLICY = "aws_iam_role_policy_attachment", "aws_iam_policy"


def policies_of(inputs: Inputs, role: Instance) -> Iterator[Instance]:
    """Yield the policies that a call adds to its function's role, and what attaches them."""
    made = True if role.certain else None
    yield from _managed(inputs, role, "additional_one", "policy", both(made, inputs.on("attach_policy")))
    yield from _managed(inputs, role, "additional_many", "policies", both(made, inputs.on("attach_policies")))
    yield from _written(inputs, role, "additional_json", "policy_json", both(made, inputs.on("attach_policy_json")))
    yield from _written(inputs, role, "additional_jsons", "policy_jsons", both(made, inputs.on("attach_policy_jsons")))
    sure = both(made, inputs.on("attach_policy_statements"))
    if sure is not False:
        given = inputs.read("policy_statements")
        document = Argument(_document(inputs, given.value), given.place)
        yield from _own(inputs, role, "additional_inline", 0, document, sure)


def _managed(inputs: Inputs, role: Instance, name: str, given: str, sure: bool | None) -> Iterator[Instance]:
    for key, arn in _listed(inputs, given, sure):
        yield _attachment(inputs, role, name, key, arn, sure)


def _written(inputs: Inputs, role: Instance, name: str, given: str, sure: bool | None) -> Iterator[Instance]:
    for key, policy in _listed(inputs, given, sure):
        yield from _own(inputs, role, name, key, policy, sure)


def _own(
    inputs: Inputs, role: Instance, name: str, key: int | Symbol, policy: Argument, sure: bool | None
) -> Iterator[Instance]:
    called = inputs.argument(joined(role.get("name"), f"-{name}"))
    made = inputs.make(_POLICY, name, {"name": called, "policy": policy}, key=key, sure=sure, place=policy.place)
    yield made
    yield _attachment(inputs, role, name, key, Argument(inputs.output(made, "arn"), policy.place), sure)


def _attachment(
    inputs: Inputs, role: Instance, name: str, key: int | Symbol, policy: Argument, sure: bool | None
) -> Instance:
    arguments = {"role": inputs.argument(inputs.output(role, "name")), "policy_arn": policy}
    return inputs.make(_ATTACHED, name, arguments, key=key, sure=sure, place=policy.place)


def _listed(inputs: Inputs, name: str, sure: bool | None) -> Iterator[tuple[int | Symbol, Argument]]:
    """Yield what an input names: one thing, or the first `number_of_<input>` of a list."""
    if sure is False:
        return
    given = inputs.read(name)
    if name in ("policy", "policy_json"):
        yield 0, given
        return
    number = inputs.read(f"number_of_{name}", default=0).value
    if isinstance(given.value, tuple):
        # How many are taken is an input too; where it is not known, all of them may be.
        taken = given.value[: int(number)] if isinstance(number, int | float) else given.value
        for index, each in enumerate(taken):
            yield index, Argument(each, given.place)
    elif number != 0:
        yield Symbol(f"each of {name}"), Argument(Symbol(f"{name} of {inputs.call.address}"), given.place)


def _document(inputs: Inputs, statements: Value) -> Value:
    """Return the policy that is made of `policy_statements`: a map or a list, in the words of Terraform's document."""
    text = f"policy_statements of {inputs.call.address}"
    if isinstance(statements, Mapping):
        statements = tuple(statements.values())
    if not isinstance(statements, tuple):
        return Symbol(text)
    return Encoded(text, data={"Statement": tuple(_statement(each) for each in statements)})


def _statement(given: Value) -> Value:
    if not isinstance(given, Mapping):
        return Symbol("a statement that is not known")
    effect = item(given, "effect")
    return {
        "Effect": "Allow" if effect is None else effect,
        "Action": item(given, "actions"),
        "Resource": item(given, "resources"),
        "Condition": item(given, "condition"),
    }
