"""The one currency of the pipeline, a file held in memory, and the names that mean something in a repository."""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWERS_FILE = "scaffold.yaml"
"""Where a repository keeps the answers it was rendered from."""

TERRAGRUNT = "terragrunt.hcl"
"""The file that makes a folder one of Terragrunt's."""

SKIPPED_FOLDERS = frozenset({".git", ".terraform", ".scaffold", "node_modules", ".venv", "__pycache__"})
"""Folders in a repository that are no part of it."""


MOST_BYTES = 50_000_000
"""How large a file of ours may be, such as a manifest; the largest rendering's records take a hundredth."""


def bytes_of(path: Path) -> bytes:
    """Return the content of a file that has to be a regular one of at most `MOST_BYTES`, and read no other.

    Raises:
        OSError: it cannot be read, is too large, or is a pipe or a device, whose reading might never end.
    """
    status = path.stat()
    if not path.is_file():
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    if status.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return path.read_bytes()


def walk(root: Path, refuse: Callable[[OSError], None] | None = None) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield each folder, with the names of the folders and of the other files in it; links are not followed.

    As of `os.walk`, which until Python 3.12 takes a folder of a thousand folders in one another for an endless
    recursion: what is taken out of the names of folders is not walked.

    Args:
        root: the outermost folder.
        refuse: told of a folder that cannot be read; without, it is passed over.
    """
    waiting = [root]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if refuse:
                refuse(error)
            continue
        folders = [entry.name for entry in entries if _is_folder(entry)]
        within = set(folders)
        yield here, folders, [entry.name for entry in entries if entry.name not in within]
        waiting += [here / name for name in reversed(folders) if not (here / name).is_symlink()]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


@dataclass(frozen=True, slots=True)
class File:
    """A file of a repository.

    Attributes:
        path: where it belongs, relative to the repository's root, with `/` between its parts.
        text: its whole content; lines end in a line feed alone.
        executable: whether it is to be marked executable.
    """

    path: str
    text: str
    executable: bool = False


def with_answers_text(files: tuple[File, ...], text: str | None) -> tuple[File, ...]:
    """Return files with the answers file as its writer has it, to the byte; as they are where there is no such text."""
    if text is None:
        return files
    return tuple(File(ANSWERS_FILE, text) if file.path == ANSWERS_FILE else file for file in files)
