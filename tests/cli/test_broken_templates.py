import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.errors import ScaffoldError
from scaffold.pipeline import render_to
from scaffold.resources import TEMPLATES
from scaffold.verify import Level
from tests.cli.commands import document
from tests.support.rendering import project
from tests.workspace.trees import snapshot


@dataclass(frozen=True)
class Broken:
    """One way to break a template, and how that is found: a verifier and its rule, or the words of an error."""

    path: str
    break_: Callable[[str], str]
    verifier: str = ""
    says: str = ""


def appended(text: str) -> Callable[[str], str]:
    return lambda old: f"{old}\n{text}\n"


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


FOUND = {
    "an open block": Broken("network/module/main.tf.j2", appended('resource "aws_vpc" "b" {'), "syntax", "main.tf"),
    "a misspelt argument": Broken(
        "network/module/main.tf.j2",
        replaced("enable_dns_support", "enable_dns_suport"),
        "provider schema",
        "enable_dns_suport",
    ),
    "a reference to nothing": Broken(
        "network/module/main.tf.j2",
        appended('output "nothing" {\n  value = aws_vpc.nothing.id\n}'),
        "provider schema",
        "nothing",
    ),
    "a manifest's wrong indentation": Broken(
        "eks-auto-mode/k8s/deployment-sample.yaml.j2",
        replaced("\n  template:\n", "\n template:\n"),
        "kubernetes",
        "deployment-sample.yaml",
    ),
    "a manifest's misspelt field": Broken(
        "eks-auto-mode/k8s/deployment-sample.yaml.j2",
        replaced("containers:", "container:"),
        "kubernetes",
        "container",
    ),
}

REFUSED = {
    "a fact that does not exist": Broken(
        "network/module/main.tf.j2", appended("# {{ module.no_such_fact }}"), "", "no_such_fact"
    ),
    "a template's own syntax": Broken("network/module/main.tf.j2", appended("{% if %}"), "", "main.tf.j2 line"),
    "two templates of one path": Broken(
        "network/component.yaml",
        replaced("trees:\n", "trees:\n  - {from: module, to: modules/network}\n"),
        "",
        "already written by another template",
    ),
    "a path outside the repository": Broken(
        "network/component.yaml", replaced("to: modules/network", "to: ../outside"), "", "outside the repository"
    ),
    "a condition on nothing": Broken(
        "network/component.yaml",
        replaced("when:\n", "when:\n  module/main.tf: module.no_such_fact\n"),
        "",
        "no_such_fact",
    ),
    "a component's unknown key": Broken("network/component.yaml", appended("treez: []"), "", "treez"),
}


def break_templates(folder: Path, broken: Broken) -> Path:
    shutil.copytree(TEMPLATES, folder)
    text = (folder / broken.path).read_text()
    changed = broken.break_(text)
    assert changed != text
    (folder / broken.path).write_text(changed)
    return folder


@pytest.fixture(params=["a new target", "a tree of ours"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where to publish: a folder that is not there, or one rendered from whole templates and other answers."""
    if request.param == "a tree of ours":
        render(tmp_path / "out", TEMPLATES, Level.NONE, "azs=2")
    return tmp_path / "out"


def render(target: Path, templates: Path, level: Level, *settings: str) -> dict[str, list[tuple[str, str | None]]]:
    """Render into a target; return each verifier's findings. What is wrong must not be published."""
    result = render_to(
        target,
        project("capacity=[eks-auto-mode]", *settings),
        level=level,
        dry_run=False,
        force=False,
        progress=lambda line: None,
        templates=templates,
    )
    found = {each.verifier: [(it.message, it.file) for it in each.findings] for each in result.verification}
    assert result.published == (not any(found.values()))
    return found


@pytest.mark.parametrize("broken", FOUND.values(), ids=FOUND.keys())
def test_what_a_broken_template_makes_is_found_and_not_published(tmp_path: Path, target: Path, broken: Broken) -> None:
    old = snapshot(tmp_path)
    templates = break_templates(tmp_path / "templates", broken)
    found = render(target, templates, Level.FAST)[broken.verifier]
    assert any(broken.says in f"{message} {file}" for message, file in found), found
    shutil.rmtree(templates)
    assert snapshot(tmp_path) == old


@pytest.mark.parametrize("broken", REFUSED.values(), ids=REFUSED.keys())
def test_a_template_that_cannot_be_rendered_is_named_and_nothing_is_published(
    tmp_path: Path, target: Path, broken: Broken
) -> None:
    old = snapshot(tmp_path)
    templates = break_templates(tmp_path / "templates", broken)
    with pytest.raises(ScaffoldError, match=broken.says):
        render(target, templates, Level.NONE)
    shutil.rmtree(templates)
    assert snapshot(tmp_path) == old


def test_whole_templates_are_published(target: Path) -> None:
    assert not any(render(target, TEMPLATES, Level.FAST).values())
    assert (target / "modules/network/main.tf").is_file()


def test_findings_have_an_exit_code_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = break_templates(tmp_path / "templates", FOUND["a misspelt argument"])
    monkeypatch.setitem(render_to.__kwdefaults__, "templates", templates)
    command = ["render", "out", "--preset", "network-only", "--verify", "fast"]
    assert run(command) == Exit.FINDINGS
    assert "Nothing is written" in capsys.readouterr().out
    for more in ([], ["--dry-run"]):
        found = document(capsys, *command, *more, code=Exit.FINDINGS)
        assert not found["published"]
        finding = next(each for entry in found["verification"] for each in entry["findings"])
        assert finding["file"] == "modules/network/main.tf"
        assert isinstance(finding["line"], int)
        assert finding["mend"]
    assert not (tmp_path / "out").exists()
