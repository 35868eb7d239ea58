"""What can be said of an answer: its value and where that comes from, that it is not known, or that none can say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Place
from scaffold.evaluate.values import Value, known


@dataclass(frozen=True, slots=True)
class Inferred:
    """An answer's value.

    Attributes:
        path: the answer, `network.nat`; with `environments.<name>.` before it where it holds there alone.
        value: its value, as in an answers file.
        place: where it comes from.
        how: what stands there: `module.vpc.single_nat_gateway`.
    """

    path: str
    value: Any
    place: Place
    how: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An answer whose value is not known.

    Attributes:
        path: the answer, as in `Inferred`.
        reason: why, as the end of a sentence: `not found: the team that answers for these resources`.
        required: whether nothing can be rendered without it.
    """

    path: str
    reason: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class NotExpressible:
    """Something of the repository that no answer can say.

    Attributes:
        what: what it is, and what is there instead.
        place: where it is.
    """

    what: str
    place: Place


Finding = Inferred | Gap | NotExpressible


@dataclass(frozen=True, slots=True)
class Adoption:
    """Everything that was inferred of a repository.

    Attributes:
        data: the answers, nested as in an answers file.
        inferred: each answer in `data` with its origin.
        gaps: what is not known.
        not_expressible: what no answer can say.
    """

    data: Mapping[str, Any]
    inferred: tuple[Inferred, ...]
    gaps: tuple[Gap, ...]
    not_expressible: tuple[NotExpressible, ...]


def answer(path: str, argument: Argument | None, kind: type | tuple[type, ...] = str) -> Iterator[Inferred | Gap]:
    """Yield what an argument says of an answer; nothing where the argument is not set.

    Args:
        path: the answer.
        argument: the argument.
        kind: what its value has to be; Terraform takes the text `"60"` for a number and `"true"` for a boolean.
    """
    if argument is None or argument.value is None:
        return
    value = converted(argument.value, kind)
    if isinstance(value, kind) and known(argument.value):
        yield Inferred(path, value, argument.place)
    else:
        yield Gap(
            path, f"{displayed(argument.value)} in {argument.place.file}:{argument.place.line} cannot be evaluated"
        )


def converted(value: Value, kind: type | tuple[type, ...]) -> Any:
    """Return a value as an answers file has it, converted as Terraform converts; what cannot be is left as it is."""
    if kind is int and isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    if kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind is bool and value in ("true", "false"):
        return value == "true"
    if kind is str and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if kind is list and isinstance(value, tuple):
        return list(value)
    return value
