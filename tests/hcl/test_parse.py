import hcl2
import pytest

from scaffold.hcl import UNKNOWN, parse

EXAMPLE = """\
# The network.
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true

  tags = {
    Name  = "${var.name}-vpc" // inside a map
    "a b" = "plain"
    Count = 3
  }
}

/* over
   two lines */
variable "cidr" {
  type    = string
  default = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "Not a CIDR."
  }
}
"""


def only(text):
    document = parse(text)
    assert document.problems == ()
    return document.body.attributes[0].expression


def test_blocks_labels_and_lines_are_read():
    body = parse(EXAMPLE).body
    vpc, cidr = body.blocks
    assert (vpc.type, vpc.labels, vpc.line, vpc.end_line) == ("resource", ("aws_vpc", "this"), 2, 11)
    assert [(a.name, a.line, a.end_line) for a in vpc.body.attributes] == [
        ("cidr_block", 3, 3),
        ("enable_dns_hostnames", 4, 4),
        ("tags", 6, 10),
    ]
    assert cidr.body.value("default") == "10.0.0.0/16"
    assert [block.type for block in cidr.body.blocks] == ["validation"]
    assert body.block("variable", "cidr") is cidr
    assert body.block("variable", "other") is None


def test_comments_keep_their_lines_wherever_they_stand():
    assert [(c.text, c.line, c.end_line) for c in parse(EXAMPLE).comments] == [
        ("# The network.", 1, 1),
        ("// inside a map", 7, 7),
        ("/* over\n   two lines */", 13, 14),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a b"', "a b"),
        ('""', ""),
        ('"  spaces  "', "  spaces  "),
        (r'"a\n\"q\" \\ \u00e9"', 'a\n"q" \\ é'),
        ('"$${not} %%{this}"', "${not} %{this}"),
        ("42", 42),
        ("-1.5", -1.5),
        ("true", True),
        ("null", None),
        ("(7)", 7),
        ('[1, "b", [false]]', [1, "b", [False]]),
        ("[]", []),
        ('{ a = 1, "b c" : [2] }', {"a": 1, "b c": [2]}),
        ("{ a = var.x, b = 1 }", {"a": UNKNOWN, "b": 1}),
        ("[var.x, 1]", [UNKNOWN, 1]),
        ('"${var.x}"', UNKNOWN),
        ("var.x", UNKNOWN),
        ("1 + 1", UNKNOWN),
        ("upper(1)", UNKNOWN),
        ("[for x in [1] : x]", UNKNOWN),
        ("{ (var.k) = 1 }", UNKNOWN),
        ("<<EOT\n  a\n b\nEOT", "  a\n b\n"),
        ("<<-EOT\n    a\n      b\n  EOT", "a\n  b\n"),
        ("<<-EOT\n    ${var.x}\n  EOT", UNKNOWN),
    ],
)
def test_a_literal_has_its_value_and_anything_else_is_unknown(text, value):
    assert only(f"x = {text}\n").value == value


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("aws_vpc.this.id", ["aws_vpc.this.id"]),
        ('aws_subnet.a["x"].id', ['aws_subnet.a["x"].id']),
        ("aws_subnet.a[each.key].id", ["aws_subnet.a[each.key].id", "each.key"]),
        ("aws_subnet.a[*].id", ["aws_subnet.a[*].id"]),
        ("aws_subnet.a.*.id", ["aws_subnet.a[*].id"]),
        ("aws_subnet.a.0.id", ["aws_subnet.a[0].id"]),
        ("data.aws_x.y.z + local.b", ["data.aws_x.y.z", "local.b"]),
        ("[for k, v in var.m : v.id if k != local.skip]", ["var.m", "local.skip"]),
        ("{ for k in var.m : k => var.other[k] }", ["var.m", "var.other[k]"]),
        ('"a-${var.x}%{ for y in var.ys }${y}%{ endfor }"', ["var.x", "var.ys"]),
        ("<<-EOT\n  ${var.x}\n  %{ if var.y }z%{ endif }\n  EOT", ["var.x", "var.y"]),
        ("{ a = b.c, (var.k) = 1, d = [e.f] }", ["b.c", "var.k", "e.f"]),
        ("merge(var.a, { x = module.z.out })", ["var.a", "module.z.out"]),
        ("var.a ? -var.b : !var.c", ["var.a", "var.b", "var.c"]),
        ('"no ${"nested ${var.x}"}"', ["var.x"]),
        ('"$${var.x}"', []),
    ],
)
def test_every_reference_is_found_and_names_bound_by_for_are_none(text, references):
    assert [str(reference) for reference in only(f"x = {text}\n").references] == references


