"""Which files each answer decides: what changes in a rendering when one answer of one of its two environments does.

`touched.yaml` has what was reviewed; `python -m tests.matrix.touched` prints what is so now.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path

import yaml

from scaffold.answers.model import COMPONENTS
from scaffold.render import render
from tests.matrix.axes import AXES
from tests.matrix.covering import Row
from tests.matrix.space import array, project_of, refusals, settled, values_of, with_levels

REVIEWED = Path(__file__).with_name("touched.yaml")

LEFT_OUT = frozenset(("environment",))
"""Another name or another standing is another environment."""

ASKED = 6
"""In how many couples of the array each value takes the place of another."""

_GATHERED = (
    *(f"functions/{name}/" for name in ("worker", "workflow", "command", "queue", "fan_out")),
    "containers/batch/",
    *(f"modules/{name}/" for name in ("network", *COMPONENTS)),
)
"""Folders that all environments share; which of their files is the module's own affair."""


@cache
def _files(*rows: Row) -> Mapping[str, str]:
    return {file.path: file.text for file in render(project_of(*rows)).files}


def _named(path: str, own: str, another: str) -> str:
    for environment, its in ((own, "<its own>"), (another, "<another>")):
        if path.startswith(f"environments/{environment}/"):
            return path.replace(f"/{environment}/", f"/{its}/", 1)
        if path.startswith(f"k8s/{environment}/"):
            return f"k8s/{its}/"
    return next((folder for folder in _GATHERED if path.startswith(folder)), path)


def changes() -> Iterator[tuple[str, set[str]]]:
    """Yield which files every other value of every answer changes, in some couples of the array for each."""
    couples = [rows for rows in array() if len(rows) == 2]
    for axis, its in enumerate(AXES):
        for value in range(len(its.values)) if its.path not in LEFT_OUT else ():
            pairs = ((one, settled(with_levels(one, [(axis, value)])), other) for one, other in couples)
            allowed = (pair for pair in pairs if pair[0][axis] not in (None, value) and not refusals(*pair[1:]))
            for one, changed, other in islice(allowed, ASKED):
                before, after = _files(one, other), _files(changed, other)
                own, another = (str(values_of(row)["environment"][0]) for row in (one, other))
                paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
                yield its.path, {_named(path, own, another) for path in paths}


@cache
def touched() -> dict[str, list[str]]:
    """Return every answer with all that it was seen to change; `scaffold.yaml`, which holds them, is understood."""
    found: dict[str, set[str]] = {}
    for path, files in changes():
        found.setdefault(path, set()).update(files - {"scaffold.yaml"})
    return {path: sorted(files) for path, files in found.items()}


if __name__ == "__main__":
    sys.stdout.write(yaml.safe_dump(touched(), sort_keys=False, width=120))
