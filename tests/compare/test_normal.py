import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scaffold.compare.normal import REFERENCE, normal
from scaffold.verify.schema_types import Kind

LOCALS = """
locals {
  list = [{ b = [1, 2], c = "x" }, { b = [3, 4], c = "y" }]
  map  = { k = "v", l = "w" }
  n    = 2
  text = "some"
  yes  = true
}
"""

SAME = [
    ("local.list.*.b[0][1]", "(local.list[*].b)[0][1]"),
    ('"${local.text}"', "local.text"),
    ("(local.n)", "local.n"),
    ("((local.n)) + 1", "local.n + 1"),
    ("(local.n + 1) * (2)", "(local.n + 1)*2"),
    ("1", "1.0"),
    ("1e3", "1000"),
    ("-1", "(-1)"),
    ('"a${"b"}c"', '"abc"'),
    ('"a${1}${true}"', '"a1true"'),
    ('"a${"b${local.text}"}"', '"ab${local.text}"'),
    (r'"\u00e9"', '"é"'),
    ('"e\u0301"', '"é"'),
    ('local.map["k"]', "local.map.k"),
    ("local.list.0", "local.list[0]"),
    ("local.list.*.c", "local.list[*].c"),
    ("[1, 2,]", "[ 1,2 ]"),
    ("{ a = 1, b = 2 }", '{ "b" : 2, a : 1 }'),
    ("{ 1 = 2 }", '{ "1" = 2 }'),
    ('toset(["a", "b"])', 'toset(["b", "a", "b"])'),
    ("[for x in local.list : x.c]", '[for each_of in local.list : each_of["c"]]'),
    ("{ for k, v in local.map : v => k... }", "{for a, b in local.map: b=>a...}"),
    ("local.yes ? (1) : 2", "local.yes?1:2"),
    ("/* why */ local.n", "local.n"),
    ("{ a = 1, a = 2 }", "{ a = 2 }"),
    ('jsonencode({ b = [1, "x", null], a = true })', r'"{\"a\":true,\"b\":[1,\"x\",null]}"'),
    ('jsonencode({ a = "p-${local.text}" })', r'"{\"a\":\"p-${local.text}\"}"'),
]
"""Pairs of which Terraform itself says that they are equal."""

