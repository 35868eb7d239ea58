"""Reading a repository that exists, as a tree to verify."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from scaffold.answers.problems import AnswersError
from scaffold.answers.project import resolve
from scaffold.answers.sources import from_text, merge
from scaffold.errors import ScaffoldError
from scaffold.files import File
from scaffold.verify.verdict import Tree
from scaffold.workspace.plan import ANSWERS_FILE, TargetError

SKIPPED_FOLDERS = frozenset({".git", ".terraform", ".scaffold", "node_modules", ".venv", "__pycache__"})

LARGEST_FILE = 2_000_000
"""Bytes beyond which a file is no configuration."""


def read_tree(root: Path) -> Tree:
    """Read every text file of a folder; links, nested repositories and caches are passed over.

    Manifests are taken to be for the Kubernetes versions that the folder's `scaffold.yaml` names.

    Raises:
        TargetError: the folder cannot be read.
    """
    if not root.is_dir():
        raise TargetError(f"{root} is not a folder.")
    files = tuple(sorted(_files(root), key=lambda file: file.path))
    return Tree(files, _kubernetes_versions(files))


def _files(root: Path) -> Iterator[File]:
    for folder, folders, names in os.walk(root, onerror=_refuse):
        here = Path(folder)
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED_FOLDERS and not (here / name / ".git").exists()
        )
        for name in sorted(names):
            path = here / name
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_FILE:
                text = _text(path)
                if text is not None:
                    executable = bool(path.stat().st_mode & 0o100)
                    yield File(path.relative_to(root).as_posix(), text, executable)


def _refuse(error: OSError) -> NoReturn:
    raise TargetError(f"{error.filename} cannot be read: {error.strerror}.")


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}.") from None


def _kubernetes_versions(files: tuple[File, ...]) -> dict[str, str]:
    text = next((file.text for file in files if file.path == ANSWERS_FILE), None)
    if text is None:
        return {}
    try:
        project = resolve(merge([from_text(text, ANSWERS_FILE)]))
    except (AnswersError, ScaffoldError):
        return {}
    folders = {file.path.rsplit("/", 1)[0] for file in files}
    return {
        f"k8s/{each.environment}": each.eks.kubernetes_version
        for each in project.environments
        if f"k8s/{each.environment}" in folders
    }
