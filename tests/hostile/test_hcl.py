"""Terraform that is made to exhaust its reader: it is read in bounded work, and what is left out of it is said."""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest

from scaffold.evaluate import patterns
from scaffold.evaluate.arguments import UnknownError
from scaffold.evaluate.scope import MAX_STEPS
from scaffold.files import File
from scaffold.hcl import grammar, parse
from scaffold.hcl.syntax import Literal, Name, Opaque, Template, syntax
from scaffold.repository.reading import repository_of
from tests.hostile.targets import TARGETS

N = 10_000


def vpc(value: str) -> str:
    return f'resource "aws_vpc" "a" {{\n  cidr_block = {value}\n}}\n'


def grown(first: str, step: str, times: int = 120) -> str:
    """A chain of locals, each made of the one before; the last is a VPC's block."""
    lines = [f"  x0 = {first}\n", *(f"  x{at} = {step.replace('@', f'local.x{at - 1}')}\n" for at in range(1, times))]
    return f"locals {{\n{''.join(lines)}}}\n{vpc(f'local.x{times - 1}')}"


NESTED = {
    "lists": "[" * N + "]" * N,
    "lists left open": "[" * N,
    "parentheses": "(" * N + "1" + ")" * N,
    "maps": "{a=" * N + "1" + "}" * N,
    "calls": "f(" * N + "1" + ")" * N,
    "signs": "-" * N + "1",
    "negations": "!" * N + "true",
    "a sum": "1" + "+1" * N,
    "conditions": "true ? 1 : " * N + "2",
    "templates": '"${' * N + "1" + '}"' * N,
    "attributes": "a" + ".b" * N,
    "indexes": "a" + "[0]" * N,
    "indexes in indexes": "a[" * N + "0" + "]" * N,
    "splats": "a" + "[*]" * N,
    "old splats": "a" + ".*" * N,
    "loops": "[for a in " * 2000 + "b" + " : a]" * 2000,
    "JSON": f'jsondecode("{"[" * 900}{"]" * 900}")',
    "JSON beyond reading": f'jsondecode("{"[" * 100_000}")',
    "JSON compared": f'jsondecode("{"[" * 400}{"]" * 400}") == jsondecode("{"[" * 400}{"]" * 400}")',
    "JSON flattened": f'flatten(jsondecode("{"[" * 450}{"]" * 450}"))',
    "YAML": f'yamldecode("{"[" * 5000}{"]" * 5000}")',
}

