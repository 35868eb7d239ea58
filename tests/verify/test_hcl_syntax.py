import pytest

from scaffold.files import File
from scaffold.verify import hcl_syntax
from scaffold.verify.verdict import Status, Tree


def verdict(*files):
    return hcl_syntax.verify(Tree(tuple(File(path, text) for path, text in files)))


def test_a_tree_without_terraform_is_not_verified_rather_than_passed():
    assert verdict(("README.md", "# Hello\n")).status is Status.NOT_RUN


def test_good_files_pass_and_are_counted():
    good = verdict(
        ("a/main.tf", 'resource "aws_vpc" "this" {\n}\n'),
        ("b/main.tf", 'resource "aws_vpc" "this" {\n}\n'),
        ("a/tests/a.tftest.hcl", 'run "x" {\n  command = plan\n}\n'),
        ("notes.txt", "{"),
    )
    assert (good.status, good.reason, good.findings) == (Status.PASSED, "3 files parsed", ())
    assert verdict(("main.tf", "locals {}\n")).reason == "1 file parsed"


def test_a_syntax_error_is_found_in_a_file_of_any_kind_with_its_line():
    bad = verdict(("main.tf", "locals {\n  a = \n}\n"), ("tests/a.tftest.hcl", 'run "x" {\n'))
    assert [(f.rule, f.file, f.line) for f in bad.findings] == [
        ("syntax", "main.tf", 2),
        ("syntax", "tests/a.tftest.hcl", 1),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("jobs:\n  test:\n    steps:\n      - run: a\n   - run: b\n", 5),
        ("jobs: {a: [\n", 2),
        ("name: a: b\n", 1),
        ("name: \x00\n", 1),
        ("[" * 300_000, 1),
    ],
)
def test_a_workflow_that_is_no_yaml_is_found_with_its_line(text, line):
    bad = verdict(("main.tf", "locals {}\n"), (".github/workflows/terraform.yml", text))
    assert [(f.rule, f.file, f.line) for f in bad.findings] == [("syntax", ".github/workflows/terraform.yml", line)]
    assert bad.findings[0].mend
    assert verdict((".github/workflows/a.yaml", text)).status is Status.FAILED


@pytest.mark.parametrize(
    "text",
    ["", "- 1\n", "a: &x 1\nb: *x\n", "a: !t 1\n", "a: 1\n---\nb: 2\n", "\ufeffon: push\n", "a: \U0001f600\n"],
)
def test_a_workflow_may_hold_any_yaml(text):
    assert verdict(("main.tf", "locals {}\n"), (".github/workflows/a.yml", text)).status is Status.PASSED


def test_only_workflows_are_read_as_yaml():
    broken = [(path, "a: [\n") for path in ("a.yml", ".github/a.yml", "x/.github/workflows/a.yml")]
    assert verdict(("main.tf", "locals {}\n"), *broken, (".github/workflows/a.md", "[")).status is Status.PASSED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('resource "aws_vpc" "a" {}', 'resource "aws_vpc" "a" {}'),
        ('data "aws_vpc" "a" {}', 'data "aws_vpc" "a" {}'),
        ('variable "a" {}', 'variable "a" {}'),
        ('output "a" {}', 'output "a" {}'),
        ('module "a" {}', 'module "a" {}'),
        ("locals {\n  a = 1\n}", "locals {\n  a = 2\n}"),
        ('provider "aws" {}', 'provider "aws" {}'),
        ('provider "aws" {\n  alias = "x"\n}', 'provider "aws" {\n  alias = "x"\n}'),
    ],
)
def test_what_a_module_declares_twice_is_named_with_both_places(first, second):
    bad = verdict(("m/a.tf", first + "\n"), ("m/b.tf", second + "\n"))
    assert [f.rule for f in bad.findings] == ["duplicate"]
    assert bad.findings[0].file == "m/b.tf"
    assert "m/a.tf:" in bad.findings[0].message


def test_the_same_name_in_another_module_kind_or_alias_is_no_duplicate():
    good = verdict(
        ("m/a.tf", 'resource "aws_vpc" "a" {}\ndata "aws_vpc" "a" {}\nprovider "aws" {}\n'),
        ("m/b.tf", 'resource "aws_subnet" "a" {}\nprovider "aws" {\n  alias = "x"\n}\n'),
        ("n/a.tf", 'resource "aws_vpc" "a" {}\n'),
        ("m/a_override.tf", 'resource "aws_vpc" "a" {}\n'),
    )
    assert good.findings == ()


def test_an_argument_set_twice_is_found_at_any_depth():
    bad = verdict(("a.tf", 'resource "x" "y" {\n  b {\n    c = 1\n    c = 2\n  }\n}\n'))
    assert [(f.rule, f.line) for f in bad.findings] == [("duplicate", 4)]


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("a.tf", "a = 1\n", "outside any block"),
        ("a.tf", 'resorce "a" "b" {}\n', "no block type `resorce`"),
        ("a.tf", 'resource "a" {}\n', "has 2 labels; this one has 1"),
        ("a.tf", 'locals "a" {}\n', "has no labels; this one has 1"),
        ("a.tf", 'run "a" {}\n', "no block type `run`"),
        ("a.tftest.hcl", 'resource "a" "b" {}\n', "no block type `resource`"),
    ],
)
def test_what_does_not_belong_at_the_top_of_a_file_is_found(path, text, words):
    bad = verdict((path, text))
    assert [f.rule for f in bad.findings] == ["structure"]
    assert words in bad.findings[0].message
