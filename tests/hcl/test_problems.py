import os
import random
import re
import shutil
import subprocess

import pytest

from scaffold.hcl import parse


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('x {\n  a = "b\n  c = 1\n}\n', 2, 7, "never closed"),
        ("x {\n  a = 1\n", 1, 1, "never closed with `}`"),
        ("x = {\n  a = 1\n", 1, 5, "never closed with `}`"),
        ("x {\n  a = \n}\n", 2, 3, "`a` has no value"),
        ("x\n", 1, 1, "stands alone"),
        ("a = 'b'\n", 1, 5, "double quotes"),
        ("a = 1 b = 2\n", 1, 7, "line of its own"),
        ("a = 1 +\n  2\n", 2, 3, "two lines"),
        ("a = { b = 1 c = 2 }\n", 1, 13, "commas or line breaks"),
        ("a = { b.c = 1 }\n", 1, 7, "parentheses, or in quotes"),
        ('a = "b\nc"\n', 1, 5, "line break"),
        ('x "y"\n{\n}\n', 1, 1, "in the line of its type"),
        ("x { a = 1\n}\n", 1, 5, "at most one argument"),
        ("x {\n  a = 1 }\n", 2, 9, "closing brace"),
        ("a = 0x1f\n", 1, 5, "decimal"),
        ('a = "${}"\n', 1, 6, "expression inside"),
        ("a = <<EOT b\nEOT\n", 1, 10, "after its marker"),
        ("a = <<EOT\nb\n", 3, 1, "ends the heredoc"),
        ("a = 1\0\n", 1, 6, "control character"),
        ('x "${y}" {\n}\n', 1, 3, "plain text"),
        ("é = 'ü'\n", 1, 5, "double quotes"),
        ("x {\n  b = a\n<<<<<<< yours\n  a = 1\n=======\n  a = 2\n>>>>>>> v\n}\n", 3, 1, "unresolved conflict markers"),
        ("x {\n  a = 1\n>>>>>>> v\n}\n", 3, 1, "unresolved conflict markers"),
        ("x {\n<<<<<<< v\n  a = 1\n}\n", 2, 1, "unresolved conflict markers"),
    ],
)
def test_a_problem_has_its_place_and_says_what_is_wrong(text, line, column, words):
    problem = parse(text).problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        "a = (\n  1 +\n  2\n)\n",
        "a = f(\n  1,\n  b...\n)\n",
        "a = [\n  1,\n  2,\n]\n",
        "x { a = 1 }\n",
        "x {}\n",
        "a = c ? {\n  b = 1\n} : {}\n",
        "a = { b = 1\n  c = 2, d = 3 }\n",
        "a = <<-EOT\n  b\n  EOT\nc = 1\n",
        "a = f({ b = 1 }, {\n  c = 2\n})\n",
        "x { # comment\n  a = 1 # comment\n} # comment\n",
        "a = provider::aws::arn_parse(b.c)\n",
        "a = 1",
    ],
)
def test_what_terraform_accepts_has_no_problem(text):
    assert parse(text).problems == ()


SEEDS = [
    """\
resource "aws_a" "b" { # comment
  x = { a = 1, b = [1, 2] }
  z = {
    a : 1
    b = x.y[0].*.z, "c d" = 3
  }
  w = cond ? {
    a = 1
  } : {}
  u = (a
    + b)
  for = [for k, v in aws_a.b[*].id : "${k}-${var.z["a"].c}" if v != null]
  dynamic "setting" {
    for_each = var.s
    content { name = setting.value.name }
  }
}
""",
    """\
variable "a" {
  type = object({ a = string, b = optional(number, 3) })
  description = <<-EOT
    Some text "quoted" ${var.x}
  EOT
  validation {
    condition = alltrue([for k in var.a : k > 1 && length(k) < 3])
    error_message = "No."
  }
}
locals { x = 1 }
""",
]
PIECES = ["\n", " ", "{", "}", "(", ")", "[", "]", '"', "=", ",", ".", "a", "1", "#", "+", "?", ":", "${", "\\", "=>"]
PIECES += [
    '"x"',
    "a = 1",
    "a {\n}\n",
    "...",
    "[*]",
    ".*",
    "<<E\nE\n",
    "null",
    "/*",
    "*/",
    "-",
    "!",
    "|",
    "'",
    "é",
    "\\n",
]
KNOWN = re.compile(r"\b(in|if)[a-z]|%\{ ?if-|[0-9]e[0-9]|[.\]*]\s*=|= *\w*\*")
"""What the grammar is known to read in another way: keywords without a space after them, exponents, splats as keys."""


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH")
def test_broken_files_are_told_from_good_ones_as_terraform_does(tmp_path):
    generator = random.Random(20261120)
    cases = {}
    for number in range(800):
        text = generator.choice(SEEDS)
        at = generator.randrange(len(text) + 1)
        if generator.random() < 0.4:
            text = text[:at] + text[at + generator.choice([1, 1, 2, 5]) :]
        else:
            text = text[:at] + generator.choice(PIECES) + text[at:]
        cases[number] = text
        (tmp_path / f"f{number}.tf").write_text(text, encoding="utf-8", newline="")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    command = ["terraform", "fmt", "-no-color", "-list=false", "-write=false"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    broken = {int(found) for found in re.findall(r" on f(\d+)\.tf line", ran.stderr)}
    repeated = {int(found) for found in re.findall(r"Attribute redefined\n\n  on f(\d+)\.tf", ran.stderr)}
    different = [
        number
        for number, text in cases.items()
        if bool(parse(text).problems) != (number in broken) and number not in repeated and not KNOWN.search(text)
    ]
    assert 200 < len(broken) < 700
    assert [cases[number] for number in different] == []
