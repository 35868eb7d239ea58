"""Make `scaffold/data/checkov.lock`: checkov and all it needs, pinned with hashes, for every platform.

    python -m maintenance.checkov_lock           lock the newest checkov
    python -m maintenance.checkov_lock 3.3.30    lock this one

The lock names no package index: with the hashes, it does not matter where the files come from.
"""

import subprocess
import sys

import uv

from scaffold.verify.checkov_environment import LOCK

HEADER = "# checkov and all it needs. Made by `python -m maintenance.checkov_lock`; not to be edited.\n"
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--no-config", "--quiet"),
)


def main(arguments: list[str]) -> None:
    """Write the lock file for the version that `arguments` name, or for the newest."""
    requirement = f"checkov=={arguments[0]}" if arguments else "checkov"
    compiled = subprocess.run(
        [uv.find_uv_bin(), "pip", "compile", *OPTIONS, "-"],
        input=requirement,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    LOCK.write_text(HEADER + compiled.stdout, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
