"""Terraform's operators, on values that may be unknown."""

import math
import operator
from collections.abc import Callable, Mapping

from scaffold.evaluate import functions_collections
from scaffold.evaluate.arguments import UnknownError, a_number, a_truth, normal
from scaffold.evaluate.choices import has_choice, over_options
from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Addressed, Either, FailureError, Many, equal, symbol, text_of
from scaffold.evaluate.values import Symbol, Value

_ARITHMETIC: Mapping[str, Callable[..., int | float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
}
_COMPARISONS: Mapping[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def attribute(of: Value, name: str, scope: Scope) -> Value:
    """Return `of.name`.

    Raises:
        FailureError: Terraform would refuse it.
    """
    if isinstance(of, Addressed):
        return of.attribute(name)
    if isinstance(of, Either):
        return over_options(scope, (of,), lambda one: attribute(one, name, scope), lambda: f"{of.text}.{name}")
    if isinstance(of, Symbol):
        return _step(of, f".{name}")
    return index(of, name, scope)


def _step(of: Symbol, step: str) -> Symbol:
    """Return what is inside a symbol; it belongs to the same resource."""
    inner = (of.attribute + step).removeprefix(".") if of.of else ""
    return symbol(of.text + step, of.of, inner)


def index(of: Value, key: Value, scope: Scope) -> Value:
    """Return `of[key]`.

    Raises:
        FailureError: Terraform would refuse it.
    """

    def text() -> str:
        return f"{text_of(of)}{_step_text(key)}"

    if has_choice(of, key):
        return over_options(scope, (of, key), lambda one, at: index(one, at, scope), text)
    if isinstance(of, Many):
        return of.at(key)
    if isinstance(of, Addressed) and isinstance(key, str):
        return of.attribute(key)
    if isinstance(of, Symbol):
        return _step(of, _step_text(key))
    if isinstance(key, Symbol):
        scope.work.charge(of)
    try:
        return functions_collections.index(of, key)
    except UnknownError:
        return symbol(text())


def _step_text(key: Value) -> str:
    return f".{key}" if isinstance(key, str) and key.replace("-", "_").isidentifier() else f"[{text_of(key)}]"


def unary(sign: str, operand: Value, scope: Scope) -> Value:
    """Return `!operand` or `-operand`.

    Raises:
        FailureError: Terraform would refuse it.
    """
    text = f"{sign}{text_of(operand)}"
    if isinstance(operand, Either):
        return over_options(scope, (operand,), lambda one: unary(sign, one, scope), lambda: text)
    try:
        return not a_truth(operand) if sign == "!" else normal(-a_number(operand))
    except UnknownError:
        return symbol(text)


def binary(sign: str, left: Value, right: Value, scope: Scope) -> Value:
    """Return what an operator makes of two values.

    Raises:
        FailureError: Terraform would refuse it.
    """

    def text() -> str:
        return f"({text_of(left)} {sign} {text_of(right)})"

    if has_choice(left, right):
        return over_options(scope, (left, right), lambda one, two: binary(sign, one, two, scope), text)
    scope.work.charge(left, right)
    try:
        if sign in ("==", "!="):
            answer = equal(left, right)
            return symbol(text()) if answer is None else answer is (sign == "==")
        if sign in ("&&", "||"):
            return _logic(sign == "||", left, right)
        one, two = a_number(left), a_number(right)
        if sign in _COMPARISONS:
            return _COMPARISONS[sign](one, two)
        if sign == "/" and isinstance(one, int) and isinstance(two, int) and two and one % two == 0:
            return one // two
        if sign == "%" and isinstance(one, int) and isinstance(two, int) and two:
            return int(math.copysign(abs(one) % abs(two), one)) if abs(one) < 2**53 else normal(one % two)
        return normal(_ARITHMETIC[sign](one, two))
    except UnknownError:
        return symbol(text())
    except (ArithmeticError, KeyError, ValueError) as error:
        raise FailureError(text()) from error


def _logic(decisive: bool, left: Value, right: Value) -> Value:
    """Evaluate `&&` or `||`: one side may decide alone."""
    for side in (left, right):
        if not isinstance(side, Symbol) and a_truth(side) is decisive:
            return decisive
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Symbol):
            return side if not isinstance(other, Symbol) or side == other else _undecided()
    return not decisive


def _undecided() -> Value:
    raise UnknownError