APART = [
    ("local.list.*.b[0]", "local.list[*].b[0]"),
    ("1", '"1"'),
    ("true", '"true"'),
    ("1", "true"),
    ("0", "false"),
    ("[1, 2]", "[2, 1]"),
    ("[1, 1]", "[1]"),
    ("toset([1])", "toset([2])"),
    ("[for x in local.list : x.c]", "[for x in local.list : x.b]"),
    ("[for x in local.list : x.c]", '[for x in local.list : x.c if x.c == "x"]'),
    ("{ for k, v in local.map : k => v }", "{ for k, v in local.map : v => k }"),
    ("local.n + 1", "local.n + 2"),
    ("(local.n + 1) * 2", "local.n + 1 * 2"),
    ("local.n + 1", "local.n - 1"),
    ("local.yes ? 1 : 2", "local.yes ? 2 : 1"),
    ("!local.yes", "local.yes"),
    ('"a ${local.text}"', '"a  ${local.text}"'),
    ("local.list[0]", "local.list[1]"),
    ("jsonencode({ a = 1 })", r'"{\"a\":\"1\"}"'),
    ("jsonencode([1, 2])", '"[2,1]"'),
    ("jsonencode({ a = local.n })", r'"{\"a\":\"${local.n}\"}"'),
    ("concat([1], [2])", "concat([2], [1])"),
]
"""Pairs of which Terraform says that they are not."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_equal_to_terraform_has_one_normal_form(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_not_equal_to_terraform_has_two(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")
def test_terraform_says_so_itself(tmp_path: Path) -> None:
    tmp_path.joinpath("main.tf").write_text(LOCALS)
    questions = ", ".join(f"({one}) == ({other})" for one, other in (*SAME, *APART))
    done = subprocess.run(
        ["terraform", "console"],
        cwd=tmp_path,
        input=f"jsonencode([{questions}])",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said = json.loads(json.loads(done.stdout))
    assert dict(zip((*SAME, *APART), said, strict=True)) == dict.fromkeys(SAME, True) | dict.fromkeys(APART, False)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("1", '"1"', "number"),
        ("1.0", '"1"', "string"),
        ("true", '"true"', "bool"),
        ("true", '"true"', "string"),
        ('["b", "a"]', '["a", "b"]', ["set", "string"]),
        ("[80, 443]", '["443", "80"]', ["set", "number"]),
        ('toset(["a"])', '["a"]', ["set", "string"]),
        ("toset(var.a)", "var.a", ["set", "string"]),
        ("{ a = 1 }", '{ a = "1" }', ["map", "string"]),
        ("{ a = [2, 1] }", '{ a = ["1", 2] }', ["object", {"a": ["set", "number"]}]),
        ('var.a ? "1" : 2', "var.a ? 1 : 2", "number"),
        ('["aws_vpc.this"]', "[aws_vpc.this]", ["set", REFERENCE]),
        ('"string"', "string", REFERENCE),
    ],
)
def test_a_type_converts_what_terraform_converts(one: str, other: str, kind: Kind) -> None:
    assert normal(one, kind) == normal(other, kind)
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ('"x"', "1", "number"),
        ('"yes"', "true", "bool"),
        ("1", "true", "string"),
        ('["b", "a"]', '["a", "b"]', ["list", "string"]),
        ("var.a", "var.b", "string"),
    ],
)
def test_a_type_converts_no_more(one: str, other: str, kind: Kind) -> None:
    assert normal(one, kind) != normal(other, kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<<EOT\na\nb\nEOT", r'"a\nb\n"'),
        ("<<-EOT\n    a\n      b\n    EOT", "<<OTHER\na\n  b\nOTHER"),
        ("<<EOT\r\na\r\nEOT", "<<EOT\na\nEOT"),
        (
            '<<EOT\n{ "Version": "2012-10-17",\n  "Statement": [] }\nEOT',
            'jsonencode({Statement=[],Version="2012-10-17"})',
        ),
        ('<<EOT\n{"a": "${aws_vpc.this.arn}/*", "b": 1.0}\nEOT', 'jsonencode({ b = 1, a = "${aws_vpc.this.arn}/*" })'),
        ('<<EOT\n{"a": "${aws_vpc.this.arn}"}\nEOT', "jsonencode({ a = aws_vpc.this.arn })"),
        ("<<EOT\n%{ if a }x\n%{ endif }\nEOT", "<<-EOT\n  %{ if a }x\n  %{ endif }\n  EOT"),
        ("aws_subnet.a[0].tags.Name", 'aws_subnet.a[0].tags["Name"]'),
        ('each.value["cidr"]', "each.value.cidr"),
        ('setting.value["name"]', "setting.value.name"),
        ('module.a["x"].ids["y"]', 'module.a["x"].ids.y'),
    ],
)
def test_texts_and_references_of_one_meaning_have_one_normal_form(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('aws_subnet.a["x"]', "aws_subnet.a.x"),
        ('data.aws_ami.a["x"].id', "data.aws_ami.a.x.id"),
        ('module.a["x"]', "module.a.x"),
        ("aws_subnet.a[0]", 'aws_subnet.a["0"]'),
        # A pattern is no JSON, though it may look like it.
        ('regex("[1, 2]", var.a)', 'regex("[1,2]", var.a)'),
        ("<<EOT\n%{ if a }x\n%{ endif }\nEOT", "<<EOT\n%{ if b }x\n%{ endif }\nEOT"),
        ("<<EOT\na\nEOT", '"a"'),
    ],
)
def test_texts_and_references_of_two_meanings_have_two(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "[", "{ a =", '"', "${", "<<EOT", "a" + ".b" * 5000, "a" + "[0]" * 5000, "a" + "[*]" * 3000,
        "[" * 3000 + "]" * 3000, "!" * 3000 + "a", "a" + " + a" * 3000, '"' + "{" * 5000 + '"', '"' + "[" * 5000 + '"',
        '"[' + "9" * 5000 + ']"', "9" * 5000, "1e999", '"[1e999, NaN]"', "\x00",
        '"\ue0000\ue001"', '"[\\"\ue0009\ue001\\"]"',
    ],
)  # fmt: skip
def test_no_text_raises(text: str) -> None:
    for kind in ("dynamic", "string", "number", ["set", "string"], REFERENCE):
        assert hash(normal(text, kind)) == hash(normal(text, kind))
