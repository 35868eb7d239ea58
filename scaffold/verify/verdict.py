"""What a verifier says, and the tree it says it about."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from scaffold.files import File
from scaffold.scratch import Scratch


class Status(StrEnum):
    """How a verifier ended. `NOT_RUN` is never to be read as passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        rule: the id of the rule it breaks: `syntax`, `unknown-argument`, a checkov id, an opinion's id, …
        message: what is wrong, in one sentence.
        file: the file's path relative to the root, when it is known.
        line: the line in it, counted from 1, when it is known.
        mend: what to do about it, when that is known.
    """

    rule: str
    message: str
    file: str | None = None
    line: int | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verifier says about one tree.

    Attributes:
        verifier: its name.
        status: passed, failed or not run.
        reason: for passed, what was verified (counts, versions); for not run, why not; for failed, a summary.
        findings: all that is wrong; empty unless it failed.
        complete: whether all of the tree was verified that the verifier is about; only then is the verdict kept.
        seconds: wall time; filled in by `scaffold.verify.verify`.
    """

    verifier: str
    status: Status
    reason: str
    findings: tuple[Finding, ...] = ()
    complete: bool = True
    seconds: float = 0.0


def passed(verifier: str, reason: str) -> Verdict:
    """Return a verdict that everything named in `reason` was verified and is right."""
    return Verdict(verifier, Status.PASSED, reason)


def not_run(verifier: str, reason: str) -> Verdict:
    """Return a verdict that nothing was verified, because of `reason`."""
    return Verdict(verifier, Status.NOT_RUN, reason, complete=False)


def judged(verifier: str, findings: list[Finding], reason: str) -> Verdict:
    """Return passed with `reason` when there are no findings, else failed with all of them."""
    if not findings:
        return passed(verifier, reason)
    count = f"{len(findings)} finding" + ("s" if len(findings) != 1 else "")
    return Verdict(verifier, Status.FAILED, f"{count}; {reason}", tuple(findings))


@dataclass(frozen=True)
class Tree:
    """A repository's files in memory, and on disk for the verifiers that need them there.

    Attributes:
        files: every file, in path order.
        kubernetes_versions: for each folder of manifests (`k8s/dev`), the Kubernetes version they are meant for.
        unread: the path of each file that ought to be verified and is not among `files`, and why: `is a link`.
    """

    files: tuple[File, ...]
    kubernetes_versions: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @cached_property
    def _folder(self) -> Scratch:
        folder = Scratch()
        for file in self.files:
            path = folder.path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8", newline="")
            if file.executable:
                path.chmod(0o755)
        return folder

    @property
    def directory(self) -> Path:
        """The tree on disk, in a private temporary folder written on first use; a verifier must not change it."""
        with self._lock:
            return self._folder.path

    def close(self) -> None:
        """Remove the temporary folder, if there is one."""
        if "_folder" in self.__dict__:
            self._folder.close()


def unread_findings(tree: Tree, concerns: Callable[[str], bool]) -> list[Finding]:
    """Return a finding of the rule `unread` for each file that could not be read and whose path `concerns` takes."""
    mend = "Put a UTF-8 file that can be read in its place, or move it away."
    return [
        Finding("unread", f"{path} {reason}, so nothing in it was verified.", path, None, mend)
        for path, reason in tree.unread
        if concerns(path)
    ]
