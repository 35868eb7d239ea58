"""Reading YAML as answers: plain values with their lines, and nothing else that YAML can do."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffold.answers.document import MAX_BYTES, MAX_DEPTH, DocumentError, read_document, read_value


def refusal(text: str) -> str:
    with pytest.raises(DocumentError) as error:
        read_document(text, "answers.yaml")
    return str(error.value)


@pytest.mark.parametrize(
    "written", ["1.30", "0123", "0x1F", "0o17", "1e3", "1_000", "+1", "12:30:00", ".inf", "2026-01-01", "9" * 20, "yEs"]
)
def test_what_no_answer_is_stays_the_text_that_was_written(written):
    assert read_value(written, "--set") == written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[(word, True) for word in ("true", "True", "TRUE", "yes", "Yes", "on", "ON")],
        *[(word, False) for word in ("false", "No", "NO", "off", "Off")],
        *[(word, None) for word in ("null", "Null", "~", "")],
        *[(word, int(word)) for word in ("0", "-5", "4711")],
        *[(word, word) for word in ("y", "n", "Y", "N", "none")],
        *[(f'"{word}"', word) for word in ("true", "null", "3", "")],
    ],
)
def test_plain_words_are_what_yaml_says_and_quotes_make_text(written, value):
    assert read_value(written, "--set") == value
    assert type(read_value(written, "--set")) is type(value)


def test_every_value_has_its_line():
    document = read_document("name: shop\nnetwork:\n  # why\n  nat: none\nazs:\n  - us-east-1a\n  - us-east-1b\n", "f")
    assert document.lines["name"] == 1
    assert document.lines["network.nat"] == 4
    assert document.lines["azs.1"] == 7


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~\n", "--- null\n...\n"])
def test_a_document_that_says_nothing_has_no_answers(text):
    assert read_document(text, "f").data == {}


@pytest.mark.parametrize("text", ["\ufeffname: shop\n", "name: shop\r\n", "---\nname: shop\n...\n", "{name: shop}"])
def test_marks_and_line_ends_of_other_systems_are_read(text):
    assert read_document(text, "f").data == {"name": "shop"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- name\n", "not a list"),
        ("shop\n", "not a single value"),
        ("a: !!python/object/apply:os.system [id]\n", "line 1: the tag"),
        ("b: 1\na: !!str 1\n", "line 2: the tag"),
        ("%TAG ! tag:x,2000:\n---\na: !foo 1\n", "line 3: the tag"),
        ("a: &x 1\n", "line 1: anchors and aliases"),
        ("a: 1\nb: *x\n", "line 2: anchors and aliases"),
        ("<<: {a: 1}\n", "line 1: a key is a plain word"),
        ("? [a]\n: 1\n", "line 1: a key is a plain word"),
        ("? {a: b}\n: 1\n", "line 1: a key is a plain word"),
        ('"": 1\n', "line 1: a key is a plain word"),
        ('"a\\e[31mb": 1\n', "line 1: a key is a plain word"),
        ('"a\\u202eb": 1\n', "line 1: a key is a plain word"),
        (f"? {'k' * 500}\n: 1\n", "line 1: a key is a plain word"),
        ("a: 1\nb: 2\na: 3\n", "line 3: a is given twice"),
        ("n:\n  a: 1\n  'a': 2\n", "line 3: n.a is given twice"),
        ("a: 1\n---\nb: 2\n", "line 2: not YAML"),
        ("a:\n\tb: 1\n", "line 2: not YAML"),
        ("a: b: c\n", "line 1: not YAML"),
        ('a: "x\n', "not YAML"),
        ("a: [1, 2\n", "not YAML"),
        ("%YAML 9.9\n---\na: 1\n", "not YAML"),
        ("a: \0\n", "control characters are not allowed"),
        ("a: \x1b[31m\n", "control characters are not allowed"),
        ('a: "\\ud800"\n', "not YAML"),
        (f"a: {'[' * MAX_DEPTH}{']' * MAX_DEPTH}\n", f"nested more than {MAX_DEPTH} deep"),
        ("a: " + "[" * 100_000, "nested more than"),
        ("{a: " * 100_000, "nested more than"),
        (f"a: {'x' * MAX_BYTES}\n", "answers are at most 1,000,000"),
    ],
)
def test_what_is_more_than_plain_values_is_refused_with_its_place(text, said):
    assert said in refusal(text)
    assert refusal(text).startswith("answers.yaml")


@pytest.mark.parametrize("reader", ["libyaml", "pure"])
@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("a: 1\na: 2\n", 2, "Keep one of the two."),
        ("a: !!str 1\n", 1, "Remove the tag."),
        ("b: 1\na: &x 1\n", 2, "Write the value out"),
        ("a: [1, 2\n", 2, "Close the bracket"),
        ("a: {b: 1\n", 2, "Close the bracket"),
        ('a: "x\n', 2, "Close the quote."),
        ("a: b: c\n", 1, "quote text that has a colon"),
        ("a:\n\tb: 1\n", 2, "Indent with spaces"),
        ("a: 1\n---\nb: 2\n", 2, "Keep one document"),
        ("- a\n", None, "Write `name: platform`"),
        (f"a: {'x' * MAX_BYTES}\n", None, "Keep it under 1,000,000 bytes."),
    ],
)
def test_a_refusal_says_the_line_and_the_mend(text, line, mend, reader, monkeypatch):
    if reader == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    with pytest.raises(DocumentError) as error:
        read_document(text, "f")
    assert (error.value.line, error.value.place) == (line, f"f line {line}" if line else "f")
    assert mend in error.value.mend
    assert "line" not in error.value.message


@pytest.mark.parametrize(("text", "key"), [("1: x", "1"), ("true: x", "true"), ("null: x", "null"), ("on: x", "on")])
def test_a_key_is_text_whatever_it_looks_like(text, key):
    assert read_document(text, "f").data == {key: "x"}


# Line ends other than a line feed, and what cannot be seen, no answer has.
PRINTABLE = st.characters(exclude_categories=["C", "Zl", "Zp"], include_characters="\n")

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(PRINTABLE, max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(["name", "on", "null", "1", "a-b"]), PLAIN, max_size=4))
def test_what_is_written_down_as_yaml_reads_back_the_same(data):
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    assert read_document(text, "f").data == data


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.text(alphabet=st.sampled_from("ab:-[]{},&*!|>'\"%@#?~<0 \n\t\r\0\u202e"), max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    outcome = _outcome(text)
    assert isinstance(outcome, dict) or str(outcome).startswith("f")


def test_the_reader_without_libyaml_agrees(monkeypatch):
    texts = ["name: shop\nazs: 3\n", "a: &x 1\n", "a: !!str 1\n", "a:\n\tb: 1\n", "a: \0\n", "a: " + "[" * 1000]
    with_libyaml = [_outcome(text) for text in texts]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [_outcome(text) for text in texts] == with_libyaml


def _outcome(text: str) -> object:
    try:
        return read_document(text, "f").data
    except DocumentError as error:
        return str(error).partition(": ")[0]
