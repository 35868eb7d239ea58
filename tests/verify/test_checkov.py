"""The checkov verifier, on real checkov, and its own checks."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scaffold import scratch
from scaffold.files import File
from scaffold.verify import checkov, checkov_environment
from scaffold.verify.checkov import CheckovScan, own_check_ids, scan, verify
from scaffold.verify.checkov_environment import CheckovUnavailableError, checkov_python, checkov_version
from scaffold.verify.process import environment
from scaffold.verify.verdict import Finding, Status, Tree, Verdict

ENCRYPTED_QUEUE = """\
resource "aws_sqs_queue" "this" {
  name                    = "example"
  sqs_managed_sse_enabled = true
}
"""
PLAIN_QUEUE = ENCRYPTED_QUEUE.replace("= true", "= false")

CAPACITY_PROVIDER = """\
resource "aws_lambda_capacity_provider" "this" {
  name = "example"

  vpc_config {
    subnet_ids         = [aws_subnet.a.id, aws_subnet.b.id]
    security_group_ids = [aws_security_group.this.id]
  }

  capacity_provider_scaling_config {
    max_vcpu_count = 12
    scaling_mode   = "Auto"
  }
}
"""
FUNCTION = """\
resource "aws_lambda_function" "this" {
  function_name = "example"
  publish       = true

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = aws_lambda_capacity_provider.this.arn
    }
  }
}
"""
INTERFACE_ENDPOINT = """\
variable "region" {
  type    = string
  default = "us-east-1"
}

