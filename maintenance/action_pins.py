"""Ask GitHub whether each action's pinned commit is that of the version written beside it.

    python -m maintenance.action_pins

It looks at our workflows, the action and the templates, and ends with 1 where a commit is another one's.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
HOST = "https://github.com"

_USED = re.compile(r"uses: (?P<action>[\w-]+/[\w-]+)(?:/[\w/-]+)?@(?P<commit>[0-9a-f]{40}) # (?P<version>v[\d.]+)")


class ActionPin(NamedTuple):
    """A use of an action: its repository, the commit, and the version that the comment beside it claims."""

    action: str
    commit: str
    version: str


def pins(texts: Iterable[str]) -> set[ActionPin]:
    """Return what workflows use."""
    return {ActionPin(*found.group("action", "commit", "version")) for text in texts for found in _USED.finditer(text)}


def wrong(pinned: Iterable[ActionPin], host: str = HOST) -> Iterator[str]:
    """Yield a line for each pin whose commit is not its version's.

    Args:
        pinned: what to ask about.
        host: where the repositories are; what `git ls-remote` takes, without the repository's name.

    Raises:
        CalledProcessError: a repository cannot be asked.
    """
    for action, commit, version in sorted(pinned):
        tag = f"refs/tags/{version}"
        # An annotated tag is an object of its own; what it points to has `^{}` behind its name.
        asked = ["git", "ls-remote", f"{host}/{action}", tag, f"{tag}^{{}}"]
        listed = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
        commits = {name: found for found, name in (line.split("\t") for line in listed.splitlines())}
        right = commits.get(f"{tag}^{{}}", commits.get(tag))
        if right != commit:
            yield f"{action}: {version} is {right or 'no tag there'}, and not {commit}"


def files() -> list[Path]:
    """Return the files that use actions."""
    templates = (ROOT / "templates").rglob("*.yml.j2")
    return sorted([ROOT / "action.yml", *(ROOT / ".github/workflows").glob("*.yml"), *templates])


def main() -> int:
    """Print what is wrong, and return the exit code."""
    found = list(wrong(pins(path.read_text(encoding="utf-8") for path in files())))
    print("\n".join(found) or "Every action's commit is its version's.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
