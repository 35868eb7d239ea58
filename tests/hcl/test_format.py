import os
import re
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.hcl.format import canonical, format_hcl, tidy
from scaffold.hcl.format_tokens import NotHclError
from tests.hcl.messy_hcl import Messy

AWS = (Path(__file__).parent / "canonical_aws.tf").read_text(encoding="utf-8")

GOLDEN = {
    "spaces inside brackets": ("a=[1,2 ,3]\nb={x=1,y=2}\nc={ }\n", "a = [1, 2, 3]\nb = { x = 1, y = 2 }\nc = {}\n"),
    "operators": ("a=b+c*-d\ne=!f&&g\nh=i - 1\n", "a = b + c * -d\ne = !f && g\nh = i - 1\n"),
    "calls and indexes": (
        'a = f ( x [ 0 ] , y... )\nb = p::aws::f( m ["k"] . v )\n',
        'a = f(x[0], y...)\nb = p::aws::f(m["k"].v)\n',
    ),
    "for expressions": (
        "a=[for x in [1]:x]\nb={for k,v in c:k=>v... if v}\n",
        "a = [for x in [1] : x]\nb = { for k, v in c : k => v... if v }\n",
    ),
    "conditionals over lines": ("a = (b?\nc:\nd)\n", "a = (b ?\n  c :\nd)\n"),
    "one level for all brackets of a line": (
        "a = f({\nb=[{\nc=1\n}]\n})\n",
        "a = f({\n  b = [{\n    c = 1\n  }]\n})\n",
    ),
    "aligned values": ("a=1\nbbb=2\n\ncc=3\n", "a   = 1\nbbb = 2\n\ncc = 3\n"),
    "a value over lines is not aligned": ("a = [\n1\n]\nbbb=2\ncc=3\n", "a = [\n  1\n]\nbbb = 2\ncc  = 3\n"),
    "aligned comments": ("a=1# x\nb=22 // y\n# z\nc=3 /* w */\n", "a = 1  # x\nb = 22 // y\n# z\nc = 3 /* w */\n"),
    "columns as seen": (
        'a = "é" # x\nb = "e\u0301" # x\nc = "👩‍👩‍👧🇫🇷" # x\nd="ไทยน้ำ" # x\n',
        'a = "é"    # x\nb = "e\u0301"    # x\nc = "👩‍👩‍👧🇫🇷"   # x\nd = "ไทยน้ำ" # x\n',
    ),
    "strings are kept": ('a = "$${ x }  %%{ y }  \\" # no"\n', 'a = "$${ x }  %%{ y }  \\" # no"\n'),
    "interpolations": ('a = "x${ b . c }-${ {d=1} }"\n', 'a = "x${b.c}-${ { d = 1 } }"\n'),
    "heredocs": (
        "b {\na= <<-EOT\n   keep  ${ x }\n     %{ if y ~}\n z=1\n %{ endif }\n  EOT\nccc=1\n}\n",
        "b {\n  a   = <<-EOT\n   keep  ${x}\n     %{if y~}\n z=1\n %{endif}\n  EOT\n  ccc = 1\n}\n",
    ),
    "escapes in heredocs": (
        "a = <<EOT\n$${ x } $$${ x } %%{ y }\n\\${ z }\nEOT\n",
        "a = <<EOT\n$${ x } $$${ x } %%{ y }\n\\${z}\nEOT\n",
    ),
    "a heredoc in a list": ("a = [<<EOT\n x\nEOT\n,1]\n", "a = [<<EOT\n x\nEOT\n, 1]\n"),
    "not the marker": ("a = <<EOT\nEOT x\n${x}EOT\n EOT \nb=1\n", "a = <<EOT\nEOT x\n${x}EOT\n EOT \nb = 1\n"),
    "legacy interpolation": ('a = "${ b }"\nc = "${b}${d}"\n', 'a = b\nc = "${b}${d}"\n'),
    "legacy interpolation over lines": ('a = "${\n b ?\n c : d\n}"\n', "a = (b ?\nc : d)\n"),
    "legacy types": (
        'variable x {\ntype="map"\ndefault="map"\n}\noutput "y" {\ntype="map"\n}\nvariable "z" {\ntype=list\n}\n',
        'variable "x" {\n  type    = map(string)\n  default = "map"\n}\noutput "y" {\n  type = "map"\n}\n'
        'variable "z" {\n  type = list(any)\n}\n',
    ),
    "labels": ("r a /* x */ b /* y */ {}\n", 'r "a" "b" /* y */ {}\n'),
    "Windows line ends": ("a=1\r\n\r\nbb=2 # x\r\nc=3# y\r\n", "a = 1\r\n\r\nbb = 2 # x\r\nc  = 3 # y\r\n"),
    "byte order mark": ("\ufeffa=1\n", "a = 1\n"),
    "blanks at ends": ("a=1  \n\t\nb=2 \n  ", "a = 1\n\nb = 2\n  "),
    "no line's end": ("a=1 #x  ", "a = 1 #x  "),
    "nothing": ("", ""),
}

