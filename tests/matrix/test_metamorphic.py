"""What has to hold between two renderings whose answers are alike: asked of the sets of the covering array."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, from_environment, from_settings, from_text, merge
from scaffold.compare.moves import find_moves
from scaffold.compare.next_apply import next_apply
from scaffold.evaluate.root import Body, Root
from scaffold.evaluate.unknown import text_of
from scaffold.render import Rendering, render
from scaffold.repository.reading import repository_of
from tests.matrix.covering import Row
from tests.matrix.space import AXES, PATHS, answers_of, array, project_of, refusals, values_of, with_levels

ALONE = [rows[0] for rows in array() if len(rows) == 1]
COUPLES = [rows for rows in array() if len(rows) == 2]
AZS = PATHS.index("azs")
COUNTS = {count: value for value, count in enumerate(AXES[AZS].values) if isinstance(count, int)}

STEP = 4
"""Of so many sets one is rendered twice."""


def flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield answers as dotted paths with their values in YAML."""
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{prefix}{key}.")
        else:
            dumped = yaml.safe_dump(value, default_flow_style=True, width=10_000)
            yield f"{prefix}{key}", dumped.removesuffix("\n").removesuffix("\n...")


def ways(data: Mapping[str, Any]) -> Iterator[tuple[str, list[Source]]]:
    """Yield the same answers as each kind of source has them."""
    pairs = list(flat(data))
    yield "a file", [from_text(yaml.safe_dump(data), "answers.yaml")]
    yield "flags", [from_settings(f"{path}={value}" for path, value in pairs)]
    yield "flags the other way round", [from_settings(f"{path}={value}" for path, value in reversed(pairs))]
    names = {f"SCAFFOLD_{path.replace('.', '__').upper()}": value for path, value in pairs}
    yield "variables", [from_environment(names)]
    odd, even = ([f"{path}={value}" for path, value in pairs[start::2]] for start in (0, 1))
    yield "two sources", [from_settings(odd), from_settings(even)]
    yield "two sources the other way round", [from_settings(even), from_settings(odd)]
    yield "over what it replaces", [from_text("{azs: 5, owner: x, arch: x86_64}", "weaker.yaml"), Source(data, "over")]


def bytes_of(project: Project) -> dict[str, tuple[str, bool]]:
    return {file.path: (file.text, file.executable) for file in render(project).files}


@pytest.mark.parametrize("part", range(2))
def test_the_same_answers_from_any_source_in_any_order_are_the_same_bytes(part: int) -> None:
    for row in ALONE[part :: 2 * STEP]:
        data = answers_of(row)
        expected = bytes_of(project_of(row))
        for way, sources in ways(data):
            assert bytes_of(resolve(merge(sources))) == expected, (way, data)


def made(rendering: Rendering, environment: str) -> dict[str, dict[str, str]]:
    """Return what one environment's apply makes: each resource by its address, with the arguments that it is given.

    What gets or loses a `count`, Terraform moves by itself: `[0]` is no part of an address here.
    """
    root = root_of(rendering, environment)
    return {plain_text(each.address): dict(arguments(each.body)) for each in root.instances if not each.data}


def root_of(rendering: Rendering, environment: str) -> Root:
    return next(
        root for root in repository_of(rendering.files).roots if root.path == f"environments/{environment}"
    )


def plain_text(text: str) -> str:
    return re.sub(r"(\.\w+)\[0\]", r"\1", text)


def arguments(body: Body, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, argument in body.arguments.items():
        if argument.value is not None and name not in ("count", "for_each", "depends_on"):
            yield f"{prefix}{name}", plain_text(text_of(argument.value))
    for kind, blocks in body.blocks.items():
        for number, block in enumerate(blocks):
            yield from arguments(block, f"{prefix}{kind}[{number}].")


def name_of(row: Row) -> str:
    return str(values_of(row)["environment"][0])


def nothing_is_destroyed(before: Rendering, after: Rendering) -> None:
    moves = find_moves(before.files, after.files)
    assert (moves.commands, moves.destroyed) == ((), ()), moves
    applied = next_apply(before.files, after.files, moves.moved)
    assert (applied.destroyed, applied.replaced) == ((), ()), applied


OWN_FOLDERS = ("environments", "k8s")
SHARED_IN_FOLDER = ("main.tf", "versions.tf")
"""In an environment's folder, what may say more once its module serves another one too."""


@pytest.mark.parametrize("part", range(2))
def test_another_environment_changes_nothing_that_is_made_in_the_first(part: int) -> None:
    for one, other in COUPLES[part::2]:
        name = name_of(one)
        alone, both = render(project_of(one)), render(project_of(one, other))
        nothing_is_destroyed(alone, both)
        before, after = made(alone, name), made(both, name)
        assert before.keys() == after.keys(), (answers_of(one, other), before.keys() ^ after.keys())
        changed = {address: set(before[address].items()) ^ set(after[address].items()) for address in before}
        assert {address: each for address, each in changed.items() if each} == {}, answers_of(one, other)
        own = tuple(f"{folder}/{name}/" for folder in OWN_FOLDERS)
        texts = {file.path: file.text for file in both.files}
        for file in alone.files:
            if file.path.startswith(own) and not file.path.endswith(SHARED_IN_FOLDER):
                assert texts[file.path] == file.text, file.path


def widened(row: Row) -> Iterator[tuple[Row, Row]]:
    """Yield a set of answers with so many zones, and with the next number of them that is in the array."""
    for fewer, more in zip(sorted(COUNTS), sorted(COUNTS)[1:], strict=False):
        pair = tuple(with_levels(row, [(AZS, COUNTS[count])]) for count in (fewer, more))
        if not refusals(pair[0]) and not refusals(pair[1]):
            yield pair[0], pair[1]


@pytest.mark.parametrize("part", range(2))
def test_more_zones_only_add(part: int) -> None:
    for row in ALONE[part :: 2 * STEP]:
        for fewer, more in widened(row):
            name = name_of(row)
            before, after = render(project_of(fewer)), render(project_of(more))
            nothing_is_destroyed(before, after)
            old, new = made(before, name), made(after, name)
            assert old.keys() <= new.keys(), (answers_of(more), old.keys() - new.keys())
            for address, its in old.items():
                if ".aws_subnet." in address or address.startswith("aws_subnet."):
                    assert new[address]["cidr_block"] == its["cidr_block"], (address, answers_of(more))
                    assert new[address]["availability_zone"] == its["availability_zone"], (address, answers_of(more))
