"""From an expression to its value, as far as that can be said without calling anything.

What Terraform would refuse is a symbol that equals nothing, for evaluating goes on. What is unknown is a symbol whose
text is made of its operands' values, so that two expressions that must have the same value have the same symbol.
"""

import itertools
import math
import operator
from collections.abc import Callable, Mapping

from scaffold.compare import functions
from scaffold.compare.arguments import MAX_ITEMS, UnknownError, a_key, a_number, a_text, a_truth, bounded_text, normal
from scaffold.compare.scope import MAX_DEPTH, Scope
from scaffold.compare.unknown import (
    Addressed,
    Either,
    FailureError,
    Many,
    entries,
    equal,
    joined,
    symbol,
    text_of,
)
from scaffold.compare.values import Joined, Key, Symbol, Value, may_hold_more
from scaffold.hcl import syntax as hcl
from scaffold.hcl.model import UNKNOWN, Expression
from scaffold.hcl.model import Value as Written

MAX_OPTIONS = 8
"""How many possible values of an unknown choice are followed."""

_ITEM = "*"
_IMPURE = ("timestamp", "uuid", "bcrypt")


def evaluate(expression: hcl.Syntax, scope: Scope) -> Value:
    """Return the value of an expression; nothing raises."""
    try:
        return _value(expression, scope)
    except FailureError as failure:
        return scope.work.unlike_any(f"refused in {scope.here}: {failure}")
    except RecursionError:
        return scope.work.unlike_any("too deep to evaluate")


def value_of(expression: Expression, scope: Scope) -> Value:
    """Return the value of an argument's expression as it is parsed."""
    literal = expression.value
    if not isinstance(literal, dict | list):
        return evaluate(hcl.syntax(expression.text), scope) if literal is UNKNOWN else _literal(literal)
    try:
        return _literal(literal)
    except UnknownError:
        return evaluate(hcl.syntax(expression.text), scope)


def _literal(value: Written) -> Value:
    if value is UNKNOWN:
        raise UnknownError
    if isinstance(value, list):
        return tuple(_literal(each) for each in value)
    if isinstance(value, dict):
        return {key: _literal(each) for key, each in value.items()}
    return normal(value) if isinstance(value, float) else value


def _value(expression: hcl.Syntax, scope: Scope) -> Value:
    work = scope.work
    work.steps += 1
    if work.exhausted or work.depth > MAX_DEPTH:
        return work.unlike_any("too much to evaluate")
    work.depth += 1
    try:
        value = _EVALUATORS[type(expression)](expression, scope)
    except UnknownError:
        return work.unlike_any(f"unknown in {scope.here}")
    finally:
        work.depth -= 1
    if isinstance(value, tuple | dict):
        _weigh(value, scope)
    return value