resource "aws_vpc_endpoint" "this" {
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.ecr.api"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.this.id]
}
"""
GATEWAY_ENDPOINT = """\
resource "aws_vpc_endpoint" "this" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.us-east-1.s3"
  vpc_endpoint_type = "Gateway"
}
"""
CLUSTER = """\
resource "aws_eks_cluster" "this" {
  name                          = "example"
  bootstrap_self_managed_addons = false

  compute_config {
    enabled = true
  }

  kubernetes_network_config {
    elastic_load_balancing {
      enabled = true
    }
  }

  storage_config {
    block_storage {
      enabled = true
    }
  }
}
"""
PLAIN_CLUSTER = """\
resource "aws_eks_cluster" "this" {
  name = "example"
}
"""
NAT_GATEWAY = """\
resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.this.id
  subnet_id     = aws_subnet.public.id
}
"""
REGIONAL_NAT_GATEWAY = """\
resource "aws_nat_gateway" "this" {
  availability_mode = "regional"
  vpc_id            = aws_vpc.this.id
}
"""

KEPT_AND_BROKEN = {
    "CKV2_SCAFFOLD_1": [
        (CAPACITY_PROVIDER, ("[aws_security_group.this.id]", "[]")),
        (CAPACITY_PROVIDER, ("    security_group_ids = [aws_security_group.this.id]\n", "")),
        (CAPACITY_PROVIDER.replace("[aws_security_group.this.id]", "var.security_group_ids"), None),
    ],
    "CKV2_SCAFFOLD_2": [
        (CAPACITY_PROVIDER, (", aws_subnet.b.id", "")),
        (CAPACITY_PROVIDER.replace("[aws_subnet.a.id, aws_subnet.b.id]", "values(var.private_subnet_ids)"), None),
        (CAPACITY_PROVIDER.replace("[aws_subnet.a.id, aws_subnet.b.id]", "module.network.private_subnet_ids"), None),
    ],
    "CKV2_SCAFFOLD_3": [
        (CAPACITY_PROVIDER, ("    max_vcpu_count = 12\n", "")),
        (CAPACITY_PROVIDER.replace("= 12", "= var.max_vcpu_count"), None),
        (
            CAPACITY_PROVIDER.replace("scaling_config {\n", "scaling_config = [{\n").replace(
                '"Auto"\n  }', '"Auto"\n  }]'
            ),
            ("    max_vcpu_count = 12\n", ""),
        ),
    ],
    "CKV2_SCAFFOLD_4": [
        (FUNCTION, ("  publish       = true\n", "")),
        (FUNCTION, ("= true", "= false")),
        (FUNCTION.replace("publish       = true", 'publish_to    = "LATEST_PUBLISHED"'), None),
        ('resource "aws_lambda_function" "this" {\n  function_name = "example"\n}\n', None),
    ],
    "CKV2_SCAFFOLD_5": [
        (INTERFACE_ENDPOINT, ("  security_group_ids  = [aws_security_group.this.id]\n", "")),
        (INTERFACE_ENDPOINT, ("[aws_security_group.this.id]", "[]")),
        (GATEWAY_ENDPOINT, None),
    ],
    "CKV2_SCAFFOLD_6": [
        (INTERFACE_ENDPOINT, ("  private_dns_enabled = true\n", "")),
        (INTERFACE_ENDPOINT, ("= true", "= false")),
        (GATEWAY_ENDPOINT.replace('  vpc_endpoint_type = "Gateway"\n', ""), None),
    ],
    "CKV2_SCAFFOLD_7": [
        (GATEWAY_ENDPOINT, ('"Gateway"', '"Interface"')),
        (INTERFACE_ENDPOINT, ("ecr.api", "dynamodb")),
    ],
    "CKV2_SCAFFOLD_8": [
        (CLUSTER, ("  compute_config {\n    enabled = true", "  compute_config {\n    enabled = false")),
        (CLUSTER, ("    block_storage {\n      enabled = true", "    block_storage {\n      enabled = false")),
        (CLUSTER, ("    elastic_load_balancing {\n      enabled = true\n    }\n", "")),
        (CLUSTER, ("  bootstrap_self_managed_addons = false\n", "")),
        (CLUSTER.replace("enabled = true", "enabled = false"), None),
        (PLAIN_CLUSTER, None),
    ],
    "CKV2_SCAFFOLD_9": [
        (NAT_GATEWAY, ("  allocation_id = aws_eip.this.id\n", "")),
        (NAT_GATEWAY, ("{\n", '{\n  connectivity_type = "private"\n')),
        (REGIONAL_NAT_GATEWAY, ('"regional"', '"zonal"')),
    ],
}
"""For each own check texts that keep it, and what to replace in them by what to break it (None: only kept)."""
CASES = [(rule, text, change) for rule, cases in KEPT_AND_BROKEN.items() for text, change in cases]


@pytest.fixture(scope="session", autouse=True)
def installed() -> Path:
    """Install checkov before the first test here, or skip them all."""
    try:
        return checkov_python()
    except CheckovUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def judge() -> Iterator[Callable[..., Verdict]]:
    trees: list[Tree] = []

    def judge(**files: str) -> Verdict:
        trees.append(Tree(tuple(File(name.replace("__", "/") + ".tf", text) for name, text in files.items())))
        return verify(trees[-1])

    yield judge
    for tree in trees:
        tree.close()


@pytest.fixture(scope="session")
def own_check_scans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckovScan]:
    """Every text of `KEPT_AND_BROKEN`, kept and broken, scanned by one process."""
    texts = [text for _, text, _ in CASES] + [text.replace(*change) for _, text, change in CASES if change]
    folders = [tmp_path_factory.mktemp("case") for _ in texts]
    for folder, text in zip(folders, texts, strict=True):
        (folder / "main.tf").write_text(text)
    return dict(zip(texts, scan(folders), strict=True))


def failed_ids(result: CheckovScan) -> set[str]:
    return {record.id for record in result.failed}


@pytest.mark.parametrize(("rule", "text", "change"), CASES)
def test_each_own_check_passes_what_keeps_it_and_fails_what_breaks_it(
    rule: str, text: str, change: tuple[str, str] | None, own_check_scans: dict[str, CheckovScan]
) -> None:
    assert rule not in failed_ids(own_check_scans[text])
    if change:
        broken = text.replace(*change)
        assert broken != text
        assert rule in failed_ids(own_check_scans[broken])


def test_every_own_check_is_tested_and_its_id_is_its_own() -> None:
    assert own_check_ids() == set(KEPT_AND_BROKEN)
    assert len(list(checkov.OWN_CHECKS.glob("*.yaml"))) == len(KEPT_AND_BROKEN)


def test_a_clean_tree_passes_and_the_verdict_says_what_was_looked_at(judge: Callable[..., Verdict]) -> None:
    verdict = judge(main=ENCRYPTED_QUEUE + '\ndata "aws_region" "current" {}\n')
    assert (verdict.status, verdict.findings) == (Status.PASSED, ())
    assert f"checkov {checkov_version()}" in verdict.reason
    assert "on 2 resources and data sources, 0 suppressed in the code" in verdict.reason


def test_a_failed_check_names_file_line_rule_and_mend(judge: Callable[..., Verdict]) -> None:
    verdict = judge(modules__queue__main="# a queue\n\n" + PLAIN_QUEUE)
    assert verdict.status is Status.FAILED
    assert verdict.findings == (
        Finding(
            "CKV_AWS_27",
            "aws_sqs_queue.this: Ensure all data stored in the SQS queue is encrypted failed.",
            "modules/queue/main.tf",
            3,
            "Mend it, or suppress it in the block with its reason: #checkov:skip=CKV_AWS_27: <reason>",
        ),
    )


def test_a_module_called_by_several_environments_is_told_of_once(judge: Callable[..., Verdict]) -> None:
    call = 'module "queue" {\n  source   = "../../modules/queue"\n  for_each = toset(["a", "b"])\n}\n'
    verdict = judge(environments__dev__main=call, environments__prod__main=call, modules__queue__main=PLAIN_QUEUE)
    assert [(finding.rule, finding.file, finding.line) for finding in verdict.findings] == [
        ("CKV_AWS_27", "modules/queue/main.tf", 1)
    ]


@pytest.mark.parametrize("comment", ["#checkov:skip=CKV_AWS_27", "#checkov:skip=CKV_AWS_27:  "])
def test_a_suppression_without_a_reason_is_a_finding(comment: str, judge: Callable[..., Verdict]) -> None:
    verdict = judge(main=PLAIN_QUEUE.replace("{\n", "{\n  " + comment + "\n"))
    assert [(finding.rule, finding.line) for finding in verdict.findings] == [("S4", 1)]
    assert "aws_sqs_queue.this suppresses CKV_AWS_27 without a reason" in verdict.findings[0].message


def test_a_suppression_with_its_reason_is_no_finding_and_is_counted(judge: Callable[..., Verdict]) -> None:
    verdict = judge(main=PLAIN_QUEUE.replace("{\n", "{\n  #checkov:skip=CKV_AWS_27: holds public data\n"))
    assert verdict.status is Status.PASSED
    assert "1 suppressed in the code" in verdict.reason


def test_an_own_check_is_suppressed_like_any_other(judge: Callable[..., Verdict]) -> None:
    text = REGIONAL_NAT_GATEWAY.replace('"regional"', '"zonal"')
    assert "CKV2_SCAFFOLD_9" in {finding.rule for finding in judge(main=text).findings}
    text = text.replace("{\n", "{\n  #checkov:skip=CKV2_SCAFFOLD_9: an example\n")
    assert "CKV2_SCAFFOLD_9" not in {finding.rule for finding in judge(main=text).findings}


def test_a_file_that_checkov_cannot_parse_fails(judge: Callable[..., Verdict]) -> None:
    verdict = judge(main=ENCRYPTED_QUEUE, broken='resource "aws_vpc" "this" {\n')
    assert verdict.status is Status.FAILED
    assert [(finding.rule, finding.file) for finding in verdict.findings] == [("unparsed", "broken.tf")]


def test_a_tree_without_terraform_is_not_passed() -> None:
    verdict = verify(Tree((File("README.md", "# nothing\n"),)))
    assert (verdict.status, verdict.reason) == (Status.NOT_RUN, "no Terraform files")


def test_hidden_folders_and_node_modules_are_looked_at(judge: Callable[..., Verdict]) -> None:
    verdict = judge(**{".hidden__main": PLAIN_QUEUE, "node_modules__x__main": PLAIN_QUEUE})
    assert [finding.file for finding in verdict.findings] == [".hidden/main.tf", "node_modules/x/main.tf"]


def test_a_resource_that_checkov_passed_over_is_a_finding(judge: Callable[..., Verdict]) -> None:
    # checkov drops the folder that Terraform keeps its own downloads in.
    verdict = judge(main=ENCRYPTED_QUEUE, **{".terraform__main": "\n" + PLAIN_QUEUE})
    assert [(finding.rule, finding.file, finding.line) for finding in verdict.findings] == [
        ("unread", ".terraform/main.tf", 2)
    ]


def test_json_configuration_is_told_to_be_unread() -> None:
    tree = Tree((File("main.tf", ENCRYPTED_QUEUE), File("more.tf.json", "{}")))
    verdict = verify(tree)
    tree.close()
    assert [(finding.rule, finding.file) for finding in verdict.findings] == [("unread", "more.tf.json")]


def test_a_key_with_a_dot_that_confuses_checkovs_graph_is_a_finding(judge: Callable[..., Verdict]) -> None:
    verdict = judge(main="\n" + ENCRYPTED_QUEUE.replace("{\n", '{\n  for_each = toset(["ecr.api", "sts"])\n'))
    assert [(finding.rule, finding.file, finding.line) for finding in verdict.findings] == [("unread", "main.tf", 2)]
    assert 'aws_sqs_queue.this["ecr.api"]' in verdict.findings[0].message


def test_many_folders_are_scanned_by_one_process_without_disturbing_each_other(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abcd"]
    for folder, text in zip(folders, [PLAIN_QUEUE, ENCRYPTED_QUEUE] * 2, strict=True):
        folder.mkdir()
        (folder / "main.tf").write_text(text)
    scans = scan(folders)
    assert [failed_ids(result) for result in scans] == [{"CKV_AWS_27"}, set()] * 2
    assert [scan([folder])[0] for folder in folders[:2]] == scans[:2]


def test_a_scan_makes_no_network_call(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ENCRYPTED_QUEUE)
    spy = f"""
