import os
from dataclasses import replace
from pathlib import Path

import pytest

from scaffold.errors import ScaffoldError
from scaffold.evaluate.root import Place
from scaffold.files import File
from scaffold.repository.model import Repository
from scaffold.repository.reading import read_repository, repository_of, require_something, require_terraform
from tests.support.rendering import preset, write

VPC = 'resource "aws_vpc" "this" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def of(files: dict[str, str]) -> Repository:
    return repository_of(File(path, text) for path, text in files.items())


def unread_of(repository: Repository, root: str) -> list[tuple[str, str]]:
    return [(each.what, each.reason) for one in repository.roots if one.path == root for each in one.unread]


def rules(repository: Repository) -> list[tuple[str, str | None, int | None]]:
    return [(problem.rule, problem.file, problem.line) for problem in repository.problems]


def test_a_rendering_is_read_without_a_problem() -> None:
    repository = repository_of(preset("platform").files)
    assert not repository.problems
    assert not repository.unread
    assert {"environments/dev", "environments/prod", "bootstrap"} <= {root.path for root in repository.roots}
    assert [one.kind for one in repository.manifests if one.file == "k8s/prod/nodepool-spot.yaml"] == ["NodePool"]


def test_a_folder_and_its_files_in_memory_are_read_alike(tmp_path: Path) -> None:
    files = preset("eks-auto-dev").files
    assert read_repository(write(files, tmp_path)) == repository_of(files)


def test_a_file_that_does_not_parse_is_a_problem_and_the_rest_is_read() -> None:
    repository = of({"main.tf": VPC, "broken.tf": 'resource "x" "y" {\n  a = 1 b = 2\n}\n'})
    assert rules(repository) == [("syntax", "broken.tf", 2)]
    assert repository.problems[0].mend
    assert unread_of(repository, ".") == [("broken.tf", "does not parse")]
    assert [each.address for each in repository.roots[0].of("aws_vpc")] == ["aws_vpc.this"]


def test_a_broken_test_file_makes_nothing_unread() -> None:
    repository = of({"main.tf": VPC, "vpc.tftest.hcl": "run {{"})
    assert [rule for rule, *_ in rules(repository)] == ["syntax"]
    assert unread_of(repository, ".") == []


@pytest.mark.parametrize("name", ["extra.tf.json", "extra.auto.tfvars.json"])
def test_terraforms_json_syntax_is_unread(name: str) -> None:
    repository = of({"main.tf": VPC, name: "{}"})
    assert unread_of(repository, ".") == [(name, "is Terraform's JSON syntax, which is not read here")]
    assert [rule for rule, *_ in rules(repository)] == ["unread"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("# café\n".encode("latin-1"), "is not UTF-8"),
        (bytes(range(256)), "is not UTF-8"),
        (b"#" * 10_000_000, "is larger than 2,000,000 bytes"),
    ],
)
def test_what_cannot_be_read_is_unread(tmp_path: Path, content: bytes, reason: str) -> None:
    write([File("main.tf", VPC)], tmp_path)
    (tmp_path / "other.tf").write_bytes(content)
    repository = read_repository(tmp_path)
    assert unread_of(repository, ".") == [("other.tf", reason)]
    assert rules(repository) == [("unread", "other.tf", None)]


def test_other_files_are_not_even_opened(tmp_path: Path) -> None:
    write([File("main.tf", VPC)], tmp_path)
    (tmp_path / "model.bin").write_bytes(b"\xff" * 10_000_000)
    os.mkfifo(tmp_path / "pipe")
    assert not read_repository(tmp_path).problems


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_crlf_change_nothing(change) -> None:  # type: ignore[no-untyped-def] # a lambda
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    repository = of({"main.tf": change(VPC), "a.yaml": change(manifest)})
    assert not repository.problems
    assert [each.address for each in repository.roots[0].of("aws_vpc")] == ["aws_vpc.this"]
    assert [(one.kind, one.name, one.node.line) for one in repository.manifests] == [("ConfigMap", "a", 1)]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = write([File("main.tf", VPC)], tmp_path / "repository")
    write([File("secret.tf", VPC), File("secret.yaml", "apiVersion: v1\nkind: Secret\n")], outside)
    (inside / "secret.tf").symlink_to(outside / "secret.tf")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "self").symlink_to(inside / "self")
    repository = read_repository(inside)
    assert [module.path for module in repository.modules] == ["."]
    assert not repository.manifests
    assert unread_of(repository, ".") == [("secret.tf", "is a link")]
    assert {problem.file for problem in repository.problems} == {"secret.tf", "folder/", "loop/"}


@pytest.mark.parametrize("folder", [".terraform/modules/vpc", "node_modules/x", "vendored"])
def test_what_others_put_there_is_skipped(tmp_path: Path, folder: str) -> None:
    write([File("main.tf", VPC), File(f"{folder}/main.tf", "broken {")], tmp_path)
    (tmp_path / "vendored" / ".git").mkdir(parents=True)
    repository = read_repository(tmp_path)
    assert [module.path for module in repository.modules] == ["."]
    assert not repository.problems


