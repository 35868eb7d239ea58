"""A component that is a folder outside the package: it renders, verifies, is asked about and updated like ours."""

import json
import re
from pathlib import Path

import pytest
import yaml

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.declared import PARTS
from scaffold.resources import TEMPLATES
from scaffold.verify import FAST
from tests.cli.commands import QUICK, document, statuses
from tests.elsewhere.stranger import COMPONENT, written
from tests.wizard.terminal import DOWN, ENTER, SPACE, Wizard

Capture = pytest.CaptureFixture[str]

SHOP = [f"--set={answer}" for answer in ("name=shop", "region=us-east-1", "owner=a", "cost_center=b")]
ALONE = [*SHOP, "--set=capacity=[work-queue]"]
TOGETHER = [*SHOP, "--set=capacity=[work-queue,eks-auto-mode]"]


@pytest.fixture
def templates(tmp_path: Path) -> list[str]:
    """The option that names the stranger's folder."""
    return ["--templates", str(written(tmp_path / "theirs"))]


def test_it_renders_and_every_verifier_passes_it(templates: list[str], capsys: Capture, tmp_path: Path) -> None:
    found = document(capsys, "render", "out", *TOGETHER, *templates, "--verify", "full")
    assert {"modules/work-queue/main.tf", "modules/network/main.tf"} <= set(statuses(found))
    assert {entry["status"] for entry in found["verification"] if entry["verifier"] != "terraform"} == {"passed"}
    main = (tmp_path / "out/environments/dev/main.tf").read_text()
    assert 'module "work_queue"' in main
    assert 'module "eks"' in main
    assert "prod: 300 seconds for a message." in (tmp_path / "out/README.md").read_text()


def test_what_runs_in_no_vpc_gets_none(templates: list[str], capsys: Capture, tmp_path: Path) -> None:
    found = document(capsys, "render", "out", *ALONE, *templates, "--verify", "fast")
    paths = set(statuses(found))
    assert not [path for path in paths if "network" in path or "availability_zones" in path]
    assert {entry["status"] for entry in found["verification"] if entry["verifier"] in FAST} <= {"passed", "not run"}
    assert [entry["verifier"] for entry in found["verification"] if entry["findings"]] == []
    assert (tmp_path / "out/modules/work-queue/versions.tf").read_text().count('"~> 6.10"') == 1
    assert {line["id"] for cost in found["cost"] for line in cost["lines"]} == {"kms-keys"}


