"""Comments that leave an opinion out of account: `# scaffold:skip=N1,E5: reason`."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scaffold.evaluate.root import Place
from scaffold.files import File
from scaffold.hcl import Block, Comment, parse_cached
from scaffold.repository.model import Skip
from scaffold.verify.verdict import Finding

_MARK = "scaffold:skip"
_SKIP = re.compile(r"scaffold:skip\s*=\s*(?P<ids>[A-Za-z0-9]+(?:\s*,\s*[A-Za-z0-9]+)*)\s*:\s*(?P<reason>\S.*)")
_YAML_COMMENT = re.compile(r"(?:^|\s)#(?P<text>[^\n]*)")
_DOCUMENT = re.compile(r"---(?:\s|\Z)")

_Found: TypeAlias = tuple[int, str, tuple[int, int] | None]
"""The line of a skip, its comment, and the first and last line of what it is about, if there is such a thing."""


@dataclass(frozen=True, slots=True)
class Skips:
    """What the comments of a repository skip, and the comments that are not as they should be."""

    skips: tuple[Skip, ...]
    problems: tuple[Finding, ...]


def skips_of(files: Iterable[File]) -> Skips:
    """Return the skips of Terraform files and manifests.

    A skip holds for the innermost block it stands in or right above, in a manifest for the whole object it stands in.
    """
    skips: list[Skip] = []
    problems: list[Finding] = []
    for file in files:
        if _MARK not in file.text:
            continue
        if file.path.endswith(".tf"):
            found = _in_terraform(file)
        elif file.path.endswith((".yaml", ".yml")):
            found = _in_yaml(file)
        else:
            continue
        for line, text, lines in found:
            match = _SKIP.search(text)
            if match is None:
                problems.append(_problem(file, line, "names no opinion or no reason"))
            elif lines is None:
                problems.append(_problem(file, line, "stands neither in a block nor right above one"))
            else:
                ids = tuple(dict.fromkeys(each.strip().upper() for each in match["ids"].split(",")))
                reason = match["reason"].removesuffix("*/").strip()
                skips.append(Skip(ids, reason, Place(file.path, line), *lines))
    return Skips(tuple(skips), tuple(problems))


def _problem(file: File, line: int, what: str) -> Finding:
    mend = "Write # scaffold:skip=N1: and the reason, right above the block it is about or inside it."
    return Finding("skip", f"The skip {what}, so it skips nothing.", file.path, line, mend)


def _in_terraform(file: File) -> Iterator[_Found]:
    document = parse_cached(file.text)
    blocks = tuple(_all_blocks(document.body.blocks))
    starts = {block.line: block for block in reversed(blocks)}
    around: dict[int, Block] = {}
    for block in blocks:  # the outer one before those inside it
        around.update(dict.fromkeys(range(block.line, block.end_line + 1), block))
    # Comments that follow each other line by line belong together; those beside an argument stand for themselves.
    texts = file.text.split("\n")
    below: dict[int, int] = {}
    for comment in reversed(document.comments):
        if texts[comment.line - 1].lstrip("\ufeff \t").startswith(("#", "//", "/*")):
            below[comment.line] = below.get(comment.end_line + 1, comment.end_line + 1)
    for comment in document.comments:
        if _MARK not in comment.text:
            continue
        for line, text in _lines_of(comment):
            found = starts.get(below.get(comment.line, 0)) or around.get(line)
            yield line, text, (min(found.line, line), found.end_line) if found else None


def _lines_of(comment: Comment) -> Iterator[tuple[int, str]]:
    for offset, text in enumerate(comment.text.splitlines()):
        if _MARK in text:
            yield comment.line + offset, text


def _all_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _all_blocks(block.body.blocks)


def _in_yaml(file: File) -> Iterator[_Found]:
    lines = file.text.split("\n")
    starts = [0, *(number for number, line in enumerate(lines, 1) if _DOCUMENT.match(line)), len(lines) + 1]
    for number, line in enumerate(lines, 1):
        if _MARK in line and (comment := _YAML_COMMENT.search(line)) and _MARK in comment["text"]:
            index = bisect_right(starts, number)
            if index == 1 and index + 1 < len(starts) and _is_empty(lines[: starts[1] - 1]):
                index = 2  # comments above a file's first `---` are about what follows it
            yield number, comment["text"], (min(number, starts[index - 1]) or 1, starts[index] - 1)


def _is_empty(lines: Sequence[str]) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)
