import json
from pathlib import Path

import pytest

from scaffold.workspace.manifest import MANIFEST_PATH, ManifestError, manifest_file, read_manifest
from tests.workspace.trees import FIRST, SECOND, statuses, write


def write_manifest(root: Path, text: str) -> None:
    (root / MANIFEST_PATH).parent.mkdir(exist_ok=True)
    (root / MANIFEST_PATH).write_text(text)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest_file(FIRST, "1.2").text)
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.version == "1.2"
    assert list(manifest.hashes) == sorted(file.path for file in FIRST)


def test_there_is_none_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST_PATH).mkdir(parents=True)
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"format": 1}', '{"format": 1, "scaffold": "1", "files": []}', "[" * 100_000],
)
def test_a_broken_manifest_is_refused_with_a_mend(tmp_path: Path, text: str) -> None:
    write_manifest(tmp_path, text)
    with pytest.raises(ManifestError, match=r"manifest\.json: not a manifest .*Restore it from version control"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "a/../../x",
        "/etc/passwd",
        "",
        ".",
        "./main.tf",
        "a//b",
        "a/./b",
        "a\\b",
        "a\0b",
        ".git/config",
        ".GIT/config",
        "GIT~1/a",
        ".g\u200cit/config",
    ],
)
def test_a_manifest_that_names_what_scaffold_never_wrote_is_refused(tmp_path: Path, path: str) -> None:
    write_manifest(tmp_path, json.dumps({"format": 1, "scaffold": "1", "files": {path: "0"}}))
    with pytest.raises(ManifestError, match="not a manifest"):
        read_manifest(tmp_path)


def test_a_manifest_of_a_newer_scaffold_is_left_to_it(tmp_path: Path) -> None:
    write_manifest(tmp_path, json.dumps({"format": 2, "scaffold": "9.0", "files": {}}))
    with pytest.raises(ManifestError, match=r"newer scaffold \(9\.0\)"):
        read_manifest(tmp_path)


def test_a_manifest_cannot_have_files_removed_that_are_not_as_it_says(tmp_path: Path) -> None:
    write(tmp_path / "out", FIRST)
    (tmp_path / "out/notes.txt").write_text("mine")
    manifest = json.loads((tmp_path / "out" / MANIFEST_PATH).read_text())
    manifest["files"]["notes.txt"] = "0" * 64
    write_manifest(tmp_path / "out", json.dumps(manifest))
    assert statuses(tmp_path / "out", SECOND)["notes.txt"] == "no longer rendered, kept because it was edited"
    write(tmp_path / "out", SECOND)
    assert (tmp_path / "out/notes.txt").read_text() == "mine"
