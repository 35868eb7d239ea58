"""Every value a template prints becomes text that the reader of the file reads back as that value, or is refused."""

import json
import os
import re
import shutil
import subprocess
import unicodedata

import hcl2
import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scaffold.files import File
from scaffold.hcl import parse
from scaffold.render.escape import (
    UnsafeValueError,
    hcl_key,
    hcl_text,
    hcl_value,
    json_value,
    markdown_text,
    plain_text,
    yaml_value,
)
from scaffold.verify import hcl_syntax
from scaffold.verify.verdict import Status, Tree

HOSTILE = [
    '${file("/etc/passwd")}',
    "%{ for x in y }%{ endfor }",
    "{{ 7*7 }}",
    "{% raw %}",
    "$${a}",
    "$$${a}",
    "%%{b}",
    "$${",
    "${",
    "%{",
    "$%{",
    "%${",
    "\\${",
    "$",
    "%",
    "\\",
    '"',
    '$"{',
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u202egnp.exe",
    "\u200b",
    "\u2028",
    "\ufeff",
    "EOT\nEOT\n",
    "*/ /* # //",
    "e\u0301",
    "\U0001f600",
    "x" * 100_000,
    "",
]

searched = settings(max_examples=400, deadline=None, derandomize=True, database=None)

# Characters that mean something to one language or another, more often than chance would have them.
text = st.text(
    st.sampled_from("${}%\"'\\\n\r\t\0 :#&*!|>[]<~-_?@`=,.0123abcxyznotrue") | st.characters(exclude_categories=["Cs"]),
    max_size=30,
)

plain_data = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text.filter(bool), inner, max_size=3),
    max_leaves=6,
)

# python-hcl2 and tree-sitter take neither `$${` nor `%%{` apart as Terraform does; Terraform itself is asked below.
no_templates = text.filter(lambda value: not re.search(r"[$%]\{", value))


@searched
@given(no_templates)
def test_hcl_text_reads_back_with_python_hcl2(value):
    loaded = hcl2.loads(f"x = {hcl_value(value)}\n")["x"]
    # It keeps the quotes; inside them HCL's escapes are JSON's.
    assert json.loads(loaded) == value


@searched
@given(no_templates)
def test_hcl_text_reads_back_with_our_own_reader(value):
    assert parse(f"x = {hcl_value(value)}\n").body.value("x") == value


@searched
@given(text)
def test_hcl_text_stays_on_its_line_and_shows_what_cannot_be_seen(value):
    written = hcl_text(value)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", written)


@searched
@given(text)
def test_no_text_ends_its_quotes_or_begins_a_template(value):
    inside = re.sub(r"\\.", "", hcl_text(value))
    assert '"' not in inside
    # A run of `$` before `{` is an escape where it is two or more long.
    assert all(len(run) > 1 for run in re.findall(r"(\$+)\{", inside) + re.findall(r"(%+)\{", inside))


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not on PATH")
def test_terraform_itself_reads_every_hostile_text_back(tmp_path):
    cases = [*HOSTILE, *_samples()]
    outputs = [f'output "o{index}" {{\n  value = {hcl_value(case)}\n}}\n' for index, case in enumerate(cases)]
    (tmp_path / "main.tf").write_bytes("".join(outputs).encode())
    _terraform(tmp_path, "apply", "-auto-approve", "-input=false")
    values = json.loads(_terraform(tmp_path, "output", "-json"))
    for index, case in enumerate(cases):
        # Terraform keeps all its texts in Unicode's composed form.
        assert values[f"o{index}"]["value"] == _composed(case), case


def _samples() -> list[object]:
    found: list[object] = []

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(text | st.dictionaries(text, text, max_size=3))
    def collect(value):
        assume(not isinstance(value, dict) or len({_composed(key) for key in value}) == len(value))
        found.append(value)

    collect()
    return found


def _composed(value):
    if isinstance(value, dict):
        return {_composed(key): _composed(inner) for key, inner in value.items()}
    return unicodedata.normalize("NFC", value)


