"""Verification: every verifier over one tree, side by side."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from scaffold.interrupts import held, result_of
from scaffold.verify.process import stopped_on_error
from scaffold.verify.verdict import Status, Tree, Verdict, not_run

Progress = Callable[[str], None]


class Level(StrEnum):
    """How much is verified: nothing, what needs no other program, or everything."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


FAST: Mapping[str, str] = {
    "syntax": "scaffold.verify.hcl_syntax",
    "format": "scaffold.verify.canonical_format",
    "provider schema": "scaffold.verify.provider_schema",
    "kubernetes": "scaffold.verify.kubernetes",
    "opinions": "scaffold.verify.opinions",
}
"""The verifiers that need no other program, by name: modules with `verify(tree) -> Verdict`."""

FULL: Mapping[str, str] = {
    "terraform": "scaffold.verify.terraform",
    "checkov": "scaffold.verify.checkov",
}
"""The verifiers that run other programs; they are told the target and report progress."""

_OF_HCL = ("syntax", "format", "provider schema")
"""The verifiers that read Terraform's language, but not its JSON form."""


def verify(
    tree: Tree,
    level: Level = Level.FULL,
    progress: Progress | None = None,
    target: Path | None = None,
    left_out: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:
    """Return every verifier's verdict on a tree, in a fixed order; what is left out is `not run`.

    Args:
        tree: what to verify; it is not changed.
        level: how much to verify.
        progress: told in one line when something takes long, such as an installation.
        target: the folder the tree comes from or goes to; no program inside it is run.
        left_out: the names of verifiers not to run, each with the reason.
    """
    unwanted = left_out or {}
    by_level = f"--verify {level}"

    def one(name: str) -> Verdict:
        started = time.perf_counter()
        if name in unwanted:
            verdict = not_run(name, unwanted[name])
        elif name in FAST:
            verdict = _fast(name, tree) if level is not Level.NONE else not_run(name, by_level)
        elif level is Level.FULL:
            extra = {"target": target} if name == "terraform" else {}
            verdict = _module(name).verify(tree, progress=progress, **extra)
        else:
            verdict = not_run(name, by_level)
        return replace(verdict, verifier=name, seconds=round(time.perf_counter() - started, 3))

    names = [*FAST, *FULL]
    if level is not Level.FULL:
        return tuple(one(name) for name in names)
    # Not in threads: an interrupt inside Python's own import can leave a lock, and an import in another thread would
    # wait for it for ever.
    with held():
        for name in names:
            _module(name)
    # The other programs are started first, so that ours run while they do.
    with ThreadPoolExecutor(max_workers=len(FULL)) as pool, stopped_on_error():
        others = {name: pool.submit(one, name) for name in FULL}
        own = {name: one(name) for name in FAST}
        return tuple(own[name] if name in own else result_of(others[name]) for name in names)


def _module(name: str) -> Any:
    """Return a verifier's module, of which only those are imported that are wanted: some take long to load."""
    return import_module({**FAST, **FULL}[name])


def _fast(name: str, tree: Tree) -> Verdict:
    verdict: Verdict = _module(name).verify(tree)
    json = [file.path for file in tree.files if file.path.endswith(".tf.json")]
    if json and name in _OF_HCL:
        return replace(verdict, reason=f"{verdict.reason}; not verified, being JSON: {', '.join(json)}")
    return verdict


class HasStatus(Protocol):
    """A verdict, or its entry in a document."""

    @property
    def status(self) -> str:
        """One of `Status`."""
        ...


def failed(verdicts: Iterable[HasStatus]) -> bool:
    """Return whether any verifier found something wrong."""
    return any(verdict.status == Status.FAILED for verdict in verdicts)
