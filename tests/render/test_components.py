"""Components: folders of templates found by their component.yaml, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from scaffold.answers.model import COMPONENTS
from scaffold.errors import ScaffoldError
from scaffold.render import finish, render
from scaffold.render.components import ComponentError, discover
from scaffold.resources import TEMPLATES
from tests.support.rendering import project

BASE = "name: project\ntrees: [{from: root, to: ''}]\n"


def component(folder: Path, text: str, *templates: str, name: str = "thing") -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "component.yaml").write_text(text)
    for template in templates:
        path = folder / name / template
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {template}\n")
    return folder


def templates(folder: Path, network: str, *files: str, base: str = BASE, base_files: tuple[str, ...] = ()) -> Path:
    """Return a folder of the two components that every project has."""
    component(folder, base, *base_files, name="project")
    return component(folder, f"name: network\n{network}", *files, name="network")


def failure(folder: Path) -> str:
    with pytest.raises(ScaffoldError) as error:
        render(project(), folder)
    return str(error.value)


def test_our_own_components_are_complete():
    found = discover(TEMPLATES)
    assert set(found) == {"project", "network", *COMPONENTS}
    assert {name: found[name].key for name in COMPONENTS} == {name: key for name, (key, _) in COMPONENTS.items()}
    for each in found.values():
        assert each.title
        assert each.trees
        assert all(any(each.files_of(tree)) for tree in each.trees)
        assert set(each.needs) <= set(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name is None"),
        ("name: other\n", "the folder is 'thing'"),
        ("name: [thing]\n", "name is not a key of that kind"),
        ("name: thing\ntree: []\n", "tree is not a key of that kind"),
        ("name: thing\nanswers: thing\n", "answers is not a key of that kind"),
        ("name: thing\ntrees: module\n", "trees is not a key of that kind"),
        ("name: thing\ntrees: [module]\n", "a tree has from and to"),
        ("name: thing\ntrees: [{from: module}]\n", "a tree has from and to"),
        ("name: thing\ntrees: [{from: a, to: b, unless: c}]\n", "a tree has from and to"),
        ("name: thing\nwhen: {module/nat.tf: module.nat}\n", "when names module/nat.tf, and there is no such template"),
        ("name: thing\nname: thing\n", "given twice"),
        ("name: !!str thing\n", "the tag"),
        ("name: [\n", "not YAML"),
        ("- name\n", "not a list"),
    ],
)
def test_a_component_that_is_not_as_it_should_be_is_named_with_its_file(tmp_path, text, said):
    with pytest.raises(ComponentError) as error:
        discover(component(tmp_path, text))
    assert said in str(error.value)
    assert str(tmp_path / "thing" / "component.yaml") in str(error.value)


def test_a_link_is_no_template(tmp_path):
    component(tmp_path, "name: thing\ntrees: [{from: module, to: x}]\n", "module/main.tf.j2")
    (tmp_path / "thing" / "module" / "passwd.j2").symlink_to("/etc/passwd")
    assert discover(tmp_path)["thing"].conditions == {"module/main.tf.j2": ()}


def test_a_component_that_the_answers_need_and_that_is_not_there_is_named(tmp_path):
    assert "has no component project" in failure(tmp_path)


def test_what_a_component_needs_and_the_project_lacks_is_named(tmp_path):
    folder = templates(tmp_path, "needs: [project, eks-auto-mode]\n")
    assert "templates/network/component.yaml: it needs eks-auto-mode" in failure(folder)


def test_two_templates_cannot_write_one_file(tmp_path):
    folder = templates(
        tmp_path, "trees: [{from: root, to: ''}]\n", "root/README.md.j2", base_files=("root/README.md.j2",)
    )
    assert "README.md is already written by another template" in failure(folder)


def test_two_paths_that_differ_in_case_alone_are_refused(tmp_path):
    folder = templates(
        tmp_path, "trees: [{from: root, to: ''}]\n", "root/readme.md.j2", base_files=("root/README.md.j2",)
    )
    assert "are one path where case does not count" in failure(folder)


@pytest.mark.parametrize("to", ["..", "/etc", "modules/../..", "../{environment}"])
def test_a_file_outside_the_repository_is_refused(tmp_path, to):
    folder = templates(tmp_path, f"trees: [{{from: module, to: '{to}'}}]\n", "module/main.tf.j2")
    assert "lies outside the repository" in failure(folder)


def test_a_condition_on_a_fact_that_does_not_exist_is_named(tmp_path):
    folder = templates(
        tmp_path,
        "trees: [{from: module, to: m}]\nwhen: {module/main.tf: module.nat.sometimes}\n",
        "module/main.tf.j2",
    )
    assert "templates/network/component.yaml: there is no fact module.nat.sometimes" in failure(folder)


def test_what_is_appended_comes_after_what_was_there_in_component_order(tmp_path):
    folder = templates(
        tmp_path,
        "trees: [{from: root, to: '', append: true}]\n",
        "root/main.tf.j2",
        base_files=("root/main.tf.j2",),
    )
    (tmp_path / "network" / "root" / "main.tf.j2").write_text("# network\n")
    text = next(file.text for file in render(project(), folder).files if file.path == "main.tf")
    assert text == "# root/main.tf.j2\n\n# network\n"


def test_files_end_in_one_line_feed_and_scripts_are_executable():
    assert finish("a.txt", ["x"]).text == "x\n"
    assert finish("a.md", ["# a\n\n\n\n", "\n\nb\n\n"]).text == "# a\n\nb\n"
    assert finish("main.tf", ["a={\nb=1\n}\n"]).text == "a = {\n  b = 1\n}\n"
    assert finish("run", ["#!/bin/sh\n"]).executable
    assert not finish("main.tf", ["# x\n"]).executable