NOT_HCL = [
    'a = "x\n',
    "a = <<EOT\nx\n",
    "a = /* x",
    'a = "${b',
    "a {",
    "a = '1'",
    "= 1",
    "a = \n",
    '"a" = 1',
    "a b\n{}",
]

FRAGMENTS = [
    *("a", "=", "-", "...", "1.", "e", "é", "{", "}", "[", "]", "(", ")", '"', "${", "%{", "~}", "$", "%", "\\", "'"),
    *("/*", "*/", "#", "<<E\n", "E\n", " ", "\n", "\r", "\t", "\x00", "\u2028", "\ufeff"),
]


def messy_files(first: int, last: int) -> list[str]:
    return [Messy(Random(seed), "\r\n" if seed % 10 == 9 else "\n").file() for seed in range(first, last)]


def with_other_blanks(text: str, chance: Random) -> str:
    """Another indentation, and other gaps around each value and before each comment, outside heredocs."""
    lines = []
    heredoc = ""
    for line in text.split("\n"):
        if heredoc:
            heredoc = "" if line.strip() == heredoc else heredoc
        else:
            line = line.lstrip(" ")
            line = re.sub(r"^([\w.\"/-]+) += ", lambda found: f"{found[1]}{' ' * chance.randint(0, 4)}=", line)
            line = re.sub(r" +# ", lambda _: f"{' ' * chance.randint(1, 9)}# ", line)
            line = " " * chance.randint(0, 7) + line if line else ""
            opened = re.search(r"<<-?(\w+)$", line)
            heredoc = opened[1] if opened else ""
        lines.append(line)
    return "\n".join(lines)


