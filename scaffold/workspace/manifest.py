"""What scaffold wrote into a repository: paths and hashes, kept in `.scaffold/manifest.json`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scaffold.errors import ScaffoldError
from scaffold.files import File, bytes_of

MANIFEST_PATH = ".scaffold/manifest.json"
_FORMAT = 1


class ManifestError(ScaffoldError):
    """The manifest cannot be trusted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files scaffold wrote.

    Attributes:
        version: the version of scaffold that wrote them.
        hashes: for each path, the SHA-256 of its content as written.
    """

    version: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)


def hash_of(content: bytes) -> str:
    """Return the hash by which the manifest knows a content."""
    return hashlib.sha256(content).hexdigest()


def manifest_file(files: tuple[File, ...], version: str) -> File:
    """Return the manifest of files, itself as a file."""
    hashes = {file.path: hash_of(file.text.encode()) for file in files}
    data = {"format": _FORMAT, "scaffold": version, "files": dict(sorted(hashes.items()))}
    return File(MANIFEST_PATH, json.dumps(data, indent=2) + "\n")


def read_manifest(root: Path) -> Manifest | None:
    """Return a repository's manifest, or None where there is none.

    Raises:
        ManifestError: it is there, but is not one that this version of scaffold can read.
    """
    path = root / MANIFEST_PATH
    if path.is_symlink() or not path.is_file():
        return None
    mend = "Restore it from version control, or remove it and render with --force."
    try:
        data = json.loads(bytes_of(path).decode())
        if data["format"] != _FORMAT:
            raise ManifestError(f"{path}: written by a newer scaffold ({data['scaffold']}); use that version.")
        hashes = {inside(name): str(value) for name, value in data["files"].items()}
        return Manifest(str(data["scaffold"]), hashes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestError(f"{path}: not a manifest ({type(error).__name__}). {mend}") from None


def inside(path: str) -> str:
    """Return a path that a file of ours claims to have written, if it can have.

    Raises:
        ValueError: it leads out of the repository or into what is not scaffold's, or is not in its plain form.
    """
    parts = PurePosixPath(path).parts
    # To some file systems `.GIT`, and a name with invisible letters in it, is `.git`.
    plain = path == "/".join(parts) and path.isascii() and path.isprintable() and "\\" not in path
    if not parts or not plain or path.startswith("/") or {"..", ".git", "git~1"} & {part.lower() for part in parts}:
        raise ValueError(path)
    return path
