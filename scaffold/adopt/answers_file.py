"""An answers file with a comment beside each answer that says where it comes from, and one for each gap.

What comes from the repository stands in comments only as printable characters of one line, and in values only as YAML
writes them: nothing in it can begin a line of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from scaffold.adopt.findings import Adoption, Gap, Inferred
from scaffold.answers.document import read_document
from scaffold.answers.model import Answers
from scaffold.answers.project import model_of
from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE

_LONGEST_COMMENT = 300

_HEAD = """\
# Answers that `scaffold adopt` inferred from this repository; beside each stands where it comes from.
# What is not here has its default; `scaffold answers` lists every answer."""
_TOP = ("name", "region", "owner", "cost_center", "environments", "capacity", "arch", "azs")
_SECTIONS = ("network", "eks", "ecs", "lmi", "durable", "functions", "state")


def answers_file(adoption: Adoption) -> str:
    """Return the text of an answers file.

    Raises:
        ScaffoldError: the text would not say what was inferred, which is a mistake in this program.
    """
    origins = {each.path: each for each in adoption.inferred}
    lines = [_HEAD]
    for key in (*_TOP, *_SECTIONS):
        lines += _entry((key,), adoption.data, origins, adoption.gaps)
    if adoption.not_expressible:
        lines += ["", "# What no answer can say:"]
        lines += [
            f"# {comment(f'{thing.place.file}:{thing.place.line} {thing.what}')}" for thing in adoption.not_expressible
        ]
    text = "\n".join(lines) + "\n"
    if read_document(text, ANSWERS_FILE).data != adoption.data:
        raise ScaffoldError(f"the answers cannot be written down as {ANSWERS_FILE}; please report it.")
    return text


def comment(text: str) -> str:
    """Return a text as one line of printable characters, cut off where it is too long."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _LONGEST_COMMENT else f"{line[: _LONGEST_COMMENT - 1]}…"


def _entry(
    path: tuple[str, ...], data: Mapping[str, Any], origins: Mapping[str, Inferred], gaps: Sequence[Gap]
) -> Iterator[str]:
    """Yield the lines of one answer or mapping of answers, and of the gaps in it."""
    indent, key, dotted = "  " * (len(path) - 1), path[-1], ".".join(path)
    value = data.get(key)
    inside = [gap for gap in gaps if gap.path == dotted or (key not in data and gap.path.startswith(f"{dotted}."))]
    for gap in inside:
        need = "; required" if gap.required else ""
        name = gap.path.removeprefix(dotted.removesuffix(key))
        yield f"{indent}# {comment(name)}:  # {comment(gap.reason)}{need}"
    if isinstance(value, Mapping) and dotted not in origins:
        yield f"{indent}{_flow(key)}:{'' if value else ' {}'}"
        for name in _names(path, value, gaps):
            yield from _entry((*path, name), value, origins, gaps)
    elif key in data:
        origin = origins[dotted]
        yield f"{indent}{_flow(key)}: {_flow(value)}  # {comment(f'{_place(origin)} {origin.how}')}"


def _place(origin: Inferred) -> str:
    return origin.place.file if origin.place.file.endswith("/") else f"{origin.place.file}:{origin.place.line}"


def _names(path: tuple[str, ...], value: Mapping[str, Any], gaps: Sequence[Gap]) -> list[str]:
    """Return what a mapping is to mention, answers and gaps, in the order of the model."""
    prefix = ".".join(path) + "."
    gone = [gap.path.removeprefix(prefix).partition(".")[0] for gap in gaps if gap.path.startswith(prefix)]
    names = list(dict.fromkeys([*value, *gone]))
    return names if path == ("environments",) else sorted(names, key=_rank(path))


def _rank(path: tuple[str, ...]) -> Callable[[str], int]:
    """Return a sort key that puts answers in the order of their model."""
    model = model_of(Answers, path[-1]) or Answers
    order = ["production", *_TOP, *model.model_fields]
    return lambda name: order.index(name) if name in order else len(order)


def _flow(value: Any) -> str:
    """Return a value as YAML on one line, in ASCII."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10**9, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()
