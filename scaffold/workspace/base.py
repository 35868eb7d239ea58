"""The texts scaffold last rendered into a repository, kept in `.scaffold/base.json`: the base of three-way merges.

Each text is the list of its lines, so that version control stores, shows and merges it line by line. The manifest's
hashes vouch for them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.files import File, bytes_of
from scaffold.workspace.manifest import MANIFEST_PATH, Manifest, hash_of, inside, manifest_file, read_manifest

BASE_PATH = ".scaffold/base.json"
_ATTRIBUTES_PATH = ".scaffold/.gitattributes"
_FORMAT = 1

RECORD_PATHS = (MANIFEST_PATH, BASE_PATH, _ATTRIBUTES_PATH)
"""What scaffold writes about a repository beside its files."""


class BaseError(ScaffoldError):
    """The base cannot be trusted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Base:
    """What scaffold last rendered into a repository.

    Attributes:
        manifest: the paths and hashes.
        files: the files, by path; empty for a repository from before there was a base.
    """

    manifest: Manifest
    files: Mapping[str, File] = field(default_factory=dict)

    def file(self, path: str, *candidates: File | None) -> File | None:
        """Return a file as it was last rendered: as the base has it, or a candidate that the manifest vouches for."""
        if path in self.files:
            return self.files[path]
        known = self.manifest.hashes.get(path)
        return next((file for file in candidates if file and hash_of(file.text.encode()) == known), None)


def records(files: Sequence[File], version: str) -> tuple[File, ...]:
    """Return what `.scaffold/` is to say about files that a version of scaffold rendered."""
    texts = {
        file.path: {"lines": file.text.split("\n")} | ({"executable": True} if file.executable else {})
        for file in sorted(files, key=lambda file: file.path)
    }
    base = json.dumps({"format": _FORMAT, "files": texts}, indent=1, ensure_ascii=False) + "\n"
    return (
        manifest_file(tuple(files), version),
        File(BASE_PATH, base),
        File(_ATTRIBUTES_PATH, "base.json -diff linguist-generated\nmanifest.json -diff linguist-generated\n"),
    )


def read_base(root: Path) -> Base | None:
    """Return what scaffold last rendered into a repository, or None where it did not render it.

    Raises:
        ManifestError: there is a manifest, but it cannot be trusted.
        BaseError: there is a base, but it cannot be trusted, or does not fit the manifest.
    """
    manifest = read_manifest(root)
    if manifest is None:
        return None
    path = root / BASE_PATH
    if path.is_symlink() or not path.is_file():
        return Base(manifest)
    mend = "Restore .scaffold/ from version control, or remove base.json and have edited files merged without it."
    try:
        data = json.loads(bytes_of(path).decode())
        if data["format"] != _FORMAT:
            raise BaseError(f"{path}: written by a newer scaffold (format {data['format']}); use that version.")
        files = {inside(name): _file(name, entry) for name, entry in data["files"].items()}
        hashes = {name: hash_of(file.text.encode()) for name, file in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BaseError(f"{path}: not a base of scaffold's ({type(error).__name__}). {mend}") from None
    if wrong := sorted(name for name in {*hashes, *manifest.hashes} if hashes.get(name) != manifest.hashes.get(name)):
        shown = ", ".join([*wrong[:3], *(["…"] if len(wrong) > 3 else [])])
        raise BaseError(f"{path}: it is not what the manifest says was rendered ({shown}). {mend}")
    return Base(manifest, files)


def _file(path: str, entry: Mapping[str, object]) -> File:
    lines, executable = entry["lines"], entry.get("executable", False)
    if not isinstance(lines, list) or not isinstance(executable, bool):
        raise TypeError(path)
    return File(path, "\n".join(lines), executable)
