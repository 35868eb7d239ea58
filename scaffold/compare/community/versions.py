"""Which major versions of a community module a version constraint allows."""

import re
from collections.abc import Sequence

from scaffold.compare.community import Call

_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?\S*\s*\Z")
_REF = re.compile(r"[?&]ref=v?(\d[\w.-]*)")

_Version = tuple[int, int, int]


def majors(call: Call, of: Sequence[int]) -> tuple[int, ...]:
    """Return which of the major versions `of` a call may get: all of them where it says nothing or none of them.

    Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
    """
    constraint = call.version
    if not constraint and (ref := _REF.search(call.source)):
        constraint = ref[1]
    if not constraint:
        return tuple(of)
    clauses = [_bounds(clause) for clause in constraint.split(",")]
    allowed = tuple(each for each in of if all(low < (each + 1, 0, 0) and high > (each, 0, 0) for low, high in clauses))
    return allowed or tuple(of)


_NEVER: _Version = (10**9, 0, 0)


def _bounds(clause: str) -> tuple[_Version, _Version]:
    """Return the least version a clause allows and one that is greater than all it allows."""
    match = _CLAUSE.match(clause)
    if match is None:
        return (0, 0, 0), _NEVER
    given = [int(part) for part in match.groups()[1:] if part is not None]
    major, minor, patch = (*given, 0, 0)[:3]
    version, after = (major, minor, patch), (major, minor, patch + 1)
    match match[1]:
        case ">=" | ">":
            return version, _NEVER
        case "<=":
            return (0, 0, 0), after
        case "<":
            return (0, 0, 0), version
        case "~>":
            bumped: dict[int, _Version] = {1: _NEVER, 2: (major + 1, 0, 0), 3: (major, minor + 1, 0)}
            return version, bumped[len(given)]
        case "!=":
            return (0, 0, 0), _NEVER
    return version, after
