"""Types as a provider's schema writes them: what a literal may be, and where a reference leads."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scaffold.hcl import UNKNOWN, Expression, Value

Kind = Any
"""`"string"`, `"number"`, `"bool"`, `"dynamic"`, `["list", Kind]`, `["set", Kind]`, `["map", Kind]`,
`["object", {name: Kind}]`, or `["block", schema]` for what a nested block exports.
"""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or nothing when none is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


MOST_NAMED = 12
"""How many names a mend lists."""


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the mend for a misspelt `name`; where no known name is near, `otherwise`, or else what there is."""
    names = sorted(known)
    if found := nearest(name, names):
        return f"Did you mean `{found}`?"
    if otherwise or not names:
        return otherwise or "Remove it."
    return f"Remove it; there are {', '.join(names[:MOST_NAMED])}{' and more' if len(names) > MOST_NAMED else ''}."


def describe(kind: Kind) -> str:
    """Return a type in words: `a list of string`."""
    if isinstance(kind, str):
        return {"dynamic": "any value"}.get(kind, f"a {kind}")
    if kind[0] in ("object", "block"):
        return "an object"
    return (
        f"a {kind[0]} of {kind[1] if isinstance(kind[1], str) else 'objects' if kind[1][0] == 'object' else kind[1][0]}"
    )


def mismatch(value: Value, kind: Kind) -> str | None:
    """Return why a literal cannot be of the type `kind`, or nothing when it can, as far as it is known."""
    if value is UNKNOWN or value is None or kind == "dynamic":
        return None
    if isinstance(kind, str):
        return None if _fits(value, kind) else f"{describe(kind)} is wanted, and this is {_what(value)}"
    shape, inner = kind
    if shape in ("list", "set"):
        if not isinstance(value, list):
            return f"{describe(kind)} is wanted, and this is {_what(value)}"
        return next((found for found in (mismatch(item, inner) for item in value) if found), None)
    if not isinstance(value, dict):
        return f"{describe(kind)} is wanted, and this is {_what(value)}"
    if shape == "map":
        return next((found for found in (mismatch(item, inner) for item in value.values()) if found), None)
    missing = sorted(inner.keys() - value.keys())
    if missing:
        return f"an object with every one of its keys is wanted, and `{missing[0]}` is missing (null leaves it out)"
    for name, item in value.items():
        if name not in inner:
            return f"`{name}` is not one of the object's keys ({', '.join(sorted(inner))})"
        found = mismatch(item, inner[name])
        if found:
            return f"in `{name}`, {found}"
    return None


def text_for_collection(expression: Expression, kind: Kind) -> bool:
    """Return whether a text with `${}` in it stands where `kind` wants a list, a set or a map."""
    text = expression.text
    if isinstance(kind, str) or expression.value is not UNKNOWN or not (text.startswith('"') and text.endswith('"')):
        return False
    # "${one.reference}" alone keeps the reference's own type.
    return not (text.startswith('"${') and text.endswith('}"') and text.count("${") == 1)


def _fits(value: Value, kind: str) -> bool:
    if isinstance(value, list | dict):
        return False
    if kind == "string":
        return True
    if kind == "bool":
        return isinstance(value, bool) or value in ("true", "false")
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
    return True


def _what(value: Value) -> str:
    if isinstance(value, bool):
        return "a bool"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "a map"


@dataclass(frozen=True, slots=True)
class Break:
    """Where a reference leads nowhere.

    Attributes:
        step: the number of the first bad step, from 0.
        problem: what is wrong with it, as the second half of a sentence about what is before it.
        mend: what to write instead.
    """

    step: int
    problem: str
    mend: str


def broken_path(kind: Kind, parts: tuple[str, ...]) -> Break | None:
    """Follow a reference's steps through a type and return where they break, or nothing when nothing is known to."""
    splat = False
    for step, part in enumerate(parts):
        shape: str
        inner: Any
        shape, inner = (kind, None) if isinstance(kind, str) else kind
        if shape == "dynamic":
            return None
        if part.startswith("["):
            if part == "[*]":
                splat = True
            elif shape == "set":
                return Break(
                    step, f"is a set, which has no index {part}", "Use one(…) for its only item, or tolist(…)[0]."
                )
            if shape not in ("list", "set", "map"):  # after a splat an index may count the splat's own items
                if splat or shape in ("object", "block"):
                    return None
                return Break(step, f"is {describe(kind)} without items", f"Leave out {part}.")
            kind = inner
        elif shape in ("list", "set"):
            mend = (
                f"Take one item, `[0].{part}`, or all, `[*].{part}`." if shape == "list" else f"Take all, `[*].{part}`."
            )
            return Break(step, f"is a {shape} and has no attribute `{part}`", mend)
        elif shape == "map":
            kind = inner
        elif shape in ("object", "block"):
            kind = inner.get(part) if shape == "object" else _exported(inner, part)
            if kind is None:
                names = list(inner) if shape == "object" else [*inner.get("attributes", ()), *inner.get("blocks", ())]
                return Break(step, f"has no attribute `{part}`", did_you_mean(part, names))
        else:
            return Break(step, f"is {describe(shape)} and has no attribute `{part}`", f"Leave out .{part}.")
    return None


def _exported(schema: dict[str, Any], name: str) -> Kind | None:
    attribute = schema.get("attributes", {}).get(name)
    if attribute is not None:
        return attribute[1]
    block = schema.get("blocks", {}).get(name)
    if block is None:
        return None
    return ["block", block] if block["nesting"] == "single" else [block["nesting"], ["block", block]]
