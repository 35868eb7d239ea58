"""Renderings laid out anew mean the same; renderings with one change differ in exactly that."""

from dataclasses import replace
from random import Random

import pytest

from scaffold.compare.difference import ResourceDifference
from scaffold.compare.meaning import compare_meaning
from scaffold.hcl import parse
from tests.compare.laying_out import Shuffler
from tests.compare.single_changes import CHANGES
from tests.support.rendering import preset

PRESETS = [
    "durable-workflow",
    "ecs-api",
    "eks-auto-dev",
    "eks-auto-prod",
    "event-functions",
    "lmi-private",
    "lmi-steady",
    "mcp-server",
    "network-only",
    "platform",
]

EVERYTHING = ("platform", "capacity=[eks-auto-mode, ecs, lambda-managed-instances, lambda-durable, lambda]")
CHANGED = [("eks-auto-prod",), EVERYTHING]
"""What has a place for every kind of change."""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", PRESETS)
def test_a_rendering_laid_out_anew_means_the_same(name: str, seed: int) -> None:
    files = preset(name).files
    laid = Shuffler(seed).files(files)
    assert all(not parse(file.text).problems for file in laid if file.path.endswith((".tf", ".hcl")))
    assert compare_meaning(files, laid) == ()
    assert compare_meaning(laid, files) == ()


def _said(difference: ResourceDifference) -> tuple[object, ...]:
    attributes = tuple(
        (each.path, *(side and (side.text, side.place.file, side.place.line) for side in (each.rendered, each.there)))
        for each in difference.attributes
    )
    return (difference.address, str(difference.status), difference.place.file, difference.place.line, attributes)


@pytest.mark.parametrize("seed", range(102))
def test_one_change_is_exactly_that_one_difference(seed: int) -> None:
    files = preset(*CHANGED[seed % len(CHANGED)]).files
    change = CHANGES[seed % len(CHANGES)](files, Random(seed))
    there = [change.file if file.path == change.file.path else file for file in files]
    assert tuple(map(_said, compare_meaning(files, there))) == change.expected, change.what


@pytest.mark.parametrize("seed", range(34))
def test_one_change_is_found_among_files_laid_out_anew(seed: int) -> None:
    files = preset("platform").files
    change = CHANGES[seed % len(CHANGES)](files, Random(seed))
    there = Shuffler(seed).files(tuple(change.file if file.path == change.file.path else file for file in files))
    found = [(each.address, str(each.status)) for each in compare_meaning(files, there)]
    expected = [(each[0], each[1]) for each in change.expected]
    if change.file.path.endswith(".hcl"):  # the address of a test file is its path, and that is a new one
        assert len(found) == len(expected)
    else:
        assert found == expected


def test_the_changes_touch_every_kind_of_thing() -> None:
    files = preset("platform").files
    addresses = {
        str(entry[0]).partition(": ")[2].partition(".")[0].partition(" ")[0]
        for seed in range(170)
        for entry in CHANGES[seed % len(CHANGES)](files, Random(seed)).expected
    }
    assert {"var", "output", "local", "module", "run", "data", "Deployment", "NodePool"} <= addresses


def test_what_is_written_the_same_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    files = preset("platform").files

    def refuse(*_: object) -> None:
        raise AssertionError("taken apart")

    monkeypatch.setattr("scaffold.compare.bodies.normal", refuse)
    monkeypatch.setattr("scaffold.compare.objects._normal", refuse)
    there = [
        replace(file, text=file.text + "\n# end\n") if file.path.endswith((".tf", ".hcl")) else file for file in files
    ]
    assert compare_meaning(files, there) == ()
