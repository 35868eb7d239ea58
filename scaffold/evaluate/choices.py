"""Values that are one of several, since a condition nobody knows chooses between them."""

import itertools
import math
from collections.abc import Callable

from scaffold.evaluate.scope import Scope
from scaffold.evaluate.unknown import Either, FailureError, equal, symbol, text_of
from scaffold.evaluate.values import Value

MAX_OPTIONS = 8
"""How many possible values of an unknown choice are followed."""


def over_options(
    scope: Scope, values: tuple[Value, ...], apply: Callable[..., Value], text: Callable[[], str] | None = None
) -> Value:
    """Apply a function for every combination of what unknown choices may be.

    A combination that Terraform would refuse is left out: a plan that succeeds did not have it. Without a text for what
    comes of it, one is made of the choices and their outcomes.
    """
    choices = [value.options if isinstance(value, Either) else (value,) for value in values]
    if math.prod(len(each) for each in choices) > MAX_OPTIONS:
        return symbol(text()) if text else scope.work.unlike_any(f"too many choices in {scope.here}")
    results: list[Value] = []
    outcomes: list[Value] = []
    refused: FailureError | None = None
    for combination in itertools.product(*choices):
        try:
            result = apply(*combination)
        except FailureError as failure:
            scope.work.assumed += 1
            refused = failure
            outcomes.append("refused")
            continue
        outcomes.append(result)
        results += result.options if isinstance(result, Either) else (result,)
    if refused is not None and not results:
        raise refused
    return either(text or (lambda: f"{text_of(values)} gives {text_of(tuple(outcomes))}"), results)


def either(text: Callable[[], str], results: list[Value]) -> Value:
    """Return the value that is one of several: that value where all are the same."""
    options: list[Value] = []
    for result in results:
        if not any(equal(result, option) for option in options):
            options.append(result)
    if len(options) == 1:
        return options[0]
    whole = symbol(text())
    return whole if len(options) > MAX_OPTIONS else Either(whole.text, options=tuple(options))


def has_choice(*values: Value) -> bool:
    """Return whether any of some values is one of several."""
    return any(isinstance(value, Either) for value in values)
