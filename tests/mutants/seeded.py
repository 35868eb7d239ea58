"""Bugs that are put into a copy of the project, each to be caught by tests that were there before it.

`python -m tests.mutants.seeded` puts them in one after the other, and ends with 1 if one is not caught.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("scaffold", "templates", "presets", "tests", "maintenance", "examples", "docs", "action")
FILES = ("pyproject.toml", "README.md", "Makefile", "action.yml", ".pre-commit-hooks.yaml")


class Bug(NamedTuple):
    """One seeded bug.

    Attributes:
        what: what somebody did.
        path: the file.
        right: the text that stands there once.
        wrong: what they made of it.
        caught_by: the tests that have to fail, as pytest names them.
    """

    what: str
    path: str
    right: str
    wrong: str
    caught_by: str


BUGS = (
    Bug(
        "drops the escaper in one filter",
        "scaffold/render/engine.py",
        '"yaml": yaml_value,',
        '"yaml": str,',
        "tests/render/test_engine.py::test_a_value_is_escaped_once_for_the_kind_of_file",
    ),
    Bug(
        "follows links",
        "scaffold/workspace/reading.py",
        "    if path.is_symlink():",
        "    if False:",
        "tests/repository/test_reading.py::test_links_are_not_followed",
    ),
    Bug(
        "writes whatever the verifiers say",
        "scaffold/pipeline.py",
        "published = not dry_run and not failed(verdicts)",
        "published = not dry_run",
        "tests/cli/test_broken_templates.py",
    ),
    Bug(
        "swallows what checkov cannot parse",
        "scaffold/verify/checkov.py",
        "for path in result.parsing_errors:",
        "for path in ():",
        "tests/verify/test_checkov.py::test_a_file_that_checkov_cannot_parse_fails",
    ),
    Bug(
        "compares versions as texts",
        "scaffold/workspace/bumps.py",
        "return second if order(other[1]) > order(one[1]) else first",
        "return second if other[1] > one[1] else first",
        "tests/workspace/test_bumps.py",
    ),
    Bug(
        "counts what is unknown as kept",
        "scaffold/verify/opinions.py",
        "if findings or counts.keys() - {Status.UNKNOWN}:",
        "if True:",
        "tests/verify/test_opinions_verifier.py",
    ),
    Bug(
        "remembers verdicts whatever the tree",
        "scaffold/verify/results.py",
        "*(json.dumps([file.path, file.executable, file.text]) for file in tree.files),",
        "",
        "tests/verify/test_results.py::test_a_tree_that_changed_is_asked_about_again",
    ),
    Bug(
        "leads every AZ to the first NAT gateway",
        "templates/network/module/nat.tf.j2",
        "nat_gateway_id         = aws_nat_gateway.this[each.value].id",
        "nat_gateway_id         = aws_nat_gateway.this[values(local.nat_az)[0]].id",
        "tests/matrix/test_every_combination.py::test_our_own_verifiers_pass[network-only-per-az]",
    ),
    Bug(
        "lets a repository's git settings start programs",
        "scaffold/git.py",
        "settings = _SETTINGS | _filters_taken_back(listed.stdout)",
        "settings = dict[str, str]()",
        "tests/test_git.py",
    ),
    Bug(
        "leaves half a change when the disk is full",
        "scaffold/workspace/publish.py",
        "        _undo(target, pending, steps)\n    except OSError as error:",
        "        pass\n    except OSError as error:",
        "tests/workspace/test_publish.py::test_a_disk_that_is_full_once_at_any_operation_leaves_the_old_tree_or_the_new",
    ),
    Bug(
        "calls an update with conflicts a success",
        "scaffold/cli/update.py",
        "if document.conflicts or (dry_run and document.differs):",
        "if dry_run and document.differs:",
        "tests/cli/test_update.py",
    ),
    Bug(
        "rounds money before the end",
        "scaffold/cost/line.py",
        "usd = prod((factor.value for factor in factors), start=Decimal(1))",
        "usd = round(prod((factor.value for factor in factors), start=Decimal(1)), 2)",
        "tests/cost/test_published_tables.py",
    ),
)
"""Faults of the kind that reviews overlook."""


def copy_to(folder: Path) -> Path:
    """Copy what the tests need of the project, and return the copy."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def is_sound(project: Path) -> bool:
    """Return whether the tests pass in a copy of the project that has no bug put in."""
    return _pass(project, *dict.fromkeys(bug.caught_by for bug in BUGS))


def caught(bug: Bug, project: Path) -> bool:
    """Put a bug into a copy of the project, and return whether its tests fail; the copy is then as it was.

    Raises:
        ValueError: the text that it changes does not stand there once, or pytest cannot run.
    """
    path = project / bug.path
    text = path.read_text(encoding="utf-8")
    if text.count(bug.right) != 1:
        raise ValueError(f"{bug.what}: {bug.right!r} stands {text.count(bug.right)} times in {bug.path}")
    path.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")
    try:
        return not _pass(project, bug.caught_by)
    finally:
        path.write_text(text, encoding="utf-8")


def _pass(project: Path, *tests: str) -> bool:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--exitfirst",
        "--quiet",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        *tests,
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise ValueError(f"pytest ended with {ran.returncode}: {ran.stdout[-1000:]}{ran.stderr[-1000:]}")
    return ran.returncode == 0


def main() -> int:
    """Put every bug in, tell which are caught, and return the exit code."""
    escaped = 0
    with tempfile.TemporaryDirectory() as folder:
        project = copy_to(Path(folder))
        if not is_sound(project):
            print("the tests fail without any of these bugs")
            return 1
        for bug in BUGS:
            found = caught(bug, project)
            escaped += not found
            print(f"{'caught' if found else 'ESCAPED'}: somebody {bug.what} ({bug.path})", flush=True)
    print(f"{len(BUGS) - escaped} of {len(BUGS)} seeded bugs are caught")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
