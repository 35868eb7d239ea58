"""Which of the things that are rendered and of those that are there are one, and what each of them has become."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Protocol, TypeVar

from scaffold.compare.difference import AttributeDifference, ResourceDifference, ResourceStatus
from scaffold.evaluate.root import Place
from scaffold.files import File


class Named(Protocol):
    """Something with an address."""

    @property
    def key(self) -> Hashable:
        """What it is known by within its folder or file; two of one key are one thing."""

    @property
    def name(self) -> str:
        """Its address there."""

    @property
    def place(self) -> Place:
        """Where it starts."""


Thing = TypeVar("Thing", bound=Named)

_MOST_MATCHED = 30
"""How many declarations of one thing are matched by what they say; Terraform takes one, and more go by their order."""


def paired(
    prefix: str,
    rendered: Sequence[Thing],
    there: Sequence[Thing],
    differences: Callable[[Thing, Thing], list[AttributeDifference]],
    unreadable: list[str],
) -> Iterator[ResourceDifference]:
    """Compare the things of one name with each other; of a name that is declared twice, those that are alike first."""
    ours, theirs = _grouped(rendered), _grouped(there)
    reason = f"{unreadable[0]} could not be read whole" if unreadable else ""
    for key in {**ours, **theirs}:
        left, right = ours.get(key, []), theirs.get(key, [])
        address = prefix + (left or right)[0].name
        if (len(left), len(right)) != (1, 1) and max(len(left), len(right)) <= _MOST_MATCHED:
            for one in [*left]:
                same = next((other for other in right if not differences(one, other)), None)
                if same is not None:
                    left.remove(one)
                    right.remove(same)
        for one, other in zip(left, right, strict=False):
            attributes = tuple(differences(one, other))
            if attributes:
                certain = any(each.known for each in attributes)
                status = ResourceStatus.CHANGED if certain else ResourceStatus.UNKNOWN
                why = "" if certain else f"{other.place.file} could not be read whole"
                yield ResourceDifference(address, status, other.place, attributes, reason=why)
        for one in left[len(right) :]:
            status = ResourceStatus.UNKNOWN if reason else ResourceStatus.MISSING
            yield ResourceDifference(address, status, one.place, reason=reason)
        for other in right[len(left) :]:
            yield ResourceDifference(address, ResourceStatus.EXTRA, other.place)


def _grouped(things: Sequence[Thing]) -> dict[Hashable, list[Thing]]:
    found: dict[Hashable, list[Thing]] = {}
    for thing in things:
        found.setdefault(thing.key, []).append(thing)
    return found


def apart(rendered: list[File], there: list[File]) -> tuple[list[File], list[File]]:
    """Return the files of both sides without those that have the same text on the other side."""
    common = Counter(file.text for file in rendered) & Counter(file.text for file in there)
    return _without(rendered, common), _without(there, common)


def _without(files: list[File], common: Counter[str]) -> list[File]:
    left = Counter(common)
    kept: list[File] = []
    for file in files:
        if left[file.text] > 0:
            left[file.text] -= 1
        else:
            kept.append(file)
    return kept
