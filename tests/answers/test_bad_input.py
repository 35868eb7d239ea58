"""Bad input at the command line: what is wrong, where, and the mend; exit code 1, no traceback, nothing written."""

import json
import os
import re
from pathlib import Path

import pytest

from scaffold.cli import run
from scaffold.resources import TEMPLATES
from tests.support.rendering import LEAST

COMMON = "".join(f"{key}: {value}\n" for key, value in LEAST.items())

BAD_ANSWERS = {
    "an unknown key": ("netwrk: {nat: none}\n", "netwrk", "Did you mean network?"),
    "a wrong type": ("azs: three\n", "azs", "How many availability zones"),
    "a number out of range": ("azs: 7\n", "azs", "2 to 6"),
    "a zone outside the region": ("azs: [us-east-1a, eu-west-1b]\n", "azs", "us-east-1a"),
    "too small a block": ("network: {cidr: 10.0.0.0/28}\n", "network.cidr", "10.0.0.0/16"),
    "overlapping blocks": (
        "capacity: [eks-auto-mode]\nnetwork: {pod_cidr: 10.0.0.0/20}\n",
        "network.pod_cidr",
        "100.64.0.0/16",
    ),
    "a bucket name of another form": ("state: {bucket: My_Bucket}\n", "state.bucket", "state bucket"),
    "no NAT and not the endpoints it needs": (
        "capacity: [eks-auto-mode]\nnetwork: {nat: none, endpoints: minimal}\n",
        "network.endpoints",
        "endpoints: private",
    ),
    "a runtime that Managed Instances lack": ("lmi: {runtime: python3.9}\n", "lmi.runtime", "Did you mean"),
    "a path separator in an environment's name": (
        "environments: {../../etc: {}}\n",
        "environments.../../etc",
        "lower-case letters",
    ),
    "an interpolation": ('owner: ${file("/etc/passwd")}\n', "owner", "Letters, digits"),
    "a directive": ("owner: '%{ for x in y }'\n", "owner", "Letters, digits"),
    "an expression of templates": ("owner: '{{ 7*7 }}'\n", "owner", "Letters, digits"),
    "a quote": ("owner: 'a\"b'\n", "owner", "Letters, digits"),
    "a newline": ('owner: "a\\nb"\n', "owner", "Letters, digits"),
    "a control character": ('owner: "a\\x1b[31mb"\n', "owner", "Letters, digits"),
    "YAML that is not YAML": ("network: {nat: none\n", "FILE", "Close the bracket"),
    "a YAML tag": ("azs: !!python/object/apply:os.system [id]\n", "FILE", "Remove the tag."),
    "an alias": ("azs: &a 3\n", "FILE", "Write the value out"),
    "a list": ("- name\n", "FILE", "one answer to a line"),
    "a file of 10 MB": ("#" * 10_000_000, "FILE", "under 1,000,000 bytes"),
}


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_bad_answers_name_the_answer_and_the_mend_and_leave_the_target_alone(case, output, tmp_path, capsys):
    text, path, mend = BAD_ANSWERS[case]
    file, target = tmp_path / "answers.yaml", tmp_path / "target"
    file.write_text(("" if path == "FILE" else COMMON.replace(f"{path}: {LEAST.get(path)}\n", "")) + text)
    path = str(file) if path == "FILE" else path

    assert run(["render", str(target), "--answers", str(file), "--verify", "fast", "--output", output]) == 1

    assert not target.exists()
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert "Internal error" not in printed.err
    assert path in printed.err
    assert mend in printed.err
    if output == "text":
        assert not printed.out
    else:
        document = json.loads(printed.out)
        assert document["kind"] == "error"
        (problem,) = document["problems"]
        assert problem["path"] == path
        assert mend in problem["mend"]
        assert problem["rule"]
        assert problem["message"]


def _file(target: Path) -> None:
    target.write_text("mine")


def _file_above(target: Path) -> None:
    target.parent.write_text("mine")


def _strange_file(target: Path) -> None:
    target.mkdir()
    (target / "README.md").write_text("mine")


def _folder_in_the_way(target: Path) -> None:
    (target / "README.md").mkdir(parents=True)


def _not_writable(target: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root writes where nobody may")
    target.mkdir(mode=0o555)


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("make", [_file, _file_above, _strange_file, _folder_in_the_way, _not_writable])
def test_a_target_that_cannot_be_taken_is_left_as_it_was(make, output, tmp_path, capsys):
    target = tmp_path / "above" / "target"
    if make is not _file_above:
        target.parent.mkdir()
    make(target)
    before = _tree(tmp_path)
    assert run(["render", str(target), "--preset", "network-only", "--verify", "none", "--output", output]) == 1
    assert _tree(tmp_path) == before
    printed = capsys.readouterr()
    assert str(target if make is not _file_above else target.parent) in printed.err
    assert "Traceback" not in printed.err
    assert "Internal error" not in printed.err
    if output == "json":
        assert json.loads(printed.out)["kind"] == "error"


def _tree(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() if path.is_file() else "" for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--preset", "plattform"], "platform"),
        (["--preset", "platform@1999-01-01"], "platform@"),
        (["--answers", "missing.yaml"], "there is no such file"),
        (["--set", "name"], "--set name=platform"),
        (["--set", "azs=[1"], "not YAML"),
        (["--set", "name=shop"], "owner"),
    ],
)
def test_sources_that_cannot_be_used_are_said_so(arguments, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["render", "target", *arguments, "--verify", "none"]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err
    assert not (tmp_path / "target").exists()


def test_what_is_wrong_in_every_source_is_said_at_once(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.yaml").write_text("name: a\nname: b\n")
    (tmp_path / "two.yaml").write_text("azs: &x 3\n")
    monkeypatch.setenv("SCAFFOLD_AZS", "[1")
    sources = ["--answers", "one.yaml", "--answers", "two.yaml", "--set", "arch=}", "--set", "region"]
    assert run(["render", "target", *sources, "--verify", "none"]) == 1
    printed = capsys.readouterr().err
    assert "error one.yaml (one.yaml line 2): name is given twice.\n  Keep one of the two." in printed
    for said in ("two.yaml line 1", "azs (environment SCAFFOLD_AZS)", "arch (--set arch)", "--set: 'region'"):
        assert said in printed
    assert printed.count("error ") == 5


def test_the_example_in_the_readme_is_what_its_command_says(tmp_path, capsys, monkeypatch):
    readme = (TEMPLATES.parent / "README.md").read_text()
    (answers,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    ((command, shown),) = re.findall(r"```console\n\$ scaffold (.*?)\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "shop.yaml").write_text(answers)
    monkeypatch.chdir(tmp_path)
    assert run(command.split()) == 1
    assert capsys.readouterr().err.split() == shown.split()
    assert all(len(line) <= 120 for line in shown.splitlines())


def test_an_environment_variable_is_named_where_it_is_wrong(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SCAFFOLD_NETWORK__NAT", "every-az")
    assert run(["render", str(tmp_path / "target"), "--preset", "network-only", "--verify", "none"]) == 1
    assert "environment SCAFFOLD_NETWORK__NAT" in capsys.readouterr().err