def test_references_and_calls_know_their_line_and_column():
    expression = only("x = merge(\n  local.é,\n  upper(var.b),\n)\n")
    assert [(r.line, r.column) for r in expression.references] == [(2, 3), (3, 9)]
    assert [(c.name, c.line, c.column) for c in expression.calls] == [("merge", 1, 5), ("upper", 3, 3)]


def test_a_byte_order_mark_and_crlf_are_fine():
    document = parse("\ufeff" + EXAMPLE.replace("\n", "\r\n"))
    assert document.problems == ()
    plain = parse(EXAMPLE)
    assert [(a.name, a.line, a.end_line, a.expression.value) for a in document.body.all_attributes()] == [
        (a.name, a.line, a.end_line, a.expression.value) for a in plain.body.all_attributes()
    ]
    assert document.comments[0].text == "# The network."


def test_another_reader_reads_the_same():
    other = hcl2.loads(EXAMPLE)
    ours = parse(EXAMPLE).body
    assert [list(block) for block in other["resource"]] == [['"aws_vpc"']]
    assert list(other["variable"][0]) == ['"cidr"']
    assert other["resource"][0]['"aws_vpc"']['"this"']["enable_dns_hostnames"] is ours.blocks[0].body.value(
        "enable_dns_hostnames"
    )


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 20_000 + "]" * 20_000 + "\n",
        "x = " + "(" * 5_000 + "1" + ")" * 5_000 + "\n",
        "x = " + "{a=" * 2_000 + "1" + "}" * 2_000 + "\n",
        "x = a" + "[a" * 3_000 + "]" * 3_000 + "\n",
        "x = a" + ".b" * 20_000 + "\n",
        "x = " + "1+" * 20_000 + "1\n",
        "x = " + "f(" * 3_000 + ")" * 3_000 + "\n",
        "x = " + "[" * 20_000,
        'x = "' + "${" * 3_000,
        "b {\n" * 20_000 + "}\n" * 20_000,
    ],
    ids=["lists", "parentheses", "maps", "indexes", "steps", "sums", "calls", "open lists", "open templates", "blocks"],
)
def test_huge_nesting_is_read_or_refused_without_an_exception(text):
    document = parse(text)
    if text.startswith("b"):
        assert "nested more than 64 deep" in document.problems[0].message
    elif text.endswith("\n"):
        assert document.problems == ()
    else:
        assert document.problems


def test_what_does_not_parse_is_marked_and_what_stands_beside_it_is_not() -> None:
    text = 'a "b" {\n  c = 1\n<<<<<<< yours\n  d = 1\n=======\n  d = 2\n>>>>>>> theirs\n}\n\nx "y" {\n  z = 1\n}\n'
    broken, whole = parse(text).body.blocks
    assert (broken.broken, whole.broken) == (True, False)
    assert all(each.broken for each in broken.body.attributes)
    assert not any(each.broken for each in whole.body.attributes)


def test_both_sides_of_a_conflict_are_read_and_marked() -> None:
    side = 'a "b" {\n  c = 1\n}\n'
    text = f'z "z" {{\n}}\n<<<<<<< yours\n{side}=======\n{side.replace("1", "2")}>>>>>>> theirs\nx "y" {{\n}}\n'
    document = parse(text)
    assert [(block.type, block.line, block.broken) for block in document.body.blocks] == [
        ("z", 1, False),
        ("a", 4, True),
        ("a", 8, True),
        ("x", 12, False),
    ]
    assert not parse(f'a = <<EOT\n{text}EOT\nb = "c"\n').problems