BOMBS = {
    "range": vpc("range(1000000000)"),
    "a range without end": vpc("range(0, 1e18, 1e-9)"),
    "loops in loops": vpc("[for a in range(1000): [for b in range(1000): [for c in range(1000): c]]]"),
    "a product": vpc(f"setproduct({', '.join(['range(1000)'] * 10)})"),
    "subnets": vpc(f'cidrsubnets("10.0.0.0/8", {", ".join(["24"] * 5000)})'),
    "a subnet's number": vpc('cidrsubnet("::/0", 128, pow(2, 200))'),
    "a subnet's bits": vpc('cidrsubnet("::/0", 1000000000, 1)'),
    "a width": vpc('format("%1000000000d", 1)'),
    "a width of many digits": vpc(f'format("%{"9" * 5000}d", 1)'),
    "a precision": vpc('format("%.99999999f", 1)'),
    "a power": vpc("pow(10, 1e9)"),
    "a power of a power": vpc("pow(pow(2, 200), pow(2, 200))"),
    "a number of many digits": vpc("1" * 6000),
    "an index of many digits": vpc(f"a.{'1' * 6000}"),
    "a number that is infinite": vpc("1e308 * 1e308"),
    "replacing": vpc(f'replace("{"a" * 60_000}", "a", "{"b" * 60_000}")'),
    "replacing by a pattern": vpc(f'replace("{"a" * 60_000}", "/a/", "{"b" * 60_000}")'),
    "joining": vpc(f'join("{"x" * 60_000}", range(1000))'),
    "texts that double": grown('"xx"', '"${@}${@}"'),
    "lists that double": grown("[1]", "concat(@, @)"),
    "trees that double": grown("[1]", "[@, @]"),
    "maps that double": grown("{ a = 1 }", "{ a = @, b = @ }"),
    "unknown texts that double": grown("var.v", '"${@}${@}"'),
    "unknown lists that double": grown("[var.v]", "[@, @]"),
    "choices that double": grown("1", "var.v ? [@] : { a = @ }"),
    "JSON that doubles": grown('"a"', "jsonencode([@, @])"),
    "a long chain": grown("1", "@", 4000),
    "locals that need each other": f"locals {{\n  a = local.b\n  b = [local.a, local.a]\n}}\n{vpc('local.a')}",
    "a count": 'resource "aws_vpc" "a" {\n  count = 1000000000000\n}\n',
    "a count that is none": 'resource "aws_vpc" "a" {\n  count = -1.5\n}\n',
    "counts": "".join(f'resource "aws_vpc" "a{at}" {{\n  count = 500\n}}\n' for at in range(100)),
    "dynamic blocks": 'resource "aws_vpc" "a" {\n'
    + 'dynamic "x" {\nfor_each = range(500)\ncontent {\n' * 20
    + "}\n}\n" * 20
    + "}\n",
    "a module that calls itself": 'module "a" {\n  source = "./"\n  count = 500\n}\n',
    "a pattern that tries again": vpc(f'regex("(a+)+$", "{"a" * 100}!")'),
    "a pattern in brackets that does": vpc(f'regex("((a+))+b", "{"a" * 100}")'),
    "a pattern of options": vpc(f'regex("{"a?" * 40}{"a" * 40}b", "{"a" * 100}")'),
    "a pattern of options repeated": vpc(f'regex("(a?a?){{50}}b", "{"a" * 2000}")'),
    "a pattern of a few stars": vpc(f'regex("a*a*a*b", "{"a" * 2000}")'),
    "many patterns": vpc(f'[for a in range(1000): [for b in range(100): regexall("a*a*b", "{"a" * 70}")]]'),
}

FILES = {
    "blocks": "a {\n" * 2000 + "}\n" * 2000,
    "a heredoc left open": "a = <<EOT\n" + "x\n" * N,
    "heredocs left open": "".join(f"a{at} = <<E\n" for at in range(2000)),
    "a long line": f'a = "{"x" * 200_000}"\n',
    "quotes": '"' * 10_000,
    "dollars": f'a = "{"$" * 100_000}"\n',
    "backslashes": f'a = "{chr(92) * 100_001}"\n',
    "comments left open": "/*" * 20_000,
    "markers of conflicts": "<<<<<<< a\n>>>>>>> b\n" * 2_000,
    "tabs in a value": "x =" + "\t" * 1_000_000 + "1\n",
    "empty lines": "x" + "\n\t" * 100_000,
}


@pytest.mark.parametrize("kind", NESTED)
@pytest.mark.parametrize("place", ["an argument", "a variable's value"])
def test_nesting_is_read_as_far_as_it_is_bounded(kind: str, place: str) -> None:
    text = NESTED[kind]
    TARGETS["repository"](
        {
            "an argument": vpc(text),
            "a variable's value": f'variable "a" {{\n  type = map(list(any))\n  default = {text}\n}}\n{vpc("var.a")}',
        }[place]
    )


@pytest.mark.parametrize("kind", BOMBS)
def test_an_expression_that_would_explode_is_unknown(kind: str) -> None:
    repository = repository_of([File("main.tf", BOMBS[kind])])
    assert repository.roots
    assert all(len(root.instances) <= 50_000 for root in repository.roots)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_made_to_exhaust_its_reader_is_read_or_told_of(kind: str) -> None:
    TARGETS["parser"](FILES[kind])
    TARGETS["formatter"](FILES[kind])
    TARGETS["repository"](FILES[kind])


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r\n", "\n\t", "\u2003"])
def test_a_file_of_blanks_is_told_of_with_their_place(blank: str) -> None:
    (problem,) = parse("a = 1\nb =" + blank * 20_000 + "2\n").problems
    assert (problem.line, problem.column) == (2, 4)
    assert "Take them out" in problem.message
    assert parse("a = 1\nb =" + blank * 2_000 + "2\n").problems != (problem,)
    assert isinstance(syntax("[" + blank * 20_000 + "1]"), Opaque)


