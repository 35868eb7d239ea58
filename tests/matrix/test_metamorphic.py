"""What has to hold between two renderings whose answers are alike: asked of the sets of the covering array."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import Source, from_environment, from_settings, from_text, merge
from scaffold.compare.moves import find_moves
from scaffold.compare.next_apply import next_apply
from scaffold.evaluate import unknown
from scaffold.evaluate.root import Body, Root
from scaffold.evaluate.values import Value
from scaffold.render import Rendering, render
from scaffold.repository.reading import repository_of
from tests.matrix.covering import Row
from tests.matrix.space import AXES, PATHS, answers_of, array, project_of, refusals, values_of, with_levels
from tests.matrix.touched import REVIEWED, touched
from tests.support.rendering import project, text_of
from tests.support.terraform_mirror import terraform_program

ALONE = [rows[0] for rows in array() if len(rows) == 1]
COUPLES = [rows for rows in array() if len(rows) == 2]
BOTH_WAYS = [*COUPLES, *(rows[::-1] for rows in COUPLES if not refusals(*rows[::-1]))]
AZS = PATHS.index("azs")
COUNTS = {count: value for value, count in enumerate(AXES[AZS].values) if isinstance(count, int)}

STEP = 4
"""Of so many sets one is rendered twice."""


def flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield answers as dotted paths with their values in YAML."""
    for key, value in data.items():
        # Names of secrets are upper-case, as no key of ours is: a variable's name would not keep that.
        if isinstance(value, Mapping) and value and key != "secrets":
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
    weaker = {"name": "other", "environments": {name: {"owner": "x", "azs": 5} for name in data["environments"]}}
    yield "over what they replace", [Source(weaker, "weaker"), Source(data, "stronger")]


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
    return next(root for root in repository_of(rendering.files).roots if root.path == f"environments/{environment}")


def plain_text(text: str) -> str:
    return re.sub(r"(\.\w+)\[0\]", r"\1", text)