def terraform_fmt(texts: list[str], folder: Path) -> list[str | None]:
    """Each text as the real `terraform fmt` writes it; None where it finds no HCL."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not on PATH")
    for number, text in enumerate(texts):
        (folder / f"{number:05}.tf").write_text(text, encoding="utf-8", newline="")
    settings_file = folder / "terraformrc"
    settings_file.touch()
    run = subprocess.run(
        [terraform, "fmt", "-no-color", "-list=false", str(folder)],
        env={**os.environ, "TF_CLI_CONFIG_FILE": str(settings_file), "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    refused = {int(number) for number in re.findall(r"(\d{5})\.tf line", run.stderr)}
    return [
        None if number in refused else (folder / f"{number:05}.tf").read_bytes().decode()
        for number in range(len(texts))
    ]


@pytest.mark.parametrize(("found", "wanted"), GOLDEN.values(), ids=GOLDEN.keys())
def test_text_is_laid_out_as_terraform_does(found: str, wanted: str) -> None:
    assert format_hcl(found) == wanted
    assert format_hcl(wanted) == wanted


def test_a_canonical_aws_configuration_stays_as_it_is() -> None:
    assert format_hcl(AWS) == AWS


@pytest.mark.parametrize("seed", range(20))
def test_an_aws_configuration_with_other_blanks_becomes_canonical(seed: int) -> None:
    assert format_hcl(with_other_blanks(AWS, Random(seed))) == AWS


@pytest.mark.parametrize("text", NOT_HCL)
def test_text_that_is_no_hcl_is_left_alone(text: str) -> None:
    assert format_hcl(text) == text
    with pytest.raises(NotHclError):
        canonical(text)


def test_what_terraform_would_break_stays_readable() -> None:
    # Terraform loses such labels and keys, and writes `a = b + # c` on a line of its own.
    assert format_hcl('r "$${x}" "b" {}\n') == 'r "$${x}" "b" {}\n'
    assert format_hcl("a = b[true]\n") == "a = b[true]\n"
    assert format_hcl('a = "${ b + # c\n d }"\n') == "a = (b + # c\nd)\n"


def test_formatting_twice_is_formatting_once() -> None:
    for text in messy_files(0, 300):
        once = format_hcl(text)
        assert format_hcl(once) == once


@settings(max_examples=300, derandomize=True)
@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_no_text_is_too_odd(text: str) -> None:
    format_hcl(text)
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 20_000 + "]" * 20_000 + "\n",
        "a = " + '"x${f(' * 20_000 + "1" + ')}"' * 20_000 + "\n",
        "a = " + "-" * 20_000 + "b\n",
        "a {\n" * 1_000 + "}\n" * 1_000,
    ],
    ids=["lists", "templates", "signs", "blocks"],
)
def test_deep_nesting_is_laid_out(text: str) -> None:
    assert len(format_hcl(text).split()) >= len(text.split())


def test_terraform_agrees_with_the_golden_cases(tmp_path: Path) -> None:
    found = [found for found, _ in GOLDEN.values()]
    assert terraform_fmt(found, tmp_path) == [wanted for _, wanted in GOLDEN.values()]


def test_terraform_agrees_on_an_aws_configuration(tmp_path: Path) -> None:
    assert terraform_fmt([AWS], tmp_path) == [AWS]


def test_terraform_agrees_on_thousands_of_messy_files(tmp_path: Path) -> None:
    texts = messy_files(0, 2_000)
    expected = terraform_fmt(texts, tmp_path)
    compared = [(text, wanted) for text, wanted in zip(texts, expected, strict=True) if wanted is not None]
    assert len(compared) > 1_900
    for text, wanted in compared:
        assert format_hcl(text) == wanted, f"formatting {text!r}"


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("\n\na = 1\n\n\n\nb = 2\n\n\n", "a = 1\n\nb = 2\n"),
        ("a {\n\n  b = 1\n \n}\n", "a {\n  b = 1\n}\n"),
        ("a { # why\n\n  b = f([\n\n    1\n\n  ])\n}", "a { # why\n  b = f([\n    1\n  ])\n}\n"),
        ("a {\n}\n\nb {\n}\n", "a {\n}\n\nb {\n}\n"),
        ("a = [\n  1,\n\n  2\n]\n", "a = [\n  1,\n\n  2\n]\n"),
        ("a = <<EOT\n\n\n{\n\n}\n\n\nEOT\n\n\nb = 1\n", "a = <<EOT\n\n\n{\n\n}\n\n\nEOT\n\nb = 1\n"),
        ("/* x {\n\n\n*/\n\n\na = 1\n", "/* x {\n\n\n*/\n\na = 1\n"),
        ("a = 1\r\n\r\n\r\nb = 2\r\n", "a = 1\r\n\r\nb = 2\r\n"),
        ('a = "\n\n\n', 'a = "\n\n\n'),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_tidying_leaves_the_blank_lines_a_person_would(found: str, wanted: str) -> None:
    assert tidy(found) == wanted
    assert tidy(wanted) == wanted


def test_tidying_takes_blank_lines_only() -> None:
    for text in messy_files(300, 500):
        tidied = tidy(text)
        assert [line for line in tidied.split("\n") if line.strip()] == [
            line for line in text.split("\n") if line.strip()
        ]
        assert tidy(tidied) == tidied
