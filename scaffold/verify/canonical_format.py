"""Verifies that Terraform files are in the canonical format, without needing Terraform."""

import shlex
from itertools import count, zip_longest

from scaffold.files import File
from scaffold.hcl.format import canonical
from scaffold.hcl.format_tokens import NotHclError
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run

_NAME = "format"
_SUFFIXES = (".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl")  # those that `terraform fmt` takes


def verify(tree: Tree) -> Verdict:
    """Return a finding for each Terraform file of `tree` that `terraform fmt` would write otherwise.

    A file that is no HCL has no canonical format: the verdict counts it, and the syntax verifier says what is wrong.
    """
    findings: list[Finding] = []
    read = unread = 0
    for file in tree.files:
        if not file.path.endswith(_SUFFIXES):
            continue
        try:
            expected = canonical(file.text)
        except NotHclError:
            unread += 1
            continue
        read += 1
        if file.text != expected:
            findings.append(_finding(file, expected))
    left_out = f"; {_files(unread)} left out that could not be read as HCL" if unread else ""
    if not read:
        return not_run(_NAME, f"no Terraform files to format{left_out}")
    return judged(_NAME, findings, f"{_files(read)} compared with what `terraform fmt` writes{left_out}")


def _files(number: int) -> str:
    return f"{number} file" + ("s" if number != 1 else "")


def _finding(file: File, expected: str) -> Finding:
    pairs = zip_longest(file.text.split("\n"), expected.split("\n"), fillvalue="")
    line, found, wanted = next((line, *pair) for line, pair in zip(count(1), pairs, strict=False) if pair[0] != pair[1])
    return Finding(
        rule=_NAME,
        message=f"not in the canonical format: {found!r} instead of {wanted!r}",
        file=file.path,
        line=line,
        mend=f"run `terraform fmt {shlex.quote(file.path)}`",
    )
