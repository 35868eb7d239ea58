"""Which major versions of a community module a version constraint allows."""

import re
from collections.abc import Sequence

from scaffold.evaluate.community import Call
from scaffold.evaluate.constraints import bounds_of_clause

_REF = re.compile(r"[?&]ref=v?(\d[\w.-]*)")


def majors(call: Call, of: Sequence[int]) -> tuple[int, ...]:
    """Return which of the major versions `of` a call may get: all of them where it says nothing or none of them.

    Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
    """
    constraint = call.version
    if not constraint and (ref := _REF.search(call.source)):
        constraint = ref[1]
    if not constraint:
        return tuple(of)
    clauses = [bounds_of_clause(clause) for clause in constraint.split(",")]
    allowed = tuple(each for each in of if all(low < (each + 1, 0, 0) and high > (each, 0, 0) for low, high in clauses))
    return allowed or tuple(of)
