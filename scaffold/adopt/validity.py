"""Which of the inferred answers their own rules accept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scaffold.adopt.findings import Gap, Inferred
from scaffold.answers.project import examine
from scaffold.answers.sources import Source, merge
from scaffold.files import ANSWERS_FILE

REQUIRED = {
    "region": "the AWS region",
    "owner": "the team that answers for these resources; the Owner tag",
    "cost_center": "who pays; the CostCenter tag",
}
"""The answers nothing is rendered without, besides the name."""

CAP = "lmi.max_vcpu_count"
"""The answer that Lambda Managed Instances are not rendered without."""


def nested(inferred: Sequence[Inferred], environments: Sequence[str]) -> dict[str, Any]:
    """Return inferred answers nested as in an answers file, with every environment, be it empty."""
    data: dict[str, Any] = {"environments": {name: {} for name in environments}} if environments else {}
    for each in inferred:
        *steps, last = each.path.split(".")
        inner = data
        for step in steps:
            inner = inner.setdefault(step, {})
        inner[last] = each.value
    return data


def valid(inferred: Sequence[Inferred], environments: Sequence[str]) -> tuple[Sequence[Inferred], list[Gap]]:
    """Return what the answers' rules accept, and as gaps what they refuse.

    Args:
        inferred: the answers.
        environments: the names of all environments.
    """
    refused: list[Gap] = []
    for _ in range(len(inferred) + 1):
        _, problems = examine(merge([Source(nested(inferred, environments), ANSWERS_FILE)]))
        errors = {each.path: each for each in problems if each.level == "error" and each.rule != "required"}
        bad = [each for each in inferred if any(_covers(each.path, path) for path in errors)]
        for each in bad:
            problem = next(problem for path, problem in errors.items() if _covers(each.path, path))
            reason = f"what {each.place.file}:{each.place.line} says is refused: {problem.message} {problem.mend}"
            refused.append(Gap(each.path, reason, _is_required(each.path)))
        inferred = [each for each in inferred if each not in bad]
        if not bad:
            # Without what was refused, the rest may be refused too.
            refused = [replace(gap, required=gap.required or gap.path in errors) for gap in refused]
            refused += [
                Gap(path, f"{each.message} {each.mend}", required=True)
                for path, each in errors.items()
                if path not in {gap.path for gap in refused}
            ]
            break
    return inferred, refused


def _covers(path: str, problem: str) -> bool:
    # A problem may be with a member of a list, or with an answer's value in one environment.
    return problem == path or problem.startswith((f"{path}.", f"{path}["))


def _is_required(path: str) -> bool:
    last = path.rpartition(".")[2]
    return last in REQUIRED or path.endswith(CAP) or path == "name"
