"""Which functions, HTTP APIs and state machines a root module has, for `reading`."""

from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.cost.inventory import Unpriced
from scaffold.evaluate.root import Instance, Root
from scaffold.evaluate.values import Value
from scaffold.facts import Facts
from scaffold.facts.functions import DURABLE, Function, may_be_durable

COUNTED = ("aws_lambda_function", "aws_apigatewayv2_api", "aws_sfn_state_machine")
"""The types of resource that are counted here."""


@dataclass(frozen=True, slots=True)
class FunctionCounts:
    """What of functions an `Inventory` holds, field by field, and what could not be told."""

    functions: tuple[str, ...]
    durable_functions: int
    http_apis: int
    state_machines: int
    unpriced: tuple[Unpriced, ...]


def functions_in(facts: Facts, root: Root) -> FunctionCounts:
    """Return what a root module has of these, each thing that is there for sure.

    What stands for a number that nobody knows is not said here: `reading` says so of every type that is counted.
    """
    unpriced: list[Unpriced] = []
    standard = [each for each in facts.functions if each.root is root and _is_one(each.instance)]
    managed = [each for each in facts.managed_functions if each.root is root and _is_one(each.instance)]
    for each in managed:
        if not each.sure:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated whether it runs on Managed Instances"))
    return FunctionCounts(
        functions=tuple(sorted(_architectures(standard, unpriced))),
        durable_functions=sum(1 for each in (*standard, *managed) if _is_durable(each, unpriced)),
        http_apis=_of_kind(root, "aws_apigatewayv2_api", "protocol_type", None, "HTTP", unpriced),
        state_machines=_of_kind(root, "aws_sfn_state_machine", "type", "STANDARD", "STANDARD", unpriced),
        unpriced=tuple(unpriced),
    )


def _is_one(instance: Instance) -> bool:
    return instance.certain and not instance.many


def _architectures(functions: list[Function], unpriced: list[Unpriced]) -> Iterator[str]:
    for each in functions:
        given = each.architectures
        arch = next((arch for arch in ("arm64", "x86_64") if given == (arch,)), None)
        if arch is not None:
            yield arch
        else:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated which architecture it has"))


def _is_durable(function: Function, unpriced: list[Unpriced]) -> bool:
    if not may_be_durable(function.instance):
        return False
    if DURABLE in function.instance.body.open:
        unpriced.append(Unpriced(function.address, "it cannot be evaluated whether it is durable"))
        return False
    return True


def _of_kind(root: Root, resource: str, argument: str, otherwise: Value, wanted: str, unpriced: list[Unpriced]) -> int:
    """Return how many resources are of the kind that is priced; the others are among what is not.

    Args:
        root: the root module.
        resource: their type.
        argument: what says of which kind one is.
        otherwise: the kind where nothing says.
        wanted: the kind that is priced.
        unpriced: where to put the others.
    """
    count = 0
    for each in root.of(resource):
        if not _is_one(each):
            continue
        given = each.get(argument)
        kind = otherwise if given is None else given
        if kind == wanted:
            count += 1
        elif isinstance(kind, str):
            unpriced.append(Unpriced(each.address, f"{resource} of the kind {kind} is not priced here"))
        else:
            unpriced.append(Unpriced(each.address, "it cannot be evaluated of which kind it is"))
    return count
