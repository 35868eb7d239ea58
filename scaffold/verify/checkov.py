"""The checkov verifier: no failed check, every suppression with a reason, and proof that nothing was passed over.

A clean run of checkov proves little by itself: it passes over files it can't parse and folders without any, and says so
only in passing. So what it looked at is compared with what the tree holds.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from scaffold.files import File
from scaffold.hcl import parse_cached
from scaffold.scratch import Scratch
from scaffold.verify.checkov_environment import (
    CheckovUnavailableError,
    checkov_python,
    checkov_python_anew,
    checkov_version,
    environment_name,
)
from scaffold.verify.checkov_worker import DAMAGED
from scaffold.verify.process import Ended, ProgramError, environment, run
from scaffold.verify.results import remembered
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run

NAME = "checkov"
WORKER = Path(__file__).with_name("checkov_worker.py")
OWN_CHECKS = Path(__file__).with_name("checkov_checks")
"""checkov checks of our own, in its YAML policy language, for the resources it knows nothing about."""

SETTINGS = {
    # checkov's command line asks its maker's platform for guidelines; its runner alone must not begin to.
    "BC_SKIP_MAPPING": "TRUE",
    # By default it passes over hidden folders and node_modules without a word.
    "CKV_IGNORE_HIDDEN_DIRECTORIES": "false",
    "CKV_IGNORED_DIRECTORIES": ".terraform",
}
SECONDS = 300.0
"""How long a scan may take; one folder takes about two seconds, each further one a tenth."""

NO_REASON = "No comment provided"
"""What checkov gives as the comment of a suppression that has none."""


class CheckovError(Exception):
    """checkov could not be run, or its answer is not to be trusted; the message says why, for people."""


class CheckovBlock(NamedTuple):
    """A `resource` or `data` block.

    Attributes:
        file: the file's path relative to the scanned folder.
        kind: `resource` or `data`.
        type: such as `aws_vpc`.
        name: its second label.
    """

    file: str
    kind: str
    type: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class CheckovRecord:
    """One check that failed or was suppressed, on one block.

    Attributes:
        file: the file's path relative to the scanned folder.
        line: the block's first line.
        id: the check's id.
        name: what the check ensures.
        resource: the block's address; inside a called module, with the address of the first call of it.
        comment: for a suppressed check the reason as written, or an empty text.
    """

    file: str
    line: int
    id: str
    name: str
    resource: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CheckovScan:
    """What checkov says about one folder.

    A block is named once for each check, however many calls of its module there are.

    Attributes:
        failed: the checks that failed, in file order.
        skipped: the checks that are suppressed in the code, in file order.
        passed: how many checks passed.
        parsing_errors: the files it could not read.
        blocks: the blocks it looked at.
        unrelated: the addresses that its graph checks (`CKV2_…`) passed over.
    """

    failed: tuple[CheckovRecord, ...]
    skipped: tuple[CheckovRecord, ...]
    passed: int
    parsing_errors: tuple[str, ...]
    blocks: frozenset[CheckovBlock]
    unrelated: tuple[str, ...]


def verify(tree: Tree, *, progress: Callable[[str], None] | None = None) -> Verdict:
    """Return what checkov says about the tree.

    Args:
        tree: the repository; its Terraform files are looked at.
        progress: told in one line that checkov is being installed, when it is.
    """
    if not any(file.path.endswith((".tf", ".tf.json")) for file in tree.files):
        return not_run(NAME, "no Terraform files")

    def ask() -> Verdict:
        try:
            result = scan([tree.directory], progress=progress)[0]
        except CheckovError as error:
            return not_run(NAME, str(error))
        blocks = blocks_of(tree.files)
        return judged(
            NAME,
            findings_of(tree.files, blocks, result),
            f"checkov {checkov_version()}: {result.passed} checks passed on {len(blocks)} resources and data sources, "
            f"{len(result.skipped)} suppressed in the code",
        )

    return remembered(tree, (NAME, environment_name(), json.dumps(SETTINGS)), ask, progress)


def scan(directories: Sequence[Path], *, progress: Callable[[str], None] | None = None) -> list[CheckovScan]:
    """Return what checkov says about each of some folders, in their order, by one process without network.

    Args:
        directories: the folders; they are not changed.
        progress: told in one line that checkov is being installed, when it is.

    Raises:
        CheckovError: checkov can't be installed, crashes, takes longer than `SECONDS`, or answers something else than
            asked.
    """
    task = {"folders": [str(directory.resolve()) for directory in directories], "checks": str(OWN_CHECKS)}
    try:
        python = checkov_python(progress)
        ended = _work(python, task)
        if ended.code == DAMAGED:
            ended = _work(checkov_python_anew(python, progress), task)
    except (CheckovUnavailableError, ProgramError) as error:
        raise CheckovError(str(error)) from error
    if ended.code != 0:
        last_line = ended.stderr.strip().rpartition("\n")[2]
        raise CheckovError(f"checkov {checkov_version()} crashed with code {ended.code}: {last_line[:300]}")
    try:
        answers = json.loads(ended.stdout)
        scans = [_read(answer) for answer in answers]
        own_checks = {frozenset(answer["own_checks"]) for answer in answers}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CheckovError(f"checkov {checkov_version()} answered something that is no result: {error!r}") from error
    if len(scans) != len(directories):
        raise CheckovError(f"checkov {checkov_version()} answered for {len(scans)} folders of {len(directories)}")
    if own_checks - {own_check_ids()}:
        raise CheckovError(f"checkov {checkov_version()} did not load all of the checks in {OWN_CHECKS.name}")
    return scans


def _work(python: Path, task: Mapping[str, Any]) -> Ended:
    with Scratch() as home:
        return run(
            [python, "-I", WORKER],
            cwd=home,
            # A home of its own, so that no checkov configuration or credentials of the user's are read.
            environment=environment(**SETTINGS, HOME=str(home), USERPROFILE=str(home)),
            seconds=SECONDS,
            stdin=json.dumps(task),
        )


def own_check_ids() -> frozenset[str]:
    """Return the ids of our own checks."""
    ids = (_policy_id(path.read_text(encoding="utf-8")) for path in OWN_CHECKS.glob("*.yaml"))
    return frozenset(ids)


def blocks_of(files: Iterable[File]) -> dict[CheckovBlock, int]:
    """Return the `resource` and `data` blocks of the `.tf` files, each with its line."""
    return {
        CheckovBlock(file.path, block.type, *block.labels): block.line
        for file in files
        if file.path.endswith(".tf")
        for block in parse_cached(file.text).body.blocks
        if block.type in ("resource", "data") and len(block.labels) == 2
    }


def findings_of(files: Iterable[File], blocks: dict[CheckovBlock, int], result: CheckovScan) -> list[Finding]:
    """Return all that is wrong: failed checks, suppressions without a reason, and whatever checkov did not look at."""
    return [
        *(_failed(record) for record in result.failed),
        *(_unreasoned(record) for record in result.skipped if record.comment.strip() in ("", NO_REASON)),
        *_unread(files, blocks, result),
        *(_unrelated(address, blocks) for address in result.unrelated),
    ]


def _failed(record: CheckovRecord) -> Finding:
    return Finding(
        record.id,
        f"{record.resource}: {record.name} failed.",
        record.file,
        record.line,
        f"Mend it, or suppress it in the block with its reason: #checkov:skip={record.id}: <reason>",
    )


def _unreasoned(record: CheckovRecord) -> Finding:
    return Finding(
        "S4",
        f"{record.resource} suppresses {record.id} without a reason.",
        record.file,
        record.line,
        f"Give the reason in the same comment: #checkov:skip={record.id}: <reason>",
    )


def _unread(files: Iterable[File], blocks: dict[CheckovBlock, int], result: CheckovScan) -> Iterator[Finding]:
    for path in result.parsing_errors:
        message = "checkov can't parse this file, so nothing in it was checked."
        yield Finding("unparsed", message, path, mend="Mend its syntax; terraform validate shows the line.")
    for file in files:
        if file.path.endswith(".tf.json"):
            message = "checkov reads no .tf.json, so nothing in this file was checked."
            yield Finding("unread", message, file.path, mend="Write it as .tf.")
    for block, line in blocks.items():
        if block not in result.blocks and block.file not in result.parsing_errors:
            message = f"checkov did not look at {block.kind} {block.type}.{block.name}."
            mend = "Write it as a block of its own with plain labels, without count = 0."
            yield Finding("unread", message, block.file, line, mend)


def _unrelated(address: str, blocks: dict[CheckovBlock, int]) -> Finding:
    """Return the finding about a block that checkov names as `resource.aws_vpc_endpoint.this["ecr.api"]`."""
    kind, block_type, name = address.split(".", 2)
    wanted = (kind, block_type, name.partition("[")[0])
    file, line = next(((block.file, line) for block, line in blocks.items() if block[1:] == wanted), (None, None))
    return Finding(
        "unread",
        f"checkov's checks between resources passed over {block_type}.{name}.",
        file,
        line,
        "Write the keys of for_each without dots (ecr_api): checkov splits addresses at them.",
    )


def _policy_id(policy: str) -> str:
    """Return the id of a check in checkov's YAML policy language."""
    return next(line.partition(":")[2].strip() for line in policy.splitlines() if line.strip().startswith("id:"))


def _read(answer: dict[str, Any]) -> CheckovScan:
    return CheckovScan(
        failed=_records(answer["failed"]),
        skipped=_records(answer["skipped"]),
        passed=int(answer["passed"]),
        parsing_errors=tuple(sorted(answer["parsing_errors"])),
        blocks=frozenset(
            # With for_each or count checkov names each instance, `name["key"]`.
            CheckovBlock(file, kind, block_type, name.partition("[")[0])
            for file, kind, block_type, name in answer["blocks"]
        ),
        unrelated=tuple(answer["unrelated"]),
    )


def _records(answers: list[dict[str, Any]]) -> tuple[CheckovRecord, ...]:
    records = sorted(CheckovRecord(**answer) for answer in answers)
    return tuple({(record.file, record.line, record.id): record for record in reversed(records)}.values())[::-1]
