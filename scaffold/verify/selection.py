"""Which verifiers and rules are asked: `--only` and `--skip`, which take both, and opinions too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from scaffold.errors import ScaffoldError
from scaffold.opinions.engine import OPINIONS
from scaffold.verify import FAST, FULL
from scaffold.verify.opinions import NAME, SKIP

RULES: Mapping[str, frozenset[str]] = {
    "syntax": frozenset(("duplicate", "structure", "syntax", "unread")),
    "format": frozenset(("format",)),
    "provider schema": frozenset(
        (
            *("api-rule", "computed-argument", "dangling-reference", "instance-key", "missing-argument"),
            *("missing-block", "missing-input", "module-source", "provider-source", "too-many-blocks"),
            *("unknown-argument", "unknown-attribute", "unknown-block", "unknown-function", "unknown-input"),
            *("unknown-output", "unknown-type", "unused-variable", "wrong-type"),
        )
    ),
    "kubernetes": frozenset(
        (
            *("auto-mode-label", "duplicate-field", "duplicate-item", "duplicate-object", "exactly-one"),
            *("kustomization", "missing-field", "no-manifests", "reference", "requirement"),
            *("reserved-name", "selector", "too-large", "unknown-field", "unknown-kind", "unread", "wrong-type"),
            *("wrong-value", "yaml-alias", "yaml-syntax", "yaml-tag"),
        )
    ),
    NAME: frozenset((SKIP, *(opinion.id for opinion in OPINIONS))),
    "terraform": frozenset(("terraform",)),
    "checkov": frozenset(("S4", "unparsed", "unread")),
}
"""The rules of each verifier's findings; checkov has its own ids besides."""

_CHECKOV_ID = re.compile(r"ckv2?_[a-z0-9]+_[0-9]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of a repository: everything, or `only` some verifiers and rules, but nothing of `skip`.

    Attributes:
        only: verifiers and rules in lower case; empty for all.
        skip: those that are left out.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    @property
    def left_out(self) -> Mapping[str, str]:
        """The verifiers that need not run, each with the reason."""
        return {name: reason for name in (*FAST, *FULL) if (reason := self._reason(name))}

    def takes(self, verifier: str, rule: str) -> bool:
        """Return whether a verifier's findings of a rule count."""
        names = {verifier, rule.lower()}
        return not (names & self.skip) and (not self.only or bool(names & self.only))

    def _reason(self, verifier: str) -> str | None:
        if verifier in self.skip:
            return "--skip"
        rules = {rule.lower() for rule in RULES[verifier]}
        if verifier == "checkov":
            rules |= {name for name in self.only if _CHECKOV_ID.fullmatch(name)}
        return "--only" if self.only and not self.only & {verifier, *rules} else None


def selection_of(only: Sequence[str], skip: Sequence[str]) -> Selection:
    """Return what names of verifiers, rules and opinions select, in any case of letters.

    Raises:
        ScaffoldError: a name is none of these; the text names the nearest.
    """
    return Selection(frozenset(map(_known, only)), frozenset(map(_known, skip)))


def _known(name: str) -> str:
    found = " ".join(name.lower().split())
    names = {each.lower(): each for verifier, rules in RULES.items() for each in (verifier, *rules)}
    if found in names or _CHECKOV_ID.fullmatch(found):
        return found
    near = [names[each] for each in get_close_matches(found[:40], names, n=3, cutoff=0.5)]
    hint = f"did you mean {', '.join(near)}?" if near else f"verifiers are {', '.join(RULES)}."
    raise ScaffoldError(f"there is no verifier, rule or opinion {name.strip() or 'without a name'}; {hint}")
