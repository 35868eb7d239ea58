"""The one currency of the pipeline, a file held in memory, and the names that mean something in a repository."""

from dataclasses import dataclass

ANSWERS_FILE = "scaffold.yaml"
"""Where a repository keeps the answers it was rendered from."""

TERRAGRUNT = "terragrunt.hcl"
"""The file that makes a folder one of Terragrunt's."""

SKIPPED_FOLDERS = frozenset({".git", ".terraform", ".scaffold", "node_modules", ".venv", "__pycache__"})
"""Folders in a repository that are no part of it."""


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
