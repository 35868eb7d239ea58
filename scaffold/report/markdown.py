"""What a repository differs in, as Markdown for the comment of a pull request.

What comes from the repository is shown as it is: it makes no formatting, no HTML, no link and no mention.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scaffold.report.documents.diff import DiffDocument
from scaffold.report.documents.verification import OpinionEntry
from scaffold.report.wording import (
    attribute_line,
    kept_ids,
    opinion_counts,
    place_of,
    price_line,
    visible,
    with_lines,
)

LONGEST = 65_536
"""Characters that GitHub takes in a comment."""

_CUT = "\n_… {count} more lines are not shown, since GitHub takes no more than 65,536 characters._\n"
_ROOM = len(_CUT) + 10

_MARKED = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$])")
# A mention of a person, the number of an issue, the beginnings of an address.
_LINKED = re.compile(r"@|\\#(?=\d)|:(?=//)|\b[wW]{3}(?=\\\.)")
_INVISIBLE = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the comment, of which lines may be left out where it gets too long, but neither head nor tail."""

    head: str
    lines: Sequence[str]
    tail: str = ""


def to_markdown(document: DiffDocument) -> str:
    """Return a document as Markdown, shortened to what GitHub takes."""
    return joined(_heading(document), _parts(document))


def joined(heading: str, parts: Iterable[Part]) -> str:
    """Return a comment of a heading and parts, shortened to what GitHub takes."""
    text, left = heading, 0
    for part in parts:
        # What follows a part that is cut is left out too.
        lines = [] if left else _fitting(part, LONGEST - len(text) - _ROOM)
        left += len(part.lines) - len(lines)
        if lines:
            text += part.head + "".join(f"{line}\n" for line in lines) + part.tail
    return text + (_CUT.format(count=left) if left else "")


def _fitting(part: Part, room: int) -> list[str]:
    """Return the first lines of a part, those for which there is room in so many characters."""
    room -= len(part.head) + len(part.tail)
    fitting: list[str] = []
    for line in part.lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    line = visible(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINKED.sub(lambda found: found[0] + _INVISIBLE, _MARKED.sub(r"\\\1", line))


def code(text: str) -> str:
    """Return a text as code within a line."""
    line = visible(" ".join(text.split())) or "-"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{line}{space}{fence}"


def cell_code(text: str) -> str:
    """Return a text as code within a table's cell."""
    return code(text).replace("|", "\\|")  # a table's own sign, in code too


def _heading(document: DiffDocument) -> str:
    files = sum(file.status != "unchanged" for file in document.files)
    word = "differs from" if document.differs else "is"
    return (
        f"### scaffold diff: {code(document.target)} {word} what its answers render\n\n"
        f"{files} of {len(document.files)} files and {len(document.resources)} resources differ. "
        f"Opinions: {opinion_counts(document.opinions)}.\n"
    )


def _parts(document: DiffDocument) -> Iterator[Part]:
    judged = [opinion for status in ("broken", "unknown") for opinion in document.opinions if opinion.status == status]
    head = "\n| | opinion | where | what was found | why and what to do |\n|---|---|---|---|---|\n"
    yield Part(head, [_row(opinion) for opinion in judged])
    yield details(
        "Skipped opinions",
        [
            f"- {escape(each.id)} {code(f'{each.file}:{each.line}')}: {escape(each.message)}"
            for each in document.opinions
            if each.status == "skipped"
        ],
    )
    kept = kept_ids(document.opinions)
    yield Part("\n", [f"Kept: {', '.join(kept)}"] if kept else [])
    yield details("Resources that differ", list(_resources(document)))
    yield details(
        "Files that differ",
        [
            f"- {file.status}: {code(file.path)}{f' ({escape(file.note)})' if file.note else ''}"
            for file in document.files
            if file.status != "unchanged"
        ],
    )
    yield details(
        "Problems",
        [f"- {code(place_of(each.file, each.line))}: {escape(each.message)}" for each in document.problems],
    )


def _row(opinion: OpinionEntry) -> str:
    where = cell_code(f"{opinion.file}:{opinion.line}")
    name = f"[{opinion.id}]({opinion.source})" if opinion.source.startswith("https://") else opinion.id
    advice = " ".join(escape(text) for text in (opinion.why, opinion.mend, price_line(opinion)) if text)
    return f"| {opinion.status} | {name} | {where} | {escape(opinion.message)} | {advice} |"


def _resources(document: DiffDocument) -> Iterator[str]:
    for resource, line in with_lines(document):
        rendered = "" if line else "rendered in "
        place = code(f"{resource.file}:{resource.line}")
        yield f"- {code(resource.address)} {resource.status} ({rendered}{place})"
        yield from (f"  - {code(attribute_line(attribute))}" for attribute in resource.attributes)


def details(title: str, lines: Sequence[str]) -> Part:
    """Return a part that is folded away, with its title and how many items it has."""
    summary = f"{title} ({sum(line.startswith('-') for line in lines)})"
    return Part(f"\n<details><summary>{summary}</summary>\n\n", lines, "\n</details>\n")
