"""Small repositories for tests of what happens to a target."""

from pathlib import Path

from scaffold.files import File
from scaffold.workspace.plan import Change, plan
from scaffold.workspace.publish import publish

FIRST = (
    File("README.md", "# one\n"),
    File("modules/network/main.tf", "# network\n"),
    File("modules/network/nat.tf", "# nat\n"),
    File("run.sh", "#!/bin/sh\n", executable=True),
    File("scaffold.yaml", "name: shop\n"),
)
SECOND = (
    File("README.md", "# two\n"),
    File("environments/dev/main.tf", "# dev\n"),
    File("modules/network/main.tf", "# network\n"),
    File("run.sh", "#!/bin/sh\n"),
    File("scaffold.yaml", "name: store\n"),
)
"""After `FIRST`: a file changed, one new in new folders, one gone, one that lost its executable bit, one the same."""


def write(target: Path, files: tuple[File, ...], force: bool = False) -> None:
    """Plan and publish files, as one run does."""
    publish(target, plan(target, files, force), "1.0")


def statuses(target: Path, files: tuple[File, ...], force: bool = False) -> dict[str, Change]:
    """Return what would happen to each file."""
    return {file.path: file.status for file in plan(target, files, force).files}


def snapshot(root: Path) -> dict[str, object]:
    """Return everything in a folder: files with their content and executable bit, links, folders."""
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = path.readlink()
        elif path.is_file():
            found[name] = (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        else:
            found[name] = "folder"
    return found
