import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.answers.eks import DEFAULT_KUBERNETES_VERSION, KUBERNETES_VERSIONS
from scaffold.presets import find_preset
from scaffold.wizard.questions import QUESTIONS
from tests.wizard.terminal import (
    BY_PATH,
    CTRL_C,
    CTRL_D,
    DOWN,
    ENTER,
    GROUP,
    INSTANCE,
    SPACE,
    UP,
    WITH_MANAGED_INSTANCES,
    Wizard,
    everything,
    surroundings,
    tree,
)

WITH_A_CLUSTER = [
    question.path
    for question in QUESTIONS
    if not question.path.startswith(("ecs.", "lmi.", "durable.", "functions.", "eks.argocd_"))
]

ON_ITS_OWN = [path for path in WITH_A_CLUSTER if not path.startswith("eks.")]

QUICK = ("--verify", "none")


def run_without_terminal(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scaffold", "new", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=surroundings(folder, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_enter_all_the_way_writes_a_verified_project_with_a_cluster(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, "--verify", "fast")
    for path in WITH_A_CLUSTER:
        wizard.answer(path)
    wizard.confirm()
    assert wizard.end() == 0
    assert wizard.answers("platform") == {
        "name": "platform",
        "region": "us-east-1",
        "owner": "platform-team",
        "cost_center": "shared",
        "environments": {"dev": {"network": {"nat": "single", "endpoints": "none", "query_logs": False}}, "prod": {}},
        "capacity": ["eks-auto-mode"],
        "arch": "arm64",
        "azs": 3,
        "network": {"nat": "per-az", "endpoints": "standard", "extra_endpoints": [], "query_logs": True},
        "eks": {
            "kubernetes_version": DEFAULT_KUBERNETES_VERSION,
            "public_access_cidrs": [],
            "managed_logs": ["compute"],
            "capabilities": [],
        },
    }
    assert (tmp_path / "platform/environments/prod/main.tf").is_file()
    assert (tmp_path / "platform/.scaffold/manifest.json").is_file()


def test_every_answer_can_be_another_one(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, "--verify", "fast")
    wizard.answer_all(
        {
            "name": "payments" + ENTER,
            "region": "eu-west-1" + ENTER,
            "owner": "team-payments" + ENTER,
            "cost_center": "4711" + ENTER,
            "capacity": WITH_MANAGED_INSTANCES,
            "arch": DOWN + ENTER,
            "azs": UP + ENTER,
            "network.nat": UP + ENTER,
            "network.endpoints": ENTER,
            "network.extra_endpoints": SPACE + ENTER,
            "network.query_logs": DOWN + ENTER,
            "eks.kubernetes_version": UP + ENTER,
            "eks.public_access_cidrs": "203.0.113.0/24, 198.51.100.7/32" + ENTER,
            "eks.managed_logs": DOWN + SPACE + ENTER,
            "eks.capabilities": SPACE + DOWN + DOWN + SPACE + ENTER,
            "eks.argocd_idc_instance_arn": INSTANCE + ENTER,
            "eks.argocd_admin_groups": GROUP + ENTER,
            "lmi.max_vcpu_count": "24" + ENTER,
            "lmi.runtime": DOWN + DOWN + ENTER,
        }
    )
    wizard.confirm()
    assert wizard.end() == 0
    assert wizard.answers("payments") == {
        "name": "payments",
        "region": "eu-west-1",
        "owner": "team-payments",
        "cost_center": "4711",
        "environments": {"dev": {}, "prod": {}},
        "capacity": ["eks-auto-mode", "lambda-managed-instances"],
        "arch": "x86_64",
        "azs": 2,
        "network": {"nat": "none", "endpoints": "private", "extra_endpoints": ["events"], "query_logs": False},
        "eks": {
            "kubernetes_version": KUBERNETES_VERSIONS[-1],
            "public_access_cidrs": ["203.0.113.0/24", "198.51.100.7/32"],
            "managed_logs": ["compute", "block-storage"],
            "capabilities": ["argocd", "kro"],
            "argocd_idc_instance_arn": INSTANCE,
            "argocd_admin_groups": [GROUP],
        },
        "lmi": {"max_vcpu_count": 24, "runtime": "nodejs22.x"},
    }


def test_a_workflow_alone_is_asked_about_nothing_but_itself(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK, "--set", "capacity=[lambda-durable]")
    wizard.answer_all(
        {
            **dict.fromkeys(("name", "region", "owner", "cost_center", "arch"), ENTER),
            "durable.runtime": DOWN + DOWN + ENTER,
            "durable.authorizer": DOWN + ENTER,
            "durable.jwt_issuer": "https://login.example.com/" + ENTER,
            "durable.jwt_audience": "orders, reports" + ENTER,
        }
    )
    wizard.confirm()
    assert wizard.end() == 0
    assert wizard.answers("platform")["durable"] == {
        "runtime": "nodejs22.x",
        "authorizer": "jwt",
        "jwt_issuer": "https://login.example.com/",
        "jwt_audience": ["orders", "reports"],
    }


def test_a_network_alone_is_asked_nothing_about_capacity(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    wizard.answer_all({**dict.fromkeys(ON_ITS_OWN, ENTER), "capacity": SPACE + ENTER})
    wizard.confirm()
    assert wizard.end() == 0
    assert wizard.answers("platform")["capacity"] == []
    assert not {"eks", "lmi"} & set(wizard.answers("platform"))


def test_what_the_wizard_wrote_renders_again_without_a_change(tmp_path: Path) -> None:
    assert run_without_terminal(tmp_path, "--defaults", *QUICK).returncode == 0
    command = [sys.executable, "-m", "scaffold", "render", "platform", "--dry-run", *QUICK]
    again = subprocess.run(
        command, cwd=tmp_path, env=surroundings(tmp_path), capture_output=True, timeout=60, check=False
    )
    assert again.returncode == 0, again.stdout


@pytest.mark.parametrize("path", [*BY_PATH, "the confirmation"])
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, path: str) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    for asked, keys in everything().items():
        wizard.expect_question(asked)
        wizard.send(CTRL_C if asked == path else keys)
        if asked == path:
            break
    else:
        wizard.confirm(CTRL_C)
    assert wizard.end() == 130
    assert wizard.words().endswith("Interrupted; nothing was changed.")
    assert tree(tmp_path) == []


def test_end_of_input_leaves_nothing_behind(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    wizard.answer("name", CTRL_D)
    assert wizard.end() == 130
    assert tree(tmp_path) == []


@pytest.fixture
def endless_terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A folder with a `terraform` that never ends, and a descriptor that can be read once it runs."""
    folder = tmp_path_factory.mktemp("bin")
    os.mkfifo(folder / "started")
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\necho started > '{folder}/started'\nexec tail -f /dev/null\n")
    program.chmod(0o755)
    started = os.open(folder / "started", os.O_RDWR | os.O_NONBLOCK)
    yield folder, started
    os.close(started)


def test_ctrl_c_during_verification_leaves_nothing_behind(tmp_path: Path, endless_terraform: tuple[Path, int]) -> None:
    folder, started = endless_terraform
    search = f"{folder}{os.pathsep}{os.environ['PATH']}"
    wizard = Wizard(tmp_path, "--set", "capacity=[]", "--verify", "full", PATH=search, UV_OFFLINE="1")
    for path in ON_ITS_OWN:
        if path != "capacity":
            wizard.answer(path)
    wizard.confirm()
    assert select.select([started], [], [], 60)[0], "terraform was not started"
    wizard.send(CTRL_C)
    assert wizard.end() == 130
    assert not (tmp_path / "platform").exists()


def test_no_at_the_confirmation_writes_nothing_and_is_no_error(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    for path in WITH_A_CLUSTER:
        wizard.answer(path)
    wizard.confirm("n")
    assert wizard.end() == 0
    assert wizard.words().endswith("Nothing is written.")
    assert tree(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "wrong", "said", "right"),
    [
        ("name", "Bad Name", "does not have the form it needs", "good-name"),
        ("region", "us-eas-1", "Did you mean us-east-1?", "us-east-1"),
        ("owner", "aws:team", "AWS reserves tags that begin with aws:", "team"),
        ("eks.public_access_cidrs", "10.0.0.0/8", "private address space", "203.0.113.0/24"),
        ("eks.public_access_cidrs", "0.0.0.0/0", "opens the cluster's API endpoint to the internet", "203.0.113.0/24"),
        ("eks.argocd_idc_instance_arn", "", "and no instance is named", INSTANCE),
        ("lmi.max_vcpu_count", "", "it caps the bill", "24"),
        ("lmi.max_vcpu_count", "lots", "is not a whole number", "24"),
        ("lmi.max_vcpu_count", "1", "1 is less than 2", "24"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_asked_again_with_the_rule(
    tmp_path: Path, path: str, wrong: str, said: str, right: str
) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    for asked, keys in everything().items():
        if asked == path:
            wizard.answer(path, wrong + ENTER)
            wizard.expect(said)
            keys = right + ENTER
        wizard.answer(asked, keys)
    wizard.confirm()
    assert wizard.end() == 0


def test_an_answer_that_spoils_an_earlier_one_is_asked_again_and_names_it(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK, "--set", "region=il-central-1")
    wizard.answer_all({"name": ENTER, "owner": ENTER, "cost_center": ENTER, "capacity": WITH_MANAGED_INSTANCES})
    wizard.expect("region: Lambda Managed Instances does not exist in il-central-1")
    wizard.answer_all({"capacity": ENTER, "arch": ENTER})
    wizard.expect_question("azs")


def test_no_nat_is_asked_again_where_given_endpoints_do_not_suffice(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK, "--set", "network.endpoints=minimal", "--set", "capacity=[eks-auto-mode]")
    wizard.answer_all(dict.fromkeys(["name", "region", "owner", "cost_center", "arch", "azs"], ENTER))
    wizard.answer("network.nat", UP + ENTER)
    wizard.expect("network.endpoints: nat is none", "eks-auth")
    wizard.answer("network.nat", ENTER)
    wizard.expect_question("network.extra_endpoints")


def test_a_name_whose_folder_is_taken_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform/notes.txt").write_text("mine")
    wizard = Wizard(tmp_path, *QUICK)
    wizard.answer("name")
    wizard.expect("platform is not empty (notes.txt)")
    wizard.answer("name", "other" + ENTER)
    wizard.expect_question("region")


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("a file")
    wizard = Wizard(tmp_path, "there")
    assert wizard.end() == 1
    assert "there is not a folder" in wizard.words()
    assert "?" not in wizard.words()


def test_a_project_that_exists_is_left_to_render(tmp_path: Path) -> None:
    assert run_without_terminal(tmp_path, "shop", "--defaults", *QUICK).returncode == 0
    again = run_without_terminal(tmp_path, "shop", "--defaults", *QUICK)
    assert again.returncode == 1
    assert "scaffold render shop" in again.stderr


def test_a_wrong_flag_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, "--set", "network.natt=none", "--set", "azs=9")
    assert wizard.end() == 1
    assert "Did you mean nat?" in wizard.words()
    assert "9 is more than 6" in wizard.words()
    assert BY_PATH["name"].why not in wizard.words()


def test_the_folder_named_proposes_the_name(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, "My Shop_2", *QUICK)
    wizard.expect_question("name")
    wizard.expect("my-shop-2")
    wizard.send(ENTER)
    for path in WITH_A_CLUSTER[1:]:
        wizard.answer(path)
    wizard.expect("Folder My Shop_2")
    wizard.confirm()
    assert wizard.end() == 0
    assert wizard.answers("My Shop_2")["name"] == "my-shop-2"


def test_the_region_of_the_aws_tools_is_proposed(tmp_path: Path) -> None:
    assert run_without_terminal(tmp_path, "--defaults", *QUICK, AWS_REGION="eu-north-1").returncode == 0
    assert "region: eu-north-1" in (tmp_path / "platform/scaffold.yaml").read_text()


def test_what_is_given_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("arch: x86_64\nnetwork: {nat: regional, extra_endpoints: [ssm]}\n")
    wizard = Wizard(
        tmp_path,
        "--set",
        "region=eu-west-1",
        "--answers",
        "more.yaml",
        *QUICK,
        SCAFFOLD_EKS__KUBERNETES_VERSION='"1.34"',
    )
    given = {"region", "arch", "network.nat", "network.extra_endpoints", "eks.kubernetes_version"}
    for path in WITH_A_CLUSTER:
        if path not in given:
            wizard.answer(path)
    wizard.confirm()
    assert wizard.end() == 0
    for path in given:
        assert BY_PATH[path].why not in wizard.words()
    answers = wizard.answers("platform")
    assert (answers["region"], answers["arch"], answers["network"]["nat"]) == ("eu-west-1", "x86_64", "regional")
    assert answers["eks"]["kubernetes_version"] == "1.34"


def test_an_answer_that_each_environment_has_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("environments: {dev: {azs: 2}, prod: {azs: 3}}\ncapacity: []\n")
    wizard = Wizard(tmp_path, "--answers", "a.yaml", *QUICK)
    for path in ("name", "region", "owner", "cost_center", "arch", "network.nat"):
        wizard.answer(path)
    wizard.expect_question("network.endpoints")
    assert BY_PATH["azs"].why not in wizard.words()


def test_a_preset_proposes_name_and_owner_and_answers_the_rest(tmp_path: Path) -> None:
    preset = find_preset("eks-auto-prod").source.data
    wizard = Wizard(tmp_path, "--preset", "eks-auto-prod", *QUICK)
    wizard.answer("name", "shop" + ENTER)
    wizard.expect_question("region")
    wizard.expect(preset["region"])
    wizard.send(ENTER)
    wizard.answer("owner", "team-shop" + ENTER)
    wizard.answer("cost_center")
    for path in WITH_A_CLUSTER[4:]:
        head, _, rest = path.partition(".")
        if head not in preset or (rest and rest not in preset[head]):
            wizard.answer(path)
    wizard.confirm()
    assert wizard.end() == 0
    answers = wizard.answers("shop")
    assert (answers["name"], answers["owner"]) == ("shop", "team-shop")
    assert {key: answers[key] for key in ("cost_center", "capacity")} == {
        key: preset[key] for key in ("cost_center", "capacity")
    }


def test_answers_that_lie_in_the_folder_are_not_asked_and_keep_their_comments(tmp_path: Path) -> None:
    text = "# ours\nname: shop\nregion: us-east-1\nowner: o\ncost_center: c\ncapacity: []\narch: arm64\nazs: 2\n"
    text += "network: {nat: none, endpoints: none, extra_endpoints: [], query_logs: true}\n"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/scaffold.yaml").write_text(text)
    wizard = Wizard(tmp_path, "shop", *QUICK)
    wizard.confirm()
    assert wizard.end() == 0
    assert (tmp_path / "shop/scaffold.yaml").read_text() == text
    assert not any(question.why in wizard.words() for question in QUESTIONS)


def test_the_summary_shows_answers_warnings_prices_and_folder(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK)
    for path in WITH_A_CLUSTER:
        wizard.answer(path)
    wizard.expect("Answers", "region: us-east-1", "warning", "[N1]", "Fixed cost, USD a month", "dev", "prod", "Folder")
    wizard.confirm("n")
    assert wizard.end() == 0
    assert "EKS cluster 72.00" in wizard.words()


def test_defaults_asks_nothing(tmp_path: Path) -> None:
    ended = run_without_terminal(tmp_path, "shop", "--defaults", "--verify", "fast", "--output", "json")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert (document["kind"], document["published"], document["target"]) == ("render", True, "shop")
    assert "name: shop\n" in (tmp_path / "shop/scaffold.yaml").read_text()


def test_defaults_names_what_has_no_proposal(tmp_path: Path) -> None:
    ended = run_without_terminal(tmp_path, "--defaults", *QUICK, "--set", "capacity=[lambda-managed-instances]")
    assert ended.returncode == 1
    assert "lmi.max_vcpu_count" in ended.stderr
    assert tree(tmp_path) == []


def test_without_a_terminal_it_names_what_to_use_instead(tmp_path: Path) -> None:
    ended = run_without_terminal(tmp_path, "shop")
    assert ended.returncode == 1
    assert "--defaults" in ended.stderr
    assert "scaffold render DIR" in ended.stderr
    assert tree(tmp_path) == []


def test_the_result_is_alone_on_standard_output(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK, "--output", "json", stdout="result.json")
    for path in WITH_A_CLUSTER:
        wizard.answer(path)
    wizard.confirm()
    assert wizard.end() == 0
    assert json.loads((tmp_path / "result.json").read_text())["kind"] == "render"


def colours(text: str) -> set[str]:
    found = re.findall(r"\x1b\[([0-9;]*)m", text)
    return {code for code in found if re.search(r"(^|;)(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;|$)", code)}


def test_no_color_is_respected(tmp_path: Path) -> None:
    transcripts = {}
    for setting in ({}, {"NO_COLOR": "1"}):
        wizard = Wizard(tmp_path, *QUICK, **setting)
        wizard.answer("name", "Bad Name" + ENTER)
        for path in WITH_A_CLUSTER:
            wizard.answer(path)
        wizard.confirm("n")
        assert wizard.end() == 0
        transcripts[bool(setting)] = wizard.seen
    assert colours(transcripts[False])
    assert not colours(transcripts[True])


def test_forty_columns_show_every_word(tmp_path: Path) -> None:
    wizard = Wizard(tmp_path, *QUICK, columns=40)
    wizard.answer_all(everything())
    wizard.confirm()
    assert wizard.end() == 0
    for said in (
        *(question.why for question in QUESTIONS),
        "no way out; AWS services through endpoints only.",
        "functions on EC2 instances that AWS runs in your VPC; for steady, heavy traffic.",
    ):
        assert said in wizard.words()
