"""From an expression to its value, as far as that can be said without calling anything.

What Terraform would refuse is a symbol that equals nothing, for evaluating goes on. What is unknown is a symbol whose
text is made of its operands' values, so that two expressions that must have the same value have the same symbol.
"""

from collections.abc import Callable, Mapping

from scaffold.evaluate.arguments import MAX_ITEMS, UnknownError, a_key, a_text, a_truth, joined_text, normal
from scaffold.evaluate.choices import either, over_options
from scaffold.evaluate.functions_collections import as_set
from scaffold.evaluate.operators import attribute, binary, index, unary
from scaffold.evaluate.scope import MAX_DEPTH, Scope
from scaffold.evaluate.unknown import Addressed, Either, FailureError, entries, symbol, text_of
from scaffold.evaluate.unknown_collections import call, call_text, many_of, of_each
from scaffold.evaluate.values import Joined, Key, Symbol, Value, may_hold_more
from scaffold.hcl import syntax as hcl
from scaffold.hcl.model import UNKNOWN, Expression
from scaffold.hcl.model import Value as Written

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
    if isinstance(value, tuple | dict) and type(expression) in _MAKERS and work.charge(value) > MAX_ITEMS:
        # Lists of lists grow fast.
        message = "a value of too many items"
        raise FailureError(message)
    return value


def _evaluate_literal(expression: hcl.Literal, scope: Scope) -> Value:
    return normal(expression.value) if isinstance(expression.value, float) else expression.value


def _evaluate_template(expression: hcl.Template, scope: Scope) -> Value:
    parts: list[str | Symbol | Joined] = []
    for part in expression.parts:
        value = part if isinstance(part, str) else _value(part, scope)
        parts.append(value if isinstance(value, Symbol | Joined) else a_text(value))
    return joined_text(parts)


def _evaluate_name(expression: hcl.Name, scope: Scope) -> Value:
    return scope.name(expression.name)


def _evaluate_item(expression: hcl.Item, scope: Scope) -> Value:
    return scope.name(_ITEM)


def _evaluate_attribute(expression: hcl.GetAttribute, scope: Scope) -> Value:
    return attribute(_value(expression.of, scope), expression.name, scope)


def _evaluate_index(expression: hcl.Index, scope: Scope) -> Value:
    return index(_value(expression.of, scope), _value(expression.key, scope), scope)


def _evaluate_splat(expression: hcl.Splat, scope: Scope) -> Value:
    return _splat(_value(expression.of, scope), expression, scope)


def _splat(of: Value, expression: hcl.Splat, scope: Scope) -> Value:
    def each(item: Value) -> Value:
        return _value(expression.each, scope.binding({_ITEM: item}))

    if isinstance(of, Either):
        return over_options(scope, (of,), lambda one: _splat(one, expression, scope))
    if of is None:
        return ()
    if isinstance(of, tuple):
        return tuple(each(item) for item in of)
    if isinstance(of, Symbol):
        return of_each(of, lambda _, item, inner: _value(expression.each, inner.binding({_ITEM: item})), scope)
    return (each(of),)


def _evaluate_for(expression: hcl.For, scope: Scope) -> Value:
    return _for(_value(expression.collection, scope), expression, scope)


def _for(collection: Value, expression: hcl.For, scope: Scope) -> Value:
    if isinstance(collection, Either):
        return over_options(scope, (collection,), lambda one: _for(one, expression, scope))
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
    if not expression.grouped:
        return {a_key(key): value for key, value in pairs}
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(a_key(key), []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _for_unknown(collection: Symbol, expression: hcl.For, scope: Scope) -> Value:
    def make(key: Value, item: Value, inner: Scope) -> Value:
        return _value(expression.value, inner.binding(_loop_names(expression, key, item)))

    def make_of_item(_: Value, item: Value, inner: Scope) -> Value:
        return make(symbol(f"the key of {text_of(item)} in {collection.text}"), item, inner)

    many = many_of(collection, scope)
    mark = Symbol(f"key {scope.depth + 1} of {many.keys}")
    item = many.at(mark)
    inner = scope.binding(_loop_names(expression, mark, item), deeper=True)
    key = _value(expression.key, inner) if expression.key else mark
    holds = _value(expression.condition, inner) if expression.condition else True
    if holds is True and key == item and expression.key is not None and not expression.grouped:
        whole = as_set(collection)
        return of_each(whole, make_of_item, scope, mapping=True) if isinstance(whole, Symbol) else whole
    made = of_each(collection, make, scope, mapping=expression.key is not None)
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
    return unary(expression.operator, _value(expression.operand, scope), scope)


def _evaluate_binary(expression: hcl.Binary, scope: Scope) -> Value:
    return binary(expression.operator, _value(expression.left, scope), _value(expression.right, scope), scope)


def _evaluate_conditional(expression: hcl.Conditional, scope: Scope) -> Value:
    condition = _value(expression.condition, scope)
    if not isinstance(condition, Symbol):
        return _value(expression.then if a_truth(condition) else expression.otherwise, scope)
    branches: list[Value] = []
    results: list[Value] = []
    refused: FailureError | None = None
    for branch in (expression.then, expression.otherwise):
        try:
            value = _value(branch, scope)
        except FailureError as failure:
            scope.work.assumed += 1
            refused = failure
        else:
            branches.append(value)
            results += value.options if isinstance(value, Either) else (value,)
    if refused is not None and not results:
        raise refused
    return either(lambda: f"{condition.text} ? {' : '.join(text_of(each) for each in branches)}", results)


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
            return symbol(f"{call_text(name, arguments)[:-1]}...)")
        arguments = (*arguments[:-1], *last)
    return call(name, arguments, scope)


def _try(name: str, arguments: tuple[hcl.Syntax, ...], scope: Scope) -> Value:
    """Evaluate `try` or `can`; what cannot be known may fail, and then the next argument counts."""
    tried: list[Value] = []
    results: list[Value] = []
    for argument in arguments:
        assumed = scope.work.assumed
        try:
            value = _value(argument, scope)
        except FailureError:
            continue
        tried.append(value)
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
    return either(lambda: f"try({', '.join(text_of(value) for value in tried)})", results)


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


_MAKERS = frozenset({hcl.Tuple, hcl.Object, hcl.For, hcl.Splat, hcl.FunctionCall})
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