def _terraform(folder, *arguments: str) -> str:
    done = subprocess.run(
        ["terraform", f"-chdir={folder}", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("value", [True, False, None, 3, [], {}, ["a", 1, True], {"a": 1, "for": {"b c": [None]}}])
def test_values_of_every_kind_are_hcl_expressions(value):
    text = f"x = {hcl_value(value)}\n"
    assert parse(text).body.value("x") == value
    tree = Tree((File("main.tf", f"locals {{\n  {text}}}\n"),), {})
    assert hcl_syntax.verify(tree).status is Status.PASSED


def test_an_object_key_is_bare_where_it_can_be():
    assert [hcl_key(key) for key in ("dev", "eu-1", "for", "1a", "a b", "${x}")] == [
        "dev",
        "eu-1",
        '"for"',
        '"1a"',
        '"a b"',
        '"$${x}"',
    ]


@pytest.mark.parametrize("value", [object(), 1.5, b"x", {1, 2}])
def test_hcl_takes_plain_values_only(value):
    with pytest.raises(UnsafeValueError):
        hcl_value(value)
    with pytest.raises(UnsafeValueError):
        hcl_text(value)


@searched
@given(plain_data)
def test_yaml_values_read_back(value):
    assert yaml.safe_load(f"a: {yaml_value(value)}\n") == {"a": value}
    assert yaml.safe_load(f"- {yaml_value(value)}\n") == [value]
    assert yaml.safe_load(f"{{a: {yaml_value(value)}, b: 1}}\n") == {"a": value, "b": 1}


words = st.from_regex(
    r"([A-Za-z0-9][A-Za-z0-9 _./:@+-]{0,12})|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:]+Z?)?|0x[0-9a-fA-F]+|0o?[0-7]+"
    r"|[0-9]+(:[0-9]{1,2})+|[0-9.]+[eE][+-]?[0-9]+|(?i:yes|no|on|off|true|false|null|y|n)",
    fullmatch=True,
)


@searched
@given(words)
def test_words_that_yaml_would_take_for_something_else_are_quoted(value):
    assert yaml.safe_load(f"a: {yaml_value(value)}\n") == {"a": value}


@pytest.mark.parametrize(
    "value",
    ["0o17", "1e3", "0x1F", "1_000", "y", "N", "on", "012", "1.30", "2026-01-01", "12:30", "2026-01-01T10:00:00Z"],
)
def test_words_that_only_other_yaml_readers_take_for_something_else_are_quoted_too(value):
    assert yaml_value(value) == f'"{value}"'


@pytest.mark.parametrize("value", ["team-shop", "us-east-1a", "a/b:c", "500m", "you@example.com"])
def test_plain_words_stay_unquoted_in_yaml(value):
    assert yaml_value(value) == value


@searched
@given(plain_data)
def test_json_values_read_back(value):
    assert json.loads(json_value(value)) == value
    assert json_value(value).isascii()


@pytest.mark.parametrize("value", [case for case in HOSTILE if case and case != "x" * 100_000])
def test_plain_text_refuses_what_could_mean_something(value):
    with pytest.raises(UnsafeValueError):
        plain_text(value)


@pytest.mark.parametrize(
    "value",
    ["a: b", "a;b", "a#b", "$(id)", "`id`", "a'b", "a b ", "-rf", "..", "~", "a|b", "a>b", "a&b", "é", "a=b", None],
)
def test_plain_text_refuses_what_a_shell_make_or_yaml_could_read(value):
    with pytest.raises(UnsafeValueError):
        plain_text(value)


@pytest.mark.parametrize(
    "value", [("dev", "dev"), (3, "3"), (True, "true"), ("", ""), ("functions/worker", "functions/worker")]
)
def test_plain_text_leaves_plain_words_as_they_are(value):
    given_value, written = value
    assert plain_text(given_value) == written


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@searched
@given(
    st.text(
        st.sampled_from("*_~`<>[]()!&;#\\|\"'/.@-+= ahtp1\n") | st.characters(exclude_categories=["C"]), max_size=30
    )
)
@example("_a_ __b__ a_b_c")
@example("*a* **b** ~~c~~")
@example("[a](b) ![a](b) <b> <https://example.com> `c` &lt; \\* a|b")
def test_markdown_text_starts_no_markup(value):
    cell = MARKDOWN.parse(f"| a |\n|---|\n| x {markdown_text(value)} x |\n")
    _, inline = [token for token in cell if token.type == "inline"]
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == f"x {' '.join(value.split())} x"


def test_markdown_leaves_names_readable():
    assert markdown_text("lmi.max_vcpu_count: 3 x $0.045/h") == "lmi.max_vcpu_count: 3 x $0.045/h"