def test_blanks_in_short_runs_are_read_however_many_there_are() -> None:
    text = f"{' ' * 60}a = 1\n" * 10_000
    assert grammar.blanks_without_end(text) is None
    assert grammar.blanks_without_end(text + " " * 7_100) == len(text) - 1


@pytest.mark.parametrize("sign", ["$", "%"])
def test_any_number_of_signs_but_one_is_an_escape(sign: str) -> None:
    for number in range(2, 8):
        written, meant = sign * number + "{", sign * (number - 1) + "{"
        assert syntax(f'"{written}a}}"') == Literal(f"{meant}a}}")
        assert parse(f'x = "{written}"\n').body.value("x") == meant
        assert parse(f"x = <<E\n{written}\nE\n").body.value("x") == f"{meant}\n"
    assert syntax('"$$$${a}${b}"') == Template(("$$${a}", Name("b")))


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        ("(a+)+", 10),
        ("((a+))*", 10),
        ("(a|a){2,}", 10),
        ("(a?){30}", 10),
        ("a*a*a*a*", 50),
        ("a?" * 40, 10),
        ("a{1,99}" * 4, 200),
        ("a*", 100_000),
    ],
)
def test_a_pattern_that_may_take_for_ever_is_not_searched_for(pattern: str, size: int) -> None:
    with pytest.raises(UnknownError):
        patterns.pattern_of(pattern, "a" * size)
    assert patterns.work_of(pattern, "a" * size) > patterns.MAX_WORK


@pytest.mark.parametrize(
    "pattern", ["^arn:aws:iam::([0-9]+):role/(.+)$", "[a-z]+-[0-9]+", r"\d{12}", "(ab)*c", "a|b", "(a+)?b"]
)
def test_a_pattern_of_every_day_is(pattern: str) -> None:
    assert patterns.pattern_of(pattern, "arn:aws:iam::123456789012:role/team/application")


def test_searching_counts_as_work() -> None:
    steps = [patterns.work_of("a*a*b", "a" * size) for size in (10, 20, 40)]
    assert steps[0] < steps[1] < steps[2] < MAX_STEPS


def calls(ask: Callable[[], object]) -> int:
    """Return how many calls of functions something takes."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(before)
    return counted


GROWING: dict[str, Callable[[int], str]] = {
    "arguments": lambda size: "".join(f"a{at} = 1\n" for at in range(size)),
    "items": lambda size: f"a = [{'1, ' * size}]\n",
    "resources": lambda size: "".join(f'resource "aws_eip" "a{at}" {{}}\n' for at in range(size)),
    "references": lambda size: "".join(
        f'resource "aws_eip" "a{at}" {{\n  x = aws_eip.a{at + 1}.x\n}}\n' for at in range(size)
    ),
    "interpolations": lambda size: f'a = "{"${b}" * size}"\n',
    "attributes": lambda size: f"a = b{'.c' * size}\n",
    "a sum": lambda size: f"a = 1{' + 1' * size}\n",
    "comments": lambda size: "# a\n" * size,
    "skips": lambda size: "# scaffold:skip=N1\n" * size,
    "broken lines": lambda size: "a = = 1\n" * size,
    "lines of a heredoc": lambda size: "a = <<E\n" + "x\n" * size + "E\n",
    "conflicts": lambda size: "<<<<<<< a\n=======\n>>>>>>> b\n" * size,
    "variables": lambda size: "".join(f'variable "a{at}" {{}}\n' for at in range(size)),
    "locals": lambda size: grown("1", "@", size),
}


@pytest.mark.parametrize("kind", GROWING)
@pytest.mark.parametrize("target", ["parser", "formatter", "repository"])
def test_twice_as_much_takes_about_twice_the_work(target: str, kind: str) -> None:
    of_size = GROWING[kind]
    TARGETS[target](of_size(3))  # what is loaded at first use
    small, large = (calls(partial(TARGETS[target], of_size(size))) for size in (101, 404))
    assert large < 6 * small
