"""Scanning folders with checkov: the script that `scaffold.verify.checkov` runs in checkov's own environment.

It imports nothing but the standard library and, once it is run, checkov. It reads
`{"folders": [path, …], "checks": path}` from standard input, and writes one JSON list to standard output with an object
for each folder, in their order: `failed`, `skipped` (records), `passed` (a count), `parsing_errors` (paths), `blocks`
(`[path, "resource" or "data", type, name]` for everything checkov looked at), `unrelated` (what its graph checks passed
over) and `own_checks` (the ids it has loaded from the `checks` folder).

Where a file of the environment is missing or has another size it ends with `DAMAGED`: checkov finds its checks by
looking into folders, and would pass a tree by those that are left.
"""

import csv
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

DAMAGED = 86
"""The exit code that tells of a damaged environment."""

LOST_CONTEXT = "Failed to find context for "


class LostContexts(logging.Handler):
    """Collects the resources of which checkov says, only in its log, that its graph checks pass over them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what the record names."""
        message = record.getMessage()
        if message.startswith(LOST_CONTEXT):
            self.found.add(message.removeprefix(LOST_CONTEXT))


def scan(folder: str, checks: str, lost: LostContexts) -> dict[str, Any]:
    """Return what checkov says about one folder."""
    from checkov.runner_filter import RunnerFilter  # type: ignore[import-not-found]  # it is only in its own environment
    from checkov.terraform.runner import Runner  # type: ignore[import-not-found]

    lost.found.clear()
    runner = Runner()
    report = runner.run(
        root_folder=folder,
        external_checks_dir=[checks],
        runner_filter=RunnerFilter(framework=["terraform"], show_progress_bar=False),
    )
    return {
        "failed": [record(check, folder) for check in report.failed_checks],
        "skipped": [record(check, folder) for check in report.skipped_checks],
        "passed": len(report.passed_checks),
        "parsing_errors": [os.path.relpath(path, folder) for path in report.parsing_errors],
        "blocks": [
            [os.path.relpath(key.file_path, folder), kind, block_type, name]
            for key, definition in runner.definitions.items()
            for kind in ("resource", "data")
            for block in definition.get(kind, [])
            for block_type, named in block.items()
            for name in named
        ],
        "unrelated": sorted(lost.found),
        "own_checks": sorted(
            check.id for check in runner.graph_registry.checks if RunnerFilter.is_external_check(check.id)
        ),
    }


def record(check: Any, folder: str) -> dict[str, Any]:
    """Return what is of use in one of checkov's records."""
    return {
        "id": check.check_id,
        "name": check.check_name,
        "file": os.path.relpath(check.file_abs_path, folder),
        "line": check.file_line_range[0],
        "resource": check.resource,
        "comment": check.check_result.get("suppress_comment") or "",
    }


def is_damaged(packages: Path) -> bool:
    """Return whether a folder of installed packages lacks any of their files, or has one of another size."""
    records = list(packages.glob("*.dist-info/RECORD"))
    if not any(record.parent.name.startswith("checkov-") for record in records):
        return True
    for record in records:
        with record.open(encoding="utf-8", newline="") as lines:
            for path, _, size in csv.reader(lines):
                try:
                    if size and (packages / path).stat().st_size != int(size):
                        return True
                except OSError:
                    return True
    return False


def main() -> None:
    """Scan what standard input names."""
    if is_damaged(Path(sys.prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")):
        sys.stderr.write("files of its environment are missing or changed\n")
        sys.exit(DAMAGED)
    # Whatever checkov prints goes to standard error, so that the answer stands alone.
    answer = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    task = json.load(sys.stdin)
    lost = LostContexts()
    logging.basicConfig(level=logging.WARNING, handlers=[lost])
    with answer:
        json.dump([scan(folder, task["checks"], lost) for folder in task["folders"]], answer)


if __name__ == "__main__":
    main()