def test_terragrunt_makes_its_folder_and_its_local_module_uncertain() -> None:
    repository = of(
        {
            "live/prod/terragrunt.hcl": 'terraform {\n  source = "../../modules//vpc"\n}\ninputs = { azs = 3 }\n',
            "modules/vpc/main.tf": VPC,
            "modules/other/main.tf": VPC,
        }
    )
    expected = ("live/prod/terragrunt.hcl", "gives inputs with Terragrunt, which is not evaluated here")
    assert unread_of(repository, "modules/vpc") == [expected]
    assert unread_of(repository, "modules/other") == []
    assert not repository.problems


@pytest.mark.parametrize("source", ["git::https://example.com/x.git", "../../../outside", "${local.x}", "/etc"])
def test_a_terragrunt_source_elsewhere_concerns_no_module_here(source: str) -> None:
    repository = of({"live/terragrunt.hcl": f'terraform {{\n  source = "{source}"\n}}\n', "modules/vpc/main.tf": VPC})
    assert unread_of(repository, "modules/vpc") == []


def test_production_is_what_the_answers_say() -> None:
    files = preset("platform").files
    assert {root.path: root.production for root in repository_of(files).roots}["environments/prod"] is True
    renamed = [replace(file, text=file.text.replace("  prod: {}", "  prod: {production: false}")) for file in files]
    assert {root.path: root.production for root in repository_of(renamed).roots}["environments/prod"] is False


def test_a_repository_with_nothing_to_compare_is_refused(tmp_path: Path) -> None:
    write([File("README.md", "# Nothing")], tmp_path)
    with pytest.raises(ScaffoldError, match=r"holds no Terraform .* and no Kubernetes manifests"):
        require_something(read_repository(tmp_path), tmp_path)
    with pytest.raises(ScaffoldError, match="is not a folder"):
        read_repository(tmp_path / "README.md")


@pytest.mark.parametrize(
    ("path", "text"),
    [("live/prod/vpc/terragrunt.hcl", "inputs = {}\n"), ("cdk.tf.json", "{}"), ("terragrunt.hcl", "inputs = {\n")],
)
def test_terraform_that_is_not_evaluated_is_named_where_there_is_no_other(path: str, text: str, tmp_path: Path) -> None:
    write([File(path, text)], tmp_path)
    repository = read_repository(tmp_path)
    for require in (require_something, require_terraform):
        with pytest.raises(ScaffoldError) as refused:
            require(repository, tmp_path)
        first, second = str(refused.value).splitlines()
        assert first == f"{tmp_path} holds Terraform that is not evaluated here, so that all of it is unknown."
        assert second.strip().startswith(path)


def test_of_many_files_that_are_not_evaluated_some_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    write([File(f"live/{name}/terragrunt.hcl", "inputs = {}\n") for name in "abcdefg"], tmp_path)
    with pytest.raises(ScaffoldError) as refused:
        require_something(read_repository(tmp_path), tmp_path)
    assert str(refused.value).splitlines()[-1] == "  and 2 more"


def test_manifests_alone_hold_no_terraform_to_infer_from(tmp_path: Path) -> None:
    write([File("a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n")], tmp_path)
    repository = read_repository(tmp_path)
    require_something(repository, tmp_path)
    with pytest.raises(ScaffoldError, match="holds no Terraform"):
        require_terraform(repository, tmp_path)


def test_skips_of_terraform_hold_for_the_block_they_stand_in_or_above() -> None:
    repository = of(
        {
            "main.tf": "\n".join(
                [
                    "# scaffold:skip=N1, e5: one NAT is enough",
                    "# for this one",
                    'resource "a" "b" {',
                    "  x = 1 # scaffold:skip=N2: inside",
                    "  // scaffold:skip=N3: nested",
                    "  inner {",
                    "    y = 1",
                    "  }",
                    "}",
                    "# scaffold:skip=N4",
                    "",
                    "# scaffold:skip=N5: above nothing",
                    "",
                ]
            )
        }
    )
    assert [
        (skip.opinions, skip.reason, skip.place.line, skip.first_line, skip.last_line) for skip in repository.skips
    ] == [
        (("N1", "E5"), "one NAT is enough", 1, 1, 9),
        (("N2",), "inside", 4, 3, 9),
        (("N3",), "nested", 5, 5, 8),
    ]
    assert rules(repository) == [("skip", "main.tf", 10), ("skip", "main.tf", 12)]


def test_skips_of_yaml_hold_for_the_object() -> None:
    text = (
        "# scaffold:skip=E10: above\n---\napiVersion: v1\nkind: A\n---\napiVersion: v1\n"
        "kind: B # scaffold:skip=E11: beside\n---\nkind: C\nvalue: 'scaffold:skip=E12: a text'\n"
    )
    skips = of({"a.yaml": text}).skips
    assert [(skip.opinions, skip.first_line, skip.last_line) for skip in skips] == [
        (("E10",), 1, 4),
        (("E11",), 5, 7),
    ]
    assert skips[1].place == Place("a.yaml", 7)


def test_many_skips_are_read_in_one_go() -> None:
    text = "# scaffold:skip=N1: again and again\n" * 20_000 + VPC
    assert len(of({"main.tf": text}).skips) == 20_000
