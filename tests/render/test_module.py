"""One component as a publishable module: the standard structure, and a README that leaves nothing out."""

import html
import re

import pytest

from scaffold.cli import run
from scaffold.hcl import parse
from scaffold.render import Rendering
from scaffold.render.module import NoSuchModuleError, publishable, render_module
from scaffold.verify import Level, verify
from scaffold.verify.verdict import Status
from tests.support.rendering import project, text_of, tree_of

MODULES = ("ecs", "eks-auto-mode", "lambda", "lambda-durable", "lambda-managed-instances", "network")


def module(name: str, *settings: str) -> Rendering:
    capacity = "[]" if name == "network" else f"[{name}]"
    return render_module(name, project(f"capacity={capacity}", "lmi.max_vcpu_count=64", *settings))


def declared(rendering: Rendering, kind: str) -> list[tuple[str, ...]]:
    root = [file for file in rendering.files if "/" not in file.path and file.path.endswith(".tf")]
    return sorted(block.labels for file in root for block in parse(file.text).body.blocks if block.type == kind)


def table(readme: str, heading: str) -> dict[str, list[str]]:
    rows = readme.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    cells = [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in rows.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_modules_are_those_of_the_components():
    assert tuple(sorted(publishable())) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_the_standard_structure(name):
    paths = {file.path for file in module(name).files}
    assert {"README.md", "main.tf", "variables.tf", "outputs.tf", "versions.tf", "examples/complete/main.tf"} <= paths
    assert any(path.startswith("tests/") and path.endswith(".tftest.hcl") for path in paths)
    assert all("/" not in path or path.startswith(("examples/complete/", "tests/")) for path in paths)


@pytest.mark.parametrize("name", MODULES)
def test_the_readme_lists_every_input_and_output_with_what_it_is(name):
    rendering = module(name)
    readme = text_of(rendering, "README.md")
    inputs, outputs = table(readme, "Inputs"), table(readme, "Outputs")
    assert list(inputs) == [label for (label,) in declared(rendering, "variable")]
    assert list(outputs) == [label for (label,) in declared(rendering, "output")]
    assert inputs
    assert outputs
    assert all(cell for row in (*inputs.values(), *outputs.values()) for cell in row)
    assert all(len(row) == 3 for row in inputs.values())
    resources = [f"- `{'.'.join(labels)}`" for labels in declared(rendering, "resource")]
    assert re.findall(r"^- `.*`$", readme, re.MULTILINE) == resources
    assert "| terraform | >= 1.10 |" in readme
    assert re.search(r"\| aws \| >= 6\.\d+ \|", readme)


def test_a_description_is_text_in_the_readme_and_no_markup():
    cell = table(text_of(module("network"), "README.md"), "Inputs")["name"][0]
    assert "<project>" not in cell
    assert "<project>" in html.unescape(cell)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_and_its_example_stand_on_their_own(name):
    rendering = module(name)
    for verdict in verify(tree_of(rendering), Level.FAST):
        assert verdict.status is not Status.FAILED, verdict.findings
    assert re.search(r'source += "\.\./\.\."', text_of(rendering, "examples/complete/main.tf"))
    assert not rendering.blueprint.costs


def test_a_module_serves_what_the_environments_ask_for():
    none = module("network", "network.nat=none")
    assert "nat.tf" not in {file.path for file in none.files}
    assert "nat.tf" in {file.path for file in module("network").files}


def test_a_module_that_there_is_not_is_answered_with_those_there_are():
    with pytest.raises(NoSuchModuleError, match=", ".join(MODULES)):
        render_module("project", project())
    with pytest.raises(NoSuchModuleError, match="netwrk"):
        render_module("netwrk", project())


@pytest.mark.parametrize("name", MODULES)
def test_the_command_needs_no_answers(name, tmp_path, capsys):
    assert run(["module", name, str(tmp_path / "module"), "--verify", "fast"]) == 0
    assert (tmp_path / "module" / "README.md").read_text().startswith("# ")
    assert "Traceback" not in capsys.readouterr().err
