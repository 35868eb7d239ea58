"""The README of a rendering reads as one that somebody has typed."""

import re
from itertools import pairwise

import pytest

from scaffold.render import Rendering
from tests.matrix.combinations import GROUPS, group

EDGE = re.compile(r"^\s*(\w+)\S*?(?:\[.*\]|\(\[.*\]\)|\(\(.*\)\))? --> (\w+)")
NODE = re.compile(r"(\w+)(?:\[\"|\[\(|\(\[|\(\()")


def readme(rendering: Rendering) -> str:
    (file,) = [file for file in rendering.files if file.path == "README.md"]
    return file.text


@pytest.mark.parametrize("name", GROUPS)
def test_the_diagram_shows_what_there_is_and_nothing_that_leads_nowhere(name: str) -> None:
    for title, rendering in group(name).items():
        diagram = readme(rendering).partition("```mermaid\n")[2].partition("```")[0]
        lines = [line for line in diagram.splitlines() if "subgraph" not in line]
        nodes = {found for line in lines for found in NODE.findall(line)}
        linked = {end for line in lines if (edge := EDGE.match(line)) for end in edge.groups()}
        assert nodes == linked != set(), (title, diagram)


@pytest.mark.parametrize("name", GROUPS)
def test_a_paragraph_that_begins_with_its_subject_stands_alone(name: str) -> None:
    for title, rendering in group(name).items():
        lines = readme(rendering).splitlines()
        for before, line in pairwise(lines):
            assert not line.startswith("**") or before == "", (title, line)