def _weigh(value: Value, scope: Scope) -> None:
    """Count the items of a value as work, and refuse one that is too large: lists of lists grow fast."""
    waiting, weight = [value], 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            waiting.extend(each)
            weight += len(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
            weight += len(each)
        if weight > MAX_ITEMS:
            scope.work.steps += weight
            message = "a value of too many items"
            raise FailureError(message)
    scope.work.steps += weight // 8


def _over_options(
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


def _has_choice(*values: Value) -> bool:
    return any(isinstance(value, Either) for value in values)


def _evaluate_literal(expression: hcl.Literal, scope: Scope) -> Value:
    return normal(expression.value) if isinstance(expression.value, float) else expression.value


def _evaluate_template(expression: hcl.Template, scope: Scope) -> Value:
    parts: list[str | Symbol | Joined] = []
    for part in expression.parts:
        value = part if isinstance(part, str) else _value(part, scope)
        parts.append(value if isinstance(value, Symbol | Joined) else a_text(value))
    text = joined(parts)
    return bounded_text(text) if isinstance(text, str) else text


def _evaluate_name(expression: hcl.Name, scope: Scope) -> Value:
    return scope.name(expression.name)


def _evaluate_item(expression: hcl.Item, scope: Scope) -> Value:
    return scope.name(_ITEM)


def _evaluate_attribute(expression: hcl.GetAttribute, scope: Scope) -> Value:
    return attribute(_value(expression.of, scope), expression.name, scope)


def attribute(of: Value, name: str, scope: Scope) -> Value:
    """Return `of.name`.

    Raises:
        FailureError: Terraform would refuse it.
    """
    if isinstance(of, Addressed):
        return of.attribute(name)
    if isinstance(of, Either):
        return _over_options(scope, (of,), lambda one: attribute(one, name, scope), lambda: f"{of.text}.{name}")
    if isinstance(of, Symbol):
        return _step(of, f".{name}")
    return index(of, name, scope)


def _step(of: Symbol, step: str) -> Symbol:
    """Return what is inside a symbol; it belongs to the same resource."""
    inner = (of.attribute + step).removeprefix(".") if of.of else ""
    return symbol(of.text + step, of.of, inner)


def _evaluate_index(expression: hcl.Index, scope: Scope) -> Value:
    return index(_value(expression.of, scope), _value(expression.key, scope), scope)


def index(of: Value, key: Value, scope: Scope) -> Value:
    """Return `of[key]`.

    Raises:
        FailureError: Terraform would refuse it.
    """

    def text() -> str:
        return f"{text_of(of)}{_step_text(key)}"

    if _has_choice(of, key):
        return _over_options(scope, (of, key), lambda one, at: index(one, at, scope), text)
    if isinstance(of, Many):
        return of.at(key)
    if isinstance(of, Addressed) and isinstance(key, str):
        return of.attribute(key)
    if isinstance(of, Symbol):
        return _step(of, _step_text(key))
    try:
        return functions.index(of, key)
    except UnknownError:
        return symbol(text())


def _step_text(key: Value) -> str:
    return f".{key}" if isinstance(key, str) and key.replace("-", "_").isidentifier() else f"[{text_of(key)}]"


def _evaluate_splat(expression: hcl.Splat, scope: Scope) -> Value:
    return _splat(_value(expression.of, scope), expression, scope)


def _splat(of: Value, expression: hcl.Splat, scope: Scope) -> Value:
    def each(item: Value) -> Value:
        return _value(expression.each, scope.binding({_ITEM: item}))

    if isinstance(of, Either):
        return _over_options(scope, (of,), lambda one: _splat(one, expression, scope))
    if of is None:
        return ()
    if isinstance(of, tuple):
        return tuple(each(item) for item in of)
    if isinstance(of, Symbol):
        return _of_each(of, lambda _, item, inner: _value(expression.each, inner.binding({_ITEM: item})), scope)
    return (each(of),)


def many_of(value: Symbol, scope: Scope) -> Many:
    """Return a collection that cannot be evaluated as one that can be iterated."""
    if isinstance(value, Many):
        return value
    return Many(value.text, value.of, value.attribute, keys=value.text, at=lambda key: index(value, key, scope))


def _of_each(
    collection: Symbol, make: Callable[[Value, Value, Scope], Value], scope: Scope, *, mapping: bool = False
) -> Value:
    """Return what is made of each item of a collection that nobody knows the items of."""
    many = many_of(collection, scope)
    inner = scope.binding({}, deeper=True)

    def at(key: Value) -> Value:
        return make(key, many.at(key), inner)

    mark = Symbol(f"key {inner.depth} of {many.keys}")
    one = at(mark)
    base = many.text.strip("{ }").partition("[*]")[0]
    before, _, after = text_of(one).partition(f"[{mark.text}]")
    if isinstance(one, Symbol) and before == base and mark.text not in after:
        # `aws_subnet.private[*].id`, however it is written.
        text = f"{{ {base}[*]{after} }}" if mapping else f"{base}[*]{after}"
    else:
        text = f"{{for {many.text}: {text_of(one)}}}" if mapping else f"[for {many.text}: {text_of(one)}]"
    of, name = (one.of, one.attribute) if isinstance(one, Symbol) else ("", "")
    return Many(symbol(text).text, of, name, keys=many.keys, at=at, count=many.count)


def _evaluate_for(expression: hcl.For, scope: Scope) -> Value:
    return _for(_value(expression.collection, scope), expression, scope)


def _for(collection: Value, expression: hcl.For, scope: Scope) -> Value:
    if isinstance(collection, Either):
        return _over_options(scope, (collection,), lambda one: _for(one, expression, scope))
    if isinstance(collection, Symbol):
        return _for_unknown(collection, expression, scope)
    if isinstance(collection, Addressed) or not isinstance(collection, tuple | Mapping):
        if isinstance(collection, Addressed | Joined):
            raise UnknownError
        message = f"{text_of(collection)} cannot be iterated"
        raise FailureError(message)
    items = entries(collection) if isinstance(collection, Mapping) else list(enumerate(collection))
    sure: list[tuple[Value, Value]] = []
    perhaps: list[tuple[Value, Value]] = []
    conditions: list[str] = []
    for key, item in items:
        inner = scope.binding(_loop_names(expression, key, item))
        holds = _value(expression.condition, inner) if expression.condition else True
        if isinstance(holds, Symbol):
            conditions.append(f"{len(perhaps)} if {holds.text}")
        elif not a_truth(holds):
            continue
        made = (_value(expression.key, inner) if expression.key else None, _value(expression.value, inner))
        perhaps.append(made)
        if not isinstance(holds, Symbol):
            sure.append(made)
    most = _made(perhaps, expression)
    if expression.key is None and isinstance(collection, Mapping) and may_hold_more(collection):
        return symbol(f"[for {text_of(collection)}: {text_of(most)} {conditions}]")
    if not conditions:
        return most
    return either(lambda: f"{text_of(most)} if [{', '.join(conditions)}]", [most, _made(sure, expression)])


def _loop_names(expression: hcl.For, key: Value, item: Value) -> dict[str, Value]:
    names = {expression.value_name: item}
    return {expression.key_name: key, **names} if expression.key_name else names


def _made(pairs: list[tuple[Value, Value]], expression: hcl.For) -> Value:
    if expression.key is None:
        return tuple(value for _, value in pairs)
    result: dict[Key, Value] = {}
    for key, value in pairs:
        name = a_key(key)
        if expression.grouped:
            before = result.get(name, ())
            result[name] = (*before, value) if isinstance(before, tuple) else (value,)
        else:
            result[name] = value
    return result


def _for_unknown(collection: Symbol, expression: hcl.For, scope: Scope) -> Value:
    def make(key: Value, item: Value, inner: Scope) -> Value:
        return _value(expression.value, inner.binding(_loop_names(expression, key, item)))

    many = many_of(collection, scope)
    mark = Symbol(f"key {scope.depth + 1} of {many.keys}")
    inner = scope.binding(_loop_names(expression, mark, many.at(mark)), deeper=True)
    made = _of_each(collection, make, scope, mapping=expression.key is not None)
    key = _value(expression.key, inner) if expression.key else mark
    holds = _value(expression.condition, inner) if expression.condition else True
    if holds is True and key == mark and not expression.grouped:
        return made
    # Keys of its own: some of the collection's, or others.
    text = symbol(f"{text_of(made)} by {text_of(key)} if {text_of(holds)}").text
    return Symbol(text, made.of, made.attribute) if isinstance(made, Symbol) else symbol(text)


def _evaluate_tuple(expression: hcl.Tuple, scope: Scope) -> Value:
    return tuple(_value(item, scope) for item in expression.items)


def _evaluate_object(expression: hcl.Object, scope: Scope) -> Value:
    result: dict[Key, Value] = {}
    for item in expression.items:
        result[a_key(_value(item.key, scope))] = _value(item.value, scope)
    return result


def _evaluate_unary(expression: hcl.Unary, scope: Scope) -> Value:
    return _unary(expression.operator, _value(expression.operand, scope), scope)


def _unary(sign: str, operand: Value, scope: Scope) -> Value:
    text = f"{sign}{text_of(operand)}"
    if isinstance(operand, Either):
        return _over_options(scope, (operand,), lambda one: _unary(sign, one, scope), lambda: text)
    try:
        return not a_truth(operand) if sign == "!" else normal(-a_number(operand))
    except UnknownError:
        return symbol(text)


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


def _evaluate_binary(expression: hcl.Binary, scope: Scope) -> Value:
    return _binary(expression.operator, _value(expression.left, scope), _value(expression.right, scope), scope)


def _binary(sign: str, left: Value, right: Value, scope: Scope) -> Value:
    def text() -> str:
        return f"({text_of(left)} {sign} {text_of(right)})"

    if _has_choice(left, right):
        return _over_options(scope, (left, right), lambda one, two: _binary(sign, one, two, scope), text)
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


def _evaluate_conditional(expression: hcl.Conditional, scope: Scope) -> Value:
    condition = _value(expression.condition, scope)
    if not isinstance(condition, Symbol):
        return _value(expression.then if a_truth(condition) else expression.otherwise, scope)
    results: list[Value] = []
    refused: FailureError | None = None
    for branch in (expression.then, expression.otherwise):
        try:
            value = _value(branch, scope)
        except FailureError as failure:
            scope.work.assumed += 1
            refused = failure
        else:
            results += value.options if isinstance(value, Either) else (value,)
    if refused is not None and not results:
        raise refused
    return either(lambda: f"{condition.text} ? {' : '.join(text_of(each) for each in results)}", results)


def _evaluate_call(expression: hcl.FunctionCall, scope: Scope) -> Value:
    name = expression.name.removeprefix("core::")
    if name in ("try", "can"):
        return _try(name, expression.arguments, scope)
    if name in _IMPURE:
        return scope.work.unlike_any(f"{name}() in {scope.here}")
    arguments = tuple(_value(argument, scope) for argument in expression.arguments)
    if expression.spread:
        last = arguments[-1]
        if not isinstance(last, tuple):
            return symbol(f"{_call_text(name, arguments)[:-1]}...)")
        arguments = (*arguments[:-1], *last)
    return _call(name, arguments, scope)


def _call_text(name: str, arguments: tuple[Value, ...]) -> str:
    return f"{name}({', '.join(text_of(argument) for argument in arguments)})"


def _call(name: str, arguments: tuple[Value, ...], scope: Scope) -> Value:
    def text() -> str:
        return _call_text(name, arguments)

    if _has_choice(*arguments):
        return _over_options(scope, arguments, lambda *given: _call(name, given, scope), text)
    special = _UNKNOWN_LISTS.get(name)
    if special is not None and arguments and isinstance(arguments[0], Symbol):
        value = special(scope, *arguments) if special.__code__.co_argcount == len(arguments) + 1 else None
        if value is not None:
            return value
    try:
        return functions.call(name, arguments)
    except UnknownError:
        return symbol(text())


def _slice_of_unknown(scope: Scope, items: Value, start: Value, end: Value) -> Value:
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= start + MAX_ITEMS:
        return None
    # There are that many for sure: Terraform would refuse anything else.
    return tuple(index(items, place, scope) for place in range(start, end))


def _element_of_unknown(scope: Scope, items: Value, place: Value) -> Value:
    if isinstance(place, int) and 0 <= place < (_zones_of(items) or 1):
        return index(items, place, scope)
    return None


def _zones_of(items: Value) -> int:
    """Return how many items a list has at least, where it is one of availability zones.

    A region has three or more: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    text = text_of(items)
    return 3 if "data.aws_availability_zones." in text and text.rstrip(")").endswith((".names", ".zone_ids")) else 0


def _length_of_unknown(scope: Scope, items: Value) -> Value:
    return (items.count or symbol(f"length({items.keys})")) if isinstance(items, Many) else None


def _values_of_unknown(scope: Scope, items: Value) -> Value:
    if not isinstance(items, Many):
        return None
    text = f"values({items.text})"
    if items.of and not items.attribute:
        text = items.text  # a resource's instances: what is made of each is the same for the map as for its values
    elif items.text.startswith("{") and items.text.endswith("}"):
        inner = items.text.strip("{ }")
        text = f"[{inner}]" if inner.startswith("for ") else inner
    return Many(text, items.of, items.attribute, items.keys, items.at, items.count)


_UNKNOWN_LISTS: Mapping[str, Callable[..., Value]] = {
    "element": _element_of_unknown,
    "length": _length_of_unknown,
    "slice": _slice_of_unknown,
    "values": _values_of_unknown,
}


def _try(name: str, arguments: tuple[hcl.Syntax, ...], scope: Scope) -> Value:
    """Evaluate `try` or `can`; what cannot be known may fail, and then the next argument counts."""
    results: list[Value] = []
    for argument in arguments:
        assumed = scope.work.assumed
        try:
            value = _value(argument, scope)
        except FailureError:
            continue
        results += value.options if isinstance(value, Either) else (value,)
        if scope.work.assumed == assumed and not _may_fail(argument, value):
            break
    else:
        if name == "can" and not results:
            return False
        if not results:
            message = "no argument of try is accepted"
            raise FailureError(message)
        if name == "can":
            return symbol(f"can({text_of(results[0])})")
    if name == "can":
        return True
    return either(lambda: f"try({', '.join(text_of(result) for result in results)})", results)


def _may_fail(expression: hcl.Syntax, value: Value) -> bool:
    """Return whether an expression that gives a symbol may fail in Terraform: resources' attributes do not."""
    if not isinstance(value, Symbol) or (value.of and "[" not in value.attribute):
        return False
    return not isinstance(expression, hcl.GetAttribute) or not isinstance(expression.of, hcl.Name)


def _evaluate_opaque(expression: hcl.Opaque, scope: Scope) -> Value:
    if any(f"{name}(" in expression.text.replace(" ", "") for name in _IMPURE):
        return scope.work.unlike_any(f"{expression.text} in {scope.here}")
    bound = ", ".join(f"{name} = {text_of(value)}" for name, value in sorted(scope.bound.items()))
    return symbol(f"{expression.text} in {scope.here}{f' with {bound}' if bound else ''}")


_EVALUATORS: Mapping[type, Callable[..., Value]] = {
    hcl.Literal: _evaluate_literal,
    hcl.Template: _evaluate_template,
    hcl.Name: _evaluate_name,
    hcl.GetAttribute: _evaluate_attribute,
    hcl.Index: _evaluate_index,
    hcl.Item: _evaluate_item,
    hcl.Splat: _evaluate_splat,
    hcl.FunctionCall: _evaluate_call,
    hcl.Unary: _evaluate_unary,
    hcl.Binary: _evaluate_binary,
    hcl.Conditional: _evaluate_conditional,
    hcl.Tuple: _evaluate_tuple,
    hcl.Object: _evaluate_object,
    hcl.For: _evaluate_for,
    hcl.Opaque: _evaluate_opaque,
}
