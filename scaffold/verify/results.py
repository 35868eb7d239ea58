"""What other programs said of a tree, kept in the user's cache, so that the same bytes are not put to them twice.

An entry is one file, named by all that its verdict follows from: the tree's files, the program's version and settings,
and the code of this package's verifiers. No path of this machine is part of it, so the folder can be shared between
runs of CI. It is as trusted as the rest of the user's cache.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from scaffold import __version__
from scaffold.cache import cache_directory, keep, not_ours
from scaffold.verify.verdict import Finding, Status, Tree, Verdict

CODE = Path(__file__).parent
"""The verifiers, with our own checks for checkov."""

OFF = "SCAFFOLD_NO_CACHE"
"""The environment variable that, set to anything, has every program run anew."""

SECONDS = 7 * 24 * 3600
"""How long a verdict holds: without a lock file Terraform takes the newest provider, and that changes meanwhile."""

MEGABYTES = 64
"""How much the entries may take together; those unused longest are removed first. One takes a kilobyte or so."""


def remembered(
    tree: Tree, settings: Iterable[str], verify: Callable[[], Verdict], tell: Callable[[str], None] | None = None
) -> Verdict:
    """Return what a verifier says of a tree: what it said before of the same bytes, or else what it says now.

    Only a complete verdict is kept. A cache that cannot be written, or that others can write to, is done without.

    Args:
        tree: what is verified.
        settings: the verifier's name, its program's version, and whatever else its verdict follows from.
        verify: asks the verifier.
        tell: told in one line that the verdict is an earlier one.
    """
    if os.environ.get(OFF) or not_ours(cache_directory()):
        return verify()
    entry = cache_directory() / "results" / f"{_key(tree, settings)}.json"
    kept = _read(entry)
    if kept is not None:
        if tell is not None:
            tell(f"{kept.verifier}: nothing changed since it was run; {OFF}=1 runs it anew")
        return kept
    verdict = verify()
    if verdict.complete:
        with suppress(OSError):
            _write(entry, verdict)
    return verdict


def _key(tree: Tree, settings: Iterable[str]) -> str:
    sources = sorted(path for path in CODE.rglob("*") if path.suffix in (".py", ".yaml"))
    parts = [
        __version__,
        *(_digest(path.read_bytes()) for path in sources),
        *settings,
        *(json.dumps([file.path, file.executable, file.text]) for file in tree.files),
        json.dumps(tree.unread),
    ]
    # As JSON, in which no two lists are written alike.
    return _digest(json.dumps(parts).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(entry: Path) -> Verdict | None:
    """Return the verdict of an entry, if it is there, whole and not too old."""
    try:
        said = json.loads(entry.read_bytes())
        if _digest(json.dumps(said["verdict"]).encode()) != said["digest"]:
            raise ValueError("its digest is another")
        fields = said["verdict"]
        findings = tuple(Finding(**each) for each in fields["findings"])
        verdict = Verdict(**{**fields, "status": Status(fields["status"]), "findings": findings})
        if not 0 <= time.time() - said["made"] <= SECONDS:
            return None
        os.utime(entry)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        import logging

        logging.getLogger(__name__).warning("The cached verdict %s is discarded: %s.", entry, error)
        with suppress(OSError):
            entry.unlink()
        return None
    return verdict


def _write(entry: Path, verdict: Verdict) -> None:
    fields = asdict(verdict)
    said = {"made": time.time(), "digest": _digest(json.dumps(fields).encode()), "verdict": fields}
    keep(entry, json.dumps(said).encode())
    _prune(entry.parent)


def _prune(folder: Path) -> None:
    """Remove the entries unused longest, until the rest is within `MEGABYTES`."""
    room = MEGABYTES * 1_000_000
    newest_first = sorted(((each.stat(), each) for each in folder.iterdir()), key=lambda pair: -pair[0].st_mtime)
    for about, path in newest_first:
        room -= about.st_size
        if room < 0:
            path.unlink(missing_ok=True)