@pytest.mark.parametrize("order", ["standard", "fifo"])
@pytest.mark.parametrize("dead_letters", ["true", "false"])
def test_the_component_of_the_documentation_renders_alone_and_passes(
    capsys: Capture, tmp_path: Path, order: str, dead_letters: str
) -> None:
    page = (Path(__file__).parents[2] / "docs/components.md").read_text()
    blocks = re.findall(r"^`(work-queue/[^`]+)`:\n\n```[a-z]+\n(.*?)^```$", page, re.M | re.S)
    assert {"work-queue/component.yaml", "work-queue/module/tests/queue.tftest.hcl.j2"} <= {path for path, _ in blocks}
    for path, text in blocks:
        (tmp_path / "theirs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "theirs" / path).write_text(text)
    answers = [f"--set=work_queue.order={order}", f"--set=work_queue.dead_letters={dead_letters}"]
    templates = ["--templates", str(tmp_path / "theirs")]
    found = document(capsys, "render", "out", *ALONE, *answers, *templates, "--verify", "fast")
    assert [entry["verifier"] for entry in found["verification"] if entry["findings"]] == []
    assert "modules/network/main.tf" not in statuses(found)


def test_an_answer_that_an_environment_changes_reaches_its_terraform(templates: list[str], tmp_path: Path) -> None:
    more = [
        "--set=environments.dev={}",
        "--set=work_queue.team=orders",
        "--set=environments.prod.work_queue.visibility_timeout_seconds=900",
    ]
    assert run(["render", "out", *ALONE, *templates, *more, *QUICK]) == Exit.CLEAN
    assert "= 900" in (tmp_path / "out/environments/prod/main.tf").read_text()
    dev = (tmp_path / "out/environments/dev/main.tf").read_text()
    assert "= 300" in dev
    assert '"orders"' in dev


def test_a_condition_reads_what_the_environments_answer(templates: list[str], tmp_path: Path) -> None:
    none = ["--set=work_queue.dead_letters=false"]
    assert run(["render", "out", *ALONE, *templates, *none, *QUICK]) == Exit.CLEAN
    assert not (tmp_path / "out/modules/work-queue/dead_letters.tf").exists()


@pytest.mark.parametrize(
    ("setting", "path", "said"),
    [
        ("work_queue.visibility_timeout_seconds=5", "work_queue.visibility_timeout_seconds", "5 is less than 30."),
        ("work_queue.order=lifo", "work_queue.order", "'lifo' is not one of standard, fifo."),
        ("work_queue.team=Shop", "work_queue.team", "'Shop' does not have the form it needs."),
        ("work_queue.dead_leters=true", "work_queue.dead_leters", "is not an answer."),
        ("environments.prod.work_queue.order=fifo", "environments.prod.work_queue.order", "is the same in all"),
        ("capacity=[work-queu]", "capacity.0", "'work-queu' is not one of eks-auto-mode, "),
    ],
)
def test_a_wrong_answer_is_named_with_its_mend(
    templates: list[str], capsys: Capture, setting: str, path: str, said: str
) -> None:
    found = document(capsys, "render", "out", *ALONE, *templates, f"--set={setting}", code=Exit.ERROR)
    (problem,) = found["problems"]
    assert problem["path"] == path
    assert said in problem["message"]
    assert problem["mend"]


def test_its_answers_are_listed_and_in_the_schema_for_editors(templates: list[str], capsys: Capture) -> None:
    listed = {entry["path"]: entry for entry in document(capsys, "answers", *templates)["answers"]}
    assert listed["work_queue.visibility_timeout_seconds"]["default"] == "300"
    assert run(["answers", "--schema", *templates]) == Exit.CLEAN
    schema = json.loads(capsys.readouterr().out)
    assert "work-queue" in schema["properties"]["capacity"]["items"]["enum"]
    assert "work_queue" in schema["properties"]
    assert run(["answers", "--schema"]) == Exit.CLEAN
    assert "work" not in capsys.readouterr().out.replace("work in", "").split('"')


def test_the_wizard_offers_it_with_its_line_and_asks_what_it_wants_asked(templates: list[str], tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *templates, *SHOP, "--set=arch=arm64", "--verify", "fast", columns=140)
    wizard.expect("a queue that other teams put work into; for work that may wait.")
    wizard.send(SPACE + DOWN * 5 + SPACE + ENTER)
    wizard.expect("Seconds that a consumer has for a message before another gets it.", "Seconds for one message")
    wizard.send("\b\b\b600" + ENTER)
    wizard.expect("Order of messages")
    wizard.send(DOWN + ENTER)
    wizard.confirm()
    assert wizard.end() == 0
    answers = wizard.answers("shop")
    assert answers["capacity"] == ["work-queue"]
    assert answers["work_queue"] == {"visibility_timeout_seconds": 600, "order": "fifo"}


def test_it_is_compared_and_updated_with_its_edits_kept(templates: list[str], capsys: Capture, tmp_path: Path) -> None:
    assert run(["render", "out", *ALONE, *templates, *QUICK]) == Exit.CLEAN
    assert not document(capsys, "diff", "out", *templates)["differs"]
    main = tmp_path / "out/modules/work-queue/main.tf"
    main.write_text(main.read_text().replace("maxReceiveCount     = 5", "maxReceiveCount     = 9"))
    assert document(capsys, "diff", "out", *templates, code=Exit.DIFFERENCES)["differs"]
    assert run(["update", "out", *templates, "--set=work_queue.team=orders", *QUICK]) == Exit.CLEAN
    assert "maxReceiveCount     = 9" in main.read_text()
    assert "orders" in (tmp_path / "out/environments/dev/main.tf").read_text()


def test_a_variable_names_the_folder_for_every_command(
    templates: list[str], capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCAFFOLD_TEMPLATES", templates[1])
    assert run(["render", "out", *ALONE, *QUICK]) == Exit.CLEAN
    assert not document(capsys, "diff", "out")["differs"]
    assert run(["update", "out", *QUICK]) == Exit.CLEAN
    assert "work_queue.order" in {entry["path"] for entry in document(capsys, "answers")["answers"]}


def test_it_costs_what_it_says_it_has(templates: list[str], capsys: Capture, tmp_path: Path) -> None:
    answers = tmp_path / "a.yaml"
    answers.write_text(yaml.safe_dump({"name": "shop", "region": "us-east-1", "owner": "a", "cost_center": "b"}))
    found = document(capsys, "cost", "--answers", str(answers), "--set=capacity=[work-queue]", *templates)
    assert {line["id"] for each in found["environments"] for line in each["lines"]} == {"kms-keys"}


def test_it_is_a_module_of_its_own(templates: list[str], capsys: Capture, tmp_path: Path) -> None:
    document(capsys, "module", "work-queue", "out", *templates, "--verify", "fast")
    assert "| `visibility_timeout_seconds` |" in (tmp_path / "out/README.md").read_text()
    assert (tmp_path / "out/examples/complete/main.tf").is_file()


def test_without_the_folder_its_repository_says_what_is_missing(templates: list[str], capsys: Capture) -> None:
    assert run(["render", "out", *ALONE, *templates, *QUICK]) == Exit.CLEAN
    found = document(capsys, "update", "out", *QUICK, code=Exit.ERROR)
    said = " ".join(f"{problem['path']} {problem['message']} {problem['mend']}" for problem in found["problems"])
    assert "'work-queue' is not one of" in said
    assert "--templates" in said


def _with(old: str, new: str) -> str:
    assert old in COMPONENT
    return COMPONENT.replace(old, new, 1)


_MISSING = "work-queue/component.yaml: providers.archive.version: it is missing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            _with("default: 300", "default: 5"),
            "work-queue/component.yaml: answers.visibility_timeout_seconds: the default 5",
        ),
        (_with("default: 300", "default: many"), "the default 'many' is not of type integer"),
        (_with("type: boolean", "type: flag"), "answers.dead_letters.type"),
        (_with("default: standard", "default: lifo"), "answers.order: the default 'lifo' is none of its values"),
        (_with("^[a-z][a-z-]{1,20}$", "("), "answers.team.pattern: '(' is no pattern: unclosed group"),
        (_with("^[a-z][a-z-]{1,20}$", "(?=x)x"), "answers.team.pattern: '(?=x)x' is no pattern: look-around"),
        (_with("inventory: {kms_keys: 1}", "inventory: {kms_keys: -1}"), "inventory.kms_keys: Input should be greater"),
        (_with("needs: []", "needs: []\nproviders: {archive: {source: hashicorp/archive}}"), _MISSING),
        (_with("needs: []", 'needs: []\nproviders: {archive: {source: x, version: ""}}'), "providers.archive.source"),
        (_with("needs: []", 'needs: []\nendpoints: ["no such"]'), "endpoints.0: String should match"),
        (_with("needs: []", "needs: [2]"), "needs.0: this is no component's name"),
        (_with("each: environment", "each: foo"), "trees.1: each is 'foo'; write each: environment"),
        (_with("append: true", "append: 1"), "trees.1: append is 1; it is true or false"),
        (_with("to: modules/work-queue", "to: [modules]"), "trees.0: from and to are folders"),
        (_with(": module.dead_letters.any", ": 1"), "when.module/dead_letters.tf: 1 is no fact's name"),
        (_with("  dead_letters:", "  __class__:"), "answers.__class__"),
        (_with("  dead_letters:", "  model_config:"), "model_config cannot name an answer"),
        (_with("  dead_letters:", "  copy:"), "copy cannot name an answer"),
        (_with("inventory: {kms_keys: 1}", "inventory: {environment: 1}"), "inventory.environment"),
        (_with("needs: []", "needs: []\nkey: network"), "the key network of work-queue is taken"),
        (_with("needs: []", "needs: []\nkey: prefix"), "the key prefix of work-queue is taken"),
        (_with("needs: []", "needs: []\nkey: nat"), "the key nat of work-queue is taken"),
        (_with("needs: []", "needs: []\nkey: Work Queue"), "key is 'Work Queue'"),
        (_with('aws_provider_version: "6.10"', 'aws_provider_version: "latest"'), "aws_provider_version: 'latest'"),
        (_with('"6.10"', '"7.1"'), "aws_provider_version: 7.1 is not from 6.0 to 6.69"),
        (_with('"6.10"', '"6.999"'), "aws_provider_version: 6.999 is not from 6.0 to 6.69"),
        (_with('"6.10"', '"5.100"'), "aws_provider_version: 5.100 is not from 6.0 to 6.69"),
    ],
)
def test_what_is_wrong_with_its_declaration_is_said_with_its_file(
    tmp_path: Path, capsys: Capture, text: str, said: str
) -> None:
    theirs = written(tmp_path / "theirs", **{"component.yaml": text})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


