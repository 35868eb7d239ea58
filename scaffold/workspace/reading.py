"""Reading a repository that exists, as a tree to verify."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import from_text, merge
from scaffold.errors import ScaffoldError
from scaffold.files import ANSWERS_FILE, SKIPPED_FOLDERS, File, walk
from scaffold.verify.verdict import Tree
from scaffold.workspace.plan import TargetError

LARGEST_FILE = 2_000_000
"""Bytes beyond which a file is no configuration."""


_VERIFIED = (".tf", ".tftest.hcl", ".tf.json", ".yaml", ".yml")
"""How the files end that some verifier reads, so that one left unread has to be told of."""

_TERRAFORM = (".tf", ".tftest.hcl", ".tf.json")


def read_tree(root: Path) -> Tree:
    """Read every text file of a folder; nested repositories, caches and what Terraform ignores are passed over.

    Links are not followed. Terraform files and YAML that are not read are the tree's `unread`. Manifests are taken to
    be for the Kubernetes versions that the folder's `scaffold.yaml` names.

    Raises:
        TargetError: the folder cannot be read.
    """
    files, left = read_files(root, lambda path: True)
    unread = [(path, reason) for path, reason in left if path.endswith(("/", *_VERIFIED))]
    return Tree(files, _kubernetes_versions(files, unread), tuple(unread))


def read_files(root: Path, wanted: Callable[[str], bool]) -> tuple[tuple[File, ...], tuple[tuple[str, str], ...]]:
    """Read the text files of a folder whose paths are wanted, passing over what `read_tree` passes over.

    Args:
        root: the folder.
        wanted: tells of a path, relative to the root, whether to read it.

    Returns:
        The files, and the path of each wanted one that is not read with the reason, `is a link`; both in path order.
        The path of a linked folder with Terraform files ends in `/`.

    Raises:
        TargetError: the folder cannot be read.
    """
    if not root.is_dir():
        raise TargetError(f"{root} is not a folder.")
    files: list[File] = []
    unread: list[tuple[str, str]] = []
    for path in _paths(root):
        name = path.relative_to(root).as_posix()
        if path.is_dir():
            unread.append((f"{name}/", "is a link"))
        elif wanted(name):
            try:
                files.append(_file(path, name))
            except _UnreadError as error:
                unread.append((name, str(error)))
    files.sort(key=lambda file: file.path)
    return tuple(files), tuple(sorted(unread))


def list_files(root: Path) -> tuple[str, ...]:
    """Return the path of every file of a folder, passing over what `read_tree` passes over, in path order.

    Raises:
        TargetError: the folder cannot be read.
    """
    return tuple(sorted(path.relative_to(root).as_posix() for path in _paths(root) if not path.is_dir()))


class _UnreadError(Exception):
    """A file is not read; the text says why, as `is a link`."""


def _paths(root: Path) -> Iterator[Path]:
    for here, folders, names in walk(root, _refuse):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS and not (here / name / ".git").exists()]
        # A linked folder is not followed, as Terraform would.
        yield from (here / name for name in folders if (here / name).is_symlink() and any((here / name).glob("*.tf")))
        # Terraform ignores files whose names begin with a dot.
        yield from (here / name for name in names if not (name.startswith(".") and name.endswith(_TERRAFORM)))


def _file(path: Path, name: str) -> File:
    if path.is_symlink():
        raise _UnreadError("is a link")
    if not path.is_file():
        raise _UnreadError("is no regular file")
    try:
        status = path.stat()
        if status.st_size > LARGEST_FILE:
            raise _UnreadError(f"is larger than {LARGEST_FILE:,} bytes")
        return File(name, path.read_bytes().decode("utf-8"), bool(status.st_mode & 0o100))
    except UnicodeDecodeError:
        raise _UnreadError("is not UTF-8") from None
    except OSError as error:
        raise _UnreadError(f"cannot be read ({error.strerror})") from None


def _refuse(error: OSError) -> NoReturn:
    raise TargetError(f"{error.filename} cannot be read: {error.strerror}.")


def project_of(files: Iterable[File]) -> Project | None:
    """Return the project that a repository's `scaffold.yaml` describes, if it has one that is valid."""
    text = next((file.text for file in files if file.path == ANSWERS_FILE), None)
    if text is None:
        return None
    try:
        return resolve(merge([from_text(text, ANSWERS_FILE)]))
    except (AnswersError, ScaffoldError):
        return None


def _kubernetes_versions(files: Sequence[File], unread: Sequence[tuple[str, str]]) -> dict[str, str]:
    project = project_of(files)
    if project is None:
        return {}
    paths = [*(file.path for file in files), *(path for path, _ in unread)]
    folders = {path.rsplit("/", 1)[0] for path in paths}
    return {
        f"k8s/{each.environment}": each.eks.kubernetes_version
        for each in project.environments
        if f"k8s/{each.environment}" in folders
    }