import os, runpy, sys
def deny(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"network: {{event}} {{arguments}}".encode())
        os._exit(97)
sys.addaudithook(deny)
if "--self-test" in sys.argv:
    import socket; socket.getaddrinfo("localhost", 80)
runpy.run_path({str(checkov.WORKER)!r}, run_name="__main__")
"""
    task = f'{{"folders": ["{tmp_path}"], "checks": "{checkov.OWN_CHECKS}"}}'
    for argument, code in (("--self-test", 97), ("--scan", 0)):
        ended = subprocess.run(
            [installed, "-I", "-c", spy, argument],
            input=task,
            env=environment(**checkov.SETTINGS),
            capture_output=True,
            text=True,
        )
        assert ended.returncode == code, ended.stderr


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import os; os.abort()", r"crashed with code -6"),
        ("raise SystemExit('no such thing')", r"crashed with code 1: no such thing"),
        ("print('hello')", r"answered something that is no result"),
        ("print('[]')", r"answered for 0 folders of 1"),
        ("print('[7]')", r"answered something that is no result"),
        ("import time; time.sleep(600)", r"did not end within 1 s"),
    ],
    ids=["aborts", "gives up", "prints garbage", "prints too little", "prints another shape", "hangs"],
)
def test_a_misbehaving_worker_is_not_run_and_says_why(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[..., Verdict]
) -> None:
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(checkov, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(checkov, "SECONDS", 1 if "sleep" in script else 60)
    verdict = judge(main=ENCRYPTED_QUEUE)
    assert verdict.status is Status.NOT_RUN
    assert re.search(reason, verdict.reason), verdict.reason


def test_checks_of_ours_that_did_not_load_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[..., Verdict]
) -> None:
    # checkov passes over a policy it does not understand with a line in its log.
    (tmp_path / "bad.yaml").write_text("metadata:\n  id: CKV2_SCAFFOLD_99\n  name: no definition\n")
    monkeypatch.setattr(checkov, "OWN_CHECKS", tmp_path)
    verdict = judge(main=ENCRYPTED_QUEUE)
    assert verdict.status is Status.NOT_RUN
    assert "did not load all of the checks" in verdict.reason


def test_without_network_checkov_is_not_run_and_the_cache_stays_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[..., Verdict]
) -> None:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    verdict = judge(main=ENCRYPTED_QUEUE)
    assert verdict.status is Status.NOT_RUN
    assert f"checkov {checkov_version()} could not be installed: " in verdict.reason
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named_before_anything_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    told: list[str] = []
    with pytest.raises(checkov_environment.CheckovUnavailableError) as caught:
        checkov_python(told.append)
    assert str(caught.value) == (
        f"the cache {tmp_path / 'cache'} cannot be written (File exists); name another folder with SCAFFOLD_CACHE_DIR"
    )
    assert told == []


def test_an_installed_checkov_is_used_without_network_or_progress(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path))
    told: list[str] = []
    assert checkov_python(told.append).exists()
    assert told == []


def test_two_installations_at_once_end_with_one_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path))
    told: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(checkov_python, [told.append] * 2)
    assert first == second
    assert told == [f"installing checkov {checkov_version()} (220 MB, once)"] * 2
    assert [path.name for path in tmp_path.iterdir()] == [first.parent.parent.name]
    (tmp_path / "main.tf").write_text(ENCRYPTED_QUEUE)
    assert scan([tmp_path])[0].passed > 0


def test_an_environment_whose_python_is_gone_is_replaced(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path))
    stale = tmp_path / installed.parent.parent.name
    (stale / "bin").mkdir(parents=True)
    (stale / "bin" / "python").symlink_to(tmp_path / "uninstalled")
    monkeypatch.setattr(checkov_environment, "_build", lambda home: (home / "bin").mkdir(parents=True))
    checkov_python()
    assert list((stale / "bin").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == [stale.name]


def linked(environment: Path, to: Path) -> Path:
    """Copy an environment by links, which takes no room; a file of it is to be replaced, not written."""
    return shutil.copytree(environment, to, symlinks=True, copy_function=os.link)


@pytest.mark.parametrize("damage", ["a check is missing", "a module is missing", "a file is cut short", "no records"])
def test_a_damaged_environment_is_noticed_and_built_anew(
    damage: str, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[..., Verdict]
) -> None:
    whole = installed.parent.parent
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    home = linked(whole, tmp_path / "cache" / whole.name)
    (packages,) = home.glob("lib/python*/site-packages")
    check = packages / "checkov/terraform/checks/resource/aws/SQSQueueEncryption.py"
    assert check.exists()
    if damage == "a check is missing":
        check.unlink()
    elif damage == "a module is missing":
        shutil.rmtree(packages / "networkx")
    elif damage == "a file is cut short":
        check.unlink()
        check.write_text("")
    else:
        for records in packages.glob("checkov-*.dist-info"):
            shutil.rmtree(records)
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(linked(whole, folder))

    monkeypatch.setattr(checkov_environment, "_build", build)
    verdict = judge(main=PLAIN_QUEUE)
    assert [finding.rule for finding in verdict.findings] == ["CKV_AWS_27"], verdict.reason
    assert len(built) == 1
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {whole.name, f"{whole.name}.lock"}


def test_a_damaged_environment_that_cannot_be_built_anew_is_not_run_and_named(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[..., Verdict]
) -> None:
    whole = installed.parent.parent
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    home = linked(whole, tmp_path / "cache" / whole.name)
    next(home.glob("lib/python*/site-packages/checkov/version.py")).unlink()
    verdict = judge(main=ENCRYPTED_QUEUE)
    assert verdict.status is Status.NOT_RUN
    assert f"files of {home} are missing or changed, and checkov" in verdict.reason
    assert "could not be installed" in verdict.reason


FAKE_UV = """#!/bin/sh
echo started >>"$SCAFFOLD_STEPS"
mkdir -p "$PWD/environment/bin" "$PWD/environment/lib"
cp "{python}" "$PWD/environment/bin/python" 2>/dev/null || :
[ "$(wc -l <"$SCAFFOLD_STEPS")" -ne {step} ] || exec sleep 600
"""


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_installation_that_is_killed_at_any_step_is_never_used_and_removed_by_the_next(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A uv, and a Python in its environment, that note that they have begun and, at one step, never end.
    steps = tmp_path / "steps"
    steps.write_text("")
    program = tmp_path / "uv"
    program.write_text(FAKE_UV.format(python=program, step=step).replace('"$SCAFFOLD_STEPS"', f"'{steps}'"))
    program.chmod(0o755)
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    code = (
        "import sys, uv\nuv.find_uv_bin = lambda: sys.argv[1]\n"
        "from scaffold.verify.checkov_environment import checkov_python\nprint(checkov_python())"
    )
    process = subprocess.Popen([sys.executable, "-c", code, program])
    until = time.monotonic() + 60
    while steps.read_text().count("started") < step:
        assert time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.wait()
    (left,) = (tmp_path / "cache").iterdir()
    assert left.suffix == ".scratch"
    scratch.sweep.cache_clear()
    monkeypatch.setattr(checkov_environment, "_build", lambda home: (home / "bin").mkdir(parents=True))
    checkov_python()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [checkov_environment.environment_name()]


def test_the_lock_pins_everything_with_hashes_and_names_no_place() -> None:
    text = checkov_environment.LOCK.read_text()
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(requirements) > 50
    assert all("==" in line and line.endswith("\\") for line in requirements)
    assert not any(word in text for word in ("://", "--index", "--find-links", " @ ", "/home", "/root", "/opt", "/tmp"))