def test_all_that_is_wrong_with_its_declaration_is_said_at_once(tmp_path: Path, capsys: Capture) -> None:
    text = _with("each: environment", "each: foo").replace('"6.10"', '"7.1"').replace("default: 300", "default: 5")
    text = text.replace("kms_keys: 1", "kms_keys: -1").replace("title: Work queue", "title: [Work queue]")
    theirs = written(tmp_path / "theirs", **{"component.yaml": text})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    error = "".join(capsys.readouterr().err.split())
    for said in ("title", "trees.1:", "aws_provider_version:", "answers.visibility_timeout_seconds:", "inventory.kms"):
        assert f"{theirs}/work-queue/component.yaml:{said}" in error


def test_the_shipped_schemas_own_version_of_the_provider_is_accepted(tmp_path: Path) -> None:
    theirs = written(tmp_path / "theirs", **{"component.yaml": _with('"6.10"', '"6.69"')})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.CLEAN
    assert '"~> 6.69"' in (tmp_path / "out/modules/work-queue/versions.tf").read_text()


@pytest.mark.parametrize("name", ["README.foo.md.j2", "README.notes.md", "more/README.notes.md.j2"])
def test_a_part_that_nothing_reads_is_refused_with_the_known_names(tmp_path: Path, capsys: Capture, name: str) -> None:
    theirs = written(tmp_path / "theirs", **{f"parts/{name}": "Read me.\n"})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    error = " ".join(capsys.readouterr().err.split())
    assert f"work-queue/parts/{name}: there is no part of that name" in error
    assert "README.diagram.md.j2, README.tools.md.j2" in error


