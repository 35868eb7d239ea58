"""Findings that are known: a file that says which, so that only new ones count.

A finding is known by its rule, its file, the text of the line that is to blame and its message without the numbers in
it, not by that line's number. Where several are alike, as many are known as the file has.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.files import File, bytes_of
from scaffold.verify.verdict import Finding

VERSION = 2
"""Of the file's format."""

_KEYS = ("verifier", "rule", "file", "fingerprint", "message")


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One finding that is known.

    Attributes:
        file: the file's path, or empty where the finding names none.
        rule: the rule it breaks.
        fingerprint: the SHA-256 of the line that is to blame, without the blanks around it, or where there is none of
            the message, and of the message with each number as `#`.
        verifier: whose finding it was.
        message: what was wrong, for people.
    """

    file: str
    rule: str
    fingerprint: str
    verifier: str
    message: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.file, self.rule, self.fingerprint


class Lines:
    """The lines of a tree's files, by which findings are known."""

    def __init__(self, files: Iterable[File]) -> None:
        self._texts = {file.path: file.text for file in files}
        self._lines: dict[str, list[str]] = {}

    def known(self, verifier: str, finding: Finding) -> Known:
        """Return a verifier's finding as one to be known."""
        line = self._line(finding) or finding.message
        # One line can break a rule in several ways; the numbers in a message may change while the fault stays.
        text = f"{line}\n{re.sub(r'[0-9]+', '#', finding.message)}"
        fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return Known(finding.file or "", finding.rule, fingerprint, verifier, finding.message)

    def _line(self, finding: Finding) -> str:
        path = finding.file
        if path is None or finding.line is None or path not in self._texts:
            return ""
        if path not in self._lines:
            self._lines[path] = self._texts[path].split("\n")
        lines = self._lines[path]
        return lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""


class Baseline:
    """The findings that are known, each of which makes one that occurs known."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = sorted(known)
        self._left = Counter(each.key for each in self._known)

    def take(self, found: Known) -> bool:
        """Return whether a finding is known; then one less like it is."""
        if self._left[found.key] < 1:
            return False
        self._left[found.key] -= 1
        return True

    def rest(self) -> Iterator[Known]:
        """Yield the known findings that were not taken, in the order of their files."""
        left = Counter(self._left)
        for each in self._known:
            if left[each.key] > 0:
                left[each.key] -= 1
                yield each


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        ScaffoldError: it cannot be read, or is none.
    """
    try:
        data = json.loads(bytes_of(path).decode())
        known = [_entry(each) for each in data["findings"]] if data["version"] == VERSION else None
    except OSError as error:
        raise ScaffoldError(f"{path} cannot be read: {error.strerror}; --write-baseline {path} writes it.") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ScaffoldError(f"{path} is no baseline of scaffold; --write-baseline {path} writes one.") from error
    if known is None:
        raise ScaffoldError(f"{path} is a baseline of a version other than {VERSION}; write it with --write-baseline.")
    return Baseline(known)


def baseline_text(known: Iterable[Known]) -> str:
    """Return the file of a baseline, the same bytes for the same findings."""
    findings = [{key: getattr(each, key) for key in _KEYS} for each in sorted(known)]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2) + "\n"


def _entry(data: Mapping[str, Any]) -> Known:
    texts = {key: data[key] for key in _KEYS}
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError
    return Known(**texts)
