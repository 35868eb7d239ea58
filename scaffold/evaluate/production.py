"""What names say of production: those of folders, files and resources, and the values of tags and variables."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from scaffold.evaluate.root import Instance, Root

WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("prod", "production", "live", "prd"), True),
    **dict.fromkeys(("dev", "develop", "development", "test", "testing", "tst", "qa", "uat"), False),
    **dict.fromkeys(("staging", "stage", "stg", "sandbox", "sbx", "preview", "demo", "playground"), False),
    **dict.fromkeys(("nonprod", "nonproduction", "preprod", "preproduction"), False),
}
"""What environments are called, and whether one of such a name is production."""

_NEGATED = re.compile(r"\b(non|pre)[-_ ]?(?=prod)", re.IGNORECASE)
_KEY = re.compile(r'\["([^"]*)"\]')

STAGE: Final = ("environment", "env", "stage")
"""What variables, locals and tags are called that name an environment, in lower case."""


def said(texts: set[str]) -> bool | None:
    """Return whether texts say that something is production; None where they say nothing, or both."""
    words = {word for text in texts for word in re.split(r"[^a-z0-9]+", _NEGATED.sub(r"\1", text).lower())}
    found = {WORDS[word] for word in words if word in WORDS}
    return found.pop() if len(found) == 1 else None


def production_of(root: Root, instance: Instance) -> bool | None:
    """Return whether a resource is production's: as its root module says, or else the resource itself.

    One root module may make several environments, with a module or a resource for each.
    """
    if root.production is not None:
        return root.production
    return next((each for each in map(said, _texts(instance)) if each is not None), None)


def _texts(instance: Instance) -> Iterator[set[str]]:
    """Yield what says which environment a resource is of: its keys, its tags, its names; the surest first."""
    tags = instance.get("tags")
    pairs = tags.items() if isinstance(tags, Mapping) else ()
    named = {str(key).lower(): value for key, value in pairs if isinstance(value, str)}
    yield set(_KEY.findall(instance.address))
    yield {value for key, value in named.items() if key in STAGE}
    yield {each for each in (instance.get("name"), named.get("name")) if isinstance(each, str)}
    yield {_KEY.sub("", instance.address)}