def arguments(body: Body, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, argument in body.arguments.items():
        if argument.value is not None and name not in ("count", "for_each", "depends_on"):
            yield f"{prefix}{name}", plain_text(said(argument.value))
    for kind, blocks in body.blocks.items():
        for number, block in enumerate(blocks):
            yield from arguments(block, f"{prefix}{kind}[{number}].")


def said(value: Value) -> str:
    """Return what an argument says; in JSON a null is as good as a key that is not there."""
    if isinstance(value, unknown.Encoded):
        value = without_nulls(value.data)
    elif isinstance(value, str) and value.startswith(("[{", '{"')):
        with suppress(json.JSONDecodeError):
            value = json.dumps(without_nulls(json.loads(value)))
    return unknown.text_of(value)


def without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return tuple(without_nulls(inner) for inner in value) if isinstance(value, tuple | list) else value


def name_of(row: Row) -> str:
    return str(values_of(row)["environment"][0])


def nothing_is_destroyed(before: Rendering, after: Rendering, but: str = "") -> None:
    moves = find_moves(before.files, after.files)
    assert (moves.commands, moves.destroyed) == ((), ()), moves
    applied = next_apply(before.files, after.files, moves.moved)
    assert applied.destroyed == (), applied
    assert all(but and each.address.endswith(but) for each in applied.replaced), applied


OWN_FOLDERS = ("environments", "k8s")
SHARED_IN_FOLDER = ("main.tf", "outputs.tf", "versions.tf")
"""In an environment's folder, what may say more once its modules serve another one too."""

DEFAULTS = {"deletion_protection": "false", "zonal_shift_config[0].enabled": "false"}
"""What is said once the modules serve an environment that wants it; unsaid, it is the same."""

CAPACITY_PROVIDER = ".aws_lambda_capacity_provider.this"
"""The one thing that more zones replace: AWS does not change its subnets."""


@pytest.mark.parametrize("part", range(2))
def test_another_environment_changes_nothing_that_is_made_in_the_first(part: int) -> None:
    for one, other in BOTH_WAYS[part::2]:
        name = name_of(one)
        alone, both = render(project_of(one)), render(project_of(one, other))
        nothing_is_destroyed(alone, both)
        before = made(alone, name)
        # `terraform_data` is Terraform's own: nothing is made.
        after = {at: its for at, its in made(both, name).items() if at in before or ".terraform_data." not in at}
        assert before.keys() == after.keys(), (answers_of(one, other), before.keys() ^ after.keys())
        for address, its in before.items():
            said = DEFAULTS | its
            # How Terraform goes about a change is no change.
            now = {
                key: value for key, value in after[address].items() if key in its or not key.startswith("lifecycle[")
            }
            assert its.items() <= now.items() <= said.items(), address
        own = tuple(f"{folder}/{name}/" for folder in OWN_FOLDERS)
        texts = {file.path: file.text for file in both.files}
        for file in alone.files:
            if file.path.startswith(own) and not file.path.endswith(SHARED_IN_FOLDER):
                assert texts[file.path] == file.text, file.path


FIRST = "sort(data.aws_availability_zones.this.names)"
LAST = re.compile(r"distinct\(concat\(sort\(data\.aws_availability_zones\.first\.names\), sort\(.*?\)\)\)")


def same_zones(made: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return what is made with all zones in the words for some: those that EKS takes are the same, in the same order.

    That they are is what `test_the_zone_that_eks_refuses_comes_last` asks Terraform.
    """
    return {
        LAST.sub(FIRST, address): {name: LAST.sub(FIRST, text) for name, text in its.items()}
        for address, its in made.items()
    }


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
            nothing_is_destroyed(before, after, but=CAPACITY_PROVIDER)
            old, new = (same_zones(made(each, name)) for each in (before, after))
            assert old.keys() <= new.keys(), (answers_of(more), old.keys() - new.keys())
            for address, its in old.items():
                if ".aws_subnet." in address:
                    assert new[address] == its, answers_of(more)


@pytest.mark.parametrize("refused", ["us-east-1a", "us-east-1c", "us-east-1f", None])
def test_the_zone_that_eks_refuses_comes_last(refused: str | None, tmp_path: Path) -> None:
    names = [f"us-east-1{letter}" for letter in "abcdef"]
    found = {}
    for count in (5, 6):
        rendering = render(project("region=us-east-1", f"azs={count}", "environments={dev: {}}"))
        text = text_of(rendering, "environments/dev/availability_zones.tf")
        expression = re.search(r"availability_zones = (slice\(.*?\), 0, \d\))", text, re.DOTALL)
        assert expression
        others = [name for name in names if name != refused]
        zones = {"this": others if count == 5 else names, "first": others}
        written = re.sub(r"data\.aws_availability_zones\.(\w+)\.names", r"var.\1", expression[1])
        (folder := tmp_path / str(count)).mkdir()
        (folder / "main.tf").write_text(
            "".join(f'variable "{name}" {{\n  default = {json.dumps(its[::-1])}\n}}\n' for name, its in zones.items())
        )
        ran = subprocess.run(
            [terraform_program(), "console"],
            input=f"jsonencode({' '.join(written.split())})\n",
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        found[count] = json.loads(json.loads(ran.stdout))
    assert found[6][:5] == found[5]
    assert sorted(found[6]) == names


def test_an_answer_changes_no_file_but_those_that_were_reviewed_as_its_own() -> None:
    assert touched() == yaml.safe_load(REVIEWED.read_text("utf-8"))
    # And of one environment reach into another only through what their shared modules ask of both; what no environment
    # may override, `functions.vpc`, decides whether both have a network.
    reached = {file for files in touched().values() for file in files if "<another>" in file}
    assert reached <= {f"environments/<another>/{name}" for name in (*SHARED_IN_FOLDER, "availability_zones.tf")}
