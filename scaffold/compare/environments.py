"""Which environment a root module is: as its folder, its variables' file or its tags name it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from scaffold.evaluate.production import WORDS
from scaffold.evaluate.root import Root

KNOWN = frozenset({*WORDS, "int", "integration"})
"""What environments are called, so that a folder of such a name is taken for one."""

_SHORT: Mapping[str, str] = {
    "develop": "dev",
    "development": "dev",
    "live": "prod",
    "prd": "prod",
    "production": "prod",
    "sbx": "sandbox",
    "stage": "staging",
    "stg": "staging",
    "testing": "test",
    "tst": "test",
}

_AROUND = frozenset({"environments", "environment", "envs", "env", "stages", "accounts"})
"""Folders of which each folder inside is an environment, whatever it is called."""

_LAYERS = frozenset(
    {"vpc", "network", "networking", "eks", "cluster", "lambda", "bootstrap", "global", "shared", "common"}
)


def environment_of(root: Root) -> str:
    """Return the name of a root module's environment in lower case, or an empty text where it is not said."""
    return next(_names(root), "")


def concerns(path: str, names: Collection[str], others: Collection[str]) -> bool:
    """Return whether a file is of an environment of one of these names, or of no single one.

    Args:
        path: the file's path, which names an environment by a folder.
        names: the environment's names.
        others: the names of all environments.
    """
    steps = [step.lower() for step in PurePosixPath(path).parent.parts]
    named = {step for step in steps if step in others} or set(_of_steps(steps))
    return not named or any(same_environment(one, name) for one in named for name in names)


def same_environment(one: str, other: str) -> bool:
    """Return whether two names are of one environment: `prod` and `production` are."""
    return _SHORT.get(one, one) == _SHORT.get(other, other)


def _names(root: Root) -> Iterator[str]:
    if root.variables:
        yield from _word(PurePosixPath(root.variables).name.partition(".")[0])
        yield from _word(PurePosixPath(root.variables).parent.name)
    yield from _of_steps([step.lower() for step in PurePosixPath(root.path).parts])
    for key, value in root.default_tags.items():
        if isinstance(key, str) and key.lower() in ("environment", "env", "stage") and isinstance(value, str):
            yield value.lower()


def _of_steps(steps: Sequence[str]) -> Iterator[str]:
    for around, step in pairwise(steps):
        if around in _AROUND and step not in _LAYERS:
            yield step
    for step in reversed(steps):
        yield from _word(step)


def _word(text: str) -> Iterator[str]:
    if text.lower() in KNOWN:
        yield text.lower()
        return
    found = [word for word in re.split(r"[-_.]", text.lower()) if word in KNOWN]
    if len(found) == 1:
        yield found[0]
