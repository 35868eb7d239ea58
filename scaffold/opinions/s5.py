"""S5: a repository is ready to work in.

Judged by the files that are there, for repositories whose root modules somebody applies.
"""

import re
from collections.abc import Iterator

from scaffold.facts import Facts
from scaffold.facts.settings import applied
from scaffold.opinions.judging import broken, kept
from scaffold.opinions.opinion import Judgement, Opinion

_WANTED = (
    (
        "README",
        re.compile(r"readme(?:\.\w+)?\Z", re.IGNORECASE),
        "Add README.md: what it is, what it costs, how to change it.",
    ),
    (
        "tests",
        re.compile(r".*(?:\.tftest\.hcl|\.tftest\.json|\.tofutest\.hcl|_test\.go)\Z"),
        "Add *.tftest.hcl files, which terraform test runs with mocked providers.",
    ),
    (
        "CI workflow",
        re.compile(
            r"\.github/workflows/[^/]+\.ya?ml\Z|\.gitlab-ci\.ya?ml\Z|\.circleci/config\.ya?ml\Z|\.buildkite/.+|\.drone\.ya?ml\Z"
            r"|\.spacelift/.+|(?:.*/)?(?:Jenkinsfile|atlantis\.yaml|(?:azure|bitbucket)-pipelines\.ya?ml|buildspec\.ya?ml"
            r"|cloudbuild\.ya?ml)\Z"
        ),
        "Add a workflow that formats, validates, tests and scans every change, and looks for drift.",
    ),
    (
        "pre-commit hooks",
        re.compile(r"\.pre-commit-config\.ya?ml\Z|\.?lefthook\.ya?ml\Z|\.husky/.+"),
        "Add .pre-commit-config.yaml.",
    ),
)
"""What is to be there, how its paths look, and the mend."""


def _judge(facts: Facts) -> Iterator[Judgement]:
    first = next(applied(facts.repository), None)
    if first is None:
        return
    place = first[1].place
    missing = [
        (what, mend)
        for what, pattern, mend in _WANTED
        if not any(pattern.match(path) for path in facts.repository.paths)
    ]
    for what, mend in missing:
        yield broken(f"The repository has no {what}.", place, mend)
    if not missing:
        yield kept("The repository has a README, tests, a CI workflow and pre-commit hooks.", place)


_PROVIDER = """\
provider "aws" {
  region = "eu-central-1"
}
"""

OPINION = Opinion(
    id="S5",
    title="Ready to work in: README, tests, CI workflow, pre-commit hooks.",
    why="What no test runs breaks at apply, and what no README explains is asked of whoever wrote it.",
    mend="Add what is missing.",
    source="https://developer.hashicorp.com/terraform/language/style",
    judge=_judge,
    good={
        ".github/workflows/terraform.yml": "on: push\n",
        ".pre-commit-config.yaml": "repos: []\n",
        "README.md": "# shop\n",
        "main.tf": _PROVIDER,
        "tests/main.tftest.hcl": 'run "plans" {\n  command = plan\n}\n',
    },
    bad={"README.md": "# shop\n", "main.tf": _PROVIDER},
)
