"""Telling a renamed file from one that is gone and another that is new, as git does: by how alike their lines are."""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

LEAST_SIMILARITY = 0.6
"""How alike two texts are at least for the one to be the other under a new name; git's default is 0.5."""


def similarity(first: Counter[str], second: Counter[str]) -> float:
    """Return how alike two texts are by what `lines_of` counts: 1 for the same lines in any order, 0 for none."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def lines_of(text: str) -> Counter[str]:
    """Return the lines of a text that say something, without their indentation, and how often each is there."""
    return Counter(line for written in text.splitlines() if len(line := written.strip()) > 1)


def renamed(gone: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """Return under which paths the texts of files that are gone are now; each is taken once, the most alike first.

    Args:
        gone: the texts of the files that are gone, by path.
        fresh: the texts of the files that are new, by path; only one in the same folder, or with the same name, can be
            a file that is gone.
    """
    lines = {path: lines_of(text) for path, text in fresh.items()}
    pairs: list[tuple[float, str, str]] = []
    for path, text in gone.items():
        own, place = lines_of(text), PurePosixPath(path)
        for other, found in lines.items():
            if place.parent == PurePosixPath(other).parent or place.name == PurePosixPath(other).name:
                pairs.append((similarity(own, found), path, other))
    result: dict[str, str] = {}
    taken: set[str] = set()
    for alike, path, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if alike >= LEAST_SIMILARITY and path not in result and other not in taken:
            result[path] = other
            taken.add(other)
    return result
