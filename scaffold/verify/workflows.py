"""GitHub workflows as YAML: a broken one is not run, and nothing but a look at GitHub tells.

They are read for their form alone: what GitHub makes of them is not judged.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import yaml

from scaffold.files import File
from scaffold.verify.verdict import Finding

_FOLDER = PurePosixPath(".github/workflows")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MAX_CHARACTERS = 1_048_576
_MAX_DEPTH = 100
"""No workflow is larger or nested deeper; parsing nested text takes time that grows with the square of its depth."""

_MEND = "Mend it there or just above; GitHub runs nothing of a workflow that it cannot read."


def is_workflow(path: str) -> bool:
    """Return whether GitHub takes the file of that path for a workflow."""
    place = PurePosixPath(path)
    return place.parent == _FOLDER and place.suffix in (".yml", ".yaml")


def workflow_findings(files: Iterable[File]) -> Iterator[Finding]:
    """Yield a finding of the rule `syntax` for each workflow among the files that is no YAML."""
    for file in files:
        if is_workflow(file.path) and (problem := _problem(file.text)):
            message, line = problem
            yield Finding("syntax", message, file.path, line, _MEND)


def _problem(text: str) -> tuple[str, int] | None:
    if len(text) > _MAX_CHARACTERS:
        return f"It is longer than {_MAX_CHARACTERS:,} characters, and is not read.", 1
    depth = 0
    try:
        # Events are enough, and need no values made: anchors, tags and several documents are YAML.
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _MAX_DEPTH:
                    line = event.start_mark.line + 1 if event.start_mark else 1
                    return f"It is nested more than {_MAX_DEPTH} deep, and is not read.", line
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return f"This is no YAML: {error.problem or error.context}.", line
    except yaml.YAMLError:
        return "This is no YAML: it holds a character that YAML forbids.", 1
    return None