def test_the_known_parts_are_those_that_the_projects_templates_read() -> None:
    read = {
        part
        for template in (TEMPLATES / "project").rglob("*.j2")
        for part in re.findall(r'component ~ "/parts/([^"]+)"', template.read_text())
    }
    assert set(PARTS) == read


def test_a_part_that_breaks_the_workflow_is_found(templates: list[str], capsys: Capture) -> None:
    part = Path(templates[1]) / "work-queue/parts/workflow.test.yml.j2"
    part.write_text("   - run: [make\n")
    found = document(capsys, "render", "out", *ALONE, *templates, "--verify", "fast", code=Exit.FINDINGS)
    findings = [finding for entry in found["verification"] for finding in entry["findings"]]
    assert [(each["rule"], each["file"]) for each in findings] == [("syntax", ".github/workflows/terraform.yml")]


def test_a_name_of_ours_is_refused(tmp_path: Path, capsys: Capture) -> None:
    theirs = written(tmp_path / "theirs")
    (theirs / "work-queue").rename(theirs / "network")
    (theirs / "network/component.yaml").write_text(COMPONENT.replace("name: work-queue", "name: network"))
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    assert "network is a component of scaffold's own" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_components_is_refused(tmp_path: Path, capsys: Capture, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["render", "out", *ALONE, "--templates", str(tmp_path / name), *QUICK]) == Exit.ERROR
    assert "a folder" in " ".join(capsys.readouterr().err.split())


def test_its_templates_run_nothing(tmp_path: Path, capsys: Capture) -> None:
    hostile = "{{ ''.__class__.__mro__[1].__subclasses__() }}\n"
    theirs = written(tmp_path / "theirs", **{"module__main.tf.j2": hostile})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    assert "unsafe" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", ["../out-of-it", "/tmp/out-of-it", "modules/../../out-of-it"])
def test_what_it_writes_stays_inside(tmp_path: Path, capsys: Capture, to: str) -> None:
    theirs = written(tmp_path / "theirs", **{"component.yaml": _with("to: modules/work-queue", f"to: {to}")})
    assert run(["render", "out", *ALONE, "--templates", str(theirs), *QUICK]) == Exit.ERROR
    assert "lies outside the repository" in " ".join(capsys.readouterr().err.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["theirs"]
