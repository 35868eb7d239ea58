"""What a repository differs in, as text for a person.

Lines of files go out as they are but for control characters, which a terminal might obey. The rest is appended to a
`Text`, never put into Rich's markup.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from itertools import groupby

from rich.console import Console
from rich.text import Text

from scaffold.compare.files import FileComparison, FileStatus, plain_lines
from scaffold.report.documents.diff import DiffAllDocument, DiffDocument, FileComparisonEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry
from scaffold.report.wording import (
    OPINIONS_IN_ORDER,
    attribute_line,
    kept_ids,
    opinion_counts,
    place_of,
    price_line,
    shown,
    visible,
    with_lines,
)

MOST_LINES = 3_000
"""How many lines of a file may differ to be shown; what compares them takes time by their square."""

STYLES = {"broken": "red", "unknown": "yellow", "skipped": "dim", "kept": "green"}

_COLOURS = {"-": "31", "+": "32", "@": "36"}


def show_diff(console: Console, document: DiffDocument, files: Sequence[FileComparison], stat: bool) -> None:
    """Print what a repository differs in.

    Args:
        console: where to.
        document: what was found.
        files: the document's files, with their texts.
        stat: whether to print only which files differ, and how many resources and opinions.
    """
    # Of a repository that scaffold did not write, next to every file is on one side alone.
    one_sided = () if stat or document.compared_by == "address" else (FileStatus.MISSING, FileStatus.EXTRA)
    _show_files(console, [file for file in document.files if file.status not in one_sided])
    if not stat:
        for file in files:
            _show_lines(console, file)
        _show_resources(console, document)
        _show_opinions(console, document.opinions)
    _show_problems(console, document.problems)
    _print(console, f"Files: {_counts(file.status for file in document.files) or 'none'}")
    _print(console, f"Resources: {_counts(each.status for each in document.resources) or 'no difference'}")
    _print(console, f"Opinions: {opinion_counts(document.opinions)}")


def show_diff_all(console: Console, document: DiffAllDocument) -> None:
    """Print a line for each repository of a folder."""
    for repository in document.repositories:
        if repository.diff is None:
            _print(console, (repository.name, "bold"), ": ", ("error", "red"), f" {repository.error}")
        else:
            diff = repository.diff
            word = ("differs", "yellow") if diff.differs else ("same", "green")
            files = _counts(file.status for file in diff.files)
            resources = f"; resources {_counts(each.status for each in diff.resources)}" if diff.resources else ""
            opinions = opinion_counts(diff.opinions)
            _print(console, (repository.name, "bold"), ": ", word, f"; files {files}{resources}; opinions {opinions}")


def difference_of_lines(file: FileComparison) -> list[str]:
    """Return a unified diff of a file's lines, without line ends; or one line that says why there is none."""
    if file.rendered is None or file.status in (FileStatus.UNCHANGED, FileStatus.MISSING):
        return []
    path = visible(file.path)
    if file.there is None:
        return [f"Files rendered/{path} and there/{path} differ: {file.note}"]
    rendered, there = _marked(file.rendered), _marked(file.there)
    if rendered == there:
        return []
    if _differing(rendered, there) > MOST_LINES:
        return [f"Files rendered/{path} and there/{path} differ in more than {MOST_LINES:,} lines"]
    return list(unified_diff(rendered, there, f"rendered/{path}", f"there/{path}", lineterm=""))


def _marked(text: str) -> list[str]:
    """Return a text's lines, the last one marked where nothing ends it, as `diff` and `patch` have it."""
    *lines, rest = plain_lines(text)
    return [*lines, f"{rest}\n\\ No newline at end of file"] if rest else lines


def _differing(one: Sequence[str], other: Sequence[str]) -> int:
    """Return of how many lines there is more than the same beginning and end."""
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next((at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start)
    return max(len(one), len(other)) - start - end


def _show_files(console: Console, files: Sequence[FileComparisonEntry]) -> None:
    for file in files:
        if file.status != FileStatus.UNCHANGED or file.note:
            note = f" ({file.note})" if file.note else ""
            _print(console, f"{file.status}: {file.path}{note}")


def _show_lines(console: Console, file: FileComparison) -> None:
    # Not by way of Rich, which would put spaces for tabs and wrap.
    coloured = console.is_terminal and not console.no_color and not console.is_dumb_terminal
    for line in difference_of_lines(file):
        text, colour = "\n".join(map(visible, line.split("\n"))), _COLOURS.get(line[:1]) if coloured else None
        console.file.write(f"\x1b[{colour}m{text}\x1b[0m\n" if colour else f"{text}\n")


def _show_resources(console: Console, document: DiffDocument) -> None:
    for resource, line in with_lines(document):
        other = f", rendered as {resource.rendered_address}" if resource.rendered_address else ""
        where = "" if line else "rendered in "
        _print(
            console,
            (resource.address, "bold"),
            f" {resource.status} ({where}{resource.file}:{resource.line}{other})",
        )
        for attribute in resource.attributes:
            _print(console, f"  {attribute_line(attribute)}")


def _show_opinions(console: Console, opinions: Sequence[OpinionEntry]) -> None:
    for status in OPINIONS_IN_ORDER[:-1]:
        of_status = [opinion for opinion in opinions if opinion.status == status]
        for _, group in groupby(of_status, lambda opinion: opinion.id):
            judged = list(group)
            for opinion in judged:
                place = (f"{opinion.file}:{opinion.line}", "bold")
                _print(console, (f"{status:<7}", STYLES[status]), f" {opinion.id:<4}", place, f" {opinion.message}")
            if status != "skipped":
                prices = filter(None, (price_line(opinion) for opinion in judged))
                for line in dict.fromkeys((judged[0].why, *(opinion.mend for opinion in judged), *prices)):
                    _print(console, f"    {line}")
    if kept := kept_ids(opinions):
        _print(console, ("kept   ", STYLES["kept"]), f" {', '.join(kept)}")


def _show_problems(console: Console, problems: Sequence[FindingEntry]) -> None:
    for problem in problems:
        place = (place_of(problem.file, problem.line), "bold")
        _print(console, ("problem", "yellow"), f" {problem.rule}: ", place, f" {problem.message}")
        if problem.mend:
            _print(console, f"    {problem.mend}")


def _counts(statuses: Iterable[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())


def _print(console: Console, *parts: str | tuple[str, str]) -> None:
    console.print(Text.assemble(*map(shown, parts)))
