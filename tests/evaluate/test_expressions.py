"""What expressions are worth, compared with Terraform where it can say, and what stays unknown."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from scaffold.evaluate.expressions import evaluate
from scaffold.evaluate.scope import Scope, Work, empty_scope
from scaffold.evaluate.unknown import Either, Encoded, symbol
from scaffold.evaluate.values import Joined, Symbol, Value, different_zones, known, may_hold_more
from scaffold.hcl.syntax import syntax

PURE = r"""
1 + 2 * 3
(1 + 2) * 3
7 / 2
6 / 2
-7 % 3
7 % 3
10 - 3 - 2
100 / 10 / 5
2 * 3 + 4 * 5
1 < 2 && 2 < 3
true || false && false
!true || true
1 == 1 ? "a" : "b"
false ? 1 : true ? 2 : 3
1 == "1"
true == 1
null == null
[1, 2] == [1, 2]
{ a = 1 } == { a = 1 }
"a${1}b${true}c"
"${1}"
"$${x} %%{y}"
"tab\tquote\"nl\n\u00e9"
cidrsubnet("10.0.0.0/16", 8, 3)
cidrsubnet("10.0.0.0/16", 3, 5)
cidrsubnet("fd00::/48", 16, 10)
cidrsubnets("10.0.0.0/16", 4, 4, 8, 4)
cidrhost("10.0.0.0/24", 5)
cidrhost("10.0.0.0/24", -2)
cidrnetmask("10.0.0.0/20")
concat(["a"], ["b", "c"])
flatten([["a", ["b"]], [], ["c"]])
merge({ a = 1, b = 2 }, { b = 3 }, null)
lookup({ a = 1 }, "b", 9)
length({ a = 1 })
length("héllo")
keys({ b = 1, a = 2 })
values({ b = 1, a = 2 })
zipmap(["a", "b"], [1, 2])
element(["a", "b", "c"], 4)
slice(["a", "b", "c"], 1, 3)
contains(["a"], "a")
contains([1], "1")
distinct(["a", "b", "a"])
compact(["a", "", null, "b"])
coalesce("", "x")
coalesce(null, 3)
coalescelist([], ["x"])
toset(["b", "a", "b"])
tolist(toset(["b", "a"]))
tomap({ a = 1, b = "x" })
tostring(1.5)
tostring(true)
tonumber("12.50")
tobool("true")
join(",", ["a", 1, true])
split(",", "a,b,,c")
split("", "abc")
format("%s-%03d-%.2f-%5s|%-5s|%t|%%", "a", 7, 1.5, "r", "l", true)
format("%x %X %o", 255, 255, 8)
formatlist("%s-%s", ["a", "b"], "z")
lower("ABC")
upper("abc")
title("hello world-wide it's")
replace("a.b.c", ".", "_")
replace("abc123", "/[0-9]+/", "N")
substr("hello", 1, 3)
substr("hello", -3, 2)
substr("hello", 2, -1)
trimspace("  a \n")
trim("??a!?", "?!")
trimprefix("helloworld", "hello")
trimsuffix("helloworld", "world")
startswith("hello", "he")
endswith("hello", "lo")
strcontains("hello", "ell")
strrev("abc")
chomp("a\n")
setproduct(["a", "b"], ["x", "y"])
setunion(["b"], ["a", "b"])
setsubtract(["a", "b", "c"], ["b"])
setintersection(["a", "b"], ["b", "c"])
range(3)
range(1, 8, 3)
range(5, 0)
index(["a", "b"], "b")
sort(["b", "a", "C"])
reverse([1, 2, 3])
chunklist(["a", "b", "c"], 2)
min(3, 1, 2)
max(3, 1.5)
abs(-3.5)
ceil(1.2)
floor(-1.2)
pow(2, 10)
log(16, 2)
signum(-3)
parseint("ff", 16)
jsonencode({ b = [1, 2.5, "x<y&z>"], a = null, c = true })
jsondecode("{\"a\": [1, 2.0, true, null]}")
yamldecode("a: 1\nb: [x, y]\n")
base64encode("hello é")
try(tonumber("x"), "fallback")
try({ a = 1 }.b, "none")
can(tonumber("x"))
can({ a = 1 }.a)
one([])
one(["a"])
alltrue([true, true])
alltrue([])
anytrue([false])
anytrue([])
sum([1, 2.5])
nonsensitive(sensitive("a"))
regex("^([a-z]+)-([0-9]+)$", "abc-12")
regex("[0-9]+", "abc-12")
regexall("[a-z]", "a1b2")
matchkeys(["i", "j"], ["a", "b"], ["b"])
transpose({ a = ["1", "2"], b = ["2"] })
[for x in ["a", "b"] : upper(x)]
[for i, x in ["a", "b"] : "${i}${x}"]
{ for k, v in { b = 2, a = 1 } : k => v * 2 }
{ for x in ["aa", "b", "cc"] : length(x) => x... }
[for k, v in { b = 2, a = 1 } : k if v > 1]
[for x in toset(["b", "a"]) : x]
[{ id = 1 }, { id = 2 }][*].id
[{ id = 1 }, { id = 2 }].*.id
{ id = 1 }[*].id
null[*].id
["a", "b"][1]
["a", "b"].0
{ "a b" = 1 }["a b"]
{ (1 + 1) = "x", (true) = "y" }
max([1, 5, 3]...)
concat([["a"], ["b"]]...)
merge([{ a = 1 }, { b = 2 }]...)
1.0 == 1
0.1 + 0.2
5 > 4 == true
-(3)
!(true && false)
"a" == "a" && "b" != "c"
1 + 2 > 2 ? "y" : "n"
[for s in ["10.0.0.0/24"] : cidrhost(s, 1)][0]
element([for i in range(3) : cidrsubnet("10.0.0.0/8", 8, i)], 1)
lookup({ a = { b = 1 } }, "a", null).b
"x" != null
tostring(null)
length([for x in [] : x])
""".strip().splitlines()


def worth(expression: str, **names: Value) -> Value:
    """Evaluate an expression; names that are not given are symbols."""
    return evaluate(syntax(expression), Scope(lambda name: names.get(name, symbol(name)), Work(), "here"))


def data(value: Value) -> object:
    if isinstance(value, Mapping):
        return {str(key): data(each) for key, each in value.items()}
    return [data(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH: nothing to compare with")
def test_pure_expressions_are_worth_what_terraform_says(tmp_path: Path) -> None:
    outputs = (f'output "o{place}" {{\n  value = jsonencode({text})\n}}\n' for place, text in enumerate(PURE))
    (tmp_path / "main.tf").write_text("".join(outputs))
    for command in (["init", "-backend=false"], ["apply", "-auto-approve"], ["output", "-json"]):
        done = subprocess.run(["terraform", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    for place, text in enumerate(PURE):
        assert json.dumps([text, data(worth(text))], sort_keys=True) == json.dumps(
            [text, json.loads(said[f"o{place}"]["value"])], sort_keys=True
        )


def test_a_heredoc_is_its_text() -> None:
    assert worth("<<-EOT\n    a\n      b ${1 + 1}\n  EOT\n") == "a\n  b 2\n"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("false && a", False),
        ("a && false", False),
        ("true || a", True),
        ("a || true", True),
        ("true && a", Symbol("a")),
        ("a == a", True),
        ("a != a", False),
        ("a ? 1 : 1", 1),
        ("a ? b : b", Symbol("b")),
        ('"x-${a}" == "y-${b}"', False),
        ('"${a}-x" == "${b}-y"', False),
        ('"x-${a}" == "x-${a}"', True),
        ("[a, 1] == [a, 2]", False),
        ("{ (a) = 1 }[a]", 1),
        ("slice(a, 0, 3)[1]", Symbol("a[1]")),
        ("slice(sort(a), 0, 2)", (Symbol("sort(a)[0]"), Symbol("sort(a)[1]"))),
        ("element(a, 0)", Symbol("a[0]")),
        ("element([a, b], 3)", Symbol("b")),
        ('a["b"]', Symbol("a.b")),
        ("length([a, b])", 2),
        ("toset([a, b, a])", (Symbol("a"), Symbol("b"))),
        ("contains([a, 1], 1)", True),
        ("[for x in [a, b] : x]", (Symbol("a"), Symbol("b"))),
        ('join("-", ["x", a])', Joined(("x-", Symbol("a")))),
        ('format("%s/%s", "x", a)', Joined(("x/", Symbol("a")))),
        ('startswith("ab-${a}", "ab")', True),
        ("length(a ? [1, 2] : [3, 4])", 2),
        ("a ? [1][3] : 2", 2),
        ("tolist(a)", Symbol("a")),
        ("sensitive(a)", Symbol("a")),
    ],
)
def test_what_is_known_in_part_is_evaluated_as_far_as_it_goes(expression: str, value: Value) -> None:
    assert worth(expression) == value
    assert type(worth(expression)) is type(value) or isinstance(worth(expression), Symbol)


@pytest.mark.parametrize(
    "expression",
    [
        "a == b",
        '"x-${a}" == "x-${b}"',
        "a == null",
        "a && b",
        "a + 1",
        "a[b]",
        "[1, 2][a]",
        "{ a = 1 }[a]",
        "contains([a], 1)",
        "length(a)",
        "flatten([a])",
        "compact([a])",
        "coalesce(a, 1)",
        "try(a.b.c, 1)",
        "can(a.b.c)",
        "templatefile(a, {})",
        'file("x")',
        "no_such_function(1)",
        '"%{ if a }x%{ endif }"',
        "[for x in a : x if b]",
        "pow(2, 1000000000)",
        "range(0, 1000000000)",
        'cidrsubnet("10.0.0.0/8", 99, 1)',
        'format("%1000000000d", 1)',
        'regexall("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
        "1 / 0",
        "1 % 0",
        "[][0]",
        "{}.a",
        '"a" + 1',
        "null.a",
        "-true",
    ],
)
def test_what_nobody_can_know_or_terraform_refuses_is_a_symbol(expression: str) -> None:
    assert isinstance(worth(expression), Symbol)


def test_json_of_what_is_known_in_part_keeps_what_is_encoded() -> None:
    found = worth('jsonencode({ b = [1, "${a}:*"] })')
    assert isinstance(found, Encoded)
    assert found.data == {"b": (1, Joined((Symbol("a"), ":*")))}


def test_the_same_unknown_expression_is_the_same_symbol_and_another_is_not() -> None:
    for one, other in (
        ('upper("${a}")', "upper(a)"),
        ("a + (1)", "a + 1"),
        ("[for x in a : x.id]", "a[*].id"),
        ("[for x in a : x.id]", "[for y in a : y.id]"),
        ("a ? 1 : 2", "(a) ? 1 : 2"),
    ):
        assert worth(one) == worth(other), one
    for one, other in (
        ("upper(a)", "lower(a)"),
        ("upper(a)", "upper(b)"),
        ("[for x in a : x.id]", "[for x in b : x.id]"),
        ("[for x in a : [for y in a : x == y]]", "[for x in a : [for y in a : y == y]]"),
        ("[for x in a : x if b]", "[for x in a : x if c]"),
        ("a ? (b ? 1 : 2) : 3", "a ? (c ? 1 : 2) : 3"),
        ("try(a.b.c, d ? 1 : 2)", "try(a.b.c, e ? 1 : 2)"),
        ("[for x in [1, 2] : x if x == a]", "[for x in [1, 2] : x if x == b]"),
        ("[for x in a ? [1] : [2] : x + b]", "[for x in a ? [1] : [2] : x + c]"),
    ):
        assert worth(one) != worth(other), one


@pytest.mark.parametrize("name", ["timestamp()", "uuid()", 'bcrypt("a")'])
def test_what_is_new_each_time_equals_nothing_not_even_itself(name: str) -> None:
    assert isinstance(worth(f"{name} == {name}"), Symbol)
    assert worth(f"[{name}, {name}]") == worth(f"[{name}, {name}]")


def test_an_unknown_choice_keeps_what_it_may_be() -> None:
    chosen = worth('a ? "x" : "y"')
    assert isinstance(chosen, Either)
    assert chosen.options == ("x", "y")
    assert worth('chosen == "z"', chosen=chosen) is False
    assert isinstance(worth('chosen == "x"', chosen=chosen), Symbol)


def test_try_does_not_take_for_sure_what_only_may_be_there() -> None:
    found = worth('try((a ? ["x"] : [])[0], "y")')
    assert isinstance(found, Either)
    assert found.options == ("x", "y")
    assert worth('(a ? ["x"] : [])[0]') == "x"


def test_zones_of_one_list_are_different() -> None:
    zones = worth("slice(data.aws_availability_zones.a.names, 0, 2)")
    assert isinstance(zones, tuple)
    assert different_zones(*zones)
    assert worth("zones[0] == zones[1]", zones=zones) is False
    assert worth("element(data.aws_availability_zones.a.names, 1)") == zones[1]


def test_tags_that_are_merged_with_unknown_ones_may_be_more() -> None:
    tags = worth("merge({ a = 1 }, b, { c = 3 })")
    assert isinstance(tags, Mapping)
    assert may_hold_more(tags)
    assert tags["c"] == 3
    assert isinstance(worth("length(tags)", tags=tags), Symbol)
    assert isinstance(worth('lookup(tags, "d", 1)', tags=tags), Symbol)
    assert worth("tags.c", tags=tags) == 3


@pytest.mark.parametrize(
    "expression",
    [
        "setproduct(a, a, a, a, a)",
        "[for x in a : [for y in a : [for z in a : [for w in a : 1]]]]",
        'join("", [for x in a : join("", [for y in a : "0123456789"])])',
        "flatten([for x in a : [for y in a : y]])",
    ],
)
def test_what_grows_too_large_is_a_symbol(expression: str) -> None:
    assert isinstance(worth(expression, a=tuple(range(1000))), Symbol)


@pytest.mark.parametrize(
    "expression",
    [
        "[for x in a : [for y in a : contains(a, x + y)]]",
        "[for x in a : [for y in a : f([a], b)]]",
        "{ for x in a : 1 => [for y in a : [a, [a, [a]]] == [a, [a, [a]]]]... }",
    ],
)
def test_what_is_too_much_work_is_left_unknown(expression: str) -> None:
    assert not known(worth(expression, a=tuple(range(1000))))


def test_deep_nesting_ends() -> None:
    for expression in ("[" * 90 + "]" * 90, "-(" * 5000 + "1" + ")" * 5000, "!" * 3000 + "true", "a" + "[0]" * 5000):
        worth(expression)


def test_a_number_is_no_boolean() -> None:
    assert worth("1 == true") is False
    assert worth("[1] == [true]") is False
    assert worth("contains([1], true)") is False
    assert worth("distinct([1, true])") == (1, True)
    assert [type(each) for each in evaluate(syntax("[1, true]"), empty_scope())] == [int, bool]  # type: ignore[union-attr] # it is a tuple
