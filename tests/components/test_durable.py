"""Durable Lambda functions: what the opinions refuse, what follows from the answers, and what is rendered."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from scaffold.answers.durable import REFUSED, Runtime, needs_network
from scaffold.answers.model import Answers, rules
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.blueprint import build, inventory_of
from scaffold.blueprint.durable import ALARMS, FUNCTIONS, LOG_GROUPS, environment_facts, module_facts
from scaffold.facts.functions import may_be_durable
from scaffold.files import File
from scaffold.render import render
from scaffold.repository.reading import repository_of
from scaffold.verify import Level, verify
from scaffold.verify.verdict import Status
from tests.support.rendering import preset, tree_of
from tests.support.schema_provider import schema_mirror, terraform_env

TOPIC = "arn:aws:sns:eu-central-1:123456789012:on-call"
MODULE = "modules/lambda-durable"
JWT = "authorizer: jwt, jwt_issuer: 'https://login.example.com/', jwt_audience: [orders]"
COMMON = """
name: shop
region: eu-central-1
owner: team
cost_center: shops
capacity: [lambda-durable]
"""


def answers(**changes: Any) -> Answers:
    durable = {"alarm_topic_arns": [TOPIC], **changes.pop("durable", {})}
    known: dict[str, Any] = {
        "name": "shop",
        "environment": "prod",
        "production": True,
        "region": "eu-central-1",
        "owner": "team",
        "cost_center": "shops",
        "capacity": ["lambda-durable"],
    }
    return Answers.model_validate({**known, **changes, "durable": durable})


def problems(**changes: Any) -> dict[str, Problem]:
    return {problem.path: problem for problem in rules(answers(**changes))}


def rendered(text: str = "", common: str = COMMON) -> dict[str, str]:
    """Return the files of COMMON with more answers, by path."""
    return {file.path: file.text for file in render(resolve(merge([from_text(common + text, "test")]))).files}


def refused(text: str) -> list[Problem]:
    with pytest.raises(AnswersError) as error:
        resolve(merge([from_text(COMMON + text, "test")]))
    return list(error.value.problems)


def written(files: dict[str, str], folder: Path) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return folder


# What the opinions refuse


def test_plain_answers_have_no_problems():
    assert problems() == {}


def test_alarms_that_tell_nobody_are_advised_against_in_production():
    found = problems(durable={"alarm_topic_arns": []})["durable.alarm_topic_arns"]
    assert (found.rule, found.level) == ("D7", "warning")
    assert problems(durable={"alarm_topic_arns": []}, production=False).get("durable.alarm_topic_arns") is None


@pytest.mark.parametrize("key", ["jwt_issuer", "jwt_audience"])
def test_tokens_need_an_issuer_and_an_audience(key: str):
    whole = {"authorizer": "jwt", "jwt_issuer": "https://login.example.com/", "jwt_audience": ["orders"]}
    assert problems(durable=whole) == {}
    found = problems(durable={name: value for name, value in whole.items() if name != key})[f"durable.{key}"]
    assert (found.rule, found.level) == ("D5", "error")
    unused = problems(durable={**whole, "authorizer": "iam"})[f"durable.{key}"]
    assert (unused.rule, unused.level) == ("D5", "warning")


@pytest.mark.parametrize("issuer", ["http://login.example.com/", "login.example.com", "https://", "https://a b.com"])
def test_an_issuer_that_is_no_address_with_https_is_refused(issuer: str):
    (found,) = refused(f"durable: {{authorizer: jwt, jwt_issuer: '{issuer}', jwt_audience: [orders]}}")
    assert (found.path, found.rule) == ("durable.jwt_issuer", "D5")


@pytest.mark.parametrize(
    ("key", "value"),
    [("execution_timeout", 0), ("execution_timeout", 31_622_401), ("retention_period", 0), ("retention_period", 91)],
)
def test_figures_that_lambda_refuses_are_refused(key: str, value: int):
    (found,) = refused(f"durable: {{{key}: {value}}}")
    assert (found.path, found.rule) == (f"durable.{key}", "D1")


@pytest.mark.parametrize("key", ["execution_timeout", "retention_period"])
def test_the_outermost_figures_are_taken(key: str):
    for value in (1, {"execution_timeout": 31_622_400, "retention_period": 90}[key]):
        assert problems(durable={key: value}) == {}


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_what_durable_functions_lack_is_refused_with_the_reason(key: str):
    (found,) = refused(f"durable: {{{key}: 1}}")
    assert (found.path, found.rule, found.message) == (f"durable.{key}", REFUSED[key][0], REFUSED[key][1])


@pytest.mark.parametrize("runtime", ["python3.12", "nodejs20.x", "java8.al2", "provided.al2023"])
def test_a_runtime_that_the_sample_is_not_written_for_is_refused_with_the_list(runtime: str):
    (found,) = refused(f"durable: {{runtime: {runtime}}}")
    assert (found.path, found.rule) == ("durable.runtime", "D1")
    assert "python3.14" in found.message


@pytest.mark.parametrize(("key", "value"), [("runtime", "nodejs24.x"), ("authorizer", "jwt")])
def test_environments_share_the_workflow_and_its_api(key: str, value: str):
    found = refused(f"environments: {{dev: {{durable: {{{key}: {value}}}}}, prod: {{}}}}")
    assert f"environments.dev.durable.{key}" in {problem.path for problem in found}


# What follows from the answers


def test_it_runs_in_no_vpc():
    assert not needs_network(answers())


@pytest.mark.parametrize(
    ("seconds", "words"), [(604_800, "7 days"), (86_400, "1 day"), (5_400, "90 minutes"), (61, "61 seconds")]
)
def test_the_time_of_an_execution_is_said_in_words(seconds: int, words: str):
    assert environment_facts(answers(durable={"execution_timeout": seconds})).execution_time == words


@pytest.mark.parametrize("runtime", get_args(Runtime))
def test_each_runtime_is_built_for_itself(runtime: str):
    workflow = module_facts([environment_facts(answers(durable={"runtime": runtime}))]).workflow
    assert workflow.python != workflow.nodejs
    assert f"{'python' if workflow.python else 'nodejs'}{workflow.version}" == runtime.removesuffix(".x")
    assert workflow.nodejs or f"--python-version {workflow.version}" in workflow.build_command


def test_what_is_said_to_cost_money_is_what_is_rendered():
    project = resolve(merge([from_text(COMMON, "test")]))
    inventory = inventory_of(build(project).environments[0])
    roots = repository_of([File(path, text) for path, text in rendered().items()]).roots
    (root,) = (root for root in roots if root.path == f"environments/{inventory.environment}")
    made = Counter(each.type for each in root.instances if each.module == "module.lambda_durable")
    assert made["aws_lambda_function"] == len(inventory.functions) == FUNCTIONS
    assert sum(may_be_durable(each) for each in root.of("aws_lambda_function")) == inventory.durable_functions == 1
    assert made["aws_cloudwatch_metric_alarm"] == inventory.alarms == ALARMS
    assert made["aws_apigatewayv2_api"] == inventory.http_apis == 1
    assert made["aws_cloudwatch_log_group"] == LOG_GROUPS
    assert made["aws_kms_key"] == 1


# What is rendered


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ("execution_timeout: 3600", "execution_timeout: 7200", {"README.md"}),
        ("throttling_rate_limit: 5", "throttling_rate_limit: 6", {"README.md"}),
        ("log_retention_days: 365", "log_retention_days: 400", set()),
    ],
)
def test_one_answer_changes_only_the_lines_about_it(one: str, other: str, paths: set[str]):
    first, second = rendered(f"durable: {{{one}}}"), rendered(f"durable: {{{other}}}")
    changed = {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
    assert changed == {"scaffold.yaml", "environments/dev/main.tf", "environments/prod/main.tf", *paths}


def test_one_language_is_rendered():
    assert {path for path in rendered() if path.startswith("functions/") and path.endswith(".mjs")} == set()
    node = rendered("durable: {runtime: nodejs24.x}")
    assert {path for path in node if path.startswith("functions/") and path.endswith((".py", ".txt"))} == set()
    assert "functions/workflow/package.json" in node


def test_with_iam_nothing_of_tokens_is_rendered():
    text = "\n".join(text for path, text in rendered().items() if path.endswith((".tf", ".md")))
    assert "jwt" not in text
    assert "jwt_issuer" in rendered(f"durable: {{{JWT}}}")["environments/prod/main.tf"]


def test_the_suppression_of_short_log_retention_comes_with_short_log_retention():
    assert "CKV_AWS_338" not in rendered()[f"{MODULE}/logs.tf"]
    assert "CKV_AWS_338" in rendered("durable: {log_retention_days: 30}")[f"{MODULE}/logs.tf"]


def test_every_suppression_gives_its_reason():
    suppressions = [
        line
        for path, text in rendered("durable: {log_retention_days: 30}").items()
        if path.startswith(MODULE)
        for line in text.splitlines()
        if "checkov:skip" in line
    ]
    assert suppressions
    assert all(re.search(r"#checkov:skip=CKV2?_AWS_\d+: \w+.{10,}", line) for line in suppressions)


def test_the_package_is_built_before_a_plan_and_the_tests_run_in_ci():
    for runtime in ("python3.13", "nodejs24.x"):
        files = rendered(f"durable: {{runtime: {runtime}}}")
        assert "\nplan: build-workflow\n" in files["Makefile"]
        ci = files[".github/workflows/terraform.yml"]
        assert ci.index("make test-workflow") < ci.index("make build-workflow") < ci.index("terraform -chdir=environ")


def test_the_readme_says_how_to_approve_to_change_code_and_to_tear_down():
    readme = rendered()["README.md"]
    for wanted in ("/decision", "stop-durable-execution", "cannot be added", "terraform destroy", "aws-sigv4"):
        assert wanted in readme
    assert "oauth2-bearer" in rendered(f"durable: {{{JWT}}}")["README.md"]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_readmes_calls_are_signed_in_every_shell(shell: str):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on PATH")
    blocks = re.findall(r"^```sh\n(.*?)^```", rendered()["README.md"], re.MULTILINE | re.DOTALL)
    calls = "".join(block for block in blocks if "curl" in block)
    stubs = "terraform() { echo https://api/; }\ncurl() { echo call; printf '%s\\n' \"$@\"; }\n"
    keys = "AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=token\n"
    done = subprocess.run([shell, "-c", stubs + keys + calls], capture_output=True, text=True, check=True)
    asked = [call.splitlines() for call in done.stdout.split("call\n")[1:]]
    assert [call[7] for call in asked] == [
        "https://api/orders",
        "https://api/orders/o-1",
        "https://api/orders/o-1/decision",
    ]
    for call in asked:
        assert call[1:5] == ["--user", "id:secret", "--aws-sigv4", "aws:amz:eu-central-1:execute-api"]
        assert call[5:7] == ["--header", "x-amz-security-token: token"]


def test_who_may_call_is_told_the_apis_arn_unless_tokens_let_them_in():
    files = rendered()
    assert 'output "workflow_api_execution_arn"' in files["environments/prod/outputs.tf"]
    for told in (files["README.md"], files[f"{MODULE}/outputs.tf"]):
        assert "/*/POST/orders/*/decision" in told
    assert "api_execution_arn" not in rendered(f"durable: {{{JWT}}}")["environments/prod/outputs.tf"]


def test_beside_managed_instances_nothing_collides():
    both = "capacity: [lambda-managed-instances, lambda-durable]\nlmi: {max_vcpu_count: 24}\n"
    files = rendered("", COMMON.replace("capacity: [lambda-durable]\n", both))
    assert {"functions/workflow/src/workflow.py", "functions/worker/src/handler.py"} <= set(files)
    outputs = re.findall(r'^output "(\w+)"', files["environments/prod/outputs.tf"], re.MULTILINE)
    assert len(outputs) == len(set(outputs))
    targets = re.findall(r"^([a-z-]+):", files["Makefile"], re.MULTILINE)
    repeated = {target for target in targets if targets.count(target) > 1}
    assert repeated <= {"plan"}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param((), id="plain"),
        pytest.param((f"durable={{{JWT}, runtime: nodejs24.x, log_retention_days: 30}}", "arch=x86_64"), id="tokens"),
        pytest.param(
            ("capacity=[lambda-durable, lambda-managed-instances]", "lmi.max_vcpu_count=24"), id="managed instances"
        ),
    ],
)
def test_all_verifiers_that_run_here_pass(settings: tuple[str, ...]):
    verdicts = verify(tree_of(preset("durable-workflow", *settings)), Level.FULL)
    assert {verdict.verifier: verdict.findings for verdict in verdicts if verdict.status is Status.FAILED} == {}
    assert {"opinions", "provider schema"} <= {each.verifier for each in verdicts if each.status is Status.PASSED}


# The sample, as it is rendered


def test_the_sample_in_python_passes_its_own_tests_without_the_sdk(tmp_path: Path):
    folder = written(rendered(), tmp_path) / "functions/workflow"
    done = subprocess.run(
        [sys.executable, "-I", "-m", "unittest", "discover", "-v", "-s", "tests"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("... ok") == sum(
        path.read_text().count("    def test_") for path in folder.glob("tests/*.py")
    )


def test_the_sample_in_node_passes_its_own_tests_without_the_sdk(tmp_path: Path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on PATH")
    folder = written(rendered("durable: {runtime: nodejs24.x}"), tmp_path) / "functions/workflow"
    files = [str(path.relative_to(folder)) for path in sorted(folder.glob("tests/*.test.mjs"))]
    done = subprocess.run([node, "--test", *files], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"# fail 0", done.stdout)


def test_the_package_in_python_is_what_its_list_says_and_nothing_more(tmp_path: Path):
    files = rendered()
    assert "--no-deps" in files["Makefile"]
    listed = files["functions/workflow/requirements.txt"]
    pinned = dict(line.split("==") for line in listed.splitlines() if not line.startswith("#"))
    (tmp_path / "requirements.txt").write_text(listed)

    def resolved(*arguments: str) -> subprocess.CompletedProcess[str]:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=0")
        resolve_only = ("--dry-run", "--ignore-installed", "--report=-", "--only-binary=:all:", "--target=.")
        return subprocess.run([*pip, *resolve_only, *arguments], cwd=tmp_path, capture_output=True, text=True)

    if resolved("six").returncode != 0:
        pytest.skip("no package index is reached")
    for version in ("3.13", "3.14"):
        done = resolved(f"--python-version={version}", "--requirement=requirements.txt")
        assert done.returncode == 0, done.stderr
        metadata = [each["metadata"] for each in json.loads(done.stdout)["install"]]
        assert {each["name"]: each["version"] for each in metadata} == pinned


def test_the_package_in_node_is_what_its_lock_says(tmp_path: Path):
    files = rendered("durable: {runtime: nodejs24.x}")
    manifest = json.loads(files["functions/workflow/package.json"])
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in manifest["dependencies"].values())
    (build,) = re.findall(r"^\tcd functions/workflow && (.*npm .*)$", files["Makefile"], re.MULTILINE)
    # npm, as one that says what it was asked and makes what it was asked for.
    npm = (
        'npm() { echo "$1 $2"; mkdir -p node_modules; '
        'if [ "$2" = --package-lock-only ]; then touch package-lock.json; fi; }\n'
    )
    folder = written(files, tmp_path) / "functions/workflow"
    asked = [
        subprocess.run(["sh", "-c", npm + build], cwd=folder, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert asked == ["install --package-lock-only\nci --omit=dev\n", "ci --omit=dev\n"]


@pytest.mark.parametrize("change", ['name="validate"', 'name="charge"'])
def test_the_samples_tests_notice_a_workflow_that_is_not_deterministic(change: str, tmp_path: Path):
    folder = written(rendered(), tmp_path) / "functions/workflow"
    order = folder / "src/order.py"
    text = order.read_text()
    assert change in text
    order.write_text("import uuid\n" + text.replace(change, "name=str(uuid.uuid4())"))
    done = subprocess.run(
        [sys.executable, "-I", "-m", "unittest", "discover", "-s", "tests"], cwd=folder, capture_output=True, text=True
    )
    assert "not deterministic" in done.stderr


# Terraform's own word


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which Terraform finds providers that serve the newest schemas."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    return terraform_env(schema_mirror(tmp_path_factory.getbasetemp() / "schema"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="plain"),
        pytest.param(
            f"durable: {{runtime: nodejs24.x, {JWT}, alarm_topic_arns: ['{TOPIC}'], log_retention_days: 30}}\n"
            "environments: {dev: {durable: {execution_timeout: 60, retention_period: 1}}, prod: {}}",
            id="everything",
        ),
    ],
)
def test_the_module_is_valid_and_its_tests_pass(text: str, terraform: dict[str, str], tmp_path: Path):
    written(rendered(text), tmp_path)

    def run(folder: str, *arguments: str) -> None:
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"], cwd=tmp_path / folder, env=terraform, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run(".", "fmt", "-check", "-recursive")
    for folder in (MODULE, "environments/dev", "environments/prod"):
        run(folder, "init", "-backend=false")
        run(folder, "validate")
    run(MODULE, "test")
