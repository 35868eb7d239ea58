from scaffold.files import File
from scaffold.verify.canonical_format import verify
from scaffold.verify.verdict import Status, Tree

CANONICAL = 'resource "aws_vpc" "this" {\n  cidr_block = var.cidr\n}\n'


def test_canonical_files_pass_and_are_counted() -> None:
    paths = ["main.tf", "a/dev.tfvars", "a/tests/a.tftest.hcl"]
    verdict = verify(Tree(tuple(File(path, CANONICAL) for path in paths)))
    assert (verdict.status, verdict.verifier) == (Status.PASSED, "format")
    assert "3 files" in verdict.reason


def test_the_first_line_terraform_would_write_otherwise_is_named_with_its_mend() -> None:
    text = "a = 1\n\nbb = 2\nc = 3\ndd=4\n"
    verdict = verify(Tree((File("modules/network/main.tf", text),)))
    assert verdict.status is Status.FAILED
    (finding,) = verdict.findings
    assert (finding.rule, finding.file, finding.line) == ("format", "modules/network/main.tf", 4)
    assert "'c = 3' instead of 'c  = 3'" in finding.message
    assert finding.mend == "run `terraform fmt modules/network/main.tf`"


def test_a_mend_quotes_what_a_shell_would_take_apart() -> None:
    (finding,) = verify(Tree((File("a b/$(x).tf", "dd=4\n"),))).findings
    assert finding.mend == "run `terraform fmt 'a b/$(x).tf'`"


def test_blanks_after_the_last_line_and_a_byte_order_mark_are_found() -> None:
    for text, line in (("a = 1 \n", 1), ("\ufeffa = 1\n", 1), ("a = 1\n\t\n", 2)):
        (finding,) = verify(Tree((File("x.tf", text),))).findings
        assert finding.line == line


def test_files_that_are_no_hcl_are_left_to_the_syntax_verifier_and_not_called_formatted() -> None:
    broken = File("broken.tf", 'a = "x\n')
    verdict = verify(Tree((broken, File("main.tf", CANONICAL))))
    assert verdict.status is Status.PASSED
    assert "1 file compared" in verdict.reason
    assert "1 file left out" in verdict.reason
    assert verify(Tree((broken,))).status is Status.NOT_RUN


def test_other_files_are_none_of_its_business() -> None:
    verdict = verify(Tree((File("README.md", "a=1"), File("main.tf.json", "{}"), File(".terraform.lock.hcl", "a=1"))))
    assert verdict.status is Status.NOT_RUN
