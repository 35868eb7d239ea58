"""Terraform's version constraints: the least version that one allows, and one greater than all it allows.

Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

import re
from typing import TypeAlias

_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?\S*\s*\Z")

Version: TypeAlias = tuple[int, int, int]

NEVER: Version = (10**9, 0, 0)
"""Greater than any version: what a constraint without an upper bound ends with."""


def bounds(constraint: str) -> tuple[Version, Version]:
    """Return the least version a constraint allows, and one that is greater than all it allows."""
    clauses = [bounds_of_clause(clause) for clause in constraint.split(",")]
    return max(low for low, _ in clauses), min(high for _, high in clauses)


def names_minor(constraint: str) -> bool:
    """Return whether a clause that bounds a constraint below names a minor version."""
    matches = (_CLAUSE.match(clause) for clause in constraint.split(","))
    return any(match and match[3] is not None and match[1] not in ("<", "<=", "!=") for match in matches)


def bounds_of_clause(clause: str) -> tuple[Version, Version]:
    """Return the same for one clause, `~> 6.24`; what is no clause allows everything."""
    match = _CLAUSE.match(clause)
    if match is None:
        return (0, 0, 0), NEVER
    given = [int(part) for part in match.groups()[1:] if part is not None]
    major, minor, patch = (*given, 0, 0)[:3]
    version, after = (major, minor, patch), (major, minor, patch + 1)
    match match[1]:
        case ">=" | ">":
            return version, NEVER
        case "<=":
            return (0, 0, 0), after
        case "<":
            return (0, 0, 0), version
        case "~>":
            bumped: dict[int, Version] = {1: NEVER, 2: (major + 1, 0, 0), 3: (major, minor + 1, 0)}
            return version, bumped[len(given)]
        case "!=":
            return (0, 0, 0), NEVER
    return version, after
