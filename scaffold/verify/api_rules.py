"""The AWS APIs' own rules for values, which the Terraform provider mostly leaves for the apply to find."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict

from scaffold.hcl import UNKNOWN, Value


class Rule(TypedDict, total=False):
    """What one value must keep; the keys that apply are there.

    Attributes:
        enum: the texts it may be.
        numbers: the numbers it may be.
        range: the least and the greatest number; null for no limit.
        length: the least and the greatest number of characters; null for no limit.
        pattern: a regular expression that all of it matches.
        items: the least and the greatest number of items of a list; null for no limit.
        each: the rule for each item of a list.
    """

    enum: list[str]
    numbers: list[int]
    range: tuple[float | None, float | None]
    length: tuple[int | None, int | None]
    pattern: str
    items: tuple[int | None, int | None]
    each: "Rule"


def rules_for(resource_type: str) -> dict[str, Rule]:
    """Return the rules of a resource type, by the argument's path with dots (`vpc_config.subnet_ids`)."""
    return _load().get(resource_type, {})


@cache
def _load() -> dict[str, dict[str, Rule]]:
    text = files("scaffold").joinpath("data", "aws_api_rules.json").read_text(encoding="utf-8")
    rules: dict[str, dict[str, Rule]] = json.loads(text)["rules"]
    return rules


def violation(rule: Rule, value: Value) -> str | None:
    """Return how `value` breaks `rule`, as the second half of a sentence, or nothing when it keeps it."""
    if value is UNKNOWN or value is None:
        return None
    if isinstance(value, list):
        return _list_violation(rule, value)
    if isinstance(value, dict):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "numbers" in rule and value not in rule["numbers"]:
            return f"{value:g} is none of {', '.join(map(str, rule['numbers']))}"
        return _outside(rule.get("range"), value, "it is", "")
    if isinstance(value, bool):
        return None
    return _text_violation(rule, value)


def _list_violation(rule: Rule, items: list[Value]) -> str | None:
    counted = _outside(rule.get("items"), len(items), "it has", " items")
    if counted is not None or "each" not in rule:
        return counted
    return next((found for found in (violation(rule["each"], item) for item in items) if found), None)


def _text_violation(rule: Rule, text: str) -> str | None:
    if "enum" in rule and text not in rule["enum"]:
        return f"`{text}` is none of {', '.join(rule['enum'])}"
    if "range" in rule:
        try:
            return _outside(rule["range"], float(text), "it is", "")
        except ValueError:
            return None
    measured = _outside(rule.get("length"), len(text), "it has", " characters")
    if measured is not None:
        return measured
    if "pattern" in rule and not re.fullmatch(rule["pattern"], text):
        return f"`{text}` does not match {rule['pattern']}"
    return None


def _outside(limits: Any, number: float, verb: str, unit: str) -> str | None:
    if not limits:
        return None
    least, greatest = limits
    if least is not None and number < least:
        return f"{verb} {number:g}{unit}, fewer than {least:g}" if unit else f"{verb} {number:g}, less than {least:g}"
    if greatest is not None and number > greatest:
        return f"{verb} {number:g}{unit}, more than {greatest:g}"
    return None
